"""The time of day in a scene heading, which may also say that the time before goes on: ``LATER``."""

from __future__ import annotations

import re

__all__ = ["goes_on", "time_of_day"]

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
    """The one time of day in the time of a heading, in small letters: ``LATER THAT NIGHT`` → ``night``.

    Empty if it names none (``LATER``) or several (``DAY/NIGHT``). One word of another language is taken as it is.
    """
    bare = re.sub(r"\([^()]*\)", "", time).strip(" .")
    found = {match[0].lower() for match in _HOUR.finditer(bare)}
    if not found and len(bare.split()) == 1 and not goes_on(bare) and not _ANOTHER.fullmatch(bare):
        return bare.lower()
    return found.pop() if len(found) == 1 else ""


def goes_on(time: str) -> bool:
    """Whether the time of a heading says that the one before goes on: ``CONTINUOUS``, ``MOMENTS LATER``."""
    return _GOES_ON.fullmatch(time.strip(" .")) is not None
