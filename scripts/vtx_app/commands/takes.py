"""``vtx takes``, ``vtx take …``, ``vtx gc``: the takes of a clip, and a person's decisions on them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vtx_app.commands.inline_pictures import picture_protocol, terminal_picture
from vtx_app.commands.options import (
    ClipId,
    Cores,
    DryRun,
    Extra,
    Gpus,
    Json,
    Slug,
    Take,
    Tier,
    command,
    complete_tier,
    group,
    require_tier,
)
from vtx_app.commands.output import print_json, print_line, print_table
from vtx_app.commands.snakemake_command import print_command, run_snakemake, snakemake_command
from vtx_app.text import format_bytes, plural

if TYPE_CHECKING:
    from vtx_app.plan.film_plan import ClipPlan
    from vtx_app.project.film import Film
    from vtx_app.review.take_list import TakeLine

__all__ = ["app", "gc", "takes"]

Data = dict[str, Any]

_PICTURE = (1280, 90)
"""Most pixels of a take's frames in a terminal."""

TIER_ORDER = ("final", "draft", "animatic")

OneTier = Annotated[str | None, typer.Option("--tier", help="of this tier alone", autocompletion=complete_tier)]

app = group("Choose the take of a clip that the film shows.")


@contextlib.contextmanager
def _locked_clip(slug: str, clip_id: str, tier: str) -> Iterator[tuple[Film, ClipPlan]]:
    """The film and one of its clips in ``tier``, while no other command can change the film's selects."""
    from vtx_app.plan.planner import plan_film
    from vtx_app.project.paths import project_folder
    from vtx_app.review.decisions import find_clip, lock_selects

    with lock_selects(project_folder(slug)):
        plan = plan_film(slug, require_tier(tier))
        yield plan.film, find_clip(plan.every_clip, clip_id)


def takes(slug: Slug, clip_id: ClipId, tier: OneTier = None, json: Json = False) -> None:
    """List the takes of a clip: the tier of each, when it was rendered, its seed, its state, how it differs."""
    from vtx_app.files import display_path
    from vtx_app.review.take_list import list_takes

    film, plans, faults = _in_tiers(slug, clip_id, TIER_ORDER if tier is None else (require_tier(tier),))
    lines = [line for line in list_takes(film, plans) if tier is None or tier in line.tiers]
    if json:
        print_json([asdict(line) for line in lines])
        return
    if not lines:
        print_line(f"{clip_id}: no take yet")
    heads = ("take", "tier", "rendered", "took", "seed", "state", "differs in", "file")
    rows = [
        (
            *(line.digest[:12], ", ".join(line.tiers), line.when, line.took, line.seed, line.state, line.differs),
            display_path(Path(line.path)),
        )
        for line in lines
    ]
    print_table(heads, rows)
    if sys.stdout.isatty() and (protocol := picture_protocol(os.environ)):
        _show_pictures(film, lines, protocol)
    for fault in faults:
        print_line(fault)


def _show_pictures(film: Film, lines: Sequence[TakeLine], protocol: str) -> None:
    """Show frames of each take in the terminal; their pictures are those of the dailies."""
    from PIL import Image  # few terminals can show them

    from vtx_app.dailies.paths import thumb_path
    from vtx_app.dailies.thumbs import try_thumb

    for line in lines:
        thumb = thumb_path(film.folder, line.digest)
        fault = None if thumb.exists() else try_thumb(Path(line.path), thumb)
        if fault or not thumb.exists():
            continue
        with Image.open(thumb) as picture:
            picture.thumbnail(_PICTURE)
            print_line(line.digest[:12])
            print(terminal_picture(picture.convert("RGB"), protocol))  # noqa: T201 - commands of the terminal, of pixels


def _in_tiers(slug: str, clip_id: str, tiers: Sequence[str]) -> tuple[Film, dict[str, ClipPlan], list[str]]:
    """The film, one of its clips in each of ``tiers`` that can be planned here, and why the others can't be.

    Raises the fault of the first one if none can be.
    """
    from vtx_app.errors import VtxError
    from vtx_app.plan.planner import plan_clips
    from vtx_app.project.load import load_film
    from vtx_app.review.decisions import find_clip

    film = load_film(slug, only=[clip_id])
    plans: dict[str, ClipPlan] = {}
    faults: dict[str, VtxError] = {}
    for tier in tiers:
        try:
            plans[tier] = find_clip(plan_clips(film, tier), clip_id)
        except VtxError as error:
            faults[tier] = error
    if not plans:
        raise next(iter(faults.values()))
    return (
        film,
        plans,
        [f"{tier} can't be planned here: {str(fault).splitlines()[0]}" for tier, fault in faults.items()],
    )


def _print_decision(data: Data, file: str, digest: str | None, done: str, tier: str, *, json: bool) -> None:
    """Print what was ``done`` with the take ``digest``, and the select's ``file``."""
    from vtx_app.formats.select import Select

    if json:
        decision = {"clip_id": data["clip_id"], "done": done, "digest": digest, "tier": tier}
        print_json(decision | {"state": Select.model_validate(data).of_tier(tier).state, "file": file})
    else:
        place = "" if tier == "final" else f"{tier}: "
        print_line(f"{data['clip_id']}: {place}{done} ({file})")


