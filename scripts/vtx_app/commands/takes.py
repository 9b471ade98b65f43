"""``vtx takes``, ``vtx take …``, ``vtx gc``: the takes of a shot, and a person's word on them."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vtx_app.commands.build import argv, at_snakefile, say_command, snakemake
from vtx_app.commands.ids import completed_takes
from vtx_app.commands.options import ClipId, Cores, DryRun, Extra, Gpus, Json, Slug
from vtx_app.commands.showing import as_json, say, table, telling
from vtx_app.text import format_bytes, plural

Data = dict[str, Any]

if TYPE_CHECKING:
    from vtx_app.plan.film_plan import ClipPlan
    from vtx_app.project.film import Film

__all__ = ["app", "gc", "takes"]

app = typer.Typer(help="Say which take of a shot the film shows.", no_args_is_help=True)

Take = Annotated[
    str | None,
    typer.Argument(
        help="the first letters of a take; left out: the one that is shown",
        autocompletion=completed_takes,
    ),
]


def _read(slug: str) -> tuple[Film, dict[str, ClipPlan]]:
    from vtx_app.plan.planner import plan_film

    at_snakefile()
    plan = plan_film(slug, "final")
    return plan.film, plan.clips


@contextlib.contextmanager
def _deciding(slug: str) -> Iterator[tuple[Film, dict[str, ClipPlan]]]:
    """The film as it is while what is said of its takes is this command's to write."""
    from vtx_app.project.paths import project_folder
    from vtx_app.review.choosing import deciding

    at_snakefile()
    with deciding(project_folder(slug)):
        yield _read(slug)


def takes(slug: Slug, clip_id: ClipId, json: Json = False) -> None:
    """List the takes of a shot: when each was rendered, its seed, what is said of it, how it differs."""
    with telling():
        from vtx_app.review.choosing import plan_of
        from vtx_app.review.listing import listed

        film, plans = _read(slug)
        rows = listed(film, plan_of(plans, clip_id))
        if json:
            as_json([row.data() for row in rows])
            return
        if not rows:
            say(f"{clip_id}: no take yet")
            return
        heads = ("take", "rendered", "took", "seed", "state", "differs in")
        table(heads, [(row.digest[:12], row.when, row.took, row.seed, row.state, row.differs) for row in rows])


def _tell(data: Data, name: str, digest: str | None, done: str, *, json: bool) -> None:
    """What a person's word on the take ``digest`` made of the select ``name``."""
    if json:
        told = {"clip_id": data["clip_id"], "done": done, "digest": digest}
        as_json(told | {"state": data.get("state", "open"), "file": name})
    else:
        say(f"{data['clip_id']}: {done} ({name})")


def _choose(
    slug: str, clip_id: str, take: str | None, make: Callable[[Film, ClipPlan, str], Data], done: str, *, json: bool
) -> None:
    """Say ``done`` of a take, by ``make``."""
    with telling():
        from vtx_app.review.choosing import plan_of, save, take_named

        with _deciding(slug) as (film, plans):
            plan = plan_of(plans, clip_id)
            digest = take_named(film, plan, take)
            data = make(film, plan, digest)
            name = save(film, data)
        _tell(data, name, digest, done, json=json)


@app.command()
def pick(slug: Slug, clip_id: ClipId, take: Take = None, json: Json = False) -> None:
    """Show this take until the shot is edited."""
    from vtx_app.review.choosing import picked

    _choose(slug, clip_id, take, picked, "picked", json=json)


@app.command()
def approve(slug: Slug, clip_id: ClipId, take: Take = None, json: Json = False) -> None:
    """Show this take, whatever is edited later."""
    from vtx_app.review.choosing import approved

    _choose(slug, clip_id, take, approved, "approved", json=json)


@app.command()
def reject(slug: Slug, clip_id: ClipId, take: Take = None, json: Json = False) -> None:
    """Never show this take again: the next build renders the shot with the next seed."""
    from vtx_app.review.choosing import rejected

    _choose(slug, clip_id, take, rejected, "rejected", json=json)


@app.command()
def unfreeze(slug: Slug, clip_id: ClipId, json: Json = False) -> None:
    """Take back what was approved or picked: the shot shows what its spec asks for."""
    with telling():
        from vtx_app.project.load import load_film
        from vtx_app.project.paths import project_folder
        from vtx_app.review.choosing import deciding, save, unfrozen

        at_snakefile()
        with deciding(project_folder(slug)):
            film = load_film(slug, only=[clip_id])
            data = unfrozen(film, clip_id)
            file = save(film, data)
        _tell(data, file, None, "no take is chosen any more", json=json)


