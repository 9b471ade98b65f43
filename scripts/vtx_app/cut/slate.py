"""The slate of storyboard clips: clip id, title, beat, take and time codes above the picture, dialogue under it.

It is drawn on the delivered frame when the clip is conformed, not on the take, so a new title renders nothing, and
outside the picture, which is made smaller for it.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache, partial
from pathlib import Path

import av
import numpy as np
from av.video.plane import VideoPlane
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from vtx_app.compile.request import Line
from vtx_app.cut.counter import Counter
from vtx_app.cut.delivery import SlateText
from vtx_app.cut.lettering import Ink, Patch, ink_patch, mask_of, missing_letters, printable, text_mask, truncate, wrap
from vtx_app.cut.slate_layout import even, layout
from vtx_app.cut.slate_people import Cards, Cast, Tags
from vtx_app.cut.timing import Span, even_spans, line_spans
from vtx_app.fonts import FONT, font
from vtx_app.formats.time_code import time_code

__all__ = ["Slate"]

_WHITE, _SOFT, _AMBER, _BLACK = (226, 128, 128), (190, 128, 128), (178, 84, 152), (16, 128, 128)

Plane = NDArray[np.uint8]


def _same(one: VideoPlane, other: VideoPlane) -> bool:
    first, second = np.frombuffer(one, np.uint8), np.frombuffer(other, np.uint8)
    few = slice(None, None, 997)  # they tell most frames of a move apart
    return np.array_equal(first[few], second[few]) and np.array_equal(first, second)


class Slate:
    """Draws the slate on the frames of one clip. Each text is drawn once; a frame costs only the blending.

    ``place`` says where the picture goes: the frame is otherwise the slate's.
    """

    def __init__(
        self, text: SlateText, width: int, height: int, rate: Fraction, frames: int, font_file: Path = FONT,
        cast: Cast | None = None,
    ) -> None:  # fmt: skip
        """Raises :class:`OSError` if ``font_file`` is not a font."""
        self._font = partial(font, file=font_file)
        self._width, self._height = even(width), even(height)
        self._rate, self._frames = rate, max(1, frames)
        style = text.style or "full"
        self.place = layout(width, height, style)
        self._small, self._large, self._bar = self.place.small, self.place.large, min(self._height, self.place.bar)
        self._margin = max(2, even(self._small * 0.9))
        self._counter = Counter(self._font(self._small), self._bar)
        self._code_left: int | None = None
        self._strip = self._draw_strip(text)
        self._beats = [printable(beat) for beat in text.beats] if style == "full" else []
        self._lines = text.dialogue if style == "full" else ()
        self._spans = line_spans(text.dialogue, self._frames, rate)
        self._speakers = [line.speaker for line in text.dialogue]
        self._chunks = self._chunks_of(self._lines)
        self._words = [printable(text.title), *(printable(beat) for beat in text.beats)]
        self._words += [printable(words) for line in text.dialogue for words in (line.speaker.upper(), line.text)]
        self._layers = [
            (even_spans(len(self._beats), self._frames), lru_cache(1)(self._draw_beat)),
            ([span for span, _, _ in self._chunks], lru_cache(1)(self._draw_dialogue)),
        ]
        cast = (cast or Cast()) if style == "full" else Cast()
        names = self._font(max(7, round(self._small * 0.86)))
        self._cards = Cards(cast.figures, self.place, self._width, names)
        self._kept: tuple[av.VideoFrame, av.VideoFrame] | None = None
        self._scaler = VideoReformatter()  # it keeps its tables; a frame's own would make them each time
        self._tags, self._tags_of = Tags(self.place, names), cast.tags

    def burn(self, y: Plane, u: Plane, v: Plane, index: int, picture: tuple[int, int, int, int] | None = None) -> None:
        """Draw the slate of frame ``index`` on its planes, in place (BT.709, video levels, 4:2:0).

        ``picture``: where in the frame the take is (left, top, width, height in pixels), for the names over heads.
        """
        index = min(max(0, index), self._frames - 1)
        if self._tags_of is not None and picture is not None:
            self._tags.burn(y, u, v, self._tags_of(index), picture)
        self._cards.burn(y, u, v, self._speaker(index))
        if self._strip is not None:
            self._strip.burn(y, u, v)
        if self._code_left is not None:
            self._counter.burn(y, u, v, self._code_left, time_code(index, self._rate))
        for spans, draw in self._layers:
            which = next((i for i, span in enumerate(spans) if span.first <= index < span.end), None)
            if which is not None and (patch := draw(which)):
                patch.burn(y, u, v)

    def shrink(self, picture: av.VideoFrame, width: int, height: int) -> av.VideoFrame:
        """``picture`` at ``width`` × ``height`` pixels; one that is the same as before is not scaled again."""
        if (picture.width, picture.height) == (width, height):
            return picture
        if self._kept is not None:
            before, small = self._kept
            if (before.width, before.height, small.width, small.height) == (
                picture.width, picture.height, width, height,
            ) and all(map(_same, before.planes, picture.planes)):  # fmt: skip
                return small
        small = self._scaler.reformat(
            picture, width, height, "yuv420p", interpolation=Interpolation.BILINEAR, threads=1
        )
        self._kept = picture, small
        return small

    def missing_letters(self) -> str:
        """The letters of its text that the font lacks and draws a box for."""
        return missing_letters("".join(self._words), self._font(self._small))

    def _speaker(self, index: int) -> str | None:
        found = next((i for i, span in enumerate(self._spans) if span.first <= index < span.end), None)
        return None if found is None else self._speakers[found]

    # The band above: clip id and title to the left; take and time code of the shot to the right.

    def _draw_strip(self, text: SlateText) -> Patch | None:
        size = (self._width, self._bar)
        if min(size) < 2:
            return None
        letters, baseline = self._font(self._small), self._bar * 0.5 + self._small * 0.36
        right = self._width - self._margin
        words: list[tuple[str, float, tuple[int, int, int]]] = []
        long = self._counter.width(time_code(0, self._rate))
        if right - long >= self._margin:
            self._code_left = even(right - long)
            right = self._code_left - self._margin
        take = f"take {text.take}" if text.take else ""
        if take and right - letters.getlength(take) > self._width * 0.45:
            right -= int(letters.getlength(take))
            words.append((take, float(right), _SOFT))
            right -= self._margin
        room = right - self._margin
        clip_id = truncate(printable(text.clip_id), letters, max(0, room))
        words.append((clip_id, float(self._margin), _AMBER))
        after = self._margin + letters.getlength(f"{clip_id}   ")
        title = truncate(printable(text.title), letters, max(0.0, right - after))
        words.append((title, after, _WHITE))
        self._beat_left = after + letters.getlength(f"{title}   ")
        self._beat_right = right
        inks: list[Ink] = [(np.ones((self._bar, self._width), np.float32), _BLACK, 1.0 if self.place.top else 0.58)]
        inks += [
            (mask_of(text_mask(size, (x, baseline), each, letters)), colour, 1.0) for each, x, colour in words if each
        ]
        return ink_patch(0, 0, inks)

    # The beat, in the band after the title.

    def _draw_beat(self, which: int) -> Patch | None:
        letters, left = self._font(self._small), even(self._beat_left)
        room = self._beat_right - left
        words = truncate(f"{which + 1}/{len(self._beats)}  {self._beats[which]}", letters, max(0.0, room))
        wide = even(min(room, letters.getlength(words) + 4))
        if not self._beats[which] or not words or wide < 2 or self._bar < 2:
            return None
        mask = text_mask((wide, self._bar), (0, self._bar * 0.5 + self._small * 0.36), words, letters)
        return ink_patch(left, 0, [(mask_of(mask), _SOFT, 1.0)])

    # Dialogue, in the band below: the speaker's name before the words.

    def _chunks_of(self, dialogue: tuple[Line, ...]) -> list[tuple[Span, str, list[str]]]:
        """(span, speaker, lines) in order. A long speech is shown in pieces, timed by their letters."""
        depth = max(1, self.place.lines)
        chunks: list[tuple[Span, str, list[str]]] = []
        for line, span in zip(dialogue, line_spans(dialogue, self._frames, self._rate), strict=True):
            name = self._name(line.speaker)
            room = self._width * 0.88 - 2 * self._margin - 2 * self._font(self._small).getlength(name)
            most = depth * max(1, span.end - span.first)
            lines = wrap(printable(line.text), self._font(self._large), max(room, float(self._large)), most)
            pieces = [lines[i : i + depth] for i in range(0, len(lines), depth)]
            letters = [sum(len(part) for part in piece) for piece in pieces]
            done = 0
            for piece, count in zip(pieces, letters, strict=True):
                length = span.end - span.first
                first = span.first + length * done // sum(letters)
                done += count
                chunks.append((Span(first, span.first + length * done // sum(letters)), name, piece))
        return chunks

    def _name(self, speaker: str) -> str:
        name = truncate(printable(speaker).upper(), self._font(self._small), self._width * 0.16)
        return f"{name}  " if name else ""

    def _draw_dialogue(self, which: int) -> Patch | None:
        _, name, lines = self._chunks[which]
        small, large = self._font(self._small), self._font(self._large)
        step = even(self._large * 1.28)
        lines = lines[: max(1, (self._height - self._bar) // max(2, step))]
        high = self.place.foot or min(self._height, even(step * len(lines) + self._large * 0.5))
        label = small.getlength(name)
        widest = max([large.getlength(line) for line in lines], default=0.0)
        wide = min(self._width, even(widest + 2 * label + 2 * self._margin + 2))
        if high < 2 or wide < 2:
            return None
        first = (high - step * len(lines)) / 2 + step * 0.5 + self._large * 0.36
        left = max(0.0, (wide - widest) / 2)
        words = text_mask((wide, high), (0, 0), "", large)
        for number, line in enumerate(lines):
            words.paste(255, (0, 0), text_mask((wide, high), (left, first + step * number), line, large))
        who = text_mask((wide, high), (max(0.0, left - label), first), name, small)
        inks: list[Ink] = [
            (np.ones((high, wide), np.float32), _BLACK, 1.0 if self.place.foot else 0.6),
            (mask_of(who), _AMBER, 1.0),
            (mask_of(words), _WHITE, 1.0),
        ]
        low = self._height if self.place.foot else self._height - max(2, even(self._height * 0.05))
        return ink_patch(even((self._width - wide) / 2), max(0, even(low - high)), inks)
