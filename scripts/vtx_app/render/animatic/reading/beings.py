"""Who or what a noun stands for: a person, an animal, a creature or a thing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from vtx_app.render.animatic.reading.model import COLOURS, Kind
from vtx_app.render.animatic.reading.text import DETERMINERS, FUNCTION, Passage, words_pattern
from vtx_app.render.animatic.reading.vocabulary import kinds_of, pattern_of, patterns_of, words_in, words_of

__all__ = ["NUMBERS", "Being", "being_of", "is_woman", "kind_of_noun", "made_of", "number_of", "people_in", "singular"]

NUMBERS = {
    **{word: number for number, word in enumerate(words_in("beings", "numbers"))},
    **{word: 20 + 10 * place for place, word in enumerate(words_in("beings", "tens"))},
}
_IRREGULAR = kinds_of("beings", "irregular")
_GROUPS = {word: int(number) for word, number in kinds_of("beings", "groups").items()}

_WOMEN = words_of("beings", "women")
_MEN = words_of("beings", "men")
_PEOPLE = words_of("beings", "people") | _WOMEN | _MEN
_PERSON_ENDINGS = (
    "man",
    "men",
    "woman",
    "women",
    "ist",
    "ician",
    "monger",
    "wright",
    "smith",
    "keeper",
    "maker",
    "herd",
)
_ANIMAL_ENDINGS = ("horse", "hound", "bird", "wolf")
"""Of ``a carthorse``, ``a seabird``."""
_ANIMALS = words_of("beings", "animals")
_CREATURES = words_of("beings", "creatures")
_THINGS = words_of("beings", "things")
_OBJECTS = patterns_of("things", "things")
_CUT = words_pattern(
    r"with|who|whose|that|which|in|of|on|from|at|and|under|by|behind|for|about|than|into|is|has|but|no|made|wearing"
    r"|dressed"
    r"|like|as|to|taller|smaller|bigger|larger|never|always|half|once|without|all"
)
_OF_PERSON = re.compile(
    rf"{pattern_of('beings', 'of a person').pattern} of an? (?:\w+ )?(?:man|woman|boy|girl|fellow|child|lad)\b"
)
_SUFFERER = pattern_of("beings", "sufferer")
_AGED = re.compile(rf"(?<![\w-])(?:{'|'.join(words_in('beings', 'tens'))})(?:-\w+)?(?![\w-])|\b\d{{1,2}}\b")


@dataclass(frozen=True, slots=True)
class Being:
    """``what`` is its noun, "" for a person of whom only looks are said; ``start`` and ``end`` of the noun."""

    kind: Kind
    what: str
    count: int
    start: int
    end: int


def singular(noun: str) -> str:
    """``wolves`` → ``wolf``; a noun that is singular stays."""
    if noun in _IRREGULAR:
        return str(_IRREGULAR[noun])
    if noun.endswith(("men", "women")) and kind_of_noun(noun) == "person":
        return f"{noun[:-3]}man"
    if noun.endswith("ies") and len(noun) > 4:
        return f"{noun[:-3]}y"
    if noun.endswith(("ches", "shes", "xes", "sses")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and len(noun) > 3 else noun


def kind_of_noun(noun: str) -> Kind | None:
    """The kind of what a noun names; None if the noun is not known."""
    forms = (noun, singular_plain(noun), noun.removesuffix("es"), noun.rsplit("-", 1)[-1])
    for word in dict.fromkeys(forms):
        if word in _PEOPLE:
            return "person"
        if word in _ANIMALS:
            return "animal"
        if word in _CREATURES:
            return "creature"
        if word in _THINGS:
            return "thing"
    if noun.endswith(_PERSON_ENDINGS) and len(noun) > 5:
        return "person"
    if any(word.endswith(_ANIMAL_ENDINGS) and len(word) > 6 for word in (noun, singular_plain(noun))):
        return "animal"
    return None


def singular_plain(noun: str) -> str:
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def is_woman(noun: str) -> bool | None:
    """True, False, or None where the noun does not say."""
    plain = singular(noun)
    if noun in _WOMEN or plain in _WOMEN or noun.endswith(("woman", "women", "girl")):
        return True
    return False if noun in _MEN or plain in _MEN or noun.endswith(("man", "men", "boy")) else None


def number_of(words: list[str]) -> int:
    """How many: the first number or word for a group in ``words``, else 1."""
    for word in words:
        if word.isdigit():
            return max(1, min(12, int(word)))
        if word in NUMBERS and word not in ("zero", "one"):
            return min(12, NUMBERS[word])
        if word in _GROUPS:
            return min(12, _GROUPS[word])
    return 1


_GROUP = re.compile(rf"\b(?:an?|the|\w+) (?:\w+ )?(?P<group>{'|'.join(_GROUPS)}) of (?=\w)")


def being_of(passage: Passage, name: str) -> Being:
    """What a description says its subject is. Without a noun that is known: a person if it has looks or says nothing
    at all, else a thing without a picture."""
    low = passage.low
    opening = re.match(rf"\s*{re.escape(name.lower())}(?=[\s,.:;-])[\s,.:;–—-]*", low) if name else None
    at = opening.end() if opening else 0
    if idiom := _OF_PERSON.search(low[:200]):
        noun = idiom[0].split()[-1]
        return Being("person", noun, 1, idiom.start(), idiom.end())
    count = 1
    if group := _GROUP.match(low, at):
        count, at = number_of([group["group"]]), group.end()
    human = _TITLE.match(name.lower()) is not None
    unknown = False  # a noun that is not known stands for the subject: what follows are its belongings
    for start, words in _phrases(low, at):
        human = human or _ONLY_AGE.fullmatch(words.strip()) is not None
        found = _head(words, start, count)
        if found and (found.kind == "person" or not (human or (unknown and found.kind == "thing"))):
            return replace(found, count=_counted(low, found))
        unknown = unknown or re.match(r"\s*(?:an?|the)\s", words) is not None
    if human:
        return Being("person", "", 1, 0, 0)
    kinds = {word: kind for word in re.findall(r"[\w-]+", name.lower()) if (kind := kind_of_noun(word))}
    noun, kind = next(iter(kinds.items()), ("", None))
    beast = kind if kind != "person" else None
    first = re.match(r"\s*(?:an?|the)\s", low[at:])
    head = _unknown_head(low[at + first.end() :]) if first else ""
    if head and not _AGED.search(low) and any(words.match(head) for _, words in _OBJECTS):
        return Being("thing", head, 1, at, at)
    looks = _SUFFERER.search(low) is not None or _AGED.search(low) is not None
    if looks and not (beast and name.lower().startswith("the ")):
        return Being("person", "", 1, 0, 0)
    if beast:
        return Being(beast, singular(noun), 3 if noun != singular(noun) else 1, 0, 0)
    titled = kind == "person" and not name.lower().startswith("the ")  # Duke, a lurching contraption
    unnamed = head if kind is None or titled else ""
    return Being("thing", unnamed, 1, at, at) if unnamed else Being("person", "", 1, 0, 0)


def _counted(low: str, being: Being) -> int:
    """How many: also of ``the swans, a pair that never leaves`` and ``the twins, two pale girls``."""
    noun = low[being.start : being.end]
    if being.count > 3 or singular(noun) == noun:
        return being.count
    said = number_of(re.findall(r"[\w-]+", low[being.end :])[:6])
    return said if said > 1 else being.count


_TITLE = re.compile(
    r"(?:mrs|mr|ms|miss|dr|doctor|inspector|sergeant|sgt|captain|lieutenant|constable|professor|uncle|aunt|auntie"
    r"|sir|lady|lord"
    r"|madame|monsieur|signora?|señora?|father|mother|sister|brother|nurse|judge|grandma|grandpa|granny|officer"
    r"|detective"
    r"|major|colonel|frau|herr|don|doña|king|queen|prince|princess)\b\.?\s\w"
)
_ONLY_AGE = re.compile(
    rf"(?:aged |about |nearly |almost |just )?(?:\d{{1,2}}|(?:{'|'.join(words_in('beings', 'tens'))})(?:-\w+)?"
    rf"|{'|'.join(words_in('beings', 'numbers')[1:])})"
)


def _phrases(low: str, at: int) -> list[tuple[int, str]]:
    """The noun phrases that may name the subject: what stands between commas, up to ``with``, ``who``, ``of`` …"""
    found = []
    low = _TWO_COLOURS.sub(lambda pair: pair[0].replace(" and ", "-and-"), low)
    for part in re.finditer(r"[^,.;:()–—]+", low[at:]):
        text = part[0]
        start = at + part.start()
        lead = len(text) - len(text.lstrip())
        cut = _CUT.search(text, lead + 1)
        head = text[: cut.start()] if cut and cut.start() > lead else text
        if cut and cut.start() <= lead:
            continue
        found.append((start, head))
    return found


_COLOURS = "|".join(COLOURS)
_TWO_COLOURS = re.compile(rf"\b(?:{_COLOURS}) and (?:{_COLOURS})\b")
"""``a black and white collie`` is one phrase."""


def _head(words: str, start: int, count: int) -> Being | None:
    """The noun at the end of a noun phrase, if it is known."""
    tokens = list(re.finditer(r"[\w'-]+", words))
    for token in reversed(tokens):
        noun = token[0].removesuffix("'s")
        if token[0].endswith("'s"):
            return None
        kind = kind_of_noun(noun)
        if kind is None:
            continue
        if token is not tokens[-1] and words[token.end() :].strip() and not _describes(words[token.end() :]):
            continue
        before = [each[0] for each in tokens[: tokens.index(token)]]
        plural = singular(noun) != noun
        many = _GROUPS[noun] if noun in _GROUPS else number_of(before)
        total = many if many > 1 else count if count > 1 else 3 if plural and kind != "person" else 2 if plural else 1
        what = singular(noun)
        made = before[-1:] if kind == "person" else before
        if kind != "thing" and (_TOYS if kind == "person" else _MADE).intersection(made):
            kind = "thing"  # a stuffed bear, a toy soldier
        if before and kind == "thing" and f"{before[-1]}_{what}" in ("desk_lamp", "street_lamp", "alarm_clock"):
            what = f"{before[-1]}_{what}"
        for breed, animal in _BREEDS.items():
            if what == breed:
                what = animal
        return Being(kind, what, total, start + token.start(), start + token.end())
    return None


def made_of(words: str, kind: Kind) -> bool:
    """Whether words before a noun say that it is a toy or a statue of the being: ``a stuffed`` rabbit."""
    said = frozenset(re.findall(r"[\w-]+", words))
    return kind in ("animal", "creature", "person") and bool(said & (_TOYS if kind == "person" else _MADE))


_MADE = words_of("beings", "made")
_TOYS = words_of("beings", "toys")
_BREEDS = kinds_of("beings", "breeds")


def _describes(rest: str) -> bool:
    """Whether what follows a noun inside its phrase is no other noun: ``a dog called Pilot``, ``a man aged forty``."""
    word = rest.split()[0]
    return (
        word in FUNCTION or word.endswith(("ed", "ing")) or word in ("called", "named", "aged", "past", "twice", "more")
    )


def _unknown_head(rest: str) -> str:
    cut = re.search(r"[,.;:()–—]", rest)
    phrase = rest[: cut.start()] if cut else rest
    cut = _CUT.search(phrase, 1)
    words = re.findall(r"[\w'-]+", phrase[: cut.start()] if cut else phrase)
    noun = words[-1] if words else ""
    agent = noun.endswith(("er", "or", "eer", "ant", "ess", "ary", "ette", "ian", "ive", "ate", "ler", "yer"))
    return "" if agent or noun in DETERMINERS else noun


def people_in(noun: str) -> bool:
    """Whether a noun names people."""
    return kind_of_noun(noun) == "person"
