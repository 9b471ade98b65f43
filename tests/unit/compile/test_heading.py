"""The phrase of a shot's heading: what is known, once, and nothing that could be wrong."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.machine import forget
from kit.shot import Shot
from vtx_app.compile.clip_request import compile_request
from vtx_app.compile.heading import heading_of, heading_phrase
from vtx_app.errors import SpecError
from vtx_app.formats.bibles import Location
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.heading import Heading
from vtx_app.models.locked import LockedModels
from vtx_app.project.load import load_film
from vtx_app.project.scene_headings import scene_headings

SCENE = "story/03_screenplay/A01_S01__the_quay.md"
PLACES = {
    "lamp_room": Location(name="The lamp room", description=""),
    "roch_wenn": Location(name="Roc'h Wenn", description=""),
    "harbour": Location(name="The harbour", description=""),
    "cafe": Location(name="Café du Port", description=""),
}


@pytest.mark.parametrize(
    ("heading", "words", "phrase"),
    [
        (Heading("INT", "", "night", "rain"), "Hands over a burner.", "Interior, night, rain"),
        (Heading("EXT", "", "", ""), "The quay.", "Exterior"),
        (Heading("INT/EXT", "CAR", "dusk", ""), "", "Interior and exterior, car, dusk"),
        (Heading("", "Café du Port", "night", "HEAVY RAIN"), "", "Café du Port, night, heavy rain"),
        (Heading("EXT", "QUAY", "night", "rain"), "Wide shot of the quay by moonlight, outside, wet with rain.", ""),
        (Heading("EXT", "", "night", ""), "At dawn she comes.", "Exterior"),
        (Heading("EXT", "", "night", "rain"), "Outdoors. Clear early light.", "Night, rain"),
        (Heading("EXT", "", "night", "rain"), "A storm over the point.", "Exterior, night"),
        (Heading("INT", "", "night", ""), "Nobody today, yesterday's paper.", "Interior, night"),
        (Heading("INT", "BAR", "night", "rain"), "A knight in a barn, in coarse grain.", "Interior, bar, night, rain"),
        (Heading("", "", "", ""), "Anything.", ""),
    ],
)
def test_a_phrase_says_once_what_the_words_do_not(heading: Heading, words: str, phrase: str) -> None:
    assert heading_phrase(heading, words) == phrase


NIGHT = "INT. LAMP ROOM - NIGHT (RAIN)\n\nEXT. ROC'H WENN - CONTINUOUS\n\nINT. LAMP ROOM - LATER"


@pytest.mark.parametrize(
    ("text", "locations", "found"),
    [
        (NIGHT, ["roch_wenn"], Heading("EXT", "ROC'H WENN", "night", "")),
        (NIGHT, ["lamp_room"], Heading("INT", "LAMP ROOM", "night", "")),  # one of the two has no rain
        (NIGHT, ["lamp_room", "roch_wenn"], Heading("", "", "night", "")),
        (NIGHT, ["harbour"], Heading("", "", "night", "")),  # it is night in all of the scene
        (NIGHT, [], Heading("", "", "night", "")),
        ("INT. LAMP ROOM - NIGHT\n\nINT. LAMP ROOM - MORNING", ["lamp_room"], Heading("INT", "LAMP ROOM", "", "")),
        ("EXT. OPEN BOAT - NIGHT", ["harbour"], Heading("EXT", "OPEN BOAT", "night", "")),
        ("EXT. OPEN BOAT - NIGHT", [], Heading("EXT", "OPEN BOAT", "night", "")),
        ("INT. A - DAY\n\nEXT. HARBOUR - MOLE - DUSK", ["harbour"], Heading("EXT", "HARBOUR - MOLE", "dusk", "")),
        ("INT. A - DAY\n\nINT. CAFE DU PORT - DUSK", ["cafe"], Heading("INT", "CAFE DU PORT", "dusk", "")),
        ("INT. A - DAY\n\nEXT. OLD HARBOUR - DUSK", ["harbour"], Heading("", "", "", "")),
        ("", ["harbour"], Heading("", "", "", "")),
        ("INT. A - DAY\n\nEXT. B - NIGHT", ["no_such_place"], Heading("", "", "", "")),
    ],
)
def test_a_shot_takes_the_heading_of_its_place_as_far_as_the_scene_agrees(
    text: str, locations: list[str], found: Heading
) -> None:
    assert heading_of(scene_headings(text), locations, PLACES) == found


# -- in a film ---------------------------------------------------------------------------------------------------


def prompt_of(shot: Shot, renderer: str = "animatic") -> str:
    return shot.compile(renderer=renderer).request.prompt


def test_a_storyboard_has_the_heading_of_its_scene(shot: Shot) -> None:
    shot.film.write(SCENE, "EXT. QUAY - NIGHT - FOG\n\nNobody.\n")
    shot.write(prompt={"positive": "An iron ring."}, continuity={"shared_prompt_profile": "dream"})
    assert prompt_of(shot) == (
        "35mm film, soft grain. Milky, slow, overexposed. Exterior, night, fog. A stone quay with iron rings. "
        "An iron ring."
    )
    shot.write(prompt={"positive": "An iron ring at dusk."})
    assert "Clear northern daylight. Exterior, fog. A stone" in prompt_of(shot)


def test_a_spec_says_it_for_its_shot_alone(shot: Shot) -> None:
    shot.film.write(SCENE, "EXT. QUAY - NIGHT - FOG\n\nNobody.\n")
    dream = {"shared_prompt_profile": "dream"}
    shot.write(prompt={"positive": "A ring."}, continuity=dream, heading={"setting": "INT", "time": "LATE AFTERNOON"})
    assert "overexposed. Interior, late afternoon. A stone quay" in prompt_of(shot)
    shot.write(prompt={"positive": "A ring."}, continuity=dream, heading={"time": "MOMENTS LATER", "place": "BOAT"})
    assert "overexposed. A stone quay" in prompt_of(shot)  # its locations say where
    no_place = {**dream, "locations": []}
    shot.write(prompt={"positive": "A ring."}, continuity=no_place, heading={"place": "BOAT", "time": "3:15 a.m."})
    assert "overexposed. Boat, 3:15 a.m. A ring." in prompt_of(shot)
    shot.write(prompt={"positive": "A ring."}, continuity=dream, heading={})
    assert "overexposed. A stone quay" in prompt_of(shot)


def test_a_scene_that_cannot_be_read_stops_the_plan_in_one_line(shot: Shot) -> None:
    shot.write()
    shot.film.write(SCENE, b"EXT. CAF\xc9 - DAY")
    with pytest.raises(SpecError, match=r"A01_S01__the_quay\.md:1: not UTF-8 text"):
        shot.compile(renderer="animatic")
    assert shot.compile().request.prompt  # a film that was locked before does not read it


WORDS = st.text(st.sampled_from("INTEX./- ()DAYNIGHTRAIN\nquay "), max_size=80)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(scene=WORDS, time=WORDS.filter(str.strip))
def test_a_film_that_was_locked_before_has_the_prompts_of_before(shot: Shot, scene: str, time: str) -> None:
    """Whatever its scene and its spec say."""
    shot.write(heading={"setting": "EXT", "time": time, "weather": "RAIN"})
    shot.film.write(SCENE, scene)
    assert prompt_of(shot, "ltx") == (
        "35mm film, soft grain. Clear northern daylight. A stone quay with iron rings. The quay at dawn."
    )


def test_prompts_are_compiled_in_the_version_of_the_lock(shot: Shot) -> None:
    shot.film.write(SCENE, "EXT. QUAY - NIGHT - FOG\n\nNobody.\n")
    shot.write(prompt={"positive": "An iron ring."}, continuity={"shared_prompt_profile": "dream"})
    forget()
    film = load_film("harbour")
    has: dict[int | None, bool] = {}
    for version in (None, 1, 2):
        lock = FilmLock.model_validate({"models": shot.lock, "prompts": version})
        models = LockedModels(film.folder, lock, film.variables)
        request = compile_request(film.clips[shot.clip_id], film, "ltx", models, None).request
        has[version] = "Exterior, night, fog." in request.prompt
    assert has == {None: False, 1: False, 2: True}
