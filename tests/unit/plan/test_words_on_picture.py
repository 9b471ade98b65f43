from __future__ import annotations

import json

import pytest

from kit.film import IDS, Film
from kit.machine import forget
from kit.typed import vtx
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.planner import plan_film
from vtx_app.plan.words_on_picture import word_faults, word_notes


def plan(tier: str = "final") -> FilmPlan:
    forget()
    return plan_film("harbour", tier)


@pytest.fixture
def titled(film: Film) -> Film:
    title = f"  - {{before: {IDS[0]}, text: Nobody 年 Today, frames: 6, size: 12}}\n"
    roll = "end_roll: {file: story/roll.txt, frames: 8, size: 8}\n"
    film.write("story/05_edit.yaml", "titles:\n" + title + roll)
    film.write("story/roll.txt", "CAST\n\nMara\tAnna\n")
    return film


def test_a_film_without_words_has_nothing_to_check(film: Film) -> None:
    assert word_faults(plan()) == word_notes(plan()) == []


def test_words_that_fit_are_only_noted(titled: Film) -> None:
    assert word_faults(plan()) == []
    letters, roll = word_notes(plan())
    assert letters.startswith("projects/harbour/story/05_edit.yaml:2: titles.0.text: the font of the titles has no 年,")
    assert roll.startswith("projects/harbour/story/05_edit.yaml:3: end_roll.frames: 8: each line of the end roll")


def test_words_that_do_not_fit_are_told_with_the_disclosure_and_by_vtx_plan(titled: Film) -> None:
    titled.edit("story/05_edit.yaml", "size: 12", "size: 40")
    titled.write("metadata.yaml", titled.read("metadata.yaml") + f"disclosure: {'A' * 150}\n")
    title, disclosure = word_faults(plan())
    assert title.startswith("projects/harbour/story/05_edit.yaml:2: titles.0.text: the words don't fit")
    assert disclosure.startswith("projects/harbour/metadata.yaml:")
    assert word_notes(plan()) == []
    assert f"  {title}\n" in vtx("plan", "harbour").output
    assert json.loads(vtx("plan", "harbour", "--json").output)["words"] == [title, disclosure]
