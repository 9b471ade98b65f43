"""Parsing scene headings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.formats.heading import parse_heading


@pytest.mark.parametrize(
    ("heading", "setting", "place", "time", "weather"),
    [
        ("INT. LAMP ROOM - NIGHT", "INT", "LAMP ROOM", "NIGHT", ""),
        ("EXT. ROC'H WENN – DUSK", "EXT", "ROC'H WENN", "DUSK", ""),
        ("EST. HARBOUR - FIRST LIGHT", "EXT", "HARBOUR", "FIRST LIGHT", ""),
        ("INT./EXT. CAR - MOVING - DAY", "INT/EXT", "CAR - MOVING", "DAY", ""),
        ("EXT/INT. CAR - CONTINUOUS", "INT/EXT", "CAR", "CONTINUOUS", ""),
        ("I/E CAR - DAY", "INT/EXT", "CAR", "DAY", ""),
        ("int. house - kitchen", "INT", "house - kitchen", "", ""),
        ("INT. HOUSE - DAY - FLASHBACK (1944)", "INT", "HOUSE", "DAY - FLASHBACK (1944)", ""),
        ("EXT. OPEN BOAT - NIGHT (SIXTY YEARS AGO)", "EXT", "OPEN BOAT", "NIGHT (SIXTY YEARS AGO)", ""),
        ("EXT. MOLE - MOMENTS LATER", "EXT", "MOLE", "MOMENTS LATER", ""),
        ("INT. HOTEL - NIGHT CLUB", "INT", "HOTEL - NIGHT CLUB", "", ""),
        ("INT. OFFICE - 3:15 A.M.", "INT", "OFFICE", "3:15 A.M.", ""),
        ("INT. ST. MARY'S. DAY.", "INT", "ST. MARY'S", "DAY", ""),
        ("EXT. ПРИЧАЛ — НОЧЬ", "EXT", "ПРИЧАЛ", "НОЧЬ", ""),
        ("ПОРТ — НОЧЬ", "", "ПОРТ", "НОЧЬ", ""),
        ("INT. 灯台 - 夜", "INT", "灯台", "夜", ""),
        ("SNIPER SCOPE POV", "", "SNIPER SCOPE POV", "", ""),
        ("INTERVIEW - DAY", "", "INTERVIEW", "DAY", ""),
        ("INT - HOUSE - DAY", "INT", "HOUSE", "DAY", ""),
        ("INT.", "INT", "", "", ""),
        ("DAY", "", "DAY", "", ""),
        ("", "", "", "", ""),
        # as other programs and other people write them
        ("INT. / EXT. BARN", "INT/EXT", "BARN", "", ""),
        ("INT-EXT. BARN - DAY", "INT/EXT", "BARN", "DAY", ""),
        ("INT: BARN", "INT", "BARN", "", ""),
        ("INTERIOR BARN", "INT", "BARN", "", ""),
        ("EXTERIOR. BARN - NOON", "EXT", "BARN", "NOON", ""),
        ("INNEN. KÜCHE - TAG", "INT", "KÜCHE", "TAG", ""),
        ("INNEN/AUSSEN. AUTO - NACHT", "INT/EXT", "AUTO", "NACHT", ""),
        ("ИНТ. КУХНЯ - ДЕНЬ", "INT", "КУХНЯ", "ДЕНЬ", ""),
        ("НАТ. ПРИЧАЛ - УТРО", "EXT", "ПРИЧАЛ", "УТРО", ""),
        ("INT. HALL - SAME TIME", "INT", "HALL", "SAME TIME", ""),
        ("INT. HALL - DAY 2", "INT", "HALL", "DAY 2", ""),
        ("INT. HALL (NIGHT)", "INT", "HALL", "NIGHT", ""),
        ("INT. HALL (UPSTAIRS) - NIGHT", "INT", "HALL (UPSTAIRS)", "NIGHT", ""),
        ("EXT. ROAD - DAY - RAIN", "EXT", "ROAD", "DAY", "RAIN"),
        ("EXT. ROAD - HEAVY SNOW - DAY", "EXT", "ROAD", "DAY", "HEAVY SNOW"),
        ("EXT. ROAD - NIGHT (RAIN)", "EXT", "ROAD", "NIGHT", "RAIN"),
        ("INT. HOUSE-NIGHT", "INT", "HOUSE", "NIGHT", ""),
        ("EXT. TRAFFIC-LIGHT - DAY", "EXT", "TRAFFIC-LIGHT", "DAY", ""),
        ("EXT. PURPLE RAIN", "EXT", "PURPLE RAIN", "", ""),
        ("Int. Kitchen. - Day", "INT", "Kitchen", "Day", ""),
        ("EXT. U.S. - DAY", "EXT", "U.S.", "DAY", ""),
        ("INT. STORM DRAIN", "INT", "STORM DRAIN", "", ""),
        ("1. INT. ROOM - DAY", "INT", "ROOM", "DAY", ""),
        ("12A EXT. ROAD - NIGHT 12A", "EXT", "ROAD", "NIGHT", ""),
        ("1-1. ИНТ. КУХНЯ. ДЕНЬ", "INT", "КУХНЯ", "ДЕНЬ", ""),
        ("SCENE 3 - INT. ROOM 3", "INT", "ROOM", "", ""),
        ("INT. ROOM 2", "INT", "ROOM 2", "", ""),
        ("42 STREET - DAY", "", "42 STREET", "DAY", ""),
        ("INT. EXT. BARN", "INT/EXT", "BARN", "", ""),
        ("EXT & INT BARN", "INT/EXT", "BARN", "", ""),
        ("INT. EXTENSION - DAY", "INT", "EXTENSION", "DAY", ""),
        ("INT. HALL - PRE-DAWN", "INT", "HALL", "PRE-DAWN", ""),
        ("INT. HALL - MID-AFTERNOON", "INT", "HALL", "MID-AFTERNOON", ""),
        ("INT. HALL [NIGHT]", "INT", "HALL", "NIGHT", ""),
        ("INT. HALL / NIGHT", "INT", "HALL", "NIGHT", ""),
        ("INT. HALL / STAIRS - NIGHT", "INT", "HALL / STAIRS", "NIGHT", ""),
        ("INT. HALL: NIGHT", "INT", "HALL", "NIGHT", ""),
        ("INT. - DAY", "INT", "", "DAY", ""),
    ],
)
def test_parse_heading(heading: str, setting: str, place: str, time: str, weather: str) -> None:
    assert parse_heading(heading) == (setting, place, time, weather)


@given(st.text(alphabet="INTEX./- ()DAYRAIN12 ", max_size=60))
def test_every_heading_is_parsed_and_its_parts_stand_in_it(text: str) -> None:
    heading = parse_heading(text)
    assert all(part in text for part in (heading.place, *heading.time.split(" - "), *heading.weather.split(", ")))
