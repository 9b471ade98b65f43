"""How every job ends: a message for the film-maker and exit code 1, or a traceback for a defect.

A job that is asked to end (SIGTERM, Ctrl-C) clears away what it was writing, and says nothing.
What it says, and how it ended, is kept in its log as well.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from vtx_app.errors import VtxError
from vtx_app.project.paths import tier_of

__all__ = ["log_lines", "run"]


def run(
    job: Callable[[argparse.Namespace], None], about: str, words: Sequence[str], optional: Sequence[str] = ()
) -> int:
    """Parse ``--project``, ``--log`` and the job's own ``words`` (each takes a value), then do ``job``.

    ``optional`` words may be left out; their value is None then.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--project", required=True, help="the film's slug")
    parser.add_argument("--log", type=Path, help="where to keep what was said")
    for word in words:
        parser.add_argument(f"--{word}", required=True, type=tier_of if word == "tier" else str)
    for word in optional:
        parser.add_argument(f"--{word}")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # as vtx_app.jobs left it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    _note(options.log, "", "w")
    began = time.monotonic()
    try:
        job(options)
    except VtxError as error:
        print(f"\n{error}\n", file=sys.stderr)  # noqa: T201
        _note(options.log, f"failed: {error}")
        return 1
    except KeyboardInterrupt:
        _note(options.log, "interrupted")
        return 128 + signal.SIGINT
    except Exception:
        _note(options.log, traceback.format_exc())
        raise
    _note(options.log, f"done in {time.monotonic() - began:.1f} s")
    return 0


def log_lines(log: Path | None, lines: Sequence[str]) -> None:
    """Keep ``lines`` that were said in the job's log."""
    _note(log, "\n".join(lines))


def _note(log: Path | None, text: str, mode: str = "a") -> None:
    """Keep ``text`` at the end of the job's log; a log that can't be written (a full disk) fails nothing."""
    if log is not None:
        with contextlib.suppress(OSError), log.open(mode, encoding="utf-8") as file:
            file.write(f"{text}\n" if text else "")


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
