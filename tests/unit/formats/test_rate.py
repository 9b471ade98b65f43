"""Frame rates as exact fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.formats.rate import exact_rate, rate_text


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
