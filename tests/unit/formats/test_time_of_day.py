"""Times of day in scene headings."""

from __future__ import annotations

import pytest

from vtx_app.formats.time_of_day import goes_on, time_of_day


@pytest.mark.parametrize(
    ("time", "hour"),
    [
        ("NIGHT", "night"),
        ("FIRST LIGHT", "first light"),
        ("LATE AFTERNOON", "late afternoon"),
        ("Pre-dawn", "pre-dawn"),
        ("MIDNIGHT", "midnight"),
        ("GOLDEN HOUR", "golden hour"),
        ("NIGHT (SIXTY YEARS AGO)", "night"),
        ("DAY - FLASHBACK (1944)", "day"),
        ("LATER THAT NIGHT", "night"),
        ("THE NEXT DAY", "day"),
        ("DAY 2", "day"),
        ("SATURDAY MORNING", "morning"),
        ("НОЧЬ", "ночь"),
        ("夜", "夜"),
        ("CONTINUOUS", ""),
        ("MOMENTS LATER", ""),
        ("ONE DAY LATER", ""),
        ("DAY/NIGHT", ""),
        ("3:15 A.M.", ""),
        ("THE PRESENT", ""),
        ("(NIGHT)", ""),
        ("", ""),
    ],
)
def test_the_time_of_day_in_a_time(time: str, hour: str) -> None:
    assert time_of_day(time) == hour


@pytest.mark.parametrize("time", ["CONTINUOUS", "Later", "MOMENTS LATER", "A FEW MINUTES LATER", "SAME TIME", "CONT'D"])
def test_times_that_go_on(time: str) -> None:
    assert goes_on(time)


@pytest.mark.parametrize("time", ["", "NIGHT", "HOURS LATER", "LATER THAT NIGHT", "YEARS LATER", "FLASHBACK"])
def test_times_that_do_not_go_on(time: str) -> None:
    assert not goes_on(time)
