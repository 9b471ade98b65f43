"""How long shots are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.compile.duration import auto_seconds, clip_seconds, spoken_seconds
from vtx_app.formats.clip_spec import Duration

SECONDS = st.decimals("0.01", "15", places=2).map(float)
WORDS = st.lists(st.sampled_from(["a", "lamp", "burns", "Maras", "don't", "灯", "塔"]), max_size=40)


@given(SECONDS, SECONDS)
def test_a_fixed_length_is_as_given(seconds: float, limit: float) -> None:
    found = clip_seconds(Duration(mode="fixed", seconds=seconds), ["a beat"] * 30, ["a line"], "", limit)
    assert found == seconds


@given(
    SECONDS,
    SECONDS,
    SECONDS,
    st.lists(WORDS.map(" ".join), max_size=6),
    st.lists(WORDS.map(" ".join), max_size=4),
    WORDS.map(" ".join),
)
def test_auto_stays_between_its_bounds(
    one: float, other: float, limit: float, beats: list[str], lines: list[str], words: str
) -> None:
    shortest, longest = sorted((one, other))
    found = clip_seconds(Duration(min_seconds=shortest, max_seconds=longest), beats, lines, words, limit)
    assert shortest <= found <= longest
    assert clip_seconds(Duration(min_seconds=shortest), beats, lines, words, limit) <= limit
    assert clip_seconds(Duration(min_seconds=shortest), beats, lines, words, 99.0) <= 15


@given(WORDS, WORDS, st.lists(WORDS.map(" ".join), max_size=3))
def test_more_words_never_take_less_time(words: list[str], more: list[str], beats: list[str]) -> None:
    short, long = " ".join(words), " ".join(words + more)
    assert spoken_seconds(long) >= spoken_seconds(short)
    assert auto_seconds(beats, [long]) >= auto_seconds(beats, [short])
    assert auto_seconds([*beats, long], []) >= auto_seconds([*beats, short], [])
    assert auto_seconds([*beats, long], ["hm"]) >= auto_seconds(beats, ["hm"])


def test_ten_words_more_are_four_seconds_more() -> None:
    assert spoken_seconds("one two three four five " * 4) - spoken_seconds(
        "one two three four five " * 2
    ) == pytest.approx(4)


def test_scripts_without_spaces_are_spoken_too() -> None:
    sentence = "灯台の明かりが消えて、港には誰も帰ってこなかった"
    assert spoken_seconds(sentence) > 3 * spoken_seconds("灯台")
    assert spoken_seconds("등대의 불이 꺼졌다") > spoken_seconds("등대")


def test_an_apostrophe_does_not_make_two_words() -> None:
    assert spoken_seconds("don’t") == spoken_seconds("don't") == spoken_seconds("dont")


def test_words_on_screen_are_held_to_be_read() -> None:
    assert auto_seconds(["Hold to read the inscription."], []) > auto_seconds(["Hold to see the old harbour."], [])


def test_speech_and_action_happen_together() -> None:
    beat, line = "She turns.", "Nobody came, and nobody will, not today and not tomorrow either."
    assert auto_seconds([beat], [line]) == max(auto_seconds([beat], []), auto_seconds([], [line]))


def test_a_clip_without_beats_and_lines_is_as_long_as_its_own_words() -> None:
    assert auto_seconds([], [], "The quay. A bell. A gull lands.") > auto_seconds([], [], "The quay.")
    assert auto_seconds(["x"], [], "The quay. A bell.") == auto_seconds(["x"], [], "")
