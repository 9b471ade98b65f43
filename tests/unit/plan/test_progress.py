"""Progress lines: counted, with the time that is left at the pace so far."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vtx_app.plan.progress import Pace, Progress
from vtx_app.plan.summary import clock


def progress(frames: dict[str, int], times: list[float]) -> Progress:
    """Progress over the takes of ``frames``, whose clock reads ``times`` one after another."""
    made = Progress(frames, 16.0, {"take": len(frames)}, clock=iter(times).__next__)
    made.paces["take"] = Pace(sum(frames.values()))
    return made


def test_the_line_names_the_clip_the_count_and_the_time_left() -> None:
    followed = progress({"A01_S01_SH001": 32, "A01_S01_SH002": 96}, [100.0, 110.0, 110.0])
    followed.started(1, "take", "A01_S01_SH001")
    line = followed.finished(1)
    assert line == "take 1 of 2: A01_S01_SH001 (2.00 s of film in 10.0 s), about 0:30 left"


def test_two_at_once_halve_the_time_left() -> None:
    frames = {f"A01_S01_SH{number:03d}": 16 for number in range(1, 5)}
    followed = progress(frames, [0.0, 0.0, 10.0, 10.0, 10.0, 10.0])
    followed.started(1, "take", "A01_S01_SH001")
    followed.started(2, "take", "A01_S01_SH002")
    followed.finished(1)
    line = followed.finished(2)
    assert line is not None
    assert line.endswith("about 0:10 left")


def test_the_last_take_says_so_and_other_jobs_say_nothing() -> None:
    followed = progress({"A01_S01_SH001": 16}, [0.0, 1.0, 2.0, 3.0])
    followed.started(1, "clip", "")
    assert followed.finished(1) is None
    followed.started(2, "take", "A01_S01_SH001")
    line = followed.finished(2)
    assert line is not None
    assert line.endswith("all takes are rendered")
    assert followed.finished(77) is None


@given(st.lists(st.tuples(st.integers(1, 400), st.floats(0.01, 600)), min_size=1, max_size=20), st.integers(0, 5000))
def test_the_pace_is_the_mean_over_what_is_done(jobs: list[tuple[int, float]], rest: int) -> None:
    pace = Pace(sum(frames for frames, _ in jobs) + rest)
    for frames, seconds in jobs:
        pace.finish(frames, seconds)
    assert pace.left == rest
    mean = sum(seconds for _, seconds in jobs) / sum(frames for frames, _ in jobs)
    assert abs(pace.seconds_left() - rest * mean) <= 1e-6 * max(1.0, rest * mean)


@given(st.integers(0, 400_000))
def test_the_clock_reads_back(seconds: int) -> None:
    parts = [int(part) for part in clock(seconds).split(":")]
    total = 0
    for part in parts:
        total = total * 60 + part
    assert total == seconds
