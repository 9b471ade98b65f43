"""What would stop a render is found before it begins, from headers, and from what this machine has."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kit.gpus import gpu, write_nvidia_smi
from kit.ltx.handmade import handmade_models, lora, save
from kit.ltx.requests import everything
from vtx_app.compile.request import RenderRequest
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.pipelines import DISTILLED_LORA, IC_LORA, model_slots
from vtx_app.models.fingerprint import model_fingerprint
from vtx_app.models.locked import LockedModels
from vtx_app.render.ltx.package import LtxPackage
from vtx_app.render.ltx.preflight.models import PlannedTake
from vtx_app.render.ltx.preflight.problems import find_problems

NEW = LtxPackage((1, 2))
CHECKPOINT = "LTX_CHECKPOINT_PATH"


def request(pipeline: str, **changes: Any) -> RenderRequest:
    """A request that any machine can do, but for its models."""
    return replace(everything(pipeline, NEW), prompt="A quay.", quantization=None, loras=(), **changes)


class Machine:
    """A film's folder, and the models that this machine has."""

    def __init__(self, folder: Path) -> None:
        self.film = folder / "harbour"
        self.film.mkdir()
        self.models = dict(handmade_models(folder / "models"))
        self.more: dict[str, str] = {}

    def problems(self, *pipelines: str, loras: tuple[str, ...] = (), **changes: Any) -> list[str]:
        """Return the problems of a take of each of these pipelines."""
        model_fingerprint.cache_clear()
        takes = []
        for index, pipeline in enumerate(pipelines or ("ti2vid_one_stage",)):
            slots = dict.fromkeys((*model_slots(pipeline, split=False), *loras), "sha256-sampled:0")
            takes.append(PlannedTake(f"clip{index}.yaml", request(pipeline, **changes), slots))
        return self.problems_of(*takes)

    def problems_of(self, *takes: PlannedTake) -> list[str]:
        variables = {name: str(path) for name, path in self.models.items()} | self.more
        return find_problems(takes, LockedModels(self.film, FilmLock(), variables))

    def problem(self, *pipelines: str, loras: tuple[str, ...] = (), **changes: Any) -> str:
        """Return the only problem."""
        (line,) = self.problems(*pipelines, loras=loras, **changes)
        assert "\n" not in line
        return line

    def record(self, name: str, take: bytes | None = None, **facts: Any) -> None:
        """A take that was rendered before, and its record."""
        folder = self.film / "renders/takes/A01_S01_SH001"
        folder.mkdir(parents=True, exist_ok=True)
        document = {"clip_id": "A01_S01_SH001", "digest": name, **facts}
        (folder / f"{name}.json").write_text(json.dumps(document))
        if take is not None:
            (folder / f"{name}.mp4").write_bytes(take)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, install: Callable[..., None]) -> Machine:
    """With a stand-in for ltx_pipelines 1.2.0, all models, and no GPU."""
    install()
    monkeypatch.setenv("VTX_APP_HOME", str(tmp_path / ".vtx"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return Machine(tmp_path)


def test_what_can_be_rendered_has_no_problems(machine: Machine) -> None:
    every = [
        "ti2vid_one_stage",
        "ti2vid_two_stages",
        "distilled",
        "keyframe_interpolation",
        "a2vid_two_stage",
        "retake",
    ]
    assert machine.problems(*every, loras=(DISTILLED_LORA,)) == []
    assert machine.problems("ic_lora", loras=(IC_LORA,), width=256, height=128) == []
    assert machine.problems_of() == []


# -- models ------------------------------------------------------------------------------------------------


def test_a_model_that_no_variable_names(machine: Machine) -> None:
    del machine.models[CHECKPOINT]
    problem = machine.problem()
    assert problem.startswith(f"{CHECKPOINT} is not set; set it in config/models.env")
    assert "snakemake animatic --cores 4 --config project=harbour" in problem


def test_a_model_that_is_not_where_its_variable_says(machine: Machine) -> None:
    machine.models[CHECKPOINT].unlink()
    problem = machine.problem()
    assert problem.startswith(f"{CHECKPOINT} is '{machine.models[CHECKPOINT]}', and there is no such file; correct it")
    assert "snakemake animatic" in problem


def test_a_lora_of_the_film_s_own_that_is_not_there(machine: Machine) -> None:
    assert machine.problem(loras=("path:look.safetensors",)).startswith("look.safetensors: no such file in")
    save(machine.film / "look.safetensors", lora())
    assert machine.problems(loras=("path:look.safetensors",)) == []


def test_every_missing_model_is_one_problem_however_many_takes_need_it(machine: Machine) -> None:
    del machine.models[CHECKPOINT], machine.models["LTX_GEMMA_ROOT"], machine.models[IC_LORA]
    problem = machine.problems("ti2vid_one_stage", "ti2vid_two_stages", "ic_lora", "dfr_pipeline", loras=(IC_LORA,))
    assert sorted(line.partition(" ")[0] for line in problem) == [CHECKPOINT, "LTX_GEMMA_ROOT", IC_LORA]


@pytest.mark.parametrize("slot", [CHECKPOINT, DISTILLED_LORA, "LTX_SPATIAL_UPSAMPLER_PATH"])
def test_a_model_whose_download_was_cut_short(machine: Machine, slot: str) -> None:
    place = machine.models[slot]
    place.write_bytes(place.read_bytes()[:-1])
    problem = machine.problem("ti2vid_two_stages")
    assert problem.startswith(f"{slot}: {place}: the file has ")
    assert "the download was cut short; fetch it again" in problem


def test_a_gemma_that_is_not_whole(machine: Machine) -> None:
    (machine.models["LTX_GEMMA_ROOT"] / "tokenizer.json").unlink()
    assert "has no tokenizer.json or tokenizer.model" in machine.problem()


def test_a_model_of_another_kind(machine: Machine) -> None:
    machine.models[CHECKPOINT] = machine.models[DISTILLED_LORA]
    problem = machine.problem()
    assert problem.startswith(f"{CHECKPOINT}: {machine.models[DISTILLED_LORA]} is a LoRA, not an LTX-2 checkpoint")
    machine.models = dict(handmade_models(machine.film / "models"))
    machine.models[DISTILLED_LORA] = machine.models[CHECKPOINT]
    assert "is a whole LTX-2 checkpoint, not a LoRA" in "\n".join(machine.problems("ti2vid_two_stages"))


def test_a_lora_that_fits_nothing(machine: Machine) -> None:
    save(machine.models[DISTILLED_LORA], lora("transformer_blocks.0.attn9.to_q"))
    problem = machine.problem("ti2vid_two_stages")
    assert problem.startswith(f"{DISTILLED_LORA}: {machine.models[DISTILLED_LORA]}: none of its 1 layers is in ")
    assert "it would have no effect" in problem


def test_a_model_of_another_generation(machine: Machine) -> None:
    save(machine.models[DISTILLED_LORA], lora(), model_version="2.5.0")
    problem = machine.problem("ti2vid_two_stages")
    assert f"{machine.models[DISTILLED_LORA]} is for LTX 2.5, but {machine.models[CHECKPOINT]} is LTX 2.3" in problem


def test_problems_of_two_models_are_reported_together(machine: Machine) -> None:
    del machine.models["LTX_GEMMA_ROOT"]
    save(machine.models[DISTILLED_LORA], lora("other"))
    problem = machine.problems("ti2vid_two_stages")
    assert sorted(line.partition(" ")[0].rstrip(":") for line in problem) == [DISTILLED_LORA, "LTX_GEMMA_ROOT"]


# -- what a model's own settings rule out ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factor", "size", "step"),
    [("2", (192, 128), 128), ("4", (256, 384), 256), ("1", (96, 64), 64), ("x", (96, 64), 64), ("0", (96, 64), 64)],
)
def test_a_canvas_that_a_reference_does_not_fit(
    machine: Machine, factor: str, size: tuple[int, int], step: int
) -> None:
    save(machine.models[IC_LORA], lora(), reference_downscale_factor=factor)
    width, height = size
    problem = machine.problem("ic_lora", loras=(IC_LORA,), width=width, height=height)
    assert problem.startswith(f"clip0.yaml: {IC_LORA} needs references at ")
    assert f"multiples of {step}, and it is {width}×{height}" in problem
    assert machine.problems("ic_lora", loras=(IC_LORA,), width=step * 2, height=step) == []


def test_a_checkpoint_that_was_not_made_for_keyframes(machine: Machine) -> None:
    problem = machine.problem("dfr_pipeline")
    assert problem == f"clip0.yaml: dfr_pipeline needs a checkpoint made for generated keyframes; {CHECKPOINT} is none"
    names = re.findall(r'"([a-z][\w.]+)": \{"dtype"', machine.models[CHECKPOINT].read_bytes().decode(errors="replace"))
    config = json.dumps({"transformer": {"use_keyframes_abs_pos_embedding": True}})
    save(machine.models[CHECKPOINT], names, model_version="2.3.0", config=config)
    assert machine.problems("dfr_pipeline") == []
    for damaged in ("[[", "[]", "{}", '{"transformer": null}', "[" * 10_000):
        save(machine.models[CHECKPOINT], names, model_version="2.3.0", config=damaged)
        assert machine.problem("dfr_pipeline") == problem


# -- the package and its settings --------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["gpu", "Disk"])
def test_a_setting_that_says_nothing(machine: Machine, word: str) -> None:
    machine.more["LTX_OFFLOAD"] = word
    assert machine.problem().startswith(
        f"LTX_OFFLOAD is {word!r}; expected one of none, resident, parked, reloaded, cpu, disk"
    )


def test_weights_that_can_t_be_streamed(machine: Machine) -> None:
    machine.more["LTX_OFFLOAD"] = "disk"
    assert machine.problems() == []
    take = PlannedTake("clip.yaml", replace(request("ti2vid_one_stage"), quantization="fp8-scaled-mm"), {})
    (problem,) = machine.problems_of(take)
    assert problem.startswith("LTX_OFFLOAD is 'disk', and ltx-pipelines can't stream weights stored as fp8-scaled-mm: ")


def test_a_checkpoint_that_can_t_be_stored_as_the_film_is_locked_to(machine: Machine) -> None:
    slots = {CHECKPOINT: "sha256-sampled:0"}
    take = PlannedTake("clip.yaml", replace(request("ti2vid_one_stage"), quantization="fp8-scaled-mm"), slots)
    (problem,) = machine.problems_of(take, replace(take, name="other.yaml"))
    assert problem.startswith(
        f"{CHECKPOINT} is not stored in fp8 with scales, as LTX_QUANTIZATION=fp8-scaled-mm needs it"
    )


@pytest.mark.parametrize(
    ("capabilities", "is_problem"),
    [(["8.6", "7.5"], True), (["8.6", "8.9"], False), (["12.0"], False), (["[N/A]"], False)],
)
def test_a_gpu_that_can_t_multiply_in_fp8(
    machine: Machine, tmp_path: Path, capabilities: list[str], is_problem: bool
) -> None:
    write_nvidia_smi(tmp_path / "bin", capabilities=capabilities)
    problem = machine.problems_of(
        PlannedTake("clip.yaml", replace(request("ti2vid_one_stage"), quantization="fp8-scaled-mm"), {})
    )
    expected = (
        "LTX_QUANTIZATION=fp8-scaled-mm needs a GPU of compute capability 8.9 or newer, and the newest here has 8.6"
    )
    assert [line.startswith(expected) for line in problem] == [True] * is_problem
    assert machine.problems() == []


def test_a_torch_that_can_t_use_the_gpu(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site/torch").mkdir(parents=True)
    (tmp_path / "site/torch/__init__.py").touch()
    version = tmp_path / "site/torch/version.py"
    version.write_text("cuda: Optional[str] = None\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert machine.problems() == []  # there is no GPU that it could use
    install_gpus(tmp_path, "24576")
    assert machine.problem().startswith("this machine has a GPU, and the torch in this Python is built for CPUs only")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert machine.problems() == []  # the CPU is what was asked for
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    version.write_text("cuda: Optional[str] = '12.8'\n")
    assert machine.problems() == []


def test_what_this_version_of_the_package_can_t_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, install: Callable[..., None]
) -> None:
    install("1.0.0")
    monkeypatch.setenv("VTX_APP_HOME", str(tmp_path / ".vtx"))
    problem = Machine(tmp_path).problems("dfr_pipeline")
    assert "clip0.yaml: dfr_pipeline is not in ltx-pipelines 1.0; it needs 1.2 or newer" in problem


@pytest.mark.skipif(importlib.util.find_spec("ltx_pipelines") is not None, reason="this Python has an ltx_pipelines")
def test_a_missing_package_is_reported_with_both_ways_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VTX_APP_HOME", str(tmp_path / ".vtx"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    problem = Machine(tmp_path).problem()
    for words in ("is not installed in this Python", "pip install", "snakemake animatic --cores 4"):
        assert words in problem


# -- room for the takes ------------------------------------------------------------------------------------


def test_a_folder_that_can_t_be_written_to(machine: Machine) -> None:
    (machine.film / "renders").write_text("a file in the folder's place")
    problem = machine.problem()
    assert problem.startswith(f"{machine.film / 'renders'} can't be written to: ")


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_of_somebody_else(machine: Machine) -> None:
    (machine.film / "renders").mkdir()
    (machine.film / "renders").chmod(0o555)
    assert machine.problem().startswith(f"{machine.film / 'renders'} can't be written to: make the folder writable")


def test_no_room_for_the_takes(machine: Machine) -> None:
    free = shutil.disk_usage(machine.film).free
    frames = 8 * (round(2 * free / 0.05 / 1024**2) // 8) + 1
    problem = machine.problem(width=1024, height=1024, frames=frames)
    found = re.fullmatch(
        r"1 take of about ([\d.]+) GB in all, and (\S+) has ([\d.]+) [GM]B left: make room .*", problem
    )
    assert found is not None, problem
    assert found[2] == str(machine.film)
    assert float(found[1]) == pytest.approx(2 * free / 1e9, rel=0.05)


def test_room_is_reckoned_by_the_takes_that_are_there(machine: Machine) -> None:
    """What would be too much by the rule of thumb is not, where takes have been a hundred times smaller."""
    free = shutil.disk_usage(machine.film).free
    frames = 8 * (round(2 * free / 0.05 / 1024**2) // 8) + 1
    old = {"renderer": "ltx", "width": 1024, "height": 1024, "frames": 10}
    machine.record("small", bytes(5_000), request=old)
    assert machine.problems(width=1024, height=1024, frames=frames) == []
    machine.record("gone", request=old)  # a take that was removed, and one that no model made
    machine.record("drawn", bytes(50_000_000), request=old | {"renderer": "animatic"})
    assert machine.problems(width=1024, height=1024, frames=frames) == []


# -- the card ----------------------------------------------------------------------------------------------


def install_gpus(folder: Path, *mebibytes: str) -> None:
    """A machine with GPUs of that much memory."""
    write_nvidia_smi(folder / "bin", *(gpu(number, size) for number, size in enumerate(mebibytes)))


def needed(machine: Machine, name: str, gigabytes: int, **facts: Any) -> None:
    old = {"renderer": "ltx", "pipeline": "ti2vid_one_stage", "width": 192, "height": 128, "frames": 9}
    machine.record(name, request=old, **({"memory": "disk", "peak_vram_bytes": gigabytes * 2**30} | facts))


def test_takes_that_needed_more_than_the_card_has(machine: Machine, tmp_path: Path) -> None:
    needed(machine, "one", 30)
    assert machine.problems() == []  # without a GPU, nothing is known of it
    install_gpus(tmp_path, "8192", "24576", "[N/A]")
    problem = machine.problem("ti2vid_one_stage", "ti2vid_two_stages")
    assert problem == (
        "clip0.yaml: takes of ti2vid_one_stage at 192×128, 9 frames needed 30.0 GiB of GPU memory and the largest GPU "
        "here has 24.0 GiB: make the clip shorter or smaller"
    )
    assert machine.problems(frames=17) == []  # nothing is known of takes of another size
    needed(machine, "two", 20)  # once it was enough
    assert machine.problems() == []


def test_takes_that_needed_much_where_there_was_much(machine: Machine, tmp_path: Path) -> None:
    install_gpus(tmp_path, "24576")
    needed(machine, "one", 70, memory="resident")
    needed(machine, "two", 0)
    (machine.film / "renders/takes/A01_S01_SH001/three.json").write_text("{")
    assert machine.problems() == []


@pytest.mark.parametrize("output", ["No devices were found", ""])
def test_a_driver_without_a_card_tells_nothing(machine: Machine, tmp_path: Path, output: str) -> None:
    needed(machine, "one", 30)
    tool = write_nvidia_smi(tmp_path / "bin")
    tool.write_text(f"#!/bin/sh\necho '{output}'\n")
    assert machine.problems() == []
