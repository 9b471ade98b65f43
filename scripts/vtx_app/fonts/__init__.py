"""The font that VTX draws with, shipped with it so that every machine draws the same letters.

DejaVu Sans 2.37 (Latin, Greek, Cyrillic, Arabic, Hebrew and many symbols), free: see ``DejaVuSans-LICENSE.txt``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import ImageFont, features

__all__ = ["font"]

_FILE = Path(__file__).with_name("DejaVuSans.ttf")


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font at ``size`` pixels. Right-to-left and joined scripts are shaped where Pillow has raqm (wheels do)."""
    engine = ImageFont.Layout.RAQM if features.check_feature("raqm") else ImageFont.Layout.BASIC
    return ImageFont.truetype(_FILE, size, layout_engine=engine)
