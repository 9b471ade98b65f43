"""How commands speak: lines, tables, JSON and errors. What films hold is data: no control character gets through."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

import typer

from vtx_app.errors import VtxError

__all__ = ["as_json", "fail", "safe", "say", "table", "telling"]

_PIPED_WIDTH = 200
"""Columns of a table that no terminal shows: no line of it is folded without need."""


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
    """A table for a person; nothing where there are no rows."""
    if not rows:
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        made.add_column(head, overflow="fold")
    for row in rows:
        made.add_row(*(Text(safe(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH).print(made)


def fail(error: VtxError) -> NoReturn:
    """Tell what a person must mend, and end with exit code 1."""
    for line in str(error).splitlines():
        say(line, err=True)
    raise typer.Exit(1)


@contextlib.contextmanager
def telling() -> Iterator[None]:
    """A message for a person ends the command with that message alone."""
    try:
        yield
    except VtxError as error:
        fail(error)
