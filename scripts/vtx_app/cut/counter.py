"""Time codes drawn on video: each digit has a place of its own, so that a running code doesn't tremble."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from vtx_app.cut.lettering import Patch, ink_patch, mask_of, text_mask
from vtx_app.cut.slate_layout import even

__all__ = ["Counter"]

_WHITE = (226, 128, 128)

Plane = NDArray[np.uint8]


class Counter:
    """The digits of a band of ``bar`` pixels at the top of the frame, each drawn once."""

    def __init__(self, letters: ImageFont.FreeTypeFont, bar: int) -> None:
        self._letters, self._bar = letters, bar
        self._cell = even(letters.getlength("0") + 1)  # even: digits start on chroma pixels
        self._digits = {letter: self._digit(letter) for letter in "0123456789:;"} if bar >= 2 else {}

    def width(self, code: str) -> int:
        """Pixels that ``code`` takes."""
        return self._cell * len(code)

    def burn(self, y: Plane, u: Plane, v: Plane, left: int, code: str) -> None:
        """Draw ``code`` from the column ``left`` (even) on, in place."""
        for place, letter in enumerate(code):
            self._digits[letter].burn(y, u, v, left + place * self._cell)

    def _digit(self, letter: str) -> Patch:
        x = (self._cell - self._letters.getlength(letter)) / 2
        image = text_mask(
            (self._cell, self._bar), (x, self._bar * 0.5 + self._letters.size * 0.36), letter, self._letters
        )
        return ink_patch(0, 0, [(mask_of(image), _WHITE, 0.95)])
