from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from vtx_app.compile.request import Line
from vtx_app.cut.timing import even_spans, line_spans, spoken_seconds

rates = st.sampled_from([Fraction(16), Fraction(24), Fraction(24000, 1001), Fraction(60)])
dialogues = st.lists(st.builds(Line, st.text(max_size=8), st.text(max_size=200)), max_size=12)


@given(dialogues, st.integers(1, 400), rates)
def test_lines_are_said_in_order_inside_the_clip(lines: list[Line], frames: int, rate: Fraction) -> None:
    spans = line_spans(lines, frames, rate)
    assert len(spans) == len(lines)
    assert all(0 <= span.first <= span.end <= frames for span in spans)
    assert all(a.end <= b.first for a, b in pairwise(spans))
    if len(lines) <= frames:
        assert all(span.first < span.end for span in spans)


def test_where_there_is_time_lines_are_said_at_their_pace_with_pauses_between() -> None:
    lines = [Line("A", "I counted all night."), Line("B", "And did you ever miss one, in all that time?")]
    first, second = line_spans(lines, 240, Fraction(24))
    assert (first.end - first.first, second.end - second.first) == tuple(
        round(24 * spoken_seconds(line.text)) for line in lines
    )
    assert first.first > 0
    assert second.first > first.end
    assert second.end < 240


def test_a_few_frames_more_hardly_move_a_line() -> None:
    """The take is up to seven frames longer than its clip; sound and subtitle still belong together."""
    lines = [Line("A", "Nobody you can see."), Line("B", "No.")]
    for clip, take in ((96, 97), (90, 97), (49, 57)):
        for a, b in zip(line_spans(lines, clip, Fraction(24)), line_spans(lines, take, Fraction(24)), strict=True):
            assert abs(a.first - b.first) <= 7


def test_chinese_is_not_said_in_no_time() -> None:
    assert spoken_seconds("我数了一整夜你一次也没有错过") > spoken_seconds("I counted all night")


@given(st.integers(0, 40), st.integers(1, 400))
def test_even_spans_cover_the_clip(count: int, frames: int) -> None:
    spans = even_spans(count, frames)
    assert len(spans) == count
    if spans:
        assert spans[0].first == 0
        assert spans[-1].end == frames
        assert all(a.end == b.first for a, b in pairwise(spans))
        lengths = [span.end - span.first for span in spans]
        assert max(lengths) - min(lengths) <= 1
