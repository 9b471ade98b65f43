"""The default font, shipped with VTX so that every machine draws the same letters.

DejaVu Sans 2.37 (Latin, Greek, Cyrillic, Arabic, Hebrew and many symbols), free: see ``DejaVuSans-LICENSE.txt``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import ImageFont, features

__all__ = ["FONT", "font"]

FONT = Path(__file__).with_name("DejaVuSans.ttf")


@cache
def font(size: int, file: Path = FONT) -> ImageFont.FreeTypeFont:
    """The font at ``size`` pixels, with complex text layout if Pillow has raqm (wheels do).

    Raises :class:`OSError` if ``file`` is not a font.
    """
    engine = ImageFont.Layout.RAQM if features.check_feature("raqm") else ImageFont.Layout.BASIC
    return ImageFont.truetype(file, size, layout_engine=engine)
