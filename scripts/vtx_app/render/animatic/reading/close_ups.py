"""What a near shot is of, where that is no face: somebody's hands or feet, or a thing that has no picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vtx_app.render.animatic.reading.beings import kind_of_noun
from vtx_app.render.animatic.reading.mentions import Mentions
from vtx_app.render.animatic.reading.model import Camera, Evidence, Part, Person, ShotSize
from vtx_app.render.animatic.reading.text import FUNCTION, Passage, word_set, words_pattern
from vtx_app.render.animatic.reading.vocabulary import kinds_of

__all__ = ["close_on", "subject_of"]

_NEAR: frozenset[ShotSize] = frozenset(("insert", "extreme_close", "close", "medium_close"))
_PARTS: dict[str, Part] = {
    word: part for word, part in kinds_of("staging", "parts").items() if part in ("hands", "eyes", "feet")
}
_NOUNS = "|".join(_PARTS)
_WHOSE = r"(?P<whose>[\w' -]{1,32}?(?:'s|s')|his|her|their|the|two|a pair of)"
_ON = re.compile(
    rf"(?:\b(?:close|tight|insert|close-up|closeup|ecu|in close)(?: shot)?(?: on| in on| of|:| -)? ?|^){_WHOSE} "
    rf"(?:[\w-]+,? ){{0,2}}?(?P<part>{_NOUNS})(?![\w-])"
)
_FACE = words_pattern(r"faces?|mouth|profile|smiles?|lips")
_LISTED = re.compile(rf"(?<![\w-])(?P<part>{_NOUNS})(?![\w-])")
_LEAD = re.compile(
    r"^\s*(?:(?:extreme |medium |very )?(?:close(?:[ -]up)?|insert|detail|macro|ecu|tight)(?: shot)?(?:,? (?:on|of))?"
    r"\s*[:,.–—-]?\s*)?"
)
_NOUN = re.compile(r"(?P<det>(?:an?|the|his|her|their|its|one|two|three|four|five|six|some)\s)?(?P<noun>[\w' -]+)")


def close_on(
    people: Sequence[Person], size: str, camera: Camera, action: Passage, words: list[Evidence]
) -> tuple[Person, ...]:
    """``people`` of whom a near shot shows hands, eyes or feet alone: as its ``size`` in the shot list says
    (``close-up of hands``), or its own words (``Close on Anton's hands``)."""
    seen = [person for person in people if person.seen and person.kind == "person"]
    if camera.size not in _NEAR or not seen:
        return tuple(people)
    listed, found = _LISTED.search(size.lower()), _ON.search(action.low)
    if listed is None and found is None:
        return tuple(people)
    if listed is None and action.real(_FACE):
        return tuple(people)
    part = _PARTS[(listed or found)["part"]]  # type: ignore[index]
    owners = _owners(seen, found, action) if found else []
    if not owners and (listed or len(seen) == 1):
        owners = [person.id for person in seen]
    if not owners or any(person.id not in owners and person.speaks for person in seen):
        return tuple(people)
    text = found[0].strip(" .:") if found else size
    words.extend(Evidence(f"people.{each}.part", action.key, text) for each in owners)
    return tuple(replace(person, part=part) if person.id in owners else person for person in people)


def _owners(seen: Sequence[Person], found: re.Match[str], action: Passage) -> list[str]:
    """Whose part it is: those who are named before it, else those whom the pronoun means."""
    whose = found["whose"]
    named = [person.id for person in seen if person.name and Mentions.pattern(person.name).search(whose)]
    return named or list(Mentions(action, seen).owner(found.start("whose")))


def subject_of(action: Passage, camera: Camera, *, shown: bool) -> str:
    """What an insert is of, as its words begin with: ``a pair of ballet shoes``; "" if something is ``shown``."""
    if camera.size not in ("insert", "extreme_close") or shown:
        return ""
    start = _LEAD.match(action.low).end()  # type: ignore[union-attr]
    found = _NOUN.match(action.low, start)
    if found is None or not found["det"]:
        return ""
    taken: list[str] = []
    for word in found["noun"].split():
        if (word in FUNCTION and word != "of") or (taken and _is_verb(word) and taken[-1] != "of"):
            break
        taken.append(word)
    while taken and taken[-1] == "of":
        taken.pop()
    if not taken or len(taken) > 5 or kind_of_noun(taken[-1]) == "person":
        return ""
    return " ".join(taken)


_VERBS = word_set(
    "lies lie stands stand hangs hang turns turn fills fill sits sit floats float burns burn rolls roll opens open"
    " glows glow spins spin swings swing falls fall shows show reads read ticks tick moves move drips drip runs run"
    " slides slide shakes shake trembles tremble rests rest waits wait comes come goes go begins says melts cracks"
    " breaks boils pulses blinks beats shines gleams flickers"
)


def _is_verb(word: str) -> bool:
    return word in _VERBS or (word.endswith("ing") and len(word) > 5)
