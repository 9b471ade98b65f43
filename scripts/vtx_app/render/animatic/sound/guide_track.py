"""The guide track: the tone of the place all through, and a murmur under each spoken line.

It lets an editor hear the rhythm of a scene and who speaks. Shots at one place have one tone, which does not fade at a
cut; speech is near -23 LUFS.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from vtx_app.cut.timing import Span
from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.render.animatic.reading.model import Reading
from vtx_app.render.animatic.sound.voice import murmur, voice_of
from vtx_app.sound.loudness import gated_loudness, steps_of

__all__ = ["SPEECH_LOUDNESS", "Speech", "guide_track"]

SPEECH_LOUDNESS = -23.0
"""LUFS: the programme loudness of EBU R128."""

_PEAK = 10 ** (-6 / 20)

Samples = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Speech:
    """A line: who says what in which ``voice`` (as characters.yaml describes it), and when, in frames of the take."""

    speaker: str
    text: str
    voice: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Tone:
    """Room tone: noise between ``low`` and ``high`` hertz whose amplitude falls with the frequency to the power
    ``slope``, at ``level`` dBFS."""

    low: float
    high: float
    slope: float
    level: float


_TONES = {
    "rain": _Tone(300, 9000, 0.35, -46), "storm": _Tone(60, 7000, 0.8, -43), "water": _Tone(80, 3000, 0.8, -48),
    "open": _Tone(60, 2400, 0.95, -54), "town": _Tone(50, 1500, 1.0, -51), "vehicle": _Tone(40, 600, 1.1, -47),
    "inside": _Tone(50, 1100, 1.1, -58),
}  # fmt: skip
_TOWNS = ("street", "alley", "square", "market", "station", "bridge", "rooftop")
_LOOP = 1 << 17
"""Samples of room tone, 2.7 s: a loop whose ends meet."""


def _tone_of(reading: Reading) -> _Tone:
    place, weather = reading.place, reading.weather
    if not place.indoors and weather.kind in ("rain", "storm") and weather.change is None:
        return _TONES[weather.kind]
    if place.family == "vehicle":
        return _TONES["vehicle"]
    if place.indoors:
        return _TONES["inside"]
    if place.family in ("sea", "shore") or place.kind in ("sea", "shore"):
        return _TONES["water"]
    return _TONES["town" if place.kind in _TOWNS else "open"]


def _air(count: int, tone: _Tone, seed: str) -> Samples:
    """Steady noise, slightly different left and right, (count, 2)."""
    chance = np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")))
    hertz = np.maximum(np.fft.rfftfreq(_LOOP, 1 / SAMPLE_RATE), 1.0)
    gain = hertz**-tone.slope / (1 + (tone.low / hertz) ** 4) / (1 + (hertz / tone.high) ** 4)

    def noise() -> Samples:
        found = np.fft.irfft(gain * np.exp(2j * np.pi * chance.random(len(hertz))), _LOOP)
        return np.asarray(found / np.sqrt(np.mean(found**2)))

    middle, side = noise(), noise()
    both = np.stack([middle + 0.4 * side, middle - 0.4 * side], 1) * 10 ** (tone.level / 20)
    return np.asarray(np.resize(both, (count, 2)))


def guide_track(frames: int, rate: Fraction, reading: Reading, lines: Sequence[Speech]) -> NDArray[np.int16]:
    """The guide track of a clip of ``frames`` at ``rate`` frames per second: (samples_for(frames, rate), 2).

    A speaker has the same voice in every shot, made of the words of ``voice`` and of who they are.
    """
    count = samples_for(frames, rate)
    track = _air(count, _tone_of(reading), reading.place.key or reading.place.kind)
    people = {each.name: each for each in reading.people}
    for line in lines:
        first, end = samples_for(line.span.first, rate), min(count, samples_for(line.span.end, rate))
        if end - first < 2:
            continue
        person = people.get(line.speaker)
        spoken = murmur(voice_of(line.speaker, line.voice, person), line.text, end - first)
        away = person is not None and not person.seen
        track[first:end] += _levelled(_thin(spoken) if away else spoken)[:, None]
    return np.asarray(np.round(np.clip(track, -_PEAK, _PEAK) * 32767), np.int16)


def _thin(voice: Samples) -> Samples:
    """A voice that is heard through a loudspeaker or from another room: without its lows."""
    return (
        np.asarray(voice - np.convolve(voice, np.full(97, 1 / 97), "same")[: len(voice)]) if len(voice) > 97 else voice
    )


def _levelled(voice: Samples) -> Samples:
    """``voice`` at the loudness of speech."""
    steps = steps_of(np.repeat(voice[:, None], 2, 1).astype(np.float32))
    tenths = steps[: len(steps) // 10 * 10].reshape(-1, 10).mean(1) if len(steps) >= 10 else steps
    loudness = gated_loudness(tenths)
    if loudness is None:
        return np.asarray(voice * 0.1 / (float(np.abs(voice).max()) or 1.0))
    return np.asarray(voice * 10 ** ((SPEECH_LOUDNESS - loudness) / 20))
