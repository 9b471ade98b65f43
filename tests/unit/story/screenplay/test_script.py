"""Parsing headings."""

from __future__ import annotations

import pytest

from vtx_app.story.screenplay.script import parse_heading


@pytest.mark.parametrize(
    ("heading", "setting", "place", "time"),
    [
        ("INT. LAMP ROOM - NIGHT", "INT", "LAMP ROOM", "NIGHT"),
        ("EXT. ROC'H WENN – DUSK", "EXT", "ROC'H WENN", "DUSK"),
        ("EST. HARBOUR - FIRST LIGHT", "EXT", "HARBOUR", "FIRST LIGHT"),
        ("INT./EXT. CAR - MOVING - DAY", "INT/EXT", "CAR - MOVING", "DAY"),
        ("EXT/INT. CAR - CONTINUOUS", "INT/EXT", "CAR", "CONTINUOUS"),
        ("I/E CAR - DAY", "INT/EXT", "CAR", "DAY"),
        ("int. house - kitchen", "INT", "house - kitchen", ""),
        ("INT. HOUSE - DAY - FLASHBACK (1944)", "INT", "HOUSE", "DAY - FLASHBACK (1944)"),
        ("EXT. OPEN BOAT - NIGHT (SIXTY YEARS AGO)", "EXT", "OPEN BOAT", "NIGHT (SIXTY YEARS AGO)"),
        ("EXT. MOLE - MOMENTS LATER", "EXT", "MOLE", "MOMENTS LATER"),
        ("INT. HOTEL - NIGHT CLUB", "INT", "HOTEL - NIGHT CLUB", ""),
        ("INT. OFFICE - 3:15 A.M.", "INT", "OFFICE", "3:15 A.M."),
        ("INT. ST. MARY'S. DAY.", "INT", "ST. MARY'S", "DAY"),
        ("EXT. ПРИЧАЛ — НОЧЬ", "EXT", "ПРИЧАЛ", "НОЧЬ"),
        ("ПОРТ — НОЧЬ", "", "ПОРТ", "НОЧЬ"),
        ("INT. 灯台 - 夜", "INT", "灯台", "夜"),
        ("SNIPER SCOPE POV", "", "SNIPER SCOPE POV", ""),
        ("INTERVIEW - DAY", "", "INTERVIEW", "DAY"),
        ("INT - HOUSE - DAY", "INT", "HOUSE", "DAY"),
        ("INT.", "INT", "", ""),
        ("DAY", "", "DAY", ""),
        ("", "", "", ""),
    ],
)
def test_parse_heading(heading: str, setting: str, place: str, time: str) -> None:
    assert parse_heading(heading) == (setting, place, time)
