from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.subtitles.words import LINE_WIDTH, spoken_text, syllables, text_width, words_of


@pytest.mark.parametrize(
    ("line", "spoken"),
    [
        ("(whispering) Nobody today.", "Nobody today."),
        ("Well (sighs), no.", "Well, no."),
        ("Was it? (beat) (to Ivo) No!", "Was it? No!"),
        ("the (a (b) c) end", "the end"),
        ("そう（笑）ですね。", "そうですね。"),
        ("[beat]", ""),
        ("...", ""),
        ("🎬", ""),
        ("a\x00b\u202egnp\u202c\r\n  c", "abgnp c"),
        ("N\u0301o", "Ńo"),
    ],
)
def test_what_is_said_of_a_line(line: str, spoken: str) -> None:
    assert spoken_text(line) == spoken


@given(st.text(max_size=120))
def test_words_are_the_text_and_each_fits_a_line(text: str) -> None:
    spoken = spoken_text(text)
    words = words_of(spoken)
    assert "".join(f" {word.text}" if word.spaced else word.text for word in words) == spoken
    assert all(word.text and word.width <= LINE_WIDTH for word in words)
    assert not any(unicodedata.combining(word.text[0]) for word in words if not word.spaced and word is not words[0])


def test_a_full_width_line_has_sixteen_characters() -> None:
    assert text_width("漢" * 16) == LINE_WIDTH
    assert text_width("e\u0301") == 1


def test_chinese_and_japanese_break_between_characters_but_not_before_a_closing_mark() -> None:
    assert [word.text for word in words_of("「今日は」、か。")] == ["「今", "日", "は」、", "か。"]
    assert [word.text for word in words_of("오늘은 아무도")] == ["오늘은", "아무도"]


def test_a_family_or_a_flag_is_one_character() -> None:
    assert [word.text for word in words_of("👨‍👩‍👧🇫🇷🇩🇪")] == ["👨‍👩‍👧", "🇫🇷🇩🇪"]
    assert [word.text for word in words_of("🇫🇷" * 22)] == ["🇫🇷" * 21, "🇫🇷"]


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("strength", 1), ("table", 2), ("lighthouse", 2), ("naïve", 2), ("über,", 2), ("сегодня", 3), ("κανείς", 2),
        ("오늘은", 3), ("しゃべる", 3), ("今日", 2), ("12", 3), ("hmm", 1), ("—", 0),
    ],
)  # fmt: skip
def test_syllables(word: str, count: float) -> None:
    assert syllables(word) == count


def test_a_chinese_character_is_longer_in_japanese() -> None:
    assert [word.syllables for word in words_of("今日は")] == [2, 2, 1]
    assert [word.syllables for word in words_of("今日")] == [1, 1]
