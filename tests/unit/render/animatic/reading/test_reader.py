"""A reading as a whole: an edit changes what it says and nothing else; any text can be read."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from rows import facts, reading_of, request_of

from vtx_app.render.animatic.reading import model
from vtx_app.render.animatic.reading.kinds import COLOURS, FAMILIES, HEADWEAR, OUTERWEAR, THINGS
from vtx_app.render.animatic.reading.reader import read_shot
from vtx_app.render.animatic.reading.text import is_foreign
from vtx_app.render.animatic.reading.vocabulary import kinds_of, patterns_of, plain_of

SHOT = {
    "heading": "EXT. PIER - DUSK - RAIN",
    "location": "pier = The pier = A long wooden pier with two benches and a street lamp",
    "who": "ivo=Ivo, a thin boy of nine with straw-coloured hair",
    "is": "Mara, a broad woman of fifty, short grey hair, round glasses",
    "wears": "in a long yellow oilskin and a red woollen hat",
    "says": "mara=Ivo? ;; ivo=Here.",
    "size": "medium",
    "angle": "low",
    "movement": "push in",
    "prose": "Mara sits on the bench with a lantern. Ivo runs to her from the left. The lamp goes out.",
}
COAT = {"coat.colour", "mara.coat.colour", "oilskin.colour", "mara.oilskin.colour"}
THING = ("lit", "change", "colour", "open", "depth", "placed")
LANTERN_TO_BOOK = {"things", "holds", "mara.holds"} | {
    f"{each}.{fact}" for each in ("lantern", "book") for fact in THING
}
EDITS: list[tuple[str, str, str, set[str]]] = [
    ("wears", "yellow", "black", COAT),
    ("wears", "long ", "", {"coat.long", "mara.coat.long"}),
    ("wears", "red", "blue", {"hat.colour", "mara.hat.colour", "beanie.colour", "mara.beanie.colour"}),
    ("is", "fifty", "sixty-five", {"age", "years", "mara.age", "mara.years"}),
    ("is", "grey", "white", {"hair.colour", "mara.hair.colour"}),
    ("is", "short", "long", {"hair.length", "mara.hair.length"}),
    ("is", "broad", "thin", {"build", "mara.build"}),
    ("is", ", round glasses", "", {"glasses", "mara.glasses"}),
    ("who", "nine", "eight", {"ivo.years"}),
    ("who", "straw-coloured", "black", {"ivo.hair.colour"}),
    ("heading", "DUSK", "DAWN", {"time"}),
    ("heading", "RAIN", "SNOW", {"weather", "wet"}),
    ("size", "medium", "wide", {"size"}),
    ("angle", "low", "high", {"angle"}),
    ("movement", "push in", "pull out", {"moves"}),
    ("prose", "sits", "lies", {"pose", "mara.pose"}),
    ("prose", "left", "right", {"ivo.side"}),
    ("prose", "goes out", "comes on", {"lamp.change"}),
    ("prose", "lantern", "book", LANTERN_TO_BOOK),
]  # fmt: skip


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {fact for fact in before | after if before.get(fact, "-") != after.get(fact, "-")}


@pytest.mark.parametrize(("part", "old", "new", "expected"), EDITS, ids=[f"{row[1]} → {row[2]}" for row in EDITS])
def test_an_edit_of_a_word_changes_that_and_nothing_else(part: str, old: str, new: str, expected: set[str]) -> None:
    assert SHOT[part].count(old) == 1
    edited = {**SHOT, part: SHOT[part].replace(old, new)}
    found = changed(facts(reading_of(SHOT)), facts(reading_of(edited)))
    assert found
    assert found <= expected


@pytest.mark.parametrize(
    "more",
    ["The cloth squeaks.", "Nothing is said.", "Then it is still.", "We wait.", "It takes a long time.", "Silence."],
)
def test_words_that_say_nothing_change_nothing(more: str) -> None:
    told = reading_of({**SHOT, "prose": f"{SHOT['prose']} {more}"})
    assert told == reading_of(SHOT)


def test_every_value_that_was_read_names_its_words() -> None:
    request = request_of(SHOT)
    assert request.staging is not None
    texts = {
        "heading": SHOT["heading"],
        "prompt.positive": SHOT["prose"],
        "characters.mara.description": SHOT["is"],
        "characters.mara.wardrobe": SHOT["wears"],
        "characters.ivo.description": request.staging.characters[0].description,
        "locations.pier.description": request.staging.locations[0].description,
        "locations.pier": "pier",
        "shots.A01_S01_SH001.size": "medium",
        "shots.A01_S01_SH001.angle": "low",
        "shots.A01_S01_SH001.movement": "push in",
    }
    reading = read_shot(request)
    for each in reading.words:
        assert each.text in texts[each.key], each
    values = {each.value.split(".")[0] for each in reading.words}
    assert values == {"place", "indoors", "time", "weather", "camera", "people", "things"}


def test_the_look_of_a_person_is_the_same_in_every_shot() -> None:
    def look(prose: str, **more: str) -> Any:
        people = reading_of({"is": SHOT["is"], "wears": SHOT["wears"], "prose": prose, **more}).people
        mara = next(each for each in people if each.id == "mara")
        return replace(mara, pose=None, view=None, side=None, depth=None, looks_at="", speaks=0, seen=True)

    looks = [
        look("Mara sits."),
        look("She runs through the snow.", heading="EXT. HILL - NIGHT"),
        look("A man in a black hat looks at Mara.", says="mara=No."),
    ]
    assert looks[0] == looks[1] == looks[2]


VALUES = {
    ("cameras", "sizes"): get_args(model.ShotSize), ("cameras", "worded"): get_args(model.ShotSize),
    ("cameras", "angles"): get_args(model.Angle), ("cameras", "angle worded"): get_args(model.Angle),
    ("cameras", "framings"): get_args(model.Framing), ("cameras", "moves"): get_args(model.MoveKind),
    ("skies", "times"): get_args(model.TimeOfDay), ("skies", "weathers"): get_args(model.WeatherKind),
    ("places", "places"): tuple(FAMILIES) , ("clothes", "garments"): (*HEADWEAR, *OUTERWEAR),
    ("figures", "builds"): get_args(model.Build), ("figures", "heights"): get_args(model.Height),
    ("things", "things"): THINGS, ("staging", "views"): get_args(model.View),
    ("staging", "poses"): get_args(model.Pose), ("staging", "sides"): get_args(model.Side),
    ("staging", "depths"): get_args(model.Depth),
}  # fmt: skip


@pytest.mark.parametrize(("table", "section"), VALUES, ids=" ".join)
def test_the_kinds_of_a_table_are_those_of_the_model(table: str, section: str) -> None:
    kinds = [kind for kind, _ in plain_of(table, section)]
    assert kinds
    assert set(kinds) <= set(VALUES[table, section])


def test_colours_and_families_lead_somewhere() -> None:
    assert set(kinds_of("clothes", "colour words").values()) <= set(COLOURS)
    assert set(FAMILIES.values()) <= {"hall", "sky", "vehicle", *FAMILIES}
    assert all(len(bytes.fromhex(value)) == 3 for value in COLOURS.values())
    assert all(patterns_of("places", "places"))


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("The man has a hat and a boat.", False),
        ("Medium shot, hold.", False),
        ("Inès leans on Roc'h Wenn.", False),
        ("Der Mann hat bald kein Boot mehr.", True),
        ("L'homme lit dans le lit, la main sur le pain.", True),
        ("El hombre come pan con la mano.", True),
        ("Il cane guarda il mare dalla camera.", True),
        ("Женщина смотрит на воду.", True),
        ("", False),
    ],
)
def test_the_language_of_a_text(text: str, foreign: bool) -> None:
    assert is_foreign(text) is foreign


def test_a_reading_is_the_same_in_every_process() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from rows import reading_of; from test_reader import SHOT; print(reading_of(SHOT))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert told == {f"{reading_of(SHOT)}\n"}


VOCABULARY = """
    the a no not rain snow Mara Ivo her his coat hat boat with , . ; : ' 's over shoulder off screen in on of camera pan
    left kitchen night lamp goes out takes boy two gulls like as (o.s.) " ” İ ß -
"""
WORDS = st.lists(st.sampled_from(sorted(set(VOCABULARY.split()))), max_size=30).map(" ".join)


@given(WORDS | st.text(max_size=200), WORDS, st.text(max_size=40))
def test_any_words_can_be_read(action: str, description: str, name: str) -> None:
    request = request_of({"is": description, "wears": action, "who": f"ivo={name}", "says": "ivo=No. ;; mara=Yes."})
    assert request.staging is not None
    people = tuple(replace(person, name=name) for person in request.staging.characters)
    request = replace(request, staging=replace(request.staging, action=action, characters=people))
    reading = read_shot(request)
    assert reading == read_shot(request)
    assert {person.id for person in reading.people if person.id} == {"mara", "ivo"}
