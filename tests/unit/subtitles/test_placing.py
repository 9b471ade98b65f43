from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.subtitles.placing import Spoken, Stretch, place_lines
from vtx_app.subtitles.words import words_of

RATE = Fraction(24)
COUNT = "I counted all night, and did you ever miss one?"
texts = st.lists(st.sampled_from(["No.", "Nobody today.", COUNT, "今日は誰も来ませんでした。"]), min_size=1, max_size=5)


def place(lines: list[str], speech: list[Stretch], frames: int = 240) -> list[Spoken]:
    return place_lines([("Mara", words_of(text)) for text in lines], speech, frames, RATE)


def span(spoken: Spoken) -> Stretch:
    return spoken.times[0][0], spoken.times[-1][1]


def test_each_line_is_where_somebody_speaks() -> None:
    first, second = place(["Nobody today.", "Nobody at all."], [(0.5, 1.25), (2.0, 2.75)])
    assert (span(first), span(second)) == (pytest.approx((0.5, 1.25)), pytest.approx((2.0, 2.75)))


def test_a_line_with_a_pause_in_it_takes_both_stretches() -> None:
    first, second = place([COUNT, "No."], [(0.5, 1.5), (2.0, 3.5), (4.5, 4.9)])
    assert (span(first), span(second)) == (pytest.approx((0.5, 3.5)), pytest.approx((4.5, 4.9)))
    assert not [word for word in first.times if word[0] < 1.75 < word[1] and word[1] - word[0] > 1.2]


def test_without_a_pause_a_line_begins_at_its_share() -> None:
    first, second = place(["Nobody today.", "Nobody today."], [(1.0, 5.0)])
    assert (span(first), span(second)) == (pytest.approx((1.0, 3.0)), pytest.approx((3.0, 5.0)))


@pytest.mark.parametrize("speech", [[], [(0.0, 0.2)]], ids=["no sound", "hardly any"])
def test_without_speech_lines_are_at_the_pace_of_conversation(speech: list[Stretch]) -> None:
    first, second = place([COUNT, "No."], speech)
    assert 0 < span(first)[0] < span(first)[1] < span(second)[0] < span(second)[1] < 10
    assert 2 < span(first)[1] - span(first)[0] < 5
    middle = first.times[3][1]  # "night," ends a clause
    assert first.times[4][0] - middle > 0.1


@given(texts, st.lists(st.tuples(st.floats(0.01, 2), st.floats(0.2, 3)), max_size=6), st.integers(1, 400))
def test_words_follow_one_another(lines: list[str], gaps: list[tuple[float, float]], frames: int) -> None:
    speech, at = [], -1.0
    for gap, length in gaps:
        speech.append((at + gap, at + gap + length))
        at += gap + length
    placed = place(lines, speech, frames)
    assert [len(spoken.words) for spoken in placed] == [len(spoken.times) for spoken in placed]
    times = [time for spoken in placed for time in spoken.times]
    assert all(start <= end + 1e-6 for start, end in times)
    assert all(earlier[1] <= later[0] + 1e-6 for earlier, later in pairwise(times))
    ends = (speech[0][0], speech[-1][1]) if speech else (0.0, frames / 24)
    low, high = min(0.0, ends[0]), max(frames / 24, ends[1])
    assert all(low - 1e-6 <= start and end <= high + 1e-6 for start, end in times)
