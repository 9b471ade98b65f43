"""``vtx projects …``: the films there are, how far each is, and a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from vtx_app.commands.build import at_snakefile, quoted, storyboard
from vtx_app.commands.options import Json, Slug
from vtx_app.commands.registered import registered
from vtx_app.commands.showing import as_json, say, table, telling

if TYPE_CHECKING:
    from vtx_app.registry.films import FilmSummary
    from vtx_app.studio.status import ActStatus

__all__ = ["app"]

app = typer.Typer(help="The films there are, and new ones.", no_args_is_help=True)

NoSync = Annotated[bool, typer.Option("--no-sync", help="as the registry knows them, without a look at their files")]


@app.command()
def new(
    slug: Annotated[str, typer.Argument(help="name of the film's folder: small letters, digits, - and _")],
    title: Annotated[str, typer.Option(help="the title as the audience sees it")],
    json: Json = False,
) -> None:
    """Begin a film: every file of it, explained, and a first scene that builds."""
    with telling():
        from vtx_app.project.new import new_film
        from vtx_app.project.paths import shown

        at_snakefile()
        folder = new_film(slug, title)
        if json:
            as_json({"slug": slug, "folder": shown(folder), "storyboard": storyboard(slug)})
            return
        say(f"{shown(folder)}: write story/00_brief.md, or change any file; its storyboard:")
        say(f"  {' '.join(map(quoted, storyboard(slug)))}")


@app.command("list")
def list_films(json: Json = False, no_sync: NoSync = False) -> None:
    """List the films with what is rendered of each."""
    with telling():
        from vtx_app.registry.films import all_films

        at_snakefile()
        found = registered(all_films, sync_first=not no_sync)
        if json:
            as_json([line.data() for line in found])
            return
        heads = ("film", "title", "renderer", "clips", "rendered", "approved", "to render", "seconds", "trouble")
        table(heads, [_row(line) for line in found])
        if not found:
            say("no films yet: vtx projects new <slug> --title …")


def _row(line: FilmSummary) -> tuple[object, ...]:
    counts = line.clips, line.rendered, line.approved, line.to_render
    return (line.slug, line.title, line.renderer, *counts, f"{line.seconds:.1f}", _trouble(line))


def _trouble(line: FilmSummary) -> str:
    words = [f"{count} {state}" for state, count in _stopped(line) if count]
    return line.trouble or ", ".join(words)


def _stopped(line: FilmSummary) -> Sequence[tuple[str, int]]:
    return ("failed", line.failed), ("interrupted", line.interrupted)


@app.command()
def status(slug: Slug, json: Json = False) -> None:
    """Say of every act, scene and clip of a film where it stands, and what building it would render."""
    with telling():
        from vtx_app.studio.status import film_status

        at_snakefile()
        film = film_status(slug)
        if json:
            as_json(film.data())
            return
        heads = ("", "title", "seconds", "take", "state")
        table(heads, [row for act in film.acts for row in _act_rows(act)])
        for line in film.lines:
            say(line)


def _act_rows(act: ActStatus) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [(act.act, "", f"{act.seconds:.1f}", "", "")]
    for scene in act.scenes:
        rows.append((f" {scene.scene}", scene.title, f"{scene.seconds:.1f}", "", ""))
        rows += [
            (f"  {clip.clip}", clip.title, f"{clip.seconds:.2f}", clip.take[:12], str(clip)) for clip in scene.clips
        ]
    return rows
