from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from vtx_app.cut.line_breaks import break_line, fill_lines, safe_lines


def letters(text: str) -> float:
    return float(len(text))


def test_lines_are_the_fewest_that_fit_and_about_as_long_as_each_other() -> None:
    assert break_line("the lamp has never gone out", 40, letters) == ["the lamp has never gone out"]
    assert break_line("the lamp has never once gone out", 28, letters) == ["the lamp has never", "once gone out"]
    assert break_line("one two three four five six", 14, letters) == ["one two three", "four five six"]


def test_a_word_too_wide_is_not_broken() -> None:
    assert break_line("a lighthousekeeper", 10, letters) is None


def test_a_compound_is_broken_after_its_hyphen_only_if_it_must() -> None:
    assert break_line("Inès Ångström-Đurić", 15, letters) == ["Inès", "Ångström-Đurić"]
    assert break_line("Ångström-Đurić", 10, letters) == ["Ångström-", "Đurić"]
    assert break_line("minus -5", 7, letters) == ["minus", "-5"]


def test_japanese_is_broken_between_letters_but_not_before_what_closes_or_after_what_opens() -> None:
    assert break_line("灯台守の物語", 3, letters) == ["灯台守", "の物語"]
    lines = break_line("光る、古い「灯台」の物語。", 4, letters)
    assert lines is not None
    assert "".join(lines) == "光る、古い「灯台」の物語。"
    assert not any(line[0] in "、」。" or line[-1] == "「" for line in lines)


def test_korean_is_broken_at_its_spaces() -> None:
    assert break_line("등대지기 이야기", 5, letters) == ["등대지기", "이야기"]
    assert break_line("등대지기이야기", 5, letters) is None


@given(st.text("ab -「」灯。é", max_size=60).map(lambda text: " ".join(text.split())), st.integers(1, 30))
def test_broken_lines_are_the_text_again_and_no_wider_than_asked(text: str, width: int) -> None:
    if not text:
        return
    lines = break_line(text, width, letters)
    if lines is not None:
        assert all(line and letters(line) <= width for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert lines == break_line(text, width, letters)


def test_lines_are_made_safe_to_draw() -> None:
    assert safe_lines("\n\n  The\x1b[31m  End\u202e \n\n by\tme \r\n") == ["The[31m End", "", "by me"]
    assert safe_lines("e\u0301\ufe0f \ud800\ue000\U0010ffff") == ["é"]
    assert safe_lines("می\u200cخواهم") == ["می\u200cخواهم"]
    assert safe_lines("10\u00a0000  lights") == ["10\u00a0000 lights"]
    assert safe_lines(" \u200b\n\x00") == []


@given(st.text(max_size=200))
def test_safe_lines_have_nothing_left_to_remove(text: str) -> None:
    lines = safe_lines(text)
    assert safe_lines("\n".join(lines)) == lines
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") for line in lines for letter in line)


def test_a_paragraph_is_filled_line_by_line_and_a_word_too_wide_is_broken() -> None:
    assert fill_lines("one two three four", 9, letters) == ["one two", "three", "four"]
    assert fill_lines("one two three", 9, letters, indent=4) == ["one", "two three"]
    assert fill_lines("three two", 9, letters, indent=6) == ["", "three two"]
    assert fill_lines("lighthousekeeper", 10, letters) == ["lighthouse", "keeper"]


@given(st.text(alphabet="abc 灯、", max_size=60), st.integers(1, 12), st.integers(0, 12))
def test_a_paragraph_keeps_all_its_letters_within_its_width(text: str, width: int, indent: int) -> None:
    lines = fill_lines(text, width, letters, min(indent, width))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) <= width for line in lines)
    assert len(lines[0]) <= max(1, width - min(indent, width))
