"""Who is in a shot, on its slate: a card with a portrait in the margin, and a tag over each head in the picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from vtx_app.cut.lettering import Ink, Patch, half_size, ink_patch, mask_of, printable, text_mask, truncate
from vtx_app.cut.slate_layout import Layout, even

__all__ = ["Cards", "Cast", "Figure", "Tag", "Tags"]

_WHITE, _BLACK = (226, 128, 128), (16, 128, 128)


@dataclass(frozen=True, slots=True)
class Figure:
    """A character of the shot: a square ``portrait`` (RGB), the ``colour`` of the tag, and whether they are visible."""

    name: str
    portrait: Image.Image
    colour: tuple[int, int, int]
    seen: bool


@dataclass(frozen=True, slots=True)
class Tag:
    """A name above a head: its middle and top as fractions of the take's width and height."""

    name: str
    x: float
    y: float
    colour: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is in a shot; ``tags`` gives those of a frame of the shot (from 0)."""

    figures: tuple[Figure, ...] = ()
    tags: Callable[[int], Sequence[Tag]] | None = None


def _luma(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """RGB as Y, U, V at video levels (BT.709)."""
    r, g, b = (value / 255 for value in colour)
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    return round(16 + 219 * y), round(128 + 224 * (b - y) / 1.8556), round(128 + 224 * (r - y) / 1.5748)


def _picture_patch(image: Image.Image, x: int, y: int) -> Patch:
    """``image`` (RGB, even size) as a patch that covers what is under it."""
    rgb = np.asarray(image, np.float32) / 255
    luma = rgb @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    planes: list[NDArray[np.floating[Any]]] = [16 + 219 * luma]
    for channel, span in ((2, 1.8556), (0, 1.5748)):
        full = 128 + 224 * (rgb[..., channel] - luma) / span
        planes.append(half_size(full))
    return Patch(
        x, y, tuple((np.zeros(each.shape, np.uint16), np.round(each * 256).astype(np.uint16)) for each in planes)
    )


class Cards:
    """Portraits with names in the margins beside the picture; whoever speaks has a bright frame."""

    def __init__(self, figures: Sequence[Figure], place: Layout, width: int, letters: ImageFont.FreeTypeFont) -> None:
        self._cards: list[tuple[str, Patch, Patch]] = []
        pad = max(2, even(place.small * 0.4))
        side = even(place.left - 2 * pad)
        high = even(side + place.small * 1.7)
        if side < 3 * place.small or place.height < high:
            return
        column = max(1, place.height // (high + pad))
        for number, figure in enumerate(figures[: 2 * column]):
            x = pad if number < column else even(width - place.left + pad)
            y = even(place.top + pad + (number % column) * (high + pad))
            quiet, speaking = (_card(figure, x, y, side, high, letters, lit) for lit in (False, True))
            self._cards.append((figure.name, quiet, speaking))

    def burn(self, y: NDArray[np.uint8], u: NDArray[np.uint8], v: NDArray[np.uint8], speaker: str | None) -> None:
        """Draw the cards while ``speaker`` speaks."""
        for name, quiet, speaking in self._cards:
            (speaking if name == speaker else quiet).burn(y, u, v)


def _card(figure: Figure, x: int, y: int, side: int, high: int, letters: ImageFont.FreeTypeFont, lit: bool) -> Patch:
    card = Image.new("RGB", (side, high), (12, 12, 14))
    portrait = figure.portrait.resize((side, side), Image.Resampling.LANCZOS)
    if not figure.seen:
        portrait = Image.blend(
            portrait.convert("L").convert("RGB"), Image.new("RGB", portrait.size, (40, 42, 48)), 0.35
        )
    card.paste(portrait, (0, 0))
    draw = ImageDraw.Draw(card)
    edge = max(2, side // 28)
    draw.rectangle(
        (0, 0, side - 1, side - 1), outline=(242, 182, 66) if lit else figure.colour, width=edge if lit else 1
    )
    words = printable(figure.name) + ("" if figure.seen else " (off)")
    words = truncate(words, letters, side - 2)
    if words:
        left = (side - letters.getlength(words)) / 2
        draw.text(
            (left, side + (high - side) * 0.72),
            words,
            fill=(242, 182, 66) if lit else (206, 206, 206),
            font=letters,
            anchor="ls",
        )
    return _picture_patch(card, x, y)


class Tags:
    """Names over the heads in the picture."""

    def __init__(self, place: Layout, letters: ImageFont.FreeTypeFont) -> None:
        self._place, self._letters = place, letters
        self._drawn: dict[str, Patch | None] = {}

    def burn(
        self, y: NDArray[np.uint8], u: NDArray[np.uint8], v: NDArray[np.uint8],
        tags: Sequence[Tag], picture: tuple[int, int, int, int],
    ) -> None:  # fmt: skip
        """Draw ``tags`` on the ``picture`` (left, top, width, height in pixels of the frame)."""
        left, top, width, height = picture
        taken: list[tuple[int, int, int, int]] = []
        for tag in tags:
            patch = self._patch(tag)
            if patch is None or not (-0.1 < tag.x < 1.1 and -0.3 < tag.y < 1.0):
                continue
            high, wide = patch.planes[0][0].shape
            x = even(min(max(left, left + tag.x * width - wide / 2), left + width - wide))
            at = even(min(max(top, top + tag.y * height - high * 1.15), top + height - high))
            while (
                any(x < r and x + wide > left_ and at < b and at + high > t for left_, t, r, b in taken)
                and at + 2 * high < top + height
            ):
                at += high
            taken.append((x, at, x + wide, at + high))
            if x >= left and at >= top:
                replace(patch, x=x, y=at).burn(y, u, v)

    def _patch(self, tag: Tag) -> Patch | None:
        if tag.name not in self._drawn:
            words, size = truncate(printable(tag.name), self._letters, self._place.width * 0.3), self._place.small
            wide, high = even(self._letters.getlength(words) + size * 1.3) + 2, even(size * 1.5)
            if not words or wide < 4 or high < 4 or wide > self._place.width or high > self._place.height:
                self._drawn[tag.name] = None
            else:
                full = np.ones((high, wide), np.float32)
                bar = np.zeros((high, wide), np.float32)
                bar[:, : max(2, size // 4)] = 1
                mask = text_mask((wide, high), (size * 0.65, high * 0.5 + size * 0.34), words, self._letters)
                inks: list[Ink] = [(full, _BLACK, 0.62), (bar, _luma(tag.colour), 1.0), (mask_of(mask), _WHITE, 1.0)]
                self._drawn[tag.name] = ink_patch(0, 0, inks)
        return self._drawn[tag.name]
