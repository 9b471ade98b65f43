"""What a call is expected to need of a GPU, held to what users and upstream report of LTX-2.5."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.ltx.requests import everything
from vtx_app.compile.request import PipelineOptions
from vtx_app.render.ltx.call import PipelineCall, Weights
from vtx_app.render.ltx.fit import usable
from vtx_app.render.ltx.footprint import footprint, least, request_tokens, video_tokens
from vtx_app.render.ltx.memory import MODES
from vtx_app.render.ltx.package import LtxPackage

NEW = LtxPackage((1, 2))
MIB, GIB, GB = 2**20, 2**30, 10**9
H100, RTX_4090 = usable(81559 * MIB), usable(24564 * MIB)
BF16 = Weights("/t", "transformer", round(35.4 * GB), streamed=2 * GB)
FP8 = Weights("/t", "transformer", round(18.1 * GB), streamed=1 * GB)
ENCODER = Weights("/e", "text encoder", round(22.3 * GIB), streamed=1 * GB)
LORA = Weights("/l", "LoRA", 5 * GB)
RESIDENT, PARKED, DISK = (MODES[name] for name in ("resident", "parked", "disk"))
SIZES = st.integers(1, 300_000)


def call(*weights: Weights, width: int = 1280, height: int = 704, frames: int = 121, **fields: object) -> PipelineCall:
    tokens = video_tokens(width, height, frames)
    return PipelineCall("distilled", Path("/o.mp4"), "", weights=weights, tokens=tokens, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("width", "height", "frames", "tokens"),
    [(1280, 704, 121, 40 * 22 * 16), (128, 64, 1, 8), (128, 64, 9, 16), (1920, 1088, 241, 60 * 34 * 31)],
)
def test_tokens(width: int, height: int, frames: int, tokens: int) -> None:
    assert video_tokens(width, height, frames) == tokens


@pytest.mark.parametrize(
    ("options", "frames", "tokens"),
    [
        (None, 241, 880 * 31),
        (PipelineOptions(chunked=True), 241, 880 * 13),  # of one window of 97 frames
        (PipelineOptions(chunked=True), 9, 880 * 2),
        (PipelineOptions(temporal_upscalings=1), 241, 0),  # unknown
        (PipelineOptions(chunked=True, tile=True), 241, 0),
    ],
)
def test_tokens_of_a_request(options: PipelineOptions | None, frames: int, tokens: int) -> None:
    request = replace(everything("distilled", NEW), width=1280, height=704, frames=9, options=options)
    assert request_tokens(replace(request, frames=frames)) == request_tokens(request, frames=frames) == tokens
    assert request_tokens(request, width=64, height=64, frames=frames) == tokens // 220


# -- what is reported ----------------------------------------------------------------------------------


def test_bf16_with_a_lora_needs_more_than_80_gb_if_all_is_kept_on_the_gpu() -> None:
    kept = footprint(call(BF16, ENCODER, LORA), RESIDENT)
    assert kept.weights > 80 * GB
    assert kept.total > H100
    assert footprint(call(BF16, ENCODER, LORA), PARKED).total < H100


def test_a_4090_renders_720p_up_to_about_seven_seconds_in_fp8() -> None:
    """The text encoder, 22.3 GiB, is not on the GPU then."""
    seven, eight = (footprint(call(FP8, frames=24 * seconds + 1), PARKED).total for seconds in (7, 8))
    assert seven <= RTX_4090 < eight
    assert footprint(call(BF16, frames=1), PARKED).total > RTX_4090


def test_a_text_encoder_of_24_gb_peaks_near_29_gb() -> None:
    encoder = Weights("/e", "text encoder", 24 * GB)
    assert footprint(call(encoder, width=64, height=64, frames=9), PARKED).total == pytest.approx(29 * GB, rel=0.02)


def test_streamed_weights_need_little() -> None:
    """Of both large models a few blocks; upstream: about 5 GB (``OffloadMode`` of ltx-pipelines 1.2.0)."""
    assert footprint(call(BF16, ENCODER, width=768, height=512, frames=97), DISK).total < 8 * GB
    assert footprint(call(BF16, ENCODER, width=64, height=64, frames=9), DISK).total < 8 * GB


def test_the_worst_phase_counts() -> None:
    small = call(FP8, ENCODER, width=64, height=64, frames=9)
    assert footprint(small, PARKED).weights == ENCODER.size
    long = call(FP8, ENCODER, width=1920, height=1088, frames=241)
    assert footprint(long, PARKED).weights == FP8.size


def test_of_a_call_of_unknown_size_a_third_is_added_to_the_weights() -> None:
    unknown = replace(call(FP8), tokens=0)
    assert footprint(unknown, PARKED).total == round(FP8.size * 4 / 3)


@given(SIZES, SIZES)
def test_a_larger_picture_never_needs_less(one: int, other: int) -> None:
    for mode in MODES.values():
        fewer, more = (footprint(replace(call(FP8, ENCODER), tokens=tokens), mode) for tokens in sorted((one, other)))
        assert fewer.total <= more.total


@given(SIZES)
def test_what_is_needed_at_least_is_never_more_than_what_is_expected(tokens: int) -> None:
    for mode in MODES.values():
        each = replace(call(BF16, ENCODER, LORA), tokens=tokens)
        assert least(each, mode) <= footprint(each, mode).total


# -- measured takes ------------------------------------------------------------------------------------


def measured(tokens: int, *peaks: tuple[int, int], mode: str = "disk") -> PipelineCall:
    return replace(call(BF16, ENCODER), tokens=tokens, peaks=tuple((mode, *each) for each in peaks))


def test_a_measured_take_replaces_the_estimate() -> None:
    same = footprint(measured(14_080, (14_080, 9 * GB)), DISK)
    assert (same.total, same.measured) == (9 * GB, True)
    assert same.weights == BF16.streamed
    assert not footprint(measured(14_080, (14_080, 9 * GB), mode="parked"), DISK).measured


@pytest.mark.parametrize(
    ("tokens", "total"),
    [
        (500, 4 * GB),  # what a larger take needed is enough
        (1000, 4 * GB),
        (1500, 5 * GB),
        (2000, 6 * GB),
        (4000, 6 * GB + 2000 * 350_000),  # beyond, by the estimate
    ],
)
def test_between_measured_takes_it_is_linear(tokens: int, total: int) -> None:
    assert footprint(measured(tokens, (2000, 6 * GB), (1000, 4 * GB), (1000, 7 * GB)), DISK).total == total


@pytest.mark.parametrize(
    ("tokens", "at_least"),
    [
        (999, 2 * GB + 999 * 82_000),  # by what the model can't do without
        (1000, 5 * GB),  # once it was enough
        (1001, 5 * GB),
        (2000, 9 * GB),
        (5000, 9 * GB),
    ],
)
def test_a_smaller_take_shows_what_is_needed_at_least(tokens: int, at_least: int) -> None:
    assert least(measured(tokens, (1000, 5 * GB), (1000, 8 * GB), (2000, 9 * GB)), DISK) == at_least


def test_what_was_enough_for_a_larger_take_is_enough() -> None:
    assert least(measured(999, (1000, GB)), DISK) == GB
