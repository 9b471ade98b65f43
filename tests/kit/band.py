"""Time codes read off the pixels of a band, by comparing each of its cells with the font's digits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from vtx_app.cut.slate_layout import layout
from vtx_app.fonts import font

__all__ = ["read_codes"]


def read_codes(luma: NDArray[np.uint8], count: int) -> list[str]:
    """The last ``count`` time codes of the band at the top of a frame, from the right to the left; spaces where
    nothing is drawn."""
    height, width = luma.shape
    place = layout(width, height, "small")
    letters = font(place.small)
    cell, margin = int(letters.getlength("0") + 1) // 2 * 2, max(2, int(place.small * 0.9) // 2 * 2)
    shapes = {letter: _shape(letter, letters, cell, place.bar, place.small) for letter in "0123456789:;"}
    found, right = [], width - margin
    for _ in range(count):
        left = (right - 11 * cell) // 2 * 2
        cells = [luma[: place.bar, left + at * cell : left + (at + 1) * cell].astype(float) for at in range(11)]
        found.append("".join(_nearest(each, shapes) for each in cells))
        right = left - margin
    return found


def _shape(letter: str, letters: Any, cell: int, bar: int, size: int) -> NDArray[np.float64]:
    image = Image.new("L", (cell, bar), 0)
    at = ((cell - letters.getlength(letter)) / 2, bar * 0.5 + size * 0.36)
    ImageDraw.Draw(image).text(at, letter, fill=255, font=letters, anchor="ls")
    return np.asarray(image, float) / 255 * 210 + 16


def _nearest(cell: NDArray[np.float64], shapes: dict[str, NDArray[np.float64]]) -> str:
    if cell.max() < 60:
        return " "
    return min(shapes, key=lambda letter: float(np.abs(shapes[letter] - cell).sum()))
