"""The progress of a render: lines now and then, and a file while it runs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.render.build_process import BuildProcess
from vtx_app.render.ltx.progress import Step, Steps, progress_file, progress_lines


class Clock:
    """A clock that the test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def started(every: float = 5.0) -> tuple[Steps, Clock, list[str]]:
    """Return the steps of a render that begins now, its clock, and the lines that are written."""
    clock, lines = Clock(), list[str]()
    return progress_lines("A01_S01_SH001", lines.append, every, clock), clock, lines


def test_a_line_has_the_name_the_step_and_the_time() -> None:
    steps, clock, lines = started()
    steps(Step("encode the prompt"))
    clock.now += 7.4
    steps(Step("denoise, stage 1", 0, 8))
    clock.now += 61.0
    steps(Step("denoise, stage 1", 8, 8))
    assert lines == [
        "A01_S01_SH001: encode the prompt, 0 s",
        "A01_S01_SH001: denoise, stage 1 0/8, 7 s",
        "A01_S01_SH001: denoise, stage 1 8/8, 68 s",
    ]


def test_the_same_work_is_written_every_few_seconds() -> None:
    steps, clock, lines = started(every=5.0)
    for done in range(41):
        steps(Step("denoise, stage 1", done, 40))
        clock.now += 1.0
    assert [line.split()[-3] for line in lines] == [f"{done}/40," for done in range(0, 41, 5)]


def test_new_work_is_written_at_once() -> None:
    steps, _, lines = started()
    for doing in ("load transformer", "encode the prompt", "load transformer"):
        steps(Step(doing))
    assert len(lines) == 3


def test_work_that_is_over_within_a_second_is_not_written() -> None:
    steps, _, lines = started()
    steps(Step("denoise, stage 1", 0, 3))
    steps(Step("decode and write", 1, 1))
    assert lines == ["A01_S01_SH001: denoise, stage 1 0/3, 0 s"]


STEPS = st.builds(Step, st.sampled_from(["load", "denoise", "write"]), st.integers(0, 3), st.integers(0, 3))


@given(
    st.sampled_from([0.5, 1.0, 5.0]),
    st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.75, 2.0, 6.0]), STEPS), max_size=40),
)
def test_never_a_wall_of_lines_and_never_silence(every: float, happens: list[tuple[float, Step]]) -> None:
    steps, clock, lines = started(every)
    written: list[tuple[float, Step]] = []
    for pause, step in happens:
        clock.now += pause
        before = len(lines)
        steps(step)
        new = lines[before:]
        assert len(new) <= 1
        assert all("\r" not in line and "\n" not in line for line in new)
        last_at, last = written[-1] if written else (-1e9, Step(""))
        waited = clock.now - last_at
        if new:
            assert waited >= every or step.doing != last.doing
            written.append((clock.now, step))
        else:
            assert waited < max(every, 1.0)
            assert step.doing == last.doing or step.done


# -- the file ----------------------------------------------------------------------------------------------

TAKE = Path("projects/harbour/renders/takes/A01_S01_SH001") / f"{'a' * 64}.mp4"


def files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


def test_the_file_exists_while_the_render_runs(tmp_path: Path) -> None:
    with progress_file(tmp_path, TAKE) as write:
        write(Step("denoise, stage 1", 2, 8))
        (path,) = files(tmp_path)
        assert path == tmp_path / "rendering/harbour" / f"A01_S01_SH001.{'a' * 64}.json"
        state = json.loads(path.read_text())
        assert (state["project"], state["clip_id"], state["digest"]) == ("harbour", "A01_S01_SH001", "a" * 64)
        assert (state["doing"], state["done"], state["of"]) == ("denoise, stage 1", 2, 8)
        assert BuildProcess.parse(state["process"]) == BuildProcess.of(os.getpid())
    assert files(tmp_path) == []


def test_a_failed_render_removes_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="stop"), progress_file(tmp_path, TAKE) as write:
        write(Step("load the transformer"))
        raise ValueError("stop")
    assert files(tmp_path) == []


def test_steps_are_written_now_and_then_and_new_work_at_once(tmp_path: Path) -> None:
    clock = Clock()
    with progress_file(tmp_path, TAKE, clock) as write:

        def done_after(step: Step) -> int:
            write(step)
            return int(json.loads(files(tmp_path)[0].read_text())["done"])

        assert done_after(Step("denoise", 1, 9)) == 1
        clock.now += 1.0
        assert done_after(Step("denoise", 2, 9)) == 1
        clock.now += 1.5
        assert done_after(Step("denoise", 3, 9)) == 3
        assert done_after(Step("denoise", 9, 9)) == 9
        assert done_after(Step("decode", 0, 2)) == 0


def test_a_folder_that_can_t_be_written_only_costs_the_file(tmp_path: Path) -> None:
    (tmp_path / "rendering").write_text("a file where the folder should be")
    with progress_file(tmp_path, TAKE) as write:
        write(Step("denoise", 1, 9))
    assert files(tmp_path) == [tmp_path / "rendering"]
