"""Analysis of a film's sound before it is mixed: levels, speech, room tone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vtx_app.cut.timeline import Heard
from vtx_app.media.codec import samples_for
from vtx_app.sound.level import Level, scene_gains
from vtx_app.sound.mix_plan import MixPlan
from vtx_app.sound.take_sound import HeardSound, Quiet, Stretches, broken, heard_sound, mended, raw_sound, study

__all__ = ["Analysis", "RoomSource", "analyse"]

_Stretch = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class RoomSource:
    """A scene's quietest half second: in the stretch ``heard``, at ``quiet``, raised by ``gain_db``."""

    heard: Heard
    quiet: Quiet
    gain_db: float


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of each stretch heard (in the plan's order), its gain to the scene's level in decibels, each
    scene's room, the film's samples (first, end) in which somebody speaks, in order and apart, and the samples of each
    clip's take that are not numbers, where there are any.
    """

    heard: tuple[HeardSound, ...]
    gains: tuple[float, ...]
    rooms: Mapping[str, RoomSource]
    speech: tuple[tuple[int, int], ...]
    broken: Mapping[str, int]


def analyse(plan: MixPlan, stretches: Stretches) -> Analysis:
    """Read the takes of ``plan`` once, one at a time, and have ``stretches`` keep what is heard of them.

    Raises :class:`vtx_app.errors.CutError`, and :class:`OSError` if there is no room to keep it.
    """
    known, damaged = _study_all(plan, stretches)
    heard = tuple(known[_stretch(each)] for each in plan.heard)
    gains = [0.0] * len(heard)
    if plan.level == "scene":
        takes = [plan.takes[each.clip_id] for each in plan.heard]
        levels = [Level(take.scene, take.speaks, sound.level) for take, sound in zip(takes, heard, strict=True)]
        gains = scene_gains(levels)
    return Analysis(heard, tuple(gains), _rooms(plan, heard, gains), _speech(plan, heard), damaged)


def _stretch(heard: Heard) -> _Stretch:
    return heard.clip_id, heard.first, heard.frames


def _study_all(plan: MixPlan, stretches: Stretches) -> tuple[dict[_Stretch, HeardSound], dict[str, int]]:
    """The analysis of each stretch, and the damaged takes; a take that is used several times is read once."""
    known: dict[_Stretch, HeardSound] = {}
    damaged: dict[str, int] = {}
    by_clip: dict[str, list[Heard]] = {}
    for each in plan.heard:
        by_clip.setdefault(each.clip_id, []).append(each)
    for clip_id, uses in by_clip.items():
        take = plan.takes[clip_id]
        sound = raw_sound(take.path, plan.rate)
        if count := broken(sound):
            damaged[clip_id], sound = count, mended(sound)
        for use in uses:
            if _stretch(use) not in known:
                heard = heard_sound(sound, take, use, plan.rate)
                stretches.keep(use, heard)
                known[_stretch(use)] = study(heard, speaks=take.speaks)
    return known, damaged


def _rooms(plan: MixPlan, heard: Sequence[HeardSound], gains: Sequence[float]) -> dict[str, RoomSource]:
    """Each scene's quietest half second as it would sound in the film: at its clip's level."""
    rooms: dict[str, RoomSource] = {}
    if not plan.room_tone:
        return rooms
    for use, sound, gain in zip(plan.heard, heard, gains, strict=True):
        scene = plan.takes[use.clip_id].scene
        if sound.quiet is None:
            continue
        best = rooms.get(scene)
        if best is None or _energy(sound.quiet, gain) < _energy(best.quiet, best.gain_db):
            rooms[scene] = RoomSource(use, sound.quiet, gain)
    return rooms


def _energy(quiet: Quiet, gain_db: float) -> float:
    return float(quiet.energy * 10 ** (gain_db / 10))


def _speech(plan: MixPlan, heard: Sequence[HeardSound]) -> tuple[tuple[int, int], ...]:
    spans = sorted(
        (start + first, start + end)
        for use, sound in zip(plan.heard, heard, strict=True)
        for start in [samples_for(use.start, plan.rate)]
        for first, end in sound.speech
    )
    merged: list[tuple[int, int]] = []
    for first, end in spans:
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((first, end))
    return tuple(merged)
