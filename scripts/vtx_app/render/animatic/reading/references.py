"""Who of the people with a name is meant by ``the old man``, ``both children``, ``two figures`` or ``the dragon``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from vtx_app.render.animatic.reading.beings import singular
from vtx_app.render.animatic.reading.model import Person
from vtx_app.render.animatic.reading.text import word_set

__all__ = ["Reference", "references"]

_NUMBERS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_OLD, _YOUNG = word_set("old older elderly aged"), word_set("young younger small little")
_ALONE = word_set("lone lonely solitary single")
_SHAPES = word_set("figures silhouettes shapes people riders forms")
"""Nouns that bring nobody new, if just so many have names."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The words from ``start`` to ``end`` mean ``ids``."""

    start: int
    end: int
    ids: tuple[str, ...]


def _is_man(person: Person) -> bool:
    return person.woman is not True and person.age != "child"


def _is_woman(person: Person) -> bool:
    return person.woman is True and person.age != "child"


def _is_boy(person: Person) -> bool:
    return person.woman is not True and person.age == "child"


def _is_girl(person: Person) -> bool:
    return person.woman is True and (person.age == "child" or (person.years or 99) < 30)


def _is_child(person: Person) -> bool:
    return person.age == "child"


_GENERAL: Mapping[str, Callable[[Person], bool]] = {
    **dict.fromkeys(("man", "gentleman", "fellow", "guy", "husband"), _is_man),
    **dict.fromkeys(("woman", "lady", "wife"), _is_woman),
    **dict.fromkeys(("boy", "lad"), _is_boy),
    "girl": _is_girl,
    **dict.fromkeys(("child", "kid", "youngster", "sibling"), _is_child),
    **dict.fromkeys(("figure", "silhouette", "shape", "person", "form", "couple", "pair", "friend", "rider"), bool),
}


def _fitting(people: Sequence[Person], noun: str, words: frozenset[str]) -> list[Person]:
    """Those of ``people`` whom a noun in the singular may mean."""
    general = _GENERAL.get(noun)
    if general is None:
        return [each for each in people if each.what and each.what == noun]
    found = [each for each in people if each.kind == "person" and general(each)]
    if words & _OLD and any(each.age == "old" for each in found):
        return [each for each in found if each.age == "old"]
    if words & _YOUNG and any(each.age != "old" for each in found):
        return [each for each in found if each.age != "old"]
    return found


@lru_cache(maxsize=64)
def _phrases(whats: frozenset[str]) -> re.Pattern[str]:
    """A pattern for phrases with a general noun for people, or one of ``whats``."""
    singulars = [*_GENERAL, *(each for each in whats if re.fullmatch(r"[a-z][\w -]+", each))]
    nouns = "|".join(sorted({form for each in singulars for form in (each, _plural(each))}, key=len, reverse=True))
    return re.compile(
        r"(?<![\w'-])(?=(?:the|these|those|both|all|an?|two|three|four|five|six) )"
        r"(?:(?P<det>the|these|those|both|all|an?) )?(?:(?:of )?(?P<the>the|his|her|their) )?"
        r"(?:(?P<number>two|three|four|five|six) )?"
        rf"(?P<words>(?:(?!(?:the|an?|and|of|or|in|on|with|to) )[\w-]+ ){{0,2}}?)(?P<noun>{nouns})(?![\w'-])"
    )


def _plural(noun: str) -> str:
    if noun.endswith("man"):
        return f"{noun[:-3]}men"
    return {"child": "children", "lady": "ladies", "person": "people", "wife": "wives"}.get(noun, f"{noun}s")


def references(low: str, people: Sequence[Person]) -> Iterator[Reference]:
    """The references in ``low`` to ``people`` with a name, in order."""
    named = [each for each in people if each.id]
    persons = [each for each in named if each.kind == "person"]
    if not named:
        return
    for match in _phrases(frozenset(each.what for each in named if each.what)).finditer(low):
        noun, words = match["noun"], frozenset(match["words"].split())
        plain = singular(noun)
        plural = plain != noun or noun in ("people", "couple", "pair")
        number = _NUMBERS.get(match["number"] or "", 2 if match["det"] == "both" or noun in ("couple", "pair") else 0)
        found = _fitting(named, plain, words)
        if match["det"] in ("a", "an"):
            alone = (words & _ALONE and found == persons) or (plain in _RIDERS and _RIDES.search(low))
            if alone and len(persons) == 1 and not plural:
                yield Reference(match.start(), match.end(), (persons[0].id,))
            continue
        definite = match["det"] is not None or match["the"] == "the"
        if not definite and not (noun in _SHAPES and number):
            continue
        if plural and len(found) > 1 and number in (0, len(found)):
            yield Reference(match.start(), match.end(), tuple(each.id for each in found))
        elif not plural and len(found) == 1:
            yield Reference(match.start(), match.end(), (found[0].id,))


_RIDERS = ("rider", "horseman")
_RIDES = re.compile(r"\b(?:rides?|riding|on horseback|astride)\b")
