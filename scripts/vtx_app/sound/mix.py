"""The mix of a film: its takes' sound, music and effects, to one loudness, in one file. Memory is flat in length.

The takes are read once and measured; what is heard of them is kept as floats, mixed with music and effects, brought to
the film's loudness, rounded and written. The floats are in two nameless files beside the mix, 1.4 GB for an hour each,
which the system removes whatever happens.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Literal

import numpy as np

from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.media.flac_file import write_flac
from vtx_app.media.flac_stamp import write_sound_stamp
from vtx_app.media.sound_blocks import Block
from vtx_app.sound.analysis import Analysis, analyse
from vtx_app.sound.dialogue import dialogue
from vtx_app.sound.laid_sound import LaidSound
from vtx_app.sound.loud_parts import Profile, ProfileMeter
from vtx_app.sound.loudness import PeakMeter, decibels
from vtx_app.sound.mix_plan import MixPlan, mix_digest
from vtx_app.sound.report import ClipSound, Measured, SoundReport
from vtx_app.sound.take_sound import Stretches
from vtx_app.sound.to_loudness import Level, at_gain, level_for

__all__ = ["STEMS", "Mixed", "Stem", "mix", "mixed", "stem"]

Stem = Literal["dialogue", "music", "effects"]

STEMS: tuple[Stem, ...] = ("dialogue", "music", "effects")

_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Mixed:
    """A mix that is not written yet. ``report``: what was measured."""

    report: SoundReport
    _level: Level
    _floats: IO[bytes]

    def blocks(self) -> Iterator[Block]:
        """Its sound, from its beginning: ``samples_for(frames, rate)`` samples."""
        return self._level.apply(_blocks(self._floats))


@contextlib.contextmanager
def mixed(plan: MixPlan, folder: Path) -> Iterator[Mixed]:
    """Mix ``plan``, with nameless files in ``folder`` as long as the block lasts.

    Raises :class:`vtx_app.errors.CutError` naming a file that can't be decoded, and :class:`OSError` if there is no
    room in ``folder``.
    """
    with tempfile.TemporaryFile(dir=folder) as floats:
        with tempfile.TemporaryFile(dir=folder) as spool:
            stretches = Stretches(plan, spool)
            analysis = analyse(plan, stretches)
            before, profile = _mix_floats(plan, analysis, stretches, floats)
        level = level_for(partial(_blocks, floats), before, plan.loudness, plan.peak, profile)
        yield Mixed(_report(plan, analysis, before, level), level, floats)


def mix(plan: MixPlan, out: Path) -> SoundReport:
    """Mix ``plan`` into the FLAC file ``out``: 24 bit, 48 kHz, stereo, ``samples_for(frames, rate)`` samples.

    Its stamp is :func:`mix_digest`. The same plan gives the same bytes. Raises as :func:`mixed`, and :class:`OSError`
    if ``out`` can't be written; it is then removed.
    """
    with mixed(plan, out.parent) as film:
        with write_flac(out) as file:
            for block in film.blocks():
                file.write(block)
        write_sound_stamp(out, film.report.stamp)
        return film.report


def stem(plan: MixPlan, name: Stem, gain_db: float) -> Iterator[Block]:
    """One part of the mix in blocks, as long as the film to the sample.

    ``gain_db`` is the film's gain, of its report. Room tone is part of the dialogue. The stems add up to the mix before
    its limiter, within float rounding: so to the mix itself, within a step of 24 bit and its dither, where the limiter
    had nothing to do. Samples may exceed 1. Raises :class:`vtx_app.errors.CutError`.
    """
    stretches = Stretches(plan)
    return at_gain(_stem(plan, name, analyse(plan, stretches), stretches), gain_db)


def _stem(plan: MixPlan, name: Stem, analysis: Analysis, stretches: Stretches) -> Iterator[Block]:
    if name == "dialogue":
        yield from dialogue(plan, analysis, stretches)
        return
    total = samples_for(plan.frames, plan.rate)
    waiting = [LaidSound(each, plan, analysis.speech) for each in plan.laid if each.bus == name]
    waiting.sort(key=lambda each: each.start)
    playing: list[LaidSound] = []
    for at in range(0, total, _BLOCK):
        sound = np.zeros((min(_BLOCK, total - at), 2), np.float32)
        while waiting and waiting[0].start < at + len(sound):
            playing.append(waiting.pop(0))
        for each in playing:
            each.add(sound, at)
        for each in [each for each in playing if each.end <= at + len(sound)]:
            each.close()
            playing.remove(each)
        yield sound


def _mix_floats(plan: MixPlan, analysis: Analysis, stretches: Stretches, out: IO[bytes]) -> tuple[Measured, Profile]:
    """Write the mix without the film's gain, as floats; return what it measures, in all and by tenths."""
    used = [name for name in STEMS if name == "dialogue" or any(each.bus == name for each in plan.laid)]
    meter, peak = ProfileMeter(), PeakMeter()
    for parts in zip(*(_stem(plan, name, analysis, stretches) for name in used), strict=True):
        sound = parts[0]
        for part in parts[1:]:
            sound += part
        out.write(np.ascontiguousarray(sound).data)
        meter.push(sound)
        peak.push(sound)
    peak.finish()
    return Measured(meter.loudness(), decibels(peak.peak)), meter.profile()


def _blocks(floats: IO[bytes]) -> Iterator[Block]:
    """The mixed floats from their beginning."""
    floats.seek(0)
    while data := floats.read(_BLOCK * 8):
        yield np.frombuffer(data, np.float32).reshape(-1, 2)


def _report(plan: MixPlan, analysis: Analysis, before: Measured, level: Level) -> SoundReport:
    clips = []
    for use, sound, gain in zip(plan.heard, analysis.heard, analysis.gains, strict=True):
        take = plan.takes[use.clip_id]
        after = None if sound.loudness is None else sound.loudness + gain + use.gain_db + level.gain_db
        clips.append(
            ClipSound(
                clip_id=use.clip_id,
                digest=take.digest,
                start=use.start,
                frames=use.frames,
                speaks=take.speaks,
                loudness=sound.loudness,
                level=sound.level,
                peak=decibels(sound.peak),
                level_db=gain,
                gain_db=use.gain_db,
                loudness_after=after,
                broken=analysis.broken.get(use.clip_id, 0),
            )
        )
    return SoundReport(
        stamp=mix_digest(plan),
        frames=plan.frames,
        rate=str(plan.rate),
        samples=samples_for(plan.frames, plan.rate),
        target=Measured(plan.loudness, plan.peak),
        before=before,
        after=level.after,
        gain_db=level.gain_db,
        limited_seconds=level.limited.samples / SAMPLE_RATE,
        limited_db=level.limited.most_db,
        clips=tuple(clips),
    )
