"""What commands print: lines, tables, JSON and errors. Text from films is data: no control character gets through.

Tables are laid out here, because importing rich takes ten times the processor time of starting Python (0.19 s, 0.02 s).
"""

from __future__ import annotations

import contextlib
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from vtx_app.errors import VtxError
from vtx_app.files import explain_write_error

__all__ = ["exit_on_error", "print_json", "print_line", "print_table", "printable"]

_GAP = 2
"""Spaces between the columns of a table."""
_SHORT_CELL, _LONG_WORD = 12, 40
"""A cell up to this width is never folded; a word above this width may be."""


def printable(text: object) -> str:
    """``text`` with a space for each control or format character, which a terminal would obey."""
    text = str(text)
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else " " for character in text)


def print_line(line: object, *, err: bool = False) -> None:
    """Print one line of text."""
    print(printable(line), file=sys.stderr if err else sys.stdout)


def print_json(data: Any) -> None:
    """Print ``data`` in ASCII: no escape code reaches a terminal through it either."""
    import json  # most commands print text

    print(json.dumps(data, indent=1, default=str).replace("\x7f", "\\u007f"))  # noqa: T201


def print_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table, if it has rows. A narrow terminal folds its cells; where that does not do, rows become blocks."""
    if not rows:
        return
    lines = [list(heads), *([printable(cell) for cell in row] for row in rows)]
    columns = list(zip(*lines, strict=True))
    widths = [max(map(_width, column)) for column in columns]
    if sys.stdout.isatty():
        import shutil

        widths = _fit(columns, widths, shutil.get_terminal_size().columns - _GAP * (len(columns) - 1))
    if not widths:
        _print_blocks(*lines)
        return
    for line in lines:
        cells = [_fold(cell, width) for cell, width in zip(line, widths, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):
            padded = [part + " " * (width - _width(part)) for part, width in zip(parts, widths, strict=True)]
            print_line((" " * _GAP).join(padded).rstrip())


def _width(text: str) -> int:
    """The columns of a terminal that ``text`` takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def _fit(columns: Sequence[Sequence[str]], widths: Sequence[int], room: int) -> list[int]:
    """The widths of columns in ``room``, at most ``widths``; none if words and short cells can't stay whole."""

    def minimum(cell: str) -> int:
        width, words = _width(cell), cell.split()
        return min(_LONG_WORD, width if width <= _SHORT_CELL or len(words) < 2 else max(map(_width, words)))

    fitted = [max(map(minimum, column)) for column in columns]
    spare = room - sum(fitted)
    if spare < 0:
        return []
    by_need = sorted(range(len(columns)), key=lambda index: widths[index] - fitted[index])
    for left, index in zip(range(len(columns), 0, -1), by_need, strict=True):
        more = min(widths[index] - fitted[index], spare // left)
        fitted[index] += more
        spare -= more
    return fitted


def _fold(text: str, width: int) -> list[str]:
    if _width(text) <= width:
        return [text]
    from textwrap import wrap  # rarely needed

    return wrap(text, width if _width(text) == len(text) else width // 2)  # it counts wide characters as one column


def _print_blocks(heads: Sequence[str], *rows: Sequence[str]) -> None:
    """Print the first cell of each row, and below it the others after their heads."""
    width = max(map(len, heads))
    for first, *cells in rows:
        print_line(first)
        indent = " " * (len(first) - len(first.lstrip()) + _GAP)
        for head, cell in zip(heads[1:], cells, strict=True):
            if cell:
                print_line(f"{indent}{head:{width}}  {cell}")


@contextlib.contextmanager
def exit_on_error() -> Iterator[None]:
    """Print the message of a :class:`VtxError`, or of a disk that can't be written to, and exit with code 1."""
    try:
        yield
    except (VtxError, OSError) as error:
        message = str(error) if isinstance(error, VtxError) else explain_write_error(error)
        if message is None:
            raise
        for line in message.splitlines():
            print_line(line, err=True)
        raise SystemExit(1) from None
