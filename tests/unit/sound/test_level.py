from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.sound.level import MOST_GAIN, Level, scene_gains

CLIPS = st.lists(
    st.builds(
        Level,
        st.sampled_from(["A01_S01", "A01_S02"]),
        st.booleans(),
        st.none() | st.floats(-69, 0),
    ),
    min_size=1,
    max_size=8,
)


def test_the_speaking_clips_of_a_scene_come_to_one_level() -> None:
    clips = [Level("A01_S01", True, level) for level in (-30.0, -24.0, -20.0)]
    assert [clip.level + gain for clip, gain in zip(clips, scene_gains(clips), strict=True) if clip.level] == [
        -24.0
    ] * 3


def test_a_clip_is_turned_by_twelve_decibels_at_most() -> None:
    clips = [Level("A01_S01", True, level) for level in (-45.0, -24.0, -22.0, -3.0, -23.0)]
    assert scene_gains(clips)[0] == MOST_GAIN
    assert scene_gains(clips)[3] == -MOST_GAIN


def test_a_quiet_room_stays_quiet_and_a_loud_one_comes_down_to_the_people_in_it() -> None:
    clips = [Level("A01_S01", True, -26.0), Level("A01_S01", False, -50.0), Level("A01_S01", False, -20.0)]
    assert scene_gains(clips) == [0.0, 0.0, -6.0]


def test_a_spoken_line_that_is_not_heard_is_not_brought_up() -> None:
    clips = [Level("A01_S01", True, -26.0), Level("A01_S01", True, -60.0), Level("A01_S01", True, None)]
    assert scene_gains(clips) == [0.0, 0.0, 0.0]


def test_scenes_keep_their_difference() -> None:
    clips = [Level("A01_S01", True, -20.0), Level("A01_S02", True, -35.0)]
    assert scene_gains(clips) == [0.0, 0.0]


@given(CLIPS)
def test_no_clip_is_turned_further_than_is_promised_nor_another_scene_by_it(clips: list[Level]) -> None:
    gains = scene_gains(clips)
    for clip, gain in zip(clips, gains, strict=True):
        assert -MOST_GAIN <= gain <= (MOST_GAIN if clip.speaks else 0)
        assert clip.level is not None or gain == 0
    alone = [clip for clip in clips if clip.scene == "A01_S01"]
    kept = [gain for clip, gain in zip(clips, gains, strict=True) if clip.scene == "A01_S01"]
    assert scene_gains(alone) == pytest.approx(kept)


@given(st.lists(st.floats(-49, 0), min_size=1, max_size=8))
def test_what_is_levelled_is_level(loudnesses: list[float]) -> None:
    clips = [Level("A01_S01", True, loudness) for loudness in loudnesses]
    gains = scene_gains(clips)
    levels = [loudness + gain for loudness, gain in zip(loudnesses, gains, strict=True) if abs(gain) < MOST_GAIN]
    assert levels == pytest.approx(levels[:1] * len(levels))
