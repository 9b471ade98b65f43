"""On PYTHONPATH, Python runs this first: the storyboard renderer is recorded, and needs a GPU if RECORD_GPU is set."""

import os
from dataclasses import replace

from vtx_app.formats.renderers import RENDERERS

RENDERERS["animatic"] = replace(
    RENDERERS["animatic"], factory="recorder:RecordedRenderer", needs_gpu=bool(os.environ.get("RECORD_GPU"))
)
