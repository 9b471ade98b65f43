"""Existing screenplays become specs: scenes, speeches and speakers are counted against the source."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from kit.command import vtx
from kit.film import REPO
from kit.story.film import StoryFilm, write_story_film
from vtx_app.formats.check import load_format
from vtx_app.formats.clip_spec import ClipSpec
from vtx_app.formats.outline import Outline
from vtx_app.plan.planner import plan_film

PLAYS = sorted((REPO / "tests/film/screenplays").glob("*.fountain"))
HEADING = re.compile(r"(?:(?:INT|EXT)\. .*|\.[^.\s].*)")
CUE = re.compile(r"@?([^\W\d_a-zа-я][^a-zа-я]*?|Медведенко)(?: \([^)]*\))*(?: \^)?")


def source_of(play: Path) -> tuple[int, list[tuple[str, str]], Counter[str]]:
    """Number of headings; speaker and word of all speech, in order; speeches by speaker: by lines and capitals only."""
    text = re.sub(r"/\*.*?\*/|\[\[.*?\]\]", "", play.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings, words, speeches = 0, list[tuple[str, str]](), Counter[str]()
    for block in re.split(r"\n[ \t]*\n", text):
        first, _, rest = block.strip().partition("\n")
        if HEADING.fullmatch(first):
            headings += 1
        elif rest and (cue := CUE.fullmatch(first)):
            speeches[cue[1].upper()] += 1
            lines = [line for line in rest.splitlines() if not re.fullmatch(r"\(.*\)", line.strip())]
            words += [(cue[1].upper(), word) for word in " ".join(lines).split()]
    return headings, words, speeches


def made_of(film: StoryFilm) -> tuple[int, list[str], set[str]]:
    """Number of scenes, words of all specs in the order of the cut, and the speakers' names."""
    outline = load_format(film.folder / "story/01_outline.yaml", Outline)
    specs = [
        load_format(path, ClipSpec)
        for path in sorted((film.folder / "prompts/clips").glob("*.yaml"), key=lambda path: path.name)
    ]
    assert all(2 <= (spec.render.duration.seconds or 0) <= 15 for spec in specs)
    words = [word for spec in specs for speech in spec.prompt.dialogue for word in speech.line.split()]
    return len(list(outline.scenes())), words, {who.name.upper() for who in outline.characters}


@pytest.mark.parametrize("play", PLAYS, ids=[play.stem for play in PLAYS])
def test_specs_keep_every_scene_word_and_speaker(play: Path, tmp_path: Path) -> None:
    film = write_story_film(tmp_path, None, None, "fountain")
    source = play.read_bytes()
    film.write("story/screenplay.fountain", source)
    film.make_story()
    headings, words, speeches = source_of(play)
    assert sum(speeches.values()) >= 19
    scenes, spoken, speakers = made_of(film)
    assert scenes == headings
    assert spoken == [word for _, word in words]
    outline = load_format(film.folder / "story/01_outline.yaml", Outline)
    names = {who.id: who.name.upper() for who in outline.characters}
    specs = [load_format(path, ClipSpec) for path in sorted((film.folder / "prompts/clips").glob("*.yaml"))]
    lines = [line for spec in specs for line in spec.prompt.dialogue]
    assert [(names[line.character], word) for line in lines for word in line.line.split()] == words
    assert speakers == set(speeches)
    assert (film.folder / "story/screenplay.fountain").read_bytes() == source
    planned = film.snakemake("final", "--dry-run")
    assert planned.returncode == 0, planned.stdout
    before = film.all_bytes()
    assert "Nothing to be done" in film.make_story()
    assert film.all_bytes() == before


def test_inserted_scene_renames_no_other(tmp_path: Path) -> None:
    film = write_story_film(tmp_path, None, None, "fountain")
    text = (REPO / "tests/film/screenplays/earnest.fountain").read_text(encoding="utf-8")
    film.write("story/screenplay.fountain", text)
    film.make_story()
    before = film.texts()
    new = "INT. PANTRY - CONTINUOUS\n\nLane eats the last sandwich.\n\nLANE\nSufficient.\n\n"
    film.write("story/screenplay.fountain", text.replace("INT. HALL, HALF", new + "INT. HALL, HALF"))
    film.make_story()
    after = film.texts()
    same = [name for name in before if name.startswith(("story/03", "prompts/clips"))]
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    outline = load_format(film.folder / "story/01_outline.yaml", Outline)
    assert [each.scene for _, each in outline.scenes()] == [
        "A01_S01",
        "A01_S06",
        "A01_S02",
        "A01_S03",
        "A01_S04",
        "A01_S05",
    ]


