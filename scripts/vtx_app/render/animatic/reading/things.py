"""The objects that a shot's words put into the picture, in the order of the words, and whether lights burn."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from vtx_app.render.animatic.reading.beings import number_of, singular
from vtx_app.render.animatic.reading.clothes import colour_in
from vtx_app.render.animatic.reading.model import Change, Evidence, Thing
from vtx_app.render.animatic.reading.text import Found, Passage, word_set
from vtx_app.render.animatic.reading.vocabulary import pattern_of, patterns_of, words_of

__all__ = ["read_lights", "read_things"]

_COMPOUND_HEADS = words_of("places", "compound heads")
_THINGS = patterns_of("things", "things")
_NOT_THINGS = pattern_of("things", "not things")
_LIGHTS = words_of("things", "lights")
_GOES_OUT = re.compile(
    r"^(?:[^.;!?]{0,40}?)\b(?:goes out|go out|dies|die(?= |$|[,.])|and dies|is (?:snuffed|blown|put) out|gutters "
    r"(?:out|and)|burns out|fails|flickers out|goes dark"
    r"|blows out|is extinguished|is switched off|switches off)\b"
)
_COMES_ON = re.compile(
    r"^(?:[^.;!?]{0,40}?)\b(?:comes on|come on|lights? up|flares? up|flickers? on|(?:is|are) lit|catches|catch fire"
    r"|blazes up|springs up|ignites|kindles|flickers to life|starts to glow|begins to glow"
    r"|begins to burn)\b"
)
_LIGHTS_IT = re.compile(
    r"\b(?:lights?|lighting|strikes?|striking|switches on|turns on|kindles|ignites|flicks on) (?:up )?(?:the |a |an "
    r"|his |her |one |another )?(?:\w+ ){0,2}$"
)
_PUTS_OUT = re.compile(
    r"\b(?:blows? out|snuffs?(?: out)?|switches off|turns off|puts out|extinguishes|douses|pinches out|kills) "
    r"(?:the |a |his |her |all the )?(?:\w+ ){0,2}$"
)
_TURNS = re.compile(
    r"\b(?:puts?|blows?|snuffs?|turns?|switch(?:es)?|flicks?) (?:the |a |his |her |all the )?(?:\w+ )?$"
)
_ON_OR_OFF = re.compile(r"^ (?P<way>out|off|on)\b")
_LIT = re.compile(
    r"\b(?:lit|burning|glowing|blazing|flaming|bright|guttering|flickering|lighted|shining|roaring|crackling) "
    r"(?:\w+ )?$"
)
_IS_LIT = re.compile(
    r"^ (?:\w+ )?(?:burns?|glows?|shines?|flickers?|blazes?|gutters?|crackles?|roars?|(?:is|are) lit"
    r"|still (?:burns|turns|burning)|swings|beams?|throws?|casts?|lights)\b|^(?:light|beam)"
)
_UNLIT = re.compile(r"\b(?:unlit|dead|dark|cold|black|extinguished|burnt-out|broken|spent) (?:\w+ )?$")
_IS_UNLIT = re.compile(r"^ (?:is|are) (?:out|dark|dead|cold|off|unlit|black)\b|^, (?:dark|dead|cold|unlit|black)\b")
_FRONT = re.compile(r"\b(?:in the (?:near )?foreground|close to (?:us|the lens|camera))\b")
_BACK = re.compile(
    r"\b(?:in the (?:far )?(?:background|distance)|far off|far away|on the horizon|beyond|far below|distant)\b"
)
_OPEN = re.compile(r"\b(?:open|half-open|ajar|gaping) (?:\w+ )?$")
_IS_OPEN = re.compile(
    r"^ (?:is |stands |swings |bangs |flies |creaks )(?:wide |half )?(?:open|ajar)|^ (?:opens|bursts open)\b"
)
_IS_CLOSED = re.compile(r"^ (?:is |swings |bangs |slams |clicks )(?:closed|shut|locked)|^ (?:closes|slams)\b")


def read_things(
    passages: Iterable[Passage], refused: Passage, words: list[Evidence], skip: frozenset[str] = frozenset()
) -> tuple[Thing, ...]:
    """The objects in ``passages`` in order, each once; none that ``refused`` (the negative) names.

    ``skip``: kinds that act in the shot as characters.
    """
    no = {kind for kind, pattern in _THINGS if pattern.search(refused.low)}
    things: dict[str, Thing] = {}
    for passage in passages:
        searched = passage.without(_NOT_THINGS)
        found = sorted(
            ((each, kind) for kind, pattern in _THINGS for each in searched.find(pattern)),
            key=lambda pair: (pair[0].start, pair[0].start - pair[0].end),
        )
        taken: list[tuple[int, int]] = []
        for each, kind in found:
            if any(a <= each.start < b for a, b in taken) or not each.real:
                continue
            taken.append((each.start, each.end))
            if kind in no or kind in skip or _is_adjective(searched, each, kind) or _is_sound(searched, each, kind):
                continue
            if kind not in things:
                things[kind] = _thing(searched, each, kind)
                words.append(Evidence(f"things.{kind}", passage.key, each.text))
    if "stove" in things and "fire" in things:  # flames leap up from the stove
        things["stove"] = replace(things["stove"], lit=True)
        del things["fire"]
    return tuple(things.values())


_IN_A_HAND = re.compile(
    r"\b(?:h[eo]lds?|holding|carr(?:y|ies|ied|ying)|lifts?|lifting|raises?|raising|brings?|with an?|takes?|swings?"
    r"|shields?|shielding|cups?|cupping|hand|hands|fist)\b"
)


def read_lights(passage: Passage) -> tuple[tuple[Thing, bool], ...]:
    """The lights of which a passage says whether they burn, each with whether somebody has it in a hand."""
    if not any(pattern.search(passage.low) for kind, pattern in _THINGS if kind in _LIGHTS):
        return ()
    words: list[Evidence] = []
    things = read_things([passage], Passage("", ""), words)
    said = {each.value.removeprefix("things."): each.text for each in words}
    found = []
    for each in things:
        if each.lit is not None or each.change is not None:
            at = passage.text.find(said.get(each.kind, ""))
            start, end = passage.sentence(max(0, at))
            found.append((each, _IN_A_HAND.search(passage.low, start, end) is not None))
    return tuple(found)


_SOUNDING = word_set("drum bell")
_HEARD_END = re.compile(r"(?:,? [^.!?;]*\b(?:far|distant|distance|somewhere|off|away)\b[^.!?;]*)?\s*(?:[.!]|$)")
_ALONE = re.compile(r"\s*(?:(?:somewhere|far off|far away|in the distance|outside|off),? )?(?:an? |the )?(?:\w+ )?")


def _is_sound(passage: Passage, found: Found, kind: str) -> bool:
    """Whether the words are a sentence of their own, as scripts write what is heard: ``A bell.``"""
    if kind not in _SOUNDING:
        return False
    end = _HEARD_END.match(passage.low, found.end)
    start = re.split(r"[.!?:;]", passage.low[: found.start])[-1]
    return end is not None and _ALONE.fullmatch(start) is not None


def _is_adjective(passage: Passage, found: Found, kind: str) -> bool:
    following = passage.after(found.end, 1)
    if not following or passage.low[found.end : found.end + 1] == "'":
        return bool(following) and passage.low[found.end : found.end + 1] == "'"
    return following[0] in _COMPOUND_HEADS - {
        "light",
        "lights",
        "beam",
        "beams",
        "glass",
        "smoke",
        "tree",
        "trees",
    } and kind not in ("window", "door", "fire")


def _thing(passage: Passage, found: Found, kind: str) -> Thing:
    low = passage.low
    start, _ = passage.clause(found.start)
    sentence_end = passage.sentence(found.start)[1]
    before, after = low[start : found.start], low[found.end : sentence_end]
    near = passage.before(found.start, 4)
    noun_phrase = re.split(r"\b(?:the|an?|his|her|their|of|with|and|in|on)\b|,", before)[-1]
    noun = found.match[0].split()[-1]
    plural = singular(noun) != noun and kind not in ("lens", "glass", "bus", "boots", "spectacles")
    count = number_of([word for word in near[:3] if word not in ("of",)])
    if kind in ("boots", "spectacles"):
        count = 1  # of a pair
    if count == 1 and plural:
        count = 3
    lit, change = _light(before, after) if kind in _LIGHTS else (None, None)
    opened = None
    if kind in ("door", "window", "gate", "box", "book", "letter"):
        opened = True if _OPEN.search(before) or _IS_OPEN.match(after) else False if _IS_CLOSED.match(after) else None
    around = low[passage.sentence(found.start)[0] : sentence_end]
    depth = "foreground" if _FRONT.search(around) else "background" if _BACK.search(around) else None
    placed = _PLACED_AFTER.match(after) is not None or _PLACED_BEFORE.search(before) is not None
    return Thing(kind, count, colour_in(noun_phrase), lit, change, depth, opened, placed)  # type: ignore[arg-type]


_PLACED_AFTER = re.compile(
    r"^,? (?:hangs?|hanging|leans?|leaning|lies|lying|stands?|standing|rests?|propped|waits|is propped|hung|drips"
    r"|sits|squats|parked|parks|(?:has )?landed|taxis|taxiing)\b"
    r"|,? (?:on|in) (?:the|a|an|its) (?:\w+ )?(?:runway|helipad|pad|tarmac|hangar|airfield|ground|apron)\b"
    r"|^ (?:on|over|across) (?:his|her|their|its) (?:lap|knees?|arm|back|shoulders?)\b"
    r"|^,? (?:closed|folded|furled|shut)\b"
    r"|^ (?:in|on|against|by|beside|under|next to|near) (?:the|a|an) (?:\w+ )?(?:stand|hook|corner|wall|door|desk|table"
    r"|floor|chair|rack|shelf|hall|bar|counter|bed|peg)\b"
)
_PLACED_BEFORE = re.compile(
    r"\b(?:fold(?:s|ed)?|clos(?:es|ed)|furl(?:s|ed)?|leaves?|left|drop(?:s|ped)|los(?:es|t)|forg[eo]t(?:s|ten)?) "
    r"(?:the |an? |his |her )(?:[\w-]+ ){0,2}$"
    r"|\b(?:next to|beside|against|near|behind|by|past|between|hands? on) (?:the |an? |his |her )?(?:[\w-]+ ){0,2}$"
)


def _light(before: str, after: str) -> tuple[bool | None, Change | None]:
    """Whether a light burns at the beginning of the shot, and what happens to it."""
    if _TURNS.search(before) and (turned := _ON_OR_OFF.match(after)):
        return True, "begins" if turned["way"] == "on" else "ends"
    if _LIGHTS_IT.search(before) or _COMES_ON.match(after):
        return True, "begins"
    if _PUTS_OUT.search(before) or _GOES_OUT.match(after):
        return True, "ends"
    if _UNLIT.search(before) or _IS_UNLIT.match(after):
        return False, None
    if _LIT.search(before) or _IS_LIT.match(after):
        return True, None
    return None, None
