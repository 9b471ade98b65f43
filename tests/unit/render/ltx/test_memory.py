"""Where weights wait between uses, by their size and the machine's memory."""

from __future__ import annotations

from functools import reduce
from operator import or_
from pathlib import Path

import pytest

from vtx_app.errors import RenderError
from vtx_app.render.ltx.call import PipelineCall, Weights
from vtx_app.render.ltx.memory import (
    MODES,
    LoadedWeights,
    Memory,
    forced_mode,
    is_out_of_memory,
)
from vtx_app.render.ltx.package import LtxPackage

GB = 10**9
OLD, NEW = LtxPackage((1, 0)), LtxPackage((1, 2))
# -- the setting --------------------------------------------------------------------------------------------


def test_a_setting_that_the_package_is_too_old_for_is_refused() -> None:
    assert forced_mode("", None, OLD) is None
    for setting in ("none", "resident"):
        assert forced_mode(setting, None, OLD) == MODES["resident"]
    for setting in ("parked", "reloaded", "cpu", "disk"):
        with pytest.raises(RenderError, match=rf"LTX_OFFLOAD is '{setting}', .* 1\.0 has no --offload .*: unset it"):
            forced_mode(setting, None, OLD)


def test_a_setting_that_would_stream_what_can_t_be_streamed_is_refused() -> None:
    for quantization in (None, "fp8-cast"):
        assert forced_mode("disk", quantization, NEW) == MODES["disk"]
    assert forced_mode("parked", "fp8-scaled-mm", NEW) == MODES["parked"]
    for setting in ("cpu", "disk"):
        with pytest.raises(RenderError, match=f"LTX_OFFLOAD is '{setting}'.* stored as fp8-scaled-mm: leave it empty"):
            forced_mode(setting, "fp8-scaled-mm", NEW)


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
