"""The words that the reader knows, from the tables in ``words``.

A table has sections (``[garments]``). A line of a section is ``kind: pattern | pattern``, or patterns or plain words
alone; an indented line goes on with the one before. A pattern is a regular expression of lower-case text that stands
for whole words. Kinds are values of the model's types (held by a test, as a table has no types).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from vtx_app.render.animatic.reading.text import words_pattern

__all__ = ["kinds_of", "pattern_of", "patterns_of", "plain_of", "words_in", "words_of"]

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


def _alternatives(text: str) -> str:
    """The alternatives of an entry as one expression: the bars outside of brackets stand between spaces."""
    depth, parts = 0, [""]
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return "|".join(filter(None, (part.strip() for part in parts)))


@cache
def patterns_of(table: str, section: str) -> tuple[tuple[Any, re.Pattern[str]], ...]:
    """The kinds of a section in order, each with the pattern for its words."""
    return tuple((kind, words_pattern(_alternatives(text))) for kind, text in _sections(table)[section])


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
