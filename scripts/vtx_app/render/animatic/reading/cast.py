"""Who is in a shot: its characters as they are described and dressed, and who the words add to them."""

from __future__ import annotations

import re
from dataclasses import replace

from vtx_app.compile.request import StagedCharacter, Staging
from vtx_app.render.animatic.reading.beasts import beast_of
from vtx_app.render.animatic.reading.beings import being_of
from vtx_app.render.animatic.reading.clothes import garments, hood_up, phrase_of, puts_on, takes_off
from vtx_app.render.animatic.reading.extras import strangers
from vtx_app.render.animatic.reading.figures import look_of
from vtx_app.render.animatic.reading.kinds import HEADWEAR, OUTERWEAR
from vtx_app.render.animatic.reading.mentions import Mentions
from vtx_app.render.animatic.reading.model import Evidence, Garment, Person
from vtx_app.render.animatic.reading.text import Found, Passage, word_set, words_pattern

__all__ = ["read_cast"]

_OFF = (
    r"(?:off[ -]?screen|off[ -]?camera|off[ -]?stage|\(?o\.?s\.?\)?|\(?v\.?o\.?\)?|in voice[ -]?over|voice[ -]?over"
    r"|unseen|out of (?:frame|shot|sight|picture)"
    r"|off(?=[,.;)]|$)|from (?:off|the other end|upstairs|downstairs|next door|another room|outside|the next room"
    r"|behind the door))"
)
_OFF_ANYWHERE = re.compile(rf"(?<![\w-]){_OFF}(?![\w-])")
_VOICE = re.compile(r"'s (?:[\w-]+ )?voice\b")
_BEFORE_SEEN = re.compile(
    r"\b(?:before we see|we (?:do not|don't|never|can't|cannot) see|not yet in (?:frame|shot|picture)|only (?:his"
    r"|her|their) voice)\b"
)
_HUMAN = words_pattern(
    r"he|she|they|her|his|him|them|their|both|face|faces|man|woman|boy|girl|two[ -]shot|hands?|speaker|speakers|who"
)
_DOES = re.compile(
    r"\bwho (?!(?:always |only |still |never )?(?:wears|dresses|goes about in))[^,.;]*|\b(?:sells"
    r"|makes|mends|collects|buys) [^,.;]*"
)
"""What somebody does: ``a woman who sells hats`` wears none of them."""
_SLOTS = (
    frozenset(HEADWEAR),
    word_set("coat raincoat oilskin overcoat trench_coat jacket leather_jacket parka cloak cape lab_coat spacesuit"),
)


def read_cast(staging: Staging, action: Passage, foreign: frozenset[str], words: list[Evidence]) -> tuple[Person, ...]:
    """The characters of a shot, those who are seen first, in the order of first speech.

    ``foreign``: keys of texts in another language, of which nothing is read.
    """
    order = {each: place for place, each in enumerate(dict.fromkeys(staging.speakers), 1)}
    people = [_described(who, order.get(who.id, 0), foreign, words) for who in staging.characters]
    people = _shown(people, action, staging, words)
    mentions = Mentions(action, people, strangers(action))
    people = [_changed(person, action, mentions, words) for person in people]
    last = len(order) + 1
    return tuple(sorted(people, key=lambda person: (not person.seen, person.speaks or last)))


def _described(who: StagedCharacter, speaks: int, foreign: frozenset[str], words: list[Evidence]) -> Person:
    at = f"characters.{who.id}"
    description = Passage(f"{at}.description", who.description, foreign=f"{at}.description" in foreign)
    wardrobe = Passage(f"{at}.wardrobe", who.wardrobe, foreign=f"{at}.wardrobe" in foreign)
    being = being_of(description, who.name)
    kind = who.kind or being.kind
    words.append(
        Evidence(f"people.{who.id}.kind", f"{at}.kind", who.kind)
        if who.kind
        else Evidence(f"people.{who.id}.kind", description.key, description.text[being.start : being.end])
    )
    person = Person(who.id, who.name, kind=kind, what=being.what, count=being.count, speaks=speaks, seen=who.seen)  # type: ignore[arg-type]
    if kind == "person":
        person = look_of(person, being, description, words)
    else:
        person = beast_of(person, being, description, words)
    if kind == "person" and _IN_A_WHEELCHAIR.search(description.low):
        person = replace(person, pose="sit", seat="chair")
    about = description.without(_DOES)
    worn = [*garments(wardrobe)] if who.wardrobe else [*garments(about)]
    dress = wardrobe if who.wardrobe else description
    extra = [*garments(about)] if who.wardrobe else []
    wears = [garment for garment, _ in worn]
    words.extend(_worn(who.id, garment, dress, found) for garment, found in worn)
    for garment, found in extra:
        if all(_slot(garment) != _slot(other) for other in wears) and _slot(garment) != 1:
            wears.append(garment)
            words.append(_worn(who.id, garment, description, found))
    if re.search(r"\bhooded\b", f"{wardrobe.low} {description.low}") and not any(
        each.kind in HEADWEAR for each in wears
    ):
        wears.append(Garment("hood", wears[0].colour if wears else ""))
    return replace(person, wears=_sorted(wears), holds=_carried(who.id, wardrobe, words))


