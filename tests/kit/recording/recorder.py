"""The real storyboard renderer, which notes in a file when it begins and ends, and can stand still on the way.

The first render that can make the file RECORD_STILL stops itself with its picture and sound written, before it gives
them back, unless RECORD_STILL_BEFORE names another moment (:mod:`stillness`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from stillness import note, stand_still

from vtx_app.compile.request import RenderRequest
from vtx_app.render.animatic.renderer import AnimaticRenderer
from vtx_app.render.renderer import Progress, Sources


class RecordedRenderer(AnimaticRenderer):
    def render(self, request: RenderRequest, sources: Sources, out: Path, progress: Progress) -> dict[str, Any]:
        note("begin", out)
        facts = super().render(request, sources, out, progress)
        if "RECORD_STILL_BEFORE" not in os.environ:
            stand_still(out)
        note("end", out)
        return facts
