"""A mix at a delivery's loudness, by a second meter (pyloudnorm)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pyloudnorm
import pytest
from numpy.typing import NDArray

from kit.sounds import noise
from vtx_app.sound.loud_parts import ProfileMeter
from vtx_app.sound.loudness import measure
from vtx_app.sound.to_loudness import level_for

RATE = 48_000
Block = NDArray[np.float32]


def film(peaks: float) -> Callable[[], Iterator[Block]]:
    """Four seconds of noise at about -20 LUFS, with single samples at ``peaks`` (full scale 1)."""
    sound = (np.random.default_rng(3).standard_normal((4 * RATE, 2)) * 0.05).astype(np.float32)
    sound[RATE // 2 :: RATE // 2] = peaks
    return lambda: iter(np.array_split(sound, 9))


def of(blocks: Iterator[Block]) -> tuple[float, float]:
    """Loudness in LUFS and sample peak in dB by the other meter."""
    sound = np.concatenate([*blocks]).astype(float)
    return pyloudnorm.Meter(RATE).integrated_loudness(sound), 20 * np.log10(np.abs(sound).max())


@pytest.mark.parametrize(("loudness", "peak"), [(-23.0, -1.0), (-14.0, -1.0), (-16.0, -2.0)])
@pytest.mark.parametrize("peaks", [0.2, 0.9])
def test_the_asked_loudness_is_reached_below_the_peak(loudness: float, peak: float, peaks: float) -> None:
    mix = film(peaks)
    level = level_for(mix, measure(mix()), loudness, peak)
    found, highest = of(level.apply(mix()))
    assert abs(found - loudness) < 0.5
    assert highest <= peak
    assert level.after.loudness == pytest.approx(found, abs=0.1)


def test_a_limited_mix_is_read_once_where_its_loudness_can_be_foreseen() -> None:
    syllables = np.repeat(np.random.default_rng(5).uniform(0, 1, 80) ** 2, RATE // 10)
    sound = (noise(8, 0.1, sides=1) * syllables[:, None]).repeat(2, axis=1).astype(np.float32)
    read = 0

    def mix() -> Iterator[Block]:
        nonlocal read
        read += 1
        return iter([sound])

    meter = ProfileMeter()
    meter.push(sound)
    level = level_for(mix, measure([sound]), -11.0, -1.0, meter.profile())
    assert level.limited.most_db > 3
    assert of(level.apply(mix()))[0] == pytest.approx(-11, abs=0.2)
    assert read == 2  # to measure it, and here


def test_a_softer_delivery_is_the_mix_turned_down_and_no_more() -> None:
    mix = film(0.9)
    level = level_for(mix, measure(mix()), -30.0, -1.0)
    assert level.peak is None
    before, after = (np.concatenate([*blocks]) for blocks in (mix(), level.apply(mix())))
    assert np.allclose(after, before * 10 ** (level.gain_db / 20), atol=1e-7)


def test_silence_stays_silence() -> None:
    def silence() -> Iterator[Block]:
        return iter([np.zeros((RATE, 2), np.float32)])

    level = level_for(silence, measure(silence()), -23.0, -1.0)
    assert not np.concatenate([*level.apply(silence())]).any()
