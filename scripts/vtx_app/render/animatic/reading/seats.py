"""What people sit, lie, kneel or stand on, as the shot's own words have it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vtx_app.render.animatic.reading.mentions import Mentions
from vtx_app.render.animatic.reading.model import Evidence, Person
from vtx_app.render.animatic.reading.text import Passage
from vtx_app.render.animatic.reading.vocabulary import plain_of

__all__ = ["seat_people"]

_SEATS = tuple(plain_of("staging", "seats"))
_NOUNS = "|".join(f"(?P<{kind}>{words})" for kind, words in _SEATS)
_ON = re.compile(
    r"\b(?P<verb>sits?|sitting|seated|sat|perch(?:es|ed)?|lies|lying|lay|sprawled|slumped|slumps|asleep|sleeps"
    r"|sleeping|kneels?|kneeling|crouch(?:es|ed|ing)?|stands?|standing|jumps?|jumping|bounces|settles|curled|waits?|waiting|rests?|dozes|dozing|naps|snoozes|hunch(?:es|ed)?|lounges|reclines|reclining|slouch(?:es|ed)?|reads)"
    r"(?: \w+ly)?(?: (?:up|down|back|alone|together|side by side|cross-legged|awake|asleep))*"
    r" (?:on|in|upon|at|across|against)(?: (?:top of|the (?:edge|end|side|foot|arm|back|middle) of))?"
    rf" (?:(?:the|a|an|his|her|their|its|one of the|some) )?(?:[\w'-]+ ){{0,2}}?(?:{_NOUNS})(?![\w-])"
)
_NEXT_BED = re.compile(
    r"\bin the (?:next|other|opposite|far|near|first|last|top|lower|upper) (?:bed|bunk|cot)(?: but one)?,? (?=\w)"
)
"""Before whoever is in it: ``in the next bed Mrs Ito knits``."""
_IN_BED = re.compile(r"\bin bed\b")
_ON_BED = re.compile(
    r"\b(?:side by side|awake|asleep|together|snuggled|tucked up|curled up|huddled|propped up)(?: \w+){0,3}? (?:on|in) "
    r"(?:the|a|their|his|her|one) (?:[\w-]+ ){0,2}?(?:bunk|bed|mattress|cot|hammock)s?(?![\w-])"
)
_ON_IT = re.compile(
    r"\b(?:bed|stretcher|gurney|trolley|cot|bunk|mattress)(?![\w-])[^.;!?]*?"
    r"\b(?P<verb>lies|lying|asleep|sleeping|strapped|unconscious|sits|sitting) (?:up )?(?:on|in|to) it(?![\w-])"
)
"""``pushes a bed …, Leo lying on it``."""
_SWINGING = re.compile(r"\b(?:on|in) (?:the|a|her|his) (?:[\w-]+ )?swing(?![\w-])")
_STANDING = ("stand", "jump", "bounc")
_STOOD_ON = ("bed", "sofa", "table", "desk", "box", "rock", "steps", "log", "bench", "chair", "stool", "wall")


def seat_people(people: Sequence[Person], action: Passage, words: list[Evidence]) -> tuple[Person, ...]:
    """``people`` with their ``seat``."""
    mentions = Mentions(action, people)
    seats: dict[str, str] = {}
    lying: set[str] = set()

    def set_on(ids: Sequence[str], seat: str, text: str) -> None:
        for each in ids:
            if each not in seats:
                seats[each] = seat
                words.append(Evidence(f"people.{each}.seat", action.key, text))

    for match in _ON.finditer(action.low):
        kind = next(kind for kind, _ in _SEATS if match[kind])
        if (
            match["verb"].startswith(("wait", "rest", "read", "doze"))
            and " on " not in match[0]
            and " in " not in match[0]
        ):
            continue
        if match["verb"].startswith(_STANDING) and (kind not in _STOOD_ON or " at " in match[0]):
            continue
        if kind == "table" and " on " not in match[0]:
            kind = "chair"
        set_on(mentions.subject(match.start()) or mentions.owner(match.start()), kind, match[0])
    for match in _NEXT_BED.finditer(action.low):
        who = mentions.opening(match.end())
        set_on(who, "bed", match[0].strip(" ,"))
        people = [replace(each, pose=each.pose or "sit") if each.id in who else each for each in people]
    for match in _IN_BED.finditer(action.low):
        set_on(mentions.owner(match.start()), "bed", match[0])
    for match in _ON_IT.finditer(action.low):
        set_on(mentions.subject(match.start("verb")) or mentions.owner(match.start("verb")), "bed", match[0])
    for match in _ON_BED.finditer(action.low):
        for each in mentions.owner(match.start()):
            lying.add(each)
        set_on(mentions.owner(match.start()), "bed", match[0])
    for match in _SWINGING.finditer(action.low):
        set_on(mentions.owner(match.start()), "swing", match[0])
    people = [replace(each, pose=each.pose or "lie") if each.id in lying else each for each in people]
    return tuple(_seated(each, seats[each.id]) if each.seen and each.id in seats else each for each in people)


def _seated(person: Person, seat: str) -> Person:
    """``person`` on a seat; who waits or reads on a bench sits there."""
    dozes = person.pose == "lie" and seat in ("chair", "armchair", "stool", "swing")
    sits = seat in _SEATED and (dozes or person.pose in (None, "stand")) and person.kind == "person"
    return replace(person, seat=seat, pose="sit" if sits else person.pose)


_SEATED = ("swing", "bench", "chair", "armchair", "sofa", "stool")
