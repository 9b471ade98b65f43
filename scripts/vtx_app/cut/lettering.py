"""Text on video: made safe to draw, fitted to a width, and blended into 4:2:0 planes.

Colours are (Y, U, V) at BT.709 video levels, masks float32 arrays 0..1.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from vtx_app.compile.request import fold

__all__ = [
    "Ink",
    "Patch",
    "half_size",
    "ink_patch",
    "mask_of",
    "missing_letters",
    "missing_letters_note",
    "printable",
    "text_mask",
    "truncate",
    "wrap",
]

Ink = tuple[NDArray[np.float32], tuple[int, int, int], float]
"""A mask, its (Y, U, V) and its opacity."""

_LONGEST = 4_000
"""The most letters of a text that are used: no frame holds more, and a title of 50 kB must not cost a second."""

_WIDEST = 200
"""The most letters in a line: no frame is wider."""

_ELLIPSIS = "…"

_NO_LETTER = "\U0010fffe"
"""A Unicode noncharacter: no font has it."""


def printable(text: str) -> str:
    """``text`` on one line, without invisible characters and those that change how their neighbours are drawn.

    These are controls, lone surrogates, private characters, variation selectors and direction marks.
    """
    kept = (
        character
        for character in fold(text[: _LONGEST * 4])
        if unicodedata.category(character) not in ("Cc", "Cs", "Co", "Cf", "Cn")
        and not "\ufe00" <= character <= "\ufe0f"
    )
    return fold("".join(kept))[:_LONGEST]


def missing_letters(text: str, font: ImageFont.FreeTypeFont) -> str:
    """The letters of a :func:`printable` text that ``font`` lacks and draws a box for, each once."""
    box = bytes(font.getmask(_NO_LETTER))
    return "".join(letter for letter in dict.fromkeys(text) if bytes(font.getmask(letter)) == box)


def missing_letters_note(letters: str, font: Literal["titles", "storyboard"], drawn: str = "drawn as boxes") -> str:
    """What a person reads about ``letters`` that a film's font lacks; ``drawn`` says what is shown instead."""
    setting = {"titles": "font in story/05_edit.yaml", "storyboard": "slate_font in metadata.yaml"}[font]
    return f"the font of the {font} has no {letters}, so they are {drawn}; name a font that has them: {setting}"


def _longest_fit(text: str, font: ImageFont.FreeTypeFont, width: float, tail: str = "") -> int:
    """How many letters of ``text``, followed by ``tail``, fit in ``width`` pixels."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if font.getlength(text[:middle] + tail) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def truncate(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """``text`` cut to ``width`` pixels, with an ellipsis if it was cut; empty if not even the ellipsis fits."""
    text = text[:600]
    if font.getlength(text) <= width:
        return text
    kept = text[: _longest_fit(text, font, width, _ELLIPSIS)].rstrip()
    return kept + _ELLIPSIS if kept else ""


def wrap(text: str, font: ImageFont.FreeTypeFont, width: float, most: int = _LONGEST) -> list[str]:
    """``text`` as at most ``most`` lines no wider than ``width`` pixels; wider words are broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        if len(lines) >= most:
            return lines[:most]
        joined = f"{line} {word}" if line else word
        if len(joined) <= _WIDEST and font.getlength(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        while len(lines) < most and (len(word) > _WIDEST or font.getlength(word) > width):
            count = max(1, _longest_fit(word[:_WIDEST], font, width))
            lines.append(word[:count])
            word = word[count:]
        line = word
    return [*lines, line][:most] if line else lines[:most]


def text_mask(size: tuple[int, int], at: tuple[float, float], text: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    """An ``L`` image of ``size`` with ``text`` on the baseline that starts at ``at``, clipped."""
    image = Image.new("L", size, 0)
    if text:
        ImageDraw.Draw(image).text(at, text, fill=255, font=font, anchor="ls")
    return image


def mask_of(image: Image.Image) -> NDArray[np.float32]:
    """An ``L`` image as a mask."""
    mask: NDArray[np.float32] = np.asarray(image, np.float32) / np.float32(255)
    return mask


@dataclass(frozen=True, slots=True)
class Patch:
    """Something to blend into a frame, with its top left corner at (``x``, ``y``), both even.

    For each plane: the share of the frame to keep (256 is all) and what to add, as (h, w) uint16. If it keeps
    nothing of the frame, the patch is copied from ``covers``, which takes a tenth of the time.
    """

    x: int
    y: int
    planes: tuple[tuple[NDArray[np.uint16], NDArray[np.uint16]], ...]
    covers: tuple[NDArray[np.uint8], ...] = field(init=False, default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        if not any(kept.any() for kept, _ in self.planes):
            object.__setattr__(self, "covers", tuple((added >> 8).astype(np.uint8) for _, added in self.planes))

    def burn(self, y: NDArray[np.uint8], u: NDArray[np.uint8], v: NDArray[np.uint8], along: int = 0) -> None:
        """Blend into the planes of a frame, in place, ``along`` (even) pixels further right, clipped."""
        for number, (plane, (kept, added), half) in enumerate(zip((y, u, v), self.planes, (1, 2, 2), strict=True)):
            top, left = self.y // half, (self.x + along) // half
            part = plane[top : top + kept.shape[0], left : left + kept.shape[1]]
            h, w = part.shape
            part[:] = self.covers[number][:h, :w] if self.covers else (part * kept[:h, :w] + added[:h, :w]) >> 8


def half_size(plane: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """The mean of each two by two pixels of a plane of even size, as chroma is stored."""
    rows = plane[0::2] + plane[1::2]
    return np.asarray((rows[:, 0::2] + rows[:, 1::2]) * 0.25)


def ink_patch(x: int, y: int, inks: Sequence[Ink]) -> Patch:
    """``inks``, from bottom to top, as one patch. Masks have the same even (h, w); ``x`` and ``y`` are even."""
    shape = inks[0][0].shape
    cover = np.zeros(shape, np.float32)
    tones = [np.zeros(shape, np.float32) for _ in range(3)]
    for mask, colour, opacity in inks:
        share = mask * np.float32(opacity)
        cover = cover + share * (1 - cover)
        tones = [tone * (1 - share) + level * share for tone, level in zip(tones, colour, strict=True)]
    planes = []
    for index, tone in enumerate(tones):
        alpha = cover
        if index:
            alpha, tone = half_size(cover), half_size(tone)
        kept = (256 - np.round(alpha * 256)).astype(np.uint16)
        added = np.minimum(np.round(tone * 256), 240 * (256 - kept.astype(np.float32)) + 127).astype(np.uint16)
        planes.append((kept, added))
    return Patch(x, y, tuple(planes))
