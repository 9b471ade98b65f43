"""``vtx plan`` and ``vtx why``: what a build would render, because of what, and what that costs."""

from __future__ import annotations

import difflib
from typing import Annotated

import typer

from vtx_app.commands.showing import as_json, say, telling

__all__ = ["plan", "why"]

Slug = Annotated[str, typer.Argument(help="the film")]
Tier = Annotated[str, typer.Option(help="final, draft or animatic")]
Json = Annotated[bool, typer.Option("--json", help="for scripts")]


def plan(slug: Slug, tier: Tier = "final", json: Json = False) -> None:
    """Say what a build of the film would render, grouped by cause, and what that would cost."""
    with telling():
        from vtx_app.plan.bill import bill_of

        bill = bill_of(slug, tier)
        if json:
            as_json(bill.data())
            return
        for line in bill.lines():
            say(line)


def why(
    slug: Slug,
    clip_id: Annotated[str, typer.Argument(help="the shot, A01_S02_SH003")],
    tier: Tier = "final",
    json: Json = False,
) -> None:
    """Say why a shot is to be rendered: what its request says otherwise than the take that is there."""
    with telling():
        from vtx_app.plan.causes import compared_take, differences
        from vtx_app.plan.film_plan import plan_film
        from vtx_app.review.choosing import plan_of

        film_plan = plan_film(slug, tier)
        clip = plan_of(film_plan.clips, clip_id)
        before = compared_take(film_plan.film, clip)
        causes = differences(film_plan.film, clip, before.request) if before else []
        state = "rendered" if clip.take.exists() else "to be rendered"
        if clip.choice.out_of_date:
            state = "approved, and out of date"
        if json:
            as_json(
                {
                    "clip_id": clip.clip.clip_id,
                    "state": state,
                    "take": clip.digest,
                    "wanted": clip.choice.wanted,
                    "compared_with": before.digest if before else None,
                    "causes": [
                        {"file": each.file, "key": each.key, "old": each.old, "new": each.new} for each in causes
                    ],
                }
            )
            return
        compared = (
            f"compared with the take {before.digest[:12]}… of {before.rendered_at[:16]}" if before else "never rendered"
        )
        say(f"{clip.clip.clip_id}: {state}; {compared}")
        if before and not causes:
            say("  nothing that decides its pixels differs")
        for cause in causes:
            say(f"  {cause.label}")
            for line in difflib.ndiff([cause.old] if cause.old else [], [cause.new] if cause.new else []):
                if not line.startswith("?"):
                    say(f"    {line}")
