"""Properties of every merge of YAML: any data, written in any way, changed by two sides."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vtx_app.errors import SpecError
from vtx_app.formats.yaml_reader import read_yaml_text
from vtx_app.merge import merge_yaml, rewrite_yaml
from vtx_app.merge.data_merge import merge_data, same
from vtx_app.merge.diff3 import hunks
from vtx_app.merge.yaml_tree import parse_tree

WORDS = [
    "fog", "no", "12", "4.0", "~", "a: b", "x #y", "'q'", '"dq"', "- d", "---", "🎬 é", "tab\there", "two\nlines",
    " lead", "trail ", "{x}", "*a", "&b", "!t", "%d", "a" * 150, "long words " * 20, "<<<<<<< x", "=======", "null",
    "end\n", "\nstart", "", "? q", ":",
    "|", ">", "a\r\nb", "\u2028", "\x07", "\ufeffz", "#c", "a\n\n\nb", "  \n x", "multi\nline\n\n", "key:",
]  # fmt: skip
KEYS = ["title", "seconds", "notes", "prompt", "x y", "é", "no", "1", "#k", 'q"k', "a: b", ""]
PLAIN: list[Any] = [None, True, False, 0, 1, 4, 4.0, 2.5, -3, float("inf")]
NAMES = ("scene", "id", "clip_id")


class Hand:
    """Writes data as YAML as some person would: with their own comments, blank lines, quotes and indentation."""

    def __init__(self, chance: Random, *, plainly: bool = False) -> None:
        self.chance = chance
        self.comments = 0
        self.plainly = plainly  # no brackets, no names, no long keys
        self.step, self.inset, self.dash = (
            chance.choice([2, 2, 4, 3]),
            chance.choice([0, 2, 2, 4]),
            chance.choice([2, 2, 4]),
        )
        self.often = chance.choice([0.0, 0.1, 0.4])
        self.names = not plainly and chance.random() < 0.2
        self.long_keys = not plainly and chance.random() < 0.1
        self.named: list[Any] = []

    def happens(self, often: float) -> bool:
        return self.chance.random() < often

    def comment(self) -> str:
        self.comments += 1
        return f'# c{self.comments} - it\'s: "a" [comment'

    def noted(self) -> str:
        return f"  {self.comment()}\n" if self.happens(self.often) else "\n"

    def above(self, column: int) -> str:
        lines = ""
        while self.happens(self.often):
            indent = self.chance.choice([column, column + 1, 0])
            lines += self.chance.choice(["\n", " " * indent + self.comment() + "\n"])
        return lines

    def choose(self, before: str, after: str, meant: Any, ways: list[str]) -> str:
        """A random one of ``ways`` that reads back as ``meant``; the last always does."""
        fit = [way for way in ways[:-1] if _reads(before + way + after, meant)]
        return self.chance.choice([*fit, *fit, ways[-1]])

    def scalar(self, value: Any, inside: bool = False) -> str:
        if not isinstance(value, str):
            return {"inf": ".inf", "None": "~", "True": "true", "False": "false"}.get(repr(value), repr(value))
        ways = [value, "'" + value.replace("'", "''") + "'", quoted(value)]
        return self.choose(*(("[", "]") if inside else ("- ", "\n")), [value], ways)

    def flow(self, value: Any) -> str:
        note = f" {self.comment()}" if self.happens(self.often / 2) else ""
        between = f",{note}\n{' ' * 20}" if note or self.happens(0.1) else ", "
        if isinstance(value, dict):
            return "{" + between.join(f"{quoted(key)}: {self.flow(each)}" for key, each in value.items()) + "}"
        if isinstance(value, list):
            return "[" + between.join(map(self.flow, value)) + "]"
        return self.scalar(value, inside=True)

    def after(self, value: Any, column: int, item: bool) -> str:
        """What follows a colon or dash at ``column``."""
        if isinstance(value, dict | list):
            if not value or (not self.plainly and self.happens(0.2)):
                return f" {self.flow(value)}{self.noted()}"
            if item and self.happens(0.8):
                inner = column + self.dash
                return " " * (self.dash - 1) + self.block(value, inner)[inner:]
            return self.noted() + self.block(value, column + self.set_in(value, item), True)
        if isinstance(value, str) and self.happens(0.4):
            for begin in ("|-", "|", "|+", ">-", ">", ">+"):
                lines = (" " * (column + 2) + line if line else "" for line in value.removesuffix("\n").split("\n"))
                text = f"{begin}{self.noted()}" + "\n".join(lines) + "\n"
                if _reads(f"{' ' * column}- {text}", [value]):
                    return f" {text}"
        if self.names and self.happens(0.3):
            for number, known in enumerate(self.named):
                if same(known, value):
                    return f" *n{number}{self.noted()}"
            self.named.append(value)
            return f" &n{len(self.named) - 1} {self.scalar(value)}{self.noted()}"
        return self.noted() if value is None and self.happens(0.5) else f" {self.scalar(value)}{self.noted()}"

    def set_in(self, value: Any, item: bool) -> int:
        return self.dash if item else self.step if isinstance(value, dict) else self.inset

    def block(self, value: Any, column: int, lead: bool = False) -> str:
        lines = ""
        for place, entry in enumerate(value):
            lines += self.above(column) if place or lead else ""
            if isinstance(value, list):
                lines += " " * column + "-" + self.after(entry, column, True)
                continue
            key = self.choose("", ": 0", {entry: 0}, [entry, quoted(entry)])
            long = f"? {key}\n{' ' * column}:" if self.long_keys and self.happens(0.2) else f"{key}:"
            lines += " " * column + long + self.after(value[entry], column, False)
        return lines

    def file(self, value: dict[str, Any]) -> str:
        text = self.above(0) + (self.block(value, 0) if value else "{}\n") + self.above(0)
        text = text.replace("\n", "\r\n") if self.happens(0.1) else text
        return ("\ufeff" if self.happens(0.1) else "") + (text.rstrip("\r\n") if self.happens(0.1) else text)


def quoted(text: str) -> str:
    """In double quotes; JSON's pairs of surrogates are no YAML."""
    return json.dumps(text, ensure_ascii=max(text, default="") < "\U00010000")


