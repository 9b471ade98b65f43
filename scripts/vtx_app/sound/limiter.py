"""A look-ahead limiter of true peaks. Between peaks it does nothing at all.

It attenuates by as much as a peak needs, with an attack of 5 ms before it and a release of 40 dB a second. Both
channels get the same gain, so the stereo image does not move.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vtx_app.media.codec import SAMPLE_RATE
from vtx_app.media.sound_blocks import Block
from vtx_app.sound.fades import shape
from vtx_app.sound.loudness import MOST_OVERSHOOT, TAPS, heights, oversampled

__all__ = ["MARGIN", "RELEASE_DB", "Limited", "limited"]

_AHEAD = SAMPLE_RATE * 5 // 1000
"""Samples of the attack."""

RELEASE_DB = 40
"""Decibels given back in a second."""

_RELEASE = RELEASE_DB / SAMPLE_RATE

MARGIN = 0.1
"""Decibels by which other meters' filters may read higher than ours."""

_CHUNK = 4096
"""Samples that are turned down, or passed over, together."""

_NEPER = np.float32(20 / np.log(10))
"""Decibels of a factor e."""

_BEFORE = TAPS // 2 - 1
"""Samples before the place of the first oversampled value."""


@dataclass(slots=True)
class Limited:
    """What the limiter did: samples that it turned down, the most decibels it took away, the true peak it left.

    The peak is known only where it had something to do.
    """

    samples: int = 0
    most_db: float = 0.0
    peak: float = 0.0


def limited(blocks: Iterable[Block], peak: float, done: Limited | None = None) -> Iterator[Block]:
    """``blocks`` with no true peak above ``peak`` dBTP, in blocks of other lengths; ``done`` is filled on the way."""
    limiter = _Limiter(10 ** ((peak - MARGIN) / 20), done if done is not None else Limited())
    for block in blocks:
        yield limiter.push(block)
    yield limiter.finish()


class _Limiter:
    """The sound that is not given out yet, with 11 samples before it, and the decibels that it needs to lose."""

    def __init__(self, ceiling: float, done: Limited) -> None:
        self._ceiling, self._done = ceiling, done
        # Silence comes first, so that there is time to turn down a peak at the very beginning.
        self._sound = np.zeros((TAPS - 1 + _AHEAD, 2), np.float32)
        self._early = _AHEAD
        self._needed = np.zeros(0, np.float32)  # of the sound from its sample TAPS - 1 on
        self._held = np.zeros(_AHEAD, np.float64)  # what the last samples given out had to lose, before smoothing
        ramp = np.hanning(_AHEAD + 3)[1:-1]
        self._smoothing = ramp / ramp.sum()

    def push(self, block: Block) -> Block:
        """Take ``block`` and give out what is decided."""
        self._sound = np.concatenate([self._sound, block])
        # A sample needs to lose what the oversampled values on either side of it do, and they need six more samples.
        begin = len(self._needed)
        ready = len(self._sound) - 2 * TAPS
        if ready > begin:
            self._needed = np.concatenate([self._needed, self._decibels(begin, ready)])
        out = self._give(len(self._needed) - _AHEAD)
        self._early, early = max(0, self._early - len(out)), self._early
        return out[early:]

    def finish(self) -> Block:
        """Give out the rest."""
        return self.push(np.zeros((_AHEAD + TAPS + 1, 2), np.float32))

    def _decibels(self, begin: int, end: int) -> NDArray[np.float32]:
        """What samples ``begin`` up to ``end`` of those not given out need to lose."""
        sound = self._sound[begin : end + 2 * TAPS]
        highest = heights(sound)
        if np.max(highest) * MOST_OVERSHOOT <= self._ceiling:
            return np.zeros(end - begin, np.float32)
        between = np.zeros(len(sound) - TAPS + 1, np.float32)
        places, values = oversampled(sound, highest, self._ceiling)
        between[places] = values
        # Place i lies after sample i + _BEFORE.
        count, after = end - begin, TAPS - 1 - _BEFORE
        peaks = np.maximum(between[after - 1 : after - 1 + count], between[after : after + count])
        peaks = np.maximum(peaks, highest[TAPS - 1 : TAPS - 1 + count])
        needed = np.zeros(count, np.float32)
        above = peaks > self._ceiling
        needed[above] = np.log(peaks[above] / np.float32(self._ceiling)) * _NEPER
        return needed

    def _give(self, count: int) -> Block:
        if count <= 0:
            return np.empty((0, 2), np.float32)
        out = self._sound[TAPS - 1 : TAPS - 1 + count].copy()
        for start in range(0, count, _CHUNK):
            end = min(start + _CHUNK, count)
            if self._needed[start : end + _AHEAD].any() or self._held.any():
                shape(out[start:end], self._gain(start, end))
        self._sound = self._sound[count:]
        self._needed = self._needed[count:]
        return out

    def _gain(self, start: int, end: int) -> NDArray[np.float32]:
        """The gain of samples ``start`` up to ``end`` of those not given out, after those before them."""
        count = end - start
        needed = self._needed[start:end]
        held = _highest_ahead(self._needed[start : end + _AHEAD].astype(np.float64), _AHEAD + 1)
        slope = np.arange(1, count + 1) * _RELEASE
        before = self._held[-1] if len(self._held) else 0.0
        falling = np.maximum.accumulate(np.maximum(held + slope, before))
        held = np.maximum(held, falling - slope)
        every = np.concatenate([self._held, held])
        self._held = every[-_AHEAD:]
        loss = np.convolve(every, self._smoothing, "valid")
        self._done.samples += int(np.count_nonzero(loss > 1e-3))
        self._done.most_db = max(self._done.most_db, float(loss.max(initial=0)))
        left = (needed - loss)[needed > 0]
        self._done.peak = max(self._done.peak, self._ceiling * 10 ** (float(np.max(left, initial=-200)) / 20))
        return np.exp(loss.astype(np.float32) * np.float32(-1 / _NEPER))


def _highest_ahead(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The highest of each value and the ``width`` - 1 after it, where all of them are there."""
    reach = 1
    while reach < width:
        step = min(reach, width - reach)
        values = np.maximum(values[:-step], values[step:])
        reach += step
    return values
