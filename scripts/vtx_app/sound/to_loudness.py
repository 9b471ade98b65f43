"""The one gain that brings a mix to a loudness, with a limiter where peaks need one: for a film, for a delivery."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from vtx_app.media.sound_blocks import Block
from vtx_app.sound.limiter import MARGIN, Limited, limited
from vtx_app.sound.loud_parts import Profile, ProfileMeter, expected_loudness, limited_loudness
from vtx_app.sound.report import Measured

__all__ = ["Level", "at_gain", "level_for"]

_NEAR = 0.2
"""LU by which a mix may miss its loudness: EBU R128 allows 0.5."""

_TRIES = 4
_HALVINGS = 10
_MOST_CORRECTION = 3.0
"""Decibels added at most for what the limiter takes away: a mix that needs more has a few sounds that are much louder
than all others."""


@dataclass(frozen=True, slots=True)
class Level:
    """``gain_db`` for the mix, limited to a true ``peak`` in dBTP unless that is None.

    ``after``: what comes of it; ``limited``: what the limiter did.
    """

    gain_db: float
    peak: float | None
    after: Measured
    limited: Limited = field(default_factory=Limited)

    def apply(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """``blocks`` of the mix at this level."""
        return at_gain(blocks, self.gain_db, self.peak)


def at_gain(
    blocks: Iterable[Block], gain_db: float, peak: float | None = None, done: Limited | None = None
) -> Iterator[Block]:
    """``blocks`` turned up by ``gain_db``; limited to a true ``peak`` in dBTP if one is given.

    ``done`` is filled with what the limiter did.
    """
    gain = np.float32(10 ** (gain_db / 20))
    louder = (block * gain for block in blocks)
    return louder if peak is None else limited(louder, peak, done)


def level_for(
    mix: Callable[[], Iterator[Block]],
    measured: Measured,
    loudness: float,
    peak: float,
    profile: Profile | None = None,
) -> Level:
    """The level that brings ``mix``, which is ``measured``, to ``loudness`` LUFS with no true peak above ``peak`` dBTP.

    The limiter is used only where the gain alone would go beyond the peak; the mix is then read once for each try to
    make up for what it takes away, and once more if its ``profile`` is not given. Silence stays silence.
    """
    if measured.loudness is None or measured.true_peak is None:
        return Level(0.0, None, measured)
    first = gain = loudness - measured.loudness
    if measured.true_peak + gain <= peak - MARGIN:
        return Level(gain, None, Measured(loudness, measured.true_peak + gain))
    profile = profile or _profile(mix())
    most, off = first + _MOST_CORRECTION, 0.0
    gain = _gain(profile, peak, loudness, first, most)
    for _ in range(_TRIES):
        level = Level(gain, peak, *limited_loudness(mix(), profile, gain, peak))
        found = level.after.loudness
        if found is None or abs(loudness - found) <= _NEAR:
            break
        off = found - expected_loudness(profile, gain, peak)
        better = _gain(profile, peak, loudness - off, first, most)
        if abs(better - gain) < _NEAR / 2:
            break
        gain = better
    return level


def _profile(mix: Iterator[Block]) -> Profile:
    meter = ProfileMeter()
    for block in mix:
        meter.push(block)
    return meter.profile()


def _gain(profile: Profile, peak: float, loudness: float, least: float, most: float) -> float:
    """The gain at which the mix of ``profile`` is expected to be at ``loudness``, from ``least`` up to ``most``."""
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        if expected_loudness(profile, middle, peak) < loudness:
            least = middle
        else:
            most = middle
    return most
