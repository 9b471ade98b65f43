"""When lines and beats come in a clip: shared by guide sound and slate, so that they agree."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from vtx_app.compile.request import Line

__all__ = ["Span", "even_spans", "line_spans", "spans_of", "spoken_seconds"]

_LETTERS_PER_SECOND = 14.0
"""About 150 words a minute, an actor's conversational pace."""

_WIDE_PER_SECOND = 5.0
"""Chinese, Japanese and Korean characters, each a syllable or two."""


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
    """When each of ``lines`` is spoken in a clip of ``frames`` at ``rate``: in order, not overlapping, inside the clip.

    The pace is natural, with pauses around each line; in a clip too short for that, all lines are faster. Every line
    has at least one frame, unless there are more lines than frames: then some spans are empty.
    """
    return spans_of([spoken_seconds(line.text) for line in lines], frames, rate)


def spans_of(seconds: Sequence[float], frames: int, rate: Fraction) -> list[Span]:
    """:func:`line_spans` of lines that take these ``seconds`` each."""
    lengths = [each * float(rate) for each in seconds]
    total, count = sum(lengths), len(lengths)
    if not count:
        return []
    slack = max(0.0, frames - total)
    pause = min(slack / (count + 1), 1.2 * float(rate))
    pace = min(1.0, frames / total)
    spans: list[Span] = []
    at = pause
    for position, length in enumerate(lengths):
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
    """``frames`` divided evenly into ``count`` consecutive spans."""
    return [Span(frames * i // count, frames * (i + 1) // count) for i in range(count)]