FDX = """<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<FinalDraft DocumentType="Script" Template="No" Version="4"><Content>{}</Content></FinalDraft>
"""


def paragraph(kind: str, text: str) -> str:
    return f'<Paragraph Type="{kind}"><Text>{escape(text)}</Text></Paragraph>'


def test_final_draft_file(tmp_path: Path) -> None:
    film = write_story_film(tmp_path, None, None, "fountain")
    parts = [
        paragraph("Scene Heading", "INT. LAMP ROOM - NIGHT"),
        paragraph("Action", "INÈS (67), small & straight-backed, strikes a match."),
        paragraph("Character", "INÈS"),
        paragraph("Parenthetical", "(under her breath)"),
        paragraph("Dialogue", "Ten. Eleven. <Twelve>."),
    ]
    film.write("story/screenplay.fdx", FDX.format("".join(parts)))
    film.make_story()
    assert made_of(film) == (1, ["Ten.", "Eleven.", "<Twelve>."], {"INÈS"})
    assert "Inès, 67, small & straight-backed" in film.read("prompts/characters.yaml")


def test_xml_bomb_is_refused(tmp_path: Path) -> None:
    film = write_story_film(tmp_path, None, None, "fountain")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    film.write("story/screenplay.fdx", FDX.format("&b;").replace("?>", "?>" + bomb, 1))
    code, text = film.story()
    assert code == 1
    assert "projects/harbour/story/screenplay.fdx:1: " in text
    assert "Traceback" not in text


def test_two_screenplays_are_an_error(tmp_path: Path) -> None:
    film = write_story_film(tmp_path, None, None, "fountain")
    film.write("story/screenplay.fdx", "<FinalDraft/>")
    film.write("story/screenplay.fountain", "INT. HERE\n")
    code, text = film.story("--dry-run")
    assert code == 1
    assert "which one is the film?" in text


def test_writer_hand_needs_no_other_stage_and_no_model(tmp_path: Path) -> None:
    film = write_story_film(tmp_path, None, None, "hand")
    film.write("story/03_screenplay/A01_S01__the_quay.md", "EXT. QUAY - DAWN\n\nA gull waits.\n\nMARA\nNobody today.\n")
    film.make_story()
    assert made_of_hand(film) == ["Nobody", "today."]
    assert not (film.folder / "story/01_outline.yaml").exists()
    film.make_story("animatic")
    assert (film.folder / "renders/animatic/final/harbour.mp4").stat().st_size > 10_000


def test_both_speak_in_a_scene_that_a_person_wrote(tmp_path: Path) -> None:
    film = write_story_film(tmp_path, None, None, "hand")
    people = "version: 1\ncharacters:\n  ida: {name: Ida, description: Ida}\n  bo: {name: Bo, description: Bo}\n"
    film.write("prompts/characters.yaml", people)
    film.write("story/03_screenplay/A01_S01__the_quay.md", "EXT. QUAY - DAWN\n\nIDA & BO\nRun!\n")
    film.make_story()
    (spec,) = [load_format(path, ClipSpec) for path in (film.folder / "prompts/clips").glob("*.yaml")]
    assert [(line.character, line.line) for line in spec.prompt.dialogue] == [("ida", "Run!"), ("bo", "Run!")]


def made_of_hand(film: StoryFilm) -> list[str]:
    specs = [load_format(path, ClipSpec) for path in sorted((film.folder / "prompts/clips").glob("*.yaml"))]
    return [word for spec in specs for speech in spec.prompt.dialogue for word in speech.line.split()]


