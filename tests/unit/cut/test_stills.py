from __future__ import annotations

from fractions import Fraction

from vtx_app.cut.stills import length_faults
from vtx_app.cut.timeline import Timeline
from vtx_app.formats.edit import Edit

RATE = Fraction(24_000, 1001)
MOST = 23 * 3600 * 24_000 // 1001
STILL = Edit.model_validate({"clips": {"A01_S01_SH001": {"hold": {"first": 9, "last": 8}}}})


def test_a_film_of_23_hours_fits_and_a_frame_more_does_not() -> None:
    assert length_faults(Timeline(MOST, (), (), (), {}), STILL, RATE) == []
    ((keys, text),) = length_faults(Timeline(MOST + 1, (), (), (), {}), STILL, RATE)
    assert keys == ("clips", "A01_S01_SH001", "hold", "first")
    assert text.startswith("9 frames make the film 23:00:00 long")


def test_a_film_that_is_long_by_its_shots_is_not_the_edit_s_fault() -> None:
    left_out = {"clips": {"A01_S01_SH001": {"hold": {"last": 8}, "leave_out": True}}}
    for edit in (Edit(), Edit.model_validate(left_out)):
        assert length_faults(Timeline(MOST * 2, (), (), (), {}), edit, RATE) == []
