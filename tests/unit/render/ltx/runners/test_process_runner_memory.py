"""A process for each call that runs out of memory: once more with less of the model on the GPU."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.ltx.process_place import FULL, Place, install_gpu


def test_out_of_memory_is_retried_once_from_disk(place: Place) -> None:
    facts = place.run("memory once")
    assert place.out.read_bytes() == b"a whole film"
    assert facts["out_of_memory_at_first"] is True
    assert place.offloads() == [[], ["--offload", "disk"]]
    (retry,) = (step for step in place.steps if "memory" in step.doing)
    assert retry.doing.startswith("out of memory; once more") and "disk" in retry.doing
    assert place.steps.index(retry) == 2  # between the first's steps and the second's


@pytest.mark.parametrize(
    ("mebibytes", "more", "offload"),
    [
        ("81559", {}, []),
        ("24564", {}, ["--offload", "disk"]),  # 30 GiB at a time don't fit, and loading them to see takes minutes
        ("24564", {"offload": "none"}, []),
        ("24564", {"quantization": "fp8-scaled-mm"}, []),
        ("[N/A]", {}, []),
    ],
)
def test_a_gpu_that_is_too_small_for_the_weights_streams_them_at_once(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mebibytes: str, more: Any, offload: list[str]
) -> None:
    install_gpu(tmp_path, monkeypatch, mebibytes)
    place.run("render", **more)
    assert place.offloads() == [offload]


@pytest.mark.parametrize(("tokens", "offload"), [(1_000, []), (100_000, ["--offload", "disk"])])
def test_a_larger_take_streams_its_weights(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tokens: int, offload: list[str]
) -> None:
    install_gpu(tmp_path, monkeypatch, "49140")
    place.run("render", tokens=tokens)
    assert place.offloads() == [offload]


def test_a_take_that_no_mode_leaves_room_for_starts_no_process(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_gpu(tmp_path, monkeypatch, "24564")
    message = place.fail("render", tokens=400_000)
    assert message == (
        "distilled needs at least 30.5 GiB of GPU memory, and 23.5 GiB are free: make the clip shorter, or smaller"
    )
    assert place.notes() == []


def test_the_driver_s_out_of_memory_is_recognized(place: Place) -> None:
    assert place.run("driver once")["out_of_memory_at_first"] is True
    assert place.offloads() == [[], ["--offload", "disk"]]


def test_what_can_t_be_streamed_is_not_retried(place: Place) -> None:
    message = place.fail("memory", quantization="fp8-scaled-mm")
    assert message.startswith("distilled ran out of GPU memory (")
    assert place.offloads() == [[]]
    assert "can't stream" in place.fail("render", offload="cpu", quantization="nvfp4-cast")


def test_out_of_memory_twice_is_reported(place: Place) -> None:
    message = place.fail("memory")
    assert message.startswith("distilled ran out of GPU memory")
    for text in (FULL, "make the clip shorter or smaller", "LTX_QUANTIZATION=fp8-cast"):
        assert text in message
    assert place.offloads() == [[], ["--offload", "disk"]]


def test_with_weights_on_disk_there_is_no_retry(place: Place) -> None:
    assert FULL in place.fail("memory", offload="disk")
    assert place.offloads() == [["--offload", "disk"]]


@pytest.mark.parametrize(
    ("setting", "offload"),
    [("", []), ("none", []), ("resident", []), ("parked", []), ("cpu", ["--offload", "cpu"])],
)
def test_the_setting_becomes_an_option(place: Place, setting: str, offload: list[str]) -> None:
    facts = place.run("render", offload=setting)
    assert place.offloads() == [offload]
    assert "out_of_memory_at_first" not in facts


def test_an_unknown_setting_is_refused(place: Place) -> None:
    assert place.fail("render", offload="ram").startswith("LTX_OFFLOAD is 'ram'; expected one of")
    assert place.notes() == []


def test_a_package_without_offload_is_never_given_it(tmp_path: Path, install: Callable[..., None]) -> None:
    install("1.0.0")
    place = Place(tmp_path)
    place.run("render", offload="none")
    place.out.unlink()
    assert FULL in place.fail("memory")
    assert place.offloads() == [[], []]
    assert "has no --offload (it came with 1.2): unset it" in place.fail("render", offload="disk")
    assert len(place.notes()) == 2
