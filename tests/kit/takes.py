"""Takes and finals that are there, as far as a plan can see, without a build."""

from __future__ import annotations

import json

from kit.machine import forget
from vtx_app.compile.request import canonical_json
from vtx_app.media.mp4 import write_stamp
from vtx_app.plan.film_plan import FilmPlan, TakePlan
from vtx_app.plan.pending import clips_to_render
from vtx_app.plan.planner import plan_film
from vtx_app.plan.report import BuildReport, build_report, group_by_cause


def touch_takes(slug: str, count: int) -> None:
    """Give the first ``count`` clips of a film an empty take, without a record."""
    for clip in list(plan_film(slug, "final").clips.values())[:count]:
        clip.take.path.parent.mkdir(parents=True, exist_ok=True)
        clip.take.path.touch()


def touch_final(slug: str) -> None:
    """Give a film an empty final that counts as current."""
    final = plan_film(slug, "final").final
    assert final is not None
    final.path.parent.mkdir(parents=True)
    final.path.touch()
    write_stamp(final.path, final.stamp)
    final.manifest.write_text(json.dumps({"stamp": final.stamp}), encoding="utf-8")


def planned() -> FilmPlan:
    """The final's plan of the film ``harbour``, read again."""
    forget()
    return plan_film("harbour", "final")


def causes() -> dict[str, list[str]]:
    """Why the clips of the film ``harbour`` are to be rendered: cause → clip ids."""
    plan = planned()
    return group_by_cause(plan, clips_to_render(plan.clips.values()))[0]


def report() -> BuildReport:
    """What a build of the final of the film ``harbour`` reports first."""
    return build_report(planned(), "final")


def make_takes(plan: FilmPlan, day: int = 20) -> None:
    """Put every missing take of ``plan`` there, with its record, as a build would."""
    for clip in plan.clips.values():
        if not clip.take.exists():
            write_take(clip.take, day)


def write_take(take: TakePlan, day: int = 20, seconds: float = 18.0) -> str:
    """Put a take there with its record, rendered in ``seconds`` on that day of November 2026. Returns its digest."""
    take.path.parent.mkdir(parents=True, exist_ok=True)
    take.path.write_bytes(b"a take")
    record = {
        "request": json.loads(canonical_json(take.request)),
        "sources": take.sources.texts(),
        "rendered_at": f"2026-11-{day}T10:00:00+00:00",
        "wall_seconds": seconds,
    }
    take.path.with_suffix(".json").write_text(json.dumps(record), encoding="utf-8")
    return take.digest
