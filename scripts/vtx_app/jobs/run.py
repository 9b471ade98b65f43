"""How every job ends: a message for the film-maker and exit code 1, or a traceback for a defect.

A job that is asked to end (SIGTERM, Ctrl-C) clears away what it was writing, and says nothing.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType

from vtx_app.errors import VtxError
from vtx_app.project.paths import tier_of

__all__ = ["run"]


def run(job: Callable[[argparse.Namespace], None], about: str, words: Sequence[str]) -> int:
    """Parse ``--project`` and the job's own ``words`` (options that each take a value), then do ``job``."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--project", required=True, help="the film's slug")
    for word in words:
        parser.add_argument(f"--{word}", required=True, type=tier_of if word == "tier" else str)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    try:
        job(options)
    except VtxError as error:
        print(f"\n{error}\n", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
