"""How commands speak: lines, tables, JSON and errors. What films hold is data: no control character gets through."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

import typer

from vtx_app.errors import VtxError
from vtx_app.files import explain_write_error

__all__ = ["as_json", "fail", "safe", "say", "table", "telling"]

_PIPED_WIDTH = 200
"""Columns of a table that no terminal shows: no line of it is folded without need."""
_SHORT_CELL, _LONG_WORD = 12, 40
"""A cell up to so long is never folded; a word is, where it is longer."""


def safe(text: object) -> str:
    """``text`` without anything that a terminal would obey: control and format characters become spaces."""
    return "".join(letter if letter.isprintable() else " " for letter in str(text))


def say(line: object, *, err: bool = False) -> None:
    """One line for a person."""
    typer.echo(safe(line), err=err)


def as_json(data: Any) -> None:
    """``data`` for a script, in ASCII: no escape code gets to a terminal through it either."""
    typer.echo(json.dumps(data, indent=1, default=str).replace("\x7f", "\\u007f"))


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table for a person; nothing where there are no rows. A row is a block of lines where no table fits."""
    if not rows:
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH)
    cells = [[safe(cell) for cell in row] for row in rows]
    columns = list(zip(heads, *cells, strict=True))
    for gap in (2, 1):
        if widths := _widths(columns, console.width - gap * (len(columns) - 1)):
            made = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False, header_style="bold")
            for head, width in zip(heads, widths, strict=True):
                made.add_column(head, overflow="fold", width=width)
            for row in cells:
                made.add_row(*map(Text, row))
            console.print(made)
            return
    _blocks(heads, cells)


def _widths(columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """The width of each column in ``room`` columns of the terminal; none where they do not fit. The first cell of each
    is its head. Words stay whole, and so do short cells."""
    from rich.cells import cell_len

    def least(cell: str) -> int:
        words = cell.split()
        whole = len(words) < 2 or cell_len(cell) <= _SHORT_CELL
        return min(_LONG_WORD, cell_len(cell) if whole else max(map(cell_len, words)))

    widths = [max(map(least, column)) for column in columns]
    wanted = [max(map(cell_len, column)) for column in columns]
    spare = room - sum(widths)
    if spare < 0:
        return []
    needy = sorted(range(len(columns)), key=lambda at: wanted[at] - widths[at])
    for left, at in zip(range(len(columns), 0, -1), needy, strict=True):
        more = min(wanted[at] - widths[at], spare // left)
        widths[at] += more
        spare -= more
    return widths


def _blocks(heads: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    """Each row as lines: its first cell, and below it the others that say something, each after its head."""
    width = max(map(len, heads))
    for first, *others in cells:
        typer.echo(first)
        indent = " " * (len(first) - len(first.lstrip()) + 2)
        for head, cell in zip(heads[1:], others, strict=True):
            if cell:
                typer.echo(f"{indent}{head:{width}}  {cell}")


def fail(error: VtxError) -> NoReturn:
    """Tell what a person must mend, and end with exit code 1."""
    for line in str(error).splitlines():
        say(line, err=True)
    raise typer.Exit(1)


@contextlib.contextmanager
def telling() -> Iterator[None]:
    """A message for a person, and what a disk refuses, ends the command with that message alone."""
    try:
        yield
    except VtxError as error:
        fail(error)
    except OSError as error:
        told = explain_write_error(error)
        if told is None:
            raise
        fail(VtxError(told))
