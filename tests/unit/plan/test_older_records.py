"""Causes that the keys of older records do not have: headings, the lock's prompts and negative, sounds, triggers."""

from __future__ import annotations

import json

import pytest

from kit.film import Film
from kit.shot import MONOLITH_LOCK
from kit.takes import causes, make_takes, planned
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import film_lock_text

SCENE = "story/03_screenplay/A01_S01__the_quay.md"


@pytest.fixture
def film(rendered_film: Film) -> Film:
    return rendered_film


def test_a_scene_that_is_written_later_or_deleted_is_named(film: Film) -> None:
    film.write("story/03_screenplay/A01_S02__tea.md", "INT. FERRY - NIGHT\n\nTea.\n")
    assert causes() == {"story/03_screenplay/A01_S02__tea.md: heading of ferry": ["A01_S02_SH001", "A01_S02_SH002"]}
    make_takes(planned(), 21)
    (film.folder / "story/03_screenplay/A01_S02__tea.md").rename(film.folder / "story/03_screenplay/A01_S02__rum.md")
    assert causes() == {}
    film.write("story/03_screenplay/A01_S02__rum.md", "EXT. FERRY - NIGHT\n\nRum.\n")
    (label,) = causes()  # the new name, or the old one
    assert label.replace("rum", "tea") == "story/03_screenplay/A01_S02__tea.md: heading of ferry"
    film.write("story/03_screenplay/A01_S02__rum.md", "INT. FERRY - NIGHT\n\nTea.\n")
    make_takes(planned(), 22)
    (film.folder / SCENE).unlink()
    assert causes() == {f"{SCENE}: heading of quay": ["A01_S01_SH001", "A01_S01_SH002"]}


def test_a_shot_that_is_moved_to_another_place_has_its_heading_by_that(film: Film) -> None:
    film.write(SCENE, "EXT. QUAY - DAY\n\nNobody.\n\nINT. FERRY - DAY\n\nTea.\n")
    make_takes(planned(), 21)
    film.edit_clip("A01_S01_SH001__empty_quay", "- quay", "- ferry")
    assert list(causes()) == ["prompts/clips/A01_S01_SH001__empty_quay.yaml: continuity.locations"]


def test_the_heading_of_another_place_is_no_cause(film: Film) -> None:
    film.write(SCENE, "INT. QUAY\n\nNobody.\n\nINT. FERRY - DAY\n\nTea.\n")
    assert causes() == {}
    film.edit(SCENE, "INT. FERRY - DAY", "EXT. SEA - NIGHT (STORM)")
    assert causes() == {}


def older(film: Film) -> None:
    """Make the records of all takes like those of a VTX that knew no headings, defaults of negatives, and sounds."""
    for path in (film.folder / "renders/takes").glob("*/*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        for part in ("prompts", "heading", "default_negative", "negative_mode", "triggers"):
            record["sources"].pop(part, None)
        texts = record["sources"]["prompt"]
        record["sources"]["prompt"] = {label: text for label, text in texts.items() if not label.endswith("sound")}
        path.write_text(json.dumps(record), encoding="utf-8")


def test_storyboards_from_before_headings_are_rendered_again_because_of_vtx(film: Film) -> None:
    takes = film.folder / "renders/takes/A01_S01_SH001"
    (record_path,) = takes.glob("*.json")
    record = json.loads(record_path.read_text(encoding="utf-8"))
    record["request"]["prompt"] = record["request"]["prompt"].replace(" Interior.", "")
    for path in list(takes.iterdir()):
        path.unlink()
    (takes / f"{1:064x}.json").write_text(json.dumps(record), encoding="utf-8")
    (takes / f"{1:064x}.mp4").write_bytes(b"a take")
    older(film)
    assert causes() == {"VTX: prompts": ["A01_S01_SH001"]}


def test_a_sound_is_named_for_takes_that_are_older_than_sounds(film: Film) -> None:
    (film.folder / SCENE).unlink()
    make_takes(planned(), 21)
    older(film)
    film.edit("prompts/style_bible.yaml", "profiles:", "global_sound: no music\nprofiles:")
    film.edit("prompts/locations.yaml", 'iron rings"', 'iron rings", sound: water on stone')
    found = causes()
    assert set(found) == {"prompts/style_bible.yaml: global_sound", "prompts/locations.yaml: locations.quay.sound"}
    assert len(found["prompts/locations.yaml: locations.quay.sound"]) == 3


@pytest.fixture
def ltx(film: Film) -> Film:
    """The film as LTX-2 renders it, locked before locks had prompts; all of its takes are there."""
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    film.write("film.lock.yaml", film_lock_text(FilmLock(models=MONOLITH_LOCK)))
    make_takes(planned(), 21)
    return film


NEW_LOCK = FilmLock(models=MONOLITH_LOCK, prompts=2, negative_prompt="has_subtitles, blurry")


@pytest.mark.parametrize("records", ["as they are", "older"])
def test_a_lock_that_is_moved_is_the_cause(ltx: Film, records: str) -> None:
    if records == "older":
        older(ltx)
    assert causes() == {}
    ltx.write("film.lock.yaml", film_lock_text(NEW_LOCK))
    found = causes()
    assert set(found) == {"film.lock.yaml: prompts", "film.lock.yaml: negative_prompt"}
    assert len(found["film.lock.yaml: negative_prompt"]) == 6


def test_a_film_that_keeps_its_own_negative_says_so_in_its_metadata(ltx: Film) -> None:
    ltx.write("film.lock.yaml", film_lock_text(NEW_LOCK))
    make_takes(planned(), 22)
    ltx.edit("metadata.yaml", "fps: 8", "fps: 8\nnegative: replace")
    found = causes()
    # The other takes are there: those of before the lock was moved, for their scenes have no heading.
    assert found == {"metadata.yaml: negative": ["A01_S01_SH001", "A01_S01_SH002"]}


@pytest.mark.parametrize("records", ["as they are", "older"])
def test_a_trigger_word_is_the_cause_for_the_shots_that_load_its_lora(ltx: Film, records: str) -> None:
    if records == "older":
        older(ltx)
    ltx.edit("prompts/loras.yaml", "weight: 0.5}", "weight: 0.5, name: Dream, source: ours, note: soft}")
    assert causes() == {}
    ltx.edit("prompts/loras.yaml", "weight: 0.5", "weight: 0.5, trigger: DRMY")
    assert causes() == {"prompts/loras.yaml: bundles.dream": ["A02_S01_SH002"]}
