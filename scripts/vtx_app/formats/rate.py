"""Frame rates as exact fractions.

Film rates written as decimals stand for fractions over 1001 (SMPTE ST 12-1: 23.976 is 24000/1001,
29.97 is 30000/1001, 59.94 is 60000/1001). All other rates mean what is written.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache, lru_cache

__all__ = ["exact_rate", "frame_count", "has_time_code", "rate_text"]

_NTSC = {round(n / 1.001, places): Fraction(n * 1000, 1001) for n in (24, 30, 48, 60, 120) for places in (2, 3)}


@cache
def exact_rate(fps: float) -> Fraction:
    """The exact rate in frames per second that a written ``fps`` means (23.976 → 24000/1001)."""
    written = Fraction(str(fps))
    return _NTSC.get(float(written), written)


@lru_cache(maxsize=1024)
def frame_count(seconds: float, rate: Fraction) -> int:
    """``round(fps × seconds)`` frames, at least 1."""
    return max(1, round(Fraction(str(seconds)) * rate))


def rate_text(rate: Fraction) -> str:
    """A rate as people write it: ``16``, ``23.976``, ``12.5`` frames per second."""
    return str(rate.numerator) if rate.denominator == 1 else f"{float(rate):.3f}".rstrip("0")


_TIME_CODE = frozenset(map(Fraction, (24, 25, 30, 48, 50, 60))) | {Fraction(n * 1000, 1001) for n in (24, 30, 48, 60)}


def has_time_code(rate: Fraction) -> bool:
    """Whether SMPTE ST 12-1 has a time code for the rate, and so an EDL or FCP7 XML can name its frames."""
    return rate in _TIME_CODE
