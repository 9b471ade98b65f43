"""The progress of a render: lines for a terminal or a log, and a small file for other programs."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vtx_app.files import partial_path
from vtx_app.render.build_process import BuildProcess

__all__ = ["Step", "Steps", "progress_file", "progress_lines"]

_FILE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Step:
    """What a render is doing, and how many steps of it are done (0 of 0 if they can't be counted)."""

    doing: str
    done: int = 0
    of: int = 0


Steps = Callable[[Step], None]
"""Called with each step as it is reached."""


def progress_lines(
    name: str, write: Callable[[str], None], every: float = 5.0, clock: Callable[[], float] = time.monotonic
) -> Steps:
    """Return a function that writes a line when the work changes, and else at most every ``every`` seconds."""
    began = clock()
    written, doing = -1e9, ""

    def line(step: Step) -> None:
        nonlocal written, doing
        elapsed = clock() - began
        if step.doing == doing and elapsed - written < every:
            return
        if step.doing != doing and elapsed - written < 1.0 and step.done:
            return  # it was over within a second
        written, doing = elapsed, step.doing
        count = f" {step.done}/{step.of}" if step.of else ""
        write(f"{name}: {step.doing}{count}, {elapsed:.0f} s")

    return line


@contextlib.contextmanager
def progress_file(home: Path, take: Path, clock: Callable[[], float] = time.monotonic) -> Iterator[Steps]:
    """While ``take`` is rendered, keep its progress in a file for the registry, a status line, or ``cat``.

    Yields a function that writes a step, at most every two seconds. The file for
    ``<project>/renders/takes/<clip_id>/<digest>.mp4`` is ``<home>/rendering/<project>/<clip_id>.<digest>.json``. A
    killed job leaves it behind: its ``process`` (see :mod:`vtx_app.render.build_process`) tells whether it still
    runs. A full disk only costs the file.
    """
    project, clip_id = take.absolute().parents[3].name, take.parent.name
    path = home / "rendering" / project / f"{clip_id}.{take.stem}.json"
    facts = {
        "project": project,
        "clip_id": clip_id,
        "digest": take.stem,
        "process": str(BuildProcess.of(os.getpid())),
        "began": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    written, doing = -_FILE_SECONDS, ""

    def write(step: Step) -> None:
        nonlocal written, doing
        now = clock()
        if step.doing == doing and now - written < _FILE_SECONDS and step.done < step.of:
            return
        written, doing = now, step.doing
        state = facts | {"doing": step.doing, "done": step.done, "of": step.of}
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            part = partial_path(path)
            part.write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")
            part.replace(path)  # readers see a whole file; it is not worth waiting for the disk

    try:
        yield write
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
