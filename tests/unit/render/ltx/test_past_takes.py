"""Which earlier takes tell what the next one needs of the GPU."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kit.ltx.requests import everything
from vtx_app.compile.request import PipelineOptions, canonical_json
from vtx_app.render.ltx.footprint import video_tokens
from vtx_app.render.ltx.package import LtxPackage
from vtx_app.render.ltx.past_takes import newest_records, peaks_like

NEW = LtxPackage((1, 2))
REQUEST = replace(everything("distilled", NEW), prompt="A quay.", width=1280, height=704, frames=121, options=None)


def record(**changes: Any) -> dict[str, Any]:
    """The record of a worker's take of ``REQUEST`` with other words, and what differs beside them."""
    request = json.loads(canonical_json(replace(REQUEST, prompt="A gull.", seed=9)))
    facts = {"memory": "disk", "peak_vram_bytes": 9 * 10**9, "ltx": {"ltx-pipelines": "1.2.0"}, "request": request}
    return facts | {key: {**request, **value} if key == "request" else value for key, value in changes.items()}


def test_takes_that_differ_in_size_and_words_alone_count() -> None:
    shorter = record(request={"frames": 9}, memory="parked", peak_vram_bytes=5)
    assert peaks_like(REQUEST, [record(), shorter], NEW) == (
        ("disk", video_tokens(1280, 704, 121), 9 * 10**9),
        ("parked", video_tokens(1280, 704, 9), 5),
    )


def test_of_a_decoder_that_fills_the_gpu_the_peak_before_it_counts() -> None:
    """Its tiles are as large as the memory that is free: on a larger GPU it needs more."""
    both = record(peak_vram_bytes=75 * 10**9, peak_vram_before_decode_bytes=8 * 10**9)
    assert [peak for _, _, peak in peaks_like(REQUEST, [both, record()], NEW, fills=True)] == [8 * 10**9]
    assert [peak for _, _, peak in peaks_like(REQUEST, [both], NEW)] == [75 * 10**9]


def test_a_take_in_windows_is_compared_with_others_in_windows() -> None:
    windows = replace(REQUEST, options=PipelineOptions(chunked=True))
    longer = record(request={"options": {"chunked": True}, "frames": 961})
    assert peaks_like(windows, [longer, record()], NEW) == (("disk", video_tokens(1280, 704, 97), 9 * 10**9),)


@pytest.mark.parametrize(
    "changes",
    [
        {"memory": "process"},  # what the driver counts
        {"memory": None},
        {"peak_vram_bytes": None},  # rendered on a CPU
        {"peak_vram_bytes": 0},
        {"ltx": {"ltx-pipelines": "1.0.0"}},
        {"ltx": {"ltx-pipelines": "?"}},
        {"ltx": None},
        {"request": {"pipeline": "ti2vid_two_stages"}},
        {"request": {"quantization": "fp8-scaled-mm"}},
        {"request": {"quantization": None}},
        {"request": {"loras": []}},
        {"request": {"models": []}},
        {"request": {"models": [{"slot": "LTX_DISTILLED_CHECKPOINT_PATH", "fingerprint": "sha256-sampled:0"}]}},
        {"request": {"models": ["?"]}},
        {"request": {"width": None}},
        {"request": {"height": "?"}},
        {"request": {"options": {"chunked": True}}},
    ],
)
def test_others_do_not(changes: dict[str, Any]) -> None:
    assert peaks_like(REQUEST, [record(**changes)], NEW) == ()


def test_records_are_read_from_the_newest_on_without_those_that_are_damaged(tmp_path: Path) -> None:
    for age, text in enumerate(['{"request": {}, "n": 1}', "{", "[]", '{"n": 2}', '{"request": {}, "n": 3}']):
        path = tmp_path / f"A01_S01_SH00{age}" / "x.json"
        path.parent.mkdir()
        path.write_text(text)
        os.utime(path, (1e9 + age, 1e9 + age))
    assert [each["n"] for each in newest_records(tmp_path)] == [3, 1]
    assert list(newest_records(tmp_path / "nothing")) == []