_IN_A_WHEELCHAIR = re.compile(r"\b(?:in|uses) (?:a|an|his|her) (?:\w+ )?wheelchair\b|\bwheelchair-bound\b")
_CARRIED = words_pattern(
    r"(?:an?|the|his|her) (?:[\w-]+ ){0,2}?(?P<thing>cane|walking stick|umbrella|parasol|briefcase|handbag|suitcase"
    r"|basket|clipboard|lantern|sword|rifle|bouquet|newspaper|tray)"
)


def _carried(who: str, wardrobe: Passage, words: list[Evidence]) -> tuple[str, ...]:
    """What the wardrobe puts into somebody's hand."""
    found = wardrobe.real(_CARRIED)
    if found is None or _ON_THE_BODY.match(wardrobe.low, found.end):
        return ()
    words.append(Evidence(f"people.{who}.holds", wardrobe.key, found.text))
    return (found.match["thing"],)


_ON_THE_BODY = re.compile(
    r"(?: \w+)? (?:at|on|by|from) (?:his|her|their|its) (?:\w+ )?(?:hip|side|belt|waist|back|shoulder|arm)s?\b"
    r"| (?:in|on) (?:his|her|its|an?|the) (?:\w+ )?(?:sheath|scabbard|holster|belt|strap|sling)\b"
    r"| (?:strapped|slung|sheathed)\b"
)


def _worn(who: str, garment: Garment, passage: Passage, found: Found) -> Evidence:
    return Evidence(f"people.{who}.{garment.kind}", passage.key, phrase_of(passage, found))


def _slot(garment: Garment) -> int:
    """1 for what covers the body, 0 for the head, else a number for each kind."""
    for place, kinds in enumerate(_SLOTS):
        if garment.kind in kinds:
            return place
    return 2 + (OUTERWEAR.index(garment.kind) if garment.kind in OUTERWEAR else len(OUTERWEAR))


def _sorted(wears: list[Garment]) -> tuple[Garment, ...]:
    """From the head down, outermost first; each kind once."""
    order = [*HEADWEAR, *OUTERWEAR]
    unique = {garment.kind: garment for garment in reversed(wears)}
    return tuple(sorted(unique.values(), key=lambda garment: order.index(garment.kind)))


def _shown(people: list[Person], action: Passage, staging: Staging, words: list[Evidence]) -> list[Person]:
    """``people`` with who is seen: who the spec says is there, and who speaks and is named as acting in the picture."""
    anybody = any(person.seen for person in people)
    unnamed = not anybody and not _OFF_ANYWHERE.search(action.low) and action.real(_HUMAN) is not None
    mentions = Mentions(action, people, strangers(action))
    shown = []
    for person in people:
        named = mentions.named(person.id)
        off = [place for place in named if _is_off(action.low, place)]
        if person.seen:
            voices = [place for place in named if _VOICE.match(action.low, place[1])]
            hidden = bool(named) and len({*off, *voices}) == len(named)
            if _BEFORE_SEEN.search(action.low) and len(people) == 1:
                hidden = True
            seen = not hidden
        else:
            acting = [place for place in named if place not in off and not _is_only_voice(action.low, place)]
            seen = bool(acting) or (unnamed and not named)
        if seen != person.seen:
            words.append(Evidence(f"people.{person.id}.seen", action.key, _context(action, named)))
        shown.append(replace(person, seen=seen))
    return shown


def _is_off(low: str, place: tuple[int, int]) -> bool:
    """Whether a name is followed or preceded by ``off screen`` in its part of the sentence."""
    start, end = place
    tail = low[end : end + 60]
    if re.match(
        rf"(?:'s (?:[\w-]+ )?voice)?,?\s?\(?(?:is |are |stays |remains |still |speaks |calls |answers |replies |now "
        rf"|also |says )*{_OFF}(?![\w-])",
        tail,
    ):
        return True
    head = low[max(0, start - 30) : start]
    return re.search(rf"{_OFF},? (?:the voice of )?$|\b(?:voice of|hear|hears|heard) $", head) is not None


