"""Which memory mode a call runs in, by the plan and by both runners."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.gpus import gpu, write_nvidia_smi
from kit.ltx.handmade import save
from vtx_app.errors import RenderError
from vtx_app.render.ltx.call import PipelineCall, Weights
from vtx_app.render.ltx.fit import Fit, choose_mode, fit, gpus_for, process_mode, require_fit, smaller_mode, usable
from vtx_app.render.ltx.memory import MODES, Memory, Mode, can_stream, forced_mode
from vtx_app.render.ltx.package import LtxPackage

GB = 10**9
MIB = 2**20
OLD, NEW = LtxPackage((1, 0)), LtxPackage((1, 2))
LOOSEST_FIRST = ["resident", "parked", "reloaded", "cpu", "disk"]
BYTES = st.integers(0, 400 * GB)


def call(
    transformer: int = 40 * GB,
    encoder: int = 24 * GB,
    other: int = 4 * GB,
    lora: int | None = None,
    offload: str = "",
    quantization: str | None = None,
) -> PipelineCall:
    weights = (
        Weights("/m/transformer", "transformer", transformer),
        Weights("/m/encoder", "text encoder", encoder),
        Weights("/m/other", "other", other),
        *([Weights("/m/lora", "LoRA", lora)] if lora is not None else []),
    )
    return PipelineCall("distilled", Path("/o.mp4"), "", weights=weights, offload=offload, quantization=quantization)


LORAS = st.sampled_from([None, 0])
CALLS = st.builds(call, BYTES, BYTES, BYTES, LORAS)
MEMORY = st.builds(Memory, BYTES, BYTES)


def looseness(mode: Mode) -> int:
    return -LOOSEST_FIRST.index(mode.name)


def smaller_modes(mode: Mode, call: PipelineCall, memory: Memory) -> list[Mode]:
    """Return the mode and all that are tried after it."""
    found = [mode]
    while (smaller := smaller_mode(found[-1], call, memory, NEW)) is not None:
        found.append(smaller)
    return found


# -- the mode of a call ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gpu", "main", "lora", "mode"),
    [
        (None, 0, 0, "resident"),  # without a GPU there is only one memory
        (91 * GB, 0, None, "resident"),  # three quarters of it hold all 68
        (90 * GB, 98 * GB, None, "parked"),
        (91 * GB, 98 * GB, 0, "parked"),  # 108 with the copy that LoRAs are fused into
        (145 * GB, 0, 0, "resident"),
        (60 * GB, 98 * GB, None, "parked"),  # 44 at a time, and main memory holds all
        (60 * GB, 97 * GB, None, "reloaded"),  # main memory does not: each is reloaded for its use
        (58 * GB, 400 * GB, None, "disk"),  # the transformer alone is too large
        (0, 0, None, "disk"),
    ],
)
def test_the_loosest_mode_that_fits(gpu: int | None, main: int, lora: int | None, mode: str) -> None:
    assert choose_mode(call(lora=lora), Memory(gpu, main), NEW) == MODES[mode]


def test_models_of_unknown_size_are_resident() -> None:
    assert choose_mode(call(0, 0, 0, 0), Memory(8 * GB, 0), NEW) == MODES["resident"]


def test_a_package_without_offload_keeps_nothing_but_is_resident() -> None:
    assert choose_mode(call(), Memory(0, 0), OLD) == MODES["resident"]
    assert smaller_mode(MODES["resident"], call(), Memory(0, 0), OLD) is None


SETTINGS = [
    ("none", "resident"),
    ("resident", "resident"),
    ("parked", "parked"),
    ("reloaded", "reloaded"),
    ("cpu", "cpu"),
    ("disk", "disk"),
]


@pytest.mark.parametrize(("setting", "mode"), SETTINGS)
@given(call=CALLS, memory=st.builds(Memory, st.none() | BYTES, BYTES))
def test_a_setting_decides_whatever_the_memory(setting: str, mode: str, call: PipelineCall, memory: Memory) -> None:
    assert choose_mode(replace(call, offload=setting), memory, NEW) == MODES[mode]


@pytest.mark.parametrize("setting", ["gpu", "CPU", "Disk", " disk", "0", "disk,cpu"])
def test_an_unknown_setting_is_refused(setting: str) -> None:
    expected = f"LTX_OFFLOAD is {setting!r}; expected one of none, resident, parked, reloaded, cpu, disk"
    for refuse in (
        lambda: forced_mode(setting, None, NEW),
        lambda: choose_mode(call(offload=setting), Memory(None, 0), NEW),
    ):
        with pytest.raises(RenderError) as caught:
            refuse()
        assert str(caught.value).startswith(expected)


@given(CALLS, MEMORY, BYTES)
def test_more_memory_is_never_a_tighter_mode(call: PipelineCall, memory: Memory, more: int) -> None:
    assert memory.gpu is not None
    chosen = looseness(choose_mode(call, memory, NEW))
    assert looseness(choose_mode(call, replace(memory, gpu=memory.gpu + more), NEW)) >= chosen
    assert looseness(choose_mode(call, replace(memory, main=memory.main + more), NEW)) >= chosen
    without_loras = replace(call, weights=call.weights[:3])
    assert looseness(choose_mode(without_loras, memory, NEW)) >= chosen


@given(CALLS, MEMORY)
def test_the_chosen_mode_fits(call: PipelineCall, memory: Memory) -> None:
    assert memory.gpu is not None
    mode = choose_mode(call, memory, NEW)
    total = sum(weights.size for weights in call.weights)
    if mode.keeps == "GPU":
        assert total + (call.size("transformer") if call.has_loras else 0) <= memory.gpu
    elif mode.keeps == "main memory":
        assert total <= memory.main


# -- the next mode -----------------------------------------------------------------------------------------


@given(st.sampled_from(sorted(MODES)), CALLS, MEMORY)
def test_tighter_and_tighter_ends_on_disk(name: str, call: PipelineCall, memory: Memory) -> None:
    modes = smaller_modes(MODES[name], call, memory)
    assert [looseness(mode) for mode in modes] == sorted({looseness(mode) for mode in modes}, reverse=True)
    assert modes[-1].name == "disk"


@given(st.sampled_from(["", "none", "resident", "parked", "cpu", "disk"]), CALLS, st.none() | BYTES, BYTES)
def test_weights_are_never_kept_and_streamed_at_once(
    setting: str, call: PipelineCall, gpu: int | None, main: int
) -> None:
    """From main memory, that pair silently gives wrong pictures."""
    memory = Memory(gpu, main)
    for mode in smaller_modes(choose_mode(replace(call, offload=setting), memory, NEW), call, memory):
        assert mode.offload == "none" or mode.keeps == "nothing"


@pytest.mark.parametrize("quantization", ["fp8-scaled-mm", "nvfp4-cast", "nvfp4-prequant"])
@given(call=CALLS, memory=MEMORY)
def test_what_the_package_can_t_stream_is_never_streamed(quantization: str, call: PipelineCall, memory: Memory) -> None:
    assert not can_stream(quantization)
    stored = replace(call, quantization=quantization)
    for mode in smaller_modes(choose_mode(stored, memory, NEW), stored, memory):
        assert mode.offload == "none"


def test_weights_are_parked_only_if_main_memory_has_room() -> None:
    assert smaller_mode(MODES["resident"], call(), Memory(0, 97 * GB), NEW) == MODES["reloaded"]
    assert smaller_mode(MODES["resident"], call(), Memory(0, 98 * GB), NEW) == MODES["parked"]
    assert smaller_mode(MODES["resident"], call(lora=GB), Memory(0, 98 * GB), NEW) == MODES["reloaded"]


# -- by the size of the picture ----------------------------------------------------------------------------


def sized(tokens: int, **fields: Any) -> PipelineCall:
    """A call of that many tokens: 40 GB, an encoder of 24 and 4 more, streamed a GB at a time."""
    weights = tuple(replace(each, streamed=GB) for each in call().weights)
    return replace(call(), weights=weights, tokens=tokens, **fields)


@pytest.mark.parametrize(
    ("tokens", "gpu", "mode"),
    [
        (20_000, 75 * GB, "resident"),  # 68, and 7 of work
        (20_000, 74 * GB, "parked"),
        (80_000, 72 * GB, "parked"),  # 44 and 28
        (80_001, 72 * GB, "disk"),
    ],
)
def test_a_longer_or_larger_take_leaves_less_room_for_weights(tokens: int, gpu: int, mode: str) -> None:
    assert choose_mode(sized(tokens), Memory(gpu, 98 * GB), NEW) == MODES[mode]


def test_a_measured_take_decides_in_the_place_of_the_estimate() -> None:
    memory = Memory(72 * GB, 98 * GB)
    large = sized(20_000, peaks=(("resident", 20_000, 80 * GB),))
    assert choose_mode(replace(large, peaks=()), Memory(76 * GB, 98 * GB), NEW).name == "resident"
    assert choose_mode(large, Memory(76 * GB, 98 * GB), NEW).name == "parked"
    frugal = sized(80_001, peaks=(("parked", 80_001, 50 * GB),))
    assert choose_mode(frugal, memory, NEW).name == "parked"


def test_a_decoder_that_tiles_by_free_memory_keeps_no_weights_on_the_gpu(tmp_path: Path) -> None:
    vae = save(tmp_path / "vae.safetensors", ["vae.decoder.a"], config='{"vae": {"_class_name": "Diffusion"}}')
    diffusion = replace(call(), weights=(*call().weights, Weights(str(vae), "other", 0)))
    for setting in ("", "none"):
        each = replace(diffusion, offload=setting)
        assert choose_mode(each, Memory(800 * GB, 98 * GB), NEW).name == "parked"
        assert choose_mode(each, Memory(800 * GB, 0), NEW).name == "reloaded"
        assert choose_mode(each, Memory(None, 98 * GB), NEW).name == "resident"
        assert choose_mode(each, Memory(800 * GB, 0), OLD).name == "resident"


@given(CALLS, MEMORY)
def test_nothing_stays_loaded_after_a_process(call: PipelineCall, memory: Memory) -> None:
    mode = process_mode(call, memory, NEW)
    assert mode.keeps == "nothing"
    assert mode.offload == choose_mode(call, memory, NEW).offload


# -- whether it fits ---------------------------------------------------------------------------------------


def fit_of(call: PipelineCall, gpu: int | None, package: LtxPackage = NEW) -> Fit:
    memory = Memory(gpu, 98 * GB)
    return fit(call, choose_mode(call, memory, package), memory, package)


def test_what_fits_is_what_its_mode_needs() -> None:
    found = fit_of(sized(20_000), 75 * GB)
    assert (found.mode.name, found.fits, found.refused) == ("resident", True, False)
    assert found.needs.total == 68 * GB + 20_000 * 350_000


def test_a_take_is_refused_only_if_it_certainly_needs_more_in_the_most_frugal_mode() -> None:
    """Streamed, it needs 5 GB for weights; 50,000 tokens are 17.5 GB by the estimate, and 4.1 at least."""
    found = fit_of(sized(50_000), 12 * GB)
    assert (found.mode.name, found.fits, found.refused) == ("disk", False, False)
    assert fit_of(sized(50_000), 5 * GB).refused
    assert not fit_of(sized(50_000, offload="none"), 12 * GB).refused  # it is tried again, streamed
    assert not fit_of(sized(0), 1 * GB).refused  # of unknown size
    assert not fit_of(sized(50_000), None).refused


def test_a_take_is_refused_if_one_like_it_needed_more() -> None:
    needed = (("disk", 40_000, 13 * GB),)
    assert fit_of(sized(50_000, peaks=needed), 12 * GB).refused
    assert not fit_of(sized(30_000, peaks=needed), 12 * GB).refused
    assert not fit_of(sized(50_000, peaks=needed), 14 * GB).refused
    assert not fit_of(sized(50_000, peaks=(*needed, ("disk", 60_000, 11 * GB))), 12 * GB).refused


def test_what_can_t_be_streamed_is_refused_by_the_size_of_its_largest_model() -> None:
    scaled = sized(100, quantization="fp8-scaled-mm")
    assert fit_of(scaled, 39 * GB).refused
    assert not fit_of(scaled, 41 * GB).refused


def test_a_package_without_offload_loads_one_model_after_the_other() -> None:
    found = fit_of(sized(10_000), 48 * GB, OLD)
    assert (found.fits, found.refused) == (True, False)
    assert fit_of(sized(10_000), 39 * GB, OLD).refused
    seen = fit_of(sized(10_000, peaks=(("resident", 10_000, 60 * GB),)), 48 * GB, OLD)
    assert (seen.fits, seen.refused, seen.needs.measured) == (False, True, True)


def test_a_runner_refuses_before_it_loads_anything() -> None:
    memory = Memory(5 * 2**30, 98 * GB)
    require_fit(sized(10), MODES["disk"], memory, NEW)
    with pytest.raises(RenderError) as caught:
        require_fit(sized(100_000), MODES["disk"], memory, NEW)
    assert str(caught.value) == (
        "distilled needs at least 8.6 GiB of GPU memory, and 5.0 GiB are free: make the clip shorter, or smaller"
    )


def test_a_part_of_a_gpu_is_cuda_s_own() -> None:
    assert usable(24564 * 2**20) == 24052 * 2**20
    assert usable(0) == 0


def test_a_card_that_is_too_small_is_not_given_the_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    write_nvidia_smi(tmp_path, gpu(0, "4096"), gpu(1, "81559"), gpu(2, "[N/A]"))
    needs_more = replace(call(quantization="fp8-scaled-mm"), tokens=10)
    needed = fit_of(needs_more, None).least
    assert 4096 * MIB < needed < 81559 * MIB
    assert [*gpus_for(needs_more, ("0", "1", "2"), NEW)] == ["1", "2"]  # of the last nothing is known
    assert [*gpus_for(needs_more, ("0", "GPU-5f0c0001"), NEW)] == ["GPU-5f0c0001"]
    assert [*gpus_for(needs_more, ("0",), NEW)] == ["0"]  # require_fit says what is wrong
    write_nvidia_smi(tmp_path, gpu(0, "4096"), gpu(1, "2048"))
    assert [*gpus_for(needs_more, ("0", "1"), NEW)] == ["0", "1"]
