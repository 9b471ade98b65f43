"""Run a job: parse its options, report errors, and log how it ended.

A :class:`VtxError` is printed as a message with exit code 1; any other exception is a defect and keeps its traceback. A
job that is interrupted (SIGTERM, Ctrl-C) removes what it was writing and prints nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from vtx_app.errors import VtxError
from vtx_app.files import report
from vtx_app.project.job_faults import clear_fault, note_fault, worth_another_try
from vtx_app.project.paths import tier_of

__all__ = ["log_lines", "run"]


def run(
    job: Callable[[argparse.Namespace], None], about: str, required: Sequence[str], optional: Sequence[str] = ()
) -> int:
    """Parse ``--project``, ``--log`` and the job's own options, then run ``job``; return the exit code.

    Each option of ``required`` and ``optional`` takes a value; an omitted optional one is None.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--project", required=True, help="the film's slug")
    parser.add_argument("--log", type=Path, help="the job's log file")
    for name in required:
        parser.add_argument(f"--{name}", required=True, type=tier_of if name == "tier" else str)
    for name in optional:
        parser.add_argument(f"--{name}")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _exit)
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # set while the job was imported, see vtx_app.jobs
        signal.signal(signal.SIGINT, signal.default_int_handler)
    _log(options.log, "", mode="w")
    if options.log is not None:
        clear_fault(options.log)
    began = time.monotonic()
    try:
        job(options)
    except VtxError as error:
        report(f"\n{error}\n")
        _log(options.log, f"failed: {error}\n")
        _note(options.log, error)
        return 1
    except KeyboardInterrupt:
        _log(options.log, "interrupted\n")
        return 128 + signal.SIGINT
    except Exception as error:
        _log(options.log, f"{traceback.format_exc()}\n")
        _note(options.log, error)
        raise
    _log(options.log, f"done in {time.monotonic() - began:.1f} s, {_used()}\n")
    return 0


def _used() -> str:
    """The processor time and peak memory of this process, by getrusage(2): Linux counts kB, macOS bytes."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return f"{used.ru_utime + used.ru_stime:.1f} s of processor time, at most {memory / 1e6:.0f} MB"


def log_lines(log: Path | None, lines: Sequence[str]) -> None:
    """Append ``lines`` to the job's log."""
    _log(log, "".join(f"{line}\n" for line in lines))


def _log(log: Path | None, text: str, mode: str = "a") -> None:
    """Write to the job's log; if that fails (a full disk), the job goes on."""
    if log is not None:
        with contextlib.suppress(OSError), log.open(mode, encoding="utf-8") as file:
            file.write(text)


def _note(log: Path | None, error: Exception) -> None:
    """Tell the build not to try again, unless more memory or another node may help."""
    if log is not None and not worth_another_try(error):
        note_fault(log)


def _exit(number: int, _: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one would interrupt the removal
    raise SystemExit(128 + number)
