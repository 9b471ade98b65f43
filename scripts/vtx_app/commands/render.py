"""``vtx render …`` and ``vtx assemble …``: clips, acts and the film, by Snakemake."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from vtx_app.commands.build import argv, snakemake
from vtx_app.commands.options import Cores, DryRun, Extra, Gpus, Slug, Tier
from vtx_app.commands.showing import telling

if TYPE_CHECKING:
    from vtx_app.plan.film_plan import FilmPlan

__all__ = ["app", "assemble"]

app = typer.Typer(help="Render clips: what is out of date, and nothing else.", no_args_is_help=True)
assemble = typer.Typer(help="Cut acts and the film.", no_args_is_help=True)

Resume = Annotated[bool, typer.Option("--resume", help="go on with what is unfinished, as every build does")]
Part = Annotated[str, typer.Argument(help="its id")]


def _build(
    slug: str,
    tier: str,
    find: Callable[[FilmPlan], list[str]],
    dry_run: bool,
    cores: int | None,
    gpus: int | None,
    extra: list[str] | None,
) -> None:
    with telling():
        from vtx_app.errors import ProjectError
        from vtx_app.plan.film_plan import plan_film
        from vtx_app.project.paths import TIERS

        if tier not in TIERS:
            raise ProjectError(f"--tier {tier!r}: expected {', '.join(sorted(TIERS))}")
        targets = find(plan_film(slug, tier))
        resources = {"gpu": gpus} if gpus else None
        config = {"project": slug} if "/" not in targets[0] else None  # a target by its name says what it does
        words = argv(targets, config=config, dry_run=dry_run, cores=cores, resources=resources, extra=extra or ())
        raise typer.Exit(snakemake(words))


def _clips(plan: FilmPlan, prefix: str, kind: str) -> list[str]:
    from vtx_app.errors import ProjectError
    from vtx_app.formats.check import near

    found = [
        clip.path.as_posix()
        for clip in plan.clips.values()
        if clip.clip.clip_id == prefix or clip.clip.clip_id.startswith(f"{prefix}_")
    ]
    if not found:
        ids = [clip.clip.clip_id for clip in plan.clips.values()]
        known = {"clip": ids, "scene": [each.rpartition("_")[0] for each in ids], "act": list(plan.acts)}[kind]
        raise ProjectError(f"no {kind} {prefix!r} in {plan.film.slug}{near(prefix, dict.fromkeys(known))}")
    return found


def _act(plan: FilmPlan, act: str) -> list[str]:
    from vtx_app.errors import ProjectError

    if act not in plan.acts:
        raise ProjectError(f"no act {act!r} in {plan.film.slug}; it has {', '.join(plan.acts) or 'none'}")
    return [plan.acts[act].path.as_posix()]


def _all_clips(plan: FilmPlan) -> list[str]:
    return (
        ["clips"] if plan.tier == "final" or not plan.clips else [clip.path.as_posix() for clip in plan.clips.values()]
    )


_Find = Callable[["FilmPlan", str], list[str]]


def _add(group: typer.Typer, name: str, about: str, find: _Find) -> None:
    """A command that builds one part of a film."""

    def build(
        slug: Slug,
        part: Part,
        tier: Tier = "final",
        dry_run: DryRun = False,
        cores: Cores = None,
        gpus: Gpus = None,
        extra: Extra = None,
    ) -> None:
        _build(slug, tier, lambda plan: find(plan, part), dry_run, cores, gpus, extra)

    group.command(name, help=about)(build)


_add(app, "clip", "One clip: A01_S02_SH003.", lambda plan, part: _clips(plan, part.partition("__")[0], "clip"))
_add(app, "scene", "The clips of a scene: A01_S02.", lambda plan, part: _clips(plan, part, "scene"))
_add(app, "act", "The clips of an act: A01.", lambda plan, part: _clips(plan, part, "act"))
_add(assemble, "act", "Cut an act, A01, rendering what it needs.", _act)


@app.command("all")
def everything(
    slug: Slug,
    resume: Resume = False,
    tier: Tier = "final",
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
) -> None:
    """Every clip of the film."""
    _build(slug, tier, _all_clips, dry_run, cores, gpus, extra)


@assemble.command("final")
def final(
    slug: Slug,
    tier: Tier = "final",
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
) -> None:
    """Cut the film, rendering what it needs."""
    _build(slug, tier, lambda plan: [plan.tier], dry_run, cores, gpus, extra)
