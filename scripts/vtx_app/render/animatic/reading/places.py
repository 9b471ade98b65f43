"""Where a shot is: the heading's setting, the locations by id, name and description, and last the shot's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vtx_app.compile.request import StagedHeading, StagedPlace
from vtx_app.render.animatic.reading.afloat import read_afloat
from vtx_app.render.animatic.reading.kinds import INDOORS, OUTDOORS
from vtx_app.render.animatic.reading.model import Evidence, Place
from vtx_app.render.animatic.reading.text import DETERMINERS, FUNCTION, Passage, word_set, words_pattern
from vtx_app.render.animatic.reading.vocabulary import pattern_of, patterns_of, words_of

__all__ = ["read_place"]

_PLACES = patterns_of("places", "places")
_NOT_PLACES = pattern_of("places", "not places")
_ADJECTIVAL = words_of("places", "adjectival")
"""Words that are often no noun of a place: they count only after a preposition or as a phrase of their own."""
_RIDDEN = words_of("places", "ridden")
"""Vehicles, of which the inside is the place only if the words go in."""
_ENTERED = words_of("places", "entered")
"""Buildings, which may be seen from outside: the shot is in one only if the words go in."""
_COMPOUND_HEADS = words_of("places", "compound heads")
"""Nouns that make the noun before them their adjective: a street lamp is no street."""
_NUMBERS = words_of("beings", "numbers")
_WHERE = word_set("in inside at on across along down up within under onto around throughout upon aboard amid")
_IS = word_set("is are was were lies lie has have")
_INTO = word_set("into through among between")
_ANY = "room"
"""The kind of a room of which no more is said yet."""
_ROOMS = frozenset(("kitchen", "bedroom", "bathroom", "classroom", "office", "church", "childs_room", "living_room"))
"""Rooms that their furniture gives away: a kitchen table stands in a kitchen."""
_SURFACES = frozenset(("floor", "ceiling", "wall", "walls"))
_FURNITURE = frozenset(
    (
        "table",
        "tables",
        "window",
        "windows",
        "door",
        "sink",
        "chair",
        "chairs",
        "bed",
        "counter",
        "stove",
        "clock",
        "desk",
    )
)
_PARTS = word_set(
    "corner corners middle centre center end edge edges side back front door doorway floor window "
    "windows steps foot top"
    " heart mouth bottom far rest gates gate entrance shadow shadows ceiling depths bank banks shores width length wall"
    " walls threshold"
)
_LOOKS = re.compile(
    r"\b(?:look|gaz|star|peer|watch|glanc|see|nod|point|wav)(?:s|e|es|ing|ed)?\b|\b(?:seen|view|views|visible|sight)\b"
    r"|\bthrough (?:the|a|an|her|his|its) (?:\w+ )?(?:window|windows|doorway|glass|panes?|porthole|windscreen|open "
    r"door)\b"
    r"|\b(?:beyond|far off|in the distance|outside (?:the window|it)|out (?:to|over|across|at))\b"
)
_INSIDE = words_pattern(r"int\.|interior|indoors|inside the \w+")
_OUTSIDE = words_pattern(r"ext\.|exterior|outdoors|out of doors|outside(?=[,.;]|$)|in the open(?: air)?|open air")
_EMPTY = words_pattern(
    r"empty(?! (?:[\w-]+ ){0,2}?(?:chairs?|seats?|beds?|bunks?|desks?|tables?|stools?|bench(?:es)?|pews?|cradles?|cots?"
    r"|bottles?|glass(?:es)?|cups?|mugs?|plates?|bowls?|box(?:es)?|cages?|saddles?|holsters?|hands?|pockets?|sleeves?"
    r"|boots|shoes|frames?|shelf|shelves|cans?|bags?|baskets?|buckets?|stomachs?|eyes|places?|easels?|carts?)(?![\w-]))"
    r"|deserted|unpeopled|no ?one(?=[,.;]|$)|abandoned"
    r"|nobody(?! (?:speaks|talks|moves|answers|says|looks|listens|laughs|notices|cares|knows|breathes|stirs|sees|hears"
    r"|wants|dares|eats|drinks|sleeps|blinks|claps|cries|helps|else|follows|comes)\b)"
    r"|no ?one (?:in sight|about|there|around)|without "
    r"people|no people"
    r"|not a soul|nobody (?:in sight|about|there|around)"
)
_LARGE = words_pattern(r"great|vast|huge|enormous|cavernous|immense|grand|high-ceilinged|vaulted")
_SMALL = words_pattern(r"tiny|cramped|small|narrow|poky|little|low-ceilinged")
_NAMED_LAST = re.compile(r"\s(?:of|in|at|on|by|near|behind|above|below|under)\s.*")


@dataclass(frozen=True, slots=True)
class _Mention:
    weight: float
    start: int
    kind: str
    text: str


def read_place(
    heading: StagedHeading, locations: tuple[StagedPlace, ...], passages: Iterable[Passage], words: list[Evidence]
) -> Place:
    """The place of a shot; what it was read from is added to ``words``.

    ``passages``: the shot's own words and its locations' descriptions, by key.
    """
    texts = {passage.key: passage for passage in passages}
    action = texts["prompt.positive"]
    indoors = {"INT": True, "EXT": False}.get(heading.setting)
    if indoors is not None:
        words.append(Evidence("indoors", "heading", heading.setting))
    allowed = {True: INDOORS, False: OUTDOORS}.get(indoors) if indoors is not None else None
    best: tuple[str, _Mention] | None = None
    for key, found in _candidates(heading, locations, texts):
        if best is not None and key == action.key:
            break
        fitting = [each for each in found if allowed is None or each.kind in allowed]
        if fitting:
            likeliest = max(fitting, key=lambda each: (each.weight, -each.start))
            best = best if best and likeliest.kind == _ANY else (key, likeliest)
            if likeliest.kind != _ANY:
                break
    kind = best[1].kind if best else ""
    if kind in ("corridor", "spacecraft") and _in_space(heading, locations, texts, kind):
        kind = "space_corridor"
    kind = _rather(heading, locations, texts, kind)
    if best:
        words.append(Evidence("place", best[0], best[1].text))
    if indoors is None and kind:
        indoors = kind in INDOORS
    if indoors is None:
        for value, pattern in ((True, _INSIDE), (False, _OUTSIDE)):
            if said := action.real(pattern):
                indoors = value
                words.append(Evidence("indoors", action.key, said.text))
    empty = action.real(_EMPTY)
    if empty:
        words.append(Evidence("place.empty", action.key, empty.text))
    large = None
    for place in locations:
        opening = texts[f"locations.{place.id}.description"]
        end = re.search(r"[,;.]| with ", opening.low)
        head = opening.low[: end.start() if end else None]
        for value, pattern in ((True, _LARGE), (False, _SMALL)):
            if large is None and indoors and (size := pattern.search(head)):
                large = value
                words.append(Evidence("place.large", opening.key, size[0]))
    name = locations[0].name if locations else heading.place
    key = locations[0].id if locations else (heading.place.casefold() or kind)
    return Place(kind, indoors, name, key, bool(empty), large, read_afloat(kind, action, words))


_CORRIDOR = words_pattern(r"corridors?|passage|passageway|hallway")
_SPACECRAFT = words_pattern(r"spaceship|space ship|starship|spacecraft|space station")


_RATHER = {
    "yard": ("farm", words_pattern(r"farms?|farmyard|farmhouse|barns?|cowshed|stables?|pigsty|henhouse|ranch")),
    "theatre": ("hospital", words_pattern(r"operating|surgical|surgeons?|anaesthetic")),
}
"""Kinds of places with a name that is short for another kind, and the words that say so."""


def _rather(heading: StagedHeading, locations: tuple[StagedPlace, ...], texts: dict[str, Passage], kind: str) -> str:
    """``kind``, or the one that the place's other words say it is: the yard of a farm, an operating theatre."""
    other, pattern = _RATHER.get(kind, (kind, None))
    said = [heading.place, *(f"{place.name}. {texts[f'locations.{place.id}.description'].low}" for place in locations)]
    return other if pattern is not None and any(pattern.search(text.lower()) for text in said) else kind


