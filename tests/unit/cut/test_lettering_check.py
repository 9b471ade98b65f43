from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from kit.film import IDS, Film, write_film
from kit.machine import forget
from vtx_app.cut.disclosure import disclosure_card
from vtx_app.cut.lettering_check import lettering_faults, lettering_notes, roll_notes
from vtx_app.project.load import load_film

EDIT = f"""\
# the cut
titles:
  - {{before: {IDS[0]}, text: Nobody Today, frames: 8}}
  - over: {IDS[1]}
    text: "Three 年 later, and a lighthousekeepersapprentice"
    frames: 8
    size: 22
end_card: {{text: "The End", frames: 8}}
end_roll: {{file: story/roll.txt, frames: 20, size: 12}}
"""
ROLL = "CAST\n\nMara\tAnna 東\n" + "x" * 60 + "\n"


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Film:
    forget()
    monkeypatch.chdir(tmp_path)
    film = write_film(tmp_path)
    film.write("story/roll.txt", ROLL)
    film.write("story/05_edit.yaml", EDIT)
    return film


def test_words_that_do_not_fit_are_named_by_line_with_the_largest_size(film: Film) -> None:
    faults = lettering_faults(load_film("harbour"), 640, 360, ROLL.splitlines())
    assert len(faults) == 2
    title, roll = faults
    assert title.startswith("projects/harbour/story/05_edit.yaml:5: titles.1.text: the words don't fit")
    assert roll.startswith("projects/harbour/story/roll.txt:4: it doesn't fit")
    for fault, old in ((title, "size: 22"), (roll, "size: 12")):
        found = re.search(r"the largest size that fits is ([\d.]+)$", fault)
        assert found
        film.edit("story/05_edit.yaml", old, f"size: {found[1]}")
    forget()
    assert lettering_faults(load_film("harbour"), 640, 360, ROLL.splitlines()) == []


def test_letters_that_the_font_lacks_are_named_by_line(film: Film) -> None:
    title, roll = lettering_notes(load_film("harbour"), ROLL.splitlines())
    assert title.startswith("projects/harbour/story/05_edit.yaml:5: titles.1.text: the font of the titles has no 年,")
    assert roll.startswith("projects/harbour/story/roll.txt: the font of the titles has no 東,")


def test_a_roll_too_fast_to_be_read_says_how_long_it_needs(film: Film) -> None:
    film.write("story/05_edit.yaml", "end_roll: {file: story/roll.txt, frames: 20}\n")
    lines, rate = ROLL.splitlines()[:3], Fraction(24)
    (note,) = roll_notes(load_film("harbour"), lines, 640, 360, rate)
    found = re.match(
        r"projects/harbour/story/05_edit\.yaml:1: end_roll\.frames: 20: .* (\d+) frames give it 3 s$", note
    )
    assert found
    needed = int(found[1])
    for frames, count in ((needed - 2, 1), (needed, 0)):
        film.write("story/05_edit.yaml", f"end_roll: {{file: story/roll.txt, frames: {frames}}}\n")
        forget()
        assert len(roll_notes(load_film("harbour"), lines, 640, 360, rate)) == count


def test_a_disclosure_that_does_not_fit_is_found_in_metadata(film: Film) -> None:
    film.write("story/05_edit.yaml", "")
    text = "A" * 200
    film.write("metadata.yaml", film.read("metadata.yaml") + f"disclosure: {text}\n")
    line = film.read("metadata.yaml").splitlines().index(f"disclosure: {text}") + 1
    card = disclosure_card(text, Fraction(24), 640, 360)
    (fault,) = lettering_faults(load_film("harbour"), 640, 360, (), card)
    assert fault.startswith(f"projects/harbour/metadata.yaml:{line}: disclosure: the words don't fit")


def test_a_file_that_only_begins_like_a_font_is_named(film: Film) -> None:
    film.write("inputs/fonts/film.otf", b"OTTO" + b"\0" * 64)
    film.write("story/05_edit.yaml", EDIT + "font: inputs/fonts/film.otf\n")
    (fault,) = lettering_faults(load_film("harbour"), 640, 360)
    assert re.match(r"projects/harbour/story/05_edit\.yaml:\d+: font: .*film\.otf can't be used as a font", fault)
