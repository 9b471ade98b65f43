"""Change a YAML text in the places where its data changes, and nowhere else.

Round-tripping through ruamel.yaml would reformat the whole file (indentation, wraps, blank lines). Here every character
outside the changed places stays, because the parser tells where each value stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Hashable
from itertools import pairwise
from typing import Any

from vtx_app.merge.data_merge import canonical, merge_order, same
from vtx_app.merge.pairing import pair_items
from vtx_app.merge.text_merge import split_lines
from vtx_app.merge.yaml_tree import Entry, Node, Tree, line_end, line_start
from vtx_app.merge.yaml_writer import Writer

__all__ = ["Splicer"]

_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n|[\r\n\x85\u2028\u2029]))*")
_FIRST_LINE = re.compile(r"([^\r\n]*)(.*)", re.DOTALL)

Written = tuple[list[str], str]  # comments that lost their place and go above, and the text
Pair = tuple[int | None, str, Any]  # the index of the old entry, the key, the new value


class Splicer:
    """Changes one tree once. ``dropped``: the comments in entries that the new data doesn't have, and the ``stale``
    ones above those. With ``keep`` those in entries of a block stay where the entry was."""

    def __init__(
        self, tree: Tree, writer: Writer, *, flow: bool = True, stale: Collection[str] = (), keep: bool = False
    ) -> None:
        self.text = tree.text
        self.tree = tree
        self.writer = writer
        self.flow = flow
        self.stale = stale
        self.keep = keep
        self.dropped: list[str] = []
        self.anchors: dict[str, Hashable] = {}

    def document(self, data: Any) -> str:
        """The text that reads as ``data``, but for rare cases: the caller must check."""
        root, text = self.tree.root, self.text
        if root is None or root.start == root.end:
            return text + self.writer.lines(data, 0)
        if self.fits(root, data):
            low, high = root.entries[0].start - root.column, root.entries[-1].end
            comments, inner = self.block(root, data, low)
            return text[:low] + self.comment_lines(comments, 0) + inner + text[high:]
        if (inline := self.inline(root, data, "- ")) is not None:
            return text[: root.start] + inline + text[root.end :]
        low = line_start(text, root.start)
        head = text[:low] if not text[low : root.start].strip() else text[: root.start].rstrip() + self.writer.newline
        new = self.comment_lines(self.tree.comments(root.start, root.end), 0) + self.writer.lines(data, 0)
        rest = text[root.end :].lstrip(" \t")
        return head + new + _BLANK_LINES.sub("", rest, count=1)

    def fits(self, node: Node, data: Any) -> bool:
        """Whether the block ``node`` can be changed to ``data`` entry by entry."""
        kind = dict if node.kind == "map" else list
        return node.block and not node.opaque and isinstance(data, kind) and bool(data)

    def comment_lines(self, comments: list[str], column: int) -> str:
        return "".join(f"{' ' * column}{comment}{self.writer.newline}" for comment in comments)

    def pairs(self, node: Node, data: Any) -> list[Pair]:
        """The new entries in order, each with the old one it comes from. A mapping keeps its order."""
        if isinstance(data, dict):
            places = {entry.key: index for index, entry in enumerate(node.entries)}
            keys = merge_order([key for key in places if key in data], list(data))
            return [(places.get(key), key, data[key]) for key in keys]
        return [(place, "", value) for place, value in zip(pair_items(node.data, data), data, strict=True)]

    def block(self, node: Node, data: Any, low: int) -> Written:
        """All lines of a block from ``low``, where the lines of its first entry begin, or the entry after a dash."""
        entries, column = node.entries, node.column
        inside = not _starts_line(self.text, entries[0])
        leads = [
            "" if inside else self.text[low : entries[0].start - column],
            *(self.text[e.end : n.start - column] for e, n in pairwise(entries)),
        ]
        blanks = [_blank_lines(lead) for lead in leads]
        usual = Counter(blanks[1:]).most_common(1)[0][0] if len(entries) > 1 else ""
        pairs = self.pairs(node, data)
        carried = self.removed(node, {place for place, _, _ in pairs}, leads)
        moved, out = list[str](), list[str]()
        for position, (place, key, value) in enumerate(pairs):
            old = entries[place] if place is not None else None
            comments, body = self.entry(old, value, column) if old else ([], self.new(node, key, value))
            lead = carried.pop(place, "") + (leads[place][len(blanks[place]) :] if place is not None else "")
            if position == 0 and inside:
                moved += [line.strip() for line in lead.splitlines() if line.strip()] + comments
                out.append(body)
                continue
            space = blanks[0] if position == 0 else blanks[place] if place else usual
            before = pairs[position - 1][0] if position else None
            if before is not None and place != before + 1 and self.keeps_blank_lines(entries[before].value):
                space = ""
            out += [space, lead, self.comment_lines(comments, column), " " * column, body]
        return moved, "".join(out) + "".join(carried.values())

    def keeps_blank_lines(self, node: Node) -> bool:
        """Whether blank lines below are part of the value."""
        while node.block:
            node = node.entries[-1].value
        header = self.text[node.start : line_end(self.text, node.start)]
        return node.style in ("|", ">") and "+" in header.partition("#")[0]

    def removed(self, node: Node, kept: set[int | None], leads: list[str]) -> dict[int | None, str]:
        """The comments above removed entries, by the next kept entry: all but the stale ones stay. Comments inside a
        removed entry go with it, unless the splicer keeps them."""
        carried: dict[int | None, str] = {}
        waiting = ""
        for place, entry in enumerate(node.entries):
            if place in kept:
                carried[place] = waiting
                waiting = ""
            else:
                above = split_lines(leads[place][len(_blank_lines(leads[place])) :])
                waiting += "".join(line for line in above if line.strip() not in self.stale)
                self.dropped += [line.strip() for line in above if line.strip() in self.stale]
                inside = self.tree.comments(entry.start, entry.end)
                if self.keep:
                    waiting += self.comment_lines(inside, node.column)
                else:
                    self.dropped += inside
        return carried | {-1: waiting}

    def new(self, node: Node, key: str, value: Any) -> str:
        return self.writer.pair(key, value, node.column) if node.kind == "map" else self.writer.item(value, node.column)

    def entry(self, entry: Entry, value: Any, column: int) -> Written:
        """The text of an old entry with the new value."""
        node, text = entry.value, self.text
        if self.unchanged(node, value):
            return [], text[entry.start : entry.end]
        if self.fits(node, value):
            low = self.block_start(entry)
            comments, inner = self.block(node, value, low)
            written = comments, text[entry.start : low] + inner + text[node.entries[-1].end : entry.end]
        else:
            opener = "k: " if entry.key or text[entry.start] != "-" else "- "
            inline = self.inline(node, value, opener)
            if inline is None:
                written = self.replaced(entry, value, column, opener)
            else:
                written = [], text[entry.start : node.start] + inline + text[node.end : entry.end]
        if node.anchor and node.kind != "alias" and f"&{node.anchor}" in written[1]:
            self.anchors[node.anchor] = canonical(value)
        return written

    def block_start(self, entry: Entry) -> int:
        """Where the first entry of the block in ``entry`` begins, with the comments right above it."""
        node = entry.value
        first = node.entries[0]
        if not _starts_line(self.text, first):
            return first.start
        low = first.start - node.column
        if node.anchor:
            return low
        start = line_end(self.text, entry.after)
        above = split_lines(self.text[start:low])
        apart = max((place + 1 for place, line in enumerate(above) if not line.strip()), default=0)
        return start + sum(map(len, above[:apart]))

    def unchanged(self, node: Node, value: Any) -> bool:
        """Whether the node's text can stay: it reads as ``value``, and so do all anchors that it refers to."""
        if node.kind == "alias":
            return node.anchor in self.anchors and self.anchors[node.anchor] == canonical(value)
        if not same(node.data, value) or (node.linked and node.entries):
            return False
        if node.anchor:
            self.anchors[node.anchor] = canonical(value)
        return True

    def inline(self, node: Node, value: Any, opener: str) -> str | None:
        """The text of a value in brackets, changed inside; None if it isn't one or would lose a comment."""
        kind = dict if node.style == "{" else list
        if not self.flow or node.style not in ("{", "[") or node.opaque or not isinstance(value, kind) or not value:
            return None
        if not node.entries:
            return None if opener[0] in "k-" else self.writer.flow(value)
        entries = node.entries
        gaps = [self.text[e.end : n.start] for e, n in pairwise(entries)]
        usual = next((gap for gap in gaps if "#" not in gap), ", ")
        pairs = self.pairs(node, value)
        kept = {place for place, _, _ in pairs}
        for index, entry in enumerate(entries):
            self.dropped += [] if index in kept else self.tree.comments(entry.start, entry.end)
        out, used = [self.text[node.start : entries[0].start]], 0
        before: int | None = None
        for position, (place, key, each) in enumerate(pairs):
            if position:
                out.append(gaps[before] if before is not None and place == before + 1 else usual)
                used += "#" in out[-1]
            out.append(self.flow_entry(node, place, key, each))
            before = place
        if used < sum("#" in gap for gap in gaps):
            return None
        return "".join(out) + self.text[entries[-1].end : node.end]

    def flow_entry(self, node: Node, place: int | None, key: str, value: Any) -> str:
        opener = "{k: " if node.kind == "map" else "["
        head = f"{self.writer.key(key, True)}: " if node.kind == "map" else ""
        if place is None:
            return head + self.writer.flow(value, opener)
        entry = node.entries[place]
        old = entry.value
        if self.unchanged(old, value):
            return self.text[entry.start : entry.end]
        inner = self.inline(old, value, opener)
        if inner is None:
            inner = (" " if old.start == old.end else "") + self.writer.flow(value, opener, old.style)
        if old.anchor and old.kind != "alias":
            self.anchors[old.anchor] = canonical(value)
        return self.text[entry.start : old.start] + inner + self.text[old.end : entry.end]

    def replaced(self, entry: Entry, value: Any, column: int, opener: str) -> Written:
        """The entry with a value of another shape. A comment on its first line stays there, the others go above."""
        node, text = entry.value, self.text
        key = entry.key if opener == "k: " else None
        fresh = self.writer.after(key, value, column, node.style if node.kind == "scalar" else "")
        old = text[entry.after : node.end]
        found = _FIRST_LINE.fullmatch(fresh)
        first, rest = found.groups() if found else (fresh, "")
        # A block after a dash can't have an anchor: its aliases are written out.
        unnamed = key is None and isinstance(value, dict | list) and first.lstrip(" ")[:1] not in ("[", "{")
        anchor = f" &{node.anchor}" if node.anchor and node.kind != "alias" else ""
        one_line = "\n" not in old and "\r" not in old and not rest.strip()
        if one_line and not node.block and not (anchor and unnamed):
            new = first.lstrip(" ") if text[node.start - 1] in " \t" else first
            return [], text[entry.start : node.start] + new + text[node.end : entry.end]
        comments = self.tree.comments(entry.after, entry.end)
        head = text[entry.start : entry.after] + ("" if unnamed else anchor)
        takes_comment = not first.strip(" ") or first.lstrip(" ")[0] in "|>" or not rest.strip()
        line = _FIRST_LINE.match(text, entry.after)
        if comments and takes_comment and "#" not in first and line and comments[0] in line.group(1):
            first = f"{first}  {comments.pop(0)}"
        return comments, head + first + rest


def _blank_lines(lead: str) -> str:
    found = _BLANK_LINES.match(lead)
    return found.group() if found else ""


def _starts_line(text: str, entry: Entry) -> bool:
    return not text[line_start(text, entry.start) : entry.start].strip(" ")
