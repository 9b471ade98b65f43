"""Where the takes are that are being rendered on this machine, as their renderers note it (``VTX_APP_HOME/rendering``,
see :mod:`vtx_app.render.ltx.progress`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from vtx_app.render.build_process import BuildProcess

__all__ = ["Rendering", "rendering_now"]


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a render does, and of how many steps of that how many are done (0 of 0 where there are none); ``began``
    is when the render began, UTC, ISO 8601."""

    doing: str
    done: int
    of: int
    began: str

    def words(self) -> str:
        """``denoise, stage 1, 2 of 8 (25 %), since 14:03``."""
        steps = f", {self.done} of {self.of} ({100 * self.done // self.of} %)" if self.of else ""
        return f"{self.doing}{steps}, since {datetime.fromisoformat(self.began).astimezone():%H:%M}"


def rendering_now(home: Path, slug: str) -> dict[tuple[str, str], Rendering]:
    """The renders of a film by clip id and digest; what a render that was killed left behind is none."""
    found = {}
    for path in (home / "rendering" / slug).glob("[!.]*.json"):
        try:
            said = json.loads(path.read_bytes())
            process = BuildProcess.parse(said["process"])
            if process is not None and process.alive():
                found[said["clip_id"], said["digest"]] = _read(said)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # just gone, or of another version
            continue
    return found


def _read(said: dict[str, Any]) -> Rendering:
    now = Rendering(str(said["doing"]), int(said["done"]), int(said["of"]), str(said["began"]))
    now.words()  # or it is none
    return now
