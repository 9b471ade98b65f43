"""The people and animals without a name whom a shot's words put into the picture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vtx_app.render.animatic.reading.beings import is_woman, kind_of_noun, number_of, singular
from vtx_app.render.animatic.reading.clothes import garments
from vtx_app.render.animatic.reading.figures import age_of
from vtx_app.render.animatic.reading.model import Depth, Evidence, Part, Person
from vtx_app.render.animatic.reading.text import FUNCTION, Passage
from vtx_app.render.animatic.reading.vocabulary import kinds_of, patterns_of, words_of

__all__ = ["extras"]

_DEPTHS: tuple[tuple[Depth, re.Pattern[str]], ...] = patterns_of("staging", "depths")
_PARTS = re.compile(
    r"^(?:'s|s')? (?:[\w-]+,? ){0,3}?(?P<part>hands?|fingers|face|eyes|feet|boots|shoes|back|mouth|palms)\b"
)
_DETERMINED = re.compile(
    r"(?<![\w'-])(?P<det>an?|one|two|three|four|five|six|seven|eight|nine|ten|a dozen|dozens of|some|several|many|a "
    r"few|another|(?:a|the) (?:\w+ )?(?:crowd|group|pair|couple|flock|herd|pack|swarm|line|row|queue|band|gang"
    r"|handful|shoal|knot|troop|team|procession|huddle|cluster|choir) of|hundreds of"
    r"|every|the|no|both|other) (?P<adjectives>(?:[\w'-]+,? ){0,3}?)(?P<noun>[\w-]+)(?P<own>'s|s')?(?![\w-])"
)
_BARE = re.compile(
    r"(?:^|[.;:!?]\s+|, (?:and )?)(?P<adjectives>(?:[\w-]+ ){0,2}?)(?P<noun>[a-z][\w-]+s|people|children|men|women"
    r"|sheep|cattle|policemen|firemen|fishermen|geese|mice)(?=[ ,.;!?]|$)"
)
_NOT_BEINGS = words_of("staging", "not beings")
_KEEP = words_of("staging", "keep")


def extras(action: Passage, people: Sequence[Person], refused: Passage, words: list[Evidence]) -> tuple[Person, ...]:
    """The people and animals without a name that the words put into the picture."""
    named = any(person.seen and person.kind == "person" for person in people)
    kinds = {person.what for person in people}
    found: dict[str, Person] = {}
    candidates = [*_DETERMINED.finditer(action.low), *_BARE.finditer(action.low)]
    for match in sorted(candidates, key=lambda each: each.start("noun")):
        groups = match.groupdict()
        noun = groups["noun"]
        kind = kind_of_noun(noun)
        if kind not in ("person", "animal", "creature") or (noun in _NOT_BEINGS and noun not in _KEEP):
            continue
        det = (groups.get("det") or "").strip()
        plain = singular(noun)
        if det == "no" or plain in found or (plain in kinds and det in ("the", "")):
            continue
        if det in ("the", "other", "every") and (
            named or kind != "person" or noun in ("captain", "painter", "nurse", "guard")
        ):
            continue
        if noun in ("guard", "captain", "porter", "nurse", "painter", "runner", "duck", "bear", "fish") and det not in (
            "a",
            "an",
            "two",
            "three",
            "several",
        ):
            continue
        state = next(
            (each for each in action.find(re.compile(re.escape(match[0]))) if each.start == match.start()), None
        )
        if state is None or not state.real or _is_unseen(action.low, match):
            continue
        own = groups.get("own") or ""
        part = _PARTS.match(action.low[match.end("noun") :]) if own else None
        if own and part is None:
            continue
        if (
            not own
            and (after := action.after(match.end("noun"), 1))
            and after[0] not in FUNCTION
            and _is_compound(after[0])
        ):
            continue
        if _refuses(refused.low, noun):
            continue
        phrase = match[0]
        words_before = re.findall(r"[\w-]+", f"{det} {groups['adjectives'] or ''}")
        count = number_of([word for word in words_before if word not in ("a", "an")])
        if count == 1 and plain != noun and noun not in ("crowd",):
            count = 3
        if noun in ("crowd", "mob", "crew", "family", "couple"):
            count = {"couple": 2, "family": 4, "crew": 5}.get(noun, 12)
        age, years, _ = age_of(
            re.sub(r"^(?:an?|the|one|two|three) ", "", phrase)
            + action.low[match.end() : match.end() + 24].split(",")[0].split(".")[0]
        )
        rest = Passage(action.key, action.text)
        start, end = action.sentence(match.start())
        rest.low = " " * match.end() + action.low[match.end() : end] + " " * (len(action.low) - end)
        del start
        worn = tuple(garment for garment, where in garments(rest) if _close(action.low[match.end() : where.start]))
        found[plain] = Person(
            "", "", kind=kind, what=plain, count=count, woman=is_woman(noun), age=age, years=years, wears=worn,
            part=_part_of(part), depth=_depth_near(action, match.start()),
        )  # fmt: skip
        words.append(Evidence(f"people.{plain}", action.key, action.text[match.start() : match.end()].strip(" .,;")))
    return tuple(found.values())


def _part_of(part: re.Match[str] | None) -> Part:
    if part is None:
        return ""
    known: Part = kinds_of("staging", "parts")[part["part"]]
    return known


def _depth_near(action: Passage, position: int) -> Depth | None:
    start, end = action.clause(position)
    clause = action.low[start:end]
    return next((depth for depth, pattern in _DEPTHS if pattern.search(clause)), None)


def _close(between: str) -> bool:
    """Whether a garment is worn by the extra just named: ``a boy in a red cap``."""
    return (
        re.fullmatch(
            r"(?: of [\w-]+)?,? (?:in|wearing|dressed in|with) (?:an? |the |his |her )?(?:[\w-]+ ){0,3}", between
        )
        is not None
    )


def _is_compound(word: str) -> bool:
    return word in (
        "coat",
        "boots",
        "bone",
        "skin",
        "fur",
        "collar",
        "food",
        "house",
        "bowl",
        "lead",
        "shop",
        "costume",
        "toy",
        "mask",
        "doll",
        "statue",
        "puppet",
        "song",
        "story",
        "voice",
        "voices",
        "suit",
        "hat",
        "skull",
        "shed",
        "cage",
        "basket",
        "box",
        "track",
        "tracks",
        "trail",
        "print",
    )


def _is_unseen(low: str, match: re.Match[str]) -> bool:
    """Whether a being is only heard, or is what somebody is not: ``a dog barks``, ``somewhere a dog``."""
    before = low[max(0, match.start() - 40) : match.start()].rsplit(".", 1)[-1]
    after = low[match.end("noun") : match.end("noun") + 30]
    if re.search(
        r"\b(?:somewhere|far off|hear|hears|sound of|sounds of|voice of|voices of|call of|cry of|cries of|bark of"
        r"|off screen|off-screen|through the wall|upstairs|next door)\W*(?:\w+\W+)?$",
        before,
    ):
        return True
    if re.match(
        r"(?:,)? (?:is |are )?(?:off[ -]?screen|unseen|barks?|barking|howls?|calls? (?:far|somewhere|once)|hoots?"
        r"|cries? somewhere|somewhere|crows)\b",
        after,
    ):
        return True
    return (
        re.search(
            r"\b(?:than|as|like|for|taller than|size of|once|was|become|became|becoming|into|play|plays|playing"
            r"|against|from) $",
            low[max(0, match.start() - 16) : match.start()],
        )
        is not None
    )


def _refuses(refused: str, noun: str) -> bool:
    plain = singular(noun)
    people = kind_of_noun(noun) == "person"
    return any(
        re.search(rf"\b{re.escape(word)}\b", refused)
        for word in (noun, plain, *(("people", "crowd", "crowds") if people else ()))
    )