@cache
def _parsed(text: str) -> Any:
    try:
        return read_yaml_text(text, "")
    except SpecError:
        return SpecError


def _reads(text: str, data: Any) -> bool:
    found = _parsed(text)
    return found is not SpecError and same(found, data)


def read(text: str) -> Any:
    return read_yaml_text(text, "")


def some(chance: Random, depth: int = 0) -> Any:
    """Any value."""
    kind = chance.random()
    if depth > 3 or kind < 0.6:
        return chance.choice(PLAIN if chance.random() < 0.3 else WORDS)
    if kind < 0.8:
        return {chance.choice(KEYS): some(chance, depth + 1) for _ in range(chance.randrange(4))}
    if kind < 0.9:
        return [some(chance, depth + 1) for _ in range(chance.randrange(5))]
    name = chance.choice(NAMES)
    names = chance.sample("ABCDEFGH", chance.randrange(1, 6))
    return [{name: each, **{chance.choice(KEYS): some(chance, depth + 1) for _ in range(2)}} for each in names]


def film(chance: Random) -> dict[str, Any]:
    return {f"{chance.choice(KEYS)}{number}": some(chance) for number in range(chance.randrange(1, 6))}


def inner(data: Any, chance: Random) -> Any:
    """A random non-empty mapping or list in ``data``, or ``data``."""
    found = data
    while chance.random() < 0.7:
        deeper = [
            each
            for each in (found.values() if isinstance(found, dict) else found)
            if isinstance(each, dict | list) and each
        ]
        if not deeper:
            break
        found = chance.choice(deeper)
    return found


def added(data: Any, chance: Random) -> None:
    """Add something new."""
    node = inner(data, chance)
    if isinstance(node, dict):
        node[f"{chance.choice(KEYS)}n{chance.randrange(99)}"] = some(chance, 2)
    else:
        name = next((key for key in NAMES if isinstance(node[0], dict) and key in node[0]), None)
        node.insert(chance.randrange(len(node) + 1), {name: f"N{chance.randrange(99)}"} if name else some(chance, 3))


def changed(data: Any, chance: Random) -> None:
    """Change some value; an item that has an id keeps it."""
    node = inner(data, chance)
    places = [place for place in (node if isinstance(node, dict) else range(len(node))) if place not in NAMES]
    if places and not (isinstance(node, list) and isinstance(node[0], dict)):
        node[chance.choice(places)] = some(chance, 2)


def reworded(data: Any, chance: Random) -> None:
    """Replace some value by a unique text; an item that has an id keeps it."""
    node = inner(data, chance)
    places = [place for place in (node if isinstance(node, dict) else range(len(node))) if place not in NAMES]
    if places and not (isinstance(node, list) and isinstance(node[0], dict)):
        node[chance.choice(places)] = f"new: {chance.randrange(10**9)}"


def taken(data: Any, chance: Random) -> None:
    """Remove something, or change an order."""
    node = inner(data, chance)
    if isinstance(node, list) and chance.random() < 0.5:
        chance.shuffle(node)
    elif node is not data or len(node) > 1:
        node.pop(chance.choice(list(node if isinstance(node, dict) else range(len(node)))))


