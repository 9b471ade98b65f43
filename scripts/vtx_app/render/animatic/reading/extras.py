"""The people and animals without a name whom a shot's words put into the picture."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from vtx_app.render.animatic.reading.beings import NUMBERS, is_woman, kind_of_noun, made_of, number_of, singular
from vtx_app.render.animatic.reading.clothes import colour_in, garments
from vtx_app.render.animatic.reading.figures import age_of
from vtx_app.render.animatic.reading.holding import on_the_telephone
from vtx_app.render.animatic.reading.model import Depth, Evidence, Part, Person, Place, Pose, Thing
from vtx_app.render.animatic.reading.references import references
from vtx_app.render.animatic.reading.text import FUNCTION, Passage, word_set
from vtx_app.render.animatic.reading.vocabulary import Words, kinds_of, pattern_of, patterns_of, words_of

__all__ = ["extras", "mount_of", "strangers"]

_DEPTHS: tuple[tuple[Depth, Words], ...] = patterns_of("staging", "depths")
_POSES: tuple[tuple[Pose, Words], ...] = patterns_of("staging", "poses")
_PARTS: dict[str, Part] = dict(kinds_of("staging", "parts"))
_PART = re.compile(rf"'s? (?:[\w-]+,? ){{0,3}}?(?P<part>{'|'.join(_PARTS)})(?![\w-])")
_DETERMINER = re.compile(
    r"(?<![\w'-])(?P<det>(?:an?|the|this|another|some|several|many|both|every|his|her|their|no|other|one|two|three"
    r"|four|five"
    r"|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|\d{1,2})"
    r"(?: (?:or|few|dozen|hundred|other|dozens|hundreds|more)(?: (?:two|three|so))?)*"
    r"(?: of)?|dozens of|hundreds of) (?!(?:an?|the) )"
)
_BARE = re.compile(r"(?:^|[.;:!?…]\s+|, (?:and )?|\band )(?=[a-z])")
_IDIOMS = pattern_of("extras", "idioms")
_UNHEARD = pattern_of("extras", "not in the picture before")
_GONE = re.compile(rf"(?:{pattern_of('extras', 'not in the picture after').pattern})")
_COMPOUNDS = words_of("extras", "compounds")
_HOMOGRAPHS = words_of("extras", "homographs")
"""Nouns that are as often something else: they count only after a number or an article."""
_NEVER = words_of("extras", "never")
_COLLECTIVES = {word: int(number) for word, number in kinds_of("extras", "collectives").items()}
_GROUP = re.compile(rf"(?:[\w-]+ )?(?:{'|'.join(words_of('extras', 'groups'))}) of ")
_BRACKETED = re.compile(r"\([^()]*$")
_APPOSED = re.compile(r"^\s*[A-ZÀ-Þ][\w'’.-]*(?: [A-ZÀ-Þ][\w'’.-]*)*, $")
_FACED = re.compile(r"\bover [\w' -]+ shoulders?,?(?: \w+){0,3} (?:to|at|on|onto|towards?|sees?|find|finds) $")
"""Before whom a shot over a shoulder looks at."""
_PRONOUNS = frozenset(("he", "she", "they", "it", "we", "i", "you", "who"))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun phrase: its determiner and what stands before its noun, both in lower case."""

    det: str
    before: str
    noun: str
    start: int
    end: int
    acts: bool = False
    """It opens its sentence and is no verb there: ``Guards line the hall.``"""


def extras(action: Passage, people: Sequence[Person], refused: Passage, words: list[Evidence]) -> tuple[Person, ...]:
    """The people and animals without a name that the words put into the picture, in the order of the words.

    ``refused``: the negative, which may say that there are no people.
    """
    named = [person for person in people if person.seen and person.kind == "person"]
    kinds = {person.what for person in people} | {word for person in people for word in person.name.lower().split()}
    found: dict[str, Person] = {}
    names = {singular(word) for person in people for word in person.name.lower().split()}
    known = [(each.start, each.end) for each in references(action.low, [each for each in people if each.seen])]
    carried = {word for person in people for each in person.holds for word in each.split()}
    action = action.without(_IDIOMS)
    for phrase in _phrases(action):
        if any(start < phrase.end and phrase.start < end for start, end in known):
            continue
        kind = kind_of_noun(phrase.noun)
        plain = singular(phrase.noun)
        if kind not in ("person", "animal", "creature") or plain in found or phrase.noun in _NEVER:
            continue
        if made_of(phrase.before, kind) or plain in carried:
            continue
        counts = _counts(phrase, kind, named, kinds) or _FACED.search(action.low[: phrase.start]) is not None
        if not counts or not _in_picture(action, phrase, names):
            continue
        part = _PART.match(action.low, phrase.end)
        if action.low[phrase.end : phrase.end + 1] == "'" and part is None:
            continue
        if any(re.search(rf"\b{each}\b", refused.low) for each in (phrase.noun, plain, *_REFUSALS.get(kind, ()))):
            continue
        found[plain] = _person(action, phrase, part)
        words.append(Evidence(f"people.{plain}", action.key, action.text[phrase.start : phrase.end].strip()))
    return tuple(found.values())


