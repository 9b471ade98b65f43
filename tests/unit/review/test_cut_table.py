"""The cut as a table."""

from __future__ import annotations

from fractions import Fraction

from kit.desk import planned
from kit.film import Film
from vtx_app.cut.edited import build_timeline
from vtx_app.cut.timeline import Material
from vtx_app.formats.edit import Edit
from vtx_app.review.cut_table import CutLine, cut_table

A, B, C = "A01_S01_SH001", "A01_S01_SH002", "A01_S02_SH001"


def table(edit: dict[str, object], rate: Fraction = Fraction(24)) -> list[CutLine]:
    materials = [Material(clip_id, 1, scene, 48, 12, 12) for clip_id, scene in ((A, 1), (B, 1), (C, 2))]
    made = Edit.model_validate(edit)
    return cut_table(build_timeline(materials, made), made, rate)


def test_every_showing_has_its_frames_and_its_place_in_the_film() -> None:
    lines = table({"clips": {A: {"in": 8, "out": 32}, B: {"repeat": 2, "out": -24}}})
    assert [(line.clip, line.first, line.end, line.start, line.time_code) for line in lines] == [
        (A, 8, 32, 0, "01:00:00:00"),
        (B, 0, 24, 24, "01:00:01:00"),
        (B, 0, 24, 48, "01:00:02:00"),
        (C, 0, 48, 72, "01:00:03:00"),
    ]
    assert [(line.seconds, line.transitions) for line in lines] == [
        (1, ()),
        (1, ("cut",)),
        (1, ("cut",)),
        (2, ("cut",)),
    ]


def test_transitions_are_told_where_they_are() -> None:
    lines = table(
        {
            "transitions": [
                {"before": A, "fade_in": 6},
                {"after": A, "dissolve": 12},
                {"after": B, "dip": 8, "colour": "#ffffff"},
                {"after": C, "fade_out": 24},
            ]
        }
    )
    assert [line.transitions for line in lines] == [
        ("fade in 6",),
        ("dissolve 12",),
        ("dip 8 #ffffff", "fade out 24"),
    ]


def test_the_first_clip_has_no_transition_of_another() -> None:
    lines = table({"transitions": [{"before": C, "dissolve": 12}]})
    assert [line.transitions for line in lines] == [(), ("cut",), ("dissolve 12",)]


def test_cards_and_stills_have_lines_of_their_own() -> None:
    lines = table(
        {
            "clips": {A: {"hold": {"last": 10}}},
            "titles": [{"before": B, "text": "Later", "frames": 20}],
            "end_card": {"text": "The End", "frames": 24},
        }
    )
    assert [(line.kind, line.clip, line.words, line.frames, line.start) for line in lines if line.kind != "clip"] == [
        ("still", A, "", 10, 48),
        ("card", "", "Later", 20, 58),
        ("card", "", "The End", 24, 174),
    ]
    assert sum(line.frames for line in lines) == 198


def test_a_rate_without_time_code_has_none(film: Film) -> None:
    plan = planned()
    lines = cut_table(plan.timeline, plan.film.edit, plan.rate)
    assert [line.start for line in lines] == [0, 8, 16, 24, 32, 40][: len(lines)] or plan.timeline.repeated
    assert {line.time_code for line in lines} == {""}
