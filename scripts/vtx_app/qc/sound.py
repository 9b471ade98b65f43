"""Measures the sound of a take."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vtx_app.media.codec import SAMPLE_RATE
from vtx_app.media.sound_blocks import Block
from vtx_app.qc.measures import Hum, SoundMeasures
from vtx_app.sound.loudness import measure
from vtx_app.subtitles.speech import find_speech

__all__ = ["measure_sound"]

_FULL = 0.98
_FLAT = 2 / 2**15
_FLAT_SAMPLES = 4
"""A wave is cut off where at least four samples in a row are as high as each other, to 2 of 16 bits, near full scale
(FFmpeg's astats counts the same as its flat factor)."""

_LOW_RATE = 2_000
"""Hertz: hum lies far below half of it."""

_OVERTONES = 4
_HUM = (50, 60)
_FEWEST_SECONDS = 2
_NEXT = range(3, 11)
"""Hertz on both sides of a tone that it is compared with."""


def measure_sound(sound: Block) -> SoundMeasures:
    """What is measured of sound of shape (n, 2) at 48 kHz."""
    broken = int(np.count_nonzero(~np.isfinite(sound)))
    if broken:
        sound = np.nan_to_num(sound, nan=0.0, posinf=0.0, neginf=0.0)
    level = measure([sound])
    speech = find_speech(_int16(sound), SAMPLE_RATE)
    return SoundMeasures(
        round(len(sound) / SAMPLE_RATE, 4),
        _rounded(level.loudness),
        _rounded(level.true_peak),
        _clipped(sound),
        round(sum((end - start for start, end in speech), 0.0), 2),
        _hum(sound),
        broken,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1) + 0.0


def _int16(sound: Block) -> NDArray[np.int16]:
    return np.asarray((sound * 32767).clip(-32768, 32767), np.int16)


def _clipped(sound: Block) -> int:
    """How often either side is cut off flat."""
    return sum(_flat_tops(np.ascontiguousarray(sound[:, side])) for side in (0, 1))


def _flat_tops(side: NDArray[np.float32]) -> int:
    loud = np.abs(side) >= _FULL
    if not loud.any():
        return 0
    flat = loud[1:] & loud[:-1] & (np.abs(np.diff(side)) <= _FLAT)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flat, [False]]).astype(np.int8)))
    return int(np.count_nonzero(edges[1::2] - edges[::2] >= _FLAT_SAMPLES - 1))


def _hum(sound: Block) -> Hum | None:
    """The strongest of the mains' tones that are there all the time: in the median of the spectra of each second."""
    factor = SAMPLE_RATE // _LOW_RATE
    count = len(sound) // factor
    if count < _FEWEST_SECONDS * _LOW_RATE:
        return None
    low = sound[: count * factor].mean(axis=1, dtype=np.float64).reshape(count, factor).mean(axis=1)
    starts = range(0, count - _LOW_RATE + 1, _LOW_RATE // 2)
    shape = np.hanning(_LOW_RATE)
    spectra = [np.abs(np.fft.rfft(low[start : start + _LOW_RATE] * shape)) for start in starts]
    # A bin is 1 Hz wide. A sine of full scale has half the sum of the window in its bin.
    spectrum = 20 * np.log10(np.median(spectra, axis=0) / (shape.sum() / 2) + 1e-9)
    found = [hum for hertz in _HUM if (hum := _tone(spectrum, hertz)) is not None]
    return max(found, key=lambda hum: hum.above, default=None)


def _tone(spectrum: NDArray[np.float64], hertz: int) -> Hum | None:
    """The tone at ``hertz`` if it, or its first overtone, is a peak; the second strongest of its overtones counts: one
    alone may be a voice or a note."""
    above = []
    for at in range(hertz, hertz * _OVERTONES + 1, hertz):
        peak = spectrum[at]
        if peak < max(spectrum[at - 1], spectrum[at + 1]):
            continue
        near = np.median([spectrum[at + side * n] for n in _NEXT for side in (-1, 1)])
        above.append((float(peak - near), float(peak)))
    if len(above) < 2:
        return None
    above.sort(reverse=True)
    return Hum(hertz, round(max(level for _, level in above[:2]), 1), round(above[1][0], 1))
