"""Three-way merge of prose (Markdown, Fountain): by sentences, so that two edits of one paragraph both arrive."""

from __future__ import annotations

import re

from vtx_app.merge.result import Merged
from vtx_app.merge.texts import Clash, has_all, merge_segments

__all__ = ["merge_prose"]

# A line break, or where a sentence ends: after its stop, the quotes and brackets that close it, and the space.
_END = re.compile(
    r"\r\n|[\r\n]|(?<![.!?…])[.!?…]+[\"'”’»)\]*_]*[ \t]+|(?<![。！？])[。！？]+[\"'”’»」』）)\]*_]*[ \t]*"
)
_SPACE = " \t"


def merge_prose(base: str, mine: str, theirs: str) -> Merged:
    """``mine``, edited since it was the generated text ``base``, with what the newly generated ``theirs`` changes.

    Sentences and line breaks are merged one by one; edits of both sides that touch are conflicts.
    """
    if theirs in (base, mine):
        return Merged(mine, ())
    if mine == base:
        return Merged(theirs, ())
    if has_all(base, mine, theirs, _sentences, _SPACE):
        return Merged(mine, ())
    text, clashes = merge_segments(base, mine, theirs, _sentences, _SPACE)
    if text is not None:
        if has_all(base, text, theirs, _sentences, _SPACE):
            return Merged(text, ())
        again, more = merge_segments(base, text, theirs, _sentences, _SPACE)
        if again == text:
            return Merged(text, ())
        clashes = more or [Clash(1, base, mine, theirs)]  # done again it would stand there twice
    return Merged(None, tuple(f'line {clash.line}: "{_first_words(clash)}"' for clash in clashes))


def _sentences(text: str) -> list[str]:
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        broken = end.group()[0] in "\r\n"
        if broken and start < end.start():
            found.append(text[start : end.start()])
            start = end.start()
        found.append(text[start : end.end()])
        start = end.end()
    return [*found, text[start:]] if start < len(text) else found


def _first_words(clash: Clash) -> str:
    words = " ".join((clash.mine.strip() or clash.theirs.strip() or clash.base.strip())[:200].split())
    words = "".join(letter if letter.isprintable() else "�" for letter in words)
    return words if len(words) <= 40 else f"{words[:40].rpartition(' ')[0] or words[:40]}…"
