"""The renders in progress on this machine, by the files of their renderers in ``VTX_APP_HOME/rendering``
(see :mod:`vtx_app.render.ltx.progress`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vtx_app.render.build_process import BuildProcess

__all__ = ["RenderProgress", "renders_in_progress"]


@dataclass(frozen=True, slots=True)
class RenderProgress:
    """The phase of a render and how many of its steps are done (0 of 0 for a phase without steps).

    ``began``: when the render started, UTC, ISO 8601.
    """

    doing: str
    done: int
    of: int
    began: str

    def __str__(self) -> str:
        """``denoise, stage 1, 2 of 8 (25 %), since 14:03``."""
        steps = f", {self.done} of {self.of} ({100 * self.done // self.of} %)" if self.of else ""
        return f"{self.doing}{steps}, since {datetime.fromisoformat(self.began).astimezone():%H:%M}"


def renders_in_progress(home: Path, slug: str) -> dict[tuple[str, str], RenderProgress]:
    """The renders of a film by clip id and digest; files of killed renders are passed over."""
    found = {}
    for path in (home / "rendering" / slug).glob("[!.]*.json"):
        try:
            record = json.loads(path.read_bytes())
            process = BuildProcess.parse(record["process"])
            if process is None or not process.alive():
                continue
            progress = RenderProgress(
                str(record["doing"]), int(record["done"]), int(record["of"]), str(record["began"])
            )
            str(progress)  # raises for a time that is none
            found[record["clip_id"], record["digest"]] = progress
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # just deleted, or of another version
            continue
    return found
