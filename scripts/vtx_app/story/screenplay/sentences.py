"""Split text into sentences, and long text into parts that fit, for example into one shot."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import pairwise

__all__ = ["sentences", "split_to_fit"]

_SENTENCE = re.compile(
    r"(?<!\bMr)(?<!\bDr)(?<!\bSt)(?<!\bMrs)(?<![.!?…])[.!?…]+[\"'”’»)\]]*\s+|[。！？]+[」』”’）]*\s*"
)
_CLAUSE = re.compile(r"[,;:–—]+[\"'”’»)\]]*\s+|[、，；：]\s*")
_SPACE = re.compile(r"\s+")
_WINDOW = 2000
"""The most characters of a part, which are searched for its end."""


def sentences(text: str) -> list[str]:
    """The sentences of ``text``, with spaces for line breaks."""
    flat = " ".join(text.split())
    ends = [0, *(found.end() for found in _SENTENCE.finditer(flat)), len(flat)]
    return [part for start, end in pairwise(ends) if (part := flat[start:end].strip())]


def split_to_fit(text: str, fits: Callable[[str], bool]) -> list[str]:
    """``text`` in parts that each fit, split after sentences, else after commas, else between words.

    Only a word that doesn't fit by itself, or a script without spaces, is split inside. The parts joined by spaces
    have the same words. ``fits`` must be true of every beginning of a text of which it is true.
    """
    rest, parts = " ".join(text.split()), list[str]()
    while rest and (len(rest) > _WINDOW or not fits(rest)):
        end = _end(rest[:_WINDOW], fits)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def _end(text: str, fits: Callable[[str], bool]) -> int:
    def last(ends: list[int]) -> int:
        number = bisect_right(ends, False, key=lambda end: not fits(text[:end].rstrip()))
        return ends[number - 1] if number else 0

    reach = last([found.end() for found in _SPACE.finditer(text)]) or max(last(list(range(1, len(text) + 1))), 1)
    for pattern in (_SENTENCE, _CLAUSE):
        end = last([found.end() for found in pattern.finditer(text)])
        if end * 3 >= reach:  # a part of one short sentence is no use
            return end
    return reach
