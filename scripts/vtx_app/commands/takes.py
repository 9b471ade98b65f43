"""``vtx takes``, ``vtx take …``, ``vtx gc``: the takes of a clip, and a person's decisions on them."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vtx_app.commands.options import ClipId, Cores, DryRun, Extra, Gpus, Json, Slug, Take, command, group
from vtx_app.commands.output import print_json, print_line, print_table
from vtx_app.commands.snakemake_command import print_command, run_snakemake, snakemake_command
from vtx_app.text import format_bytes, plural

if TYPE_CHECKING:
    from vtx_app.plan.film_plan import ClipPlan
    from vtx_app.project.film import Film

__all__ = ["app", "gc", "takes"]

Data = dict[str, Any]

app = group("Choose the take of a clip that the film shows.")


@contextlib.contextmanager
def _locked_clip(slug: str, clip_id: str) -> Iterator[tuple[Film, ClipPlan]]:
    """The film and one of its clips, while no other command can change the film's selects."""
    from vtx_app.plan.planner import plan_film
    from vtx_app.project.paths import project_folder
    from vtx_app.review.decisions import find_clip, lock_selects

    with lock_selects(project_folder(slug)):
        plan = plan_film(slug, "final")
        yield plan.film, find_clip(plan.clips, clip_id)


def takes(slug: Slug, clip_id: ClipId, json: Json = False) -> None:
    """List the takes of a clip: when each was rendered, its seed, its state, how it differs."""
    from vtx_app.plan.planner import plan_film
    from vtx_app.review.decisions import find_clip
    from vtx_app.review.take_list import list_takes

    plan = plan_film(slug, "final")
    lines = list_takes(plan.film, find_clip(plan.clips, clip_id))
    if json:
        print_json([asdict(line) for line in lines])
        return
    if not lines:
        print_line(f"{clip_id}: no take yet")
    rows = [(line.digest[:12], line.when, line.took, line.seed, line.state, line.differs) for line in lines]
    print_table(("take", "rendered", "took", "seed", "state", "differs in"), rows)


def _print_decision(data: Data, file: str, digest: str | None, done: str, *, json: bool) -> None:
    """Print what was ``done`` with the take ``digest``, and the select's ``file``."""
    if json:
        decision = {"clip_id": data["clip_id"], "done": done, "digest": digest}
        print_json(decision | {"state": data.get("state", "open"), "file": file})
    else:
        print_line(f"{data['clip_id']}: {done} ({file})")


def _add(name: str, done: str, help: str) -> None:
    """Add a command that makes the decision of this name in :mod:`vtx_app.review.decisions` on a take."""

    @command(app, name, help=help)
    def decide(slug: Slug, clip_id: ClipId, take: Take = None, json: Json = False) -> None:
        from vtx_app.review import decisions

        with _locked_clip(slug, clip_id) as (film, plan):
            digest = decisions.find_take(film, plan, take)
            data = getattr(decisions, name)(film, plan, digest)
            file = decisions.save(film, data)
        _print_decision(data, file, digest, done, json=json)


_add("pick", "picked", "Show this take until the clip is edited.")
_add("approve", "approved", "Show this take, whatever is edited later.")
_add("reject", "rejected", "Never show this take again: the next build renders the clip with the next seed.")


@command(app)
def unfreeze(slug: Slug, clip_id: ClipId, json: Json = False) -> None:
    """Withdraw the approval or pick: the clip shows what its spec requests."""
    from vtx_app.project.load import load_film
    from vtx_app.project.paths import project_folder
    from vtx_app.review import decisions

    with decisions.lock_selects(project_folder(slug)):
        film = load_film(slug, only=[clip_id])
        data = decisions.unfreeze(film, clip_id)
        file = decisions.save(film, data)
    _print_decision(data, file, None, "no take is chosen any more", json=json)


@command(app)
def accept(slug: Slug, clip_id: ClipId, json: Json = False) -> None:
    """Let the approved take stand for the edited clip as well."""
    from vtx_app.review import decisions

    with _locked_clip(slug, clip_id) as (film, plan):
        data = decisions.accept(film, plan)
        file = decisions.save(film, data)
    _print_decision(data, file, data["take"], "its approved take is accepted for the edited clip", json=json)


@command(app)
def note(
    slug: Slug,
    clip_id: ClipId,
    text: Annotated[str, typer.Argument(help="what to remember")],
    json: Json = False,
) -> None:
    """Keep a note with the clip's takes; it replaces the previous one."""
    from vtx_app.review import decisions

    with _locked_clip(slug, clip_id) as (film, plan):
        data = decisions.add_note(film, plan, text)
        before = film.selects[clip_id].note if clip_id in film.selects else ""
        file = decisions.save(film, data)
    done = f"noted, in place of {before!r}" if before not in ("", text) else "noted"
    _print_decision(data, file, plan.take.digest, done, json=json)


@command(app)
def reroll(
    slug: Slug,
    clip_id: ClipId,
    seeds: Annotated[int, typer.Option(min=1, max=32, help="how many more takes")] = 1,
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
    json: Json = False,
) -> int:
    """Render the clip with other seeds, to choose from."""
    from vtx_app.files import display_path
    from vtx_app.formats.select import Select
    from vtx_app.plan.choice import choose
    from vtx_app.project.paths import take_path
    from vtx_app.project.selects import select_path
    from vtx_app.review import decisions

    with _locked_clip(slug, clip_id) as (film, plan):
        data, new = decisions.reroll(film, plan, seeds)
        file = display_path(select_path(film.folder, clip_id)) if dry_run else decisions.save(film, data)
    rendered = [
        {"seed": request.seed, "digest": digest, "path": take_path(film.folder, clip_id, digest).as_posix()}
        for digest, request in choose(plan.choice.request, Select.model_validate(data)).candidates
        if request.seed in new
    ]
    if json:
        print_json({"clip_id": clip_id, "done": "rerolled", "takes": rendered, "file": file})
    else:
        print_line(f"{clip_id}: seeds {', '.join(map(str, new))} ({file})")
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
