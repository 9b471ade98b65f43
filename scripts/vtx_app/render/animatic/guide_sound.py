"""The guide track: room tone, a soft note at the start, a murmur under each spoken line.

It lets an editor hear the rhythm of a scene and where the lines are. Stereo, peaks below -20 dBFS.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from vtx_app.cut.timing import Span
from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.render.animatic.reading.situation import seed_of

__all__ = ["PEAK", "guide_track"]

PEAK = 10 ** (-21 / 20)
"""The loudest sample, as a share of full scale."""

_TONE = 10 ** (-46 / 20)
_NOTE = 10 ** (-30 / 20)
_VOICE = 10 ** (-25 / 20)

_FORMANTS = ((730, 1090), (530, 1840), (390, 1990), (570, 840), (440, 1020))
"""First and second formants of five vowels in hertz (Peterson and Barney, 1952, adult men)."""

Samples = npt.NDArray[np.float64]


def _faded(samples: Samples, seconds: float) -> Samples:
    """Fade ``samples`` in and out by raised cosines of ``seconds``, in place; the first and last are silent."""
    count = min(len(samples) // 2, round(seconds * SAMPLE_RATE))
    if count:
        ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(count) / count)
        samples[:count] *= ramp
        samples[-count:] *= ramp[::-1]
    return samples


def _room(count: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Room tone: brownish noise, slightly different left and right, (count, 2)."""
    steps = max(2, count // 24 + 2)
    corner = int(rng.integers(3, 9))
    both = []
    for _ in range(2):
        coarse = rng.standard_normal(steps + corner)
        running = np.cumsum(coarse)
        smooth = (running[corner:] - running[:-corner]) / np.sqrt(corner)
        both.append(np.interp(np.arange(count) / 24.0, np.arange(len(smooth)), smooth))
    mid, side = both[0], both[1]
    stereo = np.stack([mid + 0.5 * side, mid - 0.5 * side], 1)
    peak = float(np.abs(stereo).max()) or 1.0
    return stereo / peak * _TONE * 2


def _start_note() -> Samples:
    """A soft low note of a tenth of a second."""
    t = np.arange(round(0.12 * SAMPLE_RATE)) / SAMPLE_RATE
    return _faded(np.sin(2 * np.pi * 392 * t) * np.exp(-t * 28) * _NOTE, 0.006)


def _murmur(count: int, speaker: str, text: str) -> Samples:
    """A voice as through a wall: about four syllables a second at the speaker's pitch, ``count`` samples."""
    rng = np.random.Generator(np.random.PCG64(seed_of("voice", speaker, text)))
    pitch = 95.0 + seed_of("pitch", speaker) % 110
    out = np.zeros(count)
    at = 0
    while at < count:
        length = min(count - at, int(SAMPLE_RATE * rng.uniform(0.13, 0.26)))
        low, high = _FORMANTS[int(rng.integers(len(_FORMANTS)))]
        bend = 1 + rng.uniform(-0.06, 0.06)
        t = np.arange(length) / SAMPLE_RATE
        voice = np.zeros(length)
        for harmonic in range(1, 9):
            hertz = pitch * bend * harmonic
            first, second = np.exp(-(((hertz - low) / 160) ** 2)), np.exp(-(((hertz - high) / 220) ** 2))
            voice += (1 / harmonic + 0.5 * first + 0.2 * second) * np.sin(2 * np.pi * hertz * t + harmonic)
        swell = np.maximum(0, np.sin(np.pi * np.arange(length) / max(1, length - 1))) ** 1.5
        out[at : at + length] = voice * swell * rng.uniform(0.6, 1.0)
        at += length + int(SAMPLE_RATE * (0.12 if rng.random() < 0.12 else 0.01))
    peak = float(np.abs(out).max()) if count else 0.0
    return _faded(out / peak * _VOICE, 0.03) if peak else out


def guide_track(frames: int, rate: Fraction, place: int, lines: list[tuple[str, str, Span]]) -> npt.NDArray[np.int16]:
    """The guide track of a clip of ``frames`` at ``rate`` frames per second: (samples_for(frames, rate), 2).

    ``place`` seeds the room tone; ``lines`` are (speaker, words, span in frames). A speaker has the same voice, on the
    same side, in every shot.
    """
    count = samples_for(frames, rate)
    track = _room(count, np.random.Generator(np.random.PCG64(place)))
    note = _start_note()[:count]
    track[: len(note)] += note[:, None]
    for speaker, text, span in lines:
        first, end = samples_for(span.first, rate), min(count, samples_for(span.end, rate))
        if end - first < 2:
            continue
        lean = (seed_of("side", speaker) % 1000 / 999 - 0.5) * 0.7
        voice = _murmur(end - first, speaker, text)
        track[first:end] += voice[:, None] * np.array([1 - max(0.0, lean), 1 + min(0.0, lean)])
    track[:, 0], track[:, 1] = _faded(track[:, 0], 0.004), _faded(track[:, 1], 0.004)
    track = np.clip(track, -PEAK, PEAK)
    return np.round(track * 32767).astype(np.int16)
