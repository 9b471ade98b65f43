"""How loud a mix becomes with a gain and the limiter, measured only where the limiter acts.

Elsewhere it follows from the gain, because the mix's loudness is known by tenths of a second. In most films a few
seconds in a hundred are limited, so an attempt costs little more than reading the mix.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vtx_app.media.sound_blocks import Block
from vtx_app.sound.limiter import MARGIN, RELEASE_DB, Limited, limited
from vtx_app.sound.loudness import MOST_OVERSHOOT, TENTH, LoudnessMeter, decibels, gated_loudness, heights
from vtx_app.sound.report import Measured

__all__ = ["Profile", "ProfileMeter", "expected_loudness", "limited_loudness"]

Mask = NDArray[np.bool_]

_LESS = 1.2
"""Decibels: so the expected loudness of voices and chords is a quarter of a decibel off at most, that of noise half."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A mix by tenths of a second: the K-weighted energies of the whole ones, and the highest sample of each."""

    energies: NDArray[np.float64]
    highest: NDArray[np.float32]


class ProfileMeter:
    """Finds the profile of the blocks that are pushed into it. It keeps 120 bytes for each second."""

    def __init__(self) -> None:
        self._meter = LoudnessMeter()
        self._highest: list[NDArray[np.float32]] = []
        self._left_over = np.empty(0, np.float32)

    def push(self, block: Block) -> None:
        """Measure ``block`` of shape (n, 2)."""
        self._meter.push(block)
        found = np.concatenate([self._left_over, heights(block)])
        whole = len(found) - len(found) % TENTH
        self._highest.append(found[:whole].reshape(-1, TENTH).max(axis=1))
        self._left_over = found[whole:]

    def loudness(self) -> float | None:
        """As :meth:`LoudnessMeter.loudness`."""
        return self._meter.loudness()

    def profile(self) -> Profile:
        """The profile of everything that was pushed."""
        rest = [self._left_over.max(keepdims=True)] if len(self._left_over) else []
        return Profile(self._meter.tenths(), np.concatenate([np.empty(0, np.float32), *self._highest, *rest]))


def limited_loudness(
    blocks: Iterable[Block], profile: Profile, gain_db: float, peak: float
) -> tuple[Measured, Limited]:
    """The mix ``blocks`` measured with ``gain_db`` and limited to a true ``peak`` in dBTP; and what the limiter did.

    ``profile`` is the profile of the mix.
    """
    gain, done = np.float32(10 ** (gain_db / 20)), Limited()
    energies = profile.energies * float(gain) ** 2
    wanted = _changed(profile.highest * gain, peak)
    # The weighting rings on after a change, and needs a start before it: less than a millionth is left after a tenth.
    wanted[1:] |= wanted[:-1].copy()
    read = wanted.copy()
    read[:-1] |= wanted[1:]
    reader = _Reader(blocks)
    for first, end in _runs(read):
        meter = LoudnessMeter()
        louder = (block * gain for block in reader.blocks(first * TENTH, end * TENTH))
        for block in limited(louder, peak, done):
            meter.push(block)
        found = meter.tenths()[: len(energies) - first]
        here = wanted[first : first + len(found)]
        energies[first : first + len(found)][here] = found[here]
    return Measured(gated_loudness(energies), decibels(done.peak)), done


def expected_loudness(profile: Profile, gain_db: float, peak: float) -> float:
    """About what :func:`limited_loudness` will find, without reading the mix; -inf for silence.

    In a tenth that is limited, what its highest sample has to lose is lost on average less :data:`_LESS`; then it is
    given back.
    """
    gain = 10 ** (gain_db / 20)
    highest = np.maximum(profile.highest[: len(profile.energies)].astype(np.float64) * gain, 1e-9)
    given_back = np.arange(len(highest)) * (RELEASE_DB / 10)
    needed = np.maximum(20 * np.log10(highest) - (peak - MARGIN), 0)
    lost = np.maximum(np.maximum.accumulate(needed + given_back) - given_back - _LESS, 0)
    found = gated_loudness(profile.energies * (gain**2 * 10 ** (-lost / 10)))
    return float("-inf") if found is None else found


def _changed(highest: NDArray[np.float32], peak: float) -> Mask:
    """The tenths in which the limiter may change something, by their ``highest`` samples."""
    most = np.maximum(highest, 1e-9) * (MOST_OVERSHOOT / 10 ** ((peak - MARGIN) / 20))
    loud = np.flatnonzero(most > 1)
    release = np.ceil(20 * np.log10(most[loud]) / (RELEASE_DB / 10)).astype(np.intp)
    edges = np.zeros(len(highest) + 1, np.intp)
    np.add.at(edges, np.maximum(loud - 1, 0), 1)
    np.add.at(edges, np.minimum(loud + 2 + release, len(highest)), -1)
    return np.asarray(np.cumsum(edges[:-1]) > 0)


def _runs(mask: Mask) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]


class _Reader:
    """Reads stretches of a mix, in order."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = iter(blocks)
        self._block, self._at = np.empty((0, 2), np.float32), 0

    def blocks(self, first: int, end: int) -> Iterator[Block]:
        """Samples ``first`` up to ``end``, or to the end of the mix."""
        while True:
            here = self._block[max(0, first - self._at) : max(0, end - self._at)]
            if len(here):
                yield here
            if end <= self._at + len(self._block):
                return
            self._at += len(self._block)
            following = next(self._blocks, None)
            if following is None:
                self._block = self._block[:0]
                return
            self._block = following
