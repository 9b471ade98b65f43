"""``vtx render …`` and ``vtx assemble …``: build clips, acts and the film with Snakemake."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from vtx_app.commands.options import (
    Cores,
    DryRun,
    Extra,
    Gpus,
    Slug,
    Tier,
    command,
    complete_part,
    group,
    part_of,
    require_tier,
)
from vtx_app.commands.snakemake_command import run_snakemake, snakemake_command
from vtx_app.errors import ProjectError

if TYPE_CHECKING:
    from vtx_app.plan.film_plan import FilmPlan

__all__ = ["app", "assemble"]

app = group("Render the clips that are out of date.")
assemble = group("Cut acts and the film.")

_EXAMPLES = {"clip": "A01_S02_SH003", "scene": "A01_S02", "act": "A01"}
_PATTERNS = {"clip": r".*", "scene": r"A\d{1,3}_S\d{1,3}", "act": r"A\d{1,3}"}


def _build(
    slug: str,
    tier: str,
    targets_of: Callable[[FilmPlan], list[str]],
    dry_run: bool,
    cores: int | None,
    gpus: int | None,
    extra: list[str] | None,
) -> int:
    from vtx_app.plan.planner import plan_film

    plan = plan_film(slug, require_tier(tier))
    targets = targets_of(plan)
    config = {"project": slug} if "/" not in targets[0] else None  # a path names its film
    return run_snakemake(
        snakemake_command(targets, config=config, dry_run=dry_run, cores=cores, gpus=gpus, extra=extra)
    )


def _same_part(one: str, other: str) -> bool:
    """Whether two ids of scenes or acts have the same numbers: A001_S02 and A01_S002 are one scene."""
    return [int(number) for number in re.findall(r"\d+", one)] == [int(number) for number in re.findall(r"\d+", other)]


def _clips(plan: FilmPlan, part: str, kind: str) -> list[str]:
    """The delivered clips of a clip, a scene or an act, in the order of the cut. Raises :class:`ProjectError`."""
    from vtx_app.formats.check import did_you_mean

    parts = [(part_of(clip.clip_id, kind), clip.path.as_posix()) for clip in plan.clips.values()]
    valid = re.fullmatch(_PATTERNS[kind], part)
    same = str.__eq__ if kind == "clip" else _same_part
    found = [path for own, path in parts if valid and same(own, part)]
    if not found:
        hint = (
            did_you_mean(part, dict.fromkeys(own for own, _ in parts)) or f"; {_EXAMPLES[kind]} is what one looks like"
        )
        raise ProjectError(f"no {kind} {part!r} in {plan.film.slug}{hint}")
    return found


def _act(plan: FilmPlan, act: str) -> list[str]:
    valid = re.fullmatch(_PATTERNS["act"], act)
    found = [each.path.as_posix() for name, each in plan.acts.items() if valid and _same_part(name, act)]
    if not found:
        raise ProjectError(f"no act {act!r} in {plan.film.slug}; it has {', '.join(plan.acts) or 'none'}")
    return found


def _all_clips(plan: FilmPlan) -> list[str]:
    """Every clip, by a named target if there is one.

    A film without specs goes through its story first, which only the named targets do.
    """
    if plan.tier == "final":
        return ["clips"]
    return [clip.path.as_posix() for clip in plan.clips.values()] or [plan.tier]


def _add(group: typer.Typer, kind: str, help: str, targets_of: Callable[[FilmPlan, str], list[str]]) -> None:
    """Add a command that builds one part of a film."""
    part_id = typer.Argument(help=f"its id, as in {_EXAMPLES[kind]}", autocompletion=complete_part(kind))

    @command(group, kind, help=help)
    def build(
        slug: Slug,
        part: str = part_id,
        tier: Tier = "final",
        dry_run: DryRun = False,
        cores: Cores = None,
        gpus: Gpus = None,
        extra: Extra = None,
    ) -> int:
        return _build(slug, tier, lambda plan: targets_of(plan, part), dry_run, cores, gpus, extra)


_add(app, "clip", "One clip: A01_S02_SH003.", lambda plan, part: _clips(plan, part.partition("__")[0], "clip"))
_add(app, "scene", "The clips of a scene: A01_S02.", lambda plan, part: _clips(plan, part, "scene"))
_add(app, "act", "The clips of an act: A01.", lambda plan, part: _clips(plan, part, "act"))
_add(assemble, "act", "Cut an act, A01, and render what it needs.", _act)


@command(app, "all")
def render_all(
    slug: Slug,
    resume: Annotated[bool, typer.Option("--resume", help="go on where a build stopped; every build does so")] = False,
    tier: Tier = "final",
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
) -> int:
    """Every clip of the film."""
    return _build(slug, tier, _all_clips, dry_run, cores, gpus, extra)


@command(assemble, "final")
def assemble_final(
    slug: Slug,
    tier: Tier = "final",
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
) -> int:
    """Cut the film, and render what it needs."""
    return _build(slug, tier, lambda plan: [plan.tier], dry_run, cores, gpus, extra)