def _in_space(heading: StagedHeading, locations: tuple[StagedPlace, ...], texts: dict[str, Passage], kind: str) -> bool:
    """Whether the place is the corridor of a spaceship, of which ``kind`` is one half."""
    said = [heading.place, *(f"{place.id.replace('_', ' ')} {place.name}" for place in locations)]
    if kind == "spacecraft":
        return any(_CORRIDOR.search(text.lower()) for text in said)
    described = [texts[f"locations.{place.id}.description"].low for place in locations]
    return any(_SPACECRAFT.search(text.lower()) for text in [*said, *described, texts["prompt.positive"].low])


def _candidates(
    heading: StagedHeading, locations: tuple[StagedPlace, ...], texts: dict[str, Passage]
) -> Iterator[tuple[str, list[_Mention]]]:
    """What each text says of the place, the one that counts most first."""
    if heading.place:
        yield "heading", list(_named(heading.place))
    for place in locations:
        yield f"locations.{place.id}", list(_named(place.id.replace("_", " ").replace("-", " ")))
        yield f"locations.{place.id}.name", list(_named(place.name))
        yield (
            f"locations.{place.id}.description",
            list(_mentions(texts[f"locations.{place.id}.description"], described=True)),
        )
    yield "prompt.positive", list(_mentions(texts["prompt.positive"]))


