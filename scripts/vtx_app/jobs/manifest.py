"""What a film is made of, beside it as JSON: for people, and for programs that check or archive it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from vtx_app.cut.timeline import Use
from vtx_app.models.fingerprint import file_sha256
from vtx_app.plan.film_plan import FilmPlan, FinalPlan
from vtx_app.sound.report import read_report, report_data

__all__ = ["film_manifest"]


def film_manifest(plan: FilmPlan, final: FinalPlan) -> str:
    """Every showing of a clip in the cut: its take, the shot's frame at which it begins, its in and out frame in the
    film (out exclusive; two overlap in a dissolve), the bytes of its file; every piece that was drawn; and what was
    measured of the film's sound."""
    clips = {clip.clip_id: clip for clip in plan.clips.values()}
    sha256 = cache(file_sha256)

    def shown(use: Use) -> dict[str, Any]:
        clip = clips[use.clip_id]
        return {
            "clip_id": use.clip_id,
            "digest": clip.take.digest,
            "file": clip.path.relative_to(plan.film.folder).as_posix(),
            "first_frame": use.first,
            "in_frame": use.start,
            "out_frame": use.end,
            "sha256": sha256(clip.path),
        }

    manifest = {
        "version": 1,
        "slug": plan.film.slug,
        "title": final.title,
        "tier": plan.tier,
        "rate": str(plan.rate),
        "width": plan.size[0],
        "height": plan.size[1],
        "frames": plan.timeline.frames,
        "stamp": final.stamp,
        "chapters": [{"title": each.title, "in_frame": each.start, "out_frame": each.end} for each in final.chapters],
        "clips": [shown(use) for use in plan.timeline.uses],
        "drawn": [
            {
                "name": insert.piece.name,
                "file": insert.path.relative_to(plan.film.folder).as_posix(),
                "in_frame": insert.piece.start,
                "out_frame": insert.piece.start + insert.piece.frames,
                "stamp": insert.stamp,
            }
            for insert in plan.inserts.values()
        ],
        "sound": _measured(plan),
    }
    return json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"


def _measured(plan: FilmPlan) -> dict[str, Any] | None:
    """What was measured of the film's sound; the mix that it belongs to is current."""
    report = read_report(plan.mix.report) if plan.mix is not None else None
    return None if report is None else report_data(report)
