"""``vtx schemas``: the JSON Schema of every format, for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vtx_app.commands.output import print_line

__all__ = ["schemas"]


def schemas(folder: Annotated[Path, typer.Option(help="where to write them")] = Path("config/schemas")) -> None:
    """Write the JSON Schemas of all formats, generated from the models."""
    from vtx_app.formats.schemas import write_schemas

    for path in write_schemas(folder):
        print_line(path)
