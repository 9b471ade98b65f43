from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from vtx_app.media.codec import movie_timescale

RATES = [Fraction(16), Fraction(24), Fraction(25, 2), Fraction(24000, 1001), Fraction(30000, 1001)]


@given(st.sampled_from(RATES), st.integers(0, 10**7))
def test_frames_and_samples_are_whole_ticks_of_the_movie_clock(rate: Fraction, number: int) -> None:
    scale = movie_timescale(rate)
    assert (number / rate * scale).denominator == 1
    assert (Fraction(number, 48_000) * scale).denominator == 1
    assert scale < 2**31


def test_a_rate_without_a_common_clock_is_still_exact_for_frames() -> None:
    rate = Fraction(2_147_483_629, 89_478_485)
    assert (1 / rate * movie_timescale(rate)).denominator == 1
    assert movie_timescale(rate) < 2**31
