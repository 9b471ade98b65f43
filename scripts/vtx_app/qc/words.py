"""The words heard in a take against those written in its spec: ``renders/qc/<clip_id>/<digest>.words.json``. Pure."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["WORDS_VERSION", "Heard", "WordErrors", "compare_words", "heard_path", "read_heard", "words_of"]

WORDS_VERSION = 1
"""Raised when the same take would be listened to otherwise."""

_SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]

_WITHOUT_SPACES = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
"""Scripts that put no space between words, by the beginning of their letters' Unicode names: a letter is a word."""


@dataclass(frozen=True, slots=True)
class Heard:
    """``text``: what ``recognizer`` heard in the take ``digest`` of ``clip_id``; ``""`` where nothing stands out."""

    clip_id: str
    digest: str
    text: str
    recognizer: str

    def file_text(self) -> str:
        """The text of the take's file."""
        return json.dumps({"version": WORDS_VERSION} | asdict(self), ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class WordErrors:
    """``wrong`` of the ``written`` words: left out, exchanged, or added to them. It may be more than all."""

    wrong: int
    written: int

    @property
    def rate(self) -> float:
        """The word error rate; 0 where nothing is written."""
        return self.wrong / self.written if self.written else 0.0


def heard_path(folder: Path, clip_id: str, digest: str) -> Path:
    """The file of the words heard in one take, in the film's ``folder``."""
    return folder / f"renders/qc/{clip_id}/{digest}.words.json"


def read_heard(folder: Path, clip_id: str, digest: str) -> Heard | None:
    """What was heard in a take; None if nobody listened yet, in another version, or the file can't be read."""
    try:
        data = json.loads(heard_path(folder, clip_id, digest).read_bytes())
        version, heard = data.pop("version"), Heard(**{key: str(value) for key, value in data.items()})
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return heard if version == WORDS_VERSION and (heard.clip_id, heard.digest) == (clip_id, digest) else None


def words_of(text: str) -> list[str]:
    """The words of ``text``, without case, accents and marks. Numbers to twelve are English words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in plain if not unicodedata.combining(each) and each not in "'’ʼ")
    spaced = "".join(
        f" {each} " if unicodedata.name(each, "").startswith(_WITHOUT_SPACES) else each if each.isalnum() else " "
        for each in unicodedata.normalize("NFC", plain)
    )
    return [_SMALL[int(word)] if word in _NUMERALS else word for word in spaced.split()]


_NUMERALS = {str(number) for number in range(len(_SMALL))}


def compare_words(written: Sequence[str], heard: Sequence[str]) -> WordErrors:
    """The fewest words to leave out, exchange or add that make ``heard`` of ``written`` (Levenshtein's distance)."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(written, 1):
        before, row = row, [number]
        for at, other in enumerate(heard, 1):
            row.append(min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (word != other)))
    return WordErrors(row[-1], len(written))
