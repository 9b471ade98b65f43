"""Room tone: a scene's quietest half second, made longer without a click or a pulse."""

from __future__ import annotations

import numpy as np

from vtx_app.media.codec import SAMPLE_RATE
from vtx_app.media.sound_blocks import Block

__all__ = ["Room", "room_loop"]

_LOOP = 12 * SAMPLE_RATE
"""Samples after which a room repeats."""

_GRAIN = SAMPLE_RATE // 4
_HOP = _GRAIN // 2
_SEED = 7


def room_loop(quiet: Block) -> Block:
    """A stretch of 12 s that sounds like ``quiet`` (half a second) and can follow itself.

    Pieces of a quarter of a second from anywhere in it, each under half a sine, overlap by half: the squares of two
    neighbours' envelopes add up to 1, so that noise keeps its power. The same input gives the same stretch.
    """
    random = np.random.Generator(np.random.SFC64(_SEED))
    envelope = np.sin(np.pi * (np.arange(_GRAIN) + 0.5) / _GRAIN).astype(np.float32).repeat(2).reshape(-1, 2)
    loop = np.zeros((_LOOP + _HOP, 2), np.float32)
    for start in range(0, _LOOP, _HOP):
        first = int(random.integers(0, len(quiet) - _GRAIN + 1))
        loop[start : start + _GRAIN] += quiet[first : first + _GRAIN] * envelope
    loop[:_HOP] += loop[_LOOP:]
    return loop[:_LOOP]


class Room:
    """A room's tone at any place of the film."""

    def __init__(self, loop: Block) -> None:
        self._loop = loop

    def at(self, start: int, count: int) -> Block:
        """``count`` samples from the film's sample ``start`` on, as an array of their own."""
        return self._loop[np.arange(start, start + count) % len(self._loop)]
