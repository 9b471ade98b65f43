"""Names as files and ids have them, and as people read them."""

from __future__ import annotations

import hashlib
import re
import unicodedata

__all__ = ["display_name", "slug_of", "title_of"]

_LONGEST_SLUG = 40
_LONGEST_TITLE = 60
_APOSTROPHES = re.compile(r"['’‘ʼ`]")


def slug_of(text: str) -> str:
    """``Roc'h Wenn`` → ``roch_wenn``: ASCII, at most 40 characters, never empty, ``[a-z0-9][a-z0-9_]*``.

    A name with nothing in it that ASCII has a letter for gets one made of its digest, the same for ever.
    """
    folded = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).encode("ascii", "ignore").decode().casefold()
    slug = re.sub(r"[^a-z0-9]+", "_", folded).strip("_")[:_LONGEST_SLUG].strip("_")
    digest = hashlib.sha256(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")).hexdigest()
    return slug or f"n{digest[:10]}"


def display_name(name: str) -> str:
    """A name in capitals as people write it: ``INÈS`` → ``Inès``, ``OLD MAN`` → ``Old Man``; others stay."""
    folded = " ".join(name.split())
    if folded != folded.upper():
        return folded
    return " ".join(word[:1] + word[1:].lower() for word in folded.split(" "))


def title_of(text: str) -> str:
    """A few words from the start of ``text``, at most 60 characters, without punctuation at its end."""
    words = " ".join(text.split()).split(" ")
    title = ""
    for word in words[:7]:
        if title and len(title) + 1 + len(word) > _LONGEST_TITLE:
            break
        title = f"{title} {word}".strip()
        if word.endswith((".", "!", "?", "…", ";", ":")):
            break
    return title[:_LONGEST_TITLE].strip(" .,;:!?…–—-\"'“”") or "Shot"
