"""A film is locked to its models."""

from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.errors import ModelError
from vtx_app.formats.bibles import Lora
from vtx_app.formats.check import load_format
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.fingerprint import model_fingerprint
from vtx_app.models.locked import LockedModels, lora_slot, render_lock, wanted_slots

SLOT = "LTX_CHECKPOINT_PATH"
OTHER = "sha256-sampled:" + "0" * 64


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A film's folder with a LoRA of its own, and a model beside it."""
    monkeypatch.setenv("VTX_APP_HOME", str(tmp_path / ".vtx"))
    folder = tmp_path / "harbour"
    folder.mkdir()
    (folder / "look.safetensors").write_bytes(b"look")
    (tmp_path / "model.safetensors").write_bytes(b"model")
    (tmp_path / "mount").mkdir()
    return folder


def models(film: Path, lock: dict[str, str], variables: dict[str, str]) -> LockedModels:
    return LockedModels(film, FilmLock(models=lock), variables)


def test_locked_and_absent_is_the_locked_one(film: Path) -> None:
    for place in ("", "/no/such/model", str(film.parent / "mount")):
        assert models(film, {SLOT: OTHER}, {SLOT: place}).fingerprint(SLOT) == OTHER
    assert models(film, {SLOT: OTHER}, {}).fingerprint(SLOT) == OTHER
    assert models(film, {"path:none.safetensors": OTHER}, {}).fingerprint("path:none.safetensors") == OTHER


def test_locked_and_there_is_the_locked_one_wherever_it_lies(film: Path) -> None:
    path = film.parent / "model.safetensors"
    lock = {SLOT: model_fingerprint(path)}
    moved = path.rename(film.parent / "moved.safetensors")
    assert models(film, lock, {SLOT: str(moved)}).fingerprint(SLOT) == lock[SLOT]


def test_locked_and_another_is_a_message_and_never_a_render(film: Path) -> None:
    path = film.parent / "model.safetensors"
    with pytest.raises(ModelError) as caught:
        models(film, {SLOT: OTHER}, {SLOT: str(path)}).fingerprint(SLOT)
    for words in (SLOT, str(path), "is not the model this film was rendered with", "vtx models lock harbour"):
        assert words in str(caught.value)


def test_unlocked_and_there_is_what_is_there(film: Path) -> None:
    path = film.parent / "model.safetensors"
    assert models(film, {}, {SLOT: str(path)}).fingerprint(SLOT) == model_fingerprint(path)
    assert models(film, {}, {}).fingerprint("path:look.safetensors") == model_fingerprint(film / "look.safetensors")


@pytest.mark.parametrize(
    ("slot", "place", "says"),
    [
        (SLOT, None, f"{SLOT} is not set; set it in config/models.env"),
        (SLOT, "", f"{SLOT} is not set; set it in config/models.env"),
        (SLOT, "/no/such/model", f"{SLOT} is '/no/such/model', and there is no such file"),
        ("path:none.safetensors", None, "none.safetensors: no such file in"),
    ],
)
def test_unlocked_and_absent_says_what_to_do(film: Path, slot: str, place: str | None, says: str) -> None:
    with pytest.raises(ModelError) as caught:
        models(film, {}, {} if place is None else {slot: place}).fingerprint(slot)
    assert says in str(caught.value)
    assert "snakemake animatic --cores 4 --config project=harbour" in str(caught.value)


def test_an_empty_mount_point_is_an_absent_model(film: Path) -> None:
    with pytest.raises(ModelError, match="there is no such file"):
        models(film, {}, {SLOT: str(film.parent / "mount")}).fingerprint(SLOT)


def test_a_lock_is_read_as_it_was_written(tmp_path: Path) -> None:
    for lock in ({}, {SLOT: OTHER, "path:a b/ü: #.safetensors": OTHER}):
        path = tmp_path / "film.lock.yaml"
        path.write_text(render_lock(lock), encoding="utf-8")
        assert load_format(path, FilmLock, "film.lock.yaml").models == lock


def test_a_lock_is_the_same_text_in_any_order() -> None:
    assert render_lock({"b": OTHER, "a": OTHER}) == render_lock({"a": OTHER, "b": OTHER})


def test_slots_that_clips_need(film: Path) -> None:
    loras = [Lora(path="a.safetensors"), Lora(env_path="LTX_GEMMA_ROOT"), Lora(env_path="MY_LOOK")]
    assert [lora_slot(lora) for lora in loras] == ["path:a.safetensors", "LTX_GEMMA_ROOT", "MY_LOOK"]
    assert wanted_slots(models(film, {}, {}), ["ti2vid_one_stage", "ti2vid_one_stage"], loras) == [
        "LTX_CHECKPOINT_PATH",
        "LTX_GEMMA_ROOT",
        "MY_LOOK",
        "path:a.safetensors",
    ]
