"""What is said of a render on its way: a line now and then."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vtx_app.render.ltx.runner import Step, StepLines


class Clock:
    """A clock that stands still until it is set on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def told(every: float = 5.0) -> tuple[StepLines, Clock, list[str]]:
    """Step lines of a render that begins now, their clock, and the lines as they are said."""
    clock, lines = Clock(), list[str]()
    return StepLines("A01_S01_SH001", lines.append, every, clock), clock, lines


def test_a_line_says_who_what_and_when() -> None:
    steps, clock, lines = told()
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


def test_steps_of_the_same_are_told_every_few_seconds() -> None:
    steps, clock, lines = told(every=5.0)
    for done in range(41):
        steps(Step("denoise, stage 1", done, 40))
        clock.now += 1.0
    assert [line.split()[-3] for line in lines] == [f"{done}/40," for done in range(0, 41, 5)]


def test_what_begins_is_told_at_once() -> None:
    steps, _, lines = told()
    for doing in ("load transformer", "encode the prompt", "load transformer"):
        steps(Step(doing))
    assert len(lines) == 3


def test_what_is_over_within_a_second_is_not_told_in_the_middle() -> None:
    steps, _, lines = told()
    steps(Step("denoise, stage 1", 0, 3))
    steps(Step("decode and write", 1, 1))
    assert lines == ["A01_S01_SH001: denoise, stage 1 0/3, 0 s"]


STEPS = st.builds(Step, st.sampled_from(["load", "denoise", "write"]), st.integers(0, 3), st.integers(0, 3))


@given(
    st.sampled_from([0.5, 1.0, 5.0]),
    st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.75, 2.0, 6.0]), STEPS), max_size=40),
)
def test_never_a_wall_of_lines_and_never_silence(every: float, happens: list[tuple[float, Step]]) -> None:
    steps, clock, lines = told(every)
    said: list[tuple[float, Step]] = []
    for pause, step in happens:
        clock.now += pause
        before = len(lines)
        steps(step)
        new = lines[before:]
        assert len(new) <= 1
        assert all("\r" not in line and "\n" not in line for line in new)
        last_at, last = said[-1] if said else (-1e9, Step(""))
        waited = clock.now - last_at
        if new:
            assert waited >= every or step.doing != last.doing
            said.append((clock.now, step))
        else:
            assert waited < max(every, 1.0)
            assert step.doing == last.doing or step.done
