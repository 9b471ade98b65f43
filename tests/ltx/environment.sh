#!/usr/bin/env bash
# A virtual environment for the tests of tests/ltx on a machine without a GPU: bash tests/ltx/environment.sh FOLDER
# With LTX_REPO, LTX-2 is installed from that checkout of its repository (1.2.0 and newer), else 1.0.0 from the
# package index. Their transformers exclude each other, so each version wants a folder of its own.
set -euo pipefail

folder=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-python3}
"$python" -m venv "$folder"
install() { # by uv if it is there, which unpacks torch much faster
    if command -v uv >/dev/null; then
        uv pip install --quiet --python "$folder/bin/python" "$@"
    else
        "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
    fi
}

install "torch${TORCH:-}" einops numpy scipy accelerate safetensors 'av>=16.0' tqdm pillow
if [ -n "${LTX_REPO:-}" ]; then
    install 'transformers>=5.8,<5.15' openimageio 'cloudpickle>=3.1'
    install --no-deps torchaudio "$LTX_REPO/packages/ltx-core" "$LTX_REPO/packages/ltx-pipelines"
else
    install 'transformers>=4.57,<5' # 5.x breaks 1.0.0, whose own metadata does not say so
    install --no-deps torchaudio ltx-core==1.0.0 ltx-pipelines==1.0.0
fi
# The index's torchaudio is linked against CUDA. Without its libraries it uses its functions in Python.
find "$folder" -path '*torchaudio*' -name '*.so' -delete
install --editable "$here[test]" --constraint "$here/envs/constraints.txt"
