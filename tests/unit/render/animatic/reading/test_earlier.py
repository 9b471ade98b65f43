"""What a shot has from the earlier ones of its scene, and that it has no more: the table ``scenes.txt``."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from rows import facts, request_of

from vtx_app.compile.request import RenderRequest, Staging, canonical_json
from vtx_app.render.animatic.earlier_shots import read_earlier_shots
from vtx_app.render.animatic.reading.earlier import read_earlier
from vtx_app.render.animatic.reading.lasting import may_last
from vtx_app.render.animatic.reading.model import Reading, Sky
from vtx_app.render.animatic.reading.reader import read_shot
from vtx_app.render.animatic.reading.skies import read_sky, read_time, stays_dark
from vtx_app.render.animatic.reading.text import Passage
from vtx_app.render.animatic.reading.things import read_lights
from vtx_app.render.animatic.reading.weather import weather_in

ROWS = [
    line
    for line in (Path(__file__).parent / "scenes.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]


def staged(text: str) -> tuple[RenderRequest, Staging]:
    request = request_of(dict(re.split(r":\s*", part.strip(), maxsplit=1) for part in text.split(" | ")))
    assert request.staging is not None
    return request, request.staging


def last_of(scene: list[str]) -> tuple[RenderRequest, Reading]:
    """The request and the reading of the last shot of a scene."""
    before = [staged(each)[1] for each in scene[:-1]]
    request, staging = staged(scene[-1])
    held, said = read_earlier(staging, before)
    assert (held is None) == (not said)
    request = replace(request, staging=replace(staging, earlier=held))
    return request, read_shot(request)


@pytest.mark.parametrize("row", ROWS, ids=[row[:90] for row in ROWS])
def test_what_earlier_shots_say_holds_until_one_changes_it(row: str) -> None:
    scene, _, read = row.partition(" => ")
    _, reading = last_of(scene.split(" // "))
    found = facts(reading)
    wanted = dict(fact.split("=", 1) for fact in read.split())
    assert {fact: found.get(fact, "-") for fact in wanted} == {
        fact: "no" if value == "-" and found.get(fact) == "no" else value for fact, value in wanted.items()
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("prose: Rain. Mara runs to the door.", "prose: Rain. Ivo walks to the window with a lamp."),
        ("prose: Heavy rain falls.", "prose: A heavy downpour."),
        ("prose: Thunder over the hill.", "prose: A storm over the hill."),
        ("prose: It is raining.", "prose: It begins to rain."),
        ("prose: At night, in fog.", "prose: Mist in the small hours."),
    ],
)
def test_words_that_are_read_alike_give_later_shots_the_same_request(one: str, other: str) -> None:
    requests = {canonical_json(last_of([first, "prose: He sits down."])[0]) for first in (one, other)}
    assert len(requests) == 1


@pytest.mark.parametrize(
    "later",
    [
        "prose: Snow falls.",
        "prose: The rain has stopped, and all is wet with puddles.",
        "prose: A clear sky over wet streets.",
        "heading: INT. ROOM - DAY | prose: The rain has stopped.",
    ],
)
def test_a_shot_that_says_it_itself_has_nothing_from_earlier_ones(later: str) -> None:
    """So that its take is not rendered again when an earlier shot's weather is edited."""
    requests = {
        canonical_json(last_of([first, later])[0])
        for first in ("prose: He waits.", "prose: Fog.", "prose: A grey sky, clouds.")
    }
    assert len(requests) == 1


WEATHERS = [
    "Rain falls.",
    "It snows; snow falls.",
    "Fog.",
    "A clear sky.",
    "The rain has stopped.",
    "A storm.",
    "He waits.",
]


@given(st.lists(st.sampled_from(WEATHERS), min_size=1, max_size=6))
def test_the_last_shot_that_speaks_decides(said: list[str]) -> None:
    reading = last_of([*(f"prose: {each}" for each in said), "prose: She looks up."])[1]
    kinds = {"Rain falls.": "rain", "It snows; snow falls.": "snow", "Fog.": "fog", "A clear sky.": "clear",
             "The rain has stopped.": None, "A storm.": "storm"}  # fmt: skip
    spoken = [each for each in said if each in kinds]
    wanted = kinds[spoken[-1]] if spoken else None
    if spoken and spoken[-1] == "Rain falls." and "A storm." in spoken:  # a storm's rain is the storm
        since = spoken[len(spoken) - 1 - spoken[::-1].index("A storm.") :]
        wanted = "storm" if set(since) <= {"A storm.", "Rain falls."} else "rain"
    assert reading.weather.kind == wanted


def test_what_is_held_names_the_shots_that_said_it() -> None:
    before = [staged(f"prose: {each}")[1] for each in ("He waits.", "Heavy rain.", "A cart.", "The wind rises.")]
    held, said = read_earlier(staged("prose: She sits.")[1], before)
    assert held is not None and held.weather is not None
    assert (held.weather.kind, held.weather.heavy, held.weather.wind) == ("rain", True, True)
    assert said == {"weather": ((1, "rain: heavy rain, wet"), (3, "wind: heavy rain, wind, wet"))}


def test_a_shot_that_is_passed_over_while_planning_says_nothing_that_lasts() -> None:
    passed = 0
    for row in ROWS:
        for shot in row.partition(" => ")[0].split(" // "):
            _, staging = staged(shot)
            if may_last(staging.action):
                continue
            passed += 1
            words = Passage("prompt.positive", staging.action)
            assert read_time("", [words], []) is None
            assert read_sky([words], []) == Sky()
            assert (weather_in(words), read_lights(words), stays_dark(words)) == (None, (), "")
            assert read_earlier_shots(staged("prose: She sits.")[1], [staging]) == (None, {})
    assert passed > 10