def _add(name: str, done: str, help: str) -> None:
    """Add a command that makes the decision of this name in :mod:`vtx_app.review.decisions` on a take."""

    @command(app, name, help=help)
    def decide(slug: Slug, clip_id: ClipId, take: Take = None, tier: Tier = "final", json: Json = False) -> None:
        from vtx_app.review import decisions

        with _locked_clip(slug, clip_id, tier) as (film, plan):
            digest = decisions.find_take(film, plan, take)
            data = getattr(decisions, name)(film, plan, digest)
            file = decisions.save(film, data)
        _print_decision(data, file, digest, done, tier, json=json)


_add("pick", "picked", "Show this take until the clip is edited.")
_add("approve", "approved", "Show this take, whatever is edited later. The cut of it follows spec and edit.")
_add("reject", "rejected", "Never show this take again: the next build renders the clip with the next seed.")


@command(app)
def unfreeze(slug: Slug, clip_id: ClipId, tier: Tier = "final", json: Json = False) -> None:
    """Withdraw the approval or pick: the clip shows what its spec requests."""
    from vtx_app.project.load import load_film
    from vtx_app.project.paths import project_folder
    from vtx_app.review import decisions

    with decisions.lock_selects(project_folder(slug)):
        film = load_film(slug, only=[clip_id])
        data = decisions.unfreeze(film, clip_id, require_tier(tier))
        file = decisions.save(film, data)
    _print_decision(data, file, None, "no take is chosen any more", tier, json=json)


@command(app)
def accept(slug: Slug, clip_id: ClipId, tier: Tier = "final", json: Json = False) -> None:
    """Let the approved take stand for the edited clip as well."""
    from vtx_app.review import decisions

    with _locked_clip(slug, clip_id, tier) as (film, plan):
        data = decisions.accept(film, plan)
        file = decisions.save(film, data)
    done = "its approved take is accepted for the edited clip"
    _print_decision(data, file, plan.choice.shown, done, tier, json=json)


@command(app)
def note(
    slug: Slug,
    clip_id: ClipId,
    text: Annotated[str, typer.Argument(help="what to remember")],
    take: Annotated[str | None, typer.Option(help="the first characters of the take that it is about")] = None,
    json: Json = False,
) -> None:
    """Add a note on the clip to review/notes/<clip>.md, with the date."""
    from vtx_app.review import decisions

    with _locked_clip(slug, clip_id, "final") as (film, plan):
        about = decisions.find_take(film, plan, take) if take is not None else None
        file = decisions.add_note(film, plan, text, about or "")
    if json:
        decision = {"clip_id": clip_id, "done": "noted", "digest": about or plan.take.digest, "tier": "final"}
        print_json(decision | {"state": plan.choice.state, "file": file})
    else:
        print_line(f"{clip_id}: noted ({file})")


@command(app)
def reroll(
    slug: Slug,
    clip_id: ClipId,
    seeds: Annotated[int, typer.Option(min=1, max=32, help="how many more takes")] = 1,
    tier: Tier = "final",
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
    json: Json = False,
) -> int:
    """Render the clip with other seeds, to choose from."""
    from vtx_app.files import display_path
    from vtx_app.formats.select import Select
    from vtx_app.plan.choice import choice_tier, choose
    from vtx_app.project.paths import take_path
    from vtx_app.project.selects import select_path
    from vtx_app.review import decisions

    with _locked_clip(slug, clip_id, tier) as (film, plan):
        data, new = decisions.reroll(film, plan, seeds)
        file = display_path(select_path(film.folder, clip_id)) if dry_run else decisions.save(film, data)
    place = choice_tier(film, clip_id, tier)
    rendered = [
        {"seed": request.seed, "digest": digest, "path": take_path(film.folder, clip_id, digest).as_posix()}
        for digest, request in choose(plan.choice.request, Select.model_validate(data).of_tier(place)).candidates
        if request.seed in new
    ]
    if json:
        print_json({"clip_id": clip_id, "done": "rerolled", "takes": rendered, "file": file})
    else:
        print_line(f"{clip_id}: seeds {', '.join(map(str, new))} ({'not written' if dry_run else file})")
    targets = [str(take["path"]) for take in rendered]
    build = snakemake_command(targets, cores=cores, gpus=gpus, extra=extra)
    if dry_run:  # Snakemake can't plan these takes while the select does not list their seeds
        print_command(build)
        return 0
    return run_snakemake(build, stdout=sys.stderr.fileno() if json else None)


def gc(
    slug: Slug,
    yes: Annotated[bool, typer.Option("--yes", help="remove them")] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """List the takes that no clip, select or cut uses and that are older than a day; with --yes, remove them."""
    from vtx_app.project.load import load_film
    from vtx_app.project.paths import project_folder
    from vtx_app.review.decisions import lock_selects
    from vtx_app.review.unused_takes import find_unused_takes, remove_take

    remove = yes and not dry_run
    with lock_selects(project_folder(slug)) if remove else contextlib.nullcontext():  # nobody picks one meanwhile
        unused = find_unused_takes(load_film(slug))
        for take in unused.takes if remove else ():
            remove_take(take)
    if json:
        listed = [{"path": t.path.as_posix(), "bytes": t.size, "rendered_at": t.rendered_at} for t in unused.takes]
        print_json({"removed": remove, "bytes": unused.size, "kept": list(unused.kept), "takes": listed})
        return
    rows = [(take.path.as_posix(), take.rendered_at[:16], f"{take.size / 1e6:.1f}") for take in unused.takes]
    print_table(("take", "rendered", "MB"), rows)
    for line in unused.kept:
        print_line(line)
    summary = f"{plural(len(unused.takes), 'take')}, {format_bytes(unused.size)}"
    print_line(f"removed: {summary}" if remove else f"{summary}; nothing is removed without --yes")
