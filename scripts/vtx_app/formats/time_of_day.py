"""The time of day in a scene heading. ``LATER`` and the like continue the time of the heading before."""

from __future__ import annotations

import re

__all__ = ["goes_on", "time_after", "time_of_day"]

_HOUR = re.compile(
    r"\b(?:first light|(?:golden|magic|blue) hour|(?:(?:early|late|mid|pre)[ -]?)?(?:morning|afternoon|evening|night)"
    r"|(?:pre-?)?dawn|noon|midday|daybreak|sunrise|sunup|dusk|twilight|sunset|sundown|nightfall|daylight"
    r"|day(?!\s+(?:later|after|before|earlier)))\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"continuous|continuing|continued|cont['’]?d|same(?: time)?|resuming"
    r"|(?:(?:(?:a|a few|some) )?(?:moment|second|minute)s? )?later",
    re.IGNORECASE,
)
_ANOTHER = re.compile(r"earlier|present|flashback|dream|after|hour|light|(?:one )?day.*|.*\d.*|.*/.*", re.IGNORECASE)
"""Times that name no time of day, or several."""


def time_of_day(time: str) -> str:
    """The time of day in a heading's time, in lower case: ``LATER THAT NIGHT`` → ``night``.

    Empty if it names none (``LATER``) or several (``DAY/NIGHT``). A single word in another language is kept.
    """
    bare = re.sub(r"\([^()]*\)", "", time).strip(" .")
    found = {match[0].lower() for match in _HOUR.finditer(bare)}
    if not found and len(bare.split()) == 1 and not goes_on(bare) and not _ANOTHER.fullmatch(bare):
        return bare.lower()
    return found.pop() if len(found) == 1 else ""


def goes_on(time: str) -> bool:
    """Whether a heading's time continues the one before: ``CONTINUOUS``, ``MOMENTS LATER``."""
    return _GOES_ON.fullmatch(time.strip(" .")) is not None


def time_after(before: str, time: str) -> str:
    """The time of day of a heading with ``time`` that follows one at ``before``; empty if unknown."""
    return time_of_day(time) or (before if goes_on(time) else "")
