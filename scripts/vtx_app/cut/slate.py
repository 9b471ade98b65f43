"""The slate burned into storyboard clips: clip id, title, time code, beat and dialogue.

It is drawn on the delivered frame when the clip is conformed, not on the take, so a new title renders nothing.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vtx_app.compile.request import Line
from vtx_app.cut.delivery import SlateText
from vtx_app.cut.lettering import (
    Ink,
    Patch,
    halo,
    ink_patch,
    mask_of,
    missing_letters,
    printable,
    text_mask,
    truncate,
    wrap,
)
from vtx_app.cut.timing import Span, even_spans, line_spans
from vtx_app.fonts import FONT, font

__all__ = ["Slate", "time_code"]

_WHITE = (226, 128, 128)
_SOFT = (212, 128, 128)
_AMBER = (178, 84, 152)
_BLACK = (16, 128, 128)

Plane = NDArray[np.uint8]


def time_code(index: int, rate: Fraction) -> str:
    """Frame ``index`` as ``HH:MM:SS:FF``, non-drop: 29.97 counts 30 frames a second."""
    base = max(1, round(rate))
    seconds, frame = divmod(index, base)
    digits = max(2, len(str(base - 1)))
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{frame:0{digits}d}"


def _even(value: float) -> int:
    return int(value) // 2 * 2


class Slate:
    """Draws the slate on the frames of one clip. Each text is drawn once; a frame costs only the blending."""

    def __init__(
        self, text: SlateText, width: int, height: int, rate: Fraction, frames: int, font_file: Path = FONT
    ) -> None:
        """Raises :class:`OSError` if ``font_file`` is not a font."""
        self._font = partial(font, file=font_file)
        self._width, self._height = _even(width), _even(height)
        self._rate, self._frames = rate, max(1, frames)
        self._small = max(7, round(min(height * 0.033, width * 0.028)))
        self._large = max(8, round(self._small * 1.32))
        self._margin = max(2, _even(self._small * 0.9))
        self._cell = _even(self._font(self._small).getlength("0") + 1)  # even: digits start on chroma pixels
        self._bar = min(self._height, _even(self._small * 2.0))
        self._strip, self._code_left = self._draw_strip(printable(text.clip_id), printable(text.title))
        self._digits = {letter: self._digit(letter) for letter in "0123456789:"} if self._strip else {}
        self._beats = [printable(beat) for beat in text.beats]
        self._chunks = self._chunks_of(text.dialogue)
        self._words = [printable(text.title), *self._beats]
        self._words += [printable(words) for line in text.dialogue for words in (line.speaker.upper(), line.text)]
        self._layers = [
            (even_spans(len(self._beats), self._frames), lru_cache(1)(self._draw_beat)),
            ([span for span, _, _ in self._chunks], lru_cache(1)(self._draw_dialogue)),
        ]

    def burn(self, y: Plane, u: Plane, v: Plane, index: int) -> None:
        """Draw the slate of frame ``index`` on its planes, in place (BT.709, video levels, 4:2:0)."""
        index = min(max(0, index), self._frames - 1)
        if self._strip is not None:
            self._strip.burn(y, u, v)
        if self._code_left is not None:
            for place, letter in enumerate(time_code(index, self._rate)):
                self._digits[letter].burn(y, u, v, _even(self._code_left) + place * self._cell)
        for spans, draw in self._layers:
            which = next((i for i, span in enumerate(spans) if span.first <= index < span.end), None)
            if which is not None and (patch := draw(which)):
                patch.burn(y, u, v)

    def missing_letters(self) -> str:
        """The letters of its text that the font lacks and draws a box for."""
        return missing_letters("".join(self._words), self._font(self._small))

    # The strip along the top: clip id and title to the left, time code to the right.

    def _code_width(self) -> int:
        return self._cell * len(time_code(0, self._rate))

    def _draw_strip(self, clip_id: str, title: str) -> tuple[Patch | None, int | None]:
        size = (self._width, self._bar)
        if min(size) < 2:
            return None, None
        letters = self._font(self._small)
        code: int | None = self._width - self._margin - self._code_width()
        room = self._width - 2 * self._margin
        if code is not None and code > self._margin:
            room -= self._code_width() + self._margin
        if code is not None and (code < self._margin or room < 2 * self._small):
            code, room = None, self._width - 2 * self._margin
        baseline = self._bar * 0.5 + self._small * 0.36
        clip_id = truncate(clip_id, letters, room)
        after = self._margin + letters.getlength(clip_id + "   ")
        title = truncate(title, letters, room - (after - self._margin))
        full = np.ones((self._bar, self._width), np.float32)
        inks: list[Ink] = [(full, _BLACK, 0.58)]
        for words, x, colour in ((clip_id, float(self._margin), _AMBER), (title, after, _WHITE)):
            inks.append((mask_of(text_mask(size, (x, baseline), words, letters)), colour, 1.0))
        return ink_patch(0, 0, inks), code

    def _digit(self, letter: str) -> Patch:
        letters, cell = self._font(self._small), self._cell
        x = (cell - letters.getlength(letter)) / 2
        image = text_mask((cell, self._bar), (x, self._bar * 0.5 + self._small * 0.36), letter, letters)
        return ink_patch(0, 0, [(mask_of(image), _WHITE, 0.95)])

    # The beat, under the strip to the left.

    def _draw_beat(self, which: int) -> Patch | None:
        letters = self._font(self._small)
        number = f"{which + 1}/{len(self._beats)}  "
        words = truncate(number + self._beats[which], letters, self._width - 2 * self._margin)
        high = _even(self._small * 1.9)
        if not self._beats[which] or not words or self._bar + high > self._height * 0.6:
            return None
        wide = min(self._width, _even(letters.getlength(words) + 2 * self._margin + 2))
        mask = text_mask((wide, high), (self._margin, high * 0.5 + self._small * 0.36), words, letters)
        inks: list[Ink] = [
            (np.ones((high, wide), np.float32), _BLACK, 0.46),  # readable on a white sky and at night
            (mask_of(mask), _SOFT, 1.0),
        ]
        return ink_patch(0, self._bar, inks)

    # Dialogue, low in the middle: the speaker's name over at most two lines of words.

    def _chunks_of(self, dialogue: tuple[Line, ...]) -> list[tuple[Span, str, list[str]]]:
        """(span, speaker, lines) in order. A long speech is shown in pieces, timed by their letters."""
        room = self._width * 0.84 - 2 * self._margin
        depth = 2 if self._width >= self._height else 3
        chunks: list[tuple[Span, str, list[str]]] = []
        for line, span in zip(dialogue, line_spans(dialogue, self._frames, self._rate), strict=True):
            most = depth * max(1, span.end - span.first)
            lines = wrap(printable(line.text), self._font(self._large), max(room, float(self._large)), most)
            pieces = [lines[i : i + depth] for i in range(0, len(lines), depth)]
            letters = [sum(len(part) for part in piece) for piece in pieces]
            done = 0
            for piece, count in zip(pieces, letters, strict=True):
                length = span.end - span.first
                first = span.first + length * done // sum(letters)
                done += count
                end = span.first + length * done // sum(letters)
                chunks.append((Span(first, end), printable(line.speaker), piece))
        return chunks

    def _draw_dialogue(self, which: int) -> Patch | None:
        _, speaker, lines = self._chunks[which]
        small, large = self._font(self._small), self._font(self._large)
        step, pad = _even(self._large * 1.3), self._margin
        room = self._width - 2 * pad
        name = truncate(speaker.upper(), small, room)
        head = _even(self._small * 1.4) if name else 0
        if self._bar + head + step * len(lines) + pad > self._height:
            name, head = "", 0
        lines = lines[: max(1, (self._height - self._bar) // step)]
        high = min(self._height, _even(head + step * len(lines) + pad))
        widest = max([large.getlength(line) for line in lines] + [small.getlength(name)])
        wide = min(self._width, _even(widest + 4 * pad + 2))
        if high < 2 or wide < 2:
            return None
        words = text_mask((wide, high), (0, 0), "", large)
        for number, line in enumerate(lines):
            x, y = (wide - large.getlength(line)) / 2, pad * 0.5 + head + step * (number + 0.5) + self._large * 0.36
            words.paste(255, (0, 0), text_mask((wide, high), (x, y), line, large))
        who = text_mask((wide, high), ((wide - small.getlength(name)) / 2, pad * 0.5 + head * 0.75), name, small)
        box = np.zeros((high, wide), np.float32)
        box[1:-1, 1:-1] = 1.0
        both = words.copy()
        both.paste(255, (0, 0), who)
        inks: list[Ink] = [
            (box, _BLACK, 0.34),
            (halo(both, self._large * 0.14), _BLACK, 0.7),
            (mask_of(who), _AMBER, 1.0),
            (mask_of(words), _WHITE, 1.0),
        ]
        bottom = self._height - max(2, _even(self._height * 0.05))
        return ink_patch(_even((self._width - wide) / 2), max(0, _even(bottom - high)), inks)
