"""Descriptions of people and places taken from a screenplay."""

from __future__ import annotations

import pytest

from vtx_app.story.screenplay.descriptions import introduction, place_description
from vtx_app.story.screenplay.fountain import read_fountain

SCRIPT = read_fountain(
    "EXT. POINT - DUSK\n\nYOUNG INÈS (7) runs. A white lighthouse on a headland. A lamp COMES ON, by itself.\n\n"
    "INT. LAMP ROOM - NIGHT\n\nA lens taller than a man. Behind it INÈS (67), small and straight-backed, wipes the "
    "TV. She wears a darned jersey. She sits. MISHA sleeps.\n\n"
    "INÈS\nTen.\n\nYOUNG INÈS\nTwelve.\n\nYANN (V.O.)\nForty.\n\nMISHA\nOne.\n\nRENÉ\nRow.\n\n"
    "EXT. BOAT - NIGHT\n\nYANN (V.O.) speaks. RENÉ (40) rows. НАДЯ, 30, в чёрном, ждёт.\n\nНАДЯ\nДа.\n\n"
    "INT. HALL - DAY\n\nMISHA turns it over. Turns it back. A cold floor.\n\nINT. STAIRS - DAY\n\nMISHA waits.\n"
)


@pytest.mark.parametrize(
    ("cue", "description"),
    [
        ("INÈS", "Inès, 67, small and straight-backed. She wears a darned jersey"),
        ("YOUNG INÈS", "Young Inès, 7"),
        ("RENÉ", "René, 40"),
        ("НАДЯ", "Надя, 30, в чёрном, ждёт"),
        ("MISHA", "Misha"),
        ("YANN", "Yann"),
        ("NOBODY", "Nobody"),
    ],
)
def test_introduction(cue: str, description: str) -> None:
    assert introduction(cue, SCRIPT) == description


@pytest.mark.parametrize(
    ("place", "description"),
    [
        ("POINT", "Point: A white lighthouse on a headland"),
        ("LAMP ROOM", "Lamp Room: A lens taller than a man"),
        ("HALL", "Hall: A cold floor"),
        ("STAIRS", "Stairs"),
        ("NOWHERE", "Nowhere"),
    ],
)
def test_place_description(place: str, description: str) -> None:
    assert place_description(place, SCRIPT) == description


@pytest.mark.parametrize(
    ("action", "description"),
    [
        ("IDA (30s), tired, fills a kettle.", "Ida, 30s, tired"),
        ("IDA (40), glasses, freckles on her nose, enters.", "Ida, 40, glasses, freckles on her nose"),
        ("IDA, a tall woman, sits.", "Ida, a tall woman"),
        ("IDA runs.", "Ida"),
    ],
)
def test_a_person_looks_like_what_stays(action: str, description: str) -> None:
    assert introduction("IDA", read_fountain(f"INT. ROOM - DAY\n\n{action}\n\nIDA\nHi.\n")) == description


@pytest.mark.parametrize(
    ("sentence", "permanent"),
    [
        ("A body floats under the moon.", False),
        ("Children fish.", False),
        ("Two fishing boats run for harbour.", False),
        ("A wave breaks against the foot of the tower.", False),
        ("Rain on the windows.", False),
        ("It is snowing.", False),
        ("The lamp is burning low.", False),
        ("A man at the bar.", False),
        ("Dark.", False),
        ("Тело плывёт.", False),
        ("A cramped kitchen with yellow tiles.", True),
        ("Forty boats at forty moorings.", True),
        ("Wet slate roofs.", True),
        ("The floor is tiled.", True),
        ("A lens taller than a man.", True),
    ],
)
def test_a_place_looks_like_what_stays(sentence: str, permanent: bool) -> None:
    script = read_fountain(f"EXT. PIER - NIGHT\n\n{sentence}\n\nEXT. PIER - DAY\n\nIDA\nHi.\n")
    assert place_description("PIER", script) == (f"Pier: {sentence[:-1]}" if permanent else "Pier")


def test_descriptions_are_short() -> None:
    long = read_fountain(
        "EXT. POINT - DUSK\n\nINÈS, " + "old, " * 200 + "sits.\n\nINÈS\nTen.\n\nEXT. SEA\n\n" + "wave " * 200
    )
    assert len(introduction("INÈS", long).split()) <= 61
    assert len(place_description("SEA", long).split()) <= 61
