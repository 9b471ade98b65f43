"""``vtx takes``, ``vtx take …``, ``vtx gc``: the takes of a shot, and a person's word on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vtx_app.commands.build import argv, snakemake
from vtx_app.commands.showing import as_json, say, table, telling

if TYPE_CHECKING:
    from vtx_app.plan.film_plan import ClipPlan
    from vtx_app.project.film import Film

__all__ = ["app", "gc", "takes"]

app = typer.Typer(help="Say which take of a shot the film shows.", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(help="the film")]
ClipId = Annotated[str, typer.Argument(help="the shot, A01_S02_SH003")]
Take = Annotated[str | None, typer.Argument(help="the first letters of a take; left out: the one that is shown")]
Json = Annotated[bool, typer.Option("--json", help="for scripts")]


def _read(slug: str) -> tuple[Film, dict[str, ClipPlan]]:
    from vtx_app.plan.film_plan import plan_film

    plan = plan_film(slug, "final")
    return plan.film, plan.clips


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


def _change(slug: str, clip_id: str, make: Callable[[Film, ClipPlan], dict[str, Any]], done: str) -> None:
    from vtx_app.review.choosing import plan_of, save

    film, plans = _read(slug)
    plan = plan_of(plans, clip_id)
    name = save(film, make(film, plan))
    say(f"{plan.clip.clip_id}: {done} ({name})")


@app.command()
def pick(slug: Slug, clip_id: ClipId, take: Take = None) -> None:
    """Show this take until the shot is edited."""
    with telling():
        from vtx_app.review.choosing import picked, take_named

        _change(slug, clip_id, lambda film, plan: picked(film, plan, take_named(film, plan, take)), "picked")


@app.command()
def approve(slug: Slug, clip_id: ClipId, take: Take = None) -> None:
    """Show this take, whatever is edited later."""
    with telling():
        from vtx_app.review.choosing import approved, take_named

        _change(slug, clip_id, lambda film, plan: approved(film, plan, take_named(film, plan, take)), "approved")


@app.command()
def reject(slug: Slug, clip_id: ClipId, take: Take = None) -> None:
    """Never show this take again: the next build renders the shot with the next seed."""
    with telling():
        from vtx_app.review.choosing import rejected, take_named

        _change(slug, clip_id, lambda film, plan: rejected(film, plan, take_named(film, plan, take)), "rejected")


@app.command()
def unfreeze(slug: Slug, clip_id: ClipId) -> None:
    """Take back what was approved or picked: the shot shows what its spec asks for."""
    with telling():
        from vtx_app.project.load import load_film
        from vtx_app.review.choosing import save, unfrozen

        film = load_film(slug, only=[clip_id])
        say(f"{clip_id}: no take is chosen any more ({save(film, unfrozen(film, clip_id))})")


@app.command()
def accept(slug: Slug, clip_id: ClipId) -> None:
    """The approved take does for the edited shot as well."""
    with telling():
        from vtx_app.review.choosing import accepted

        _change(slug, clip_id, accepted, "its approved take does for what the shot asks for now")


@app.command()
def note(slug: Slug, clip_id: ClipId, text: Annotated[str, typer.Argument(help="what to remember")]) -> None:
    """Keep a note with the shot's takes."""
    with telling():
        from vtx_app.review.choosing import noted

        _change(slug, clip_id, lambda film, plan: noted(film, plan, text), "noted")


@app.command()
def reroll(
    slug: Slug,
    clip_id: ClipId,
    seeds: Annotated[int, typer.Option(min=1, max=32, help="how many takes more")] = 1,
    dry_run: Annotated[bool, typer.Option("-n", "--dry-run", help="say what would be rendered")] = False,
) -> None:
    """Render the shot with other seeds, to choose from."""
    with telling():
        from vtx_app.plan.film_plan import plan_film
        from vtx_app.review.choosing import plan_of, rerolled, save

        film, plans = _read(slug)
        data, new = rerolled(film, plan_of(plans, clip_id), seeds)
        name = save(film, data)
        say(f"{clip_id}: seeds {', '.join(map(str, new))} ({name})")
        plan_film.cache_clear()
        plan = plan_of(_read(slug)[1], clip_id)
        targets = [take.take.as_posix() for take in plan.renderable() if take.request.seed in new]
        raise typer.Exit(snakemake(argv(targets, dry_run=dry_run)))


def gc(
    slug: Slug,
    yes: Annotated[bool, typer.Option("--yes", help="remove them")] = False,
    dry_run: Annotated[bool, typer.Option("-n", "--dry-run", help="only say it, as without --yes")] = False,
    json: Json = False,
) -> None:
    """List the takes that no shot, select or cut needs; with --yes, remove them. None younger than a day."""
    with telling():
        from vtx_app.project.load import load_film
        from vtx_app.review.unneeded import remove, unneeded_takes

        found = unneeded_takes(load_film(slug))
        really = yes and not dry_run
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
            told = f"{len(found.takes)} takes, {found.size / 1e6:.1f} MB"
            say(f"removed: {told}" if really else f"{told}; nothing is removed without --yes")
        for take in found.takes if really else ():
            remove(take)
