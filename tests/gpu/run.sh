#!/usr/bin/env bash
# Measure VTX on a GPU in at most eight minutes, with a table after each step: bash tests/gpu/run.sh [OPTION …] [STEP …]
#   --wheels FOLDER  packed by tests/gpu/pack.sh, for a machine with torch and no network; without it, this Python needs
#                    ltx-pipelines (tests/ltx/environment.sh)
#   --device cpu     tries every line on tiny models; measures nothing
#   --minutes N      limit of the run, installation included (8)
#   --out FILE       a file to add the tables to
# PYTHON is the Python that has torch (python3).
set -euo pipefail
unset PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME

here=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-python3}
wheels='' minutes=8 options=()
while [ $# -gt 0 ]; do
    case $1 in
    --wheels) wheels=$(cd "$2" && pwd) && shift 2 ;;
    --minutes) minutes=$2 && shift 2 ;;
    *) options+=("$1") && shift ;;
    esac
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -n "$wheels" ]; then
    mkdir "$work/wheels"
    for archive in "$wheels"/*.tar.xz; do
        "$python" -W ignore -m tarfile -e "$archive" "$work/wheels"
    done
    "$python" -m venv --system-site-packages --without-pip "$work/env"
    site=$("$work/env/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    # Add torch's folder: the Python that has it may be a virtual environment, whose packages another can't see.
    "$python" - "$site/vtx.pth" "$here/scripts" "$work/wheels" "$work/requirements.txt" <<'END'
import importlib.util, pathlib, sys
path, scripts, wheels, requirements = map(pathlib.Path, sys.argv[1:])
torch = importlib.util.find_spec("torch")
sys.exit(f"{sys.executable} has no torch; set PYTHON") if torch is None else None
path.write_text(f"{scripts}\n{pathlib.Path(torch.origin).parents[1]}\n")
loose = {"numpy", "scipy", "pillow", "torchaudio", "hf_xet"}  # any version that the machine has
names = [wheel.name.split("-")[:2] for wheel in sorted(wheels.glob("*.whl"))]
requirements.write_text("".join(f"{a}\n" if a.lower() in loose else f"{a}=={b}\n" for a, b in names if a != "pip"))
END
    pip=$(echo "$work"/wheels/pip-*.whl)
    PIP_CONFIG_FILE=/dev/null "$python" "$pip/pip" --python "$work/env/bin/python" install --quiet --no-index \
        --no-compile --disable-pip-version-check --find-links "$work/wheels" --requirement "$work/requirements.txt"
    # The torchaudio is for another CUDA: without its libraries it falls back to Python.
    find "$site" -path '*torchaudio*' -name '*.so' -delete
    "$work/env/bin/python" -m compileall -q -j 0 "$site" "$here/scripts" || true
    python=$work/env/bin/python
    export PATH="$work/env/bin:$PATH"
fi
export PYTHONPATH="$here/scripts" # this checkout, whatever is installed
seconds=$(awk "BEGIN { print int($minutes * 60) - $SECONDS }")
echo "installed in $SECONDS s"
timeout --signal=INT --kill-after=20 "$seconds" "$python" "$here/tests/gpu" --seconds "$seconds" ${options[@]+"${options[@]}"}
