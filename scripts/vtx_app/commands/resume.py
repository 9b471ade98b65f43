"""``vtx resume``: go on with what is unfinished, all films in one build."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from vtx_app.commands.build import argv, at_snakefile, snakemake
from vtx_app.commands.ids import completed_slugs
from vtx_app.commands.options import Cores, DryRun, Extra, Gpus
from vtx_app.commands.registered import registered
from vtx_app.commands.showing import say, table, telling
from vtx_app.text import plural

if TYPE_CHECKING:
    from vtx_app.registry.films import FilmSummary

__all__ = ["resume"]

Projects = Annotated[
    list[str] | None,
    typer.Option("--project", "-p", help="this film; may be said again", autocompletion=completed_slugs),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="do not ask")]


@dataclass(frozen=True, slots=True)
class _Unfinished:
    """A film to go on with: what building it makes, or why it can't be built now."""

    line: FilmSummary
    target: str = ""
    left_out: str = ""


def resume(
    project: Projects = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
) -> None:
    """Go on with the films that are not finished, or those that are named: one build, one queue for the GPU."""
    with telling():
        from vtx_app.project.paths import project_folder
        from vtx_app.registry.films import unfinished_films

        at_snakefile()
        named = list(dict.fromkeys(project or ()))
        folders = {slug: project_folder(slug) for slug in named}
        found = [_looked_at(line) for line in registered(lambda db: unfinished_films(db, list(folders)))]
        _show(found)
        going = [film for film in found if not film.left_out]
        if not going:
            _end(found)
        targets = [film.target for film in going]
        words = argv(
            targets,
            dry_run=dry_run,
            cores=cores,
            resources={"gpu": gpus} if gpus else None,
            clips=sum(film.line.clips for film in going),
            extra=extra or (),
        )
        if not dry_run:
            _ask(yes, targets)
        code = snakemake(words)
        raise typer.Exit(code or int(len(going) < len(found)))  # not all of it was gone on with


def _looked_at(line: FilmSummary) -> _Unfinished:
    """The film as its files are now, which is what decides; the registry only says where to look."""
    from vtx_app.errors import VtxError
    from vtx_app.plan.pending import clips_to_conform, clips_to_render
    from vtx_app.plan.planner import plan_film
    from vtx_app.plan.readiness import render_faults

    try:
        plan = plan_film(line.slug, "final")
        if plan.final is None:
            return _Unfinished(line, left_out=f"has no clip specs yet: vtx story all {line.slug}, or write them")
        missing = clips_to_render(clips_to_conform(plan, "final"))
        faults = render_faults(plan.film, [clip.take for clip in missing])
    except (VtxError, OSError) as error:
        faults = str(error).splitlines()[:1] or [type(error).__name__]
        return _Unfinished(line, left_out=faults[0])
    if faults:
        return _Unfinished(line, left_out=f"can't be rendered here: {faults[0]}")
    return _Unfinished(line, plan.final.path.as_posix())


def _show(found: Sequence[_Unfinished]) -> None:
    rows = [
        (
            film.line.slug,
            film.line.title,
            f"{film.line.rendered} of {film.line.clips}",
            film.line.to_render,
            f"{film.line.seconds_to_render:.1f}",
            film.line.failed or "",
            film.line.interrupted or "",
        )
        for film in found
    ]
    table(("film", "title", "rendered", "to render", "seconds", "failed", "interrupted"), rows)
    for film in found:
        if film.left_out:
            say(f"{film.line.slug} is left out: {film.left_out}", err=True)


def _end(found: Sequence[_Unfinished]) -> None:
    """There is nothing to build."""
    if found:
        raise typer.Exit(1)
    say("nothing is unfinished")
    raise typer.Exit


def _ask(yes: bool, targets: Sequence[str]) -> None:
    if yes:
        return
    films = plural(len(targets), "film")
    if not _can_ask():
        say(f"Nothing is built yet. To go on with {films}: vtx resume --yes")
        raise typer.Exit(2)
    typer.confirm(f"Go on with {films}?", default=True, abort=True)


def _can_ask() -> bool:
    return sys.stdin.isatty()
