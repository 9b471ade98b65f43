"""Titles: words on a card or over a shot, as a picture with an alpha channel.

They stay inside the safe title area of SMPTE ST 2046-1:2009, the middle 90 % of the picture's width and height, in
lines of similar length. A text that does not fit at its size is an error that names the largest size that does; titles
are never shrunk silently.
"""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from vtx_app.cut.line_breaks import break_line, safe_lines
from vtx_app.cut.type_face import OVERSAMPLING, Face
from vtx_app.errors import CutError
from vtx_app.fonts import FONT
from vtx_app.formats.edit import Lettering

__all__ = ["SAFE_TITLE", "largest_size", "missing_in_title", "needs_layout", "rgb", "title_fault", "title_picture"]

SAFE_TITLE = 0.9
"""Fraction of the picture's width and height: SMPTE ST 2046-1:2009, safe title area."""

_SMALLEST = 1.0
"""Hundredths of the picture's height: the smallest size in the edit's format."""

_MOST_LETTERS = 4_000
"""The most letters of one title: no picture shows more that can be read."""

_DESCENT = 0.22
"""How far letters reach below the baseline, in em, so that titles without such letters share the same baseline."""


@dataclass(frozen=True, slots=True)
class _Setting:
    """The lines of a title at ``em`` pixels, each with the pen's start (x, y) in pixels of the picture."""

    em: float
    lines: tuple[tuple[str, float, float], ...]


def title_picture(
    lettering: Lettering, width: int, height: int, font_file: Path = FONT, *, edged: bool = False
) -> Image.Image:
    """The words of ``lettering`` as an RGBA picture of ``width`` × ``height`` pixels (straight alpha, sRGB values).

    ``edged`` puts a soft edge around the letters, so that they are readable on any picture: for words over a shot.
    Without words (only spaces, controls) the picture is empty. Letters that the font lacks are boxes: see
    :func:`missing_in_title`.

    Raises :class:`CutError` if the words don't fit, :class:`OSError` if ``font_file`` is not a font.
    """
    face = Face(font_file)
    setting = _set(lettering, width, height, face)
    if setting is None:
        raise CutError(_fault(lettering, width, height, face))
    mask = _drawn(setting, width, height, face)
    colour = rgb(lettering.colour)
    return _edged(mask, colour, setting.em) if edged else _coloured(mask, colour)


def title_fault(lettering: Lettering, width: int, height: int, font_file: Path = FONT) -> str | None:
    """What is wrong if the words don't fit in a picture of ``width`` × ``height`` pixels, with the largest size that
    fits; None if they do. Raises :class:`OSError` if ``font_file`` is not a font."""
    face = Face(font_file)
    return None if _set(lettering, width, height, face) else _fault(lettering, width, height, face)


def missing_in_title(text: str, font_file: Path = FONT) -> str:
    """The letters of a title's ``text`` that the font lacks and draws a box for, each once."""
    return Face(font_file).missing("".join(safe_lines(text)))


def needs_layout(text: str) -> bool:
    """Whether its letters must be laid out: written from the right, joined, or stacked (Unicode's bidirectional classes
    R and AL, and combining marks that don't compose)."""
    letters = "".join(safe_lines(text))
    return any(
        unicodedata.bidirectional(letter) in ("R", "AL") or unicodedata.category(letter) in ("Mn", "Mc", "Me")
        for letter in letters
    )


