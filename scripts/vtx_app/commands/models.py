"""``vtx models …``: the models a film is rendered with."""

from __future__ import annotations

from typing import Annotated

import typer

from vtx_app.commands.options import Json, Slug, command, group
from vtx_app.commands.output import print_json, print_line

__all__ = ["app"]

app = group("The models a film is rendered with.")


@command(app)
def lock(
    slug: Slug,
    yes: Annotated[bool, typer.Option("--yes", help="do it, whatever it costs")] = False,
    json: Json = False,
) -> int:
    """Lock a film to the models on this machine, and show how many takes that re-renders."""
    from vtx_app.review.relock import relock

    change = relock(slug, write=yes)
    if json:
        print_json(change.data())
    else:
        for line in change.lines():
            print_line(line)
    if yes or not change.takes:
        return 0
    print_line(f"Nothing is changed yet. To go on: vtx models lock {slug} --yes", err=json)
    return 2
