"""What of a shot's words is in front of the camera: without names that are also words, and without what is drawn.

``Mr Snow`` is no weather and ``Greta Forest`` no place; of ``draws a dog on the window`` there is no dog.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from vtx_app.render.animatic.reading.text import Passage, word_set

__all__ = ["in_front_of_camera"]

_NO_NAMES = word_set("the a an of de la le van von and old young little big")
_ACTS_AS_WEATHER = (
    r"(?! (?:still |now |slowly |gently )?(?:falls?|falling|pours|hammers|drums|lashes|beats|streams|streaks|patters"
    r"|spatters|breaks (?:over|through)|settles|drifts|covers|lies (?:on|over|deep)|has (?:stopped|fallen|begun)"
    r"|begins to fall|on the|in the air|against the)\b)"
)
_DRAWN = re.compile(
    r"\b(?:draws?|drawing|drew|drawn|sketch(?:es|ing)?|doodl(?:es|ing)|trac(?:es|ing)|scrawl(?:s|ing)?) "
    r"(?!(?:the |his |her |their |a |an )?(?:\w+ ){0,2}?(?:swords?|guns?|kni(?:fe|ves)|pistols?|revolvers?|blades?"
    r"|daggers?|breath|curtains?|blinds?|bow|cards?|bolts?|bath|veil|hood|cloak|coat|chair|stool|bucket|water"
    r"|crowds?|reins?|maps?|plans?|picture|drapes|shutters?)\b)"
    r"(?:an?|the|his|her|two|three|some)\b[^.,;:!?]*"
)
"""What somebody draws, up to the end of the clause."""
_WRITTEN = re.compile(
    r"\b(?:writ(?:es|e|ing|ten)|wrote|types?|typing|chalks|spells?)(?: the words?)? +"
    r"(?P<said>[A-Z][A-Z'’&-]+(?: [A-Z0-9'’&-]+)*)(?!\w)"
)
_ON_WHAT = re.compile(r"\b(?:on|in|across|over|with)\b")


@lru_cache(maxsize=256)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """A pattern for the names, whole and in parts, as they are written: with capitals."""
    words: set[str] = set()
    for name in names:
        parts = re.findall(r"[^\W\d_][\w'’-]*", name)
        capital = [part for part in parts if part[0].isupper() and part.lower() not in _NO_NAMES and len(part) > 1]
        words.update(capital)
        if capital and all(part[0].isupper() for part in parts):
            words.add(" ".join(parts))
    if not words:
        return None
    choices = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])(?:{choices})(?![\w-]){_ACTS_AS_WEATHER}(?:['’]s?(?!\w))?")


def in_front_of_camera(passage: Passage, names: Iterable[str]) -> Passage:
    """``passage`` with ``names`` and what somebody draws blanked."""
    low = passage.low
    pattern = _names_pattern(tuple(names))
    spans = [match.span() for match in pattern.finditer(passage.text)] if pattern is not None else []
    for match in _DRAWN.finditer(low):
        verb = match[0].split()[0]
        end = match.end()
        surface = _ON_WHAT.search(match[0], len(verb) + 1)
        spans.append((match.start() + len(verb), match.start() + surface.start() if surface else end))
    spans += [match.span("said") for match in _WRITTEN.finditer(passage.text)]
    for start, end in spans:
        low = low[:start] + " " * (end - start) + low[end:]
    return passage.with_low(low) if spans else passage
