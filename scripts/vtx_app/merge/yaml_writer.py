"""Write new values for a YAML file in the file's own style: indentation, quotes, block text.

If a donor tree (of the generated text) has the value, its formatting is reused.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from vtx_app.errors import SpecError
from vtx_app.formats.yaml_reader import read_yaml_text
from vtx_app.merge.data_merge import canonical, same
from vtx_app.merge.yaml_tree import Entry, Tree, line_start

__all__ = ["Style", "Writer", "detect_style"]

_WIDTH = 110
_LONG = 100
_UNPRINTABLE = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
# What YAML 1.1 takes for a date or a boolean is quoted, for other readers.
_YAML_1_1: Any = yaml.resolver.Resolver()
_TEXT = "tag:yaml.org,2002:str"
_WORD = re.compile(r"[\w.-]{1,40}")


@dataclass(frozen=True, slots=True)
class Style:
    """Indentation: ``step`` of a mapping under its key, ``inset`` of a list, ``dash`` of an item after its dash."""

    step: int = 2
    inset: int = 2
    dash: int = 2


def detect_style(tree: Tree) -> Style:
    """The file's most frequent indentation; two spaces if it has no example."""
    steps, insets, dashes = Counter[int](), Counter[int](), Counter[int]()
    for node in tree.nodes():
        if not node.block:
            continue
        for entry in node.entries:
            if node.kind == "seq":
                dashes[entry.value.start - entry.start] += entry.value.end > entry.value.start
            elif entry.value.block:
                (steps if entry.value.kind == "map" else insets)[entry.value.column - node.column] += 1
    return Style(_most_frequent(steps, 1), _most_frequent(insets, 0), _most_frequent(dashes, 2))


def _most_frequent(sizes: Counter[int], least: int) -> int:
    fit = [(count, -size) for size, count in sizes.items() if least <= size <= 8 and count]
    return -max(fit)[1] if fit else 2


