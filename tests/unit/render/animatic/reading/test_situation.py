from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.compile.request import Line, RenderRequest, StagedCharacter, StagedPlace, Staging
from vtx_app.render.animatic.reading.situation import read_situation, seed_of

Ask = Callable[..., RenderRequest]


@pytest.mark.parametrize(
    ("action", "locations", "place", "hour", "weather", "shot"),
    [
        ("Wide shot of the sea at night.", (), "sea", "night", "", "wide"),
        ("A wave bursts in the gale. Low angle, storm, after dark.", ("The point",), "sea", "night", "storm", "wide"),
        ("Close-up: her face in lamplight, midnight.", ("The kitchen",), "room", "night", "", "close"),
        ("Insert: a letter on the table, morning.", ("The study",), "room", "dawn", "", "insert"),
        ("Over-the-shoulder on Tom in the rain, dusk.", ("Market street",), "city", "dusk", "rain", "shoulder"),
        ("Fog lies between the pines at dawn, wide.", ("The wood",), "forest", "dawn", "fog", "wide"),
        ("Snow falls on the summit, noon.", (), "mountains", "day", "snow", "wide"),
        ("Full shot. Two men in the dunes at sunset.", (), "desert", "dusk", "", "full"),
        ("The nurse walks down the corridor at noon, medium shot.", (), "corridor", "day", "", "medium"),
        ("She climbs the spiral stairs by moonlight, full shot.", (), "stairs", "night", "", "full"),
        ("The great lens at night, wide.", ("The lamp room",), "lantern", "night", "", "wide"),
        ("", (), "field", "day", "", "wide"),
    ],
)
def test_words_say_where_when_and_how_close(
    ask: Ask, action: str, locations: tuple[str, ...], place: str, hour: str, weather: str, shot: str
) -> None:
    found = read_situation(ask(action, locations))
    assert (found.place, found.hour, found.weather, found.shot) == (place, hour, weather, shot)


def test_who_is_seen(ask: Ask) -> None:
    talk = (("Inès", "Nobody you can see."), ("Yann", "Go to bed."))
    assert read_situation(ask("They talk.", dialogue=talk)).people == ("Inès", "Yann")
    assert read_situation(ask("Yann, off screen, has no answer.", dialogue=talk)).people == ()
    staging = Staging("Yann, off screen.", (), tuple(Line(*line) for line in talk), (StagedCharacter("ines", "Inès"),))
    assert read_situation(replace(ask(""), staging=staging)).people == ("Inès",)
    assert len(read_situation(ask("A crowd on the quay, wide.")).people) > 2
    assert read_situation(ask("An empty room. Nobody.")).people == ()


def test_a_place_has_one_seed_and_every_shot_its_own(ask: Ask) -> None:
    one, two = (read_situation(ask(words, ("The pier",))) for words in ("She waits.", "He comes."))
    other = read_situation(ask("She waits.", ("The quay",)))
    assert one.place_seed == two.place_seed != other.place_seed
    assert len({one.shot_seed, two.shot_seed, other.shot_seed}) == 3
    assert read_situation(ask("She waits.", ("The pier",), seed=2)).shot_seed != one.shot_seed


def test_seeds_are_the_same_in_every_process() -> None:
    code = "from vtx_app.render.animatic.reading.situation import seed_of; print(seed_of('place', 'The pier'))"
    told = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert told == {str(seed_of("place", "The pier"))}


@given(st.text(max_size=200), st.lists(st.text(max_size=30), max_size=3), st.text(max_size=30))
def test_any_words_can_be_read(action: str, locations: list[str], speaker: str) -> None:
    staging = Staging(
        action,
        tuple(StagedPlace(each, each) for each in locations),
        (Line(speaker, action),),
        (StagedCharacter(speaker, speaker),),
    )
    request = RenderRequest("animatic", 1, "one", "t2v", action, "", 64, 64, 9, Fraction(16), 1, staging=staging)
    found = read_situation(request)
    assert found == read_situation(request)
    assert found.place