_RIDDEN = word_set("bicycle motorcycle cart carriage train tram bus car truck boat ship")


def mount_of(
    people: Sequence[Person], things: Sequence[Thing], place: Place, words: list[Evidence]
) -> tuple[Person, ...]:
    """The horse of somebody who rides, where the words name nothing else to ride on."""
    riders = [each for each in people if each.seen and each.kind == "person" and each.pose == "ride"]
    beasts = any(each.seen and each.kind in ("animal", "creature") for each in people)
    if not riders or beasts or place.family == "vehicle" or place.indoors or _RIDDEN & {each.kind for each in things}:
        return ()
    said = [each for each in words if each.value == f"people.{riders[0].id or riders[0].what}.pose"]
    words.extend(replace(each, value="people.horse") for each in said)
    return (Person("", "", kind="animal", what="horse"),)


def strangers(action: Passage) -> list[tuple[int, int]]:
    """Where the words bring in somebody without a name, of whom what follows is said: ``a waiter in a white coat``."""
    new = ("a", "an", "another", "two", "three", "four", "several", "some", "many", "other")
    phrases = (each for each in _phrases(action) if not each.det or each.det.split()[0] in new)
    return [(each.start, each.end) for each in phrases if not _is_named(action, each)]


_ACTS = re.compile(
    r"\s?[.!;]|\s?$| (?:in|on|with|at|and|from|line|stand|sit|wait|walk|run|fly|circle|hang|fill|crowd|move"
    r"|play|sweep|drink|eat|talk|shout|laugh|work|carry|push|watch|look|turn|dance|queue|load|dig|march|pray|sing|sleep"
    r"|read|type|wave|cheer|smoke|lean|gather|pass|hurry|lounge|huddle|kneel|cross|graze|scatter|rest)\b"
)
_REFUSALS = {"person": ("people", "crowds?", "humans?"), "animal": ("animals?",)}


def _phrases(action: Passage) -> Iterator[_Phrase]:
    """The noun phrases with a noun for a being, in order."""
    starts = ((match["det"], match.start(), match.end()) for match in _DETERMINER.finditer(action.low))
    found = [phrase for start in starts if (phrase := _scan(action.low, *start))]
    for match in _BARE.finditer(action.low):
        phrase = _scan(action.low, "", match.end(), match.end())
        if phrase and (singular(phrase.noun) != phrase.noun or phrase.noun in _COLLECTIVES or phrase.noun == "sheep"):
            found.append(replace(phrase, acts=_ACTS.match(action.low, phrase.end) is not None))
    taken: set[int] = set()
    for phrase in sorted(found, key=lambda each: (each.end, each.start)):
        if phrase.end not in taken:
            taken.add(phrase.end)
            yield phrase


def _scan(low: str, det: str, start: int, position: int) -> _Phrase | None:
    """The phrase that begins with a determiner: at most three adjectives, then the noun."""
    if group := _GROUP.match(low, position):
        det, position = f"{det} {group[0]}", group.end()
    before: list[str] = []
    for token in re.compile(r"([\w-]+)(,? ?)").finditer(low, position):
        if token.start() != position + sum(len(each) for each in before) or len(before) > 4:
            return None
        word = token[1]
        if before and word in NUMBERS:
            return None  # the piano, two dancers
        if (word in FUNCTION and word not in _COLLECTIVES) or word in _PRONOUNS:
            return None
        if kind_of_noun(word) in ("person", "animal", "creature"):
            following = re.match(r" ([\w-]+)", low[token.end(1) :])
            if (
                following
                and singular(word) == word  # bluebirds fly: no insects
                and kind_of_noun(following[1]) in ("person", "animal")
                and singular(following[1]) == following[1]
            ):
                before.append(token[0])
                continue  # a police officer, a fisher boy
            if following and following[1] in _COMPOUNDS and not (following[1] == "line" and singular(word) != word):
                return None
            if following and word in _HOMOGRAPHS and not _goes_on(following[1]):
                return None  # a patient smile
            return _Phrase(det, "".join(before), word, start, token.end(1))
        if not token[2]:
            return None
        before.append(token[0])
    return None


def _goes_on(word: str) -> bool:
    """Whether a word after a noun is no other noun, as far as its form says."""
    return word in FUNCTION or word.endswith(("s", "ed", "ing", "ly"))


def _counts(phrase: _Phrase, kind: str, named: Sequence[Person], kinds: set[str]) -> bool:
    """Whether the phrase brings in somebody new rather than speaking of who is there already."""
    plural = singular(phrase.noun) != phrase.noun or phrase.noun in _COLLECTIVES
    det = phrase.det.split()[0] if phrase.det else ""
    known = singular(phrase.noun) in kinds and not (plural and not det)
    if det == "no" or (known and det not in ("a", "an", "another", "two", "three", "other")):
        return False
    if phrase.noun in ("figure", "silhouette") and named and det in ("a", "an"):
        return False  # Kai rides across the dunes, a small figure
    if (phrase.noun in _HOMOGRAPHS or singular(phrase.noun) in _HOMOGRAPHS) and not phrase.acts:
        return det not in ("", "the", "his", "her", "their", "this") and not (
            det in ("a", "an") and phrase.noun in ("count", "mole")
        )
    if det in ("the", "this", "every") and kind == "person":
        return not named or plural
    if det in ("his", "her", "their") and kind == "person":
        return len(named) <= 1
    return True


