"""Names for files and ids, and names for people."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

__all__ = ["display_name", "name_key", "slug_of", "title_of"]

_LONGEST_SLUG = 38
"""Characters. Snakemake mistakes a name that repeats anything twenty times for a rule that feeds itself."""

_LONGEST_TITLE = 60
_LONGEST_READ = 200
_APOSTROPHES = re.compile(r"['’‘ʼ`]")
_NUMERAL = re.compile(r"(?=[IVX])X{0,3}(IX|IV|V?I{0,3})")
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset(("of", "the", "and", "in", "on", "at", "to", "a", "an", "with", "from", "for"))
_SHORTENED = ("Mr.", "Mrs.", "Ms.", "Dr.", "St.")
_HANGING = "his her its their by as or but up out into over under is are was where that who he she it"
_HANGS = _SMALL | frozenset(_HANGING.split())


def slug_of(text: str) -> str:
    """``Roc'h Wenn`` → ``roch_wenn``, ``ПОРТ`` → ``port``: at most 38 characters, ``[a-z0-9][a-z0-9_]*``, never empty.

    A name without any letter that can be written in Latin gets a stable one from its digest.
    """
    composed = unicodedata.normalize("NFC", text)
    ascii_only = anyascii(_APOSTROPHES.sub("", unicodedata.normalize("NFKC", composed)[:_LONGEST_READ])).casefold()
    words = re.sub(r"(.)\1{3,}", r"\1\1\1", re.sub(r"[^a-z0-9]+", "_", ascii_only))
    slug = words.strip("_")[:_LONGEST_SLUG].strip("_")
    return slug or f"n{hashlib.sha256(composed.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """The form in which all spellings of one name are equal: ``ANNA’S  MOTHER`` and ``Anna's mother.`` are one person.

    Case, the form of apostrophes and of composed letters, invisible letters, dots and spaces make no difference.
    Accents and scripts do: ZOË and ZOE, АННА and ANNA are two people.
    """
    visible = "".join(each for each in unicodedata.normalize("NFKC", name) if unicodedata.category(each) != "Cf")
    return " ".join(_APOSTROPHES.sub("'", visible).replace(".", " ").casefold().split())


def display_name(name: str) -> str:
    """Convert a name from capitals: ``INÈS`` → ``Inès``, ``KEEPER OF THE LIGHT`` → ``Keeper of the Light``.

    Names not all in capitals, words with digits, Roman numerals and scripts without capitals stay unchanged.
    """
    folded = " ".join(name.split())
    if folded != folded.upper():
        return folded
    words = folded.split(" ")
    return " ".join(
        word.lower() if 0 < index < len(words) - 1 and word.lower() in _SMALL else _WORD.sub(_named, word)
        for index, word in enumerate(words)
    )


def _named(word: re.Match[str]) -> str:
    """A word in ordinary case; one letter after an apostrophe ends a word: ``Bob's``, but ``O'Neil``."""
    text = word[0]
    if any(character.isdigit() for character in text) or _NUMERAL.fullmatch(text):
        return text
    ends_a_word = len(text) <= 2 and word.start() > 1 and word.string[word.start() - 1] in "'’"
    return text.lower() if ends_a_word else text[0] + text[1:].lower()


def title_of(text: str) -> str:
    """The first words of ``text``, at most 60 characters, without punctuation at the end.

    Ends with a sentence or a clause, else before words that would hang: ``A torch beam jerks``.
    """
    words = text[:_LONGEST_READ].split()
    title: list[str] = []
    for index, word in enumerate(words[:7]):
        if title and len(" ".join([*title, word])) > _LONGEST_TITLE:
            break
        title.append(word)
        if word in _SHORTENED:
            continue
        if word.endswith((".", "!", "?", "…", ";", ":")) or (index >= 3 and word.endswith(",")):
            break
    if len(title) < len(words) and title[-1][-1:].isalnum():
        while len(title) > 2 and title[-1].casefold() in _HANGS:
            title.pop()
    return re.sub(r"^(?:(?!\()[\W_])+|[^\w)]+$", "", " ".join(title)[:_LONGEST_TITLE]) or "Shot"
