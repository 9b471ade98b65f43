"""Time codes of the film, SMPTE ST 12-1: the film's first frame is 01:00:00:00.

``HH:MM:SS:FF`` counts frames without gaps at the nearest whole rate: 23.976 counts 24 a second. ``HH:MM:SS;FF`` is
drop-frame: at 29.97 and 59.94 the first 2 (4) numbers of every minute but each tenth are left out, so that it keeps to
the clock. Where there is drop-frame time code, everything of the film has it (its file, lists, media, tables), as
editing programs and broadcasters expect at these rates; what is read may have either.
"""

from __future__ import annotations

import re
from fractions import Fraction

from vtx_app.formats.rate import rate_text

__all__ = ["drops_frames", "film_frame", "film_origin", "film_time_code", "time_code"]

_FIRST_HOUR = 1
"""The hour at which the film begins, as programme time code has begun since tape (EBU R122)."""

_WRITTEN = re.compile(r"(\d{2}):([0-5]\d):([0-5]\d)([:;])(\d{2,3})")
_DROPPED = {Fraction(30_000, 1001): 2, Fraction(60_000, 1001): 4}
"""Numbers left out at the beginning of a minute, by rate."""


def drops_frames(rate: Fraction) -> bool:
    """Whether the film's time code leaves numbers out at ``rate`` frames per second."""
    return rate in _DROPPED


def time_code(index: int, rate: Fraction, *, drop: bool = False) -> str:
    """Frame ``index`` as a time code counted from 00:00:00:00, at ``rate`` frames per second.

    ``drop``: as ``HH:MM:SS;FF``, where ``rate`` has drop-frame time code; else without gaps.
    """
    base = max(1, round(rate))
    digits = max(2, len(str(base - 1)))
    drop = drop and drops_frames(rate)
    if drop:
        index += _left_out_before(index, _DROPPED[rate], base)
    seconds, frame = divmod(index, base)
    sign = ";" if drop else ":"
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{sign}{frame:0{digits}d}"


def _left_out_before(index: int, dropped: int, base: int) -> int:
    """The numbers left out before the frame ``index``: ``dropped`` at each minute but the tenth."""
    tens, rest = divmod(index, 600 * base - 9 * dropped)
    minutes = max(0, (rest - dropped) // (60 * base - dropped))  # the first of ten has all its numbers
    return dropped * (9 * tens + minutes)


def film_origin(rate: Fraction) -> int:
    """The frames between 00:00:00:00 and the film's first frame, as time code counts them at ``rate``."""
    base, minutes = max(1, round(rate)), _FIRST_HOUR * 60
    return minutes * 60 * base - _DROPPED.get(rate, 0) * (minutes - minutes // 10)


def film_time_code(frame: int, rate: Fraction) -> str:
    """The time code of the film's frame ``frame`` (from 0) at ``rate`` frames per second."""
    return time_code(frame + film_origin(rate), rate, drop=True)


def film_frame(text: str, rate: Fraction) -> int:
    """The film's frame at the time code ``text``; negative if it lies before 01:00:00:00.

    Raises :class:`ValueError` for what is not a time code at this rate.
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
    return count - (film_origin(rate) if dropped else _FIRST_HOUR * 3600 * base)
