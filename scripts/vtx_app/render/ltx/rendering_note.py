"""Where a render is, as a small file for other programs: the registry, a status line, a person with ``cat``.

``VTX_APP_HOME/rendering/<project>/<clip_id>.<digest>.json`` is there while the take is being rendered. A killed job
leaves it behind: its ``process`` (see :mod:`vtx_app.render.build_process`) tells whether it still holds.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from vtx_app.files import partial_path
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.ltx.runner import Step

__all__ = ["rendering_note"]

_EVERY_SECONDS = 2.0


@contextlib.contextmanager
def rendering_note(
    home: Path, take: Path, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[Step], None]]:
    """A function that notes a step of the render of ``take`` under ``home``, at most every two seconds.

    ``take`` is ``<project>/renders/takes/<clip_id>/<digest>.mp4``. A disk that is full costs the note alone.
    """
    project, clip_id = take.absolute().parents[3].name, take.parent.name
    path = home / "rendering" / project / f"{clip_id}.{take.stem}.json"
    began, told = datetime.now(UTC).isoformat(timespec="seconds"), str(BuildProcess.of(os.getpid()))
    said, doing = -_EVERY_SECONDS, ""

    def note(step: Step) -> None:
        nonlocal said, doing
        now = clock()
        if step.doing == doing and now - said < _EVERY_SECONDS and step.done < step.of:
            return
        said, doing = now, step.doing
        state = {
            "project": project,
            "clip_id": clip_id,
            "digest": take.stem,
            "process": told,
            "began": began,
            "doing": step.doing,
            "done": step.done,
            "of": step.of,
        }
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            part = partial_path(path)
            part.write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")
            part.replace(path)  # whole for who reads it, and not worth waiting for the disk

    try:
        yield note
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
