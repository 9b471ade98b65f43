"""``vtx projects …``: the films there are, how far each is, and a new one."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from vtx_app.commands.options import Json, Slug
from vtx_app.commands.showing import as_json, say, table, telling

__all__ = ["app"]

app = typer.Typer(help="The films there are, and new ones.", no_args_is_help=True)


@app.command()
def new(
    slug: Annotated[str, typer.Argument(help="name of the film's folder: small letters, digits, - and _")],
    title: Annotated[str, typer.Option(help="the title as the audience sees it")],
) -> None:
    """Begin a film: every file of it, explained, and a first scene that builds."""
    with telling():
        from vtx_app.project.new import new_film
        from vtx_app.project.paths import shown

        folder = new_film(slug, title)
        say(f"{shown(folder)}: write story/00_brief.md, or change any file; its storyboard:")
        say(f"  snakemake animatic --cores 4 --config project={slug}")


@app.command("list")
def list_films(json: Json = False) -> None:
    """List the films with what is rendered of each."""
    with telling():
        from vtx_app.project.paths import projects_root

        slugs = sorted(path.parent.name for path in projects_root().glob("*/metadata.yaml"))
        found = [_told(slug) for slug in slugs]
        if json:
            as_json(found)
            return
        heads = ("film", "title", "renderer", "clips", "rendered", "approved", "seconds", "trouble")
        table(heads, [[each[key] for key in ("slug", *heads[1:])] for each in found])


def _told(slug: str) -> dict[str, Any]:
    """One film in a line; its first fault where it can't be read."""
    from vtx_app.errors import VtxError
    from vtx_app.plan.film_plan import plan_film

    blank = {"slug": slug, "title": "", "renderer": "", "clips": 0, "rendered": 0, "approved": 0, "seconds": 0.0}
    try:
        plan = plan_film(slug, "final")
    except VtxError as error:
        return {**blank, "trouble": str(error).splitlines()[0]}
    clips = plan.clips.values()
    return {
        "slug": slug,
        "title": plan.film.settings["title"],
        "renderer": plan.renderer,
        "clips": len(clips),
        "rendered": sum(clip.take.exists() for clip in clips),
        "approved": sum(clip.choice.state == "approved" for clip in clips),
        "seconds": round(float(sum(clip.delivery.frames for clip in clips) / plan.rate), 1),
        "trouble": "",
    }


@app.command()
def status(slug: Slug, json: Json = False) -> None:
    """Say of every clip of a film where it stands."""
    with telling():
        from vtx_app.plan.film_plan import plan_film

        plan = plan_film(slug, "final")
        rows = [
            {
                "clip": clip.clip.clip_id,
                "title": clip.clip.spec.title,
                "seconds": round(float(clip.delivery.frames / plan.rate), 2),
                "take": clip.digest[:12],
                "state": _state(clip),
            }
            for clip in plan.clips.values()
        ]
        if json:
            as_json({**_told(slug), "clips": rows})
            return
        table(("clip", "title", "seconds", "take", "state"), [tuple(row.values()) for row in rows])
        rendered = sum(clip.take.exists() for clip in plan.clips.values())
        say(f"{slug}: {rendered} of {len(rows)} takes rendered")


def _state(clip: Any) -> str:
    words = ["rendered" if clip.take.exists() else "to be rendered"]
    if clip.choice.state != "open":
        words.append(clip.choice.state)
    if clip.choice.out_of_date:
        words.append("out of date")
    if clip.choice.lapsed:
        words.append("its pick has lapsed")
    return ", ".join(words)
