"""What a worker keeps from take to take goes where the next one needs its room, and only there."""

from __future__ import annotations

from pathlib import Path

from vtx_app.render.ltx.kept import Kept
from vtx_app.render.ltx.memory import MODES
from vtx_app.render.ltx.runner import Call

GB = 10**9
FULL, DISTILLED, GEMMA = ("/m/full", 46 * GB), ("/m/distilled", 46 * GB), ("/m/gemma", 24 * GB)


def call(*files: tuple[str, int], lora: int = 0, quantization: str | None = None) -> Call:
    words = ("--lora", "/m/lora", "1") if lora else ()
    loras = {"/m/lora": lora} if lora else {}
    out = Path("/out.mp4")
    weights = {"transformer": 46 * GB}
    return Call("distilled", words, out, None, "", weights, (), dict(files), loras, quantization)


def after(*calls: Call) -> Kept:
    kept = Kept()
    for each in calls:
        kept.add(each)
    return kept


def test_a_second_checkpoint_crowds_main_memory_and_the_first_goes() -> None:
    """116 GB are wanted together: where there is less, the kernel would kill the worker."""
    kept = after(call(FULL, GEMMA))
    assert kept.crowds(call(DISTILLED, GEMMA), MODES["parked"], 80 * GB, 128 * GB)
    assert not kept.crowds(call(DISTILLED, GEMMA), MODES["parked"], 80 * GB, 256 * GB)
    assert not kept.crowds(call(FULL, GEMMA), MODES["parked"], 80 * GB, 1 * GB)  # nothing else is kept


def test_it_crowds_the_card_with_the_copy_that_loras_are_fused_into() -> None:
    kept = after(call(FULL, GEMMA))
    assert not kept.crowds(call(DISTILLED, GEMMA), MODES["resident"], 160 * GB, 64 * GB)  # 116 of 120
    assert kept.crowds(call(DISTILLED, GEMMA, lora=1 * GB), MODES["resident"], 160 * GB, 64 * GB)


def test_loras_wait_in_main_memory_and_crowd_it() -> None:
    kept = after(*(Call("x", (), Path("/o"), loras={f"/m/{each}": 7 * GB}) for each in range(8)))
    assert kept.crowds(call(FULL, lora=1 * GB), MODES["resident"], 800 * GB, 64 * GB)
    assert not kept.crowds(call(FULL, lora=1 * GB), MODES["resident"], 800 * GB, 96 * GB)


def test_weights_that_are_stored_in_two_ways_are_kept_twice() -> None:
    kept = after(call(FULL))
    kept.add(call(FULL, quantization="fp8-cast"))
    assert len(kept.models) == 2
    kept.clear()
    assert not kept.models
    assert not kept.loras


def test_where_nothing_is_kept_nothing_crowds() -> None:
    kept = after(call(FULL, GEMMA))
    for name in ("reloaded", "disk", "cpu"):
        assert not kept.crowds(call(DISTILLED, GEMMA), MODES[name], 8 * GB, 8 * GB)
