"""Names as files and ids have them, and as people read them."""

from __future__ import annotations

import hashlib
import re
import unicodedata

__all__ = ["slug_of"]

_LONGEST = 40
_APOSTROPHES = re.compile(r"['’‘ʼ`]")


def slug_of(text: str) -> str:
    """``Roc'h Wenn`` → ``roch_wenn``: ASCII, at most 40 characters, never empty, ``[a-z0-9][a-z0-9_]*``.

    A name with nothing in it that ASCII has a letter for gets one made of its digest, the same for ever.
    """
    folded = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).encode("ascii", "ignore").decode().casefold()
    slug = re.sub(r"[^a-z0-9]+", "_", folded).strip("_")[:_LONGEST].strip("_")
    return (
        slug
        or "n" + hashlib.sha256(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")).hexdigest()[:10]
    )
