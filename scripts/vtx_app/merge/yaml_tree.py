"""A YAML text as a tree of values that knows where each of them is written, to the character."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from vtx_app.formats.yaml_reader import read_yaml_text

__all__ = ["BREAK", "Entry", "Node", "Tree", "line_end", "line_start", "tree_of"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_SPACE = re.compile(r"(?:[ \t\r\n\x85\u2028\u2029]+|#[^\r\n\x85\u2028\u2029]*)*")
_REST = re.compile(r"[^\r\n\x85\u2028\u2029]*")
_COMMENT = re.compile(r"(?<![^ \t\r\n\x85\u2028\u2029])#[^\r\n\x85\u2028\u2029]*")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+")


@dataclass(slots=True)
class Node:
    """A value. ``start`` is after an anchor; ``end`` is after the last character, for block text after its last line.

    ``style``: ``'``, ``"``, ``|``, ``>``, ``[`` or ``{`` as the value begins; empty for plain words and block
    collections; ``*`` for an alias. ``odd``: written in a way that is only ever replaced as a whole.
    """

    kind: Literal["scalar", "map", "seq", "alias"]
    data: Any
    start: int
    end: int
    style: str
    anchor: str | None = None
    linked: bool = False
    odd: bool = False
    column: int = 0
    entries: list[Entry] = field(default_factory=list)

    @property
    def block(self) -> bool:
        """Whether it is a mapping or a list in block style."""
        return not self.style and self.kind in ("map", "seq")


@dataclass(slots=True)
class Entry:
    """A key with its value, or an item. In a block: from its first character to the end of its last line.

    ``after`` is the place after the colon or dash; comments that are set in further belong to the entry.
    """

    key: str
    start: int
    after: int
    value: Node
    end: int


@dataclass(slots=True)
class Tree:
    """``root`` is None where the text has no value."""

    text: str
    root: Node | None
    data: Any
    _comments: list[tuple[int, str]] = field(default_factory=list)

    def comments(self, start: int = 0, end: int | None = None) -> list[str]:
        """The comments that begin in the span, in order, without white space after them."""
        low = bisect_left(self._comments, (start, ""))
        high = len(self._comments) if end is None else bisect_left(self._comments, (end, ""))
        return [said for _, said in self._comments[low:high]]

    def nodes(self) -> Iterator[Node]:
        """All values, outer ones first."""
        waiting = [self.root] if self.root else []
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [entry.value for entry in reversed(node.entries)]


def tree_of(text: str, name: str) -> Tree:
    """The tree of ``text``, which must not begin with a BOM. Raises :class:`SpecError` as the reader does."""
    data = read_yaml_text(text, name)
    events = yaml.parse(text, Loader=_LOADER)
    next(events)
    if isinstance(next(events), yaml.StreamEndEvent):
        found = [(each.start(), each.group().rstrip()) for each in _COMMENT.finditer(text)]
        return Tree(text, None, data, found)
    root = _Composer(text, events).node(next(events), data)
    tree = Tree(text, root, data)
    tree._comments = list(_comments(tree))
    return tree


class _Composer:
    def __init__(self, text: str, events: Iterator[Any]) -> None:
        self.text = text
        self.events = events

    def node(self, event: Any, data: Any) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.AliasEvent):
            return Node("alias", data, start, end, "*", event.anchor, linked=True)
        if event.anchor is not None and (found := _ANCHOR.match(self.text, start)):
            inside = end > found.end() or not isinstance(event, yaml.ScalarEvent)
            start = self.skip(found.end()) if inside else found.end()
        if isinstance(event, yaml.ScalarEvent):
            node = self.scalar(event, data, start, max(start, end))
        else:
            node = self.collection(event, data, start)
        if event.anchor is not None:
            node.anchor, node.linked = event.anchor, True
        return node

    def scalar(self, event: Any, data: Any, start: int, end: int) -> Node:
        style = event.style or ""
        if style in ("|", ">"):
            first = line_end(self.text, start)
            # Blank lines below belong to the text only where it says so.
            keeps = "+" in self.text[start:first].partition("#")[0]
            end = max(end, first) if keeps else max(first, _last_line_end(self.text, start, end))
        return Node("scalar", data, start, end, style)

    def collection(self, event: Any, data: Any, start: int) -> Node:
        mapping = isinstance(event, yaml.MappingStartEvent)
        bare = False
        node = Node("map" if mapping else "seq", data, start, start, "")
        if event.flow_style:
            node.style = "{" if mapping else "["
            node.odd = bare = self.text[start : start + 1] != node.style  # [a: 1]
        else:
            node.column = start - line_start(self.text, start)
        at = start + 1 if node.style and not bare else start
        while type(each := next(self.events)) not in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            entry = self.pair(node, each, at) if mapping else self.item(node, each, at)
            node.entries.append(entry)
            node.linked = node.linked or entry.value.linked
            at = entry.value.end
            if node.style:
                entry.end = at
                comma = self.skip(at)
                at = comma + 1 if self.text[comma : comma + 1] == "," and not bare else at
        if node.style:
            node.end = at if bare else each.end_mark.index
        elif node.entries:
            node.end = node.entries[-1].value.end
            self.extend(node)
        return node

    def pair(self, node: Node, event: Any, at: int) -> Entry:
        key, key_end = event.value, event.end_mark.index
        start = self.skip(at)
        colon = self.skip(key_end)
        plain = start == event.start_mark.index and self.text[colon : colon + 1] == ":"
        node.odd = node.odd or not plain or event.anchor is not None or bool(BREAK.search(self.text, start, key_end))
        value = self.node(next(self.events), node.data[key])
        return Entry(key, start, colon + 1 if plain else key_end, value, value.end)

    def item(self, node: Node, event: Any, at: int) -> Entry:
        start = self.skip(at)
        value = self.node(event, node.data[len(node.entries)])
        return Entry("", start, start if node.style else start + 1, value, value.end)

    def extend(self, node: Node) -> None:
        """Give every entry of a block the rest of its last line, and the comments below that are set in further."""
        for entry in node.entries:
            value = entry.value
            end = value.entries[-1].end if value.block else line_end(self.text, value.end, value.style in ("|", ">"))
            look = end
            while look < len(self.text):
                stop = line_end(self.text, look)
                line = self.text[look:stop]
                said = line.lstrip(" \t")
                if said.startswith("#") and len(line) - len(said) > node.column:
                    end = stop
                elif said.strip("\r\n\x85\u2028\u2029"):
                    break
                look = stop
            entry.end = end

    def skip(self, at: int) -> int:
        """The next place that is neither white space nor a comment."""
        found = _SPACE.match(self.text, at)
        return found.end() if found else at


def line_start(text: str, at: int) -> int:
    return max(text.rfind(end, 0, at) for end in "\r\n\x85\u2028\u2029") + 1


def line_end(text: str, at: int, perhaps: bool = False) -> int:
    """The place after the line break that ends the line of ``at``; with ``perhaps`` a line start is an end already."""
    if perhaps and at and text[at - 1] in "\r\n\x85\u2028\u2029":
        return at
    found = _REST.match(text, at)
    at = found.end() if found else at
    after = BREAK.match(text, at)
    return after.end() if after else at


def _last_line_end(text: str, start: int, end: int) -> int:
    """The end of the last line in the span that has words."""
    return line_end(text, start + len(text[start:end].rstrip()))


def _comments(tree: Tree) -> Iterator[tuple[int, str]]:
    """All comments and their places: every ``#`` after white space that is in no value and no key."""
    at = 0
    for low, high in [*sorted(_written(tree)), (len(tree.text), 0)]:
        if at < low:
            yield from ((found.start(), found.group().rstrip()) for found in _COMMENT.finditer(tree.text, at, low))
        at = max(at, high)


def _written(tree: Tree) -> Iterator[tuple[int, int]]:
    """Where values and keys stand that could hold a ``#`` of their own."""
    for node in tree.nodes():
        if node.kind == "scalar":
            # A comment may stand in the line that begins block text.
            yield (line_end(tree.text, node.start) if node.style in ("|", ">") else node.start), node.end
        elif node.kind == "map":
            yield from ((entry.start, entry.after) for entry in node.entries)
