"""Moving a film to other models, and to the prompts of today."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.film import Film as FilmFiles
from kit.film import spec
from kit.locked_film import (
    CHECKPOINT,
    DISTILLED,
    FP8,
    GEMMA,
    IC,
    PARTS,
    REFINER,
    UPSAMPLER,
    Machine,
    film,
    lock_of,
    moved,
    new_lock,
    old_lock,
    render,
)
from kit.ltx.standin_package import install_standin
from kit.shot import print_of, write_movie
from vtx_app.errors import ModelError
from vtx_app.formats.film_lock import FilmLock
from vtx_app.models.locked import LockedModels, film_lock_text
from vtx_app.plan.planner import plan_clips
from vtx_app.review.relock import add_to_lock


def test_a_film_is_locked_to_what_is_here(files: FilmFiles, machine: Machine) -> None:
    machine.has(CHECKPOINT, GEMMA, REFINER)
    change = moved()
    assert (change.written, change.takes) == (True, 0)
    assert set(lock_of(files).models) == {CHECKPOINT, GEMMA, REFINER}
    now = LockedModels(files.folder, FilmLock(), film().variables)
    assert all(now.local_fingerprint(slot) == locked for slot, locked in lock_of(files).models.items())
    assert [line.partition(" to ")[0] for line in change.lines()[:3]] == [
        f"locked {slot}" for slot in sorted((CHECKPOINT, GEMMA, REFINER))
    ]
    again = moved()
    assert again.lines() == ["film.lock.yaml is up to date"]
    assert not again.takes


def test_a_model_that_neither_lock_nor_machine_knows_is_told(files: FilmFiles, machine: Machine) -> None:
    machine.has(CHECKPOINT, GEMMA)
    with pytest.raises(ModelError, match=f"{REFINER} is not set"):
        moved()
    assert not (files.folder / "film.lock.yaml").exists()


def test_a_storyboard_film_has_nothing_to_lock(files: FilmFiles) -> None:
    files.edit("metadata.yaml", "renderer: ltx", "renderer: animatic")
    with pytest.raises(ModelError, match="rendered by animatic, without models"):
        moved()


def test_models_that_are_absent_keep_their_place(files: FilmFiles, machine: Machine) -> None:
    machine.has(CHECKPOINT, GEMMA, REFINER)
    moved()
    before = lock_of(files)
    machine.lacks(CHECKPOINT, GEMMA, REFINER)
    assert moved(write=True).lines() == ["film.lock.yaml is up to date"]
    assert lock_of(files) == before


def test_a_move_that_costs_takes_waits_for_a_yes(files: FilmFiles, machine: Machine) -> None:
    machine.has(CHECKPOINT, GEMMA, REFINER)
    moved()
    before = files.read("film.lock.yaml")
    assert render() == 2
    machine.has(CHECKPOINT, content="newer")
    change = moved()
    assert (change.written, change.takes) == (False, 2)
    assert files.read("film.lock.yaml") == before
    assert change.lines() == [
        f"would lock {CHECKPOINT} to {change.after.models[CHECKPOINT][:27]}…",
        "2 existing takes would be rendered again",
    ]
    done = moved(write=True)
    assert done.written
    assert done.lines()[-1] == "2 existing takes are rendered again"
    assert lock_of(files) == change.after


def test_only_takes_that_are_lost_count(files: FilmFiles, machine: Machine) -> None:
    machine.has(CHECKPOINT, GEMMA, REFINER)
    moved()
    render("final", "A01_S01_SH001", "A01_S01_SH002")
    machine.has(REFINER, content="newer")
    assert moved().takes == 1  # the first clip names no LoRA
    machine.has(REFINER, content="")
    assert moved().takes == 0


def test_takes_of_drafts_count_too(files: FilmFiles, machine: Machine) -> None:
    machine.has(CHECKPOINT, GEMMA, REFINER, DISTILLED, UPSAMPLER)
    moved()
    add_to_lock(film(), {slot: print_of_here(slot) for slot in (DISTILLED, UPSAMPLER)}, None)
    assert render("draft") == 2
    machine.has(UPSAMPLER, content="newer")
    assert moved().takes == 2


def print_of_here(slot: str) -> str:
    now = film()
    return str(LockedModels(now.folder, FilmLock(), now.variables).local_fingerprint(slot))


def test_a_move_to_where_takes_are_already_costs_nothing(files: FilmFiles, machine: Machine) -> None:
    machine.has(CHECKPOINT, GEMMA, REFINER)
    moved()
    render()
    machine.has(CHECKPOINT, content="newer")
    moved(write=True)
    render()
    machine.has(CHECKPOINT, content="")
    change = moved()
    assert (change.takes, change.written) == (0, True)


def test_a_film_moves_to_the_other_layout_whole(files: FilmFiles, machine: Machine) -> None:
    machine.has(CHECKPOINT, GEMMA, REFINER)
    moved()
    render()
    machine.lacks(CHECKPOINT, GEMMA).has(*PARTS)
    change = moved()
    assert set(change.after.models) == {*PARTS, REFINER}
    assert change.after.models[REFINER] == change.before.models[REFINER]
    assert (change.takes, change.written) == (2, False)
    moved(write=True)
    assert [model.slot for model in next(iter(plan_clips(film(), "final").values())).take.request.models] == list(PARTS)


def test_a_layout_of_which_a_part_is_missing_is_not_moved_to(files: FilmFiles, machine: Machine) -> None:
    machine.has(CHECKPOINT, GEMMA, REFINER)
    moved()
    before = files.read("film.lock.yaml")
    machine.lacks(CHECKPOINT, GEMMA).has(*PARTS[:3])
    with pytest.raises(ModelError, match="LTX_AUDIO_VAE_PATH is not set"):
        moved(write=True)
    assert files.read("film.lock.yaml") == before


def test_a_film_moves_to_another_way_of_storing_weights(files: FilmFiles, machine: Machine) -> None:
    machine.has(CHECKPOINT, GEMMA, REFINER)
    moved()
    render()
    machine.says(LTX_QUANTIZATION=FP8)
    with pytest.raises(ModelError, match="LTX_QUANTIZATION is fp8-cast, and this film is rendered with none"):
        plan_clips(film(), "final")
    change = moved()
    assert (change.takes, change.written, change.after.quantization) == (2, False, FP8)
    assert change.lines()[0] == "would lock LTX_QUANTIZATION to fp8-cast"
    moved(write=True)
    assert lock_of(files).quantization == FP8
    assert {plan.take.request.quantization for plan in plan_clips(film(), "final").values()} == {FP8}
    machine.says(LTX_QUANTIZATION="")
    assert moved().lines()[0] == "locked LTX_QUANTIZATION to none"


def test_a_machine_without_models_does_not_change_how_they_are_stored(files: FilmFiles, machine: Machine) -> None:
    files.write(
        "film.lock.yaml", film_lock_text(new_lock({slot: print_of(slot) for slot in (CHECKPOINT, GEMMA, REFINER)}, FP8))
    )
    assert moved().lines() == ["film.lock.yaml is up to date"]
    machine.says(LTX_QUANTIZATION="nvfp4-cast")
    assert moved(write=True).lines() == ["film.lock.yaml is up to date"]


def rewrite(files: FilmFiles, stem: str, **parts: Any) -> None:
    text = spec(stem.partition("__")[0], "A shot", "The quay at dawn.", **parts)
    files.write(f"prompts/clips/{stem}.yaml", text)


def test_the_lora_that_a_clip_takes_by_itself_is_locked(files: FilmFiles, machine: Machine) -> None:
    write_movie(files.folder / "inputs/source.mp4", 9)
    rewrite(files, "A01_S01_SH001__empty_quay", inputs={"type": "v2v", "input_video": "inputs/source.mp4"})
    machine.has(CHECKPOINT, GEMMA, REFINER, DISTILLED, UPSAMPLER, IC)
    assert set(moved().after.models) == {CHECKPOINT, GEMMA, REFINER, DISTILLED, UPSAMPLER, IC}


def test_a_lora_that_is_left_out_need_not_be_here(files: FilmFiles, machine: Machine) -> None:
    for stem in ("A01_S01_SH001__empty_quay", "A01_S01_SH002__mara"):
        rewrite(files, stem, continuity={"shared_loras_profile": "core"}, render={"pipeline": "distilled"})
    machine.has(GEMMA, DISTILLED, UPSAMPLER)
    assert set(moved().after.models) == {GEMMA, DISTILLED, UPSAMPLER}
    assert {slot for plan in plan_clips(film(), "final").values() for slot in plan.take.slots} == set(
        lock_of(files).models
    )


def test_an_old_film_moves_to_the_newest_prompts_and_the_packages_negative(
    files: FilmFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_standin(tmp_path, monkeypatch)
    files.write("film.lock.yaml", old_lock(CHECKPOINT, GEMMA, REFINER))
    assert render() == 2
    change = moved()
    assert change.lines() == [
        "would lock prompts to version 2: with the headings of scenes",
        "would lock the negative prompt to LTX-2's own, which the film's follows",
        "2 existing takes would be rendered again",
    ]
    assert {plan.take.request.negative for plan in plan_clips(film(), "final").values()} == {
        "text, watermark, night, blur"
    }
    moved(write=True)
    assert (lock_of(files).prompts, lock_of(files).negative_prompt) == (2, "has_subtitles, blurry, or AI artifacts.")
    assert {plan.take.request.negative for plan in plan_clips(film(), "final").values()} == {
        "has_subtitles, blurry, or AI artifacts. text, watermark, night, blur"
    }
    assert moved().lines() == ["film.lock.yaml is up to date"]


def test_without_the_package_the_negative_prompt_stays_as_it_was(files: FilmFiles) -> None:
    files.write("film.lock.yaml", old_lock(CHECKPOINT, GEMMA, REFINER))
    assert moved().lines()[0] == "locked prompts to version 2: with the headings of scenes"
    assert lock_of(files).negative_prompt is None
    files.write(
        "film.lock.yaml", old_lock(CHECKPOINT, GEMMA, REFINER).replace("models:", "negative_prompt: dull\nmodels:")
    )
    moved()
    assert lock_of(files).negative_prompt == "dull"


def test_drafts_and_films_that_keep_their_own_negative_are_not_rendered_again(
    files: FilmFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two clips have no scene with a heading, so only the negative prompt can change."""
    (files.folder / "story/03_screenplay/A01_S01__the_quay.md").unlink()
    install_standin(tmp_path, monkeypatch)
    files.write("film.lock.yaml", old_lock(CHECKPOINT, GEMMA, REFINER, DISTILLED, UPSAMPLER))
    assert (render(), render("draft")) == (2, 2)
    assert moved().takes == 2
    files.edit("metadata.yaml", "fps: 8", "fps: 8\nnegative: replace")
    assert (moved().takes, moved().written) == (0, True)
