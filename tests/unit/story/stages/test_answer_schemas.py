"""The shapes that a model's answers must have are ones that strict Structured Outputs take, and the writers' own checks
tell nonsense from sense in words that a model can act on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from kit.story.documented_subset import documented_faults
from kit.story.strict_rules import strict_faults
from vtx_app.formats.outline import OutlineDraft
from vtx_app.story.calls.strict_schema import strict_schema
from vtx_app.story.stages.bibles import CharacterDraft, LocationDraft
from vtx_app.story.stages.clips import ClipWords
from vtx_app.story.stages.registry import stages_of
from vtx_app.story.stages.screenplay import SceneScript
from vtx_app.story.stages.shotlist import SceneShots
from vtx_app.story.stages.treatment import ActProse
from vtx_app.story.story_files import StoryFiles

METADATA = """\
project_id: 6f2c1f2e-53b5-4a3c-9d6b-0f1d5a6f7c11
slug: harbour
title: Harbour
story: {writer: openai}
"""
ANSWERS = [OutlineDraft, ActProse, CharacterDraft, LocationDraft, SceneScript, SceneShots, ClipWords]


Check = Callable[[Any], dict[str, Any]]
Checks = Callable[..., Check]


@pytest.fixture
def check_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checks:
    """Returns the check of the answer that a stage asks for first, for a film of these files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VTX_PROJECTS_ROOT", raising=False)

    def check_of(stage: str, **files: str) -> Check:
        for name, text in {"metadata.yaml": METADATA, **files}.items():
            path = tmp_path / "projects/harbour" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return stages_of("openai")[stage].parts(StoryFiles("harbour"))[0].check

    return check_of


@pytest.mark.parametrize("model", ANSWERS, ids=lambda model: model.__name__)
def test_answer_schemas_obey_the_documented_rules(model: type[BaseModel]) -> None:
    schema = strict_schema(model)
    assert strict_faults(schema) == []
    assert documented_faults(schema) == []
    assert json.loads(json.dumps(schema)) == schema


def outline(**changed: Any) -> dict[str, Any]:
    scene = {
        "title": "Dawn",
        "location": "quay",
        "time": "dawn",
        "characters": ["mara"],
        "purpose": "It begins.",
        "beats": ["She waits."],
        "seconds": 20,
    }
    return {
        "title": "Harbour",
        "theme": "Waiting.",
        "characters": [{"id": "mara", "name": "Mara", "role": "She waits."}],
        "locations": [{"id": "quay", "name": "Quay", "about": "Stone."}],
        "acts": [{"title": "One", "turn": "He comes.", "scenes": [scene | changed]}],
    }


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"characters": ["nobody"]}, "character 'nobody' is not among the outline's characters"),
        ({"location": "moon"}, "location 'moon' is not among the outline's locations"),
        ({"title": " "}, "act 1, scene 1 has no title"),
        ({"location": None}, "act 1, scene 1 has no location"),
        ({"seconds": 0}, "seconds"),
        ({"invented": 1}, "invented: unknown key"),
    ],
)
def test_faults_of_an_outline(check_of: Checks, changed: dict[str, Any], message: str) -> None:
    check = check_of("outline", **{"story/00_brief.md": "A brief."})
    assert check(outline())["acts"][0]["scenes"][0]["title"] == "Dawn"
    with pytest.raises(ValueError, match="(?s)" + message.replace("'", ".")):
        check(outline(**changed))


SCENE = "EXT. QUAY - DAWN\n\nA gull.\n\nMARA\nNobody today.\n\nIVO\nNor yesterday.\n"
KNOWN = {
    "prompts/characters.yaml": """\
characters:
  mara: {name: Mara, description: A ferrywoman, wardrobe: {oilskin: in a yellow oilskin}}
  ivo: {name: Ivo, description: A boy}
""",
    "prompts/locations.yaml": "locations:\n  quay: {name: Quay, description: A stone quay}\n",
    "prompts/style_bible.yaml": "profiles:\n  day: {prefix: Clear.}\n",
    "story/01_outline.yaml": """\
title: Harbour
acts: [{act: 1, title: One, scenes: [{scene: A01_S01, title: The quay, location: quay, characters: [mara, ivo]}]}]
""",
    "story/03_screenplay/A01_S01__the_quay.md": SCENE,
}


def shots(**changed: Any) -> dict[str, Any]:
    plain = {"title": "x", "size": "wide", "angle": "", "movement": "", "profile": None, "continues": "cut"}
    first = {**plain, "beats": ["A gull."], "dialogue": [], "characters": [], "location": "quay", "seconds": 3}
    second = {
        **plain,
        "beats": [],
        "dialogue": [{"character": "mara", "line": "Nobody today."}, {"character": "ivo", "line": "Nor yesterday."}],
        "characters": [{"id": "mara", "wardrobe": "oilskin"}],
        "location": "quay",
        "seconds": 5,
    }
    return {"shots": [first, second | changed]}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"dialogue": [{"character": "mara", "line": "Nobody today."}]}, "not spoken word for word: .Nor yesterday"),
        (
            {"dialogue": [*shots()["shots"][1]["dialogue"], {"character": "ivo", "line": "Who are you?"}]},
            "shot 2 says what the scene doesn't: .Who are you",
        ),
        ({"dialogue": [{"character": "eve", "line": "Nobody today."}]}, "unknown character .eve.; the characters are"),
        ({"characters": [{"id": "mara", "wardrobe": "gown"}]}, "unknown costume of mara .gown."),
        ({"location": "moon"}, "unknown location .moon."),
        ({"profile": "noir"}, "unknown profile .noir."),
        ({"seconds": 16}, "seconds"),
        ({"seconds": 2}, "shot 2: 2 s; it needs 2.8 to 15 s"),
        ({"beats": [], "dialogue": []}, "shot 2: nothing happens in it"),
    ],
)
def test_faults_of_shots(check_of: Checks, changed: dict[str, Any], message: str) -> None:
    check = check_of("shotlist", **KNOWN)
    assert len(check(shots())["shots"]) == 2
    with pytest.raises(ValueError, match="(?s)" + message):
        check(shots(**changed))


def test_long_speech_must_be_divided_over_shots(check_of: Checks) -> None:
    long = " ".join(["word"] * 60) + "."
    scene = f"EXT. QUAY - DAY\n\nMARA\n{long}\n"
    check = check_of("shotlist", **KNOWN | {"story/03_screenplay/A01_S01__the_quay.md": scene})

    def shot(line: str) -> dict[str, Any]:
        return shots(dialogue=[{"character": "mara", "line": line}], seconds=15)["shots"][1]

    half = " ".join(["word"] * 30)
    assert len(check({"shots": [shot(half), shot(half + ".")]})["shots"]) == 2
    with pytest.raises(ValueError, match="a shot lasts at most 15 s: divide it"):
        check({"shots": [shot(long)]})


def test_first_shot_of_a_scene_cannot_continue(check_of: Checks) -> None:
    answer = shots()
    answer["shots"][0]["continues"] = "continue_from"
    with pytest.raises(ValueError, match="shot 1: the first shot of a scene can't continue from another"):
        check_of("shotlist", **KNOWN)(answer)
