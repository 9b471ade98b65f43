"""The words of the tables: their letters stand in each text that has one of them, so no text is passed over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vtx_app.render.animatic.reading.text import Passage, words_pattern
from vtx_app.render.animatic.reading.vocabulary import Words

HERE = Path(__file__).parent
PARTS = re.compile(r"\s\|\s|^\w+: ")
TEXT = "\n".join(
    (HERE / name).read_text(encoding="utf-8").casefold()
    for name in ["scenes.txt", *(f"sentences/{each.name}" for each in sorted((HERE / "sentences").glob("*.txt")))]
)
TABLES = sorted(Path(words_pattern.__code__.co_filename).parent.glob("words/*.txt"))


def alternatives() -> list[str]:
    found: list[str] = []
    for table in TABLES:
        for line in table.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "[")):
                found += [each.strip(" |") for each in PARTS.split(line.strip()) if each.strip(" |")]
    return found


def test_every_place_of_every_word_is_found() -> None:
    places = 0
    for each in alternatives():
        try:
            expected = [match.span() for match in words_pattern(each).finditer(TEXT)]
        except re.error:  # a piece of an alternative that has a bar in brackets, or a name to fill in
            continue
        words = Words(each)
        assert [match.span() for match in words.finditer(TEXT)] == expected
        assert words.may_be_in(TEXT) or not expected
        for start, end in expected:
            assert words.may_be_in(TEXT[start:end]), each
        places += len(expected)
    assert places > 5_000


@pytest.mark.parametrize(
    ("words", "text", "there"),
    [
        (r"(?:early |late )?evening", "an eve", False),
        (r"(?:early |late )?evening", "evening", True),
        (r"(?:one|two) (?:o'clock )?in the morning", "two in the morning", True),
        (r"\d{1,2} ?a\.m\.", "4 a.m.", True),
        (r"\d{1,2} ?a\.m\.", "4 adam", False),
        (r"colou?rs?", "a color", True),
        (r"(?:moon|sun)(?: street|lit)", "sunlit", True),
        (r"(?:moon|sun|star)(?: street|lit)", "moon and sun", False),
        (r"(?:s|)un", "run", True),  # too few letters to tell
        (r"go+gle", "gooogle", True),
        (r"[ab]{2,3}cde", "abcde", True),
        (r"(?<!no )rain(?! check)", "rain", True),
        ("夜", "夜", True),
        ("it is", "it is on", True),  # no word has three letters
        ("it is", "it was on", False),
    ],
)
def test_a_text_without_the_letters_has_none_of_the_words(words: str, text: str, there: bool) -> None:
    assert Words(words).may_be_in(text) == there


def test_a_passage_lets_go_of_words() -> None:
    assert Passage("k", "Sun Street at dawn").without(Words("sun street")).low == "           at dawn"
