"""What is heard → cues in frames of the film, by the usual rules of subtitling.

A cue has at most two lines of 42 columns. It lasts from its first word to its last, and longer if reading takes longer,
as far as the silence after it allows: 17 columns a second, 1 to 7 seconds. Two frames separate cues. A cue that begins
just after a cut, or ends just before one, is moved to the cut; a cue crosses a cut only if its sound does. The figures
are those of the BBC's and Netflix's guides for English.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from vtx_app.media.subtitles import Subtitle
from vtx_app.subtitles.film import HeardLine
from vtx_app.subtitles.layout import MAX_LINES, divide, line_break, plain_text
from vtx_app.subtitles.words import LINE_WIDTH, Word, text_width

__all__ = ["COLUMNS_PER_SECOND", "GAP", "MAX_SECONDS", "MIN_SECONDS", "Cue", "make_cues", "subtitle"]

COLUMNS_PER_SECOND = 17
MIN_SECONDS, MAX_SECONDS = 1, 7
GAP = 2
"""Frames between two cues."""

_SNAP_START, _SNAP_END = Fraction(1, 4), Fraction(1, 2)
"""A cue that begins or ends within this many seconds of a cut is moved to it."""

_EARLY = Fraction(1, 2)
"""Seconds by which a cue may precede its words if it would be too short otherwise."""

_MOMENT = Fraction(1, 3)
"""The shortest time in seconds for which a cue is shown while others wait."""

_DASH = "- "


@dataclass(frozen=True, slots=True)
class Cue:
    """``lines`` that are shown in the film's frames ``start`` up to, not including, ``end``.

    ``speakers``: who speaks: one for all lines, or one for each.
    """

    start: int
    end: int
    lines: tuple[str, ...]
    speakers: tuple[str, ...]


Turn = tuple[str, tuple[Word, ...]]
"""A speaker and what they say."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A cue as spoken, from frame ``start`` to ``end``: one turn, or two short ones by two speakers."""

    start: int
    end: int
    turns: tuple[Turn, ...]

    def lines(self) -> tuple[str, ...] | None:
        """The lines of the cue; None if there is no room for them."""
        if len(self.turns) == 1:
            words = self.turns[0][1]
            upper = line_break(words)
            return (
                None if upper is None else tuple(filter(None, (plain_text(words[:upper]), plain_text(words[upper:]))))
            )
        lines = tuple(_DASH + plain_text(words) for _, words in self.turns)
        return lines if max(map(text_width, lines)) <= LINE_WIDTH and len(lines) == MAX_LINES else None


def make_cues(lines: Iterable[HeardLine], cuts: Sequence[int], frames: int, rate: Fraction) -> list[Cue]:
    """The cues of a film of ``frames`` at ``rate`` frames per second, in order. ``cuts``: frames, in order."""
    drafts = sorted((draft for line in lines for draft in _drafts(line, frames, rate)), key=lambda draft: draft.start)
    return list(_timed(list(_merged(drafts, cuts, rate)), cuts, frames, rate))


def subtitle(cue: Cue, rate: Fraction) -> Subtitle:
    """The cue in seconds of the film."""
    return Subtitle(cue.start / rate, cue.end / rate, "\n".join(cue.lines), cue.speakers)


def _drafts(line: HeardLine, frames: int, rate: Fraction) -> Iterator[_Draft]:
    seconds = [(start / float(rate), end / float(rate)) for start, end in line.times]
    for first, end in divide(line.words, seconds, MAX_SECONDS):
        start = min(max(0, floor(line.times[first][0] + 0.5)), frames - 1)
        stop = min(max(start + 1, ceil(line.times[end - 1][1] - 0.5)), frames)
        yield _Draft(start, stop, ((line.speaker, line.words[first:end]),))


def _merged(drafts: Sequence[_Draft], cuts: Sequence[int], rate: Fraction) -> Iterator[_Draft]:
    """The drafts, with two merged if the first could not be shown for long enough before the second."""
    last: _Draft | None = None
    for draft in drafts:
        if last is not None and draft.start - GAP - last.start < MIN_SECONDS * rate:
            both = _both(last, draft)
            same_shot = bisect_right(cuts, draft.start) == bisect_right(cuts, max(last.start, last.end - 1))
            if same_shot and both.end - both.start <= MAX_SECONDS * rate and both.lines() is not None:
                last = both
                continue
        if last is not None:
            yield last
        last = draft
    if last is not None:
        yield last


def _both(first: _Draft, second: _Draft) -> _Draft:
    (before, words), (speaker, more) = first.turns[-1], second.turns[0]
    turns: tuple[Turn, ...] = (*first.turns, *second.turns)
    if before == speaker and len(second.turns) == 1:
        turns = (*first.turns[:-1], (speaker, (*words, replace(more[0], spaced=True), *more[1:])))
    return _Draft(first.start, max(first.end, second.end), turns)


def _timed(drafts: Sequence[_Draft], cuts: Sequence[int], frames: int, rate: Fraction) -> Iterator[Cue]:
    starts = [_snapped(draft, drafts[at - 1] if at else None, cuts, rate) for at, draft in enumerate(drafts)]
    free = 0
    for at, draft in enumerate(drafts):
        lines, speakers = draft.lines() or (), tuple(speaker for speaker, _ in draft.turns)
        start = max(starts[at], free)
        spoken = max(draft.end, start + 1)
        place = bisect_left(cuts, spoken)
        shot_end = cuts[place] if place < len(cuts) else frames
        next_start = starts[at + 1] if at + 1 < len(drafts) else frames + GAP
        # More words than fit in one cue: each is shown for a moment, and the next one is late.
        limit = min(shot_end, max(next_start - GAP, start + ceil(_MOMENT * rate)), start + floor(MAX_SECONDS * rate))
        width = sum(map(text_width, lines))
        wanted = max(spoken - start, ceil(MIN_SECONDS * rate), ceil(width * rate / COLUMNS_PER_SECOND))
        end = min(start + wanted, limit)
        if shot_end - end <= _SNAP_END * rate:
            end = limit
        missing = ceil(MIN_SECONDS * rate) - (end - start)
        if missing > 0:
            start -= max(0, min(missing, start - free, start - _shot_start(start, cuts), floor(_EARLY * rate)))
        if start < end:
            yield Cue(start, end, lines, speakers if any(speakers) else ())
            free = end + GAP


def _snapped(draft: _Draft, before: _Draft | None, cuts: Sequence[int], rate: Fraction) -> int:
    """The start of a cue, moved to the cut right before it unless other words cross that cut."""
    cut = _shot_start(draft.start, cuts)
    near = draft.start - cut <= _SNAP_START * rate and (before is None or before.end + GAP <= cut)
    return cut if near else draft.start


def _shot_start(frame: int, cuts: Sequence[int]) -> int:
    place = bisect_right(cuts, frame)
    return cuts[place - 1] if place else 0
