"""How people are placed: where they look, how they stand, which side they are on, and who else the words put there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vtx_app.render.animatic.reading.beings import kind_of_noun
from vtx_app.render.animatic.reading.extras import strangers
from vtx_app.render.animatic.reading.holding import held_things
from vtx_app.render.animatic.reading.mentions import Mentions
from vtx_app.render.animatic.reading.model import Camera, Evidence, Person, View
from vtx_app.render.animatic.reading.text import Passage, word_set, words_pattern
from vtx_app.render.animatic.reading.vocabulary import pattern_of, patterns_of

__all__ = ["place_people", "shoulder"]

_VIEWS = patterns_of("staging", "views")
_AT_CAMERA = pattern_of("staging", "at camera")
_AT_EACH_OTHER = pattern_of("staging", "at each other")
_AWAY = words_pattern(
    r"looks? away|turns? away|looks? (?:down|aside|off|out|up)|(?:without|not) looking(?: at)?|doesn't (?:look"
    r"|turn)|does not (?:look|turn)|stares? (?:into space|ahead|out|at the (?:floor|ceiling|wall|table|ground|sky"
    r"|sea|fire|rain))|eyes (?:down|closed|shut)"
)
_LOOKS_AT = (
    r"(?:look|star|gaz|glanc|glar|smil|nod|watch|stud|turn|fac|point|wav|beam|scowl|peer)(?:s|es|e|ies|ing"
    r"|y)?(?: (?:up|down|over|back|round|straight|slowly|hard|out))*(?: (?:at|to|towards?|on|over at))? "
)
_POSES = patterns_of("staging", "poses")
_SIDES = patterns_of("staging", "sides")
_DEPTHS = patterns_of("staging", "depths")
_NOUN_FOLLOWS = word_set("the a an of his her their its this that every")
"""Words after which ``walk`` and ``stand`` are nouns."""
_OVER = r"over (?P<who>[\w' -]{2,40}?)(?:'s|s'|s)? shoulders?"
_ON_BACK = r"(?:\w+ )?on (?:his|her|its|their) back(?![\w-])"
_FROM_TO = re.compile(r"\bfrom (?:the )?(?P<from>left|right) to (?:the )?(?P<to>left|right)\b")
_BETWEEN = re.compile(r"\bbetween (?:the (?:two|others)|the other two|two|them|his|her|[a-z]+ and [a-z]+)(?![\w-])")
_TURNED_TO = re.compile(
    r"\b(?:look|gaz|star|glanc|peer|turn|fac|point|head|walk|run|rid|driv|exit|driv|mov|fli)(?:s|es|ed|ing|ies|e)?"
    r"(?: (?:off|away|out|back|his|her|its|their|head|eyes|face))*(?: to)?(?: the| our| screen| frame| camera)? $"
)
_LOOKS_TO = re.compile(
    r"\b(?:look|gaz|star|glanc|peer|turn|fac)(?:s|es|ed|ing|e)?"
    r"(?: (?:off|away|out|back|his|her|its|their|head|eyes|face))*(?: to)?(?: the| our| screen| frame| camera)? "
    r"(?P<side>left|right)(?=[,.;:]|$| and\b| of frame)"
)
_ON_A_SIDE = (
    r",? (?:is |stands? |sits? )?(?:(?P<whose>(?:on|at|to) (?:his|her) )"
    r"|(?:on |at |to )?(?:the |our |frame |screen |camera )*)"
    r"(?P<side>left|right)(?=[,.;:)]|$| and\b| of (?:frame|shot|picture)\b)"
)
_ALL_BEHIND = re.compile(r"(?:^|[.!?]\s+)from behind(?=[:,])|\bfrom the back seat\b")
_ALL_PROFILE = re.compile(
    r"\bprofile two[- ]shot\b|\b(?:two|three)[- ]shot,? in profile\b|(?:^|[.!?]\s+)(?:both )?in profile\b"
)
_LISTED_VIEWS: tuple[tuple[View, re.Pattern[str]], ...] = (
    (
        "behind",
        re.compile(
            r"\b(?:from|seen from|view from) (?:behind(?! (?:the|a)\b)|the back\b(?! seat| row| of))|\bback view\b"
        ),
    ),
    ("behind", re.compile(r"\bfrom the back seat\b")),
    ("profile", re.compile(r"\bprofiles?\b|\bside[- ](?:on|view)\b|\bfrom the side\b")),
)
_BREATHES = re.compile(
    r"\b(?:breath|spit|spew|belch|exhal|snort|vomit)(?:s|es|e|ing|ed)? (?:a |an |out |great |jets? of |plumes? of "
    r"|streams? of |long |burst of )*(?P<what>fire|flames?|smoke|steam)\b"
)
_AT_TABLE = re.compile(r"\b(?:at|across|round|around) (?:the|a|his|her|their) (?:[\w-]+ )?tables?(?![\w-])")
_ALL_AT_TABLE = re.compile(
    r"(?:^|[.!?:]\s+)"
    r"(?:(?:all|both|(?:all )?(?:two|three|four|five|six)(?: of them)?|everybody|everyone|the family|they) )?"
    r"(?:are |is |sit |sits |sitting |seated |eat |gather |gathered )*(?:at|round|around) "
    r"(?:the|a|their) (?:[\w-]+ )?tables?(?![\w-])"
)
_NOT_AT_TABLE = re.compile(
    r"\b(?:stand|stood|look|star|glanc|point|arriv|stop|walk|cross|wav|lean|nod|run|shout|chase|danc)\w*\b"
)


def place_people(
    people: Sequence[Person], action: Passage, camera: Camera, words: list[Evidence], angle: str = "", at: str = ""
) -> tuple[Person, ...]:
    """``people`` with view, pose, side, and where each looks: as said, else as talk has it.

    ``angle``: the size and angle in the shot list, which say how all are seen; ``at``: their key.
    """
    mentions = Mentions(action, people, strangers(action))
    by_id = {person.id: person for person in people}

    def set_on(ids: Sequence[str], field: str, value: object, text: str) -> None:
        for each in ids:
            if each in by_id and by_id[each].seen and not getattr(by_id[each], field):
                by_id[each] = replace(by_id[each], **{field: value})  # type: ignore[arg-type]
                words.append(Evidence(f"people.{each}.{field}", action.key, text))

    seen_ids = [person.id for person in by_id.values() if person.seen]
    if camera.framing != "over_shoulder":
        listed = next((view for view, pattern in _LISTED_VIEWS if pattern.search(angle.lower())), None)
        if listed is not None:
            for each in seen_ids:
                by_id[each] = replace(by_id[each], view=listed)
                words.append(Evidence(f"people.{each}.view", at, angle))
        for view, everybody in (("behind", _ALL_BEHIND), ("profile", _ALL_PROFILE)):
            if said := everybody.search(action.low):
                set_on(seen_ids, "view", view, action.text[said.start() : said.end()].strip(" .!?"))
    for crossing in _FROM_TO.finditer(action.low):
        set_on(seen_ids, "looks_at", crossing["to"], crossing[0])  # all go the same way
    for found in action.find(_BETWEEN):
        if len(seen_ids) > 2 and len(between := mentions.owner(found.start)) == 1:
            set_on(between, "side", "middle", found.text)
    for found in action.find(_LOOKS_TO):
        if found.real:
            set_on(mentions.owner(found.start), "looks_at", found.match["side"], found.text)
    for person in list(by_id.values()):
        if person.seen and person.name:
            placed = re.compile(Mentions.pattern(person.name, mentions.shared).pattern + _ON_A_SIDE)
            for found in action.find(placed):
                side = found.match["side"]
                if found.match["whose"]:
                    side = "left" if side == "right" else "right"  # whoever faces us has the right hand on our left
                if found.real:
                    set_on([person.id], "side", side, found.text)
    for field, patterns in (("view", _VIEWS), ("side", _SIDES), ("depth", _DEPTHS)):
        for value, pattern in patterns:
            for found in action.find(pattern):
                if field == "side" and (
                    _TURNED_TO.search(action.low[: found.start])
                    or _FROM_TO.search(action.low[max(0, found.start - 20) : found.end + 20])
                ):
                    continue
                if found.real and not re.match(r" (?:him|her|the|a)\b", action.low[found.end :]):
                    whose = mentions.owner(found.start) if field == "view" else mentions.near(found.start)
                    set_on(whose, field, value, found.text)
    poses = [(found, pose) for pose, pattern in _POSES for found in action.find(pattern) if found.real]
    for found, pose in sorted(poses, key=lambda pair: (pair[0].start, -pair[0].end)):
        before = action.before(found.start, 1)
        if mentions.opening(found.start):
            continue  # Fly, Walker: a name
        if not before or (before[0] not in _NOUN_FOLLOWS and not _is_of_a_thing(before[0], found.text)):
            set_on(mentions.subject(found.start), "pose", pose, found.text)
    for person in list(by_id.values()):
        if person.seen and person.name:
            carried = re.compile(rf"\bwith {Mentions.pattern(person.name, mentions.shared).pattern} {_ON_BACK}")
            for found in action.find(carried):
                if found.real:
                    set_on([person.id], "pose", "ride", found.text)
    for found in action.find(_AT_CAMERA):
        if found.real:
            set_on(mentions.owner(found.start), "looks_at", "camera", found.text)
    for person in list(by_id.values()):
        if person.seen and person.name:
            looked_at = re.compile(_LOOKS_AT + Mentions.pattern(person.name, mentions.shared).pattern)
            for found in action.find(looked_at):
                others = [each for each in mentions.owner(found.start) if each != person.id]
                if found.real:
                    set_on(others, "looks_at", person.id, found.text)
    if found_pair := action.real(_AT_EACH_OTHER):
        seen = [person.id for person in by_id.values() if person.seen]
        if len(seen) == 2:
            set_on(seen[:1], "looks_at", seen[1], found_pair.text)
            set_on(seen[1:], "looks_at", seen[0], found_pair.text)
    for found in action.find(_BREATHES):
        if found.real:
            breath = "fire" if found.match["what"].startswith(("fire", "flame")) else "smoke"
            beasts = [each for each in mentions.subject(found.start) if by_id[each].kind != "person"]
            set_on(beasts, "breath", breath, found.text)
    for each, things, text in held_things(action, mentions):
        if each in by_id:
            by_id[each] = replace(by_id[each], holds=(*by_id[each].holds, *things))
            words.append(Evidence(f"people.{each}.holds", action.key, text))
    if together := _ALL_AT_TABLE.search(action.low):
        set_on([each for each in seen_ids if by_id[each].kind == "person"], "pose", "sit", together[0].strip(" .!?:"))
    for found in action.find(_AT_TABLE):
        start, _ = action.clause(found.start)
        if found.real and not _NOT_AT_TABLE.search(action.low[start : found.start]):
            sitting = [each for each in mentions.subject(found.start) if each in by_id and by_id[each].kind == "person"]
            set_on(sitting, "pose", "sit", found.text)
    return _eyelines([by_id[person.id] for person in people])


def _is_of_a_thing(noun: str, verb: str) -> bool:
    """Whether a verb is of the garment or thing before it: ``…, hat flying off``."""
    return verb.endswith("ing") and (noun in _WORN_NOUNS or kind_of_noun(noun) == "thing")


_WORN_NOUNS = word_set(
    "hat cap coat cloak cape scarf hair skirt dress tie beard head hands arms legs feet hood veil wings tail mane"
    " sleeves fingers eyes"
)


def _eyelines(people: list[Person]) -> tuple[Person, ...]:
    """Who looks where by the order of speech: at whom they talk with; out of the picture at those who are not in it."""
    seen = [person for person in people if person.seen]
    speakers = sorted((person for person in people if person.speaks), key=lambda person: person.speaks)
    if not speakers:
        return tuple(people)
    placed = []
    for person in people:
        if not person.seen or person.looks_at:
            placed.append(person)
            continue
        others = [other for other in speakers if other.id != person.id] or [
            other for other in seen if other.id != person.id
        ]
        target = others[0] if others else None
        looks = "" if target is None else target.id if target.seen else "off"
        placed.append(replace(person, looks_at=looks))
    return tuple(placed)


def shoulder(
    people: Sequence[Person], camera: Camera, action: Passage, words: list[Evidence]
) -> tuple[tuple[Person, ...], Camera]:
    """Who is seen from behind, and whom the camera looks at, in a shot over a shoulder."""
    if camera.framing != "over_shoulder":
        return tuple(people), camera
    seen = [person for person in people if person.seen]
    over = ""
    for match in re.finditer(_OVER, action.low):
        named = next((person for person in seen if Mentions.pattern(person.name).search(match["who"])), None)
        if named is None and match["who"].strip() in ("his", "her"):
            owners = Mentions(action, people).owner(match.start() + 6)
            named = next((person for person in seen if person.id in owners), None)
        if named is not None:
            over = named.id
            words.append(Evidence("camera.over", action.key, match[0]))
            break
    others = [person for person in seen if person.id != over]
    if not over and len(seen) > 1:
        over = seen[1].id
        others = [seen[0]]
    on = others[0].id if others else ""
    turned = tuple(
        replace(person, view="behind", depth=person.depth or "foreground", looks_at=person.looks_at or on)
        if person.id == over
        else person
        for person in people
    )
    return turned, replace(camera, over=over, on=on)