def _is_named(action: Passage, phrase: _Phrase, names: Collection[str] | None = None) -> bool:
    """Whether the phrase speaks of somebody with a name: ``DUNCAN (60, a king)``, ``Ilse, a woman of fifty,`` or
    ``a bleeding CAPTAIN``. Capitals name only who has such a name, where the ``names`` of the shot are given."""
    start, end = action.sentence(phrase.start)
    before, after = action.text[start : phrase.start], action.text[phrase.end : end]
    capitals = action.text[phrase.end - len(phrase.noun) : phrase.end].isupper()
    if (capitals and (names is None or singular(phrase.noun) in names)) or _BRACKETED.search(before):
        return True
    return _APPOSED.search(before) is not None and "," in after


def _in_picture(action: Passage, phrase: _Phrase, names: Collection[str]) -> bool:
    """Whether the being is seen: not denied, imagined, compared with, or only heard."""
    whole = re.compile(re.escape(action.low[phrase.start : phrase.end]))
    state = next((each for each in action.find(whole) if each.start == phrase.start), None)
    if state is None or not state.real:
        return False
    start, end = action.sentence(phrase.start)
    if _is_named(action, phrase, names):
        return False
    before = action.low[max(start, phrase.start - 48) : phrase.start].rstrip()
    after = action.low[phrase.end : end].lstrip(", ")
    if any(match.end() >= len(before) - 1 for match in _UNHEARD.finditer(before)):
        return False
    return _GONE.match(after) is None


def _person(action: Passage, phrase: _Phrase, part: re.Match[str] | None) -> Person:
    plural = singular(phrase.noun) != phrase.noun
    said = f"{phrase.det} {phrase.before}"
    count = number_of([word for word in re.findall(r"[\w-]+", said) if word not in ("a", "an", "the")])
    if phrase.noun in _COLLECTIVES:
        count = _COLLECTIVES[phrase.noun]
    elif count == 1 and (plural or _is_many(action, phrase)):
        count = 3
    start, end = action.clause(phrase.start)
    clause = action.low[start:end]
    _, sentence_end = action.sentence(phrase.start)
    own = action.low[phrase.end : sentence_end]
    rest = action.with_low(" " * phrase.end + own + " " * (len(action.low) - sentence_end))
    worn = tuple(garment for garment, where in garments(rest) if _WORN.fullmatch(action.low[phrase.end : where.start]))
    near = action.low[phrase.end : min(sentence_end, phrase.end + 24)]
    young = singular(phrase.noun) in ("pupil", "schoolmate", "classmate", "playmate")
    age, years, _ = age_of(f"{phrase.before}{phrase.noun}{re.split(r'[,.;:]| and ', near)[0]}")
    doing = Passage(action.key, re.split(r"[,.;:]", own)[0])
    poses = [(found.start, pose) for pose, pattern in _POSES for found in doing.find(pattern) if found.real]
    return Person(
        "",
        "",
        kind=kind_of_noun(phrase.noun) or "person",
        what=singular(phrase.noun),
        count=count,
        woman=is_woman(phrase.noun),
        age="child" if young else age,
        years=years,
        wears=worn,
        holds=("receiver",) if on_the_telephone(own, alone=count == 1 and not plural) else (),
        colour=colour_in(phrase.before),
        view="behind" if _FROM_BEHIND.search(own) else None,
        pose=min(poses)[1] if poses else None,
        depth=_depth(clause),
        part=_PARTS[part["part"]] if part else "",
    )


_MANY = re.compile(
    r" (?:run|graze|stand|are|were|have|scatter|huddle|bleat|follow|flow|move|come|go|mill|stream|pour|flee|swim)\b"
)


def _is_many(action: Passage, phrase: _Phrase) -> bool:
    """Whether a noun with one form for one and many means many: ``the sheep run``."""
    same = phrase.noun in ("sheep", "deer", "fish")
    return same and (not phrase.det or _MANY.match(action.low, phrase.end) is not None)


_FROM_BEHIND = re.compile(
    r"^[^.;]*\b(?:their|his|her) backs? (?:to|on|towards?) (?:us|the camera)\b|^[^.;,]*\bfrom behind\b"
)
_BEHIND = re.compile(r"\b(?:behind|past|beyond) (?:him|her|them|it|us)\b")


def _depth(clause: str) -> Depth | None:
    said: Depth | None = next((depth for depth, pattern in _DEPTHS if pattern.search(clause)), None)
    return said or ("background" if _BEHIND.search(clause) else None)


_WORN = re.compile(r"(?: of [\w-]+)?,? (?:in|wearing|dressed in|with) (?:an? |the |his |her )?(?:[\w-]+ ){0,3}")
"""What stands between a being and its garment: ``a boy in a red cap``."""
