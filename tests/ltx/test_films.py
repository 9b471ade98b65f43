"""A film with a shot for every pipeline, from its specs to its final, by the real LTX-2 through the real Snakefile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kit.ltx.film import LTX, SPLIT, LtxFilm, write_ltx_film
from kit.ltx.shots import EVERY, ONLY_1_2, specs, write_inputs
from kit.movie import sound_samples
from vtx_app.media.reader import probe, sound_facts
from vtx_app.media.sound import read_sound
from vtx_app.models.default_negative import package_negative

NAMES = [name for name in EVERY if LTX >= (1, 2) or name not in ONLY_1_2]
CONTINUING = "A01_S01_SH003__distilled"
"""It follows the clip that it continues from, so the frame that both have is shown once."""

FAST = ["A01_S01_SH002__one_stage", CONTINUING]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, models: dict[str, Path]) -> LtxFilm:
    """The film with every pipeline, built by a warm worker."""
    film = write_ltx_film(tmp_path_factory.mktemp("film"), models, specs(NAMES))
    write_inputs(film)
    film.said = film.build("final")  # type: ignore[attr-defined]
    return film


def copy_of(film: LtxFilm, root: Path, models: dict[str, Path], names: list[str], **how: Any) -> LtxFilm:
    """Some of the film's shots in a film of their own, with nothing rendered yet."""
    other = write_ltx_film(root, models, specs(names), **how)
    write_inputs(other)
    return other


def takes(film: LtxFilm) -> dict[str, bytes]:
    return {path.parent.name: path.read_bytes() for path in (film.folder / "renders/takes").glob("*/*.mp4")}


@pytest.mark.parametrize("name", NAMES)
def test_every_pipeline_makes_its_take_and_the_take_its_clip(film: LtxFilm, name: str) -> None:
    clip_id = name.partition("__")[0]
    (record,) = film.records()[clip_id]
    request = record["request"]
    take = probe(film.folder / f"renders/takes/{clip_id}/{record['digest']}.mp4")
    assert (take.frames, take.width, take.height, take.rate) == (
        request["frames"],
        request["width"],
        request["height"],
        8,
    )
    assert sound_facts(film.folder / f"renders/takes/{clip_id}/{record['digest']}.mp4").channels == 2
    assert request["pipeline"] == record["argv"][2].rpartition(".")[2]
    clip = probe(film.folder / f"renders/clips/{name}.mp4")
    frames = (16 if name.endswith("two_stages") else 8) - (name == CONTINUING)
    assert (clip.frames, clip.width, clip.height, clip.rate) == (frames, 128, 96, 8)


def test_the_final_has_every_frame(film: LtxFilm) -> None:
    final = probe(film.folder / "renders/final/harbour.mp4")
    assert final.frames == 8 * (len(NAMES) + 1) - 1
    assert sound_samples(film.folder / "renders/final/harbour.mp4") == final.frames * 6000


def test_a_second_build_has_nothing_to_do(film: LtxFilm) -> None:
    assert film.dry_run("final").nothing


def test_a_record_tells_what_it_cost_and_nothing_of_this_machine(film: LtxFilm) -> None:
    for clip_id, (record,) in film.records().items():
        assert record["exit"] == 0
        assert set(record["seconds"]) >= {"call", "denoise", "decode", "write", "encode text"}
        assert sum(record["seconds"].values()) <= 2 * record["wall_seconds"]
        assert record["peak_ram_bytes"] > 2**20
        assert record["models"]
        assert record["ltx"]["ltx-pipelines"].startswith(".".join(map(str, LTX)))
        text = json.dumps(record)
        assert str(film.root) not in text, clip_id
        assert str(film.models["LTX_GEMMA_ROOT"].parent) not in text  # type: ignore[index]


def test_a_log_has_the_pipeline_s_output(film: LtxFilm) -> None:
    logs = list((film.folder / "logs/takes").glob("*.log"))
    assert len(logs) == len(NAMES)
    for log in logs:
        text = log.read_text()
        assert "\r" not in text
        assert "done in" in text


def test_progress_is_lines_of_steps(film: LtxFilm) -> None:
    said = film.said  # type: ignore[attr-defined]
    assert "A01_S01_SH001: denoise, stage 1 0/2" in said
    assert "A01_S01_SH001: decode and write" in said
    assert "it/s]" not in said


def test_the_a2v_shot_is_heard_as_it_was_given(film: LtxFilm) -> None:
    sound = read_sound(film.folder / "renders/clips/A02_S01_SH002__sound.mp4")
    assert sound is not None
    assert sound.std() > 1000  # a tone, not the silence or noise of random weights
    assert abs(sound[4800:9600]).max() > 4000


def test_a_clip_goes_on_from_the_last_frame_that_is_seen(film: LtxFilm) -> None:
    parent, child = film.records()["A01_S01_SH002"][0], film.records()["A01_S01_SH003"][0]
    assert child["request"]["continue_from"] == parent["digest"]
    assert child["request"]["continue_frame"] == 11  # after a head of 4, the last of 8 frames
    assert "first.png" in child["argv"]


