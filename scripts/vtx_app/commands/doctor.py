"""``vtx doctor``: whether this machine has what a film needs, a line for each thing and what to do about it."""

from __future__ import annotations

from typing import Annotated

import typer

from vtx_app.commands.options import Json
from vtx_app.commands.showing import as_json, say, telling

__all__ = ["doctor"]

_MARKS = {"ok": "ok      ", "note": "note    ", "problem": "PROBLEM "}


def doctor(
    slug: Annotated[str | None, typer.Argument(help="a film, to look at what it needs")] = None, json: Json = False
) -> None:
    """Look at Python, GPU, disk, models, ltx-pipelines, ffmpeg and keys. Exit code 1 where a build would fail."""
    with telling():
        from vtx_app.plan.checkup import checkup

        found = checkup(slug)
        if json:
            as_json([{"state": each.state, "what": each.what, "do": each.advice} for each in found])
        else:
            for each in found:
                say(f"{_MARKS[each.state]}{each.what}" + (f": {each.advice}" if each.advice else ""))
        raise typer.Exit(1 if any(each.state == "problem" for each in found) else 0)
