"""Where weights wait, by what there is of them and of memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.errors import RenderError
from vtx_app.render.ltx.memory import (
    MODES,
    Mode,
    choose,
    fits_together,
    is_out_of_memory,
    require_streamable,
    streams,
    tighter,
)

GB = 10**9
WEIGHTS = {"transformer": 40 * GB, "text_encoder": 24 * GB, "rest": 4 * GB}
LOOSEST_FIRST = ["resident", "parked", "reloaded", "cpu", "disk"]
BYTES = st.integers(0, 400 * GB)
SIZES = st.fixed_dictionaries(dict.fromkeys(WEIGHTS, BYTES))


def looseness(mode: Mode) -> int:
    return -LOOSEST_FIRST.index(mode.name)


@pytest.mark.parametrize(
    ("card", "main", "fused", "mode"),
    [
        (None, 0, True, "resident"),  # without a card there is but one memory
        (91 * GB, 0, False, "resident"),  # three quarters of it hold all 68
        (90 * GB, 98 * GB, False, "parked"),
        (91 * GB, 98 * GB, True, "parked"),  # 108 with the copy that LoRAs are fused into
        (145 * GB, 0, True, "resident"),
        (60 * GB, 98 * GB, False, "parked"),  # 44 at a time, and main memory holds all
        (60 * GB, 97 * GB, False, "reloaded"),  # main memory does not: each is read anew when its turn comes
        (58 * GB, 400 * GB, False, "disk"),  # the transformer alone is too large
        (0, 0, False, "disk"),
    ],
)
def test_the_loosest_mode_that_there_is_room_for(card: int | None, main: int, fused: bool, mode: str) -> None:
    assert choose("", WEIGHTS, card, main, fused=fused) == MODES[mode]


def test_models_of_unknown_size_are_resident() -> None:
    assert choose("", {}, 8 * GB, 0, fused=True) == MODES["resident"]


@pytest.mark.parametrize(
    ("said", "mode"),
    [
        ("none", "resident"),
        ("resident", "resident"),
        ("parked", "parked"),
        ("reloaded", "reloaded"),
        ("cpu", "cpu"),
        ("disk", "disk"),
    ],
)
@given(weights=SIZES, card=st.none() | BYTES, main=BYTES, fused=st.booleans())
def test_a_word_decides_whatever_there_is(
    said: str, mode: str, weights: dict[str, int], card: int | None, main: int, fused: bool
) -> None:
    assert choose(said, weights, card, main, fused=fused) == MODES[mode]


@pytest.mark.parametrize("word", ["gpu", "CPU", "Disk", " disk", "0", "disk,cpu"])
def test_another_word_is_refused(word: str) -> None:
    with pytest.raises(RenderError) as caught:
        choose(word, {}, None, 0, fused=False)
    assert str(caught.value).startswith(
        f"LTX_OFFLOAD is {word!r}; expected one of none, resident, parked, reloaded, cpu, disk"
    )


@given(weights=SIZES, card=BYTES, main=BYTES, fused=st.booleans(), more=BYTES)
def test_more_memory_is_never_a_tighter_mode(
    weights: dict[str, int], card: int, main: int, fused: bool, more: int
) -> None:
    chosen = looseness(choose("", weights, card, main, fused=fused))
    assert looseness(choose("", weights, card + more, main, fused=fused)) >= chosen
    assert looseness(choose("", weights, card, main + more, fused=fused)) >= chosen
    assert looseness(choose("", weights, card, main, fused=False)) >= chosen


@given(weights=SIZES, card=BYTES, main=BYTES, fused=st.booleans())
def test_what_is_chosen_fits(weights: dict[str, int], card: int, main: int, fused: bool) -> None:
    mode = choose("", weights, card, main, fused=fused)
    if mode.keeps == "card":
        assert sum(weights.values()) + (weights["transformer"] if fused else 0) <= card
    elif mode.keeps == "main memory":
        assert sum(weights.values()) <= main


@given(st.sampled_from(sorted(MODES)))
def test_tighter_and_tighter_ends_on_disk(name: str) -> None:
    mode, seen = MODES[name], [name]
    while (smaller := tighter(mode)) is not None:
        assert looseness(smaller) < looseness(mode)
        mode = smaller
        seen.append(mode.name)
    assert seen[-1] == "disk"


@given(
    st.sampled_from(["", "none", "resident", "parked", "cpu", "disk"]),
    SIZES,
    st.none() | BYTES,
    BYTES,
    st.booleans(),
)
def test_weights_are_never_kept_and_streamed_at_once(
    said: str, weights: dict[str, int], card: int | None, main: int, fused: bool
) -> None:
    """From main memory, that pair gives wrong pictures without a word."""
    mode: Mode | None = choose(said, weights, card, main, fused=fused)
    while mode is not None:
        assert mode.offload == "none" or mode.keeps == "nothing"
        mode = tighter(mode)


@pytest.mark.parametrize("quantization", ["fp8-scaled-mm", "nvfp4-cast", "nvfp4-prequant"])
@given(weights=SIZES, card=BYTES, main=BYTES, fused=st.booleans(), parks=st.booleans())
def test_what_the_package_can_t_stream_is_never_streamed(
    quantization: str, weights: dict[str, int], card: int, main: int, fused: bool, parks: bool
) -> None:
    assert not streams(quantization)
    mode: Mode | None = choose("", weights, card, main, fused=fused, streamed=False)
    while mode is not None:
        assert mode.offload == "none"
        mode = tighter(mode, parks=parks, streamed=False)


def test_what_can_t_be_streamed_is_refused_where_a_person_says_so() -> None:
    for quantization in (None, "fp8-cast"):
        require_streamable("disk", quantization)
    require_streamable("parked", "fp8-scaled-mm")
    for said in ("cpu", "disk"):
        with pytest.raises(RenderError, match=f"LTX_OFFLOAD is '{said}'.* stored as fp8-scaled-mm: leave it empty"):
            require_streamable(said, "fp8-scaled-mm")


def test_weights_are_not_parked_where_main_memory_has_no_room() -> None:
    assert tighter(MODES["resident"], parks=False) == MODES["reloaded"]
    assert tighter(MODES["resident"], parks=True) == MODES["parked"]


@pytest.mark.parametrize(
    "told",
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
def test_a_full_card_is_told_of_in_many_words(told: str) -> None:
    assert is_out_of_memory(told)


@pytest.mark.parametrize(
    "told",
    [
        "RuntimeError: CUDA error: device-side assert triggered",
        "RuntimeError: CUDA error: an illegal memory access was encountered",
        "RuntimeError: [enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate memory",
        "MemoryError: ",
        "ValueError: the prompt says that the hero runs out of memory",
    ],
)
def test_what_else_goes_wrong_is_not_a_full_card(told: str) -> None:
    assert not is_out_of_memory(told)


@pytest.mark.parametrize(
    ("mode", "models", "loras", "fused", "card", "main", "fits"),
    [
        ("resident", 60, 0, 0, 80, 0, True),
        ("resident", 61, 0, 0, 80, 1000, False),
        ("resident", 40, 0, 21, 80, 1000, False),
        ("resident", 40, 8, 0, 80, 10, False),  # LoRAs wait in main memory
        ("resident", 70, 0, 40, None, 100, True),  # without a card, main memory is all there is
        ("parked", 60, 10, 40, 80, 100, True),
        ("parked", 60, 11, 0, 80, 100, False),
        ("reloaded", 1000, 1000, 1000, 80, 1, True),
        ("disk", 1000, 1000, 1000, 80, 1, True),
    ],
)
def test_room_for_what_is_kept_together(
    mode: str, models: int, loras: int, fused: int, card: int | None, main: int, fits: bool
) -> None:
    assert fits_together(MODES[mode], models, loras, card, main, fused=fused) == fits
