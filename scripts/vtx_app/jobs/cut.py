"""Join clips into an act, or acts into the final cut.

``python -m vtx_app.jobs.cut --project lighthouse --tier final --part A01`` (an act) or ``--part final``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable

from vtx_app.errors import PlanMovedError
from vtx_app.files import write_text
from vtx_app.jobs.deliver import deliver
from vtx_app.jobs.run import run
from vtx_app.media.mp4 import read_stamp, write_stamp
from vtx_app.models.fingerprint import file_sha256
from vtx_app.plan.film_plan import ActPlan, ClipPlan, FilmPlan, FinalPlan
from vtx_app.plan.planner import plan_act, plan_film
from vtx_app.registry.jobs import record_job


def cut(options: argparse.Namespace) -> None:
    """Join the act ``options.part``, or the final."""
    with record_job("cut", options.project, options.part, tier=options.tier):
        if options.part == "final":
            _cut_final(options.project, options.tier)
        else:
            _cut_act(options.project, options.tier, options.part)


def _cut_act(slug: str, tier: str, name: str) -> None:
    act = plan_act(slug, tier, name)
    if act is None:
        raise _no_longer_there(slug, name)
    from vtx_app.cut.join import join  # the codecs load after planning

    with deliver(act.path) as part:
        _require_current(act.clips)
        join([clip.path for clip in act.clips], part, rate=act.clips[0].delivery.rate, metadata={})
        write_stamp(part, act.stamp)


def _cut_final(slug: str, tier: str) -> None:
    plan = plan_film(slug, tier)
    final = plan.final
    if final is None:
        raise _no_longer_there(slug, "any clips")
    from vtx_app.cut.join import Chapter, join  # the codecs load after planning

    with deliver(final.path) as part:
        _require_current(final.parts)
        _require_current(plan.clips.values())  # the manifest lists their bytes
        metadata = {"title": final.title} | ({"creation_time": final.created} if final.created else {})
        chapters = [Chapter(scene.start, scene.end, scene.title) for scene in final.chapters]
        join([each.path for each in final.parts], part, rate=plan.rate, metadata=metadata, chapters=chapters)
        write_stamp(part, final.stamp)
        write_text(final.manifest, _manifest(plan, final))


def _no_longer_there(slug: str, part: str) -> PlanMovedError:
    return PlanMovedError(f"{slug} no longer has {part}. Run the build again")


def _require_current(parts: Iterable[ClipPlan | ActPlan]) -> None:
    for part in parts:
        if read_stamp(part.path) != part.stamp:
            raise PlanMovedError(f"{part.path} is out of date: the film was edited meanwhile. Run the build again")


def _manifest(plan: FilmPlan, final: FinalPlan) -> str:
    """Every clip of the cut: its take, its in and out frame in the film (out exclusive), its bytes."""
    clips = []
    start = 0
    for clip in plan.clips.values():
        end = start + clip.delivery.frames
        clips.append(
            {
                "clip_id": clip.clip_id,
                "digest": clip.take.digest,
                "file": clip.path.relative_to(plan.film.folder).as_posix(),
                "in_frame": start,
                "out_frame": end,
                "sha256": file_sha256(clip.path),
            }
        )
        start = end
    manifest = {
        "version": 1,
        "slug": plan.film.slug,
        "title": final.title,
        "tier": plan.tier,
        "rate": str(plan.rate),
        "width": plan.film.settings["width"],
        "height": plan.film.settings["height"],
        "frames": start,
        "stamp": final.stamp,
        "chapters": [
            {"title": scene.title, "in_frame": scene.start, "out_frame": scene.end} for scene in final.chapters
        ],
        "clips": clips,
    }
    return json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(run(cut, "Join clips into an act, or acts into the final.", ["tier", "part"]))
