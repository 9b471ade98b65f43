"""Notes of jobs that failed through a fault that another try won't change, for the build that would try again.

A job on a cluster may fail because it had too little memory or time, or lost its node: killed, it leaves no note.
A fault of the film, or of its settings, leaves one beside the job's log.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Mapping
from pathlib import Path

from vtx_app.errors import RenderError

__all__ = ["VARIABLE", "clear_fault", "failed_for_good", "note_fault", "worth_another_try"]

VARIABLE = "VTX_SUBMITTED_BY"
"""Names the build whose jobs see it: a note of another build doesn't count."""

_PASSING = (errno.ENOMEM, errno.EIO, errno.ESTALE, errno.ETIMEDOUT)
"""Of a node without memory, or one that has lost the file system that all nodes see."""


def worth_another_try(error: BaseException | None) -> bool:
    """Whether what failed with ``error`` may succeed with more memory or on another node."""
    while error is not None:
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _PASSING):
            return True
        if isinstance(error, RenderError) and error.again:
            return True
        error = error.__cause__
    return False


def note_fault(log: Path, environment: Mapping[str, str] = os.environ) -> None:
    """Note that the job with this ``log`` can't succeed; if that can't be written, it will be tried again."""
    with contextlib.suppress(OSError):
        _note(log).write_text(environment.get(VARIABLE, ""), encoding="utf-8")


def clear_fault(log: Path) -> None:
    """Forget the note of an earlier try."""
    with contextlib.suppress(OSError):
        _note(log).unlink(missing_ok=True)


def failed_for_good(log: Path, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a job of this build with this ``log`` noted that it can't succeed."""
    try:
        return _note(log).read_text(encoding="utf-8") == environment.get(VARIABLE, "")
    except OSError:
        return False


def _note(log: Path) -> Path:
    return log.with_suffix(".fault")
