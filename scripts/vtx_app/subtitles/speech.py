"""Where somebody speaks in a take: the stretches of its sound that stand out from the background.

A gate on short-term energy (Rabiner and Sambur, 1975, in the form that most voice recorders have): sound in the band of
speech opens it when it rises well above the take's quietest tenth, and closes it when it has fallen half way back. It
can't tell speech from a door, but speech is mostly the loudest sound of a take.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["SPEECH_VERSION", "Stretch", "find_speech"]

SPEECH_VERSION = 1
"""Raised when other stretches would be found in the same sound."""

Stretch = tuple[float, float]
"""Seconds, from and to."""

Levels = npt.NDArray[np.float64]

_HOP = 0.01
_WINDOW = 0.032
_BAND = (150.0, 4000.0)
"""Hertz. Rumble is below, hiss above."""

_RISE = 10.0
"""Decibels above the quietest tenth at which the gate opens."""

_BELOW_PEAK = 26.0
"""Nothing that is this many decibels below the loudest moment opens the gate."""

_SILENCE = -66.0
"""Decibels of full scale."""

_PAUSE = 0.25
"""Seconds: a shorter gap is part of the speech (a stop consonant, a breath)."""

_SHORTEST = 0.16
"""Seconds: a shorter sound is a click or a step."""


def find_speech(samples: npt.NDArray[np.int16], rate: int) -> list[Stretch]:
    """The stretches (seconds) of sound of shape (n, 2) at ``rate`` hertz in which somebody may be speaking, in order.

    Empty for silence and for sound of constant level, in which energy tells nothing.
    """
    levels = _levels(samples, rate)
    if not len(levels):
        return []
    floor, peak = float(np.percentile(levels, 10)), float(np.max(levels))
    opens = max(floor + _RISE, peak - _BELOW_PEAK, _SILENCE)
    if peak < opens:
        return []
    closes = opens - _RISE / 2
    stretches: list[Stretch] = []
    for first, end in _runs(levels > closes):
        if np.max(levels[first:end]) < opens:
            continue
        start, stop = first * _HOP, end * _HOP
        if stretches and start - stretches[-1][1] < _PAUSE:
            stretches[-1] = (stretches[-1][0], stop)
        else:
            stretches.append((start, stop))
    return [(start, stop) for start, stop in stretches if stop - start >= _SHORTEST]


def _levels(samples: npt.NDArray[np.int16], rate: int) -> Levels:
    """Decibels of full scale in the band of speech, one for each hop."""
    hop, window = round(_HOP * rate), round(_WINDOW * rate)
    mono = samples.astype(np.float64).mean(axis=1) / 32768
    if len(mono) < window:
        return np.empty(0)
    mono = np.pad(mono, ((window - hop) // 2, window))
    pieces = np.lib.stride_tricks.sliding_window_view(mono, window)[: len(samples) : hop]
    hertz = np.fft.rfftfreq(window, 1 / rate)
    band = (hertz >= _BAND[0]) & (hertz <= _BAND[1])
    shape = np.hanning(window)
    power = np.concatenate(
        [
            (np.abs(np.fft.rfft(pieces[at : at + 512] * shape)[:, band]) ** 2).sum(axis=1)
            for at in range(0, len(pieces), 512)
        ]
    )
    # A sine of full scale has half of its power on each side of zero: (shape.sum() / 2)² and its neighbours.
    return np.asarray(10 * np.log10(power / ((shape**2).sum() * window / 4) + 1e-12))


def _runs(on: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The runs (first, end) of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(np.int8)))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]
