"""The words that the reader knows, from the tables in ``words``.

A table has sections (``[garments]``). A line of a section is ``kind: pattern | pattern``, or patterns or plain words
alone; an indented line goes on with the one before. A pattern is a regular expression of lower-case text that stands
for whole words. Kinds are values of the model's types (held by a test, as a table has no types).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from vtx_app.render.animatic.reading.text import words_pattern

__all__ = ["Words", "kinds_of", "pattern_of", "patterns_of", "plain_of", "words_in", "words_of"]

_FOLDER = Path(__file__).parent / "words"
_KIND = re.compile(r"([a-z0-9_]+): ")


@cache
def _sections(table: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Section → (kind, text) of each of its entries; the kind is "" where there is none."""
    found: dict[str, list[tuple[str, str]]] = {}
    entries: list[tuple[str, str]] = []
    for line in (_FOLDER / f"{table}.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            entries = found.setdefault(line.strip("[]"), [])
        elif line[0].isspace():
            kind, text = entries[-1]
            entries[-1] = (kind, f"{text} {line.strip()}")
        else:
            match = _KIND.match(line)
            entries.append((match[1], line[match.end() :]) if match else ("", line.strip()))
    return {section: tuple(each) for section, each in found.items()}


def _split(text: str) -> list[str]:
    """The alternatives of an entry: the bars outside of brackets stand between them."""
    depth, parts = 0, [""]
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return list(filter(None, (part.strip() for part in parts)))


def _alternatives(text: str) -> str:
    return "|".join(_split(text))


class Words:
    """Words of one kind in lower-case text. Their expression is compiled when a text has the beginning of one of them:
    of the hundreds of kinds, a shot has a few."""

    __slots__ = ("_beginnings", "_compiled", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._compiled: re.Pattern[str] | None = None
        beginnings = [_beginning(part) for part in _split(text)]
        self._beginnings = None if None in beginnings else tuple(filter(None, beginnings))

    def finditer(self, low: str) -> Iterator[re.Match[str]]:
        """The places in ``low``, in order."""
        return self._pattern().finditer(low) if self._may_be_in(low) else iter(())

    def search(self, low: str) -> re.Match[str] | None:
        """The first place in ``low``."""
        return self._pattern().search(low) if self._may_be_in(low) else None

    def match(self, low: str) -> re.Match[str] | None:
        """The words with which ``low`` begins."""
        return self._pattern().match(low) if self._may_be_in(low) else None

    def _may_be_in(self, low: str) -> bool:
        return self._beginnings is None or any(each in low for each in self._beginnings)

    def _pattern(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = words_pattern(_alternatives(self._text))
        return self._compiled


_LETTERS = re.compile(r"(?:\(\?<[!=][^()]*\))*(?P<letters>[^\W\d_]{3,})(?P<next>.?)", re.DOTALL)


def _beginning(alternative: str) -> str | None:
    """The letters that each word of an alternative begins with; None if they are fewer than three."""
    found = _LETTERS.match(alternative)
    if found is None:
        return None
    letters = found["letters"][:-1] if found["next"] in ("?", "*", "{") else found["letters"]
    return letters if len(letters) >= 3 else None


@cache
def patterns_of(table: str, section: str) -> tuple[tuple[Any, Words], ...]:
    """The kinds of a section in order, each with its words."""
    return tuple((kind, Words(text)) for kind, text in _sections(table)[section])


@cache
def plain_of(table: str, section: str) -> tuple[tuple[Any, str], ...]:
    """The kinds of a section in order, each with the regular expression of its words, unbounded."""
    return tuple((kind, _alternatives(text)) for kind, text in _sections(table)[section])


@cache
def pattern_of(table: str, section: str) -> re.Pattern[str]:
    """One pattern for all the words of a section."""
    return words_pattern("|".join(_alternatives(text) for _, text in _sections(table)[section]))


@cache
def words_in(table: str, section: str) -> tuple[str, ...]:
    """The plain words of a section in order."""
    return tuple(word for _, text in _sections(table)[section] for word in text.split())


@cache
def words_of(table: str, section: str) -> frozenset[str]:
    """The plain words of a section."""
    return frozenset(words_in(table, section))


@cache
def kinds_of(table: str, section: str) -> Mapping[str, Any]:
    """Word → kind, of a section with plain words and phrases."""
    return {word: kind for kind, text in _sections(table)[section] for word in re.split(r"\s*\|\s*", text) if word}
