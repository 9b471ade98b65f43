"""``match: {chain: first}`` in the edit: the colour of a shot in a chain is brought to that of the chain's first."""

from __future__ import annotations

from dataclasses import dataclass

import av
import numpy as np
from numpy.typing import NDArray

__all__ = ["Correction", "corrected"]

_LOWEST, _HIGHEST = 1, 254
"""8 bit levels that are a picture: 0 and 255 are for synchronisation (ITU-R BT.709-6, 4.6)."""


@dataclass(frozen=True, slots=True)
class Correction:
    """How levels (8 bit, BT.709) change: luma is stretched ``gain`` times around ``mean`` and moved by ``y``; the two
    chromas are moved by ``u`` and ``v``."""

    mean: float
    gain: float
    y: float
    u: float
    v: float

    @property
    def is_none(self) -> bool:
        """Whether it would not be seen: less than half a level, and a hundredth of contrast."""
        return max(abs(self.y), abs(self.u), abs(self.v)) < 0.5 and abs(self.gain - 1) < 0.01

    def luma(self, level: float) -> float:
        """What becomes of the luma ``level``."""
        return (level - self.mean) * self.gain + self.mean + self.y


def corrected(frame: av.VideoFrame, correction: Correction) -> av.VideoFrame:
    """A ``yuv420p`` ``frame`` after ``correction``."""
    levels = np.arange(256, dtype=np.float64)
    luma = (levels - correction.mean) * correction.gain + correction.mean + correction.y
    found = av.VideoFrame(frame.width, frame.height, "yuv420p")
    for number, values in enumerate((luma, levels + correction.u, levels + correction.v)):
        table = values.round().clip(_LOWEST, _HIGHEST).astype(np.uint8)
        _plane(found, number)[:] = table[_plane(frame, number)]
    return found


def _plane(frame: av.VideoFrame, number: int) -> NDArray[np.uint8]:
    plane = frame.planes[number]
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
