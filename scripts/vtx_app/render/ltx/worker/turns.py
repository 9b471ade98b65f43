"""Turns of builds at a GPU: a worker whose build has had its turn makes way for a build that waits.

Jobs that wait ask the worker for its GPU every few seconds. A worker that makes way promises the GPU to the build that
has waited longest, in a file beside the lease: its own build, whose next take is about to start, keeps away from it.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from vtx_app.files import write_text
from vtx_app.render.build_process import BuildProcess

__all__ = ["Turn", "clear_promise", "is_promised", "promise"]

_STILL_WAITS = 10.0
"""Seconds after which a build that no longer asks waits no longer: its jobs ask every other second."""
_PROMISED = 20.0
"""Seconds for which a promise holds: time for a job that waits to look again, also on a busy machine."""


class Turn:
    """The turn of a worker's build, over after ``seconds`` (at least) once another build waits."""

    def __init__(self, seconds: float) -> None:
        self._over = time.monotonic() + seconds
        self._waiting: dict[str, tuple[float, float]] = {}

    def ask(self, build: str) -> None:
        """Another build waits for the GPU."""
        now = time.monotonic()
        first, last = self._waiting.get(build, (now, now))
        self._waiting[build] = (first if now - last < _STILL_WAITS else now, now)

    def next_build(self) -> str | None:
        """The build to make way for now: the one that has waited longest. None if the turn lasts, or none waits."""
        now = time.monotonic()
        if now < self._over:
            return None
        waiting = {build: first for build, (first, last) in self._waiting.items() if now - last < _STILL_WAITS}
        return min(waiting, key=lambda build: waiting[build], default=None)


def promise(lease: Path, build: str) -> None:
    """Promise the GPU, whose lease's file is ``lease``, to ``build``."""
    with contextlib.suppress(OSError):  # without it, whoever looks first gets the GPU
        write_text(_path(lease), build)


def is_promised(lease: Path, build: str) -> bool:
    """Whether the GPU is promised to a build other than ``build`` that still runs."""
    path = _path(lease)
    try:
        other, age = path.read_text(encoding="utf-8"), time.time() - path.stat().st_mtime
    except (OSError, ValueError):
        return False
    process = BuildProcess.parse(other)
    return other != build and age < _PROMISED and process is not None and process.alive()


def clear_promise(lease: Path) -> None:
    """The promise was kept, or nobody came."""
    with contextlib.suppress(OSError):
        _path(lease).unlink(missing_ok=True)


def _path(lease: Path) -> Path:
    return lease.with_suffix(".next")