def rgb(colour: str) -> tuple[int, int, int]:
    """``#rrggbb`` as numbers 0..255."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def _fault(lettering: Lettering, width: int, height: int, face: Face) -> str:
    what = f"the words don't fit into the middle {SAFE_TITLE:.0%} of the picture ({width}×{height})"
    largest = largest_size(
        lettering.size,
        lambda size: _set(lettering.model_copy(update={"size": size}), width, height, face) is not None,
    )
    if largest is None:
        return f"{what} at any size: use fewer words"
    return f"{what} at size {lettering.size:g}; the largest size that fits is {largest:g}"


def largest_size(below: float, fits: Callable[[float], bool]) -> float | None:
    """The largest size (hundredths of the picture's height, a tenth at a time) under ``below`` that ``fits``.

    None if not even the smallest does that the edit allows.
    """
    tenths = range(round(_SMALLEST * 10), math.ceil(below * 10))
    count = bisect_left(tenths, True, key=lambda tenth: not fits(tenth / 10))
    return tenths[count - 1] / 10 if count else None


def _set(lettering: Lettering, width: int, height: int, face: Face) -> _Setting | None:
    """The title as it is set at its size; None if it doesn't fit there."""
    em = height * lettering.size / 100
    room_x, room_y = width * SAFE_TITLE, height * SAFE_TITLE
    lines: list[str] = []
    written = safe_lines(lettering.text)
    if sum(map(len, written)) > _MOST_LETTERS:
        return None
    for line in written:
        broken = break_line(line, room_x / em, face.width) if line else [""]
        if broken is None:
            return None
        lines += broken
    boxes = [face.ink(line) if line else (0.0, 0.0, 0.0, 0.0) for line in lines]
    if any((right - left) * em > room_x for left, _, right, _ in boxes):
        return None
    step = face.leading * em
    # Of the ink, from the first baseline.
    top = min((box[1] * em + step * row for row, box in enumerate(boxes)), default=0.0)
    bottom = max((box[3] * em + step * row for row, box in enumerate(boxes)), default=0.0)
    if bottom - top > room_y:
        return None
    first = _first_baseline(lettering.place, len(lines), height, em, face)
    upper_edge, lower_edge = (height - room_y) / 2, (height + room_y) / 2
    first += max(0.0, upper_edge - first - top) - max(0.0, first + bottom - lower_edge)
    placed = tuple(
        (line, width / 2 - _middle(box, face.width(line)) * em, first + step * row)
        for row, (line, box) in enumerate(zip(lines, boxes, strict=True))
        if line
    )
    return _Setting(em, placed)


def _middle(box: tuple[float, float, float, float], pen: float) -> float:
    """The middle of a line: of what is drawn if that leaves the pen's way (a slanted letter), else of the pen's way."""
    left, right = min(0.0, box[0]), max(pen, box[2])
    return (left + right) / 2


def _first_baseline(place: str, lines: int, height: int, em: float, face: Face) -> float:
    """In pixels from the top: capitals of the first line and the last baseline are what the eye sees as the block."""
    margin = height * (1 - SAFE_TITLE) / 2
    rest = face.leading * em * (lines - 1)
    if place == "upper":
        return margin + face.cap_height * em
    if place == "lower":
        return height - margin - _DESCENT * em - rest
    return (height + face.cap_height * em - rest) / 2


def _drawn(setting: _Setting, width: int, height: int, face: Face) -> NDArray[np.float32]:
    """Coverage 0..1 as (height, width)."""
    canvas = np.zeros((height, width), np.float32)
    for text, x, y in setting.lines:
        line = face.draw(text, setting.em)
        left, top = round(x * OVERSAMPLING) + line.left, round(y * OVERSAMPLING) + line.top
        before, above = left % OVERSAMPLING, top % OVERSAMPLING
        after = -(before + line.mask.shape[1]) % OVERSAMPLING
        below = -(above + line.mask.shape[0]) % OVERSAMPLING
        padded = np.pad(line.mask, ((above, below), (before, after)))
        rows, columns = padded.shape[0] // OVERSAMPLING, padded.shape[1] // OVERSAMPLING
        fine = padded.reshape(rows, OVERSAMPLING, columns, OVERSAMPLING)
        _lay(canvas, fine.mean((1, 3), dtype=np.float32) / np.float32(255), left // OVERSAMPLING, top // OVERSAMPLING)
    return canvas


def _lay(canvas: NDArray[np.float32], share: NDArray[np.float32], left: int, top: int) -> None:
    """Draw ``share`` on ``canvas`` with its corner at (``left``, ``top``), clipped; the larger coverage counts."""
    y, x = max(0, top), max(0, left)
    part = canvas[y : top + share.shape[0], x : left + share.shape[1]] if top + share.shape[0] > 0 else canvas[:0]
    if part.size:
        np.maximum(part, share[y - top :, x - left :][: part.shape[0], : part.shape[1]], out=part)


def _coloured(mask: NDArray[np.float32], colour: tuple[int, int, int]) -> Image.Image:
    picture = np.empty((*mask.shape, 4), np.uint8)
    picture[..., :3] = colour
    picture[..., 3] = np.round(mask * 255)
    return Image.fromarray(picture, "RGBA")


def _edged(mask: NDArray[np.float32], colour: tuple[int, int, int], em: float) -> Image.Image:
    """The letters over a thin dark edge and a wide soft shadow; light ones under dark letters."""
    red, green, blue = colour
    dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < 96  # Rec. 709 luma
    letters = Image.fromarray(np.round(mask * 255).astype(np.uint8), "L")
    thin = _soft(letters, max(0.8, em * 0.04)) * 2.8
    wide = _soft(letters, max(2.0, em * 0.16)) * 1.1
    edge = 1 - (1 - np.minimum(thin, 1) * 0.8) * (1 - np.minimum(wide, 1) * 0.5)
    alpha = mask + edge * (1 - mask)
    share = np.divide(mask, alpha, out=np.zeros_like(mask), where=alpha > 0)[..., None]
    tones = np.array(colour, np.float32) * share + np.float32(255 if dark else 0) * (1 - share)
    picture = np.concatenate([tones, alpha[..., None] * 255], axis=2)
    return Image.fromarray(np.round(picture).astype(np.uint8), "RGBA")


def _soft(letters: Image.Image, radius: float) -> NDArray[np.float32]:
    return np.asarray(letters.filter(ImageFilter.GaussianBlur(radius)), np.float32) / np.float32(255)
