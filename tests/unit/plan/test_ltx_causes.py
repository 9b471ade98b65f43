"""Why a take of LTX is to be rendered: handles, options, generations."""

from __future__ import annotations

import json

import pytest

from kit.film import Film
from kit.shot import MONOLITH_LOCK, print_of
from kit.takes import causes, make_takes, planned, report
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import film_lock_text
from vtx_app.plan.causes import causes_of

LOCK = {slot: print_of(slot) for slot in MONOLITH_LOCK}


@pytest.fixture
def film(rendered_film: Film) -> Film:
    return rendered_film


@pytest.fixture
def by_ltx(film: Film) -> Film:
    """The film as LTX renders it, all of whose takes are there."""
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    film.write("film.lock.yaml", film_lock_text(FilmLock(models=LOCK)))
    make_takes(planned(), 21)
    return film


def film_wide(film: Film, head: int, tail: int) -> None:
    film.edit("metadata.yaml", "fps: 8\n", f"fps: 8\nhandles: {{head: {head}, tail: {tail}}}\n")


def test_handles_of_the_film_are_the_cause(by_ltx: Film) -> None:
    film_wide(by_ltx, 12, 10)
    found = causes()
    assert list(found) == ["metadata.yaml: handles.head", "metadata.yaml: handles.tail"]
    assert [len(clip_ids) for clip_ids in found.values()] == [5, 6]  # one continues another, and has no head
    make_takes(planned(), 22)
    by_ltx.edit("metadata.yaml", "{head: 12, tail: 10}", "{head: 4, tail: 10}")
    assert {label: len(clip_ids) for label, clip_ids in causes().items()} == {"metadata.yaml: handles.head": 5}
    assert report().follow == {"A01_S02_SH001": ["A01_S02_SH002"]}


def test_the_cause_has_the_frames_then_and_now(by_ltx: Film) -> None:
    film_wide(by_ltx, 12, 0)
    plan = planned()
    (cause,) = causes_of(plan.film, plan.clips["A01_S01_SH001__empty_quay"], "final")
    assert (cause.label, cause.old, cause.new) == ("metadata.yaml: handles.head", "0", "12")


def test_handles_of_a_spec_are_the_cause_whatever_the_film_has(by_ltx: Film) -> None:
    film_wide(by_ltx, 12, 10)
    make_takes(planned(), 22)
    stem = "A01_S01_SH001__empty_quay"
    by_ltx.edit_clip(stem, "seed: 7", "seed: 7\n  handles: {head: 0}")
    label = f"prompts/clips/{stem}.yaml: render.handles.head"
    assert causes() == {label: ["A01_S01_SH001"]}
    make_takes(planned(), 23)
    by_ltx.edit_clip(stem, "\n  handles: {head: 0}", "")
    assert causes() == {}  # the take of before is there
    by_ltx.edit("metadata.yaml", "handles: {head: 12, tail: 10}\n", "")
    by_ltx.edit_clip(stem, "seed: 7", "seed: 7\n  handles: {tail: 24}")
    assert list(causes()) == [f"prompts/clips/{stem}.yaml: render.handles.tail"]


def test_a_tail_that_was_rendered_anyway_renders_nothing(by_ltx: Film) -> None:
    film_wide(by_ltx, 0, 1)  # 8 frames are rendered as 9
    assert causes() == {}


def test_takes_from_before_handles_were_recorded_had_none(by_ltx: Film) -> None:
    for path in (by_ltx.folder / "renders/takes").glob("*/*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        for part in ("head", "tail"):
            record["sources"].pop(part, None)
        path.write_text(json.dumps(record), encoding="utf-8")
    film_wide(by_ltx, 12, 10)
    assert list(causes()) == ["metadata.yaml: handles.head", "metadata.yaml: handles.tail"]


def test_handles_draw_no_storyboard_anew(film: Film) -> None:
    film_wide(film, 12, 10)
    assert causes() == {}
    film.edit("metadata.yaml", "renderer: animatic", "renderer: ltx")
    film.write("film.lock.yaml", film_lock_text(FilmLock(models=LOCK)))
    assert "metadata.yaml: renderer" in causes()  # a storyboard has none, so they are not what changed
    assert not {label for label in causes() if "handles" in label}


CLIP = "A01_S01_SH001__empty_quay"


def test_an_option_is_the_cause_of_all_that_it_decides(by_ltx: Film) -> None:
    by_ltx.edit_clip(CLIP, "render:\n", "render:\n  pipeline: dfr_pipeline\n")
    locked = FilmLock(models=LOCK, generations={"dfr_pipeline": 3})
    by_ltx.write("film.lock.yaml", film_lock_text(locked))
    make_takes(planned(), 22)
    by_ltx.edit_clip(CLIP, "render:\n", "render:\n  options: {temporal_upscalings: 1, spatial_upscalings: 2}\n")
    at = f"prompts/clips/{CLIP}.yaml: render.options"
    assert list(causes()) == [f"{at}.temporal_upscalings", f"{at}.spatial_upscalings"]


def test_a_film_that_is_moved_to_another_generation_names_the_lock(by_ltx: Film) -> None:
    by_ltx.edit_clip(CLIP, "render:\n", "render:\n  pipeline: dfr_pipeline\n")
    for day, generation in ((22, 2), (23, 3)):
        locked = FilmLock(models=LOCK, generations={"dfr_pipeline": generation})
        by_ltx.write("film.lock.yaml", film_lock_text(locked))
        found = causes()
        make_takes(planned(), day)
    assert found == {"film.lock.yaml: generations.dfr_pipeline": ["A01_S01_SH001"]}