def _named(name: str) -> Iterator[_Mention]:
    """The places in a name: ``LIGHTHOUSE KITCHEN`` is a kitchen, and so is ``Kitchen of the lighthouse``."""
    low = Passage("", name).low
    groups = list(re.finditer(r"(?:(?!\s[-–—]+\s).)+", low))[
        ::-1
    ]  # POLICE STATION - CORRIDOR, but KITCHEN, MILL STREET
    inside = [(group.start(), part) for group in groups for part in re.finditer(r"[^,/()]+", group[0])]
    parts = [(start, part) for start, part in inside if part[0].strip()]
    for rank, (at, part) in enumerate(parts):
        head = _NAMED_LAST.sub("", part[0].rstrip())
        for weight, words in ((2, head), (1, part[0])):
            matches = [(kind, match) for kind, pattern in _PLACES for match in pattern.finditer(words)]
            for kind, match in matches:
                if any(len(other[0]) > len(match[0]) and match[0] in other[0] for _, other in matches):
                    continue  # a train station is no train
                start, end = at + part.start() + match.start(), at + part.start() + match.end()
                last = 1.0 if match.end() == len(words.rstrip()) else 0.0
                ship = 1.2 if last and match[0] in _RIDDEN else 0.0  # the control room of a submarine is in it
                weight_of_all = weight + last + ship + len(match[0]) / 100 - rank / 10 - 1.5 * (kind == _ANY)
                yield _Mention(weight_of_all, 0, kind, name[start:end])


def _mentions(passage: Passage, *, described: bool = False) -> Iterator[_Mention]:
    """The places that running text names, each with how likely the shot is there. ``described``: it is a place's
    description, which opens with what it is."""
    opening = passage.clause(0)[1]
    searched = passage.without(_NOT_PLACES)
    taken: list[tuple[int, int]] = []
    found = [(each, kind) for kind, pattern in _PLACES for each in searched.find(pattern) if each.real]
    for each, kind in sorted(found, key=lambda pair: (pair[0].start, pair[0].start - pair[0].end)):
        if any(start <= each.start < end for start, end in taken):
            continue  # the longer of two that begin together
        taken.append((each.start, each.end))
        if weight := _weight(searched, each.start, each.end, kind):
            first = described and each.start < opening
            opening = 0  # a description opens with its place; what it says next is where that is
            yield _Mention(weight + 3.0 * first, each.start, kind, each.text)


def _weight(passage: Passage, start: int, end: int, kind: str) -> float:
    """How likely the shot is at the place named there: 3 (``in the kitchen``) to 0 (``a kitchen sink`` of a shop)."""
    words = passage.low[start:end].split()
    noun = words[0] if "of" in words else words[-1]
    following = passage.after(end, 1)
    if passage.low[end : end + 2] == "'s":
        return 0.5 if noun not in _ADJECTIVAL else 0.0
    if following and following[0] in _COMPOUND_HEADS:
        if following[0] in _SURFACES and kind in INDOORS:
            return 2.0
        return 2.0 if kind in _ROOMS and following[0] in _FURNITURE else 0.0
    plain = (
        not following
        or following[0] in FUNCTION
        or following[0] in _NUMBERS | DETERMINERS
        or following[0].endswith("ly")
    )
    plain = plain or passage.text[end : end + 2].strip()[:1].isupper()
    if not plain and (noun in _ADJECTIVAL or not (following[0].endswith(("s", "ed", "ing")) or noun.endswith("s"))):
        return 0.0  # the adjective of another noun, as far as one can see
    if words[0] in _WHERE | _INTO:
        return 3.0  # a phrase of its own: between the birches
    before = passage.before(start, 6)
    clause_start, _ = passage.clause(start)
    looked = _LOOKS.search(passage.low[clause_start:start]) is not None
    determined = False
    for distance, word in enumerate(before[:5]):
        if determined and word not in FUNCTION:
            break
        determined = determined or word in DETERMINERS
        if word in _WHERE or word in _INTO or word in FUNCTION - DETERMINERS:
            return _by_preposition(word, before[distance + 1 :], looked=looked, noun=noun, kind=kind)
    opens = len(before) <= 4 and passage.sentence(start)[0] >= clause_start - 1
    if noun in _RIDDEN:
        return 0.0
    if noun in _ENTERED:
        return 1.0 if opens else 0.0
    if opens:
        return 2.5
    if determined and following and following[0] in _IS:
        return 2.0  # a subject of its own: the whole valley is white
    return 0.0 if noun in _ADJECTIVAL else 1.0


def _by_preposition(word: str, before: list[str], *, looked: bool, noun: str, kind: str) -> float:
    vehicle = noun in _RIDDEN
    if kind == "sky":
        return 1.0 if word in ("in", "above") else 0.0
    if word == "of" and before and before[0] in _PARTS:
        weight = 2.0
    elif word in _WHERE:
        weight = 3.0
    elif word in _INTO:
        weight = 2.0
    elif word == "over":
        weight = 1.5
    else:
        weight = 0.0 if vehicle or noun in _ADJECTIVAL else 0.8
    if word == "on" and kind == "car":
        weight = 0.0
    if word in ("at", "under", "around", "on") and noun in _ENTERED:
        weight = min(weight, 1.0)
    if looked and word not in ("inside", "within"):
        weight = min(weight, 1.0 if noun not in _ADJECTIVAL else 0.5)
    return weight
