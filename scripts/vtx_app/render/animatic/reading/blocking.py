"""How people are placed: where they look, how they stand, which side they are on, and who else the words put there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vtx_app.render.animatic.reading.extras import strangers
from vtx_app.render.animatic.reading.mentions import Mentions
from vtx_app.render.animatic.reading.model import Camera, Evidence, Person
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
_HOLDS = re.compile(
    r"\b(?:hold|carr(?:y|i)|lean\w* (?:heavily |hard )?on|clutch|grip|rais|swing|wield|lift|cradl|hug|shoulder"
    r"|brandish|wav)\w* (?:up )?(?:an?"
    r"|the|his|her|two|their|one) (?:[\w-]+ ){0,2}?(?P<thing>umbrella|lantern|torch|flashlight|candle|lamp|book"
    r"|letter|suitcase"
    r"|bag|basket|bucket|gun|pistol|rifle|knife|sword|axe|cup|mug|glass|bottle|flower|bouquet|phone|telephone"
    r"|newspaper|map|box|parcel|baby|cat|dog|doll|ball|balloon|kite|guitar|violin|oar|rope|net|ladder|spade|shovel"
    r"|broom|stick|cane|staff|spear|shield|flag|camera|tray|plate|key|coin|photograph|clipboard|briefcase|toy|bear"
    r"|fishing rod|rod|hammer|wrench|parasol|puppet)s?\b"
)
_ON_BACK = r"(?:\w+ )?on (?:his|her|its|their) back(?![\w-])"
_ON_HIS = re.compile(r"\b(?:on|over|from) (?:his|her) (?P<thing>clipboard|phone|notebook|sketchbook)\b")
_WITH = re.compile(
    r" with (?:an?|the|his|her|one|two|their) (?:[\w-]+ )?(?P<thing>lantern|torch|candle|umbrella"
    r"|suitcase|bag|basket|bucket|stick|cane|gun|rifle|pistol|knife|sword|balloon|kite|bouquet|tray"
    r"|spade|axe|spear|flag|oar|clipboard|briefcase|parcel|box|camera|newspaper)s?\b"
)
_WITH_IN_HAND = re.compile(
    r"\b(?P<thing>umbrella|lantern|torch|candle|book|letter|suitcase|bag|gun|knife|sword|cup|glass|bottle|clipboard"
    r"|stick|cane|phone|newspaper|map|key|camera)s? in (?:his|her|one|each|the other) hands?\b"
)


def place_people(
    people: Sequence[Person], action: Passage, camera: Camera, words: list[Evidence]
) -> tuple[Person, ...]:
    """``people`` with view, pose, side, and where each looks: as said, else as talk has it."""
    mentions = Mentions(action, people, strangers(action))
    by_id = {person.id: person for person in people}

    def set_on(ids: Sequence[str], field: str, value: object, text: str) -> None:
        for each in ids:
            if each in by_id and by_id[each].seen and not getattr(by_id[each], field):
                by_id[each] = replace(by_id[each], **{field: value})  # type: ignore[arg-type]
                words.append(Evidence(f"people.{each}.{field}", action.key, text))

    for field, patterns in (("view", _VIEWS), ("side", _SIDES), ("depth", _DEPTHS)):
        for value, pattern in patterns:
            for found in action.find(pattern):
                if found.real and not re.match(r" (?:him|her|the|a)\b", action.low[found.end :]):
                    whose = mentions.owner(found.start) if field == "view" else mentions.near(found.start)
                    set_on(whose, field, value, found.text)
    poses = [(found, pose) for pose, pattern in _POSES for found in action.find(pattern) if found.real]
    for found, pose in sorted(poses, key=lambda pair: (pair[0].start, -pair[0].end)):
        before = action.before(found.start, 1)
        if not before or before[0] not in _NOUN_FOLLOWS:
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
    for held in (_HOLDS, _WITH_IN_HAND, _WITH, _ON_HIS):
        for found in action.find(held):
            if found.real:
                for each in mentions.owner(found.start):
                    if each in by_id and found.match["thing"] not in by_id[each].holds:
                        by_id[each] = replace(by_id[each], holds=(*by_id[each].holds, found.match["thing"]))
                        words.append(Evidence(f"people.{each}.holds", action.key, found.text))
    return _eyelines([by_id[person.id] for person in people])


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
