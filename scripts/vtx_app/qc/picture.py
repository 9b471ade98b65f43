"""Measures the picture of a take, frame by frame, on every fourth pixel or so of every fourth line."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby

import av
import numpy as np
from numpy.typing import NDArray

from vtx_app.media.codec import FULL_LEVELS
from vtx_app.qc.measures import BLACK_LUMA, Colour, Jump, Span

__all__ = ["PictureMeter"]

Plane = NDArray[np.uint8]

_WIDTH = 320
"""Pixels of a line that are looked at, about: a quarter of 1280."""

_DARK = 16 + 0.10 * 219
"""Luma of a black pixel at most: FFmpeg's blackdetect, ``pixel_black_th`` 0.10."""

_DARK_PART = 0.98
"""Part of a black picture that is black: blackdetect's ``picture_black_ratio_th``."""

_BLACK_SPREAD = 6.0
"""Levels: the most that the luma of a black picture varies, so that a lamp in the night is none."""

_PLAIN = 1.0
"""Levels: the spread of a picture of one colour, with what a codec adds."""

_STILL = 0.001 * 255
"""Levels: FFmpeg's freezedetect, ``noise`` -60 dB."""

_STILL_MOST = 0.003 * 255
_STILL_PART = 0.05
"""A take that moves much also stands still where it moves a twentieth of its upper quartile, up to three times that."""

_POP = 2.0
"""Levels: a keyframe redraws a still picture a little otherwise."""

_SHORTEST = Fraction(1, 4)
"""Seconds of stillness that are written down."""

_JUMP = 0.02 * 255
_JUMP_RATIO = 3.0
"""Levels, and times as much as around it, of a jump that is written down."""

_AROUND = 8
"""Frames on both sides that a jump is compared with."""

_LEAST_MOTION = 1.0
"""Levels: where nothing moves, anything would be many times as much."""

_LONGEST_FLASH = 3
"""Frames."""

_SAME = 0.35
"""The part of a jump by which a picture after a flash may differ from the one before."""

_STEP = Fraction(1, 4)
"""Seconds: how often colours are written down."""

_LEVELS = np.arange(256)


