"""Gain envelopes of a stretch of sound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vtx_app.media.codec import SAMPLE_RATE
from vtx_app.media.sound_blocks import Block

__all__ = ["SEAM", "Envelope", "fade", "seam", "shape", "shaped"]

Envelope = NDArray[np.float32]
"""A factor for each sample, from 0 to 1."""

SEAM = SAMPLE_RATE * 8 // 1000
"""Samples of the fade at a cut: 8 ms, too short to be heard as one, long enough not to click."""


def shape(sound: Block, envelope: Envelope) -> None:
    """Multiply both sides of ``sound`` by ``envelope`` in their place."""
    for side in range(2):  # one after the other: over both at once, numpy's inner loop has two steps
        sound[:, side] *= envelope


def seam(count: int) -> Envelope:
    """``count`` samples up from 0 by a raised cosine, at a cut."""
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / count)).astype(np.float32)


def fade(count: int) -> Envelope:
    """``count`` samples up from 0 by a quarter of a sine: an equal-power fade.

    Unrelated sounds keep their loudness while they dissolve into each other.
    """
    return np.sin(np.pi / 2 * (np.arange(count) + 0.5) / count).astype(np.float32)


def shaped(count: int, fade_in: int, fade_out: int, *, seam_in: bool, seam_out: bool) -> Envelope:
    """The envelope of ``count`` samples with these fades; an end without one gets the short fade of a cut."""
    envelope = np.ones(count, np.float32)
    short = min(SEAM, count // 2)
    for length, at_cut, side in ((fade_in, seam_in, envelope), (fade_out, seam_out, envelope[::-1])):
        if length:
            side[: min(length, count)] *= fade(length)[:count]
        elif at_cut and short:
            side[:short] *= seam(short)
    return envelope
