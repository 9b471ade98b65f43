"""A murmur that sounds like somebody speaking behind a wall: pitch, pace and melody of a line, and no words.

A voice is a row of harmonics, shaped by the formants of vowels that glide from syllable to syllable (source and filter,
after Fant). It is made at a quarter of the film's sample rate, since it has nothing above 3 kHz.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vtx_app.media.codec import SAMPLE_RATE
from vtx_app.render.animatic.reading.model import Person

__all__ = ["Voice", "murmur", "syllables", "voice_of"]

Samples = NDArray[np.float64]

_STEP = 4
_RATE = SAMPLE_RATE // _STEP
_CONTROL = 100
"""Points of the melody for each second."""

_WITHIN_WORD = 0.24
"""How loud a voice stays between the syllables of a word."""

_VOWELS = (
    (310, 2020, 2960), (430, 2480, 3070), (610, 2330, 2990), (860, 2050, 2850), (850, 1220, 2810), (590, 920, 2710),
    (470, 1160, 2680), (370, 950, 2670), (760, 1400, 2780),
)  # fmt: skip
"""The first three formants of nine vowels in hertz (Peterson and Barney, 1952, adult women)."""

_LOW = r"\b(?:low|deep|bass|gravel\w*|gruff|growl\w*|booming|hoarse|husky|rumbl\w*)\b"
_HIGH = r"\b(?:high|shrill|piping|squeaky|small|light|thin|reedy|tinny|clear)\b"
_SLOW = r"\b(?:slow\w*|unhurried|measured|calm|drawl\w*|weary|tired|patient|sleepy)\b"
_FAST = r"\b(?:fast|quick\w*|rapid\w*|hurried|breathless|clipped|excited|urgent|nervous)\b"
_SOFT = r"\b(?:whisper\w*|breathy|hushed)\b"
_FLAT = r"\b(?:flat|dry|monotone|robotic|metallic|grave|even)\b"


@dataclass(frozen=True, slots=True)
class Voice:
    """``pitch`` in hertz; ``pace`` and ``melody`` are multiples of the usual; ``size`` multiplies formants (a small
    head has high ones); ``breath`` 0..1 is how much of it is whispered."""

    pitch: float = 150.0
    pace: float = 1.0
    melody: float = 1.0
    size: float = 1.0
    breath: float = 0.08


def voice_of(speaker: str, words: str, person: Person | None) -> Voice:
    """The voice that ``words`` (the ``voice`` of characters.yaml) describe, of a child, a woman or a man."""
    pitch, size = 150.0, 0.95
    if person is not None and person.woman is not None:
        pitch, size = (196.0, 1.0) if person.woman else (112.0, 0.87)
    if person is not None and person.age == "child":
        pitch, size = (262.0 if person.years is None or person.years > 5 else 300.0), 1.2
    elif person is not None and person.age == "old":
        pitch *= 0.94
    # Two voices of one kind differ a little, always in the same way.
    pitch *= 0.95 + 0.1 * hashlib.sha256(speaker.encode()).digest()[0] / 255
    text = words.lower()

    def has(pattern: str) -> bool:
        return re.search(pattern, text) is not None

    pitch *= 0.82 if has(_LOW) else 1.14 if has(_HIGH) else 1.0
    return Voice(
        pitch=pitch,
        pace=0.82 if has(_SLOW) else 1.2 if has(_FAST) else 1.0,
        melody=0.45 if has(_FLAT) else 1.0,
        size=size,
        breath=0.75 if has(_SOFT) else 0.08,
    )


def syllables(text: str) -> list[tuple[int, str]]:
    """The words of ``text``: how many syllables each has, and the mark that follows it, or ``""``."""
    found = []
    for word in text.replace("—", ", ").replace("–", ", ").split():
        mark = next((each for each in reversed(word) if each in ",.;:?!…。、？！"), "")
        wide = sum(unicodedata.east_asian_width(each) in "WF" and each.isalpha() for each in word)
        bare = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))
        groups = len(re.findall(r"[aeiouyаеиоуыэюяієїαεηιουω]+", bare)) + sum(each.isdigit() for each in word)
        if groups > 1 and re.search(r"[^aeiouy\W]e\W*$", bare) and not re.search(r"[^aeiouy\W]le\W*$", bare):
            groups -= 1  # a silent e
        count = wide or groups or int(any(each.isalpha() for each in word))
        if count:
            found.append((count, mark))
    return found


def _pause(mark: str) -> float:
    """Seconds of silence after a mark."""
    return {"": 0.0, ",": 0.16, "、": 0.16, ";": 0.2, ":": 0.2}.get(mark, 0.34)


def murmur(voice: Voice, text: str, count: int) -> Samples:
    """``text`` murmured within ``count`` samples, with its pauses; silence after it. Peaks are about 1."""
    words = syllables(text)
    seconds = count / SAMPLE_RATE
    total = sum(number for number, _ in words)
    if not total or seconds < 0.05:
        return np.zeros(count)
    wanted = sum(_pause(mark) for _, mark in words[:-1])
    each = min(0.19 / voice.pace, max(0.04, (seconds - 0.1) / (total * 1.08)))
    pauses = min(wanted, max(0.0, seconds - 0.1 - total * each * 1.08))
    return _sung(voice, _melody(voice, words, each, pauses / wanted if wanted else 0.0, seconds), count)


@dataclass(frozen=True, slots=True)
class _Points:
    """The voice at each control point: pitch in hertz, loudness 0..1, three formants in hertz."""

    pitch: Samples
    loud: Samples
    formants: tuple[Samples, Samples, Samples]


def _melody(voice: Voice, words: list[tuple[int, str]], each: float, squeeze: float, seconds: float) -> _Points:
    """A sentence falls, a question rises at its end; the first syllable of a word is stressed."""
    size = max(2, int(seconds * _CONTROL) + 2)
    seed = int.from_bytes(hashlib.sha256(repr(words).encode()).digest()[:8], "big")
    chance = np.random.Generator(np.random.PCG64(seed))
    t = np.arange(size) / _CONTROL
    loud = np.zeros(size)
    times, pitches, vowels = [0.0], [1.06], [(500, 1500, 2700)]
    at, phrase = 0.04, 0
    for place, (number, mark) in enumerate(words):
        began = at
        for syllable in range(number):
            last = syllable == number - 1
            length = each * (0.85 + 0.3 * chance.random()) * (1.2 if mark and last else 1.0)
            length = min(length, max(0.03, seconds - 0.03 - at))
            stress = 1.0 if syllable == 0 else 0.72
            shape = np.clip((t - at) / (0.28 * length), 0, 1) * np.clip((at + length - t) / (0.4 * length), 0, 1)
            loud = np.maximum(loud, stress * (0.8 + 0.2 * chance.random()) * shape * shape * (3 - 2 * shape))
            end = 0.0 if not last else 0.12 if mark in ("?", "？") else -0.09 if mark in (".", "!") else 0.0
            times.append(at + length * 0.5)
            pitches.append(1.06 - 0.028 * phrase + end + 0.07 * stress * (chance.random() - 0.3))
            vowels.append(_VOWELS[int(chance.integers(len(_VOWELS)))])
            at, phrase = at + length, phrase + 1
        word = np.clip((t - began) / 0.05, 0, 1) * np.clip((at - t) / 0.07, 0, 1)
        loud = np.maximum(loud, _WITHIN_WORD * word)
        if place < len(words) - 1 and mark:
            at += _pause(mark) * squeeze
            phrase = 0 if _pause(mark) > 0.3 else phrase // 2
    pitch = voice.pitch * (1 + (np.interp(t, times, pitches) - 1) * voice.melody)
    pitch = pitch * (1 + 0.006 * np.sin(2 * np.pi * 5.1 * t))
    first, second, third = (np.interp(t, times, [row[i] for row in vowels]) * voice.size for i in range(3))
    return _Points(pitch, loud, (first, second, third))


def _sung(voice: Voice, points: _Points, count: int) -> Samples:
    """The harmonics of the voice through its formants."""
    length = -(-count // _STEP) + 2
    at = np.arange(length) / _RATE * _CONTROL
    control = np.arange(len(points.pitch))
    phase = 2 * np.pi * np.cumsum(np.interp(at, control, points.pitch)) / _RATE
    out = np.zeros(length)
    first, second, third = points.formants
    for harmonic in range(1, max(3, int(3000 / voice.pitch)) + 1):
        hertz = points.pitch * harmonic
        gain = np.exp(-(((hertz - first) / 130) ** 2)) + 0.32 * np.exp(-(((hertz - second) / 190) ** 2))
        gain = gain + 0.12 * np.exp(-(((hertz - third) / 260) ** 2)) + 0.10 / harmonic
        gain = gain / harmonic**0.55 * (1 - voice.breath) * np.clip((3200 - hertz) / 800, 0, 1)
        out += np.interp(at, control, gain) * np.sin(harmonic * phase)
    noise = np.random.Generator(np.random.PCG64(length)).standard_normal(length)
    breath = np.convolve(noise, np.hanning(9) / np.hanning(9).sum(), "same")
    out = (out + breath * (0.03 + 0.55 * voice.breath)) * np.interp(at, control, points.loud)
    return np.asarray(np.interp(np.arange(count) / _STEP, np.arange(length), out))
