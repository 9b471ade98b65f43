"""Python's garbage collector in a run of Snakemake.

A film's graph and plan are needed until the process ends: a search for garbage among them finds nothing.
"""

from __future__ import annotations

import atexit
import gc

__all__ = ["collect_less"]

_THRESHOLDS = (200_000, 20, 50)
"""As gc.set_threshold takes them. Python's default is 700 new objects; the graph of a long film has many more."""


def collect_less() -> None:
    """Never search what is loaded so far, search what comes seldom, and nothing when the process ends.

    At exit Python would search all memory twice, for 0.2 s after a plan of 1,000 clips, before the system takes it back
    in one piece. Objects in cycles are then not finalized, so whoever writes a file has to close it.
    """
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    atexit.register(gc.freeze)
