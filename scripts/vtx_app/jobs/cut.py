"""Join clips into an act, or acts into the final cut.

``python -m vtx_app.jobs.cut --project lighthouse --tier final --part A01`` (an act) or ``--part final``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from vtx_app.errors import PlanMovedError
from vtx_app.files import write_text
from vtx_app.formats.language import iso_639_2
from vtx_app.jobs.deliver import deliver
from vtx_app.jobs.run import run
from vtx_app.jobs.sign import sign_if_asked
from vtx_app.media.mp4 import write_stamp
from vtx_app.media.xmp import append_xmp, xmp_packet
from vtx_app.models.fingerprint import file_sha256
from vtx_app.plan.film_plan import ClipPlan, FilmPlan, FinalPlan, Product
from vtx_app.plan.planner import plan_act, plan_film
from vtx_app.registry.jobs import record_job
from vtx_app.takes.records import take_record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vtx_app.cut.parts import Piece


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
    from vtx_app.cut.join import Labels, join  # the codecs load after planning

    with deliver(act.path) as part:
        _require_current(act.clips)
        rate = act.clips[0].delivery.rate
        join(_pieces(act.clips), part, rate=rate, sound=_straight_sound(act.clips), labels=Labels())
        write_stamp(part, act.stamp)


def _cut_final(slug: str, tier: str) -> None:
    plan = plan_film(slug, tier)
    final = plan.final
    if final is None:
        raise _no_longer_there(slug, "any clips")
    from vtx_app.cut.join import Chapter, Labels, join  # the codecs load after planning

    with deliver(final.path) as part:
        _require_current(final.parts)
        _require_current(plan.clips.values())  # the manifest lists their bytes
        clips = list(plan.clips.values())
        labels = Labels(
            {"title": final.title, **_creation_time(clips)},
            language=iso_639_2(plan.film.metadata.language or ""),
            chapters=[Chapter(scene.start, scene.end, scene.title) for scene in final.chapters],
            poster=_poster(plan),
        )
        join(_pieces(clips), part, rate=plan.rate, sound=_straight_sound(clips), labels=labels)
        append_xmp(part, xmp_packet(final.title, final.disclosure))
        write_stamp(part, final.stamp)
        sign_if_asked(plan, part)  # what is appended afterwards would break the signature
        write_text(final.manifest, _manifest(plan, final))


def _poster(plan: FilmPlan) -> bytes | None:
    if plan.poster is None:
        return None
    _require_current([plan.poster])
    return plan.poster.path.read_bytes()


def _pieces(clips: Iterable[ClipPlan]) -> list[Piece]:
    from vtx_app.cut.parts import Piece

    return [Piece(clip.path, clip.delivery.frames) for clip in clips]


def _straight_sound(clips: Iterable[ClipPlan]) -> Iterator[NDArray[np.int16]]:
    """The sound of the clips' takes, one after another. A clip whose length is no whole number of samples is rounded
    so that the next one starts at its frame."""
    from vtx_app.cut.conform import take_speed
    from vtx_app.media.codec import samples_for
    from vtx_app.media.sound import fit, read_sound

    start = 0
    for clip in clips:
        delivery = clip.delivery
        sound = read_sound(clip.take.path, speed=take_speed(clip.take.path, delivery.rate))
        place = samples_for(start, delivery.rate)
        start += delivery.frames
        first = samples_for(delivery.first, delivery.rate)
        yield fit(None if sound is None else sound[first:], samples_for(start, delivery.rate) - place)


def _creation_time(clips: Iterable[ClipPlan]) -> dict[str, str]:
    """When the newest take of the cut was rendered: the same takes give the same film."""
    records = [take_record(clip.take.path.parents[3], clip.clip_id, clip.take.digest) for clip in clips]
    newest = max((record.rendered_at for record in records), default="")
    return {"creation_time": newest} if newest else {}


def _no_longer_there(slug: str, part: str) -> PlanMovedError:
    return PlanMovedError(f"{slug} no longer has {part}. Run the build again")


def _require_current(parts: Iterable[Product]) -> None:
    for part in parts:
        if not part.is_current():
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
