"""Text in sentences, and long text in parts that are said in one breath or shown in one shot."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import pairwise

__all__ = ["divided", "sentences"]

_SENTENCE = re.compile(r"(?<!\bMr)(?<!\bDr)(?<!\bSt)(?<!\bMrs)[.!?…]+[\"'”’»)\]]*\s+|[。！？]+[」』”’）]*\s*")
_CLAUSE = re.compile(r"[,;:–—]+[\"'”’»)\]]*\s+|[、，；：]\s*")
_SPACE = re.compile(r"\s+")
_WINDOW = 2000
"""Characters that a part has at most, and that are looked at to find its end."""


def sentences(text: str) -> list[str]:
    """The sentences of ``text``, its line breaks taken for spaces."""
    flat = " ".join(text.split())
    ends = [0, *(found.end() for found in _SENTENCE.finditer(flat)), len(flat)]
    return [part for start, end in pairwise(ends) if (part := flat[start:end].strip())]


def divided(text: str, fits: Callable[[str], bool]) -> list[str]:
    """``text`` in parts that each fit: ended at sentences, else at commas, else between words.

    Only a word that doesn't fit by itself, or a script that has no spaces, is divided within. The parts joined by
    spaces have the same words. ``fits`` must not say no to a shorter text than one that it says yes to.
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
        if end * 3 >= reach:  # a part of one word, because it is a sentence, helps nobody
            return end
    return reach
