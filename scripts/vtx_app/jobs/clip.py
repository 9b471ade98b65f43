"""Conform one clip: ``python -m vtx_app.jobs.clip --project lighthouse --tier final --clip A01_S01_SH001__dusk``."""

from __future__ import annotations

import argparse
import json
import sys

from vtx_app.errors import CutError, PlanMovedError
from vtx_app.files import report, write_text
from vtx_app.jobs.output_files import hold, is_made, replace
from vtx_app.jobs.run import run
from vtx_app.jobs.sources import correction_of, require_take, slate_of
from vtx_app.media.mp4 import write_stamp
from vtx_app.media.reader import probe
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.plan.planner import plan_clips
from vtx_app.project.film import Film
from vtx_app.project.load import load_film
from vtx_app.registry.jobs import record_job


def conform_clip(options: argparse.Namespace) -> None:
    """Conform the take of the clip ``options.clip`` (a spec's file stem)."""
    clip_id = options.clip.partition("__")[0]
    with record_job("clip", options.project, clip_id, tier=options.tier):
        _conform_clip(options, clip_id)


def _conform_clip(options: argparse.Namespace, clip_id: str) -> None:
    film = load_film(options.project, only=[clip_id])
    plan = plan_clips(film, options.tier).get(options.clip)
    if plan is None:
        raise PlanMovedError(f"{options.clip} was renamed after this build was planned. Run the build again")
    require_take(plan)
    with hold(plan.path):
        if not is_made(plan):
            _write(film, plan)


def _write(film: Film, plan: ClipPlan) -> None:
    from vtx_app.cut.conform import conform  # the codecs load after planning
    from vtx_app.cut.lettering import missing_letters_note

    delivery = plan.delivery
    with replace(plan.path) as part:
        burner = slate_of(film, plan)
        if burner and (letters := burner.missing_letters()):
            report(f"{plan.clip_id}: {missing_letters_note(letters, 'storyboard')}")
        conform(plan.take.path, part, delivery, burner=burner, correction=correction_of(film, plan))
        found = probe(part)
        if (found.frames, found.width, found.height) != (delivery.frames, delivery.width, delivery.height):
            raise CutError(f"{plan.clip.stem}: the conformed clip is not what was requested: {found}")
        write_stamp(part, plan.stamp)
        write_text(plan.path.with_suffix(".render.json"), _record(plan))


def _record(plan: ClipPlan) -> str:
    """How the clip was made, for people and other programs (``outputs.json`` of the spec)."""
    record = {
        "version": 1,
        "clip_id": plan.clip_id,
        "spec": plan.clip.path.relative_to(plan.clip.path.parents[2]).as_posix(),
        "take": plan.take.path.relative_to(plan.path.parents[plan.path.parts[::-1].index("renders")]).as_posix(),
        "stamp": plan.stamp,
        "first_frame": plan.delivery.first,
        "frames": plan.delivery.frames,
        "rate": str(plan.delivery.rate),
        "width": plan.delivery.width,
        "height": plan.delivery.height,
    }
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(run(conform_clip, "Conform one clip to delivery.", ["tier", "clip"]))
