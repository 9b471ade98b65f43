"""The contact sheet: every panel of the board in one picture."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from vtx_app.board.model import Board, Panel
from vtx_app.cut.lettering import printable, truncate
from vtx_app.fonts import FONT, font
from vtx_app.media.jpeg_stamp import stamp_comment

__all__ = ["sheet_layout", "write_sheet"]

_WIDE = 2100
"""Pixels of the sheet."""

_MOST_COLUMNS = 20
_GAP = 10
_GROUND, _INK, _SOFT = (22, 23, 26), (240, 240, 240), (150, 154, 160)
_QUALITY = 84


def sheet_layout(count: int, shape: float) -> tuple[int, int, int]:
    """The columns of a sheet of ``count`` pictures that are ``shape`` times as wide as high, and a picture's pixels."""
    columns = min(_MOST_COLUMNS, count, max(3, math.ceil(math.sqrt(count * 1.8 / shape))))
    columns = -(-count // -(-count // columns))  # no column stays empty
    wide = min(560, (_WIDE - _GAP) // columns - _GAP)
    return columns, wide, max(1, round(wide / shape))


def write_sheet(board: Board, pictures: Callable[[Panel], Image.Image], out: Path) -> None:
    """Write the JPEG file ``out`` with its stamp: the panels in order, each with its number, clip id and title.

    Raises :class:`OSError` if the film's font can't be used or ``out`` can't be written.
    """
    columns, wide, high = sheet_layout(len(board.panels), board.size[0] / board.size[1])
    letters = font(max(9, min(17, wide // 19)), board.font or FONT)
    line = round(letters.size * 1.9)
    head = round(letters.size * 2.8)
    rows = -(-len(board.panels) // columns)
    size = columns * (wide + _GAP) + _GAP, head + rows * (high + line + _GAP)
    sheet = Image.new("RGB", size, _GROUND)
    pen = ImageDraw.Draw(sheet)
    title = font(round(letters.size * 1.35), board.font or FONT)
    pen.text((_GAP, head / 2), truncate(printable(board.title), title, size[0] - 2 * _GAP), _INK, title, anchor="lm")
    for place, panel in enumerate(board.panels):
        x = _GAP + place % columns * (wide + _GAP)
        y = head + place // columns * (high + line + _GAP)
        sheet.paste(pictures(panel).resize((wide, high), Image.Resampling.LANCZOS), (x, y))
        label = f"{panel.number}  "
        pen.text((x, y + high + line / 2), label, _INK, letters, anchor="lm")
        left = letters.getlength(label)
        words = truncate(f"{panel.clip_id}  {printable(panel.title)}", letters, wide - left)
        pen.text((x + left, y + high + line / 2), words, _SOFT, letters, anchor="lm")
    sheet.save(out, "JPEG", quality=_QUALITY, optimize=True, comment=stamp_comment(board.stamp))
