"""Our meter against others', and the limiter."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.sounds import SECOND, decibels, noise, tone
from vtx_app.sound.limiter import Limited, limited
from vtx_app.sound.loudness import TENTH, LoudnessMeter, PeakMeter, dialogue_level, gated_loudness, measure, steps_of


def meter(sound: np.ndarray, parts: int = 1) -> float | None:
    found = LoudnessMeter()
    for block in np.array_split(sound.astype(np.float32), parts):
        found.push(block)
    return found.loudness()


def test_a_tone_of_1_khz_at_0_dbfs_on_one_side_is_at_minus_3_lufs() -> None:
    """BS.1770-4, annex 1: the calibration of the meter."""
    sound = np.concatenate([tone(3, 997, 1.0), np.zeros((3 * SECOND, 1))], axis=1)
    assert meter(sound) == pytest.approx(-3.01, abs=0.02)


def test_both_gates_of_ebu_tech_3341() -> None:
    """Cases 3 and 4: soft beginnings and ends, and what is below -70, do not count."""
    parts = [(10, -36), (60, -23), (10, -36)]
    sound = np.concatenate([tone(length, 1000, 10 ** (level / 20)) for length, level in parts])
    assert meter(np.repeat(sound, 2, axis=1)) == pytest.approx(-23.0, abs=0.1)
    parts = [(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)]
    sound = np.concatenate([tone(length, 1000, 10 ** (level / 20)) for length, level in parts])
    assert meter(np.repeat(sound, 2, axis=1)) == pytest.approx(-23.0, abs=0.1)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(-60, -3), min_size=1, max_size=5), st.integers(1, 9))
def test_a_second_meter_agrees_however_the_sound_is_divided(levels: list[float], parts: int) -> None:
    sound = np.concatenate([noise(0.7, 10 ** (level / 20), seed) for seed, level in enumerate(levels)])
    assert meter(sound, parts) == pytest.approx(pyloudnorm.Meter(SECOND).integrated_loudness(sound), abs=0.1)


@pytest.mark.parametrize("sizes", [[30], [4_799, 1], [100, 4_700, 4_800, 9_000], [1_000] * 10, [48_000, 30]])
def test_tenths_of_a_second_are_the_same_however_the_sound_is_divided(sizes: list[int]) -> None:
    sound = noise(2, 0.1)[: sum(sizes)].astype(np.float32)
    whole, parts = LoudnessMeter(), LoudnessMeter()
    whole.push(sound)
    for part in np.split(sound, np.cumsum(sizes)[:-1]):
        parts.push(part)
    assert parts.tenths() == pytest.approx(whole.tenths(), rel=1e-12)
    assert len(parts.tenths()) == max(1, len(sound) // TENTH)
    assert parts.tenths()[0] > 1e-4


def test_silence_has_no_loudness() -> None:
    found = measure([np.zeros((SECOND, 2), np.float32)])
    assert (found.loudness, found.true_peak) == (None, None)
    assert gated_loudness(np.empty(0)) is None


def test_a_word_in_a_quiet_shot_is_as_loud_as_one_that_fills_it() -> None:
    """The gates of BS.1770-4 alone would put the first 5 LU lower."""

    def level(words: float) -> float:
        sound = noise(6, 0.004)
        sound[SECOND : SECOND + round(words * SECOND)] += tone(words, 400, 0.05)
        steps = steps_of(sound.astype(np.float32))
        found = dialogue_level(steps.reshape(-1, 10).mean(axis=1))
        assert found is not None
        return found

    assert level(0.5) == pytest.approx(level(4.0), abs=1.5)


def test_a_true_peak_between_samples_is_found() -> None:
    """A quarter of the sampling rate, 45° off: its samples are 3 dB below its peaks (BS.1770-4, annex 2)."""
    sound = np.sin(np.pi / 2 * np.arange(4_800) + np.pi / 4)[:, None].repeat(2, axis=1).astype(np.float32) * 0.5
    peak = PeakMeter()
    for block in np.array_split(sound, 5):
        peak.push(block)
    assert decibels(np.abs(sound).max()) == pytest.approx(-9.03, abs=0.01)
    assert decibels(peak.peak) == pytest.approx(-6.02, abs=0.5)


@settings(max_examples=25, deadline=None)
@given(
    peaks=st.lists(st.tuples(st.integers(0, 59_000), st.floats(0.05, 8.0)), max_size=8),
    cuts=st.lists(st.integers(0, 60_000), max_size=4),
    ceiling=st.sampled_from([-1.0, -6.0]),
)
def test_no_peak_is_left_and_what_is_far_from_one_is_untouched(
    peaks: list[tuple[int, float]], cuts: list[int], ceiling: float
) -> None:
    sound = (noise(1.25, 0.01) * 0.9).astype(np.float32)
    for place, height in peaks:
        sound[place : place + 40, place % 2] += height * np.sin(np.arange(40) * 0.9).astype(np.float32)
    done = Limited()
    found = np.concatenate(list(limited(np.split(sound, sorted(cuts)), ceiling, done)))
    assert found.shape == sound.shape
    after = measure([found]).true_peak
    assert after is None or after <= ceiling
    ratio = np.abs(found).max(axis=1) / np.maximum(np.abs(sound).max(axis=1), 1e-9)
    assert ratio.max() <= 1 + 1e-6
    highest = [place for place, height in peaks if height * 2 > 10 ** (ceiling / 20)]
    first = min(highest, default=len(sound))
    assert np.array_equal(found[: max(0, first - 300)], sound[: max(0, first - 300)])
    if not highest:
        assert done.samples == 0
        assert np.array_equal(found, sound)


def test_the_limiter_does_not_click_and_lets_go_slowly() -> None:
    sound = tone(1, 100, 0.5).repeat(2, axis=1).astype(np.float32)
    sound[24_000:24_040] *= 4
    found = np.concatenate(list(limited([sound], -1.0)))
    gain = np.abs(found[:, 0]) / np.maximum(np.abs(sound[:, 0]), 1e-3)
    smooth = gain[np.abs(sound[:, 0]) > 0.1]
    assert np.abs(np.diff(smooth)).max() < 0.05
    assert found[47_000:] == pytest.approx(sound[47_000:])
