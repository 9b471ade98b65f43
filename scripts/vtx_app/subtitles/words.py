"""A line of dialogue as words: what is spoken, how wide each word is on the screen, how long it takes to say.

A word is the smallest unit between line breaks: letters between spaces; in Chinese and Japanese one character with its
punctuation (JIS X 4051: no line begins with a closing mark or ends with an opening one).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from vtx_app.compile.request import fold

__all__ = ["LINE_WIDTH", "WIDE", "Word", "spoken_text", "syllables", "text_width", "words_of"]

LINE_WIDTH = 42
"""Columns of a line: 42 Latin letters."""

WIDE = LINE_WIDTH / 16
"""Columns of a full-width character: 16 of them fill a line, as is usual for Chinese and Korean subtitles."""

_ASIDE = re.compile(r"\s*(?P<aside>\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）)\s*(?P<mark>[,.;:!?…]*)")
_NO_START = frozenset("、。，．・：；？！ー」』）〕］｝〉》】〟’”ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々…‥％")
_NO_END = frozenset("「『（〔［｛〈《【〝‘“￥＄")
_VOWELS = frozenset("aeiouyаеёиоуыэюяіїєαεηιουωæœøı")
_SMALL_KANA = frozenset("ぁぃぅぇぉゃゅょゎァィゥェォャュョヮ")
_JOINER = "\u200d"
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Word:
    """``text`` that stays in one line, whether a space precedes it (``spaced``), and its weight in ``syllables``."""

    text: str
    spaced: bool
    syllables: float

    @property
    def width(self) -> float:
        """Columns, without the space before it."""
        return text_width(self.text)


def text_width(text: str) -> float:
    """Columns of ``text``: 1 for a letter, :data:`WIDE` for a full-width character, 0 for what joins another."""
    return sum(_width(character) for character in text)


def _width(character: str) -> float:
    if character.isascii():
        return 1.0
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    return WIDE if unicodedata.east_asian_width(character) in "WF" else 1.0


def spoken_text(line: str) -> str:
    """The spoken part of a written line: without directions in brackets, control characters and marks that change the
    direction of text (U+202A to U+202E, U+2066 to U+2069). ``""`` if nothing is spoken."""
    text = fold("".join(character for character in fold(line) if not _is_control(character)))
    while (spoken := _ASIDE.sub(_around_aside, text)) != text:  # nested brackets
        text = spoken
    text = fold(text).lstrip(" ,;:")
    return text if any(map(str.isalnum, text)) else ""


def _around_aside(found: re.Match[str]) -> str:
    return found["mark"] or ("" if found["aside"][0] == "（" else " ")


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc" or character in _TURNS


def words_of(text: str) -> list[Word]:
    """The words of a spoken text (white space folded). One wider than a line is cut into pieces that fit."""
    japanese = any("\u3041" <= character <= "\u30ff" for character in text)
    return [
        Word(piece, bool(number) and not index, syllables(piece, japanese=japanese))
        for number, word in enumerate(text.split())
        for index, piece in enumerate(_pieces(word))
    ]


def _pieces(word: str) -> Iterator[str]:
    if text_width(word) <= LINE_WIDTH and not any(map(_is_wide, word)):
        yield word
        return
    piece, width = "", 0.0
    for cluster in _clusters(word):
        more = text_width(cluster)
        if piece and (_may_break(piece[-1], cluster[0]) or width + more > LINE_WIDTH):
            yield piece
            piece, width = "", 0.0
        piece, width = piece + cluster, width + more
    yield piece


def _clusters(word: str) -> Iterator[str]:
    """Characters with the combining and joined characters after them; flags of two letters."""
    cluster = ""
    for character in word:
        joined = _width(character) == 0 or cluster.endswith(_JOINER) or "\U0001f3fb" <= character <= "\U0001f3ff"
        flag = len(cluster) == 1 and _is_flag(cluster) and _is_flag(character)
        if cluster and not joined and not flag:
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_wide(character: str) -> bool:
    """Whether lines break beside the character without a space. In Korean they don't."""
    return _width(character) == WIDE and not "\uac00" <= character <= "\ud7a3"


def _may_break(before: str, after: str) -> bool:
    return (_is_wide(before) or _is_wide(after)) and before not in _NO_END and after not in _NO_START


def syllables(word: str, *, japanese: bool = False) -> float:
    """About how many syllables a word has, at least 1 if anything of it is spoken: a measure of time, in any script.

    Groups of vowels where letters are vowels and consonants; a syllable for a full-width character (two for a Chinese
    one in Japanese); letters / 2.2 in other scripts, whose vowels are mostly unwritten; 1.5 for a digit.
    """
    count, in_vowels, letters = 0.0, False, 0
    for character in unicodedata.normalize("NFD", word.lower()):
        vowel = character in _VOWELS
        if character.isdigit():
            count += 1.5
        elif "\u1100" <= character <= "\u11ff":  # the parts of a Korean syllable; its first ones are below U+1160
            count += character < "\u1160"
        elif _width(character) == WIDE:
            count += _wide_syllables(character, japanese=japanese)
        elif vowel:
            count += not in_vowels
        elif character.isalpha() and character > "\u058f":
            count += 1 / 2.2
        letters += character.isalnum()
        in_vowels = vowel or (in_vowels and unicodedata.combining(character) > 0)
    silent = word.isascii() and count > 1 and re.search(r"[^aeiouyl]e\W*$", word.lower()) is not None
    return max(1.0, count - silent) if letters else 0.0


def _wide_syllables(character: str, *, japanese: bool) -> float:
    if not character.isalpha() or character in _SMALL_KANA:
        return 0.0
    return 2.0 if japanese and "\u4e00" <= character <= "\u9fff" else 1.0
