"""A person's YAML text changed as little as possible so that it reads as other data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from typing import Any

from vtx_app.errors import SpecError
from vtx_app.merge.data_merge import same
from vtx_app.merge.texts import newline_of
from vtx_app.merge.yaml_splice import Splicer
from vtx_app.merge.yaml_tree import BREAK, Tree, tree_of
from vtx_app.merge.yaml_writer import Writer, style_of

__all__ = ["rewritten"]

_LAST_BREAK = re.compile(r"(?:\r\n|[\r\n])\Z")


def rewritten(
    text: str, data: Any, name: str = "this file", donor: Tree | None = None, stale: Collection[str] = ()
) -> str:
    """``text`` reading as ``data``: comments, order of keys, quotes and all other bytes stay where nothing changes.

    New values are written in the file's own indentation, and in the shape in which ``donor`` has them. Only comments
    inside what ``data`` doesn't have any more go with it, and the ``stale`` ones above that. Raises
    :class:`SpecError` where ``text`` can't be read, or can't be made to read as ``data``; :class:`TypeError` where
    ``data`` isn't plain.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    before = text[len(mark) :]
    tree = tree_of(before, name)
    if same(tree.data, data):
        return text
    ended = not before or BREAK.fullmatch(before[-1]) is not None
    newline = newline_of(before) or "\n"
    for shaped, flow in ((donor, True), (None, True), (None, False)):
        found = _spliced(before if ended else before + newline, data, newline, shaped, flow, stale)
        if found is not None:
            return mark + (found if ended else _unended(found, data))
    raise SpecError([f"{name}: can't be changed and keep all that you wrote; it stays as it is"])


def _spliced(text: str, data: Any, newline: str, donor: Tree | None, flow: bool, stale: Collection[str]) -> str | None:
    """``text`` reading as ``data`` with its comments, or None. A few values only settle after what is around them."""
    owed: Counter[str] = Counter()
    for attempt in range(4):
        try:
            tree = tree_of(text, "")
        except SpecError:
            return None
        said = Counter(tree.comments())
        if attempt and not owed <= said:
            return None
        if same(tree.data, data):
            return text
        splicer = Splicer(tree, Writer(style_of(tree), newline, None if attempt else donor), flow=flow, stale=stale)
        text = splicer.document(data)
        owed = said - Counter(splicer.dropped)
    return None


def _unended(text: str, data: Any) -> str:
    """``text`` without the line end at its end, where that doesn't matter to the data."""
    bare = _LAST_BREAK.sub("", text)
    try:
        return bare if same(tree_of(bare, "").data, data) else text
    except SpecError:
        return text
