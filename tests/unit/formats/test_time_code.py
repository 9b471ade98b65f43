from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vtx_app.formats.time_code import film_frame, film_origin, film_time_code, time_code

RATES = [
    Fraction(24),
    Fraction(24_000, 1001),
    Fraction(25),
    Fraction(30_000, 1001),
    Fraction(60_000, 1001),
    Fraction(60),
    Fraction(16),
]
DROP = Fraction(30_000, 1001)


@given(st.sampled_from(RATES), st.integers(0, 24 * 3600 * 16))
def test_a_time_code_names_its_frame(rate: Fraction, frame: int) -> None:
    assert film_frame(film_time_code(frame, rate), rate) == frame


@example(Fraction(30_000, 1001), 1800)
@example(Fraction(60_000, 1001), 3600)
@example(Fraction(60_000, 1001), 10 * 3600 - 36)
@given(st.sampled_from([rate for rate in RATES if rate != 16]), st.integers(0, 20 * 3600 * 24))
def test_opentimelineio_names_the_frame_alike(rate: Fraction, frame: int) -> None:
    theirs = otio.opentime.to_timecode(otio.opentime.RationalTime(frame + film_origin(rate), float(rate)))
    assert film_time_code(frame, rate) == theirs


def test_a_shot_counts_without_gaps_and_a_film_where_smpte_drops_does_not() -> None:
    assert time_code(1800, DROP) == "00:01:00:00"
    assert time_code(1800, DROP, drop=True) == "00:01:00;02"
    assert time_code(1440, Fraction(24), drop=True) == "00:01:00:00"


def test_the_film_begins_at_one_hour() -> None:
    assert film_time_code(0, Fraction(24)) == "01:00:00:00"
    assert film_time_code(24 * 60 + 5, Fraction(24_000, 1001)) == "01:01:00:05"
    assert film_frame("00:59:59:23", Fraction(24)) == -1


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("01:00:00;00", 0),
        ("01:00:59;29", 1799),
        ("01:01:00;02", 1800),
        ("01:10:00;00", 17_982),
        ("02:00:00;00", 107_892),
    ],
)
def test_drop_frame_keeps_to_the_clock(text: str, frame: int) -> None:
    """SMPTE ST 12-1: 17,982 frames in ten minutes, 107,892 in an hour."""
    assert film_frame(text, DROP) == frame


@pytest.mark.parametrize(
    ("text", "rate"),
    [("01:01:00;00", DROP), ("01:00:00;00", Fraction(25)), ("01:00:00:25", Fraction(25)), ("1:00:00:00", Fraction(25))],
)
def test_what_is_no_time_code_is_refused(text: str, rate: Fraction) -> None:
    with pytest.raises(ValueError, match=text):
        film_frame(text, rate)
