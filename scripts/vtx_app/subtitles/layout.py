"""Divides words into cues of at most two lines: long ones at clauses, lines where they balance."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from vtx_app.subtitles.words import LINE_WIDTH, Word

__all__ = ["MAX_LINES", "divide", "line_break", "pause_after", "plain_text"]

MAX_LINES = 2

Times = Sequence[tuple[float, float]]
"""When each word is spoken, in seconds: from, to."""

_SENTENCE, _CLAUSE = ".?!…。！？؟۔।", ",;:—–，、；：،؛"
_CLOSING = "\"'”’»)]」』）"

_CUE, _SHORT, _WITHIN, _AFTER_CLAUSE = 10.0, 6.0, 14.0, 3.0
_SHORT_WIDTH = 12
_LONG_PAUSE = 1.0
"""Seconds of silence that call for a new cue."""


def plain_text(words: Sequence[Word]) -> str:
    """The words in one line."""
    return "".join(f" {word.text}" if word.spaced and at else word.text for at, word in enumerate(words))


def line_break(words: Sequence[Word]) -> int | None:
    """How many of the words go into the first of two lines: all if one line holds them; None if two don't.

    The lines have similar widths, the lower one the longer, and break after a punctuation mark near the middle.
    """
    widths = _Widths(words)
    if widths.of(0, len(words)) <= LINE_WIDTH:
        return len(words)
    breaks = [at for at in range(1, len(words)) if max(widths.of(0, at), widths.of(at, len(words))) <= LINE_WIDTH]

    def unbalance(at: int) -> float:
        upper, lower = widths.of(0, at), widths.of(at, len(words))
        good = 10 if _mark(words[at - 1].text) else 0
        return (
            abs(upper - lower) + (2 if upper > lower else 0) - good + (8 if _in_phrase(words[at - 1], words[at]) else 0)
        )

    return min(breaks, key=unbalance, default=None)


def divide(words: Sequence[Word], times: Times, longest: float) -> list[tuple[int, int]]:
    """The cues (first word, end) of words that are spoken at ``times``: each of at most two lines and, unless it is a
    single word, at most ``longest`` seconds. As few as that takes, divided after sentences, else clauses, else where
    the speaker pauses."""
    widths = _Widths(words)
    costs: list[float] = [0.0] + [float("inf")] * len(words)
    starts = [0] * (len(words) + 1)
    for end in range(1, len(words) + 1):
        for first in range(end - 1, -1, -1):
            if widths.of(first, end) > MAX_LINES * LINE_WIDTH + 1:
                break
            fits = line_break(words[first:end]) is not None and times[end - 1][1] - times[first][0] <= longest
            if not fits and end - first > 1:
                continue
            cost = costs[first] + _cost(words, times, widths, first, end)
            if cost < costs[end]:
                costs[end], starts[end] = cost, first
    cues, end = [], len(words)
    while end:
        cues.append((starts[end], end))
        end = starts[end]
    return cues[::-1]


class _Widths:
    """The width of any run of words in a line."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._gaps = [word.spaced for word in words]
        self._sums = [0.0, *accumulate(word.width + word.spaced for word in words)]

    def of(self, first: int, end: int) -> float:
        return self._sums[end] - self._sums[first] - self._gaps[first]


def _cost(words: Sequence[Word], times: Times, widths: _Widths, first: int, end: int) -> float:
    """The penalty for this cue. Its end costs nothing after a sentence or at the end of the line."""
    cost = _CUE + (_SHORT if widths.of(first, end) < _SHORT_WIDTH and end - first < len(words) else 0)
    pauses = [max(0.0, times[at][0] - times[at - 1][1]) for at in range(first + 1, end)]
    cost += sum(_CUE + 1 for pause in pauses if pause > _LONG_PAUSE)
    if end < len(words):
        mark = _mark(words[end - 1].text)
        pause = max(0.0, times[end][0] - times[end - 1][1])
        within = _WITHIN + (4 if _in_phrase(words[end - 1], words[end]) else 0)
        cost += 0 if mark == "sentence" else _AFTER_CLAUSE if mark else within - 10 * min(1.0, pause)
    return cost


def pause_after(word: Word) -> float:
    """The pause after a word in syllables, by its mark."""
    return {"sentence": 2.0, "clause": 1.0}.get(_mark(word.text), 0.0)


def _mark(text: str) -> str:
    """Whether the word ends a sentence or a clause; ``""`` if neither."""
    last = text.rstrip(_CLOSING)[-1:]
    return "sentence" if last and last in _SENTENCE else "clause" if last and last in _CLAUSE else ""


def _in_phrase(before: Word, after: Word) -> bool:
    """Whether a break between the words would divide a phrase of Chinese or Japanese, as far as letters show it.

    A Japanese phrase ends in hiragana, and the next begins with another script. In Chinese only marks show it.
    """
    return not after.spaced and not (_is_hiragana(before.text[-1]) and not _is_hiragana(after.text[0]))


def _is_hiragana(character: str) -> bool:
    return "\u3041" <= character <= "\u309f"
