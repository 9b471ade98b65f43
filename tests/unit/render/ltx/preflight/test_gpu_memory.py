"""How takes fit into this machine's GPU: what is said of them, and the ways out for those that don't."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kit.ltx.full_size import full_size_models
from kit.ltx.machine import Machine, install_gpus, plain_request
from vtx_app.compile.request import ModelInput, RenderRequest, canonical_json
from vtx_app.formats.film_lock import FilmLock
from vtx_app.formats.pipelines import model_slots
from vtx_app.models.locked import LockedModels
from vtx_app.render.ltx.package import LtxPackage
from vtx_app.render.ltx.preflight.gpu_memory import gpu_memory_lines, gpu_memory_problems
from vtx_app.render.ltx.preflight.models import PlannedTake

NEW = LtxPackage((1, 2))
H100, RTX_4090, LAPTOP = "81559", "24564", "8188"
SECONDS_5, SECONDS_7, SECONDS_15 = 121, 169, 361


@pytest.fixture
def machine(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with LTX-2.5 in parts."""
    machine.models = full_size_models(tmp_path / "models")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return machine


def request(pipeline: str, frames: int, width: int = 1280, height: int = 704, **changes: Any) -> RenderRequest:
    models = tuple(ModelInput(slot, f"sha256-sampled:{slot}") for slot in model_slots(pipeline, split=True))
    plain = plain_request(pipeline, width=width, height=height, frames=frames, models=models)
    return replace(plain, rate=Fraction(24), options=None, **changes)


def takes(*requests: RenderRequest) -> list[PlannedTake]:
    return [
        PlannedTake(f"shot{number}.yaml", each, {model.slot: model.fingerprint for model in each.models})
        for number, each in enumerate(requests)
    ]


def models_of(machine: Machine) -> LockedModels:
    variables = {name: str(path) for name, path in machine.models.items()} | machine.more
    return LockedModels(machine.film, FilmLock(), variables)


def lines(machine: Machine, *requests: RenderRequest) -> list[str]:
    """Return what is said, without what hangs on the main memory of the machine that runs the tests."""
    said = gpu_memory_lines(takes(*requests), models_of(machine), NEW)
    return [line.replace("LTX_OFFLOAD=reloaded", "LTX_OFFLOAD=parked") for line in said]


def problems(machine: Machine, *requests: RenderRequest, package: LtxPackage = NEW) -> list[str]:
    return list(gpu_memory_problems(takes(*requests), models_of(machine), package))


def record(machine: Machine, name: str, old: RenderRequest, gibibytes: float, mode: str = "disk") -> None:
    peak = round(gibibytes * 2**30)
    facts = {
        "memory": mode,
        "peak_vram_bytes": 80 * 10**9,
        "peak_vram_before_decode_bytes": peak,
        "ltx": {"ltx-pipelines": "1.2.0"},
    }
    machine.record(name, request=json.loads(canonical_json(old)), **facts)


# -- what is said --------------------------------------------------------------------------------------


def test_an_h100_renders_bf16_with_weights_parked(machine: Machine, tmp_path: Path) -> None:
    """All of them on the GPU would need more than 80 GB."""
    install_gpus(tmp_path, H100)
    assert lines(machine, request("ti2vid_two_stages", SECONDS_5)) == [
        "GPU memory: 1 take fits with LTX_OFFLOAD=parked; the largest, ti2vid_two_stages, 1280×704, 121 frames: "
        "39.9 GiB of 79.1 GiB, estimated"
    ]
    assert problems(machine, request("ti2vid_two_stages", SECONDS_5)) == []


def test_a_4090_renders_fp8_with_weights_streamed(machine: Machine, tmp_path: Path) -> None:
    """Its text encoder alone is as large as the card."""
    install_gpus(tmp_path, RTX_4090)
    seven = request("distilled", SECONDS_7, quantization="fp8-cast")
    assert lines(machine, seven) == [
        "GPU memory: 1 take fits with LTX_OFFLOAD=disk; the largest, distilled, 1280×704, 169 frames: "
        "10.1 GiB of 23.5 GiB, estimated"
    ]
    assert problems(machine, seven) == []


