"""What a storyboard artist reads in a request: place, hour, weather, shot size, objects and people.

The shot's own words count before those of its locations, and both before the whole prompt, which includes the style.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from vtx_app.compile.request import RenderRequest, Staging, request_digest
from vtx_app.render.animatic.reading import word_patterns as patterns

__all__ = ["Situation", "read_situation", "seed_of"]


@dataclass(frozen=True, slots=True)
class Situation:
    """``place``, ``hour``, ``weather`` (or ""), ``shot`` size, and the ``objects`` and ``people`` in the picture.

    ``people`` are names, "" if unnamed: a name has the same appearance in every shot. ``lit`` is whether lamps burn.
    ``place_seed`` is the same in every shot at that place.
    """

    place: str
    hour: str
    weather: str
    shot: str
    objects: tuple[str, ...]
    people: tuple[str, ...]
    lit: bool
    place_seed: int
    shot_seed: int

    @property
    def indoors(self) -> bool:
        return self.place in patterns.INDOORS


def seed_of(*parts: str) -> int:
    """A 64-bit seed from ``parts``, the same in every process and on every machine."""
    return int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:8], "big")


def _first(table: tuple[tuple[str, str], ...], texts: tuple[str, ...]) -> str:
    """The name in ``table`` whose words are most frequent in the first of ``texts`` that has any."""
    for text in texts:
        counted = [
            (len(re.findall(rf"\b(?:{pattern})(?!\w)", text)), -order) for order, (_, pattern) in enumerate(table)
        ]
        best, order = max(counted)
        if best:
            return table[-order][0]
    return ""


def _ordered(table: tuple[tuple[str, str], ...], text: str) -> str:
    """The first name in ``table`` with a word in ``text``."""
    return next((name for name, pattern in table if re.search(rf"\b(?:{pattern})(?!\w)", text)), "")


def _people(action: str, named: tuple[str, ...], shot: str) -> tuple[str, ...]:
    if named:
        return named[:4] if len(named) > 1 or shot != "shoulder" else (named[0], "")
    if re.search(rf"\b(?:{patterns.NOBODY})\b", action):
        return ()
    if re.search(rf"\b(?:{patterns.MANY})\b", action):
        return ("", "second", "third", "fourth", "fifth")
    if re.search(rf"\b(?:{patterns.TWO})\b", action) or shot == "shoulder":
        return ("", "second")
    return ("",) if shot == "close" or re.search(rf"\b(?:{patterns.ONE})\b", action) else ()


def _objects(text: str) -> list[str]:
    """The objects named in ``text``, in order."""
    found = [(re.search(rf"\b(?:{pattern})s?(?!\w)", text), name) for name, pattern in patterns.OBJECTS]
    return [name for _, name in sorted((match.start(), name) for match, name in found if match)]


def _named(staging: Staging, speakers: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the shot's characters, or else of its speakers, unless a voice is off screen."""
    seen = tuple(who.name for who in staging.characters if who.seen)
    if not seen:
        return () if re.search(patterns.OFF_SCREEN, staging.action.lower()) else speakers
    return tuple(dict.fromkeys(seen))


def read_situation(request: RenderRequest) -> Situation:
    """What to paint for ``request``: without known words, a calm field under an even sky."""
    staging = request.staging
    prompt = " ".join(request.prompt.lower().split())
    action = " ".join((staging.action if staging else request.prompt).lower().split()) or prompt
    places = " ".join(place.name for place in staging.locations).lower().replace("_", " ") if staging else ""
    everything = f"{action} {prompt}"

    shot = _ordered(patterns.SHOTS, action)
    speakers = tuple(dict.fromkeys(line.speaker for line in staging.dialogue)) if staging else ()
    place = _first(patterns.PLACES, (places, everything)) or "field"
    if re.search(r"\b(?:int\.|interior|inside the|indoors)", action) and place not in patterns.INDOORS:
        place = "room"
    if re.search(r"\b(?:ext\.|exterior|outside)", action) and place in patterns.INDOORS:
        place = _first(patterns.OPEN_PLACES, (places, everything)) or "field"
    if shot == "close" and not re.search(rf"\b(?:{patterns.FACE})\b", opening := ". ".join(action.split(". ")[:2])):
        shot = "insert" if patterns.NEAR_THINGS & set(_objects(opening)) else shot
    people = _people(action, _named(staging, speakers) if staging else (), shot)
    if shot == "insert":
        people = ()
    if not shot:
        shot = ("wide", "medium", "medium", "medium", "full", "full")[min(len(people), 5)]
    weather = _ordered(patterns.WEATHERS, action) or _ordered(patterns.WEATHERS, prompt)
    hour = _first(patterns.HOURS, (action, places, prompt)) or ("dusk" if weather == "storm" else "day")
    where = "\x1f".join(place.name for place in staging.locations) if staging and staging.locations else place
    return Situation(
        place=place,
        hour=hour,
        weather=weather,
        shot=shot,
        objects=tuple(_objects(f"{action} {places} {prompt}")),
        people=people,
        lit=re.search(rf"\b(?:{patterns.OUT})\b", action) is None,
        place_seed=seed_of("place", where),
        shot_seed=seed_of("shot", request_digest(request), str(request.seed)),
    )
