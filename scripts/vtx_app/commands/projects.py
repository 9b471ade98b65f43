"""``vtx projects …``: the films, their status, and a new one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vtx_app.commands.film_list import print_films
from vtx_app.commands.options import Json, Slug, command, group
from vtx_app.commands.output import print_json, print_line, print_table
from vtx_app.commands.snakemake_command import quote, storyboard_command

if TYPE_CHECKING:
    from vtx_app.studio.status import ActStatus

__all__ = ["app"]

app = group("The films, and new ones.")

NoSync = Annotated[bool, typer.Option("--no-sync", help="as the registry knows them, without reading their files")]


@command(app)
def new(
    slug: Annotated[str, typer.Argument(help="name of the film's folder: small letters, digits, - and _")],
    title: Annotated[str, typer.Option(help="the title for the audience")],
    screenplay: Annotated[
        Path | None, typer.Option("--from", help="a screenplay, .fountain or .fdx, that the film is made from")
    ] = None,
    json: Json = False,
) -> None:
    """Create a film: every file of it, explained, and a first scene that builds."""
    from vtx_app.files import display_path
    from vtx_app.project.new import new_film

    folder, storyboard = display_path(new_film(slug, title, screenplay)), storyboard_command(slug)
    if json:
        print_json({"slug": slug, "folder": folder, "storyboard": storyboard})
        return
    how = "write story/00_brief.md, or change any file" if screenplay is None else f"made from {screenplay.name}"
    print_line(f"{folder}: {how}; its storyboard:")
    print_line(f"  {' '.join(map(quote, storyboard))}")


@command(app, "list")
def list_films(json: Json = False, no_sync: NoSync = False) -> None:
    """List the films and what is rendered of each."""
    print_films(json=json, sync=not no_sync)


@command(app)
def status(slug: Slug, json: Json = False) -> None:
    """Show the state of every act, scene and clip of a film, and what a build would render."""
    from vtx_app.studio.status import film_status

    film = film_status(slug)
    if json:
        print_json(film.data())
        return
    print_table(("", "title", "seconds", "take", "state"), [row for act in film.acts for row in _rows(act)])
    for line in film.lines:
        print_line(line)


def _rows(act: ActStatus) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [(act.act, "", f"{act.seconds:.1f}", "", "")]
    for scene in act.scenes:
        rows.append((f" {scene.scene}", scene.title, f"{scene.seconds:.1f}", "", ""))
        rows += [(f"  {clip.clip}", clip.title, f"{clip.seconds:.2f}", clip.take[:12], clip) for clip in scene.clips]
    return rows
