"""A film is locked to its models."""

from __future__ import annotations

from pathlib import Path

import pytest

from vtx_app.errors import ModelError
from vtx_app.formats.bibles import Lora
from vtx_app.formats.check import load_format
from vtx_app.formats.film_lock import FilmLock, Quantization
from vtx_app.models.fingerprint import model_fingerprint
from vtx_app.models.locked import LockedModels, film_lock_text, lora_slot, model_path, required_slots

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


def test_locked_and_missing_is_the_locked_one(film: Path) -> None:
    for place in ("", "/no/such/model", str(film.parent / "mount")):
        assert models(film, {SLOT: OTHER}, {SLOT: place}).fingerprint(SLOT) == OTHER
    assert models(film, {SLOT: OTHER}, {}).fingerprint(SLOT) == OTHER
    assert models(film, {"path:none.safetensors": OTHER}, {}).fingerprint("path:none.safetensors") == OTHER


def test_locked_and_existing_is_the_locked_one_wherever_it_is(film: Path) -> None:
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


def test_unlocked_and_existing_is_what_exists(film: Path) -> None:
    path = film.parent / "model.safetensors"
    assert models(film, {}, {SLOT: str(path)}).fingerprint(SLOT) == model_fingerprint(path)
    assert models(film, {}, {}).fingerprint("path:look.safetensors") == model_fingerprint(film / "look.safetensors")


@pytest.mark.parametrize(
    ("slot", "place", "message"),
    [
        (SLOT, None, f"{SLOT} is not set; set it in config/models.env"),
        (SLOT, "", f"{SLOT} is not set; set it in config/models.env"),
        (SLOT, "/no/such/model", f"{SLOT} is '/no/such/model', and there is no such file"),
        ("path:none.safetensors", None, "none.safetensors: no such file in"),
    ],
)
def test_unlocked_and_missing_has_a_way_out(film: Path, slot: str, place: str | None, message: str) -> None:
    with pytest.raises(ModelError) as caught:
        models(film, {}, {} if place is None else {slot: place}).fingerprint(slot)
    assert message in str(caught.value)
    assert "snakemake animatic --cores 4 --config project=harbour" in str(caught.value)


def test_an_empty_mount_point_is_an_absent_model(film: Path) -> None:
    with pytest.raises(ModelError, match="there is no such file"):
        models(film, {}, {SLOT: str(film.parent / "mount")}).fingerprint(SLOT)


def test_a_lock_is_read_as_it_was_written(tmp_path: Path) -> None:
    for lock in ({}, {SLOT: OTHER, "path:a b/ü: #.safetensors": OTHER}):
        path = tmp_path / "film.lock.yaml"
        path.write_text(film_lock_text(FilmLock(models=lock)), encoding="utf-8")
        assert load_format(path, FilmLock).models == lock


def test_a_lock_is_the_same_text_in_any_order() -> None:
    assert film_lock_text(FilmLock(models={"b": OTHER, "a": OTHER})) == film_lock_text(
        FilmLock(models={"a": OTHER, "b": OTHER})
    )


def test_slots_that_clips_need(film: Path) -> None:
    loras = [Lora(path="a.safetensors"), Lora(env_path="LTX_GEMMA_ROOT"), Lora(env_path="MY_LOOK")]
    assert [lora_slot(lora) for lora in loras] == ["path:a.safetensors", "LTX_GEMMA_ROOT", "MY_LOOK"]
    assert required_slots(models(film, {}, {}), ["ti2vid_one_stage", "ti2vid_one_stage"], loras) == [
        "LTX_CHECKPOINT_PATH",
        "LTX_GEMMA_ROOT",
        "MY_LOOK",
        "path:a.safetensors",
    ]


WHOLE_SLOTS = ("LTX_CHECKPOINT_PATH", "LTX_GEMMA_ROOT")
SPLIT_SLOTS = ("LTX_TRANSFORMER_PATH", "LTX_TEXT_ENCODER_PATH", "LTX_VIDEO_VAE_PATH", "LTX_AUDIO_VAE_PATH")


@pytest.mark.parametrize(
    ("lock", "variables", "slots"),
    [
        ([], {}, WHOLE_SLOTS),
        ([], {"LTX_TRANSFORMER_PATH": ""}, WHOLE_SLOTS),
        ([], {"LTX_TRANSFORMER_PATH": "/t"}, SPLIT_SLOTS),
        ([], {"LTX_DISTILLED_TRANSFORMER_PATH": "/t"}, SPLIT_SLOTS),
        ([], {"LTX_CHECKPOINT_PATH": "/c"}, WHOLE_SLOTS),
        (["LTX_CHECKPOINT_PATH"], {"LTX_TRANSFORMER_PATH": "/t"}, WHOLE_SLOTS),
        (["LTX_DISTILLED_CHECKPOINT_PATH"], {"LTX_TRANSFORMER_PATH": "/t"}, WHOLE_SLOTS),
        (["LTX_TRANSFORMER_PATH"], {"LTX_CHECKPOINT_PATH": "/c"}, SPLIT_SLOTS),
        (["LTX_DISTILLED_TRANSFORMER_PATH"], {}, SPLIT_SLOTS),
        (["path:look.safetensors"], {"LTX_TRANSFORMER_PATH": "/t"}, SPLIT_SLOTS),
    ],
)
def test_the_layout_is_the_locks_and_else_this_machines(
    film: Path, lock: list[str], variables: dict[str, str], slots: tuple[str, ...]
) -> None:
    assert models(film, dict.fromkeys(lock, OTHER), variables).slots("ti2vid_one_stage") == slots


