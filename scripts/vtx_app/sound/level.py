"""The gain that brings the clips of a scene to one level.

What counts is the *dialogue-gated* level of a clip (:func:`vtx_app.sound.loudness.dialogue_level`): how loud its words
are, not its pauses. A scene's level is the median of its speaking clips: clips with spoken lines that are loud enough
to be speech. They all come to it.

A shot without words is not brought up to it: a quiet room stays quiet. But if it is louder than the people in its
scene it is brought down to them; in a scene without words, to the median of its clips. For a bang that is meant to be
louder, ``gain_db`` in the edit comes on top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["MOST_GAIN", "Level", "scene_gains"]

MOST_GAIN = 12.0
"""The most decibels by which a clip is turned up or down: beyond that a take is noise, or another one is needed."""

_SPEECH_GATE = -50.0
"""LUFS below which a clip counts as silent, whatever its lines: turned up, it would be noise."""


@dataclass(frozen=True, slots=True)
class Level:
    """A clip: its scene, whether it has spoken lines, its level in LUFS (None: silence)."""

    scene: str
    speaks: bool
    level: float | None


def scene_gains(clips: Sequence[Level]) -> list[float]:
    """The gain in decibels of each of ``clips``."""
    levels: dict[str, float] = {}
    for scene in {clip.scene for clip in clips}:
        members = [clip for clip in clips if clip.scene == scene]
        heard = [clip.level for clip in members if _speaks(clip) and clip.level is not None]
        heard = heard or [clip.level for clip in members if clip.level is not None]
        if heard:
            levels[scene] = median(heard)
    return [_gain(clip, levels) for clip in clips]


def _speaks(clip: Level) -> bool:
    return clip.speaks and clip.level is not None and clip.level > _SPEECH_GATE


def _gain(clip: Level, levels: dict[str, float]) -> float:
    if clip.level is None:
        return 0.0
    gain = levels[clip.scene] - clip.level
    return max(-MOST_GAIN, min(gain, MOST_GAIN if _speaks(clip) else 0.0))
