"""The sound of a take as it is heard in the film, and what there is to know about it before it is mixed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from vtx_app.cut.timeline import Heard
from vtx_app.media.codec import samples_for
from vtx_app.media.reader import film_speed
from vtx_app.media.sound_blocks import Block, sound_blocks
from vtx_app.sound.loudness import STEP, dialogue_level, gated_loudness, steps_of
from vtx_app.sound.mix_plan import MixPlan, TakeHeard

__all__ = [
    "QUIET_STEPS",
    "HeardSound",
    "Quiet",
    "Stretches",
    "broken",
    "heard_sound",
    "mended",
    "raw_sound",
    "study",
    "take_sound",
]

QUIET_STEPS = 50
"""Steps of 10 ms in the half second that stands for a scene's room."""

_TENTH = 10
_MARGIN_STEPS = 2
"""Steps at either end of a take that are no room: renderers fade there."""

_NOTHING = -100.0
"""LUFS below which a step is digital silence, which is no room."""

_SPEECH_BELOW = 12.0
"""LU below the level of a clip's dialogue down to which it speaks."""

_SPEECH_GATE = -50.0
"""LUFS below which nobody speaks, however soft the clip."""

_PAUSE_STEPS = 60
"""Steps of a pause between words that does not end a speech."""

_WORD_STEPS = 8
"""Steps that the shortest word takes."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """The quietest half second of a stretch: its first sample in it, and its K-weighted energy."""

    start: int
    energy: float


@dataclass(frozen=True, slots=True)
class HeardSound:
    """What is known about a stretch of a take: loudness in LUFS, the highest sample, where speech is.

    ``level`` is its loudness as it counts in its scene: that of the dialogue alone, if it has any. ``speech``: (first,
    end) samples. ``quiet``: None if no half second of it is anything but silence.
    """

    loudness: float | None
    level: float | None
    peak: float
    speech: tuple[tuple[int, int], ...]
    quiet: Quiet | None


def take_sound(path: Path, rate: Fraction) -> Block:
    """All the sound of the take at ``path`` as a film of ``rate`` plays it, float32 of shape (n, 2).

    What is not a number is silent. Raises :class:`vtx_app.errors.CutError`.
    """
    return mended(raw_sound(path, rate))


def raw_sound(path: Path, rate: Fraction) -> Block:
    """As :func:`take_sound`, with what is not a number in a damaged take."""
    return np.concatenate([np.empty((0, 2), np.float32), *sound_blocks(path, speed=film_speed(path, rate))])


def mended(sound: Block) -> Block:
    """``sound`` with silence for what is not a number, or infinite."""
    return sound if not broken(sound) else np.where(np.isfinite(sound), sound, np.float32(0))


def broken(sound: Block) -> int:
    """How many samples of ``sound`` are not numbers on either side, or infinite."""
    # A sum is finite only if all its parts are: one look at most sounds is enough.
    if np.isfinite(sound.sum()):
        return 0
    return int(np.count_nonzero(~np.isfinite(sound).all(axis=1)))


def heard_sound(sound: Block, take: TakeHeard, heard: Heard, rate: Fraction) -> Block:
    """The stretch of the take's ``sound`` that is ``heard``, with silence where the take has none."""
    count = _count(heard, rate)
    start = samples_for(take.head + heard.first, rate)
    before, part = max(0, -start), sound[max(0, start) : max(0, start + count)]
    if before == 0 and len(part) == count:
        return part
    return np.pad(part, ((min(before, count), max(0, count - min(before, count) - len(part))), (0, 0)))[:count]


def _count(heard: Heard, rate: Fraction) -> int:
    return samples_for(heard.start + heard.frames, rate) - samples_for(heard.start, rate)


class Stretches:
    """The stretches of a plan's takes that are heard. With a ``spool``, a file of floats, each is decoded once."""

    def __init__(self, plan: MixPlan, spool: IO[bytes] | None = None) -> None:
        self._plan, self._spool = plan, spool
        self._places: dict[tuple[str, int, int], int] = {}

    def keep(self, heard: Heard, stretch: Block) -> None:
        """Remember what was decoded. Raises :class:`OSError` (no room)."""
        if self._spool is not None:
            self._places[heard.clip_id, heard.first, len(stretch)] = self._spool.seek(0, os.SEEK_END)
            self._spool.write(np.ascontiguousarray(stretch).data)

    def of(self, heard: Heard) -> Block:
        """What is heard, as remembered, else from its take. Raises :class:`vtx_app.errors.CutError`."""
        count = _count(heard, self._plan.rate)
        place = self._places.get((heard.clip_id, heard.first, count))
        if place is None or self._spool is None:
            take = self._plan.takes[heard.clip_id]
            return heard_sound(take_sound(take.path, self._plan.rate), take, heard, self._plan.rate)
        self._spool.seek(place)
        return np.frombuffer(self._spool.read(count * 8), np.float32).reshape(-1, 2)


def study(stretch: Block, *, speaks: bool) -> HeardSound:
    """Measure ``stretch``, of a clip with spoken lines (``speaks``) or without."""
    peak = float(np.abs(stretch).max(initial=0))
    if not peak:
        return HeardSound(None, None, 0.0, (), None)
    steps = steps_of(stretch)
    tenths = steps[: len(steps) - len(steps) % _TENTH].reshape(-1, _TENTH).mean(axis=1)
    tenths = tenths if len(tenths) else steps
    loudness = gated_loudness(tenths)
    level = dialogue_level(tenths) if speaks else loudness
    speech = _speech(steps, level) if speaks and level is not None else ()
    return HeardSound(loudness, level, peak, speech, _quietest(steps))


def _quietest(steps: NDArray[np.float64]) -> Quiet | None:
    inner = steps[_MARGIN_STEPS : len(steps) - _MARGIN_STEPS]
    if len(inner) < QUIET_STEPS:
        return None
    silent = 10 ** ((_NOTHING + 0.691) / 10)
    # A half second that holds any silence is not a room.
    sums = np.convolve(np.where(inner > silent, inner, np.inf), np.ones(QUIET_STEPS), "valid")
    first = int(np.argmin(sums))
    if not np.isfinite(sums[first]):
        return None
    return Quiet((first + _MARGIN_STEPS) * STEP, float(sums[first]) / QUIET_STEPS)


def _speech(steps: NDArray[np.float64], level: float) -> tuple[tuple[int, int], ...]:
    """Where the stretch is about as loud as its dialogue, pauses between words included."""
    gate = max(level - _SPEECH_BELOW, _SPEECH_GATE)
    loud = steps > 10 ** ((gate + 0.691) / 10)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(np.int8)))
    spans: list[tuple[int, int]] = []
    for first, end in edges.reshape(-1, 2).tolist():
        if spans and first - spans[-1][1] <= _PAUSE_STEPS:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((first, end))
    return tuple((first * STEP, end * STEP) for first, end in spans if end - first >= _WORD_STEPS)