class PictureMeter:
    """Takes the frames of one film in order, at ``rate`` frames per second."""

    def __init__(self, rate: Fraction) -> None:
        self.rate = rate
        self.frames = 0
        self._last: deque[Plane] = deque(maxlen=_LONGEST_FLASH + 1)
        self._steps: list[float] = []
        self._over: dict[int, list[float]] = {}
        self._looks: list[tuple[float, float, float, float]] = []
        self._dark: list[float] = []

    def push(self, frame: av.VideoFrame) -> None:
        """Measure the next frame."""
        if frame.format.name not in ("yuv420p", "yuvj420p"):
            frame = frame.reformat(format="yuv420p")
        full = frame.color_range == FULL_LEVELS or frame.format.name == "yuvj420p"
        step = max(1, round(frame.width / _WIDTH))
        luma = _plane(frame, 0, frame.height, frame.width, step)
        u, v = (_plane(frame, n, (frame.height + 1) // 2, (frame.width + 1) // 2, step) for n in (1, 2))
        counts = np.bincount(luma.ravel(), minlength=256) / luma.size
        mean = float(counts @ _LEVELS)
        spread = float(counts @ (_LEVELS - mean) ** 2) ** 0.5
        dark = float(counts[: int(_dark(full)) + 1].sum())
        scale = 219 / 255 if full else 1.0
        self._looks.append(((16 + mean * scale) if full else mean, _mean(u), _mean(v), spread * scale))
        self._dark.append(dark)
        change = _difference(luma, self._last[-1]) if self._last else 0.0
        self._steps.append(change)
        if change >= _JUMP:  # perhaps the end of a flash: how does it differ from 2, 3, 4 frames ago?
            self._over[self.frames] = [_difference(luma, before) for before in list(self._last)[-2::-1]]
        self._last.append(luma)
        self.frames += 1

    def black(self) -> tuple[Span, ...]:
        """The frames that are black, of any length."""
        return _spans(
            dark >= _DARK_PART and look[0] <= BLACK_LUMA and look[3] <= _BLACK_SPREAD
            for dark, look in zip(self._dark, self._looks, strict=True)
        )

    def plain(self) -> tuple[Span, ...]:
        """The frames of one colour, black ones left out."""
        black = {frame for first, end in self.black() for frame in range(first, end)}
        return _spans(look[3] <= _PLAIN and number not in black for number, look in enumerate(self._looks))

    def frozen(self) -> tuple[Span, ...]:
        """The stretches of at least a quarter of a second in which nothing moves."""
        changes = self._steps[1:]
        if not changes:
            return ()
        limit = max(_STILL, min(_STILL_MOST, _STILL_PART * float(np.percentile(changes, 75))))
        still = [change <= limit for change in changes]
        for number in range(1, len(still) - 1):  # a keyframe
            if still[number - 1] and still[number + 1] and changes[number] <= _POP:
                still[number] = True
        shortest = max(3, round(self.rate * _SHORTEST))
        # Change n lies between frames n and n + 1.
        return tuple((first, end + 1) for first, end in _spans(still) if end + 1 - first >= shortest)

    def jumps(self) -> tuple[Jump, ...]:
        """The frames at which the picture changes all at once. The end of a flash is not another one."""
        found: list[Jump] = []
        until = 0
        for frame, change in enumerate(self._steps):
            ratio = change / max(_LEAST_MOTION, self._around(frame))
            if frame <= until or change < _JUMP or ratio < _JUMP_RATIO:
                continue
            back = self._back(frame)
            until = frame + back if back else 0
            found.append(Jump(frame, round(change, 1), round(ratio, 1), back))
        return tuple(found)

    @property
    def motion(self) -> float:
        """The median change from frame to frame in levels."""
        return round(float(np.median(self._steps[1:])), 2) if self.frames > 1 else 0.0

    @property
    def step(self) -> int:
        """Frames in each of :meth:`colours`."""
        return max(1, round(self.rate * _STEP))

    def colours(self) -> tuple[Colour, ...]:
        """The means of each quarter of a second."""
        looks = np.asarray(self._looks)
        parts = (looks[first : first + self.step].mean(axis=0) for first in range(0, self.frames, self.step))
        return tuple(Colour(*(round(float(value), 1) for value in part)) for part in parts)

    def _around(self, frame: int) -> float:
        """The median change of the frames around ``frame``, itself and the frames of a flash left out."""
        near = self._steps[max(1, frame - _AROUND) : frame]
        near = near + self._steps[frame + _LONGEST_FLASH + 1 : frame + _LONGEST_FLASH + 1 + _AROUND]
        return float(np.median(near)) if near else 0.0

    def _back(self, frame: int) -> int:
        """After how many frames the picture is as it was before ``frame``; 0 if it is not."""
        for length in range(1, _LONGEST_FLASH + 1):
            over = self._over.get(frame + length, [])
            if len(over) >= length and over[length - 1] <= _SAME * min(self._steps[frame], self._steps[frame + length]):
                return length
        return 0


def _plane(frame: av.VideoFrame, number: int, height: int, width: int, step: int) -> Plane:
    plane = frame.planes[number]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return np.ascontiguousarray(rows[:height:step, :width:step])


def _difference(one: Plane, other: Plane) -> float:
    if one.shape != other.shape:
        return 255.0
    return _mean(np.maximum(one, other) - np.minimum(one, other))


def _mean(plane: Plane) -> float:
    return int(plane.sum(dtype=np.uint32)) / plane.size


def _dark(full: bool) -> float:
    return (_DARK - 16) * 255 / 219 if full else _DARK


def _spans(flags: Iterator[bool] | list[bool]) -> tuple[Span, ...]:
    found = []
    at = 0
    for on, run in groupby(flags):
        length = sum(1 for _ in run)
        if on:
            found.append((at, at + length))
        at += length
    return tuple(found)
