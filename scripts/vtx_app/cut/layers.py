"""Composites pictures in 4:2:0 BT.709: frames of takes, colours, words and the end roll.

Values are mixed as they are encoded (R'G'B', not light), as editors and players do. Words are sRGB with straight
alpha, taken for BT.709's R'G'B': both have the same primaries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import numpy as np
from numpy.typing import NDArray

from vtx_app.cut.delivered import BLACK, Plane, planes

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["Canvas", "Sheet", "colour_values", "picture_sheet", "yuv"]

Values = NDArray[np.float32]

_SIZES = (1, 2, 2)  # pixels of the picture to one value of Y, U, V, each way


def yuv(red: Values | float, green: Values | float, blue: Values | float) -> tuple[Values, Values, Values]:
    """R'G'B' 0..1 as Y, U, V at video levels (ITU-R BT.709, 3.2 to 3.4 and 4.6)."""
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    parts = (16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748)
    y, u, v = (np.asarray(part, np.float32) for part in parts)
    return y, u, v


def colour_values(colour: str) -> tuple[int, int, int]:
    """``#rrggbb`` as Y, U, V at video levels."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    y, u, v = (round(float(part)) for part in yuv(red, green, blue))
    return y, u, v


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture with transparency: for each plane its coverage (0..1) and its premultiplied values."""

    planes: tuple[tuple[Values, Values], ...]


def picture_sheet(picture: Image.Image) -> Sheet:
    """An RGBA picture of even width and height, straight alpha."""
    values = np.asarray(picture, np.float32) / np.float32(255)
    alpha = values[..., 3]
    parts = []
    for part, size in zip(yuv(values[..., 0], values[..., 1], values[..., 2]), _SIZES, strict=True):
        parts.append((_shrunk(alpha, size), _shrunk(part * alpha, size)))
    return Sheet(tuple(parts))


def _shrunk(values: Values, size: int) -> Values:
    """The mean of each square of ``size`` × ``size`` values."""
    if size == 1:
        return values
    height, width = values.shape
    return values.reshape(height // size, size, width // size, size).mean(axis=(1, 3), dtype=np.float32)


class Canvas:
    """A frame being drawn, black at first. It is rounded once, at the end; an opaque layer is kept unchanged."""

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._planes: list[Values | Plane] = [
            np.full((height // size, width // size), black, np.uint8) for size, black in zip(_SIZES, BLACK, strict=True)
        ]

    def colour(self, *, colour: tuple[int, int, int], opacity: float) -> None:
        """Blend in one colour (Y, U, V) at ``opacity``."""
        self._mix(
            [np.full(below.shape, part, np.uint8) for below, part in zip(self._planes, colour, strict=True)], opacity
        )

    def frame(self, *, frame: av.VideoFrame, opacity: float) -> None:
        """Blend in a ``yuv420p`` frame of the same size at ``opacity``."""
        self._mix(list(planes(frame)), opacity)

    def sheet(self, *, sheet: Sheet, opacity: float) -> None:
        """Blend in ``sheet``."""
        share = np.float32(opacity)
        for number, (cover, values) in enumerate(sheet.planes):
            self._planes[number] = self._planes[number] * (1 - share * cover) + share * values

    def _mix(self, over: list[Plane], opacity: float) -> None:
        share = np.float32(opacity)
        for number, plane in enumerate(over):
            below = self._planes[number]
            self._planes[number] = plane if opacity >= 1 else below * (1 - share) + plane * share

    def finished(self) -> av.VideoFrame:
        """The frame, ``yuv420p``."""
        film = av.VideoFrame(*self._size, "yuv420p")
        for target, values in zip(planes(film), self._planes, strict=True):
            target[:] = values if values.dtype == np.uint8 else np.clip(np.rint(values), 0, 255)
        return film
