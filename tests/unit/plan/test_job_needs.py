"""What jobs ask of a cluster: enough for what is planned, more for more, and what a person asks for instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.compile.request import RenderRequest
from vtx_app.errors import ProjectError
from vtx_app.plan.job_needs import (
    JobNeeds,
    encoding_needs,
    joining_needs,
    read_changes,
    take_needs,
    with_changes,
)

RULES = ("take", "clip", "delivery")
GIGABYTE = 10**9
sizes = st.integers(1, 4096)
lengths = st.integers(1, 3000)


def request(width: int = 768, height: int = 512, frames: int = 121, renderer: str = "ltx") -> RenderRequest:
    values: dict[str, object] = {"renderer": renderer, "renderer_version": 1, "pipeline": "distilled"}
    values |= {"input_type": "t2v", "prompt": "", "negative": "", "rate": 24, "seed": 1}
    return RenderRequest(**(values | {"width": width, "height": height, "frames": frames}))  # type: ignore[arg-type]


@given(sizes, sizes, lengths, st.integers(1, 64))
def test_more_to_make_never_asks_for_less(width: int, height: int, frames: int, more: int) -> None:
    small, large = request(width, height, frames), request(width + more, height + more, frames + more)
    for needs in (
        lambda each: take_needs(each, [GIGABYTE], "", 60.0),
        lambda each: encoding_needs(each.width, each.height, each.frames),
        lambda each: joining_needs(each.frames),
    ):
        one, other = needs(small), needs(large)
        assert one.mem_mb <= other.mem_mb
        assert one.disk_mb <= other.disk_mb
        assert one.runtime <= other.runtime


@given(st.lists(st.integers(1, 50 * GIGABYTE), min_size=1, max_size=5))
def test_models_that_wait_in_main_memory_have_room_there(weights: list[int]) -> None:
    waiting, one_at_a_time = (take_needs(request(), weights, mode, None).mem_mb for mode in ("", "disk"))
    assert waiting * 1e6 > sum(weights)
    assert max(weights) < one_at_a_time * 1e6
    assert one_at_a_time <= waiting


def test_models_that_are_not_here_are_taken_for_the_largest() -> None:
    unknown = take_needs(request(), None, "disk", None)
    assert unknown.mem_mb >= take_needs(request(), [44 * GIGABYTE, 24 * GIGABYTE], "", None).mem_mb


def test_past_takes_say_how_long_one_takes() -> None:
    runtimes = [take_needs(request(), [GIGABYTE], "", seconds).runtime for seconds in (60.0, 600.0, 6_000.0)]
    assert runtimes == sorted(set(runtimes))
    assert runtimes[-1] * 60 > 6_000


def test_a_storyboard_needs_no_models() -> None:
    drawn = take_needs(request(renderer="animatic"), None, "", None)
    assert drawn.mem_mb < 2_000
    assert drawn.threads == 1


@given(st.builds(JobNeeds, *[st.integers(1, 10**6)] * 4))
def test_a_further_try_asks_for_more_memory_and_time_alone(needs: JobNeeds) -> None:
    again = needs.on_try(2)
    assert needs.on_try(1) == needs
    assert again.mem_mb > needs.mem_mb
    assert again.runtime > needs.runtime
    assert (again.threads, again.disk_mb) == (needs.threads, needs.disk_mb)
    assert needs.on_try(3).mem_mb > again.mem_mb


def test_a_person_asks_for_something_else() -> None:
    changes = read_changes(" take:mem_mb=64000\ttake:runtime=240 delivery:threads=8 ", RULES)
    needs = JobNeeds(4, 100_000, 1_000, 60)
    assert with_changes(needs, "take", changes) == JobNeeds(4, 64_000, 1_000, 240)
    assert with_changes(needs, "delivery", changes) == JobNeeds(8, 100_000, 1_000, 60)
    assert with_changes(needs, "clip", changes) == needs


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("take:mem=64G", "expected <rule>:<resource>=<number>"),
        ("take:mem_mb=0", "expected <rule>:<resource>=<number>"),
        ("take:mem_mb=$(id)", "expected <rule>:<resource>=<number>"),
        ("tak:mem_mb=64000", "did you mean 'take'"),
        ("take:memory_mb=64000", "did you mean 'mem_mb'"),
        ("clip:threads=4", "a job of clip uses one processor"),
    ],
)
def test_what_can_not_be_read_is_named(text: str, message: str) -> None:
    with pytest.raises(ProjectError) as error:
        read_changes(f"take:runtime=9 {text}", RULES)
    assert message in str(error.value)
    assert text in str(error.value)
