"""Change a person's YAML text as little as possible so that it reads as other data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from typing import Any

from vtx_app.errors import SpecError
from vtx_app.merge.data_merge import same
from vtx_app.merge.text_merge import first_newline
from vtx_app.merge.yaml_splice import Splicer
from vtx_app.merge.yaml_tree import BREAK, Tree, parse_tree
from vtx_app.merge.yaml_writer import Writer, detect_style

__all__ = ["rewrite_yaml"]

_LAST_BREAK = re.compile(r"(?:\r\n|[\r\n])\Z")


def rewrite_yaml(
    text: str,
    data: Any,
    name: str = "this file",
    donor: Tree | None = None,
    stale: Collection[str] = (),
    *,
    keep: bool = False,
) -> str:
    """Return ``text`` changed to read as ``data``; comments, key order, quotes and all other bytes stay.

    New values are written in the file's own indentation, and as ``donor`` writes them if it has them. Comments go only
    with what contained them (with ``keep`` not even then), the ``stale`` ones also with what stood below. Raises
    :class:`SpecError` if ``text`` can't be read or can't be changed to read as ``data``; :class:`TypeError` if ``data``
    isn't plain.
    """
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    body = text[len(bom) :]
    if same(parse_tree(body, name).data, data):
        return text
    ended = not body or BREAK.fullmatch(body[-1]) is not None
    newline = first_newline(body) or "\n"
    for reused, flow in ((donor, True), (None, True), (None, False)):
        found = _spliced(body if ended else body + newline, data, newline, reused, flow, stale, keep)
        if found is not None:
            return bom + (found if ended else _without_last_break(found, data))
    raise SpecError([f"{name}: can't be changed without losing something you wrote; it stays as it is"])


def _spliced(
    text: str, data: Any, newline: str, donor: Tree | None, flow: bool, stale: Collection[str], keep: bool
) -> str | None:
    """``text`` reading as ``data`` with its comments, or None. A few values settle only after their surroundings."""
    required: Counter[str] = Counter()
    for attempt in range(4):
        try:
            tree = parse_tree(text, "")
        except SpecError:
            return None
        comments = Counter(tree.comments())
        if attempt and not required <= comments:
            return None
        if same(tree.data, data):
            return text
        writer = Writer(detect_style(tree), newline, None if attempt else donor)
        splicer = Splicer(tree, writer, flow=flow, stale=stale, keep=keep)
        text = splicer.document(data)
        required = comments - Counter(splicer.dropped)
    return None


def _without_last_break(text: str, data: Any) -> str:
    """``text`` without its last line break, unless that changes the data."""
    bare = _LAST_BREAK.sub("", text)
    try:
        return bare if same(parse_tree(bare, "").data, data) else text
    except SpecError:
        return text
