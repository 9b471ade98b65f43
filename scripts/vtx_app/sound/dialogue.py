"""The takes' own sound: cut, faded and levelled, with the scene's room under its gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vtx_app.cut.timeline import Heard
from vtx_app.media.codec import samples_for
from vtx_app.media.sound_blocks import Block
from vtx_app.sound.analysis import Analysis, RoomSource
from vtx_app.sound.fades import SEAM, Envelope, fade, shape, shaped
from vtx_app.sound.loudness import STEP
from vtx_app.sound.mix_plan import MixPlan
from vtx_app.sound.room import Room, room_loop
from vtx_app.sound.take_sound import QUIET_STEPS, Stretches

__all__ = ["dialogue"]

_BLOCK = 1 << 16


def dialogue(plan: MixPlan, analysis: Analysis, stretches: Stretches) -> Iterator[Block]:
    """All takes of ``plan`` as heard in the film, in blocks of 65,536 samples and a shorter last one.

    One take is open at a time. Memory holds the stretches that are heard at one moment, however long the film.
    """
    total = samples_for(plan.frames, plan.rate)
    desk = _Desk(total)
    room = _Rooms(plan, analysis, stretches)
    at = 0
    for use, gain in zip(plan.heard, analysis.gains, strict=True):
        start = samples_for(use.start, plan.rate)
        while at + _BLOCK <= min(start, total):
            yield room.under(*desk.take(_BLOCK), at)
            at += _BLOCK
        if start >= total:
            break
        stretch = stretches.of(use)
        envelope = _envelope(plan, use, len(stretch))
        desk.lay(stretch, envelope, gain + use.gain_db, start)
    while at < total:
        count = min(_BLOCK, total - at)
        yield room.under(*desk.take(count), at)
        at += count


def _envelope(plan: MixPlan, use: Heard, count: int) -> Envelope:
    fade_in = samples_for(use.start + use.fade_in, plan.rate) - samples_for(use.start, plan.rate)
    end = use.start + use.frames
    fade_out = samples_for(end, plan.rate) - samples_for(end - use.fade_out, plan.rate)
    return shaped(count, fade_in, fade_out, seam_in=use.seam_in, seam_out=use.seam_out)


class _Desk:
    """The sound that is placed but not yet emitted, and the share of its power that is present (1: all of it)."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._at = 0
        self._sound = np.zeros((_BLOCK, 2), np.float32)
        self._power = np.zeros(_BLOCK, np.float32)

    def lay(self, stretch: Block, envelope: Envelope, gain_db: float, start: int) -> None:
        """Add ``stretch`` from the film's sample ``start`` on, as far as it lies in the film and is not taken."""
        first, end = max(start, self._at), min(start + len(stretch), self._total)
        if end <= first:
            return
        self._reach(end - self._at)
        place, part = slice(first - self._at, end - self._at), slice(first - start, end - start)
        heard = stretch[part] * np.float32(10 ** (gain_db / 20))
        shape(heard, envelope[part])
        self._sound[place] += heard
        self._power[place] += np.square(envelope[part])

    def take(self, count: int) -> tuple[Block, Envelope]:
        """The next ``count`` samples, and their power."""
        self._reach(count)
        taken = self._sound[:count], self._power[:count]
        self._sound, self._power = self._sound[count:], self._power[count:]
        self._at += count
        return taken

    def _reach(self, count: int) -> None:
        missing = count - len(self._sound)
        if missing > 0:
            self._sound = np.concatenate([self._sound, np.zeros((missing, 2), np.float32)])
            self._power = np.concatenate([self._power, np.zeros(missing, np.float32)])


class _Rooms:
    """The room tones of the film's scenes, each made when it is needed."""

    def __init__(self, plan: MixPlan, analysis: Analysis, stretches: Stretches) -> None:
        self._sources, self._stretches = analysis.rooms, stretches
        self._runs = [run for run in _placed_runs(plan) if run.scene in analysis.rooms]
        self._made: dict[str, Room] = {}

    def under(self, sound: Block, power: Envelope, at: int) -> Block:
        """``sound`` from the film's sample ``at`` on, with room tone where its ``power`` is missing."""
        while self._runs and self._runs[0].end <= at:
            done = self._runs.pop(0).scene
            if all(run.scene != done for run in self._runs[:2]):
                self._made.pop(done, None)
        for gap, end in _gaps(power):
            for run in self._runs:
                first, last = max(run.start, at + gap), min(run.end, at + end)
                if last > first:
                    part = slice(first - at, last - at)
                    envelope = np.sqrt(np.maximum(0, 1 - power[part])) * run.envelope(first, last)
                    tone = self._room(run.scene).at(first, last - first)
                    shape(tone, envelope)
                    sound[part] += tone
                elif run.start >= at + end:
                    break
        return sound

    def _room(self, scene: str) -> Room:
        if scene not in self._made:
            self._made[scene] = Room(room_loop(_quiet(self._sources[scene], self._stretches)))
        return self._made[scene]


def _gaps(power: Envelope) -> list[tuple[int, int]]:
    """The samples (first, end) in which power is missing."""
    edges = np.flatnonzero(np.diff(power < 1, prepend=False, append=False))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]


def _quiet(source: RoomSource, stretches: Stretches) -> Block:
    """A scene's quietest half second, at its clip's level."""
    quiet = stretches.of(source.heard)[source.quiet.start : source.quiet.start + QUIET_STEPS * STEP]
    return quiet * np.float32(10 ** (source.gain_db / 20))


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of one scene in samples of the film; its room fades in and out in so many."""

    scene: str
    start: int
    end: int
    fade_in: int
    fade_out: int

    def envelope(self, first: int, end: int) -> Envelope:
        """The envelope of samples ``first`` up to ``end``."""
        envelope = np.ones(end - first, np.float32)
        edges = (
            (envelope, first - self.start, self.fade_in),
            (envelope[::-1], self.end - end, self.fade_out),
        )
        for side, into, length in edges:
            if into < length:
                side[: length - into] *= fade(length)[into : into + len(side)]
        return envelope


def _placed_runs(plan: MixPlan) -> list[_Run]:
    """The runs of ``plan``. They fade into each other where they overlap, and with the clips at their ends."""
    fades_in = {use.start: use.fade_in for use in plan.heard}
    fades_out = {use.start + use.frames: use.fade_out for use in plan.heard}
    runs = []
    for number, run in enumerate(plan.runs):
        shared_in = plan.runs[number - 1].end - run.start if number else 0
        shared_out = run.end - plan.runs[number + 1].start if number + 1 < len(plan.runs) else 0
        fade_in = max(shared_in, fades_in.get(run.start, 0))
        fade_out = max(shared_out, fades_out.get(run.end, 0))
        start, end = samples_for(run.start, plan.rate), samples_for(run.end, plan.rate)
        ins = samples_for(run.start + fade_in, plan.rate) - start
        outs = end - samples_for(run.end - fade_out, plan.rate)
        runs.append(_Run(run.scene, start, end, max(ins, SEAM), max(outs, SEAM)))
    return runs
