"""The band above the picture of a review version. The picture is made smaller for it, so that nothing is covered."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
from PIL import ImageFont

from vtx_app.cut.burn_in import BurnedIn, Stretch
from vtx_app.cut.counter import Counter
from vtx_app.cut.delivered import BLACK, planes
from vtx_app.cut.lettering import Ink, Patch, ink_patch, mask_of, printable, text_mask, truncate
from vtx_app.cut.slate_layout import even, layout
from vtx_app.fonts import FONT, font
from vtx_app.formats.time_code import film_time_code, time_code

__all__ = ["ReviewBand"]

_WHITE, _SOFT, _AMBER = (226, 128, 128), (190, 128, 128), (178, 84, 152)


class ReviewBand:
    """Draws the band on frames of ``width`` × ``height`` pixels at ``rate``. ``place`` is where the picture goes."""

    def __init__(self, words: BurnedIn, width: int, height: int, rate: Fraction, font_file: Path = FONT) -> None:
        """Raises :class:`OSError` if ``font_file`` is not a font."""
        self._words, self._rate = words, rate
        self._width, self._height = width, height
        self.place = layout(width, height, "small")
        self._bar = self.place.bar
        self._letters: ImageFont.FreeTypeFont = font(self.place.small, file=font_file)
        self._baseline = self._bar * 0.5 + self.place.small * 0.36
        self._margin = max(2, even(self.place.small * 0.9))
        self._counter = Counter(self._letters, self._bar)
        self._film_left, self._shot_left, self._right = self._columns()
        self._starts = [each.seen.start for each in words.stretches]
        self._strip = lru_cache(maxsize=4)(self._draw)

    def frame(self, picture: av.VideoFrame, index: int) -> av.VideoFrame:
        """The film's frame ``index``: ``picture``, which has the size of ``place``, with the band above it."""
        film = av.VideoFrame(self._width, self._height, "yuv420p")
        drawn = list(planes(film))
        for number, (target, source, black) in enumerate(zip(drawn, planes(picture), BLACK, strict=True)):
            step = 2 if number else 1
            left, top = self.place.left // step, self.place.top // step
            target[:] = black
            target[top : top + source.shape[0], left : left + source.shape[1]] = source
        y, u, v = drawn
        which = bisect_right(self._starts, index) - 1
        self._strip(which).burn(y, u, v)
        if self._film_left is not None:
            self._counter.burn(y, u, v, self._film_left, film_time_code(index, self._rate))
        seen = self._words.stretches[which].seen if which >= 0 else None
        if self._shot_left is not None and seen and seen.clip_id:
            shot = seen.shot_frame(index)
            if shot >= 0:  # in the handle before it a shot has no time code
                self._counter.burn(y, u, v, self._shot_left, time_code(shot, self._rate))
        return film

    def _columns(self) -> tuple[int | None, int | None, int]:
        """Where the time codes of film and shot begin, and where what stands before them must end."""
        right, found = self._width - self._margin, list[int | None]()
        long = self._counter.width(film_time_code(0, self._rate))
        for field in ("film", "shot"):
            left = even(right - long)
            if field not in self._words.fields or left < self._margin:
                found.append(None)
                continue
            found.append(left)
            right = left - self._margin
        return found[0], found[1], right

    def _draw(self, which: int) -> Patch:
        stretch = self._words.stretches[which] if which >= 0 else None
        inks: list[Ink] = [(np.ones((self._bar, self._width), np.float32), BLACK, 1.0 if self.place.top else 0.58)]
        right, left = float(self._right), float(self._margin)
        fields = self._words.fields
        texts = {
            "version": f"cut {self._words.version}" if self._words.version else "",
            "take": f"take {stretch.take}" if stretch and stretch.take else "",
        }
        clip_id = printable(stretch.seen.clip_id) if stretch and "clip" in fields else ""
        room = left + self._letters.getlength(clip_id) + self._margin
        for field in ("take", "version"):
            wide = self._letters.getlength(texts[field])
            if field in fields and texts[field] and right - wide >= room:
                right -= wide
                inks.append(self._ink(texts[field], right, _SOFT))
                right -= self._margin
        for text, colour in self._named(clip_id, stretch):
            words = truncate(text, self._letters, max(0.0, right - left))
            inks.append(self._ink(words, left, colour))
            left += self._letters.getlength(f"{words}   ")
        return ink_patch(0, 0, inks)

    def _named(self, clip_id: str, stretch: Stretch | None) -> list[tuple[str, tuple[int, int, int]]]:
        return [(clip_id, _AMBER), (printable(stretch.title), _WHITE)] if clip_id and stretch else []

    def _ink(self, words: str, left: float, colour: tuple[int, int, int]) -> Ink:
        size = (self._width, self._bar)
        return mask_of(text_mask(size, (left, self._baseline), words, self._letters)), colour, 1.0