class Writer:
    """Writes entries of block collections, from their first character to the end of their last line."""

    def __init__(self, style: Style, newline: str, donor: Tree | None = None) -> None:
        self.style = style
        self.newline = newline
        self.donor = donor
        self.same_style = donor is not None and detect_style(donor) == style
        self._entries: dict[Hashable, Entry] | None = None

    def lines(self, data: Any, column: int) -> str:
        """A whole block, indented to ``column``."""
        if isinstance(data, dict) and data:
            return "".join(" " * column + self.pair(key, value, column) for key, value in data.items())
        if isinstance(data, list) and data:
            return "".join(" " * column + self.item(value, column) for value in data)
        return " " * column + self.flow(data, "- ") + self.newline

    def pair(self, key: str, value: Any, column: int) -> str:
        """``key: value``."""
        return self._donated(key, value, column) or f"{self.key(key)}:{self.after(key, value, column)}"

    def item(self, value: Any, column: int) -> str:
        """``- value``."""
        return self._donated(None, value, column) or "-" + self.after(None, value, column)

    def after(self, key: str | None, value: Any, column: int, like: str = "") -> str:
        """What follows the colon of ``key``, or a dash at ``column``; ``like``: the style of the value before."""
        opener = "- " if key is None else "k: "
        if not isinstance(value, dict | list):
            return f" {self._scalar(key, value, column, like, opener)}{self.newline}"
        if donated := value and self._donated(key, value, column, whole=False):
            return donated
        if not value or _is_short(value):
            return f" {self.flow(value, opener)}{self.newline}"
        if key is None:
            inner = column + self.style.dash
            return " " * (self.style.dash - 1) + self.lines(value, inner)[inner:]
        inset = self.style.step if isinstance(value, dict) else self.style.inset
        return self.newline + self.lines(value, column + inset)

    def key(self, key: Any, flow: bool = False) -> str:
        """A key, in quotes if it needs them."""
        if not isinstance(key, str):
            raise TypeError(f"{key!r}: a key is text")
        opener, end = ("{", ": 0}") if flow else ("", ": 0")
        return key if _reads_as(f"{opener}{key}{end}", {key: 0}) else _double_quoted(key)

    def flow(self, value: Any, opener: str = "[", like: str = "") -> str:
        """A value on one line; ``opener`` tells whether it stands inside brackets."""
        if isinstance(value, dict):
            pairs = (f"{self.key(key, True)}: {self.flow(each, '{k: ')}" for key, each in value.items())
            return "{" + ", ".join(pairs) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.flow(each) for each in value) + "]"
        return self.leaf(value, 0, opener, like)

    def leaf(self, value: Any, column: int, opener: str, like: str = "") -> str:
        """A scalar without a line break after it. ``opener``: the ``"k: "``, ``"- "``, ``"{k: "`` or ``"["`` before."""
        if not isinstance(value, str):
            return _number(value)
        shapes = _shapes(value, " " * (column + max(2, self.style.step)), opener[0] in "[{", like)
        text = next((text for text in shapes if self._fits(text, value, opener)), None) or _double_quoted(value)
        return text.replace("\n", self.newline)

    def _fits(self, text: str, value: Any, opener: str) -> bool:
        closed = opener + text + {"[": "]", "{": "}"}.get(opener[0], "\n")
        return _reads_as(closed, {"k": value} if "k" in opener else [value])

    def _scalar(self, key: str | None, value: Any, column: int, like: str, opener: str) -> str:
        """A scalar: a short one in the person's style, another one in the donor's."""
        found = self._donor_entry(key, value)
        if found and self.donor and found.value.kind == "scalar" and not found.value.linked:
            node = found.value
            text = self.donor.text[node.start : node.end]
            short = not like and "\n" not in text
            if short or node.style in ("|", ">") or len(text) > _LONG:
                moved = self._moved(text.rstrip("\r\n"), column - _column(self.donor, found))
                if moved is not None and self._fits(moved, value, opener):
                    return moved
        return self.leaf(value, column, opener, like)

    def _donated(self, key: str | None, value: Any, column: int, whole: bool = True) -> str | None:
        """The donor's entry moved to ``column``: ``whole``, or what follows its colon or dash."""
        found = self._donor_entry(key, value)
        if found is None or self.donor is None or found.value.linked or not (self.same_style or not found.value.block):
            return None
        text = self.donor.text[found.start if whole else found.after : found.end]
        moved = self._moved(text, column - _column(self.donor, found))
        return moved and (moved if moved.endswith(self.newline) else moved + self.newline)

    def _donor_entry(self, key: str | None, value: Any) -> Entry | None:
        """The donor's entry with this key and value; ``key`` is None for an item."""
        if self.donor is None:
            return None
        if self._entries is None:
            self._entries = {}
            for node in self.donor.nodes():
                for entry in node.entries if node.block and not node.opaque else ():
                    name = entry.key if node.kind == "map" else None
                    self._entries.setdefault((name, canonical(entry.value.data)), entry)
        return self._entries.get((key, canonical(value)))

    def _moved(self, text: str, by: int) -> str | None:
        """``text`` with its lines after the first indented ``by`` further; None if that is impossible."""
        first, *rest = re.split(r"\r\n|[\r\n]", text)
        if by < 0 and any(line.strip() and line[:-by].strip(" ") for line in rest):
            return None
        moved = [line and (" " * by + line if by > 0 else line[-by:]) for line in rest]
        return self.newline.join([first, *moved])


def _column(tree: Tree, entry: Entry) -> int:
    return entry.start - line_start(tree.text, entry.start)


def _is_short(value: Any) -> bool:
    """Whether this is a list of a few words or numbers, which people write in brackets."""
    return (
        isinstance(value, list)
        and len(value) <= 8
        and all(isinstance(each, str | int | float) and _WORD.fullmatch(str(each)) for each in value)
    )


def _number(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r}: not plain data")
    return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(repr(value), repr(value))


def _shapes(text: str, indent: str, flow: bool, like: str) -> Iterator[str]:
    """Ways to write ``text`` without double quotes, the nicest first; not every way can hold every text."""
    if not text.strip() or _UNPRINTABLE.search(text.replace("\n", " ").replace("\t", " ")):
        return
    body = text.removesuffix("\n")
    end = "-" if body == text else ""
    if not flow and ("\n" in body or like == "|" or (not end and like != ">")):
        yield f"|{end}\n" + "\n".join(indent + line if line else "" for line in body.split("\n"))
    elif not flow and (len(text) > _LONG or like == ">"):
        yield f">{end}\n" + "\n".join(indent + line for line in _wrapped(body, _WIDTH - len(indent)))
    if "\n" not in text:
        if like == "'":
            yield "'" + text.replace("'", "''") + "'"
        plain = _YAML_1_1.resolve(yaml.ScalarNode, text, (True, False)) == _TEXT
        if plain and like not in ("'", '"') and "\t" not in text:
            yield text


def _wrapped(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _double_quoted(text: str) -> str:
    return '"' + _UNPRINTABLE.sub(_escaped, json.dumps(text, ensure_ascii=False)[1:-1]) + '"'


def _escaped(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _reads_as(text: str, data: Any) -> bool:
    try:
        return same(read_yaml_text(text, ""), data)
    except SpecError:
        return False