def test_the_templates_own_story_gives_way_to_a_screenplay(tmp_path: Path) -> None:
    film = write_story_film(tmp_path, None, None, "fountain")
    shutil.rmtree(film.folder)
    vtx(film, "projects", "new", film.folder.name, "--title", "Mine")
    template = {path.name for path in (film.folder / "prompts/clips").iterdir()}
    film.write("prompts/style_bible.yaml", film.read("prompts/style_bible.yaml") + "# mine\n")
    metadata = film.read("metadata.yaml").replace("writer: hand", "writer: fountain")
    film.write("metadata.yaml", metadata)
    film.write("story/screenplay.fountain", "INT. KITCHEN - NIGHT\n\nIDA\nNot tonight.\n\nBO\nWhy?\n")
    film.make_story("animatic")
    specs = {path.name for path in (film.folder / "prompts/clips").iterdir()}
    assert specs and not specs & template
    assert film.read("prompts/style_bible.yaml").endswith("# mine\n")
    assert "keeper" not in film.read("prompts/characters.yaml")
    assert (film.folder / f"renders/animatic/final/{film.folder.name}.mp4").exists()
    assert "Nothing to be done" in film.make_story()


def test_one_name_is_one_person_or_place_in_every_file_of_the_story(tmp_path: Path) -> None:
    film = write_story_film(tmp_path, None, None, "fountain")
    screenplay = """\
INT. KITCHEN - NIGHT

A body floats under the moon.

АННА
Привет.

ANNA
Hello.

ANNA’S MOTHER
One.

Int. Kitchen. - Day

ANNA'S MOTHER
Two.

ANNA'S  MOTHER:
Three on Friday.

IDA
Four.
"""
    film.write("story/screenplay.fountain", screenplay.encode("utf-16"))
    film.make_story()
    outline = load_format(film.folder / "story/01_outline.yaml", Outline)
    assert [(place.id, place.name) for place in outline.locations] == [("kitchen", "Kitchen")]
    people = {who.id: who.name for who in outline.characters}
    assert people == {"anna": "Анна", "anna_2": "Anna", "annas_mother": "Anna’s Mother", "ida": "Ida"}
    specs = [load_format(path, ClipSpec) for path in sorted((film.folder / "prompts/clips").glob("*.yaml"))]
    spoken = [(line.character, line.line) for spec in specs for line in spec.prompt.dialogue]
    assert spoken == [
        ("anna", "Привет."),
        ("anna_2", "Hello."),
        ("annas_mother", "One."),
        ("annas_mother", "Two."),
        ("annas_mother", "Three on Friday."),
        ("ida", "Four."),
    ]
    assert {name for spec in specs for name in spec.continuity.locations} == {"kitchen"}
    assert all(
        "ida" not in [who.id for who in spec.continuity.characters]
        for spec in specs
        if not any(line.character == "ida" for line in spec.prompt.dialogue)
    )
    assert "body" not in film.read("prompts/locations.yaml")


def test_a_heading_reaches_the_specs_and_the_prompts_of_its_shots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = write_story_film(tmp_path, None, None, "fountain")
    scenes = "EXT. PIER - NIGHT - RAIN\n\nA gull waits.\n\nINT. SHED - LATER\n\nA rope.\n\nEXT. PIER - DAY\n\nA gull.\n"
    film.write("story/screenplay.fountain", scenes)
    film.write("prompts/style_bible.yaml", "version: 1\nprofiles:\n  day: {prefix: Super 8.}\n")
    film.make_story()
    specs = [load_format(path, ClipSpec) for path in sorted((film.folder / "prompts/clips").glob("*.yaml"))]
    headings = [spec.heading.model_dump(exclude_none=True) for spec in specs if spec.heading]
    assert headings == [
        {"setting": "EXT", "place": "PIER", "time": "night", "weather": "rain"},
        {"setting": "INT", "place": "SHED", "time": "night"},
        {"setting": "EXT", "place": "PIER", "time": "day"},
    ]
    film.write("story/screenplay.fountain", scenes.replace("PIER - DAY", "PIER - DAWN"))
    film.make_story()
    changed = [load_format(path, ClipSpec) for path in sorted((film.folder / "prompts/clips").glob("*.yaml"))]
    assert [new.clip_id for old, new in zip(specs, changed, strict=True) if old != new] == [specs[2].clip_id]
    monkeypatch.chdir(film.root)
    prompts = [clip.take.request.prompt for clip in plan_film("harbour", "animatic").clips.values()]
    phrases = ("Exterior, night, rain.", "Interior, night.", "Exterior, dawn.")
    assert all(phrase in prompt for phrase, prompt in zip(phrases, prompts, strict=True))
