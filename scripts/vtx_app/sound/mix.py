"""The mix of a film: its takes' sound, music and effects, to one loudness, in one file. Memory is flat in length.

It goes over the film three times: the takes are measured; they are mixed with music and effects into a nameless file of
floats beside the mix, which the system removes whatever happens (1.4 GB an hour); that is brought to the film's
loudness and written. Samples are floats until then, and rounded once.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
from vtx_app.sound.limiter import MARGIN, Limited, limited
from vtx_app.sound.loudness import LoudnessMeter, PeakMeter, decibels
from vtx_app.sound.mix_plan import MixPlan, mix_digest, stretch
from vtx_app.sound.report import ClipSound, Measured, SoundReport

__all__ = ["STEMS", "Stem", "at_gain", "measure", "mix", "mix_stretch", "stem"]

Stem = Literal["dialogue", "music", "effects"]

STEMS: tuple[Stem, ...] = ("dialogue", "music", "effects")

_BLOCK = 1 << 16

_NEAR = 0.1
"""LU by which the film may miss its loudness before it is brought nearer."""

_TRIES = 4
"""How often the gain is corrected for what the limiter takes away."""

_MOST_CORRECTION = 3.0
"""Decibels of such correction: a film that needs more has a few sounds much louder than all others."""


def mix(plan: MixPlan, out: Path) -> SoundReport:
    """Mix ``plan`` into the FLAC file ``out``: 24 bit, 48 kHz, stereo, ``samples_for(frames, rate)`` samples.

    Its stamp is :func:`mix_digest`. The same plan gives the same bytes. Raises :class:`vtx_app.errors.CutError` naming
    a file that can't be decoded, and :class:`OSError` if ``out`` can't be written; it is then removed.
    """
    analysis = analyse(plan)
    with tempfile.TemporaryFile(dir=out.parent) as floats:
        before = _mix_floats(plan, analysis, floats)
        film = _Film(plan, floats, before)
        made = film.write(out)
    write_sound_stamp(out, mix_digest(plan))
    return _report(plan, analysis, before, made)


def mix_stretch(plan: MixPlan, start: int, end: int, out: Path) -> SoundReport:
    """Mix the film's frames ``start`` up to ``end`` (an act) by themselves, to the same target, into ``out``."""
    return mix(stretch(plan, start, end), out)


def stem(plan: MixPlan, name: Stem, gain_db: float) -> Iterator[Block]:
    """One part of the mix in blocks, as long as the film to the sample.

    ``gain_db`` is the film's gain, of its report. Room tone is part of the dialogue. The stems add up to the mix before
    its limiter, within float rounding: so to the mix itself, within a step of 24 bit and its dither, where the limiter
    had nothing to do. Samples may exceed 1. Raises :class:`vtx_app.errors.CutError`.
    """
    return at_gain(_stem(plan, name, analyse(plan)), gain_db)


def at_gain(blocks: Iterable[Block], gain_db: float, peak: float | None = None) -> Iterator[Block]:
    """``blocks`` turned up by ``gain_db``; limited to a true ``peak`` in dBTP if one is given."""
    gain = np.float32(10 ** (gain_db / 20))
    louder = (block * gain for block in blocks)
    return louder if peak is None else limited(louder, peak)


def measure(blocks: Iterable[Block]) -> Measured:
    """Integrated loudness and true peak of ``blocks``."""
    loudness, peak = LoudnessMeter(), PeakMeter()
    for block in blocks:
        loudness.push(block)
        peak.push(block)
    peak.finish()
    return Measured(loudness.loudness(), decibels(peak.peak))


def _stem(plan: MixPlan, name: Stem, analysis: Analysis) -> Iterator[Block]:
    if name == "dialogue":
        yield from dialogue(plan, analysis)
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


def _mix_floats(plan: MixPlan, analysis: Analysis, out: IO[bytes]) -> Measured:
    """Write the mix without the film's gain, as floats; return what it measures."""
    used = [name for name in STEMS if name == "dialogue" or any(each.bus == name for each in plan.laid)]

    def blocks() -> Iterator[Block]:
        for parts in zip(*(_stem(plan, name, analysis) for name in used), strict=True):
            sound = parts[0]
            for part in parts[1:]:
                sound += part
            out.write(np.ascontiguousarray(sound).data)
            yield sound

    return measure(blocks())


@dataclass(frozen=True, slots=True)
class _Made:
    """The film as it was written."""

    gain_db: float
    measured: Measured
    limited: Limited


def _louder(measured: Measured, gain_db: float) -> Measured:
    loudness, peak = measured.loudness, measured.true_peak
    return Measured(None if loudness is None else loudness + gain_db, None if peak is None else peak + gain_db)


class _Film:
    """The mixed floats, to be brought to the film's loudness."""

    def __init__(self, plan: MixPlan, floats: IO[bytes], before: Measured) -> None:
        self._plan, self._floats, self._before = plan, floats, before

    def write(self, out: Path) -> _Made:
        """Write the film at its loudness; again if the limiter has made it softer."""
        first = gain = self._plan.loudness - self._before.loudness if self._before.loudness is not None else 0.0
        for attempt in range(_TRIES):
            made = self._write(out, gain)
            found = made.measured.loudness
            missing = self._plan.loudness - found if found is not None else 0.0
            better = min(gain + missing, first + _MOST_CORRECTION)
            if not made.limited.samples or abs(missing) <= _NEAR or abs(better - gain) < _NEAR / 2:
                break
            if attempt + 1 < _TRIES:
                gain = better
        return made

    def _write(self, out: Path, gain_db: float) -> _Made:
        peak = self._before.true_peak
        if self._before.loudness is None or peak is None or peak + gain_db <= self._plan.peak - MARGIN:
            with write_flac(out) as file:
                for block in at_gain(self._blocks(), gain_db):
                    file.write(block)
            return _Made(gain_db, _louder(self._before, gain_db), Limited())
        done, meter = Limited(), LoudnessMeter()
        with write_flac(out) as file:
            for block in limited(at_gain(self._blocks(), gain_db), self._plan.peak, done):
                file.write(block)
                meter.push(block)
        return _Made(gain_db, Measured(meter.loudness(), decibels(done.peak)), done)

    def _blocks(self) -> Iterator[Block]:
        self._floats.seek(0)
        while data := self._floats.read(_BLOCK * 8):
            yield np.frombuffer(data, np.float32).reshape(-1, 2)


def _report(plan: MixPlan, analysis: Analysis, before: Measured, made: _Made) -> SoundReport:
    clips = []
    for use, sound, level in zip(plan.heard, analysis.heard, analysis.gains, strict=True):
        take = plan.takes[use.clip_id]
        after = None if sound.loudness is None else sound.loudness + level + use.gain_db + made.gain_db
        clips.append(
            ClipSound(
                clip_id=use.clip_id,
                digest=take.digest,
                start=use.start,
                frames=use.frames,
                speaks=take.speaks,
                loudness=sound.loudness,
                peak=decibels(sound.peak),
                level_db=level,
                gain_db=use.gain_db,
                loudness_after=after,
            )
        )
    return SoundReport(
        stamp=mix_digest(plan),
        frames=plan.frames,
        rate=str(plan.rate),
        samples=samples_for(plan.frames, plan.rate),
        target=Measured(plan.loudness, plan.peak),
        before=before,
        after=made.measured,
        gain_db=made.gain_db,
        limited_seconds=made.limited.samples / SAMPLE_RATE,
        limited_db=made.limited.most_db,
        clips=tuple(clips),
    )
