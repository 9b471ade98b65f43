"""Beeps at known times, in place of speech."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kit.movie import video_frame
from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.media.writer import write_film

Seconds = tuple[float, float]


def beeps(
    spoken: Sequence[Seconds], samples: int, *, level: float = 0.1, noise: float = 0.0005, hertz: float = 440
) -> NDArray[np.int16]:
    """Stereo sound with a beep in each of these stretches, in a little noise: int16 (samples, 2) at 48 kHz."""
    t = np.arange(samples) / SAMPLE_RATE
    on = sum((np.where((t >= start) & (t < end), 1.0, 0.0) for start, end in spoken), np.zeros_like(t))
    mono = on * level * np.sin(2 * np.pi * hertz * t)
    mono = mono + noise * np.random.default_rng(1).standard_normal(len(t))
    return np.asarray(np.round(np.stack([mono, mono], 1) * 32767), np.int16)


def write_beeps(
    path: Path, spoken: Sequence[Seconds], frames: int, rate: Fraction, size: tuple[int, int] = (96, 64)
) -> None:
    """Write a grey film of ``frames`` with a beep in each of these stretches."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with write_film(path, *size, rate) as film:
        for _ in range(frames):
            film.picture(video_frame(np.full((size[1], size[0], 3), 90, np.uint8)))
        film.sound(beeps(spoken, samples_for(frames, rate)))
