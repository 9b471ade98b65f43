"""What killed renders leave, and takes that were damaged by hand."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.movie import video_frame
from kit.request import make_request, pending_take
from vtx_app.compile.request import request_digest
from vtx_app.errors import CutError, RenderError
from vtx_app.files import file_lock
from vtx_app.media.writer import write_film
from vtx_app.takes.store import make_take, require_whole

REQUEST = make_request()
DIGEST = request_digest(REQUEST)
SOURCES = {"prompt": {"prompts/clips/A01_S01_SH001__quay.yaml: prompt.positive": "A quay."}}


@pytest.fixture
def take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The name of a take that is not made yet."""
    return pending_take(tmp_path, REQUEST, monkeypatch)


def render(out: Path) -> Mapping[str, Any]:
    with write_film(out, 64, 64, Fraction(8)) as film:
        for _ in range(9):
            film.picture(video_frame(np.zeros((64, 64, 3), np.uint8)))
    return {}


def test_what_killed_renders_of_other_words_left_goes_and_what_is_being_written_stays(
    take: Path, tmp_path: Path
) -> None:
    take.parent.mkdir(parents=True)
    abandoned, written = (take.with_name(f".{letter * 64}.part.mp4") for letter in "ab")
    for path in (abandoned, written):
        path.write_bytes(b"half a film")
    with file_lock(tmp_path / ".vtx" / "locks" / f"take-A01_S01_SH001-{'b' * 64}.lock", "must not wait"):
        assert make_take(take, REQUEST, SOURCES, render, require_whole)
    assert sorted(take.parent.iterdir()) == sorted([written, take, take.with_suffix(".json")])


def test_a_whole_take_is_whole_and_a_cut_one_is_reported(take: Path) -> None:
    make_take(take, REQUEST, SOURCES, render, require_whole)
    require_whole(take)
    data = take.read_bytes()
    for size in (0, 100, len(data) // 2, len(data) - 1):
        take.write_bytes(data[:size])
        with pytest.raises(CutError, match=r"A01_S01_SH001: the take is damaged: .*never rendered over: move it away"):
            require_whole(take)


def test_a_take_that_is_gone_is_not_called_damaged(take: Path) -> None:
    with pytest.raises(CutError, match="can't be read: No such file"):
        require_whole(take)


def test_a_codec_that_fails_is_a_message(take: Path) -> None:
    def fails(out: Path) -> Mapping[str, Any]:
        import av.error

        raise av.error.ExternalError(-1, "Generic error in an external library")

    with pytest.raises(RenderError, match=r"A01_S01_SH001: the take can't be made: .*Generic error"):
        make_take(take, REQUEST, SOURCES, fails, require_whole)
    assert not list(take.parent.iterdir())
