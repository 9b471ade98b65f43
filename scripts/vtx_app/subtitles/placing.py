"""When each word of a shot is spoken: its lines aligned with the speech found in the take.

All times are seconds from the beginning of the shot; negative ones lie in the handle before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from vtx_app.cut.timing import spans_of
from vtx_app.subtitles.layout import pause_after
from vtx_app.subtitles.words import Word

__all__ = ["Spoken", "place_lines"]

Stretch = tuple[float, float]

_SYLLABLES_PER_SECOND = 5.0
"""Conversation runs at 4 to 6 syllables a second in most languages (Pellegrino and others, 2011, Language 87)."""

_SHORTEST_LINE = 0.5
_LEAST_SPEECH = 0.25
"""If less than this share of the estimated time is speech, what was found is something else."""

_PAUSE_WORTH = 0.6
_NO_PAUSE = 0.5
"""The cost of a boundary between lines without a pause; at a pause, the cost is the distance to where it should be."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line: who says it (``""`` if unknown), its words, and from when to when each is spoken, in seconds."""

    speaker: str
    words: tuple[Word, ...]
    times: tuple[Stretch, ...]


def place_lines(
    lines: Sequence[tuple[str, Sequence[Word]]], speech: Sequence[Stretch], frames: int, rate: Fraction
) -> list[Spoken]:
    """When the ``lines`` (speaker, words; one word at least) of a shot of ``frames`` are spoken.

    They share the ``speech`` that was found in proportion to their syllables, with boundaries between lines at the
    speaker's pauses. Without enough speech, the pace of conversation places them in the shot.
    """
    if not lines:
        return []
    seconds = [_seconds(words) for _, words in lines]
    found = sum(end - start for start, end in speech)
    if found < _LEAST_SPEECH * sum(seconds):
        spans = spans_of(seconds, frames, rate)
        shares = [[(float(span.first / rate), float(span.end / rate))] for span in spans]
        return [
            Spoken(who, tuple(words), _words_in(words, share, paused=True))
            for (who, words), share in zip(lines, shares, strict=True)
        ]
    axis = _Axis(speech)
    edges = [0.0, *_boundaries(axis, seconds), axis.length]
    return [
        Spoken(who, tuple(words), _words_in(words, axis.between(edges[at], edges[at + 1]), paused=False))
        for at, (who, words) in enumerate(lines)
    ]


def _seconds(words: Sequence[Word]) -> float:
    syllables = sum(word.syllables + pause_after(word) for word in words)
    return max(_SHORTEST_LINE, syllables / _SYLLABLES_PER_SECOND)


def _words_in(words: Sequence[Word], share: Sequence[Stretch], *, paused: bool) -> tuple[Stretch, ...]:
    """The times of words spoken in these stretches; ``paused``: the stretches include pauses at punctuation."""
    axis = _Axis(share)
    pauses = [pause_after(word) if paused and at < len(words) - 1 else 0.0 for at, word in enumerate(words)]
    total = sum(max(word.syllables, 0.2) + pause for word, pause in zip(words, pauses, strict=True))
    times, at = [], 0.0
    for word, pause in zip(words, pauses, strict=True):
        first, at = at, at + max(word.syllables, 0.2) / total * axis.length
        times.append((axis.start_at(first), axis.end_at(at)))
        at += pause / total * axis.length
    return tuple(times)


class _Axis:
    """Stretches laid end to end. A position is in seconds of speech, without the silence between."""

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        self.stretches = list(stretches)
        self.ends: list[float] = []
        at = 0.0
        for start, end in stretches:
            at += end - start
            self.ends.append(at)
        self.length = at

    def pauses(self) -> list[tuple[float, float]]:
        """Every pause: its position and its length in seconds."""
        gaps = [later[0] - earlier[1] for earlier, later in zip(self.stretches, self.stretches[1:], strict=False)]
        return list(zip(self.ends, gaps, strict=False))

    def start_at(self, place: float) -> float:
        """The time of a position; at a pause, the end of the pause."""
        return self._time(place, after=True)

    def end_at(self, place: float) -> float:
        """The time of a position; at a pause, the beginning of the pause."""
        return self._time(place, after=False)

    def _time(self, place: float, *, after: bool) -> float:
        begin = 0.0
        for (start, end), until in zip(self.stretches, self.ends, strict=True):
            if place < until - 1e-9 or (not after and place <= until + 1e-9):
                return min(end, start + max(0.0, place - begin))
            begin = until
        return self.stretches[-1][1]

    def between(self, first: float, end: float) -> list[Stretch]:
        """The stretches between two positions."""
        found, begin = [], 0.0
        for (start, _), until in zip(self.stretches, self.ends, strict=True):
            low, high = max(first, begin), min(end, until)
            if high - low > 1e-9:
                found.append((start + low - begin, start + high - begin))
            begin = until
        return found or [(self.start_at(first), self.start_at(first))]


def _boundaries(axis: _Axis, seconds: Sequence[float]) -> list[float]:
    """The positions at which one line ends and the next begins: near its share, at a pause if possible."""
    scale = axis.length / sum(seconds)
    ideal, at = [], 0.0
    for each in seconds[:-1]:
        at += each * scale
        ideal.append(at)
    best: list[tuple[float, list[float]]] = [(0.0, [])]
    for number, wanted in enumerate(ideal):
        reach = scale * min(
            seconds[number], seconds[number + 1]
        )  # so that the next boundary always finds a later position
        choices = [(wanted, _NO_PAUSE)] + [
            (place, abs(place - wanted) / reach - _PAUSE_WORTH * min(1.0, pause))
            for place, pause in axis.pauses()
            if abs(place - wanted) < reach
        ]
        best = [
            min((cost + more, [*places, place]) for cost, places in best if not places or places[-1] < place)
            for place, more in choices
        ]
    return min(best)[1]
