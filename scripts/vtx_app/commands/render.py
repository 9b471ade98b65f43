"""``vtx render …`` and ``vtx assemble …``: clips, acts and the film, by Snakemake."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from vtx_app.commands.build import snakemake
from vtx_app.commands.options import Cores, DryRun, Extra, Gpus, Slug, Tier
from vtx_app.commands.showing import telling

if TYPE_CHECKING:
    from vtx_app.plan.film_plan import FilmPlan

__all__ = ["app", "assemble"]

app = typer.Typer(help="Render clips: what is out of date, and nothing else.", no_args_is_help=True)
assemble = typer.Typer(help="Cut acts and the film.", no_args_is_help=True)

Resume = Annotated[bool, typer.Option("--resume", help="go on with what is unfinished, as every build does")]
Act = Annotated[str, typer.Argument(help="the act, A01")]


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
        done = snakemake(targets, config=config, dry_run=dry_run, cores=cores, resources=resources, extra=extra or ())
        raise typer.Exit(done)


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


def _final(plan: FilmPlan) -> list[str]:
    return [plan.tier]


def _all_clips(plan: FilmPlan) -> list[str]:
    return (
        ["clips"] if plan.tier == "final" or not plan.clips else [clip.path.as_posix() for clip in plan.clips.values()]
    )


@app.command()
def clip(
    slug: Slug,
    clip_id: Annotated[str, typer.Argument(help="the shot, A01_S02_SH003")],
    tier: Tier = "final",
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
) -> None:
    """One clip."""
    _build(slug, tier, lambda plan: _clips(plan, clip_id.partition("__")[0], "clip"), dry_run, cores, gpus, extra)


@app.command()
def scene(
    slug: Slug,
    scene_id: Annotated[str, typer.Argument(help="the scene, A01_S02")],
    tier: Tier = "final",
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
) -> None:
    """The clips of a scene."""
    _build(slug, tier, lambda plan: _clips(plan, scene_id, "scene"), dry_run, cores, gpus, extra)


@app.command()
def act(
    slug: Slug,
    act: Act,
    tier: Tier = "final",
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
) -> None:
    """The clips of an act."""
    _build(slug, tier, lambda plan: _clips(plan, act, "act"), dry_run, cores, gpus, extra)


@app.command("all")
def everything(
    slug: Slug,
    resume: Annotated[
        bool, typer.Option("--resume", help="go on with what is unfinished, as every build does")
    ] = False,
    tier: Tier = "final",
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
) -> None:
    """Every clip of the film."""
    _build(
        slug,
        tier,
        _all_clips,
        dry_run,
        cores,
        gpus,
        extra,
    )


@assemble.command("act")
def assemble_act(
    slug: Slug,
    act: Act,
    tier: Tier = "final",
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
) -> None:
    """Cut an act, rendering what it needs."""
    _build(slug, tier, lambda plan: _act(plan, act), dry_run, cores, gpus, extra)


@assemble.command("final")
def assemble_final(
    slug: Slug,
    tier: Tier = "final",
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
) -> None:
    """Cut the film, rendering what it needs."""
    _build(slug, tier, _final, dry_run, cores, gpus, extra)
