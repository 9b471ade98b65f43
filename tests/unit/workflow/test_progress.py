"""Progress lines: counted, with the time that is left at the pace so far."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vtx_app.workflow.progress import ExpectedTake, Pace, Progress


def progress(frames: dict[str, int], times: list[float]) -> Progress:
    """Progress over takes of these frames at 16 a second, by clip id; the clock reads ``times`` one after another."""
    made = Progress(clock=iter(times).__next__)
    for clip_id, count in frames.items():
        made.expect(f"digest of {clip_id}", ExpectedTake(clip_id, count, count / 16))
    return made


def test_the_line_names_the_clip_the_count_and_the_time_left() -> None:
    followed = progress({"A01_S01_SH001": 32, "A01_S01_SH002": 96}, [100.0, 110.0])
    followed.started(1, "A01_S01_SH001", "digest of A01_S01_SH001")
    line = followed.finished(1)
    assert line == "take 1 of 2: A01_S01_SH001 (2.00 s of film in 10.0 s), about 0:30 left"


def test_two_at_once_halve_the_time_left() -> None:
    frames = {f"A01_S01_SH{number:03d}": 16 for number in range(1, 5)}
    followed = progress(frames, [0.0, 0.0, 10.0, 10.0])
    followed.started(1, "A01_S01_SH001", "digest of A01_S01_SH001")
    followed.started(2, "A01_S01_SH002", "digest of A01_S01_SH002")
    followed.finished(1)
    line = followed.finished(2)
    assert line is not None
    assert line.endswith("about 0:10 left")


def test_the_last_take_says_so_and_other_jobs_say_nothing() -> None:
    followed = progress({"A01_S01_SH001": 16}, [2.0, 3.0])
    followed.started(1, "", "")
    assert followed.finished(1) is None
    followed.started(2, "A01_S01_SH001", "digest of A01_S01_SH001")
    line = followed.finished(2)
    assert line is not None
    assert line.endswith("all takes are rendered")
    assert followed.finished(77) is None


def test_a_take_that_two_targets_want_is_counted_once() -> None:
    followed = progress({"A01_S01_SH001": 16}, [2.0, 3.0])
    followed.expect("digest of A01_S01_SH001", ExpectedTake("A01_S01_SH001", 16, 1.0))
    followed.started(2, "A01_S01_SH001", "digest of A01_S01_SH001")
    assert followed.finished(2) == "take 1 of 1: A01_S01_SH001 (1.00 s of film in 1.0 s), all takes are rendered"


def test_two_clips_of_the_same_words_are_two_takes() -> None:
    followed = Progress(clock=iter([0.0, 1.0, 1.0, 2.0]).__next__)
    for clip_id in ("A01_S01_SH001", "A01_S01_SH002"):
        followed.expect("one digest", ExpectedTake(clip_id, 16, 1.0))
    followed.started(1, "A01_S01_SH001", "one digest")
    first = followed.finished(1)
    assert first is not None
    assert first.startswith("take 1 of 2: A01_S01_SH001")
    followed.started(2, "A01_S01_SH002", "one digest")
    second = followed.finished(2)
    assert second is not None
    assert second.startswith("take 2 of 2: A01_S01_SH002")


@given(st.lists(st.tuples(st.integers(1, 400), st.floats(0.01, 600)), min_size=1, max_size=20), st.integers(0, 5000))
def test_the_pace_is_the_mean_over_what_is_done(jobs: list[tuple[int, float]], rest: int) -> None:
    pace = Pace(sum(frames for frames, _ in jobs) + rest)
    for frames, seconds in jobs:
        pace.finish(frames, seconds)
    assert pace.left == rest
    mean = sum(seconds for _, seconds in jobs) / sum(frames for frames, _ in jobs)
    assert abs(pace.seconds_left() - rest * mean) <= 1e-6 * max(1.0, rest * mean)
