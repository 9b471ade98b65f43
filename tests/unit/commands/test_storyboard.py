"""``vtx storyboard read``: what is read, from which words, and where those are written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit.film import Film
from vtx_app.commands.app import app

SCENE = "story/03_screenplay/A01_S01__the_quay.md"
SHOTS = "story/04_shotlist.yaml"


def read(*words: str) -> str:
    done = CliRunner().invoke(app, ["storyboard", "read", "harbour", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def quay(film: Film, monkeypatch: pytest.MonkeyPatch) -> Film:
    monkeypatch.chdir(film.root)
    film.write(SCENE, "EXT. QUAY - NIGHT - RAIN\n\nNobody.\n")
    film.write(SHOTS, "version: 1\nshots:\n- {clip_id: A01_S01_SH002, title: Mara, size: close, movement: pan left}\n")
    return film


def test_every_value_has_its_words_and_their_place(quay: Film) -> None:
    lines = {" ".join(line.split()) for line in read("A01_S01_SH002").splitlines()}
    assert lines >= {
        f"time night night {SCENE}: heading of quay",
        f"weather rain, wet ground rain {SCENE}: heading of quay",
        "place harbour quay prompts/clips/A01_S01_SH002__mara.yaml: continuity.locations",
        f"moves pan left pan left {SHOTS}: shots.A01_S01_SH002.movement",
        "yellow oilskin yellow oilskin prompts/characters.yaml: characters.mara.wardrobe.oilskin",
        "adult, 50 years of fifty prompts/characters.yaml: characters.mara.description",
    }


def test_json_is_the_reading_with_where_each_word_is_written(quay: Film) -> None:
    found = json.loads(read("A01_S01_SH002__mara", "--json"))
    assert found["place"]["kind"] == "harbour"
    assert found["camera"]["moves"] == [{"kind": "pan", "direction": "left", "pace": ""}]
    assert {"value": "people.mara.oilskin", "key": "characters.mara.wardrobe", "text": "yellow oilskin",
            "where": "prompts/characters.yaml: characters.mara.wardrobe.oilskin"} in found["words"]  # fmt: skip
    quay.edit("prompts/characters.yaml", "yellow oilskin", "black oilskin")
    edited = json.loads(read("A01_S01_SH002", "--json"))
    assert [each["colour"] for each in edited["people"][0]["wears"]] == ["black"]
    assert edited | {"people": [], "words": []} == found | {"people": [], "words": []}


def test_a_clip_that_is_not_there_is_one_line(quay: Film) -> None:
    done = CliRunner().invoke(app, ["storyboard", "read", "harbour", "A09_S01_SH001"])
    assert done.exit_code == 1
    assert "A09_S01_SH001" in done.output
    assert not (Path("projects/harbour") / "renders").exists()
