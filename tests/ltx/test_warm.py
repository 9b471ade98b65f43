"""What stays warm from take to take and from build to build, and what happens when the GPU is too small."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kit.gpus import gpu, write_nvidia_smi
from kit.ltx.film import LtxFilm, shot, write_ltx_film
from kit.ltx.shots import FREE
from vtx_app.media.mp4 import read_tracks
from vtx_app.media.reader import probe

FAULT = Path(__file__).parent / "fault"
IDS = [f"A01_S01_SH{number:03d}" for number in range(1, 5)]


def film_of_two_looks(root: Path, models: dict[str, Path]) -> LtxFilm:
    """Four clips with two sets of LoRAs in turn."""
    clips = {
        f"{clip_id}__shot": shot(clip_id, f"Shot {index}.", continuity={"shared_loras_profile": "ab"[index % 2]})
        for index, clip_id in enumerate(IDS)
    }
    return write_ltx_film(root, models, clips)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, models: dict[str, Path]) -> LtxFilm:
    film = film_of_two_looks(tmp_path_factory.mktemp("looks"), models)
    film.build("clips")
    return film


def in_order(film: LtxFilm) -> list[str]:
    """The clip ids in the order their takes were rendered."""
    takes = (film.folder / "renders/takes").glob("*/*.mp4")
    return [path.parent.name for path in sorted(takes, key=lambda path: path.stat().st_mtime_ns)]


def loads(film: LtxFilm) -> list[list[str]]:
    """What each take loaded, in the order they were rendered."""
    return [film.records()[clip_id][-1]["loads"] for clip_id in in_order(film)]


def test_takes_that_share_loras_come_one_after_the_other(film: LtxFilm) -> None:
    looks = [film.records()[clip_id][0]["request"]["loras"][0]["fingerprint"] for clip_id in in_order(film)]
    assert looks[0] == looks[1] != looks[2] == looks[3]


def test_the_text_encoder_is_loaded_once_and_before_the_transformer(film: LtxFilm) -> None:
    first, *others = loads(film)
    assert first.count("text encoder") == 1
    assert first.index("text encoder") < first.index("transformer")
    assert [name for load in others for name in load if name == "text encoder"] == []
    assert len(list((film.root / ".vtx/encodings").glob("*/*.safetensors"))) == len(IDS)  # all in one go


@pytest.mark.warm
def test_every_model_is_loaded_once_a_build(film: LtxFilm) -> None:
    every = [name for load in loads(film) for name in load]
    for part in ("text encoder", "transformer", "video decoder", "vocoder"):
        assert every.count(part) == 1, part
    assert [record["warm"] for record in (film.records()[clip_id][0] for clip_id in in_order(film))] == [
        False,
        True,
        True,
        True,
    ]


def test_a_prompt_of_before_is_not_encoded_again(film: LtxFilm) -> None:
    film.edit_clip(f"{IDS[0]}__shot", "seed: 7", "seed: 8")
    assert film.dry_run("clips").takes == IDS[:1]
    film.build("clips")
    record = film.records()[IDS[0]][-1]
    assert record["request"]["seed"] == 8
    assert "text encoder" not in record["loads"]


def test_one_prompts_edit_renders_one_take(film: LtxFilm) -> None:
    before = sum(map(len, film.records().values()))
    film.edit_clip(f"{IDS[1]}__shot", "Shot 1.", "Shot one.")
    film.build("clips")
    assert sum(map(len, film.records().values())) == before + 1
    assert film.records()[IDS[1]][-1]["loads"].count("text encoder") == 1


def test_a_film_of_23_976_is_rendered_at_24_and_delivered_in_its_own_time(
    tmp_path: Path, models: dict[str, Path]
) -> None:
    film = write_ltx_film(tmp_path, models, {f"{IDS[0]}__shot": shot(IDS[0], render={"pipeline": "distilled", **FREE})})
    film.edit("metadata.yaml", "fps: 8", "fps: 23.976")
    film.build("clips")
    (record,) = film.records()[IDS[0]]
    assert record["argv"][record["argv"].index("--frame-rate") + 1] == "24"
    take = probe(film.folder / f"renders/takes/{IDS[0]}/{record['digest']}.mp4")
    clip = probe(film.folder / f"renders/clips/{IDS[0]}__shot.mp4")
    assert (take.frames, take.rate) == (25, 24)
    assert (clip.frames, str(clip.rate)) == (24, "24000/1001")
    _, sound = read_tracks(film.folder / f"renders/clips/{IDS[0]}__shot.mp4")
    assert sound.ticks - sound.first_tick == 48048  # what older FFmpegs decode goes on to the end of the last AAC block


@pytest.mark.warm
def test_weights_stored_otherwise_are_another_take_and_the_film_is_locked_to_it(
    tmp_path: Path, models: dict[str, Path]
) -> None:
    film = write_ltx_film(tmp_path, models, {f"{IDS[0]}__shot": shot(IDS[0])})
    film.build("clips", env={"LTX_QUANTIZATION": "fp8-cast"})
    assert 'quantization: "fp8-cast"' in film.read("film.lock.yaml")
    assert film.dry_run("clips").nothing  # by the lock, on machines without the setting
    refused = film.snakemake("clips", "--dry-run", env={"LTX_QUANTIZATION": "fp8-scaled-mm"})
    assert refused.returncode != 0
    assert "LTX_QUANTIZATION is fp8-scaled-mm, and this film is rendered with fp8-cast" in refused.stdout


def too_small(film: LtxFilm, times: int, tmp_path: Path) -> dict[str, str]:
    return {
        "FAULT": str(tmp_path / "faults"),
        "FAULT_TIMES": str(times),
        "PYTHONPATH": os.pathsep.join([str(FAULT), film.environment()["PYTHONPATH"]]),
    }


@pytest.fixture
def small(tmp_path: Path, models: dict[str, Path]) -> LtxFilm:
    return write_ltx_film(
        tmp_path / "film", models, {f"{IDS[0]}__shot": shot(IDS[0], render={"pipeline": "distilled", **FREE})}
    )


@pytest.mark.warm
@pytest.mark.parametrize(
    ("runner", "memory", "kind"), [("worker", "parked", "driver"), ("process", "process", "allocator")]
)
def test_a_take_that_runs_out_of_memory_is_retried_once_in_less(
    small: LtxFilm, tmp_path: Path, runner: str, memory: str, kind: str
) -> None:
    output = small.build("clips", env=too_small(small, 1, tmp_path) | {"VTX_RUNNER": runner, "FAULT_KIND": kind})
    (record,) = small.records()[IDS[0]]
    assert record["out_of_memory_at_first"]
    assert record["memory"] == memory
    assert "out of memory; once more with weights" in output


@pytest.mark.warm
@pytest.mark.parametrize("runner", ["worker", "process"])
def test_a_take_that_is_too_big_fails_with_what_to_change(small: LtxFilm, tmp_path: Path, runner: str) -> None:
    done = small.snakemake("clips", env=too_small(small, 99, tmp_path) | {"VTX_RUNNER": runner})
    assert done.returncode != 0
    assert "ran out of GPU memory" in done.stdout
    assert "make the clip shorter or smaller" in done.stdout
    assert small.takes() == {}
    assert (tmp_path / "faults").read_text().count("\n") == 2  # tried once more, and no oftener


@pytest.mark.warm
def test_a_worker_that_failed_oddly_renders_no_more(tmp_path: Path, models: dict[str, Path]) -> None:
    clips = {f"{clip_id}__shot": shot(clip_id, render={"pipeline": "distilled", **FREE}) for clip_id in IDS[:2]}
    film = write_ltx_film(tmp_path / "film", models, clips)
    env = too_small(film, 1, tmp_path) | {"FAULT_KIND": "error"}
    done = film.snakemake("clips", "--keep-going", "--resources", "gpu=1", env=env)
    assert done.returncode != 0
    assert "distilled failed: RuntimeError: CUDA error: device-side assert triggered" in done.stdout
    assert done.stdout.count("start a render worker") == 2
    assert len(film.takes()) == 1


def test_a_plan_says_how_takes_fit_into_the_gpu(small: LtxFilm, tmp_path: Path) -> None:
    write_nvidia_smi(tmp_path, gpu(total="24564", name="NVIDIA GeForce RTX 4090"))
    env = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    line = re.compile(r"^  GPU memory: 1 take fits; the largest, distilled, 128×128, 9 frames: .* GiB, estimated$")
    planned = subprocess.run(
        [sys.executable, "-m", "vtx_app.cli", "plan", small.slug],
        cwd=small.root,
        env=small.environment(env),
        capture_output=True,
        text=True,
    )
    for said in (planned.stdout, small.dry_run("clips", env=env).text):
        assert [each for each in said.splitlines() if line.match(each)] != [], said


WITHOUT = """
import sys
from pathlib import Path
from vtx_app.errors import RenderError
from vtx_app.render.ltx.call import PipelineCall
from vtx_app.render.ltx.worker.session import PipelineSession
try:
    PipelineSession().run(PipelineCall("distilled", Path("take.mp4"), "A quay."), print, lambda: False)
except RenderError as error:
    print(error)
"""


def test_a_gpu_that_torch_can_t_use_is_reported_and_nothing_is_rendered_on_the_cpu(tmp_path: Path) -> None:
    """On the CPU, a take of a real model would last for days."""
    write_nvidia_smi(tmp_path, gpu(uuid="GPU-00000000-1111", name="NVIDIA GeForce RTX 4090"))
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    unseen = {"PATH": path, "CUDA_VISIBLE_DEVICES": "GPU-00000000"}  # hides a real one from torch
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], env=os.environ | unseen, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout.startswith("torch can't use the GPU of this machine: "), done.stderr
