"""What a film's files leave out or say in an older way is told in a line: in ``vtx plan`` and ``vtx config show``."""

from __future__ import annotations

from kit.command import vtx, vtx_json
from kit.film import Film
from vtx_app.formats.bibles import Characters, Locations
from vtx_app.formats.check import load_format
from vtx_app.plan.planner import plan_film
from vtx_app.project.load import load_film
from vtx_app.project.notices import film_notices

NAMELESS = """\
characters:
  The Dragon: {description: "A dragon the size of a ship"}
  mara: {name: mara, description: "A ferrywoman", wardrobe: {oilskin: in yellow, sunday: in black}}
  ivo:
    name:
    description: "A boy"
"""


def test_a_film_that_says_all_has_no_notice(film: Film) -> None:
    assert film_notices(load_film("harbour")) == []


def test_who_has_no_name_is_called_by_the_id_as_written(film: Film) -> None:
    path = film.write("prompts/characters.yaml", NAMELESS)
    people = load_format(path, Characters).characters
    assert {name: who.name for name, who in people.items()} == {
        "The Dragon": "The Dragon",
        "mara": "mara",
        "ivo": "ivo",
    }
    path = film.write("prompts/locations.yaml", "locations: {the_quay: {description: Stone}}")
    assert load_format(path, Locations).locations["the_quay"].name == "the_quay"


def test_the_id_speaks_in_the_prompt(film: Film) -> None:
    film.edit("prompts/characters.yaml", "  mara:\n    name: Mara\n", "  The Dragon:\n")
    for stem in ("A01_S01_SH002__mara", "A01_S02_SH001__wheelhouse"):
        film.edit_clip(stem, ": mara\n", ": The Dragon\n")
    clip = plan_film("harbour", "final").clip("A01_S02_SH001__wheelhouse")
    assert 'The Dragon says in a low, dry voice: "Nobody today."' in clip.take.request.prompt


def test_each_is_told_as_what_it_became(film: Film) -> None:
    film.write("prompts/characters.yaml", NAMELESS)
    film.edit("prompts/locations.yaml", "name: Quay, ", "")
    film.edit("metadata.yaml", "fps: 8\n", "defaults:\n  fps: 8\n  max_seconds: 4\n")
    notices = [
        "projects/harbour/metadata.yaml:10: defaults.fps is read as fps",
        "projects/harbour/metadata.yaml:11: defaults.max_seconds is read as max_seconds",
        "projects/harbour/prompts/characters.yaml:2: without a name, so called by their ids: The Dragon, ivo",
        "projects/harbour/prompts/locations.yaml:3: without a name, so called by their ids: quay",
    ]
    assert film_notices(load_film("harbour")) == notices
    assert plan_film("harbour", "final").warnings() == notices
    told = vtx(film, "plan", "harbour").splitlines()
    assert told[:4] == notices
    assert vtx(film, "config", "show", "harbour").splitlines()[-4:] == notices
    assert vtx_json(film, "plan", "harbour")["notes"] == notices
    values = {row["setting"]: row for row in vtx_json(film, "config", "show", "harbour")}
    assert values["max_seconds"]["value"] == 4.0
    assert values["max_seconds"]["from"] == "projects/harbour/metadata.yaml:11: defaults.max_seconds"
