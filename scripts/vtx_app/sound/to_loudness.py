"""The one gain that brings a finished mix to another loudness, for a delivery."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vtx_app.media.sound_blocks import Block
from vtx_app.sound.limiter import MARGIN
from vtx_app.sound.mix import at_gain, measure
from vtx_app.sound.report import Measured

__all__ = ["Level", "level_for"]

_NEAR = 0.1
"""LU by which a delivery may miss its loudness before it is brought nearer."""

_TRIES = 4
_MOST_CORRECTION = 3.0
"""Decibels added at most for what the limiter takes away."""


@dataclass(frozen=True, slots=True)
class Level:
    """``gain_db`` for the mix, limited to a true ``peak`` in dBTP unless that is None; ``after``: what comes of it."""

    gain_db: float
    peak: float | None
    after: Measured

    def apply(self, blocks: Iterator[Block]) -> Iterator[Block]:
        """``blocks`` of the mix at this level."""
        return at_gain(blocks, self.gain_db, self.peak)


def level_for(mix: Callable[[], Iterator[Block]], measured: Measured, loudness: float, peak: float) -> Level:
    """The level that brings ``mix``, which is ``measured``, to ``loudness`` LUFS with no true peak above ``peak`` dBTP.

    The limiter is used only where the gain alone would go beyond the peak; the mix is then read once for each try to
    make up for what it takes away. Silence stays silence.
    """
    if measured.loudness is None or measured.true_peak is None:
        return Level(0.0, None, measured)
    first = gain = loudness - measured.loudness
    if measured.true_peak + gain <= peak - MARGIN:
        return Level(gain, None, Measured(measured.loudness + gain, measured.true_peak + gain))
    for _ in range(_TRIES):
        after = measure(at_gain(mix(), gain, peak))
        level = Level(gain, peak, after)
        missing = loudness - after.loudness if after.loudness is not None else 0.0
        better = min(gain + missing, first + _MOST_CORRECTION)
        if abs(missing) <= _NEAR or abs(better - gain) < _NEAR / 2:
            break
        gain = better
    return level