def _is_only_voice(low: str, place: tuple[int, int]) -> bool:
    """Whether a mention puts nobody into the picture: ``Yann's voice``, ``looks for Yann``, ``at Yann's door``."""
    start, end = place
    if re.match(r"'s(?! (?:hands?|face|eyes|head|back|shoulder|fingers|feet|silhouette|profile|figure)\b)", low[end:]):
        return True
    return (
        re.search(
            r"\b(?:for|about|of|to|without|from|like|calls|call|calling|named|says|than|misses|remembers)(?: the)? $",
            low[max(0, start - 14) : start],
        )
        is not None
    )


def _context(action: Passage, named: list[tuple[int, int]]) -> str:
    if not named:
        return ""
    start, end = named[0]
    return action.text[start : min(len(action.text), end + 24)].strip()


def _changed(person: Person, action: Passage, mentions: Mentions, words: list[Evidence]) -> Person:
    """``person`` as the shot's own words dress them: what they put on and take off."""
    if person.kind != "person" or not person.seen:
        return person
    wears = list(person.wears)
    own = _own_clauses(action, mentions, person.id)
    gone = takes_off(own.low, [garment.kind for garment in wears])
    words.extend(Evidence(f"people.{person.id}.{kind}", action.key, "taken off") for kind in sorted(gone))
    wears = [garment for garment in wears if garment.kind not in gone]
    for garment, found in puts_on(own):
        if garment.kind in {each.kind for each in person.wears} or _of_a_stranger(action, found):
            continue
        layer = _slot(garment)
        if layer < 2 and any(_slot(other) == layer for other in wears):
            if layer == 1 and not re.search(r"\b(?:pull|put|throw|shrug|slip|struggl|wrap)\w* ", own.low):
                continue  # the wardrobe is what is worn
            wears = [other for other in wears if _slot(other) != layer]
        wears.append(garment)
        words.append(_worn(person.id, garment, action, found))
    if not any(each.kind in HEADWEAR for each in wears) and (hood := hood_up(own.low, wears)):
        wears.append(hood)
        words.append(Evidence(f"people.{person.id}.hood", action.key, "hood up"))
    hair = person.hair
    if loose := _HAIR_DOWN.search(own.low):
        words.append(Evidence(f"people.{person.id}.hair", action.key, loose[0]))
        hair = replace(hair, style="", length="long" if hair.style or not hair.length else hair.length)
    glasses = person.glasses
    if glasses and (off := _BARES_EYES.search(own.low)):
        words.append(Evidence(f"people.{person.id}.glasses", action.key, off[0]))
        glasses = ""
    return replace(person, wears=_sorted(wears), glasses=glasses, hair=hair)


_WORN_BY = re.compile(r",? (?:who )?(?:in|wears|wearing|dressed in|with) (?:[\w'-]+ ){0,5}")


def _of_a_stranger(action: Passage, found: Found) -> bool:
    """Whether a garment is that of somebody without a name: ``after a man in a grey hoodie``."""
    return any(end <= found.start and _WORN_BY.fullmatch(action.low[end : found.start]) for _, end in strangers(action))


_HAIR_DOWN = re.compile(
    r"\bhair (?:is |now |hangs |falls |comes |has come )*(?:down|loose|undone|unpinned|untied)\b"
    r"|\b(?:lets?|shakes?|takes?) (?:down (?:his|her) hair|(?:his|her) hair (?:down|loose|out))\b"
    r"|\b(?:unpins|unties|undoes|loosens) (?:his|her) (?:hair|bun|plaits?|braids?|ponytail)\b"
)


_BARES_EYES = re.compile(
    r"\b(?:takes? off|took off|removes?|lowers?|folds?|cleans?|polishes|wipes|without) "
    r"(?:his|her|their|the) (?:\w+ )?(?:glasses|spectacles|goggles|sunglasses|eye ?patch)\b"
    r"|\b(?:his|her|their) (?:\w+ )?(?:glasses|spectacles|sunglasses) (?:are |is |have |now )*(?:gone|lost|broken|off"
    r"|missing|pushed up|in (?:his|her) (?:hand|lap|pocket))\b"
    r"|\btakes (?:his|her|their|the) (?:\w+ )?(?:glasses|spectacles|goggles|sunglasses) off\b"
)


def _own_clauses(action: Passage, mentions: Mentions, person_id: str) -> Passage:
    """The shot's words with all blanked that is not said of the person."""
    low = []
    position = 0
    for part in re.split(r"(?<=[.,;:!?])", action.low):
        first = re.search(r"\w", part)
        middle = position + (first.start() if first else 0)
        ids = set(mentions.opening(middle) or mentions.owner(middle)) | set(mentions.owner(position + len(part) - 1))
        low.append(part if person_id in ids else " " * len(part))
        position += len(part)
    return action.with_low("".join(low))
