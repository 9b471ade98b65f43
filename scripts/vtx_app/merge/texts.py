"""Three-way merge of texts that are cut into segments; whatever the person's text has unchanged keeps its own bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from vtx_app.merge.diff3 import Region, holds, regions

__all__ = ["Clash", "has_all", "lines", "merge_segments", "newline_of"]

_BREAK = re.compile(r"\r\n|[\r\n]")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Clash:
    """Segments that both changed, each side's own, and the line (from 1) of the person's text."""

    line: int
    base: str
    mine: str
    theirs: str


def newline_of(text: str) -> str | None:
    """The first line end of ``text``."""
    found = _BREAK.search(text)
    return found.group() if found else None


def lines(text: str) -> list[str]:
    """``text`` cut after its line ends."""
    return _LINE.findall(text)


def merge_segments(
    base: str, mine: str, theirs: str, cut: Callable[[str], list[str]], trailing: str = "", touching: bool = False
) -> tuple[str | None, list[Clash]]:
    """The merged text, or None and what clashes. ``cut`` cuts a text into segments, and loses nothing.

    Changes that only touch clash unless ``touching``. Segments that differ in ``trailing`` characters at their ends
    alone are the same, and get the end that was changed. Line ends, a BOM and a missing line end at the end are as
    ``mine`` has them, and no change where others differ.
    """
    newline = newline_of(mine) or newline_of(theirs) or "\n"
    mark = _MARK if mine.startswith(_MARK) else ""
    before, kept, held = (cut(_closed(text, newline)) for text in (base, mine, theirs))
    found = list(regions(*(_keys(side, trailing) for side in (before, kept, held)), touching=touching))
    clashes = [
        Clash(
            1 + sum(len(_BREAK.findall(each)) for each in kept[: region.mine.start]),
            "".join(before[region.base]),
            "".join(kept[region.mine]),
            "".join(held[region.theirs]),
        )
        for region in found
        if region.kind == "conflict"
    ]
    if clashes:
        return None, clashes
    text = "".join(_taken(region, before, kept, held, newline) for region in found)
    if mine.removeprefix(_MARK) and not _BREAK.fullmatch(mine[-1]):
        text = re.sub(r"(?:\r\n|[\r\n])\Z", "", text)
    return mark + text, []


def _taken(region: Region, before: list[str], kept: list[str], held: list[str], newline: str) -> str:
    theirs = [_BREAK.sub(newline, each) for each in held[region.theirs]]
    if region.kind == "nobody":
        sides = zip(before[region.base], kept[region.mine], theirs, strict=True)
        return "".join(new if _plain(old) == _plain(mine) != _plain(new) else mine for old, mine, new in sides)
    return "".join(theirs if region.kind == "theirs" else kept[region.mine])


def has_all(base: str, mine: str, theirs: str, cut: Callable[[str], list[str]], trailing: str = "") -> bool:
    """Whether ``mine`` already has what ``theirs`` changed, and differs from it in other places alone."""
    return holds(*(_keys(cut(_closed(text, "\n")), trailing) for text in (base, mine, theirs)))


def _keys(segments: list[str], trailing: str) -> list[str]:
    """What makes segments the same."""
    return [_plain(each).rstrip(trailing) if trailing else _plain(each) for each in segments]


def _closed(text: str, newline: str) -> str:
    """``text`` without a BOM, and with a line end at its end."""
    text = text.removeprefix(_MARK)
    return text if not text or _BREAK.fullmatch(text[-1]) else text + newline


def _plain(segment: str) -> str:
    return _BREAK.sub("\n", segment)
