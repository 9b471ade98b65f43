"""Frame rates as exact fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.formats.rate import exact_rate, frame_count, rate_text


@pytest.mark.parametrize(
    ("written", "rate", "text"),
    [
        (16, Fraction(16), "16"),
        (16.0, Fraction(16), "16"),
        (23.976, Fraction(24000, 1001), "23.976"),
        (23.98, Fraction(24000, 1001), "23.976"),
        (29.97, Fraction(30000, 1001), "29.97"),
        (59.94, Fraction(60000, 1001), "59.94"),
        (47.952, Fraction(48000, 1001), "47.952"),
        (119.88, Fraction(120000, 1001), "119.88"),
        (12.5, Fraction(25, 2), "12.5"),
        (24, Fraction(24), "24"),
        (23.97, Fraction(2397, 100), "23.97"),
    ],
)
def test_rates_are_exact(written: float, rate: Fraction, text: str) -> None:
    assert exact_rate(written) == rate
    assert rate_text(rate) == text


@given(st.integers(1, 120))
def test_whole_rates_are_themselves(fps: int) -> None:
    assert exact_rate(fps) == exact_rate(float(fps)) == fps
    assert rate_text(exact_rate(fps)) == str(fps)


RATES = st.sampled_from([8, 12.5, 16, 23.976, 24, 25, 29.97, 30, 59.94, 60, 120])


@given(st.decimals("0.01", "15", places=2).map(float), RATES)
def test_frames_are_rate_times_seconds_rounded(seconds: float, fps: float) -> None:
    frames = frame_count(seconds, exact_rate(fps))
    assert abs(frames - Fraction(str(seconds)) * exact_rate(fps)) <= Fraction(1, 2) or frames == 1
    assert frames >= 1


@pytest.mark.parametrize(
    ("seconds", "fps", "frames"),
    [(1.0, 16, 16), (15, 16, 240), (2.5, 16, 40), (10, 23.976, 240), (10, 24, 240), (0.01, 16, 1), (0.3, 10, 3)],
)
def test_frames_of_known_lengths(seconds: float, fps: float, frames: int) -> None:
    assert frame_count(seconds, exact_rate(fps)) == frames
