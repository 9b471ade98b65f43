"""The end roll: names that scroll from below to above, by the same step in every frame.

A frame shows the type at its subpixel position: each row is the mean of the finer rows that it covers. So the roll
moves evenly at any speed, and every frame is equally sharp.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vtx_app.cut.line_breaks import break_line, safe_lines
from vtx_app.cut.titles import SAFE_TITLE, largest_size, rgb
from vtx_app.cut.type_face import OVERSAMPLING, Face
from vtx_app.errors import CutError
from vtx_app.fonts import FONT
from vtx_app.formats.edit import EndRoll

__all__ = ["EndRollPicture", "roll_fault", "roll_text"]

_LEADING = 1.15
"""Factor on the font's own leading, because a roll is read while it moves."""

_GUTTER = 1.0
"""Space between a role and a name, in em."""

_ROLE = 0.72
"""Opacity of a role beside its name."""

Row = tuple[tuple[str, float, float], ...]
"""The parts of one line: text, the pen's start in em from the middle of the picture, opacity."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Type on one line. The pen starts at ``x`` pixels of the picture, ``y`` below the roll's top."""

    text: str
    x: float
    y: float
    opacity: float


@dataclass(frozen=True, slots=True)
class _Strip:
    """A piece as it is drawn: its left column in the picture, its top in fine rows below the roll's top, and the sum of
    its coverage (0..1) from the top down to each fine row, as (fine rows + 1, columns)."""

    left: int
    top: int
    sums: NDArray[np.float32]


class EndRollPicture:
    """Draws the frames of an end roll of ``width`` × ``height`` pixels.

    Lines are centred, and wrapped inside the safe title area. A line with a tab is ``role<tab>name``: the role ends
    left of the middle, the name begins right of it. An empty line separates groups. ``step`` is how many pixels the
    roll moves from one frame to the next.
    """

    def __init__(self, roll: EndRoll, lines: Sequence[str], width: int, height: int, font_file: Path = FONT) -> None:
        """Raises :class:`CutError` for a line that is too wide, :class:`OSError` if ``font_file`` is not a font."""
        self._face = Face(font_file)
        fault = roll_fault(roll, lines, width, height, font_file)
        if fault is not None:
            raise CutError(f"line {fault[0]}: {fault[1]}")
        self._size, self._em, self._colour = (width, height), height * roll.size / 100, rgb(roll.colour)
        leading = self._face.leading * _LEADING * self._em
        rows = [row for line in lines for row in _rows(line, width * SAFE_TITLE / self._em, self._face) or ()]
        first = self._em  # above the first baseline, for accents
        self._pieces = [
            _Piece(text, width / 2 + x * self._em, first + leading * number, opacity)
            for number, row in enumerate(rows)
            for text, x, opacity in row
        ]
        length = round(2 * self._em + leading * max(0, len(rows) - 1))
        self.step = Fraction(height + length, roll.frames + 1)
        self._strip = lru_cache(maxsize=128)(self._draw)

    def frame(self, index: int) -> Image.Image:
        """Frame ``index`` (from 0) as an RGBA picture (straight alpha).

        In frame 0 the roll has come one step into the picture, in the last it has one step left to go.
        """
        width, height = self._size
        alpha = np.zeros((height, width), np.float32)
        top = float(height - self.step * (index + 1))
        reach = 2 * self._em  # a piece's ink lies within it from its baseline
        seen = range(
            bisect_left(self._pieces, -reach - top, key=lambda piece: piece.y),
            bisect_right(self._pieces, height + reach - top, key=lambda piece: piece.y),
        )
        for number in seen:
            self._lay(alpha, self._strip(number), top)
        picture = np.empty((height, width, 4), np.uint8)
        picture[..., :3] = self._colour
        picture[..., 3] = np.round(alpha * 255)
        return Image.fromarray(picture, "RGBA")

    def _draw(self, number: int) -> _Strip:
        piece = self._pieces[number]
        line = self._face.draw(piece.text, self._em)
        left = round(piece.x * OVERSAMPLING) + line.left
        before = left % OVERSAMPLING
        padded = np.pad(line.mask, ((0, 0), (before, -(before + line.mask.shape[1]) % OVERSAMPLING)))
        coverage = padded.reshape(padded.shape[0], -1, OVERSAMPLING).mean(2, dtype=np.float32) * (piece.opacity / 255)
        sums = np.zeros((coverage.shape[0] + 1, coverage.shape[1]), np.float32)
        np.cumsum(coverage, axis=0, out=sums[1:])
        return _Strip(left // OVERSAMPLING, round(piece.y * OVERSAMPLING) + line.top, sums)

    def _lay(self, alpha: NDArray[np.float32], strip: _Strip, top: float) -> None:
        """Draw a piece on a frame in which the roll's top is at row ``top``."""
        height, width = alpha.shape
        fine = strip.sums.shape[0] - 1
        upper = top + strip.top / OVERSAMPLING
        first, end = max(0, int(np.floor(upper))), min(height, int(np.ceil(upper + fine / OVERSAMPLING)))
        left, right = max(0, strip.left), min(width, strip.left + strip.sums.shape[1])
        if first >= end or left >= right:
            return
        # The sum at each edge between two rows of the picture, between two fine rows if it lies there.
        edges = np.clip((np.arange(first, end + 1) - upper) * OVERSAMPLING, 0, fine)
        whole = np.minimum(edges.astype(np.intp), fine - 1)
        part = (edges - whole).astype(np.float32)[:, None]
        sums = strip.sums[:, left - strip.left : right - strip.left]
        at_edges = sums[whole] * (1 - part) + sums[whole + 1] * part
        rows = np.diff(at_edges, axis=0) / OVERSAMPLING
        target = alpha[first:end, left:right]
        np.maximum(target, rows, out=target)


def roll_fault(
    roll: EndRoll, lines: Sequence[str], width: int, height: int, font_file: Path = FONT
) -> tuple[int, str] | None:
    """The number (from 1) of the first line that is too wide, and what to do; None if all fit.

    Raises :class:`OSError` if ``font_file`` is not a font.
    """
    face = Face(font_file)
    for number, line in enumerate(lines, start=1):

        def fits(size: float, line: str = line) -> bool:
            return _rows(line, width * SAFE_TITLE / (height * size / 100), face) is not None

        if not fits(roll.size):
            largest = largest_size(roll.size, fits)
            advice = "make it shorter" if largest is None else f"the largest size that fits is {largest:g}"
            what = f"it doesn't fit into {SAFE_TITLE:.0%} of the picture's width at size {roll.size:g}"
            return number, f"{what}; {advice}"
    return None


def roll_text(lines: Sequence[str]) -> str:
    """The words of a roll without its tabs."""
    return "\n".join(lines).replace("\t", "\n")


def _rows(line: str, room: float, face: Face) -> list[Row] | None:
    """A line of the file as rows of the roll that are no wider than ``room`` em; None if it can't be."""
    role, tab, name = line.partition("\t")
    columns = [" ".join(safe_lines(text)) for text in (role, name)]
    if tab and all(columns):
        roles, names = (break_line(text, (room - _GUTTER) / 2, face.width) for text in columns)
        if roles is None or names is None:
            return None
        return [
            (
                *([(role, -_GUTTER / 2 - face.width(role), _ROLE)] if role else []),
                *([(name, _GUTTER / 2, 1.0)] if name else []),
            )
            for role, name in zip_longest(roles, names)
        ]
    text = " ".join(filter(None, columns))
    if not text:
        return [()]
    broken = break_line(text, room, face.width)
    return None if broken is None else [((each, -face.width(each) / 2, 1.0),) for each in broken]