def edited(data: Any, chance: Random, *ways: Callable[[Any, Random], None], least: int = 0) -> Any:
    result = copy.deepcopy(data)
    for _ in range(chance.randrange(least, 4)):
        if result:
            chance.choice(ways)(result, chance)
    return result


def comments(text: str) -> Counter[str]:
    return Counter(parse_tree(text.removeprefix("\ufeff"), "").comments())


CHANCE = st.integers(0, 2**40).map(Random)


@settings(max_examples=300)
@given(CHANCE)
def test_rewritten_text_reads_as_the_new_data(chance: Random) -> None:
    text = Hand(chance).file(film(chance))
    data = read(text)
    assert rewrite_yaml(text, copy.deepcopy(data)) == text
    new = edited(data, chance, added, changed, taken)
    result = rewrite_yaml(text, new)
    assert same(read(result), new)
    assert rewrite_yaml(result, new) == result
    assert result.startswith("\ufeff") == text.startswith("\ufeff")
    assert "\r\n" not in text or result.count("\n") == result.count("\r\n")


@settings(max_examples=300)
@given(CHANCE)
def test_comments_are_lost_only_with_their_entry(chance: Random) -> None:
    text = Hand(chance).file(film(chance))
    new = edited(read(text), chance, added, reworded)
    assert comments(rewrite_yaml(text, new)) == comments(text)


@settings(max_examples=200)
@given(CHANCE)
def test_additions_keep_every_line(chance: Random) -> None:
    text = Hand(chance, plainly=True).file(film(chance)).rstrip("\r\n") + "\n"
    new = edited(read(text), chance, added)
    result = rewrite_yaml(text, new)
    old_lines, new_lines = text.splitlines(), result.splitlines()
    gone = [old_lines[a:b] for a, b, _, _ in hunks(old_lines, new_lines) if a < b]
    # Only a list item's first line may be taken apart, as what comes before it then stands after the dash.
    assert all(
        line.lstrip().startswith("- ") or line.lstrip("\ufeff").startswith("{}") for lines in gone for line in lines
    )


@settings(max_examples=500)
@given(CHANCE)
def test_merge_is_the_merged_data_in_the_persons_text_or_a_conflict(chance: Random) -> None:
    style = chance.randrange(2**30)
    base = Hand(Random(style)).file(film(chance))
    before = read(base)
    theirs = Hand(Random(style)).file(edited(before, chance, added, changed, taken))
    own = Random(style) if chance.random() < 0.5 else chance
    mine = Hand(own).file(edited(before, chance, added, changed, taken))
    merged = merge_yaml(base, mine, theirs)
    data, conflicts = merge_data(before, read(mine), read(theirs))
    assert (merged.text is None) is bool(merged.conflicts)
    if conflicts or merged.text is None:
        # Where the data can be merged, only a comment of the person's in what is gone stands in the way.
        assert merged.conflicts == conflicts or (
            not conflicts and all(each.startswith("#") for each in merged.conflicts)
        )
        return
    assert comments(mine) - (comments(base) - comments(theirs)) <= comments(merged.text) or same(before, read(theirs))
    assert same(read(merged.text), data)
    assert merge_yaml(base, merged.text, theirs) == merged
    assert ">>>>>>>" not in merged.text


@settings(max_examples=200)
@given(CHANCE)
def test_one_side_alone_always_wins(chance: Random) -> None:
    base = Hand(chance).file(film(chance))
    other = Hand(chance).file(edited(read(base), chance, added, changed, taken))
    assert merge_yaml(base, base, other).text == other
    assert merge_yaml(base, other, base).text == other
    assert merge_yaml(base, other, other).text == other


@settings(max_examples=300)
@given(CHANCE)
def test_edits_of_different_parts_never_conflict_and_keep_comments(chance: Random) -> None:
    style = chance.randrange(2**30)
    parts = {"mine": film(chance), "kept": film(chance), "theirs": film(chance)}
    base = Hand(Random(style)).file(parts)
    before = read(base)
    mine_data, theirs_data = copy.deepcopy(before), copy.deepcopy(before)
    mine_data["mine"] = edited(before["mine"], chance, added, changed, taken)
    theirs_data["theirs"] = edited(before["theirs"], chance, added, reworded, least=1)
    mine = Hand(chance).file(mine_data)
    theirs = Hand(Random(style)).file(theirs_data)
    assume(same(read(mine), mine_data) and same(read(theirs), theirs_data))  # not so where blank lines count
    merged = merge_yaml(base, mine, theirs)
    assert merged.text is not None
    assert same(read(merged.text), {**mine_data, "theirs": theirs_data["theirs"]})
    assert comments(mine) <= comments(merged.text) or mine == base