def test_handles_are_rendered_around_the_shot_and_cut_off(film: LtxFilm) -> None:
    (record,) = film.records()["A01_S01_SH002"]
    assert (record["request"]["frames"], record["request"]["head"]) == (17, 4)
    at = record["argv"].index("--image")
    assert record["argv"][at + 2 : at + 4] == ["4", "0.8"]
    take = pictures(film.folder / f"renders/takes/A01_S01_SH002/{record['digest']}.mp4")
    clip = pictures(film.folder / "renders/clips/A01_S01_SH002__one_stage.mp4")
    apart = [[float(np.abs(frame - other).mean()) for other in take] for frame in clip]
    assert [int(np.argmin(each)) for each in apart] == list(range(4, 12))


def pictures(path: Path) -> list[NDArray[np.float64]]:
    """The luma of every frame of a film."""
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="gray").astype(float) for frame in film.decode(video=0)]


def test_the_film_is_locked_to_its_models(film: LtxFilm, models: dict[str, Path], tmp_path: Path) -> None:
    lock = film.read("film.lock.yaml")
    for slot in ("LTX_CHECKPOINT_PATH", "LTX_DISTILLED_CHECKPOINT_PATH", "LTX_GEMMA_ROOT", "LTX_IC_LORA_PATH"):
        assert f'"{slot}": "sha256-sampled:' in lock
    assert "\nprompts: 2\n" in lock
    assert f"\nnegative_prompt: {json.dumps(package_negative(film.folder))}\n" in lock
    swapped = {"LTX_CHECKPOINT_PATH": str(models["LTX_DISTILLED_CHECKPOINT_PATH"])}
    refused = film.snakemake("final", "--dry-run", env=swapped)
    assert refused.returncode != 0
    assert "is not the model this film was rendered with" in refused.stdout
    assert "vtx models lock harbour" in refused.stdout
    moved = tmp_path / "elsewhere.safetensors"
    moved.symlink_to(models["LTX_CHECKPOINT_PATH"])
    assert film.dry_run("final", env={"LTX_CHECKPOINT_PATH": str(moved)}).nothing
    assert film.dry_run("final", env=dict.fromkeys(models, "")).nothing  # a laptop without the models


def test_the_same_request_gives_the_same_bytes_by_either_runner(
    film: LtxFilm, models: dict[str, Path], tmp_path: Path
) -> None:
    """The film's worker is a fork of a process that has imported LTX-2; these commands are started by Python itself."""
    other = copy_of(film, tmp_path, models, FAST)
    other.build("clips", env={"VTX_RUNNER": "process", "COLD_RENDERS": "1"})
    warm = takes(film)
    cold = takes(other)
    assert sorted(cold) == ["A01_S01_SH002", "A01_S01_SH003"]
    assert {clip_id: warm[clip_id] == data for clip_id, data in cold.items()} == dict.fromkeys(cold, True)
    assert other.records()["A01_S01_SH002"][0]["seconds"]["denoise"] > 0


@pytest.mark.warm
@pytest.mark.parametrize("memory", ["parked", "reloaded", "disk", "cpu"])
def test_where_weights_wait_changes_no_byte(
    film: LtxFilm, models: dict[str, Path], tmp_path: Path, memory: str
) -> None:
    other = copy_of(film, tmp_path, models, FAST)
    other.build("clips", env={"LTX_OFFLOAD": memory})
    warm = takes(film)
    assert {clip_id: warm[clip_id] == data for clip_id, data in takes(other).items()} == dict.fromkeys(
        takes(other), True
    )
    assert {record["memory"] for (record,) in other.records().values()} == {memory}


@pytest.mark.warm
def test_models_in_one_file_a_part(film: LtxFilm, models: dict[str, Path], tmp_path: Path) -> None:
    other = copy_of(film, tmp_path, models, FAST, layout=SPLIT)
    other.build("clips")
    (record,) = other.records()["A01_S01_SH003"]
    assert "--transformer-path" in record["argv"]
    assert '"LTX_DISTILLED_TRANSFORMER_PATH"' in other.read("film.lock.yaml")


def test_a_draft_is_small_and_distilled(film: LtxFilm, models: dict[str, Path], tmp_path: Path) -> None:
    other = copy_of(film, tmp_path, models, ["A01_S01_SH001__two_stages", "A02_S01_SH002__sound"])
    said = other.build("draft")
    assert "inputs.audio: the draft is rendered without it" in said
    draft = probe(other.folder / "renders/draft/final/harbour.mp4")
    assert (draft.frames, draft.width, draft.height) == (24, 64, 64)
    assert {record["request"]["pipeline"] for (record,) in other.records().values()} == {"distilled"}
    assert len(other.dry_run("final").takes) == 2  # other takes than the final's
