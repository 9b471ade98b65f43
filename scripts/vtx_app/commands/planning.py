"""``vtx plan`` and ``vtx why``: what a build would render, because of what, and what that costs."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vtx_app.commands.build import at_snakefile, dry_run, say_command
from vtx_app.commands.options import ClipId, Json, Slug, Tier, require_tier
from vtx_app.commands.showing import as_json, say, telling

if TYPE_CHECKING:
    from vtx_app.plan.report import BuildReport

__all__ = ["plan", "why"]


def plan(slug: Slug, tier: Tier = "final", json: Json = False) -> None:
    """Say what a build of the film would render, grouped by cause, and what that would cost."""
    with telling():
        from vtx_app.plan.planner import plan_film
        from vtx_app.plan.report import build_report

        at_snakefile()
        film_plan = plan_film(slug, require_tier(tier))
        report = build_report(film_plan, "final")
        if json:
            more = {} if film_plan.clips else {"story": _story_lines(slug)}
            as_json(report.data() | {"unrenderable": _render_faults(report)} | more)
            return
        for line in _lines(report) if film_plan.clips else _story_lines(slug):
            say(line)
        say_command(dry_run(tier, slug))


def _lines(report: BuildReport) -> Iterator[str]:
    yield from [*report.lines(), *report.choice_lines()]
    if warning := report.disk_warning():
        yield warning
    for line in _render_faults(report):
        yield f"  can't be rendered here: {line}"


def _render_faults(report: BuildReport) -> list[str]:
    from vtx_app.plan.readiness import render_faults

    return render_faults(report.plan.film, [clip.take for clip in report.render])


def _story_lines(slug: str) -> list[str]:
    """What is said of a film that has no specs yet: a build makes its story first."""
    from vtx_app.errors import ProjectError
    from vtx_app.story.plan import has_story, plan_story
    from vtx_app.story.story_files import StoryFiles

    if not has_story(StoryFiles(slug)):
        raise ProjectError(f"{slug} has no clip specs yet, and no story to make them from: write story/00_brief.md")
    return plan_story(slug).lines()


def why(slug: Slug, clip_id: ClipId, tier: Tier = "final", json: Json = False) -> None:
    """Say why a shot is to be rendered: what its request says otherwise than the take that is there."""
    with telling():
        from vtx_app.plan.causes import causes_of, compared_take
        from vtx_app.plan.planner import plan_film
        from vtx_app.review.choosing import plan_of

        at_snakefile()
        film_plan = plan_film(slug, require_tier(tier))
        clip = plan_of(film_plan.clips, clip_id)
        before = compared_take(film_plan.film, clip, tier)
        causes = causes_of(film_plan.film, clip, tier)
        state = "rendered" if clip.take.exists() else "to be rendered"
        if clip.choice.out_of_date:
            state = "approved, and out of date"
        if json:
            as_json(
                {
                    "clip_id": clip.clip_id,
                    "state": state,
                    "take": clip.take.digest,
                    "wanted": clip.choice.wanted,
                    "compared_with": before.digest if before else None,
                    "causes": [
                        {"file": each.file, "key": each.key, "old": each.old, "new": each.new} for each in causes
                    ],
                }
            )
            return
        if before is None:
            say(f"{clip.clip_id}: {state}; {causes[0].label}")
            return
        compared = f"compared with the take {before.digest[:12]}… of {before.rendered_at[:16]}"
        say(f"{clip.clip_id}: {state}; {compared}")
        if not causes:
            say("  nothing differs")
        for cause in causes:
            say(f"  {cause.label}")
            for line in difflib.ndiff([cause.old] if cause.old else [], [cause.new] if cause.new else []):
                if not line.startswith("?"):
                    say(f"    {line}")
