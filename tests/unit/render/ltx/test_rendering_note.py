"""While a take is rendered, a file says where it is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from vtx_app.render.build_process import BuildProcess
from vtx_app.render.ltx.rendering_note import rendering_note
from vtx_app.render.ltx.runner import Step

TAKE = Path("projects/harbour/renders/takes/A01_S01_SH001") / f"{'a' * 64}.mp4"


class Hand:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def notes(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


def test_a_note_stands_as_long_as_the_render(tmp_path: Path) -> None:
    with rendering_note(tmp_path, TAKE) as note:
        note(Step("denoise, stage 1", 2, 8))
        (path,) = notes(tmp_path)
        assert path == tmp_path / "rendering/harbour" / f"A01_S01_SH001.{'a' * 64}.json"
        state = json.loads(path.read_text())
        assert (state["project"], state["clip_id"], state["digest"]) == ("harbour", "A01_S01_SH001", "a" * 64)
        assert (state["doing"], state["done"], state["of"]) == ("denoise, stage 1", 2, 8)
        assert BuildProcess.parse(state["process"]) == BuildProcess.of(os.getpid())
    assert notes(tmp_path) == []


def test_it_goes_with_a_render_that_fails(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="stop"), rendering_note(tmp_path, TAKE) as note:
        note(Step("load the transformer"))
        raise ValueError("stop")
    assert notes(tmp_path) == []


def test_steps_are_noted_now_and_then_and_what_is_new_at_once(tmp_path: Path) -> None:
    clock = Hand()
    with rendering_note(tmp_path, TAKE, clock) as note:

        def noted(step: Step) -> int:
            note(step)
            return int(json.loads(notes(tmp_path)[0].read_text())["done"])

        assert noted(Step("denoise", 1, 9)) == 1
        clock.now = 1.0
        assert noted(Step("denoise", 2, 9)) == 1
        clock.now = 2.5
        assert noted(Step("denoise", 3, 9)) == 3
        assert noted(Step("denoise", 9, 9)) == 9
        assert noted(Step("decode", 0, 2)) == 0


def test_a_place_that_can_t_be_written_costs_the_note_alone(tmp_path: Path) -> None:
    (tmp_path / "rendering").write_text("a file where the folder should be")
    with rendering_note(tmp_path, TAKE) as note:
        note(Step("denoise", 1, 9))
    assert notes(tmp_path) == [tmp_path / "rendering"]
