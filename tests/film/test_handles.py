"""Handles of a film that a stand-in for LTX-2 renders: the clips are decoded, and tell which frames they have."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from kit.film import TESTS, Film, picture
from kit.ltx.film import LtxFilm, shot, write_ltx_film
from kit.ltx.handmade import handmade_models
from kit.ltx.standin_package import write_standin
from kit.numbered_takes import heard_numbers, seen_numbers
from vtx_app.media.reader import probe

WORDS, ON, PICTURE = "A01_S01_SH001__words", "A01_S01_SH002__on", "A01_S01_SH003__picture"


class NumberedFilm(LtxFilm):
    """A film whose takes are numbered, frame by frame."""

    def environment(self, env: dict[str, str] | None = None) -> dict[str, str]:
        path = os.pathsep.join([str(self.root / "package"), str(TESTS)])
        return super().environment({"PYTHONPATH": path, "VTX_RUNNER": "process"} | (env or {}))


@pytest.fixture
def film(tmp_path: Path) -> NumberedFilm:
    """Three shots of 8 frames: of words, what continues it, and of a picture. 12 frames before each, and 10 after."""
    models = handmade_models(tmp_path / "models")
    one_stage: dict[str, Any] = {"pipeline": "ti2vid_one_stage"}
    clips = {
        WORDS: shot("A01_S01_SH001", render=one_stage),
        ON: shot("A01_S01_SH002", render=one_stage, inputs={"type": "i2v", "continue_from": "A01_S01_SH001"}),
        PICTURE: shot("A01_S01_SH003", render=one_stage, inputs={"type": "i2v", "reference_image": "inputs/white.png"}),
    }
    made = write_ltx_film(tmp_path / "film", models, clips)
    film = NumberedFilm(made.root, made.slug, made.models, made.home)
    film.write("prompts/loras.yaml", "bundles: {}\n")
    film.write("inputs/white.png", picture((255, 255, 255)))
    film.edit("metadata.yaml", "fps: 8", "fps: 8\nhandles: {head: 12, tail: 10}")
    write_standin(film.root / "package", numbered=True)
    return film


def clip(film: Film, stem: str, tier: str = "") -> Path:
    return film.folder / "renders" / tier / "clips" / f"{stem}.mp4"


def hears(path: Path, numbers: list[int]) -> bool:
    """Whether a clip's frames sound as those of its take with these numbers, within one of them."""
    heard = heard_numbers(path, len(numbers), 8)
    return all(abs(one - other) <= 1 for one, other in zip(heard, numbers, strict=True))


def test_a_clip_has_its_shot_and_nothing_of_its_handles(film: NumberedFilm) -> None:
    said = film.build("final")
    assert "3 to render (9.8 s of film)" in said  # 24 frames of shots, two heads of 12 and three tails of 10
    records = {clip_id: record["request"] for clip_id, (record,) in film.records().items()}
    assert [request["frames"] for _, request in sorted(records.items())] == [33, 25, 33]
    assert [request.get("head") for _, request in sorted(records.items())] == [12, None, 12]

    assert seen_numbers(clip(film, WORDS)) == list(range(12, 20))
    assert hears(clip(film, WORDS), list(range(12, 20)))
    # What goes on from it begins after its last frame, which both have.
    assert seen_numbers(clip(film, ON)) == list(range(1, 8))
    assert hears(clip(film, ON), list(range(1, 8)))
    # A picture is at the first frame of the shot, which is frame 12 of the take.
    assert seen_numbers(clip(film, PICTURE)) == [255, *range(13, 20)]
    assert hears(clip(film, PICTURE), list(range(12, 20)))
    assert probe(film.folder / "renders/final/harbour.mp4").frames == 23
    assert film.dry_run().nothing


def test_a_draft_has_handles_too_and_a_storyboard_none(film: NumberedFilm) -> None:
    film.build("draft")
    assert seen_numbers(clip(film, WORDS, "draft")) == list(range(12, 20))
    film.build("animatic")
    film.edit("metadata.yaml", "{head: 12, tail: 10}", "{head: 4, tail: 0}")
    assert film.dry_run("animatic").nothing
    assert film.dry_run("draft").takes == ["A01_S01_SH001", "A01_S01_SH002", "A01_S01_SH003"]


def test_a_take_keeps_its_own_head_when_the_handles_change(film: NumberedFilm) -> None:
    film.build("final")
    (record,) = film.records()["A01_S01_SH001"]
    select = f"clip_id: A01_S01_SH001\nstate: approved\ntake: {record['digest']}\nframes: 8\n"
    film.write("review/selects/A01_S01_SH001.yaml", select)
    film.edit("metadata.yaml", "{head: 12, tail: 10}", "{head: 3, tail: 10}")
    jobs = film.dry_run()
    assert jobs.takes == ["A01_S01_SH003"]
    assert "because of metadata.yaml: handles.head → 1 clip (A01_S01_SH003)" in jobs.text
    assert "A01_S01_SH001: approved, edited since; the approved take stays" in jobs.text
    film.build("final")
    assert seen_numbers(clip(film, WORDS)) == list(range(12, 20))
    assert seen_numbers(clip(film, PICTURE)) == [255, *range(4, 11)]
    record_of_clip = json.loads(clip(film, WORDS).with_suffix(".render.json").read_text())
    assert (record_of_clip["first_frame"], record_of_clip["frames"]) == (12, 8)


def test_handles_taken_out_again_render_nothing(film: NumberedFilm) -> None:
    film.edit("metadata.yaml", "handles: {head: 12, tail: 10}\n", "")
    film.build("final")
    film.edit("metadata.yaml", "fps: 8", "fps: 8\nhandles: {head: 2, tail: 2}")
    assert film.dry_run().takes == ["A01_S01_SH001", "A01_S01_SH002", "A01_S01_SH003"]
    film.edit("metadata.yaml", "handles: {head: 2, tail: 2}\n", "")
    assert film.dry_run().nothing