def test_a_model_that_is_small_enough_stays_on_the_gpu(machine: Machine, tmp_path: Path) -> None:
    install_gpus(tmp_path, H100)
    machine.models["LTX_VIDEO_VAE_PATH"] = machine.models["LTX_AUDIO_VAE_PATH"]  # no diffusion
    (line,) = lines(machine, request("distilled", SECONDS_5, quantization="fp8-cast"))
    assert line.startswith("GPU memory: 1 take fits; the largest, distilled, ")


def test_each_mode_has_a_line_and_the_worst_comes_first(machine: Machine, tmp_path: Path) -> None:
    install_gpus(tmp_path, LAPTOP, H100)
    small, large = request("distilled", SECONDS_5), request("distilled", SECONDS_15, 2560, 1408)
    first, second = lines(machine, small, large, small, replace(small, frames=9), replace(large, seed=8))
    assert first.startswith("GPU memory: 2 takes fit with LTX_OFFLOAD=disk; the largest, distilled, 2560×1408, 361")
    assert second.startswith("GPU memory: 3 takes fit with LTX_OFFLOAD=parked; the largest, distilled, 1280×704, 121")


def test_earlier_takes_replace_the_estimate(machine: Machine, tmp_path: Path) -> None:
    install_gpus(tmp_path, RTX_4090)
    take = request("distilled", SECONDS_5)
    record(machine, "one", replace(take, seed=9, prompt="A gull."), 21.5)
    (line,) = lines(machine, take)
    assert line.endswith(
        " with LTX_OFFLOAD=disk; the largest, distilled, 1280×704, 121 frames: 21.5 GiB of 23.5 GiB, by earlier takes"
    )


@pytest.mark.parametrize(
    ("setting", "verdict"),
    [
        ("none", "may not fit with LTX_OFFLOAD=none, leave it empty"),
        ("parked", "may not fit with LTX_OFFLOAD=parked, leave it empty"),
        ("disk", "fits with LTX_OFFLOAD=disk"),
        ("cpu", "fits with LTX_OFFLOAD=cpu"),
    ],
)
def test_the_setting_counts(machine: Machine, tmp_path: Path, setting: str, verdict: str) -> None:
    install_gpus(tmp_path, RTX_4090)
    machine.models["LTX_VIDEO_VAE_PATH"] = machine.models["LTX_AUDIO_VAE_PATH"]
    machine.more["LTX_OFFLOAD"] = setting
    (line,) = lines(machine, request("distilled", SECONDS_5))
    assert line.startswith(f"GPU memory: 1 take {verdict}; the largest")


def test_a_process_of_its_own_keeps_nothing(machine: Machine, tmp_path: Path) -> None:
    install_gpus(tmp_path, H100)
    machine.models["LTX_VIDEO_VAE_PATH"] = machine.models["LTX_AUDIO_VAE_PATH"]
    machine.more["VTX_RUNNER"] = "process"
    said = gpu_memory_lines(takes(request("distilled", SECONDS_5)), models_of(machine), NEW)
    assert said[0].startswith("GPU memory: 1 take fits with LTX_OFFLOAD=reloaded; ")


# -- what is not said ----------------------------------------------------------------------------------


