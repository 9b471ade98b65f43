"""``vtx resume``: finish the unfinished films in one build."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from vtx_app.commands.options import Cores, DryRun, Extra, Gpus, Projects, Yes
from vtx_app.commands.output import print_line, print_table
from vtx_app.commands.snakemake_command import run_snakemake, snakemake_command
from vtx_app.text import plural

if TYPE_CHECKING:
    from vtx_app.registry.films import FilmSummary

__all__ = ["resume"]


@dataclass(frozen=True, slots=True)
class _Unfinished:
    """An unfinished film: the ``target`` to build, or the reason it is ``skipped``."""

    film: FilmSummary
    target: str = ""
    skipped: str = ""

    def row(self) -> tuple[object, ...]:
        film = self.film
        rendered, seconds = f"{film.rendered} of {film.clips}", f"{film.seconds_to_render:.1f}"
        return film.slug, film.title, rendered, film.to_render, seconds, film.failed or "", film.interrupted or ""


def resume(
    project: Projects = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
) -> int:
    """Finish the unfinished films, or the given ones: one build, one queue for the GPU."""
    from vtx_app.project.paths import project_folder
    from vtx_app.registry.films import unfinished_films
    from vtx_app.studio.sync import query

    slugs = list(dict.fromkeys(project or ()))
    for slug in slugs:
        project_folder(slug)  # raises if there is no such film
    found = [_unfinished(film) for film in query(lambda db: unfinished_films(db, slugs))]
    heads = ("film", "title", "rendered", "to render", "seconds", "failed", "interrupted")
    print_table(heads, [each.row() for each in found])
    for each in found:
        if each.skipped:
            print_line(f"{each.film.slug} is left out: {each.skipped}", err=True)
    going = [each for each in found if not each.skipped]
    if not going:
        if not found:
            print_line("nothing is unfinished")
        return int(bool(found))
    build = snakemake_command(
        [each.target for each in going],
        dry_run=dry_run,
        cores=cores,
        gpus=gpus,
        extra=extra,
    )
    if not (yes or dry_run):
        films = plural(len(going), "film")
        if not sys.stdin.isatty():
            print_line(f"Nothing is built yet. To go on with {films}: vtx resume --yes")
            return 2
        typer.confirm(f"Go on with {films}?", default=True, abort=True)
    return run_snakemake(build) or int(len(going) < len(found))


def _unfinished(film: FilmSummary) -> _Unfinished:
    """Plan the film again: its files decide what is built, and the registry only lists it."""
    from vtx_app.errors import VtxError
    from vtx_app.plan.cut_notices import nothing_shown
    from vtx_app.plan.pending import clips_to_conform, clips_to_render
    from vtx_app.plan.planner import plan_film
    from vtx_app.plan.readiness import render_faults

    try:
        plan = plan_film(film.slug, "final")
        if plan.final is None:
            story = "" if plan.left_out else f": vtx story all {film.slug}, or write them"
            return _Unfinished(film, skipped=nothing_shown(plan) + story)
        missing = clips_to_render(clips_to_conform(plan, "final"))
        faults = render_faults(plan.film, [clip.take for clip in missing])
    except (VtxError, OSError) as error:
        return _Unfinished(film, skipped=next(iter(str(error).splitlines()), type(error).__name__))
    if faults:
        return _Unfinished(film, skipped=f"can't be rendered here: {faults[0]}")
    return _Unfinished(film, plan.final.path.as_posix())
