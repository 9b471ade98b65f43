"""A YAML text as a tree of values, each with its exact position in the text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from vtx_app.formats.yaml_reader import read_yaml_text

__all__ = ["BREAK", "Entry", "Node", "Tree", "line_end", "line_start", "parse_tree"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_SPACE = re.compile(r"(?:[ \t\r\n\x85\u2028\u2029]+|#[^\r\n\x85\u2028\u2029]*)*")
_REST = re.compile(r"[^\r\n\x85\u2028\u2029]*")
_COMMENT = re.compile(r"(?<![^ \t\r\n\x85\u2028\u2029])#[^\r\n\x85\u2028\u2029]*")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+")


@dataclass(slots=True)
class Node:
    """A value. ``start`` is after its anchor; ``end`` is after its last character, or the last line of block text.

    ``style``: the ``'``, ``"``, ``|``, ``>``, ``[`` or ``{`` that begins the value; empty for plain words and block
    collections; ``*`` for an alias. ``linked``: it has an anchor or an alias in it. ``opaque``: written in a way that
    can only be replaced as a whole.
    """

    kind: Literal["scalar", "map", "seq", "alias"]
    data: Any
    start: int
    end: int
    style: str
    anchor: str | None = None
    linked: bool = False
    opaque: bool = False
    column: int = 0
    entries: list[Entry] = field(default_factory=list)

    @property
    def block(self) -> bool:
        """Whether this is a mapping or a list in block style."""
        return not self.style and self.kind in ("map", "seq")


@dataclass(slots=True)
class Entry:
    """A key with its value, or an item. In a block it reaches from its first character to the end of its last line.

    ``after`` is the position after the colon or dash. Comments with a deeper indentation belong to the entry.
    """

    key: str
    start: int
    after: int
    value: Node
    end: int


@dataclass(slots=True)
class Tree:
    """A parsed text; ``root`` is None if it has no value."""

    text: str
    root: Node | None
    data: Any
    _comments: list[tuple[int, str]] = field(default_factory=list)

    def comments(self, start: int = 0, end: int | None = None) -> list[str]:
        """The comments that begin in the span, in order, without trailing white space."""
        low = bisect_left(self._comments, (start, ""))
        high = len(self._comments) if end is None else bisect_left(self._comments, (end, ""))
        return [comment for _, comment in self._comments[low:high]]

    def nodes(self) -> Iterator[Node]:
        """All values, outer ones before their contents."""
        waiting = [self.root] if self.root else []
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [entry.value for entry in reversed(node.entries)]


def parse_tree(text: str, name: str) -> Tree:
    """Parse ``text``, which must not begin with a BOM. Raises :class:`SpecError` as the YAML reader does."""
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
            # Blank lines below belong to the text only with a + after the | or >.
            keeps = "+" in self.text[start:first].partition("#")[0]
            end = max(end, first) if keeps else max(first, _last_line_end(self.text, start, end))
        return Node("scalar", data, start, end, style)

    def collection(self, event: Any, data: Any, start: int) -> Node:
        mapping = isinstance(event, yaml.MappingStartEvent)
        bare = False
        node = Node("map" if mapping else "seq", data, start, start, "")
        if event.flow_style:
            node.style = "{" if mapping else "["
            node.opaque = bare = self.text[start : start + 1] != node.style  # [a: 1]
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
        one_line = BREAK.search(self.text, start, key_end) is None
        node.opaque = node.opaque or not plain or event.anchor is not None or not one_line
        value = self.node(next(self.events), node.data[key])
        return Entry(key, start, colon + 1 if plain else key_end, value, value.end)

    def item(self, node: Node, event: Any, at: int) -> Entry:
        start = self.skip(at)
        value = self.node(event, node.data[len(node.entries)])
        return Entry("", start, start if node.style else start + 1, value, value.end)

    def extend(self, node: Node) -> None:
        """Extend each entry of a block to the end of its last line and over comments below with deeper indentation."""
        for entry in node.entries:
            value = entry.value
            end = value.entries[-1].end if value.block else line_end(self.text, value.end, value.style in ("|", ">"))
            look = end
            while look < len(self.text):
                stop = line_end(self.text, look)
                line = self.text[look:stop]
                content = line.lstrip(" \t")
                if content.startswith("#") and len(line) - len(content) > node.column:
                    end = stop
                elif content.strip("\r\n\x85\u2028\u2029"):
                    break
                look = stop
            entry.end = end

    def skip(self, at: int) -> int:
        """The next position that is neither white space nor a comment."""
        found = _SPACE.match(self.text, at)
        return found.end() if found else at


def line_start(text: str, at: int) -> int:
    return max(text.rfind(end, 0, at) for end in "\r\n\x85\u2028\u2029") + 1


def line_end(text: str, at: int, stay: bool = False) -> int:
    """The position after the line break that ends the line of ``at``; with ``stay``, a line start is returned as is."""
    if stay and at and text[at - 1] in "\r\n\x85\u2028\u2029":
        return at
    found = _REST.match(text, at)
    at = found.end() if found else at
    after = BREAK.match(text, at)
    return after.end() if after else at


def _last_line_end(text: str, start: int, end: int) -> int:
    """The end of the last line in the span that isn't blank."""
    return line_end(text, start + len(text[start:end].rstrip()))


def _comments(tree: Tree) -> Iterator[tuple[int, str]]:
    """All comments and their positions: every ``#`` after white space that is in no value and no key."""
    at = 0
    for low, high in [*sorted(_content(tree)), (len(tree.text), 0)]:
        if at < low:
            yield from ((found.start(), found.group().rstrip()) for found in _COMMENT.finditer(tree.text, at, low))
        at = max(at, high)


def _content(tree: Tree) -> Iterator[tuple[int, int]]:
    """The spans of values and keys, in which a ``#`` is not a comment."""
    for node in tree.nodes():
        if node.kind == "scalar":
            # The first line of block text may have a comment.
            yield (line_end(tree.text, node.start) if node.style in ("|", ">") else node.start), node.end
        elif node.kind == "map":
            yield from ((entry.start, entry.after) for entry in node.entries)
