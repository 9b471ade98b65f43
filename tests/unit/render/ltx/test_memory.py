"""Where weights wait between uses, by their size and the machine's memory."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import or_
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.errors import RenderError
from vtx_app.render.ltx.call import PipelineCall, Weights
from vtx_app.render.ltx.memory import (
    MODES,
    LoadedWeights,
    Memory,
    Mode,
    can_stream,
    choose_mode,
    forced_mode,
    is_out_of_memory,
    smaller_mode,
)
from vtx_app.render.ltx.package import LtxPackage

GB = 10**9
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


def test_a_setting_that_the_package_is_too_old_for_is_refused() -> None:
    assert forced_mode("", None, OLD) is None
    for setting in ("none", "resident"):
        assert forced_mode(setting, None, OLD) == MODES["resident"]
    for setting in ("parked", "reloaded", "cpu", "disk"):
        with pytest.raises(RenderError, match=rf"LTX_OFFLOAD is '{setting}', .* 1\.0 has no --offload .*: unset it"):
            forced_mode(setting, None, OLD)


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


def test_a_setting_that_would_stream_what_can_t_be_streamed_is_refused() -> None:
    for quantization in (None, "fp8-cast"):
        assert forced_mode("disk", quantization, NEW) == MODES["disk"]
    assert forced_mode("parked", "fp8-scaled-mm", NEW) == MODES["parked"]
    for setting in ("cpu", "disk"):
        with pytest.raises(RenderError, match=f"LTX_OFFLOAD is '{setting}'.* stored as fp8-scaled-mm: leave it empty"):
            forced_mode(setting, "fp8-scaled-mm", NEW)


def test_weights_are_parked_only_if_main_memory_has_room() -> None:
    assert smaller_mode(MODES["resident"], call(), Memory(0, 97 * GB), NEW) == MODES["reloaded"]
    assert smaller_mode(MODES["resident"], call(), Memory(0, 98 * GB), NEW) == MODES["parked"]
    assert smaller_mode(MODES["resident"], call(lora=GB), Memory(0, 98 * GB), NEW) == MODES["reloaded"]


# -- errors ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        "OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 23.64 GiB",
        "RuntimeError: CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported",
        "AcceleratorError: CUDA error: out of memory",
        "RuntimeError: CUDA driver error: out of memory",
        "RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "RuntimeError: cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "RuntimeError: Triton Error [CUDA]: out of memory",
        "OutOfMemoryError: HIP out of memory. Tried to allocate 2.00 GiB",
    ],
)
def test_the_many_errors_of_a_full_gpu(error: str) -> None:
    assert is_out_of_memory(error)


@pytest.mark.parametrize(
    "error",
    [
        "RuntimeError: CUDA error: device-side assert triggered",
        "RuntimeError: CUDA error: an illegal memory access was encountered",
        "RuntimeError: [enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate memory",
        "MemoryError: ",
        "ValueError: the prompt says that the hero runs out of memory",
    ],
)
def test_other_errors_are_not_those_of_a_full_gpu(error: str) -> None:
    assert not is_out_of_memory(error)


# -- loaded weights ----------------------------------------------------------------------------------------

FULL, DISTILLED, GEMMA = (
    Weights("/m/full", "transformer", 46 * GB),
    Weights("/m/distilled", "transformer", 46 * GB),
    Weights("/m/gemma", "text encoder", 24 * GB),
)


def loads(*weights: Weights, lora: int = 0, quantization: str | None = None) -> PipelineCall:
    loras = (Weights("/m/lora", "LoRA", lora),) if lora else ()
    return PipelineCall("distilled", Path("/o.mp4"), "", weights=(*weights, *loras), quantization=quantization)


def after(*calls: PipelineCall) -> LoadedWeights:
    return reduce(or_, map(LoadedWeights.of, calls))


def test_a_second_checkpoint_evicts_the_first_if_main_memory_is_too_small() -> None:
    """They need 116 GB together: with less, the kernel would kill the worker."""
    loaded = after(loads(FULL, GEMMA))
    parked = MODES["parked"]
    assert not loaded.leave_room_for(loads(DISTILLED, GEMMA), parked, Memory(80 * GB, 128 * GB))
    assert loaded.leave_room_for(loads(DISTILLED, GEMMA), parked, Memory(80 * GB, 256 * GB))
    assert loaded.leave_room_for(loads(FULL, GEMMA), parked, Memory(80 * GB, 1 * GB))  # nothing else is loaded


def test_the_gpu_needs_room_for_the_copy_that_loras_are_fused_into() -> None:
    loaded = after(loads(FULL, GEMMA))
    memory = Memory(160 * GB, 64 * GB)
    assert loaded.leave_room_for(loads(DISTILLED, GEMMA), MODES["resident"], memory)  # 116 of 120
    assert not loaded.leave_room_for(loads(DISTILLED, GEMMA, lora=1 * GB), MODES["resident"], memory)


def test_loras_are_kept_in_main_memory() -> None:
    loras = [loads(Weights(f"/m/{index}", "LoRA", 7 * GB)) for index in range(8)]
    next_call = loads(FULL, lora=1 * GB)
    assert not after(*loras).leave_room_for(next_call, MODES["resident"], Memory(800 * GB, 64 * GB))
    assert after(*loras).leave_room_for(next_call, MODES["resident"], Memory(800 * GB, 96 * GB))


def test_weights_that_are_stored_in_two_ways_are_loaded_twice() -> None:
    loaded = after(loads(FULL), loads(FULL, quantization="fp8-cast"))
    assert len(loaded.models) == 2
    assert len(after(loads(FULL), loads(FULL)).models) == 1


def test_a_mode_that_keeps_nothing_always_has_room() -> None:
    loaded = after(loads(FULL, GEMMA))
    for name in ("reloaded", "disk", "cpu"):
        assert loaded.leave_room_for(loads(DISTILLED, GEMMA), MODES[name], Memory(8 * GB, 8 * GB))


@pytest.mark.parametrize(
    ("mode", "models", "loras", "fused", "gpu", "main", "fits"),
    [
        ("resident", 60, 0, 0, 80, 0, True),
        ("resident", 61, 0, 0, 80, 1000, False),
        ("resident", 40, 0, 21, 80, 1000, False),
        ("resident", 40, 8, 0, 80, 10, False),  # LoRAs are kept in main memory
        ("resident", 70, 0, 40, None, 100, True),  # without a GPU, main memory is all there is
        ("parked", 60, 10, 40, 80, 100, True),
        ("parked", 60, 11, 0, 80, 100, False),
        ("reloaded", 1000, 1000, 1000, 80, 1, True),
        ("disk", 1000, 1000, 1000, 80, 1, True),
    ],
)
def test_the_memory_that_loaded_weights_need(
    mode: str, models: int, loras: int, fused: int, gpu: int | None, main: int, fits: bool
) -> None:
    loaded = LoadedWeights({("/m", None): models}, {"/l": loras})
    assert loaded.fit(MODES[mode], Memory(gpu, main), fused=fused) == fits
