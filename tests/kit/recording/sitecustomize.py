"""On PYTHONPATH, Python runs this first: the storyboard renderer is recorded, and needs a GPU if RECORD_GPU is set; a
process stands still before it names a file that RECORD_STILL_BEFORE fits."""

import os
import sys
from dataclasses import replace

from stillness import before_names

from vtx_app.formats.renderers import RENDERERS

RENDERERS["animatic"] = replace(
    RENDERERS["animatic"], factory="recorder:RecordedRenderer", needs_gpu=bool(os.environ.get("RECORD_GPU"))
)
if "RECORD_STILL_BEFORE" in os.environ:
    sys.addaudithook(before_names)
