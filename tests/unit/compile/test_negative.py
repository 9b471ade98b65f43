"""The negative prompt: LTX-2's own, then the film's."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.ltx.standin_package import install_standin
from kit.machine import forget
from kit.shot import Shot
from vtx_app.compile.clip_request import compile_request
from vtx_app.compile.request import RenderRequest
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.default_negative import NEWEST_NEGATIVE
from vtx_app.models.locked import LockedModels
from vtx_app.project.load import load_film

OWN = "text, watermark, night"


def with_lock(shot: Shot, **lock: object) -> RenderRequest:
    forget()
    film = load_film("harbour")
    models = LockedModels(film.folder, FilmLock.model_validate({"models": shot.lock, **lock}), film.variables)
    return compile_request(film.clips[shot.clip_id], film, "ltx", models, None).request


def test_the_films_negative_follows_ltxs_own(shot: Shot) -> None:
    shot.write()
    assert with_lock(shot).negative == OWN
    default = "has_subtitles, blurry, or AI artifacts."
    assert with_lock(shot, negative_prompt=default).negative == f"{default} {OWN}"
    assert with_lock(shot, negative_prompt="blurry, Watermark").negative == "blurry, Watermark, text, night"
    shot.film.edit("metadata.yaml", "fps: 8", "fps: 8\nnegative: replace")
    assert with_lock(shot, negative_prompt=default).negative == OWN


def test_a_film_with_no_negative_of_its_own_states_ltxs(shot: Shot) -> None:
    shot.film.write("prompts/style_bible.yaml", "profiles: {day: {}, dream: {}}\n")
    shot.write()
    assert with_lock(shot).negative == ""
    assert with_lock(shot, negative_prompt="has_subtitles, blurry").negative == "has_subtitles, blurry"


def test_pipelines_without_a_negative_and_storyboards_have_none_of_ltxs(shot: Shot) -> None:
    shot.write(render={"pipeline": "distilled"})
    assert with_lock(shot, negative_prompt="has_subtitles").negative == ""
    assert shot.compile(renderer="animatic").request.negative == OWN


def test_a_film_without_a_lock_has_the_negative_of_the_package_here(
    shot: Shot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shot.write()
    shot.lock = {}
    for slot in ("LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT"):
        (tmp_path / slot).write_bytes(slot.encode())
        shot.variables[slot] = str(tmp_path / slot)
    assert shot.compile().request.negative == f"{NEWEST_NEGATIVE} text, watermark, night"
    install_standin(tmp_path, monkeypatch)
    assert shot.compile().request.negative == f"has_subtitles, blurry, or AI artifacts. {OWN}"
