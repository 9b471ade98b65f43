"""Join clips into an act, or acts into the final cut.

``python -m vtx_app.jobs.cut --project lighthouse --tier final --part A01`` (an act) or ``--part final``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from vtx_app.files import write_text
from vtx_app.formats.language import iso_639_2
from vtx_app.jobs.manifest import film_manifest
from vtx_app.jobs.output_files import hold, is_made, replace, write_output
from vtx_app.jobs.run import run
from vtx_app.jobs.sign import sign_if_asked
from vtx_app.jobs.sources import no_longer_there, require_current, takes_heard
from vtx_app.media.mp4 import write_stamp
from vtx_app.media.subtitles import in_frames, read_srt
from vtx_app.media.xmp import append_xmp, xmp_packet
from vtx_app.plan.film_plan import ClipPlan, FilmPlan, PiecePlan
from vtx_app.plan.planner import plan_act, plan_film
from vtx_app.registry.jobs import record_job
from vtx_app.subtitles.files import SubtitleFiles
from vtx_app.takes.records import take_record

if TYPE_CHECKING:
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
        raise no_longer_there(slug, name)
    from vtx_app.cut.join import join  # the codecs load after planning
    from vtx_app.media.labels import Labels
    from vtx_app.sound.mix import mixed

    with hold(act.path):
        if is_made(act):
            return
        require_current(act.parts)
        with replace(act.path) as part:
            with takes_heard(act.mix), mixed(act.mix, part.parent) as sound:
                join(_pieces(act.pieces), part, rate=act.mix.rate, sound=sound.blocks(), labels=Labels())
            write_stamp(part, act.stamp)


def _cut_final(slug: str, tier: str) -> None:
    plan = plan_film(slug, tier)
    final, mix = plan.final, plan.mix
    if final is None or mix is None:
        raise no_longer_there(slug)
    from vtx_app.cut.join import join  # the codecs load after planning
    from vtx_app.media.labels import Labels
    from vtx_app.media.sound_blocks import sound_blocks

    with write_output(final.path) as part:
        require_current([*final.parts, mix])
        require_current(plan.clips.values())  # the manifest lists their bytes
        labels = Labels(
            {"title": final.title, **_creation_time(plan.clips.values())},
            language=iso_639_2(final.language),
            chapters=final.chapters,
            subtitles=_subtitles(plan, final.path),
            poster=_poster(plan),
        )
        join(_pieces(final.pieces), part, rate=plan.rate, sound=sound_blocks(mix.path), labels=labels)
        append_xmp(part, xmp_packet(final.title, final.disclosure))
        write_stamp(part, final.stamp)
        sign_if_asked(plan, part)  # what is appended afterwards would break the signature
        write_text(final.manifest, film_manifest(plan, final))


def _subtitles(plan: FilmPlan, final: Path) -> list[tuple[int, int, str]]:
    """The film's subtitles, as a person may have edited them; those of a film that no longer speaks are removed."""
    if plan.subtitles is None:
        SubtitleFiles.beside(final).remove()
        return []
    require_current([plan.subtitles])
    return in_frames(read_srt(plan.subtitles.path), plan.rate, plan.timeline.frames)


def _poster(plan: FilmPlan) -> bytes | None:
    if plan.poster is None:
        return None
    require_current([plan.poster])
    return plan.poster.path.read_bytes()


def _pieces(pieces: Iterable[PiecePlan]) -> list[Piece]:
    from vtx_app.cut.parts import Piece

    return [Piece(piece.path, piece.frames, piece.first) for piece in pieces]


def _creation_time(clips: Iterable[ClipPlan]) -> dict[str, str]:
    """When the newest take of the cut was rendered, so that the same takes give the same bytes.

    ``SOURCE_DATE_EPOCH`` (seconds since 1970; reproducible-builds.org) comes before it: for films that are to be the
    same although their takes were rendered again.
    """
    wanted = os.environ.get("SOURCE_DATE_EPOCH", "")
    if wanted.isdecimal():
        return {"creation_time": datetime.fromtimestamp(int(wanted), UTC).isoformat()}
    records = [take_record(clip.take.path.parents[3], clip.clip_id, clip.take.digest) for clip in clips]
    newest = max((record.rendered_at for record in records), default="")
    return {"creation_time": newest} if newest else {}


if __name__ == "__main__":
    sys.exit(run(cut, "Join clips into an act, or acts into the final.", ["tier", "part"]))
