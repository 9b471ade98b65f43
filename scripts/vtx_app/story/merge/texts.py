"""Three-way merge of texts that are cut into segments; whatever the person's text has unchanged keeps its own bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from vtx_app.story.merge.threeway import Region, regions

__all__ = ["Clash", "lines", "merge_segments", "newline_of"]

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
    base: str, mine: str, theirs: str, cut: Callable[[str], list[str]]
) -> tuple[str | None, list[Clash]]:
    """The merged text, or None and what clashes. ``cut`` cuts a text into segments, and loses nothing.

    Line ends, a BOM and a missing line end at the end are as ``mine`` has them, and no change where others differ.
    """
    newline = newline_of(mine) or newline_of(theirs) or "\n"
    mark = _MARK if mine.startswith(_MARK) else ""
    before, kept, held = (cut(_closed(text.removeprefix(_MARK), newline)) for text in (base, mine, theirs))
    found = list(regions(*(list(map(_plain, side)) for side in (before, kept, held))))
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
    text = "".join(_taken(region, kept, held, newline) for region in found)
    if mine.removeprefix(_MARK) and not _BREAK.fullmatch(mine[-1]):
        text = re.sub(r"(?:\r\n|[\r\n])\Z", "", text)
    return mark + text, []


def _taken(region: Region, kept: list[str], held: list[str], newline: str) -> str:
    if region.kind == "theirs":
        return "".join(_BREAK.sub(newline, each) for each in held[region.theirs])
    return "".join(kept[region.mine])


def _closed(text: str, newline: str) -> str:
    return text if not text or _BREAK.fullmatch(text[-1]) else text + newline


def _plain(segment: str) -> str:
    return _BREAK.sub("\n", segment)