def test_without_a_gpu_nothing_is_said(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop plans films for other machines."""
    huge = request("distilled", SECONDS_15, 3840, 2176)
    assert (lines(machine, huge), problems(machine, huge)) == ([], [])
    install_gpus(tmp_path, "[N/A]")
    assert (lines(machine, huge), problems(machine, huge)) == ([], [])
    install_gpus(tmp_path, LAPTOP)
    assert len(lines(machine, huge)) == len(problems(machine, huge)) == 1
    for hidden in ("", "-1", "1"):
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
        assert (lines(machine, huge), problems(machine, huge)) == ([], [])


def test_only_visible_gpus_count(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_gpus(tmp_path, LAPTOP, RTX_4090, H100)
    for visible, size in (("0,1", "23.5 GiB"), ("0", "7.5 GiB"), ("GPU-5f0c0002", "79.1 GiB"), ("0,-1,2", "7.5 GiB")):
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
        (line,) = lines(machine, request("distilled", 9))
        assert line.endswith(f" of {size}, estimated")


def test_of_takes_whose_models_are_not_here_nothing_is_said(machine: Machine, tmp_path: Path) -> None:
    install_gpus(tmp_path, LAPTOP)
    huge = request("distilled", SECONDS_15, 3840, 2176)
    machine.models["LTX_TEXT_ENCODER_PATH"].unlink()
    assert (lines(machine, huge), problems(machine, huge)) == ([], [])


# -- what is refused -----------------------------------------------------------------------------------


def test_what_no_mode_leaves_room_for_is_refused_with_the_ways_out(machine: Machine, tmp_path: Path) -> None:
    install_gpus(tmp_path, LAPTOP)
    large = request("distilled", SECONDS_15, 1920, 1088)
    assert problems(machine, large, replace(large, seed=8)) == [
        "shot0.yaml (and 1 like it): distilled, 1920×1088, 361 frames needs at least 9.3 GiB of GPU memory, and the "
        "largest GPU here has 7.5 GiB for it: make it shorter: 25 frames (1.0 s), or make it smaller: 576×320"
    ]
    (line,) = lines(machine, large)
    assert line.startswith("GPU memory: 1 take can't be rendered on this GPU; ")


def test_what_only_may_not_fit_is_not_refused(machine: Machine, tmp_path: Path) -> None:
    install_gpus(tmp_path, LAPTOP)
    long = request("distilled", SECONDS_15)
    assert problems(machine, long) == []
    assert lines(machine, long)[0].startswith("GPU memory: 1 take may not fit with LTX_OFFLOAD=disk; ")


def test_weights_stored_in_less_are_the_last_way_out(machine: Machine, tmp_path: Path) -> None:
    install_gpus(tmp_path, "32607")  # an RTX 5090
    (problem,) = problems(machine, request("ti2vid_one_stage", SECONDS_5), package=LtxPackage((1, 0)))
    assert problem == (
        "shot0.yaml: ti2vid_one_stage, 1280×704, 121 frames needs at least 34.0 GiB of GPU memory, and the largest GPU "
        "here has 31.3 GiB for it: lock the film to LTX_QUANTIZATION=fp8-cast (it changes pixels: vtx models lock)"
    )


def test_what_a_take_like_it_needed_is_refused(machine: Machine, tmp_path: Path) -> None:
    take = request("distilled", SECONDS_5)
    record(machine, "one", take, 30)
    assert problems(machine, take) == []  # without a GPU, nothing is known of it
    install_gpus(tmp_path, LAPTOP, RTX_4090, "[N/A]")
    (problem,) = problems(machine, take)
    assert problem.startswith(
        "shot0.yaml: distilled, 1280×704, 121 frames needs at least 30.0 GiB of GPU memory, and the largest GPU here "
        "has 23.5 GiB for it: "
    )
    assert problems(machine, request("ti2vid_two_stages", SECONDS_5)) == []
    record(machine, "two", take, 20)  # once it was enough
    assert problems(machine, take) == []


def test_what_was_measured_where_there_was_room_refuses_nothing(machine: Machine, tmp_path: Path) -> None:
    install_gpus(tmp_path, RTX_4090)
    take = request("distilled", SECONDS_5)
    record(machine, "one", take, 70, mode="resident")
    record(machine, "two", take, 70, mode="parked")
    assert problems(machine, take) == []


def test_the_gpus_are_looked_up_once(machine: Machine, tmp_path: Path) -> None:
    """``nvidia-smi`` can take seconds, and a dry-run asks for what it says and for what it refuses."""
    install_gpus(tmp_path, RTX_4090)
    tool, asked = tmp_path / "bin/nvidia-smi", tmp_path / "asked"
    tool.write_text(tool.read_text().replace("#!/bin/sh\n", f"#!/bin/sh\necho $1 >> '{asked}'\n"))
    shot = request("ti2vid_two_stages", SECONDS_5)
    assert lines(machine, shot)
    assert problems(machine, shot) == []
    assert len(asked.read_text().splitlines()) == 1
