#!/usr/bin/env bash
# What tests/gpu/run.sh installs on a machine that has torch and no network: bash tests/gpu/pack.sh FOLDER
# Run it on x86-64 Linux in Python 3.12 (or PYTHON). With LTX_REPO, LTX-2 is built from that checkout of its repository
# (1.2.0 and newer), else it is 1.0.0 from the package index. Writes into FOLDER, compressed better than wheels are:
#   wheels.tar.xz  what such a machine lacks, at most 60 MiB
#   common.tar.xz  what an image with torch mostly has; take it along if the machine has torch alone
set -euo pipefail

folder=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-python3}
most=$((60 * 1024 * 1024))
common="numpy scipy pillow torchaudio hf_xet"
case $("$python" -c 'import platform, sys; print(platform.system(), platform.machine(), *sys.version_info[:2])') in
"Linux x86_64 3 12") ;;
*) echo "pack.sh: $python is not Python 3.12 on x86-64 Linux; set PYTHON" >&2 && exit 2 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$folder" "$work/wheels" "$work/common"
wheel() { "$python" -m pip wheel --quiet --disable-pip-version-check --wheel-dir "$work/wheels" "$@"; }

wheel --constraint "$here/envs/constraints.txt" pip "$here" pytest pytest-xdist hypothesis
if [ -n "${LTX_REPO:-}" ]; then
    wheel --constraint "$here/envs/constraints.txt" 'transformers>=5.8,<5.15' openimageio 'cloudpickle>=3.1'
    wheel --no-deps "$LTX_REPO/packages/ltx-core" "$LTX_REPO/packages/ltx-pipelines"
else
    wheel --constraint "$here/envs/constraints.txt" 'transformers>=4.57,<5' # 5.x breaks 1.0.0
    wheel --no-deps ltx-core==1.0.0 ltx-pipelines==1.0.0
fi
wheel einops tqdm safetensors scipy
wheel --no-deps accelerate torchaudio # with torch, which is there
rm "$work"/wheels/vtx_app-*.whl       # run.sh runs this checkout
for name in $common; do
    find "$work/wheels" -iname "$name-*.whl" -exec mv {} "$work/common" \;
done

for part in wheels common; do
    "$python" "$here/tests/gpu/store_wheels.py" "$work/$part"
    tar -C "$work/$part" -cf - . | xz -9 -T0 >"$folder/$part.tar.xz"
done
size=$(stat -c %s "$folder/wheels.tar.xz")
ls -l "$folder"
[ "$size" -le "$most" ] || { echo "pack.sh: wheels.tar.xz has $size bytes, more than $most" >&2 && exit 1; }
