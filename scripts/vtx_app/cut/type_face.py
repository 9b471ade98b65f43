"""A font as titles use it: measured at any size, and drawn four times as large and reduced.

So letters are placed by their exact widths, not on whole pixels, and a roll can move by fractions of a pixel.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from vtx_app.cut.lettering import missing_letters
from vtx_app.fonts import font

__all__ = ["OVERSAMPLING", "Face", "LineMask"]

OVERSAMPLING = 4
"""Rows and columns of a mask for each pixel of the picture."""

_MEASURED = 200
"""Pixels of an em at which widths are measured: hinting rounds them to whole pixels, here by 0.5 % at most."""


@dataclass(frozen=True, slots=True)
class LineMask:
    """One line of type: coverage 0..255 with :data:`OVERSAMPLING` rows and columns a pixel.

    ``left`` and ``top`` place it, in its own rows and columns, from where the pen starts on the baseline.
    """

    left: int
    top: int
    mask: NDArray[np.uint8]


@dataclass(frozen=True)
class Face:
    """The font of ``file`` (the first face of a collection). Lengths are in em: times its size they are pixels."""

    file: Path
    _widths: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    def width(self, text: str) -> float:
        """How far the pen moves over ``text``. Raises :class:`OSError` if the file is not a font."""
        if text not in self._widths:
            self._widths[text] = font(_MEASURED, self.file).getlength(text) / _MEASURED
        return self._widths[text]

    def ink(self, text: str) -> tuple[float, float, float, float]:
        """The box of what is drawn: left, top, right, bottom from the pen's start on the baseline; down is more."""
        box = font(_MEASURED, self.file).getbbox(text, anchor="ls")
        left, top, right, bottom = (edge / _MEASURED for edge in box)
        return left, top, right, bottom

    @cached_property
    def cap_height(self) -> float:
        """Height of a capital letter."""
        return -self.ink("H")[1] if not self.missing("H") else 0.72

    @cached_property
    def leading(self) -> float:
        """The distance between baselines: what the font asks for, limited to what looks good in a title."""
        ascent, descent = font(_MEASURED, self.file).getmetrics()
        return min(max((ascent + descent) / _MEASURED * 1.05, 1.34), 1.6)

    def missing(self, text: str) -> str:
        """The letters that the font lacks and draws a box for, each once."""
        return missing_letters("".join(text.split()), font(_MEASURED, self.file))

    def draw(self, text: str, em: float) -> LineMask:
        """``text`` on one line at ``em`` pixels."""
        drawn = font(max(1, round(em * OVERSAMPLING)), self.file)
        left, top, right, bottom = (round(edge) for edge in drawn.getbbox(text, anchor="ls"))
        image = Image.new("L", (max(1, right - left), max(1, bottom - top)), 0)
        ImageDraw.Draw(image).text((-left, -top), text, fill=255, font=drawn, anchor="ls")
        return LineMask(left, top, np.asarray(image, np.uint8))
