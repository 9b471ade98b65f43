"""What would stop a render is found before it begins, from headers, and from what this machine has."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kit.gpus import write_nvidia_smi
from kit.ltx.machine import CHECKPOINT, Machine, install_gpus, plain_request
from vtx_app.formats.pipelines import DISTILLED_LORA, IC_LORA
from vtx_app.render.ltx.preflight.models import PlannedTake


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


@pytest.mark.parametrize("word", ["gpu", "Disk"])
def test_a_setting_that_says_nothing(machine: Machine, word: str) -> None:
    machine.more["LTX_OFFLOAD"] = word
    assert machine.problem().startswith(
        f"LTX_OFFLOAD is {word!r}; expected one of none, resident, parked, reloaded, cpu, disk"
    )


def test_weights_that_can_t_be_streamed(machine: Machine) -> None:
    machine.more["LTX_OFFLOAD"] = "disk"
    assert machine.problems() == []
    take = PlannedTake("clip.yaml", replace(plain_request("ti2vid_one_stage"), quantization="fp8-scaled-mm"), {})
    (problem,) = machine.problems_of(take)
    assert problem.startswith("LTX_OFFLOAD is 'disk', and ltx-pipelines can't stream weights stored as fp8-scaled-mm: ")


def test_a_checkpoint_that_can_t_be_stored_as_the_film_is_locked_to(machine: Machine) -> None:
    slots = {CHECKPOINT: "sha256-sampled:0"}
    take = PlannedTake("clip.yaml", replace(plain_request("ti2vid_one_stage"), quantization="fp8-scaled-mm"), slots)
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
        PlannedTake("clip.yaml", replace(plain_request("ti2vid_one_stage"), quantization="fp8-scaled-mm"), {})
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
    assert machine.problems() == []  # the CPU was requested
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
