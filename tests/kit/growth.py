"""How the work on a text grows with its length, whatever else the machine is doing."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["growth"]

LENGTHENED = 4


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times the CPU time of ``work(size)`` that of ``work(4 * size)`` is: 4 where it is linear, 16 where it is
    quadratic.

    Of each, the quickest of three runs counts, taken by turns: a busy machine makes runs longer, those of both sizes
    while it is busy, and no run quicker.
    """

    def seconds(length: int) -> float:
        start = time.process_time()
        work(length)
        return time.process_time() - start

    short, long = zip(*((seconds(size), seconds(LENGTHENED * size)) for _ in range(3)), strict=True)
    return min(long) / min(short)
