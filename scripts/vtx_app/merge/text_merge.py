"""Three-way merge of texts that are split into segments: lines, or the sentences of prose (Markdown, Fountain).

Whatever is unchanged in the person's text keeps its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from vtx_app.merge.diff3 import Region, includes_changes, regions

__all__ = ["Conflict", "Merged", "first_newline", "merge_prose", "merge_segments", "split_lines"]

_BREAK = re.compile(r"\r\n|[\r\n]")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")
_BOM = "\ufeff"

# A line break, or the end of a sentence: its stop, closing quotes and brackets, and the space after them.
_SENTENCE_END = re.compile(
    r"\r\n|[\r\n]|(?<![.!?…])[.!?…]+[\"'”’»)\]*_]*[ \t]+|(?<![。！？])[。！？]+[\"'”’»」』）)\]*_]*[ \t]*"
)
_SPACE = " \t"


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged ``text``, or None and the places in ``conflicts`` that both sides changed."""

    text: str | None
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Segments that both sides changed, as each side has them; ``line`` (from 1) counts in the person's text."""

    line: int
    base: str
    mine: str
    theirs: str


def first_newline(text: str) -> str | None:
    """The first line break of ``text``."""
    found = _BREAK.search(text)
    return found.group() if found else None


def split_lines(text: str) -> list[str]:
    """``text`` split after its line breaks."""
    return _LINE.findall(text)


def merge_prose(base: str, mine: str, theirs: str) -> Merged:
    """Merge the changes from ``base``, the last generated text, to the new one ``theirs`` into the edited ``mine``.

    Merges sentence by sentence, so that two edits of one paragraph both arrive; edits that touch are conflicts.
    """
    if theirs in (base, mine):
        return Merged(mine, ())
    if mine == base:
        return Merged(theirs, ())
    if _includes_changes(base, mine, theirs):
        return Merged(mine, ())
    text, conflicts = merge_segments(base, mine, theirs, _sentences, _SPACE)
    if text is not None:
        if _includes_changes(base, text, theirs):
            return Merged(text, ())
        again, more = merge_segments(base, text, theirs, _sentences, _SPACE)
        if again == text:
            return Merged(text, ())
        conflicts = more or [Conflict(1, base, mine, theirs)]  # a second merge would insert the same text again
    return Merged(None, tuple(f'line {conflict.line}: "{_first_words(conflict)}"' for conflict in conflicts))


def _includes_changes(base: str, mine: str, theirs: str) -> bool:
    """Whether ``mine`` has all changes from ``base`` to ``theirs``, and differs from ``theirs`` elsewhere only."""
    return includes_changes(*(_keys(_sentences(_closed(text, "\n")), _SPACE) for text in (base, mine, theirs)))


def _sentences(text: str) -> list[str]:
    found: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if end.group()[0] in "\r\n" and start < end.start():
            found.append(text[start : end.start()])
            start = end.start()
        found.append(text[start : end.end()])
        start = end.end()
    return [*found, text[start:]] if start < len(text) else found


def _first_words(conflict: Conflict) -> str:
    text = conflict.mine.strip() or conflict.theirs.strip() or conflict.base.strip()
    words = " ".join(text[:200].split())
    words = "".join(letter if letter.isprintable() else "�" for letter in words)
    return words if len(words) <= 40 else f"{words[:40].rpartition(' ')[0] or words[:40]}…"


def merge_segments(
    base: str, mine: str, theirs: str, split: Callable[[str], list[str]], trailing: str = "", touching: bool = False
) -> tuple[str | None, list[Conflict]]:
    """Return the merged text, or None and the conflicts. ``split`` splits a text into segments without loss.

    Changes that only touch conflict unless ``touching``. Segments that differ in ``trailing`` characters at their end
    only are equal, and the changed end wins. The line breaks, the BOM and a missing last line break of ``mine`` stay;
    differences in them are not changes.
    """
    newline = first_newline(mine) or first_newline(theirs) or "\n"
    sides = [split(_closed(text, newline)) for text in (base, mine, theirs)]
    found = list(regions(*(_keys(side, trailing) for side in sides), touching=touching))
    conflicts = [
        Conflict(
            1 + sum(len(_BREAK.findall(each)) for each in sides[1][: region.mine.start]),
            *("".join(side[span]) for side, span in zip(sides, region.spans, strict=True)),
        )
        for region in found
        if region.kind == "conflict"
    ]
    if conflicts:
        return None, conflicts
    text = "".join(_chosen(region, sides, newline) for region in found)
    if mine.removeprefix(_BOM) and not _BREAK.fullmatch(mine[-1]):
        text = re.sub(r"(?:\r\n|[\r\n])\Z", "", text)
    return (_BOM if mine.startswith(_BOM) else "") + text, []


def _chosen(region: Region, sides: list[list[str]], newline: str) -> str:
    """The text of a region without a conflict. Where nobody changed it, ``mine`` keeps its bytes, but a changed end."""
    base, mine, theirs = (side[span] for side, span in zip(sides, region.spans, strict=True))
    theirs = [_BREAK.sub(newline, each) for each in theirs]
    if region.kind == "nobody":
        mine = [
            new if _unix(old) == _unix(own) != _unix(new) else own
            for old, own, new in zip(base, mine, theirs, strict=True)
        ]
    return "".join(theirs if region.kind == "theirs" else mine)


def _keys(segments: list[str], trailing: str) -> list[str]:
    """What is compared of each segment."""
    return [_unix(each).rstrip(trailing) if trailing else _unix(each) for each in segments]


def _closed(text: str, newline: str) -> str:
    """``text`` without a BOM, and with a line break at its end."""
    text = text.removeprefix(_BOM)
    return text if not text or _BREAK.fullmatch(text[-1]) else text + newline


def _unix(segment: str) -> str:
    return _BREAK.sub("\n", segment)
