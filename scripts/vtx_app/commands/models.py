"""``vtx models …``: the models a film is rendered with."""

from __future__ import annotations

from typing import Annotated

import typer

from vtx_app.commands.build import at_snakefile
from vtx_app.commands.options import Json, Slug
from vtx_app.commands.showing import as_json, say, telling

__all__ = ["app"]

app = typer.Typer(help="The models a film is rendered with.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The models a film is rendered with."""


@app.command()
def lock(
    slug: Slug,
    yes: Annotated[bool, typer.Option("--yes", help="do it, whatever it costs")] = False,
    json: Json = False,
) -> None:
    """Lock a film to the models that lie on this machine, and say how many takes that renders anew."""
    with telling():
        from vtx_app.plan.relock import relock

        at_snakefile()
        change = relock(slug, write=yes)
        if json:
            as_json(change.data())
        for line in () if json else change.lines():
            say(line)
        if change.needs_yes and not yes:
            say(f"Nothing is changed yet. To go on: vtx models lock {slug} --yes", err=json)
            raise typer.Exit(2)
