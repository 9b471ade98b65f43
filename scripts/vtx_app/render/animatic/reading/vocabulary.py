"""The words that the reader knows, from the tables in ``words``.

A table has sections (``[garments]``). A line of a section is ``kind: pattern | pattern``, or patterns or plain words
alone; an indented line goes on with the one before. A pattern is a regular expression of lower-case text that stands
for whole words. Kinds are values of the model's types (held by a test, as a table has no types).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, ClassVar

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
    """Words in lower-case text. Their expression is compiled and tried only on a text that has the letters of one of
    them: of the hundreds of words, a shot has a few."""

    __slots__ = ("_by_three", "_compiled", "_text")

    _made: ClassVar[list[Words]] = []

    def __init__(self, text: str) -> None:
        self._text = text
        self._made.append(self)
        self._compiled: re.Pattern[str] | None = None
        self._by_three: Mapping[str, Sequence[str]] | None = None

    @property
    def pattern(self) -> str:
        """The regular expression."""
        return self._pattern().pattern

    def finditer(self, low: str) -> Iterator[re.Match[str]]:
        """The places in ``low``, in order."""
        return self._pattern().finditer(low) if self.may_be_in(low) else iter(())

    def search(self, low: str) -> re.Match[str] | None:
        """The first place in ``low``."""
        return self._pattern().search(low) if self.may_be_in(low) else None

    def match(self, low: str) -> re.Match[str] | None:
        """The words with which ``low`` begins."""
        return self._pattern().match(low) if self.may_be_in(low) else None

    def sub(self, put: Callable[[re.Match[str]], str], low: str) -> str:
        """``low`` with what ``put`` makes of each place."""
        return self._pattern().sub(put, low) if self.may_be_in(low) else low

    @classmethod
    def any_of(cls, words: Iterable[Words]) -> Words:
        """All of ``words``."""
        return cls("|".join(each._text for each in words))

    @classmethod
    def compile_all(cls) -> None:
        """Compile the expressions of all words that modules have so far, for processes that are forked from this."""
        for words in cls._made:
            words._pattern()
            words._letters()

    def may_be_in(self, low: str) -> bool:
        """Whether ``low`` has the letters of one of them; without those, it has none of the words."""
        letters = self._letters()
        return any(each in low for three in letters.keys() & _threes_of(low) for each in letters[three])

    def _pattern(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = words_pattern(_alternatives(self._text))
        return self._compiled

    def _letters(self) -> Mapping[str, Sequence[str]]:
        """Letters of which a text with one of the words has some, by three of them that stand in one word."""
        if self._by_three is None:
            self._by_three = _letters_by_three(self._text)
        return self._by_three


def _letters_by_three(text: str) -> dict[str, list[str]]:
    found = [_letters_of(alternative) for alternative in _split(text)]
    if None in found:
        return {"": [""]}  # any text may have the words
    by_three: dict[str, list[str]] = {}
    for letters in frozenset().union(*filter(None, found)):
        by_three.setdefault(_three_of(letters), []).append(letters)
    return by_three


@lru_cache(maxsize=64)
def _threes_of(low: str) -> frozenset[str]:
    """All that stands side by side in a word of ``low``, three letters at a time, and ``""``."""
    return frozenset(["", *(word[at : at + 3] for word in set(low.split(" ")) for at in range(len(word) - 2))])


def _three_of(letters: str) -> str:
    """Three letters of the longest word; ``""`` if no word has so many."""
    longest = max(letters.split(" "), key=len)
    return longest[:3] if len(longest) >= 3 else ""


_PART = re.compile(
    r"(?P<letters>[^\W\d_]+|[ '-]|\\[.])|\\.|\[[^]]*\]|(?P<open>\((?:\?(?::|<?[=!]|P<\w+>))?)|.", re.DOTALL
)
_COUNTED = re.compile(r"(?P<none>[?*]|\{0?,)|\+|\{")


def _letters_of(alternative: str) -> frozenset[str] | None:
    """Letters of which each text with the words of an alternative has some; None if there are fewer than three."""
    runs, groups, run, at = [""], list[frozenset[str]](), "", 0
    while at < len(alternative):
        part = _PART.match(alternative, at)
        assert part is not None  # noqa: S101  # a part may be any letter
        end = _closed(alternative, at) if part["open"] else part.end()
        counted = _COUNTED.match(alternative, end)
        if part["letters"]:
            letters = part["letters"].removeprefix("\\")
            if counted:  # it counts the last letter
                runs += [run + letters[:-1], ""]
                run = ""
            else:
                run += letters
        else:
            runs.append(run)
            run = ""
            if part["open"] in ("(", "(?:") and not (counted and counted["none"]):
                inside = alternative[part.end() : end - 1]
                each = [_letters_of(one) for one in _split(inside)]
                if None not in each and not _NOTHING.search(f"|{inside}|"):
                    groups.append(frozenset().union(*filter(None, each)))
        at = end
        if counted:
            at = alternative.index("}", end) + 1 if counted[0].startswith("{") else counted.end()
            at += alternative[at : at + 1] == "?"
    longest = max([*runs, run], key=len)
    if len(longest) >= _FEWEST:
        return frozenset((longest,))
    return min(groups, key=len, default=None)


_FEWEST = 3
_NOTHING = re.compile(r"\|\s*\|")
"""An alternative without letters."""


def _closed(text: str, at: int) -> int:
    """Where the bracket that opens at ``at`` has closed."""
    depth = 0
    for place in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if not depth:
            return place + 1
    raise ValueError(f"a bracket is not closed: {text}")


@cache
def patterns_of(table: str, section: str) -> tuple[tuple[Any, Words], ...]:
    """The kinds of a section in order, each with its words."""
    return tuple((kind, Words(text)) for kind, text in _sections(table)[section])


@cache
def plain_of(table: str, section: str) -> tuple[tuple[Any, str], ...]:
    """The kinds of a section in order, each with the regular expression of its words, unbounded."""
    return tuple((kind, _alternatives(text)) for kind, text in _sections(table)[section])


@cache
def pattern_of(table: str, section: str) -> Words:
    """All the words of a section."""
    return Words("|".join(_alternatives(text) for _, text in _sections(table)[section]))


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
