"""``vtx render …`` and ``vtx assemble …``: clips, acts and the film, by Snakemake."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from vtx_app.commands.build import argv, at_snakefile, snakemake
from vtx_app.commands.ids import completed, part_of
from vtx_app.commands.options import Cores, DryRun, Extra, Gpus, Slug, Tier, require_tier
from vtx_app.commands.showing import telling

if TYPE_CHECKING:
    from vtx_app.plan.film_plan import FilmPlan

__all__ = ["app", "assemble"]

app = typer.Typer(help="Render clips: what is out of date, and nothing else.", no_args_is_help=True)
assemble = typer.Typer(help="Cut acts and the film.", no_args_is_help=True)

Resume = Annotated[
    bool,
    typer.Option("--resume", help="for scripts of before: every build goes on with what is unfinished"),
]


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
        from vtx_app.plan.planner import plan_film

        at_snakefile()
        plan = plan_film(slug, require_tier(tier))
        targets = find(plan)
        config = {"project": slug} if "/" not in targets[0] else None  # a target by its name says what it does
        words = argv(
            targets,
            config=config,
            dry_run=dry_run,
            cores=cores,
            resources={"gpu": gpus} if gpus else None,
            clips=len(plan.clips),
            extra=extra or (),
        )
        raise typer.Exit(snakemake(words))


_IDS = {"clip": "A01_S02_SH003", "scene": "A01_S02", "act": "A01"}
"""What the ids of the parts of a film look like."""


_SHAPES = {"scene": r"A\d{1,3}_S\d{1,3}", "act": r"A\d{1,3}"}
"""What is read as the id of a scene or an act."""


def _numbers(part: str) -> tuple[int, ...]:
    """Act, scene and shot in an id, as far as it goes: A001_S02 and A01_S002 are one scene."""
    return tuple(map(int, re.findall(r"\d+", part)))


def _clips(plan: FilmPlan, part: str, kind: str) -> list[str]:
    """The delivered clips of a clip, a scene or an act, in the order of the cut. Raises :class:`ProjectError`."""
    from vtx_app.errors import ProjectError
    from vtx_app.formats.check import near

    def is_in(clip_id: str) -> bool:
        own = part_of(clip_id, kind)
        return own == part if kind == "clip" else _numbers(own) == _numbers(part)

    shaped = kind == "clip" or re.fullmatch(_SHAPES[kind], part)
    found = [clip.path.as_posix() for clip in plan.clips.values() if shaped and is_in(clip.clip_id)]
    if not found:
        known = dict.fromkeys(part_of(clip.clip_id, kind) for clip in plan.clips.values())
        hint = near(part, known) or f"; {_IDS[kind]} is what one looks like"
        raise ProjectError(f"no {kind} {part!r} in {plan.film.slug}{hint}")
    return found


def _act(plan: FilmPlan, act: str) -> list[str]:
    from vtx_app.errors import ProjectError

    shaped = re.fullmatch(_SHAPES["act"], act)
    found = [each.path.as_posix() for name, each in plan.acts.items() if shaped and _numbers(name) == _numbers(act)]
    if not found:
        raise ProjectError(f"no act {act!r} in {plan.film.slug}; it has {', '.join(plan.acts) or 'none'}")
    return found


def _all_clips(plan: FilmPlan) -> list[str]:
    """Every clip: by the target's name where there is one, so that the build says what it does.

    A film that has no specs yet goes through its story first, which only the named targets know.
    """
    if plan.tier == "final":
        return ["clips"]
    return [clip.path.as_posix() for clip in plan.clips.values()] or [plan.tier]


_Find = Callable[["FilmPlan", str], list[str]]


def _add(group: typer.Typer, kind: str, about: str, find: _Find) -> None:
    """A command that builds one part of a film."""
    said = typer.Argument(help=f"its id, as in {_IDS[kind]}", autocompletion=completed(kind))

    def build(
        slug: Slug,
        part: str = said,
        tier: Tier = "final",
        dry_run: DryRun = False,
        cores: Cores = None,
        gpus: Gpus = None,
        extra: Extra = None,
    ) -> None:
        _build(slug, tier, lambda plan: find(plan, part), dry_run, cores, gpus, extra)

    group.command(kind, help=about)(build)


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