def test_slots_that_a_pipeline_needs_beyond_its_model(film: Path) -> None:
    whole = models(film, {}, {})
    assert whole.slots("ti2vid_two_stages") == (*WHOLE_SLOTS, "LTX_SPATIAL_UPSAMPLER_PATH", "LTX_DISTILLED_LORA_PATH")
    assert whole.slots("distilled") == (
        "LTX_DISTILLED_CHECKPOINT_PATH",
        "LTX_GEMMA_ROOT",
        "LTX_SPATIAL_UPSAMPLER_PATH",
    )


def stored(
    film: Path, here: str | None, locked: str | None, *, models_locked: bool, compared: bool = True
) -> str | None:
    lock = FilmLock.model_validate({"models": {SLOT: OTHER} if models_locked else {}, "quantization": locked})
    variables = {} if here is None else {"LTX_QUANTIZATION": here}
    return LockedModels(film, lock, variables, compared).quantization()


@pytest.mark.parametrize("here", [None, "", "fp8-cast", "nvfp4-prequant"])
def test_an_unlocked_film_uses_this_machine_s_quantization(film: Path, here: str | None) -> None:
    assert stored(film, here, None, models_locked=False) == (here or None)


@pytest.mark.parametrize(("here", "locked"), [(None, "fp8-cast"), ("", None), ("fp8-cast", "fp8-cast"), (None, None)])
def test_a_locked_film_uses_its_lock_s_quantization(film: Path, here: str | None, locked: str | None) -> None:
    assert stored(film, here, locked, models_locked=True) == locked


@pytest.mark.parametrize(
    ("here", "locked", "message"),
    [
        ("fp8-cast", None, "LTX_QUANTIZATION is fp8-cast, and this film is rendered with none (film.lock.yaml)"),
        ("nvfp4-cast", "fp8-cast", "LTX_QUANTIZATION is nvfp4-cast, and this film is rendered with fp8-cast"),
    ],
)
def test_another_quantization_than_the_lock_s_is_a_message_and_never_a_render(
    film: Path, here: str, locked: str | None, message: str
) -> None:
    with pytest.raises(ModelError) as caught:
        stored(film, here, locked, models_locked=True)
    assert message in str(caught.value)
    assert "vtx models lock harbour" in str(caught.value)
    assert stored(film, here, locked, models_locked=True, compared=False) == locked


@pytest.mark.parametrize("models_locked", [True, False])
def test_an_unknown_quantization_is_refused(film: Path, models_locked: bool) -> None:
    with pytest.raises(ModelError, match="LTX_QUANTIZATION is 'fp4'; expected one of fp8-cast, fp8-scaled-mm, nvfp4"):
        stored(film, "fp4", None, models_locked=models_locked)


def test_a_lock_keeps_how_weights_are_stored(tmp_path: Path) -> None:
    path = tmp_path / "film.lock.yaml"
    quantizations: tuple[Quantization | None, ...] = ("fp8-cast", None)
    for quantization in quantizations:
        path.write_text(film_lock_text(FilmLock(models={SLOT: OTHER}, quantization=quantization)), encoding="utf-8")
        assert load_format(path, FilmLock).quantization == quantization


def test_a_model_is_found_where_its_variable_says(film: Path) -> None:
    path = film.parent / "model.safetensors"
    assert models(film, {}, {SLOT: str(path)}).path(SLOT) == path
    assert (
        models(film, {SLOT: OTHER}, {SLOT: str(path)}).path(SLOT) == path
    )  # fingerprint() checks whether it is the locked one
    assert models(film, {}, {}).path("path:look.safetensors") == film / "look.safetensors"


@pytest.mark.parametrize(
    ("slot", "place", "message"),
    [
        (SLOT, None, f"{SLOT} is not set"),
        (SLOT, "/no/such/model", "there is no such file"),
        ("path:none.safetensors", None, "none.safetensors: no such file in"),
    ],
)
def test_a_locked_model_that_is_missing_has_no_path(film: Path, slot: str, place: str | None, message: str) -> None:
    known = models(film, {slot: OTHER}, {} if place is None else {slot: place})
    assert known.fingerprint(slot) == OTHER
    with pytest.raises(ModelError, match=message):
        known.path(slot)


def test_an_empty_mount_point_is_no_path(film: Path) -> None:
    with pytest.raises(ModelError, match="there is no such file"):
        models(film, {SLOT: OTHER}, {SLOT: str(film.parent / "mount")}).path(SLOT)


def test_a_model_in_a_home_folder_is_found(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing expands ``~`` in ``config/models.env``."""
    monkeypatch.setenv("HOME", str(film.parent))
    here = models(film, {}, {SLOT: "~/model.safetensors"})
    assert here.path(SLOT) == film.parent / "model.safetensors"
    assert model_path("~nobody-of-this-name/x") == Path("~nobody-of-this-name/x")
    assert model_path("models/a b/モデル.safetensors") == Path("models/a b/モデル.safetensors")
