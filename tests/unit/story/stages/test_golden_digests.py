"""Golden digests: what a story is asked for and made from is the same in every version of VTX.

A request key names the file of an answer that was paid for, and a part's digest decides whether the part is made
again. Both cover the instructions, the inputs and the JSON Schema of the answer, with its class names, docstrings and
field descriptions. If this test fails, every film pays for its story again: change the code back, not the numbers.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vtx_app.story.stage import STAGES, Part, part_digest
from vtx_app.story.stages.registry import stages_of
from vtx_app.story.story_files import StoryFiles

METADATA = """\
project_id: 6f2c1f2e-53b5-4a3c-9d6b-0f1d5a6f7c11
slug: harbour
title: The Harbour
logline: A keeper counts boats.
story: {writer: openai, model: gpt-4.1, minutes: 3}
"""
STYLE = """\
version: 1
global_prefix: Painted light.
profiles:
  storm: {prefix: "Dark, wet."}
"""
CHARACTERS = """\
version: 1
characters:
  ines: {name: Inès, description: "Inès, 67, small", wardrobe: {oilskin: in a yellow oilskin}, voice: a low voice}
"""
LOCATIONS = """\
version: 1
locations:
  lamp_room: {name: Lamp room, description: "Lamp room: brass and glass"}
"""
OUTLINE = """\
version: 1
title: Every Twelve Seconds
theme: Duty.
characters:
  - {id: ines, name: Inès, role: keeps the light}
  - {id: yann, name: Yann, role: her son}
locations:
  - {id: lamp_room, name: Lamp room, about: the top of the tower}
  - {id: harbour, name: Harbour, about: wet stone}
acts:
  - act: 1
    title: Home
    turn: The light dies.
    scenes:
      - {scene: A01_S01, title: All boats in, location: lamp_room, time: night, characters: [ines, yann],
         purpose: She is good at it., beats: [She counts., The beam turns.], seconds: 40}
      - {scene: A01_S02, title: Nobody, location: harbour, time: dawn, characters: [yann], purpose: Doubt.}
  - act: 2
    title: Light
    turn: The boat comes.
    scenes:
      - {scene: A02_S01, title: By hand, location: lamp_room, characters: [ines], purpose: She does it., seconds: 20}
"""
TREATMENT = """\
# Every Twelve Seconds: treatment

## Act 1: Home

### A01_S01 All boats in

Inès counts to twelve.

Yann is on the radio.

## Act 2: Light

She burns her hand in the Lamp room.
"""
SCENE = """\
INT. LAMP ROOM - NIGHT

A lens turns. INÈS (67), small, polishes it.

YANN (O.S.)
(radio)
Forty out.

INÈS
Forty in.
"""
OTHER_SCENE = """\
EXT. HARBOUR - DAWN

Wet stone. CLOSE ON an iron ring.

YANN
Nobody.
"""
SHOTS = """\
version: 1
shots:
  - {clip_id: A01_S01_SH001, title: The lens, size: wide, angle: eye level, movement: hold, beats: [A lens turns.],
     characters: [{id: ines, wardrobe: oilskin}], location: lamp_room, seconds: 4, profile: storm}
  - {clip_id: A01_S01_SH002, title: Forty, size: close-up, dialogue: [{character: ines, line: Forty in.}],
     characters: [ines], location: lamp_room, seconds: 3.5, continues: continue_from}
"""
FILES = {
    "metadata.yaml": METADATA,
    "prompts/style_bible.yaml": STYLE,
    "prompts/characters.yaml": CHARACTERS,
    "prompts/locations.yaml": LOCATIONS,
    "story/00_brief.md": "# The Light\n\nAn old keeper, a dead lamp, and Café au lait.\n",
    "story/01_outline.yaml": OUTLINE,
    "story/02_treatment.md": TREATMENT,
    "story/03_screenplay/A01_S01__all_boats_in.md": SCENE,
    "story/03_screenplay/A01_S02__nobody.md": OTHER_SCENE,
    "story/04_shotlist.yaml": SHOTS,
}

GOLDEN = json.loads(Path(__file__).with_name("golden_digests.json").read_text(encoding="utf-8"))


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A film with all files of a story, in the working directory."""
    for name in ("VTX_PROJECTS_ROOT", "VTX_STORY_MODEL", *(f"VTX_STORY_MODEL_{stage.upper()}" for stage in STAGES)):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "projects" / "harbour"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def request_keys(writer: str) -> dict[str, dict[str, str]]:
    return {
        stage: {part.key: part.request.key for part in parts if part.request is not None}
        for stage, parts in all_parts(writer).items()
    }


def digests(writer: str) -> dict[str, dict[str, str]]:
    return {stage: {part.key: part_digest(stage, part) for part in parts} for stage, parts in all_parts(writer).items()}


def all_parts(writer: str) -> dict[str, list[Part]]:
    """The parts of every stage that ``writer`` makes from the film's files."""
    files = StoryFiles("harbour")
    return {name: list(stage.parts(files)) for name, stage in stages_of(writer).items()}


def test_request_keys(film: Path) -> None:
    assert request_keys("openai") == GOLDEN["request keys"]


def test_digests_of_parts_that_a_model_writes(film: Path) -> None:
    assert digests("openai") == GOLDEN["openai"]


def test_digests_of_parts_made_by_rule(film: Path) -> None:
    (film / "story" / "screenplay.fountain").write_text(
        f"Title: Twelve\n\n# Act one\n\n{SCENE}\n{OTHER_SCENE}", "utf-8"
    )
    (film / "story" / "01_outline.yaml").write_text(OUTLINE.partition("  - act: 2")[0], encoding="utf-8")
    assert digests("fountain") == GOLDEN["fountain"]
