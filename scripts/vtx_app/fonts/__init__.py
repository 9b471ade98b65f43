"""The font that VTX draws with where a film brings none, shipped with it so that every machine draws the same letters.

DejaVu Sans 2.37 (Latin, Greek, Cyrillic, Arabic, Hebrew and many symbols), free: see ``DejaVuSans-LICENSE.txt``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import ImageFont, features

__all__ = ["FONT", "font"]

FONT = Path(__file__).with_name("DejaVuSans.ttf")
"""The font's file."""


@cache
def font(size: int, file: Path = FONT) -> ImageFont.FreeTypeFont:
    """The font at ``size`` pixels. Right-to-left and joined scripts are shaped where Pillow has raqm (wheels do).

    Raises :class:`OSError` for a ``file`` that is no font.
    """
    engine = ImageFont.Layout.RAQM if features.check_feature("raqm") else ImageFont.Layout.BASIC
    return ImageFont.truetype(file, size, layout_engine=engine)
