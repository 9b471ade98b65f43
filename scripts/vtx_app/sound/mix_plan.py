"""The mix as pure data, and the digest that tells whether it is up to date.

:func:`mix_plan` reads it off the timeline and the edit. Planning imports no codec for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

from vtx_app.compile.request import stamp_of
from vtx_app.cut.timeline import Heard, Timeline
from vtx_app.formats.edit import Edit
from vtx_app.sound.scenes import SceneRun, scene_runs
from vtx_app.sound.score import Laid, lay

__all__ = ["MIX_VERSION", "MixPlan", "TakeHeard", "mix_digest", "mix_plan", "stretch"]

MIX_VERSION = 3
"""Increased when the same plan gives another mix."""


@dataclass(frozen=True, slots=True)
class TakeHeard:
    """The take that a clip shows.

    The shot's first frame is frame ``head`` of the take. ``scene`` is ``A01_S02``. ``speaks``: whether the shot has
    spoken lines.
    """

    clip_id: str
    digest: str
    path: Path
    head: int
    scene: str
    speaks: bool


@dataclass(frozen=True, slots=True)
class MixPlan:
    """Everything that decides a mix of ``frames`` at ``rate`` frames per second.

    ``takes`` by clip id: those that are ``heard``. What begins before the mix or ends after it is heard in part.
    ``loudness`` in LUFS, ``peak`` in dBTP.
    """

    frames: int
    rate: Fraction
    heard: tuple[Heard, ...]
    takes: Mapping[str, TakeHeard]
    laid: tuple[Laid, ...]
    runs: tuple[SceneRun, ...]
    level: Literal["scene", "off"]
    room_tone: bool
    loudness: float
    peak: float


def mix_plan(
    timeline: Timeline,
    edit: Edit,
    takes: Mapping[str, TakeHeard],
    *,
    rate: Fraction,
    storyboard: bool,
    folder: Path,
    file: Path,
) -> MixPlan:
    """The mix of the film that ``timeline`` and ``edit`` describe.

    ``takes`` by clip id: at least those heard and seen. ``storyboard``: whether the takes have no room of their own
    (the animatic renderer); it decides about room tone where the edit does not. Music lies in the project ``folder``;
    ``file`` is the edit, for messages. Raises :class:`vtx_app.errors.SpecError` naming each faulty line of the edit.
    """
    sound = edit.sound
    heard = tuple(sorted(timeline.sound, key=lambda each: (each.start, each.clip_id, each.first)))
    room_tone = storyboard if sound.room_tone is None else sound.room_tone == "scene"
    return MixPlan(
        frames=timeline.frames,
        rate=rate,
        heard=heard,
        takes={clip_id: takes[clip_id] for clip_id in sorted({each.clip_id for each in heard})},
        laid=lay(edit, timeline, rate, folder, file),
        runs=scene_runs(timeline, {clip_id: take.scene for clip_id, take in takes.items()}) if room_tone else (),
        level=sound.level,
        room_tone=room_tone,
        loudness=sound.loudness,
        peak=sound.peak,
    )


def stretch(plan: MixPlan, start: int, end: int) -> MixPlan:
    """The mix of the film's frames ``start`` up to ``end`` (an act) by itself, as if there were no others."""
    heard = tuple(
        replace(each, start=each.start - start)
        for each in plan.heard
        if each.start < end and each.start + each.frames > start
    )
    return replace(
        plan,
        frames=end - start,
        heard=heard,
        takes={clip_id: plan.takes[clip_id] for clip_id in sorted({each.clip_id for each in heard})},
        laid=tuple(
            replace(each, start=each.start - start)
            for each in plan.laid
            if each.start < end and each.start + each.frames > start
        ),
        runs=tuple(
            replace(run, start=run.start - start, end=run.end - start)
            for run in plan.runs
            if run.start < end and run.end > start
        ),
    )


def mix_digest(plan: MixPlan) -> str:
    """The digest (64 hex digits) of the mix that ``plan`` describes: its stamp. Where files lie does not count."""
    takes = {clip_id: (take.digest, take.head, take.scene, take.speaks) for clip_id, take in plan.takes.items()}
    facts = {
        "frames": plan.frames,
        "rate": str(plan.rate),
        "heard": [_heard_facts(each) for each in plan.heard],
        "takes": takes,
        "laid": [{key: value for key, value in asdict(each).items() if key != "path"} for each in plan.laid],
        "runs": [(run.scene, run.start, run.end) for run in plan.runs],
        "level": plan.level,
        "room_tone": plan.room_tone,
        "loudness": plan.loudness,
        "peak": plan.peak,
    }
    return stamp_of("mix", MIX_VERSION, facts)


def _heard_facts(heard: Heard) -> tuple[object, ...]:
    fades = heard.fade_in, heard.fade_out, heard.seam_in, heard.seam_out
    return (heard.clip_id, heard.first, heard.frames, heard.start, heard.gain_db, *fades)
