"""Three plays as screenplays: nothing is lost, counted by simple patterns over their text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from vtx_app.story.screenplay.fountain import read_fountain
from vtx_app.story.screenplay.fountain_writer import write_scene
from vtx_app.story.screenplay.script import Screenplay, speakers
from vtx_app.story.screenplay.shots import rule_shots

PLAYS = sorted((Path(__file__).parents[3] / "film" / "screenplays").glob("*.fountain"))
HEADING = re.compile(r"^(?:(?:INT|EXT)[. /]|\.[^.\s])", re.MULTILINE)
CUE = re.compile(r"\n\n(?:@[^\n]+|(?![>.#=!(])[^\na-zа-яё]+(?:\([^\n]*\))?(?: ?\^)?)\n(?=[^\n])")

pytestmark = pytest.mark.parametrize("play", PLAYS, ids=lambda path: path.stem)


def text_of(play: Path) -> str:
    """The play without notes and boneyards."""
    return re.sub(r"/\*.*?\*/|\[\[.*?\]\]", "", play.read_text(encoding="utf-8"), flags=re.DOTALL)


def read(play: Path) -> Screenplay:
    return read_fountain(play.read_text(encoding="utf-8"))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_all_scenes_and_speeches_are_read(play: Path) -> None:
    text, found = text_of(play), read(play)
    assert len(found.scenes) == len(HEADING.findall(text)) >= 3
    assert sum(speakers(found).values()) == len(CUE.findall(text)) >= 15
    assert all(scene.section for scene in found.scenes)
    assert {"title", "author", "source"} <= found.title_page.keys()


def test_all_words_are_read_in_order(play: Path) -> None:
    body = text_of(play).partition("\n\n")[2]
    kept: list[str] = []
    sections: tuple[str, ...] = ()
    found = read(play)
    for scene in found.scenes:
        if scene.section != sections:
            kept += [*words(scene.section[-1]), *words(found.synopses.get(scene.section, ""))]
            sections = scene.section
        kept += words(f"{scene.heading} {scene.number} {scene.synopsis}")
        for each in scene.elements:
            if each.kind != "note":
                kept += words("" if each.continues else f"{each.character} {each.extension}")
                kept += words(f"{each.parenthetical} {each.text}")
    assert kept == words(body)


def test_line_numbers(play: Path) -> None:
    lines = play.read_text(encoding="utf-8").split("\n")
    for scene in read(play).scenes:
        assert scene.heading in lines[scene.line - 1]
        for element in scene.elements:
            first = (not element.continues and element.character) or element.text.split("\n")[0]
            assert first in lines[element.line - 1] or element.continues


def test_scenes_are_written_and_read_back(play: Path) -> None:
    for scene in read(play).scenes:
        (again,) = read_fountain(write_scene(scene)).scenes
        unlined = [replace(each, line=0, section=(), elements=()) for each in (scene, again)]
        assert unlined[0] == unlined[1]
        assert [replace(each, line=0) for each in scene.elements] == [replace(each, line=0) for each in again.elements]


def test_shots_keep_every_word_of_dialogue(play: Path) -> None:
    for scene in read(play).scenes:
        spoken = [(each.character, word) for each in scene.elements if each.character for word in each.text.split()]
        cut = [(cue, word) for shot in rule_shots(scene) for cue, line in shot.dialogue for word in line.split()]
        assert cut == spoken
        assert all(2 <= shot.seconds <= 15 for shot in rule_shots(scene))


def test_sources_are_in_the_public_domain(play: Path) -> None:
    source = read(play).title_page["source"]
    assert re.search(r"\b1[5-9]\d\d\b", source)
    assert "public domain" in source or "общественном достоянии" in source
