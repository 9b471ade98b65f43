"""``vtx plan`` and ``vtx why``: what a build would render, why, and what that costs."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from vtx_app.commands.options import ClipId, Json, Slug, Tier, require_tier
from vtx_app.commands.output import print_json, print_line
from vtx_app.commands.snakemake_command import dry_run_command, print_command

if TYPE_CHECKING:
    from vtx_app.plan.report import BuildReport

__all__ = ["plan", "why"]

All = Annotated[bool, typer.Option("--all", help="every line of what to look at before rendering")]


def plan(slug: Slug, tier: Tier = "final", every: All = False, json: Json = False) -> None:
    """Show what a build of the film would render, grouped by cause, what that costs, and what to look at before."""
    from vtx_app.errors import ProjectError
    from vtx_app.plan.cut_notices import nothing_shown
    from vtx_app.plan.film_plan import MOST_LINES
    from vtx_app.plan.planner import plan_film
    from vtx_app.plan.quality import film_quality, quality_data
    from vtx_app.plan.report import build_report
    from vtx_app.plan.sound_notices import sound_data
    from vtx_app.plan.words_on_picture import word_faults, word_notes

    film_plan = plan_film(slug, require_tier(tier))
    if film_plan.left_out and not film_plan.clips:
        raise ProjectError(nothing_shown(film_plan))
    report = build_report(film_plan, "final")
    story = None if film_plan.clips else _story_lines(slug)
    if json:
        more = {} if story is None else {"story": story}
        words = {"words": [*word_faults(film_plan), *word_notes(film_plan)]}
        faults = words | {"gpu_memory": _memory_lines(report), "unrenderable": _render_faults(report)}
        sound = {"sound": sound_data(film_plan), "qc": quality_data(film_quality(film_plan))}
        print_json(report.data() | {"notes": film_plan.notes(None)} | sound | faults | more)
        return
    for line in _lines(report, None if every else MOST_LINES) if story is None else story:
        print_line(line)
    print_command(dry_run_command(tier, slug))


def _lines(report: BuildReport, most: int | None) -> Iterator[str]:
    """At most ``most`` lines of one kind; None for all."""
    from vtx_app.plan.quality import film_quality, quality_lines
    from vtx_app.plan.sound_notices import sound_lines
    from vtx_app.plan.words_on_picture import word_faults, word_notes

    yield from [*report.plan.notes(most), *report.lines(most), *report.choice_lines()]
    yield from (f"  {line}" for line in (*word_faults(report.plan), *word_notes(report.plan)))
    yield from (f"  {line}" for line in sound_lines(report.plan, every=most is None))
    yield from quality_lines(film_quality(report.plan), report.plan.film.slug, most)
    if warning := report.disk_warning():
        yield warning
    yield from (f"  {line}" for line in _memory_lines(report))
    for fault in _render_faults(report):
        yield f"  can't be rendered here: {fault}"


def _render_faults(report: BuildReport) -> list[str]:
    from vtx_app.plan.readiness import render_faults

    return render_faults(report.plan.film, [clip.take for clip in report.render])


def _memory_lines(report: BuildReport) -> list[str]:
    from vtx_app.plan.readiness import memory_lines

    return memory_lines(report.plan.film, [clip.take for clip in report.render])


def _story_lines(slug: str) -> list[str]:
    """The plan of the story, which a build of a film without specs writes first."""
    from vtx_app.errors import ProjectError
    from vtx_app.story.plan import has_story, plan_story
    from vtx_app.story.story_files import StoryFiles

    if not has_story(StoryFiles(slug)):
        raise ProjectError(f"{slug} has no clip specs yet, and no story to make them from: write story/00_brief.md")
    return plan_story(slug).lines()


def why(slug: Slug, clip_id: ClipId, tier: Tier = "final", json: Json = False) -> None:
    """Show why a clip is rendered: how its request differs from the existing take."""
    from vtx_app.plan.causes import causes_of, compared_take
    from vtx_app.plan.planner import plan_film
    from vtx_app.review.decisions import find_clip

    film_plan = plan_film(slug, require_tier(tier))
    clip = find_clip(film_plan.every_clip, clip_id)
    before = compared_take(film_plan.film, clip, tier)
    causes = causes_of(film_plan.film, clip, tier)
    state = "rendered" if clip.take.exists() else "to be rendered"
    if clip.choice.out_of_date:
        state = "approved, and out of date"
    if json:
        print_json(
            {
                "clip_id": clip.clip_id,
                "state": state,
                "take": clip.take.digest,
                "wanted": clip.choice.wanted,
                "compared_with": before.digest if before else None,
                "causes": [{"file": each.file, "key": each.key, "old": each.old, "new": each.new} for each in causes],
            }
        )
        return
    if before is None:
        print_line(f"{clip.clip_id}: {state}; {causes[0].label}")
        return
    print_line(f"{clip.clip_id}: {state}; compared with the take {before.digest[:12]}… of {before.rendered_at[:16]}")
    if not causes:
        print_line("  nothing differs")
    for cause in causes:
        print_line(f"  {cause.label}")
        for line in difflib.ndiff([cause.old] if cause.old else [], [cause.new] if cause.new else []):
            if not line.startswith("?"):
                print_line(f"    {line}")
