"""A take is made once, whole, and never again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kit.request import make_request, pending_take
from vtx_app.compile.request import request_digest
from vtx_app.errors import RenderError
from vtx_app.takes.store import make_take

REQUEST = make_request()
DIGEST = request_digest(REQUEST)
SOURCES = {"prompt": {"prompts/clips/A01_S01_SH001__quay.yaml: prompt.positive": "A quay."}}


@pytest.fixture
def take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The name of a take that is not made yet."""
    return pending_take(tmp_path, REQUEST, monkeypatch)


def render(out: Path) -> Mapping[str, Any]:
    out.write_bytes(b"film")
    return {"render_seconds": 0.5}


def fine(part: Path) -> None:
    assert part.suffix == ".mp4"
    assert part.read_bytes() == b"film"


def test_a_take_and_its_record(take: Path) -> None:
    assert make_take(take, REQUEST, SOURCES, render, fine)
    assert take.read_bytes() == b"film"
    record = json.loads(take.with_suffix(".json").read_text(encoding="utf-8"))
    assert (record["clip_id"], record["digest"], record["render_seconds"]) == ("A01_S01_SH001", DIGEST, 0.5)
    assert record["request"]["prompt"] == "A quay."
    assert record["sources"] == SOURCES
    assert sorted(path.name for path in take.parent.iterdir()) == [f"{DIGEST}.json", f"{DIGEST}.mp4"]
    assert not list((take.parents[2] / ".vtx" / "locks").iterdir())


def test_a_take_that_is_there_is_not_rendered(take: Path) -> None:
    make_take(take, REQUEST, SOURCES, render, fine)
    record = take.with_suffix(".json").read_bytes()

    def never(out: Path) -> Mapping[str, Any]:
        raise AssertionError(out)

    assert not make_take(take, REQUEST, SOURCES, never, fine)
    assert (take.read_bytes(), take.with_suffix(".json").read_bytes()) == (b"film", record)


def test_a_take_that_failed_is_not_there(take: Path) -> None:
    def fails(out: Path) -> Mapping[str, Any]:
        out.write_bytes(b"half a film")
        raise RenderError("the GPU is out of memory")

    def refuses(part: Path) -> None:
        raise RenderError("8 frames; asked for were 9")

    for how in ((fails, fine), (render, refuses)):
        with pytest.raises(RenderError):
            make_take(take, REQUEST, SOURCES, *how)
        assert not list(take.parent.iterdir())
    assert make_take(take, REQUEST, SOURCES, render, fine)


def test_a_full_disk_is_reported_and_leaves_nothing(take: Path) -> None:
    def full(out: Path) -> Mapping[str, Any]:
        out.write_bytes(b"half a film")
        with Path("/dev/full").open("wb", buffering=0) as device:
            device.write(b"the other half")
        return {}

    with pytest.raises(RenderError, match=r"A01_S01_SH001: the take can't be written to .*: No space left on device"):
        make_take(take, REQUEST, SOURCES, full, fine)
    assert not list(take.parent.iterdir())


def test_what_a_killed_render_left_is_cleared_away(take: Path) -> None:
    take.parent.mkdir(parents=True)
    (take.parent / f".{DIGEST}.part.mp4").write_bytes(b"half a film")
    seen: list[bool] = []

    def look(out: Path) -> Mapping[str, Any]:
        seen.append(out.exists())
        return render(out)

    assert make_take(take, REQUEST, SOURCES, look, fine)
    assert seen == [False]
    assert len(list(take.parent.iterdir())) == 2
