"""Lines of Fountain: comments removed, emphasis and escapes turned into plain text and back.

Rules of https://fountain.io/syntax (Emphasis, Notes, Boneyard). Escapes are Markdown's: a backslash makes any ASCII
punctuation plain. A ``/*`` that is never closed and a ``[[`` that is not closed before an empty line are text: a typing
error must not swallow the rest of a film.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Line", "clean", "escaped", "is_escaped", "plain", "source_lines"]

PUNCTUATION = r"!-/:-@\[-`{-~"

_BREAK = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_NO_TEXT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_MARK = re.compile(rf"\\([{PUNCTUATION}])|\*+|_+")
_NEEDS_ESCAPE = re.compile(rf"[*_]|\\(?=[{PUNCTUATION}]|\Z)|(?<=\[)\[")
_EMPTY_LINE = re.compile(r"\n(?!  \n) *(?=\n)")
_OPENING = re.compile(r"/\*|\[\[")
_FENCE = re.compile(r" *`{3,}\w* *")


@dataclass(slots=True)
class Line:
    """A line of the source without its comments. ``notes``: text and line of the notes in it or just after it."""

    number: int
    text: str
    notes: list[tuple[str, int]] = field(default_factory=list)
    comments: int = 0
    comment_lines: int = 0
    """Line breaks within its boneyards (``/* … */``)."""

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def clean(text: str) -> str:
    """``text`` with ``\\n`` for every kind of line break, four spaces for a tab, and no invisible characters."""
    return _NO_TEXT.sub("", _BREAK.sub("\n", text).replace("\t", "    "))


def plain(line: str) -> str:
    """``line`` without its emphasis and escapes: ``He said **no** to \\*9765\\*.`` → ``He said no to *9765*.``"""
    pieces: list[str] = []
    runs: dict[str, list[int]] = {"*": [], "_": []}  # pieces that may open emphasis
    position = 0
    for mark in _MARK.finditer(line):
        pieces.append(line[position : mark.start()])
        position = mark.end()
        if mark[1] is not None:
            pieces.append(mark[1])
            continue
        run = mark[0]
        before, after = line[mark.start() - 1 : mark.start()], line[mark.end() : mark.end() + 1]
        between = before.isalnum() and after.isalnum()
        inside_word = between and (run[0] == "_" or before.isdigit() or after.isdigit())
        pieces.append(run)
        openers = runs[run[0]]
        if before.strip() and not inside_word:
            while openers and pieces[-1]:
                shared = min(len(pieces[openers[-1]]), len(pieces[-1]))
                pieces[openers[-1]] = pieces[openers[-1]][shared:]
                pieces[-1] = pieces[-1][shared:]
                if not pieces[openers[-1]]:
                    openers.pop()
        if pieces[-1] and after.strip() and not inside_word:
            openers.append(len(pieces) - 1)
    return "".join(pieces) + line[position:]


def escaped(line: str) -> str:
    """``line`` escaped so that :func:`plain` returns it and it opens no note or boneyard."""
    return _NEEDS_ESCAPE.sub(r"\\\g<0>", line)


def is_escaped(text: str, index: int) -> bool:
    """Whether the character at ``index`` is escaped."""
    start = index
    while start and text[start - 1] == "\\":
        start -= 1
    return (index - start) % 2 == 1


def _comments(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether it is a note, of every closed note and boneyard; inner ones are part of the outer one."""
    empty = [found.start() for found in _EMPTY_LINE.finditer(text)] + [len(text)]
    closing = {"*/": -1, "]]": -1}  # where the next one is; searched again only once it is passed
    position = 0
    while found := _OPENING.search(text, position):
        start, position = found.start(), found.end()
        if is_escaped(text, start):
            position = start + 1
            continue
        mark = "]]" if found[0] == "[[" else "*/"
        if closing[mark] < position:
            end = text.find(mark, position)
            closing[mark] = end if end >= 0 else len(text)
        end = closing[mark]
        if end < len(text) and (mark == "*/" or empty[bisect_left(empty, position)] > end):
            position = end + 2
            while mark == "]]" and text.startswith("]", position):
                position += 1
            yield start, position, mark == "]]"


def source_lines(text: str) -> list[Line]:
    """The lines of ``text`` without notes and boneyards; lines that held nothing else are left out.

    A boneyard of several lines leaves an empty line, and so does a line that opens or closes a Markdown fence.
    """
    lines = [Line(1, "")]
    number, position, seam = 1, 0, False
    for start, end, is_note in [*_comments(text), (len(text), len(text), False)]:
        for index, part in enumerate(text[position:start].split("\n")):
            if index:
                number += 1
                lines.append(Line(number, ""))
            elif seam and part.startswith(" ") and lines[-1].text[-1:] in ("", " "):
                part = part[1:]
            lines[-1].text += part
        comment, line = text[start:end], lines[-1]
        over_lines = comment.count("\n")
        if line.blank and over_lines:
            line.number = number + over_lines
        line.comments += bool(comment)
        if is_note:
            line.notes.append((comment[2:-2], number))
        else:
            line.comment_lines += over_lines
        number, position, seam = number + over_lines, end, True
    kept = [Line(0, "")]
    for line in lines:
        if _FENCE.fullmatch(line.text):
            line.text = ""
        if line.blank and line.comments and not line.comment_lines:
            kept[-1].notes += line.notes
        else:
            kept.append(line)
    return kept