@app.command()
def accept(slug: Slug, clip_id: ClipId, json: Json = False) -> None:
    """The approved take does for the edited shot as well."""
    with telling():
        from vtx_app.review.choosing import accepted, plan_of, save

        with _deciding(slug) as (film, plans):
            data = accepted(film, plan_of(plans, clip_id))
            name = save(film, data)
        done = "its approved take does for what the shot asks for now"
        _tell(data, name, data["take"], done, json=json)


@app.command()
def note(
    slug: Slug,
    clip_id: ClipId,
    text: Annotated[str, typer.Argument(help="what to remember")],
    json: Json = False,
) -> None:
    """Keep a note with the shot's takes, in place of the one that is there."""
    with telling():
        from vtx_app.review.choosing import noted, plan_of, save

        with _deciding(slug) as (film, plans):
            plan = plan_of(plans, clip_id)
            data = noted(film, plan, text)
            before = film.selects[data["clip_id"]].note if data["clip_id"] in film.selects else ""
            name = save(film, data)
        done = f"noted, in place of {before!r}" if before not in ("", text) else "noted"
        _tell(data, name, plan.take.digest, done, json=json)


@app.command()
def reroll(
    slug: Slug,
    clip_id: ClipId,
    seeds: Annotated[int, typer.Option(min=1, max=32, help="how many takes more")] = 1,
    dry_run: DryRun = False,
    cores: Cores = None,
    gpus: Gpus = None,
    extra: Extra = None,
    json: Json = False,
) -> None:
    """Render the shot with other seeds, to choose from."""
    with telling():
        from vtx_app.formats.select import Select
        from vtx_app.plan.choice import choose
        from vtx_app.project.paths import shown, take_path
        from vtx_app.project.selects import select_path
        from vtx_app.review.choosing import plan_of, rerolled, save

        with _deciding(slug) as (film, plans):
            plan = plan_of(plans, clip_id)
            data, new = rerolled(film, plan, seeds)
            name = shown(select_path(film.folder, data["clip_id"])) if dry_run else save(film, data)
        asked = choose(plan.choice.request, Select.model_validate(data)).candidates
        made = [
            {"seed": each.seed, "digest": digest, "path": take_path(film.folder, data["clip_id"], digest).as_posix()}
            for digest, each in asked
            if each.seed in new
        ]
        if json:
            as_json({"clip_id": data["clip_id"], "done": "rerolled", "takes": made, "file": name})
        else:
            say(f"{data['clip_id']}: seeds {', '.join(map(str, new))} ({name})")
        targets = [str(each["path"]) for each in made]
        words = argv(targets, cores=cores, resources={"gpu": gpus} if gpus else None, extra=extra or ())
        if dry_run:  # nothing asks for these seeds as long as the select does not, so there is nothing to plan
            say_command(words)
            return
        raise typer.Exit(snakemake(words, out=sys.stderr.fileno() if json else None))


def gc(
    slug: Slug,
    yes: Annotated[bool, typer.Option("--yes", help="remove them")] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """List the takes that no shot, select or cut needs; with --yes, remove them. None younger than a day."""
    with telling():
        from vtx_app.project.load import load_film
        from vtx_app.project.paths import project_folder
        from vtx_app.review.choosing import deciding
        from vtx_app.review.unneeded import remove, unneeded_takes

        at_snakefile()
        really = yes and not dry_run
        with deciding(project_folder(slug)) if really else contextlib.nullcontext():  # nobody picks one that goes
            found = unneeded_takes(load_film(slug))
            for take in found.takes if really else ():
                remove(take)
        if json:
            as_json(
                {
                    "removed": really,
                    "bytes": found.size,
                    "kept": list(found.kept),
                    "takes": [
                        {"path": take.path.as_posix(), "bytes": take.size, "rendered_at": take.rendered_at}
                        for take in found.takes
                    ],
                }
            )
        else:
            table(
                ("take", "rendered", "MB"),
                [(take.path.as_posix(), take.rendered_at[:16], f"{take.size / 1e6:.1f}") for take in found.takes],
            )
            for line in found.kept:
                say(line)
            told = f"{plural(len(found.takes), 'take')}, {format_bytes(found.size)}"
            say(f"removed: {told}" if really else f"{told}; nothing is removed without --yes")
