"""How the work on a text grows with its length, whatever else the machine is doing."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["growth"]

LENGTHENED = 4


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times the CPU time of ``work(size)`` that of ``work(4 * size)`` is: 4 where it is linear, 16 where it is
    quadratic.

    Of each, the quickest of three runs counts: a busy machine makes runs longer, and no run quicker.
    """
    return _quickest(work, LENGTHENED * size) / _quickest(work, size)


def _quickest(work: Callable[[int], object], size: int) -> float:
    def seconds() -> float:
        start = time.process_time()
        work(size)
        return time.process_time() - start

    return min(seconds() for _ in range(3))
