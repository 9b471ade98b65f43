"""Time codes of the film, SMPTE ST 12-1: the film's first frame is 01:00:00:00.

``HH:MM:SS:FF`` counts frames without gaps at the nearest whole rate: 29.97 counts 30 a second. ``HH:MM:SS;FF`` is
drop-frame: at 29.97 and 59.94 the first 2 (4) numbers of every minute but each tenth are left out, so that it keeps to
the clock.
"""

from __future__ import annotations

import re
from fractions import Fraction

from vtx_app.formats.rate import rate_text

__all__ = ["FIRST_HOUR", "film_frame", "film_time_code", "time_code"]

FIRST_HOUR = 1
"""The hour at which the film begins, as programme time code has begun since tape (EBU R122)."""

_WRITTEN = re.compile(r"(\d{2}):([0-5]\d):([0-5]\d)([:;])(\d{2,3})")
_DROPPED = {Fraction(30_000, 1001): 2, Fraction(60_000, 1001): 4}
"""Numbers left out at the beginning of a minute, by rate."""


def time_code(index: int, rate: Fraction) -> str:
    """Frame ``index`` as ``HH:MM:SS:FF``, counted from 00:00:00:00 without gaps, at ``rate`` frames per second."""
    base = max(1, round(rate))
    seconds, frame = divmod(index, base)
    digits = max(2, len(str(base - 1)))
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{frame:0{digits}d}"


def film_time_code(frame: int, rate: Fraction) -> str:
    """The time code ``HH:MM:SS:FF`` of the film's frame ``frame`` (from 0) at ``rate`` frames per second."""
    return time_code(frame + FIRST_HOUR * 3600 * max(1, round(rate)), rate)


def film_frame(text: str, rate: Fraction) -> int:
    """The film's frame at the time code ``text``; negative if it lies before 01:00:00:00.

    Raises :class:`ValueError` for what is no time code at this rate.
    """
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a time code as in 01:00:12:00")
    hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
    base = max(1, round(rate))
    if frames >= base:
        raise ValueError(f"{text}: a second has frames 0 to {base - 1} at {rate_text(rate)} frames per second")
    dropped = 0
    if match[4] == ";":
        if rate not in _DROPPED:
            raise ValueError(f"{text}: only 29.97 and 59.94 frames per second have drop-frame time code; write a colon")
        dropped = _DROPPED[rate]
        if frames < dropped and seconds == 0 and minutes % 10:
            raise ValueError(f"{text}: drop-frame time code leaves this number out")
    whole_minutes = (hours * 60) + minutes
    left_out = dropped * (whole_minutes - whole_minutes // 10)
    count = (whole_minutes * 60 + seconds) * base + frames - left_out
    first_minutes = FIRST_HOUR * 60
    return count - (first_minutes * 60 * base - dropped * (first_minutes - first_minutes // 10))
