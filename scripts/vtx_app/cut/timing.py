"""When things are said and shown in a clip: shared by the guide sound and the burned slate, so they agree."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from vtx_app.compile.request import Line

__all__ = ["Span", "even_spans", "line_spans", "spoken_seconds"]

_LETTERS_PER_SECOND = 14.0
"""About 150 words a minute, an actor's conversational pace."""

_WIDE_PER_SECOND = 5.0
"""Chinese, Japanese and Korean characters, of which each is about a syllable or two."""


@dataclass(frozen=True, slots=True)
class Span:
    """Frames ``first`` up to, not including, ``end``."""

    first: int
    end: int


def spoken_seconds(text: str) -> float:
    """How long it takes to say ``text``: at least three quarters of a second."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return max(0.75, wide / _WIDE_PER_SECOND + (len(text) - wide) / _LETTERS_PER_SECOND)


def line_spans(lines: Sequence[Line], frames: int, rate: Fraction) -> list[Span]:
    """When each of ``lines`` is said in a clip of ``frames`` at ``rate``: in order, apart, inside the clip.

    Spoken at a natural pace with pauses around; where the clip is too short for that, all is said faster.
    Every line has at least one frame as long as there are no more lines than frames; of more, those that
    find no room have an empty span.
    """
    wanted = [spoken_seconds(line.text) * float(rate) for line in lines]
    total, count = sum(wanted), len(lines)
    if not count:
        return []
    slack = max(0.0, frames - total)
    pause = min(slack / (count + 1), 1.2 * float(rate))
    pace = min(1.0, frames / total)
    spans: list[Span] = []
    at = pause
    for position, length in enumerate(wanted):
        earliest = spans[-1].end if spans else 0
        latest = max(earliest, frames - (count - position))
        first = min(max(round(at), earliest), latest, frames)
        at += length * pace
        left = count - position - 1
        end = min(max(round(at), first + 1), max(first + 1, frames - left), frames)
        spans.append(Span(first, end))
        at += pause
    return spans


def even_spans(count: int, frames: int) -> list[Span]:
    """``frames`` shared evenly among ``count`` things one after the other, none left over; empty for none."""
    return [Span(frames * i // count, frames * (i + 1) // count) for i in range(count)]
