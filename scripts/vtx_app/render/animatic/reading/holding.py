"""What people have in their hands, as the shot's own words say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vtx_app.render.animatic.reading.mentions import Mentions
from vtx_app.render.animatic.reading.text import Passage

__all__ = ["held_things", "on_the_telephone"]

_TOY = r"(?:stuffed|toy|plush|knitted|cuddly) (?:toy |\w+ )?\w+"
_THING = (
    r"umbrella|lantern|torch|flashlight|candle|lamp|book|letter|suitcase|bag|basket|bucket|gun|pistol|rifle|revolver"
    r"|shotgun|knife|dagger|sword|axe|cup|mug|goblet|glass|bottle|flower|rose|bouquet|phone|telephone|receiver"
    r"|newspaper|map|box|parcel|baby|cat|kitten|lamb|dog|puppy|hen|chicken|crook|doll|ball|balloon|kite|guitar|violin|oar|rope|net|ladder|spade|shovel"
    r"|broom|walking stick|stick|cane|staff|spear|shield|flag|camera|tray|plate|bowl|key|coin|photograph|photo"
    r"|clipboard|briefcase|handbag|satchel|toy|teddy(?: bear)?|bear|fishing rod|rod|hammer"
    r"|wrench|parasol|puppet|loaf|bread|apple|envelope|notebook|teapot|kettle|pan|watch|radio|mirror|bell|bucket|bow|banner|sign|crutch|rabbit"
)
_HOLDS = re.compile(
    r"\b(?:hold|carr(?:y|i)|lean\w* (?:heavily |hard )?on|clutch|grip|grasp|rais|swing|wield|lift|cradl|hug|shoulder"
    r"|brandish|wav|level|aim|nurs|balanc|dangl|lug|drag|bear|pour|pick|produc|unsheath)\w* (?:up |out |aloft )?"
    r"(?:an?|the|his|her|two|their|one) "
    rf"(?:(?P<toy>{_TOY})|(?:[\w-]+ ){{0,2}}?(?P<thing>{_THING})s?)(?![\w-])"
)
_WITH = re.compile(
    r" with (?:an?|the|his|her|one|two|their) (?:[\w-]+ )?(?P<thing>lantern|torch|candle|umbrella"
    r"|suitcase|bag|basket|bucket|walking stick|stick|cane|gun|revolver|rifle|pistol|knife|sword"
    r"|balloon|kite|bouquet|tray|spade|axe|spear|flag|oar|clipboard|briefcase|parcel|box|camera"
    r"|newspaper|loaf|shotgun|broom|mug|cup|phone|torch|lamp|fan|crook|staff|pan)s?\b"
)
_DRAWS = re.compile(
    r"\b(?:draw|pull|whip|tak|snatch|grab)(?:s|es|e|ing)? (?:out |up |down )?(?:an?|the|his|her) (?:[\w-]+ )?"
    r"(?P<thing>gun|pistol|revolver|rifle|shotgun|sword|knife|dagger|blade)(?![\w-])"
)
_AT_EAR = re.compile(
    r"\b(?:tele)?(?:phone|receiver|handset|mobile|cellphone)s? "
    r"(?:(?:pressed|held|clamped|jammed|wedged|clapped|tucked) )?"
    r"(?:to|at|against|between|under|by) (?:(?:his|her|their|one|an?|each) )?(?:\w+ (?:and|or) )?(?:\w+ )?"
    r"(?:ears?|shoulders?|chin|cheeks?)\b"
    r"|\b(?:speak|talk|shout|whisper|mutter|laugh|listen|argu)\w* (?:\w+ )?(?:into|on|to|at|down) "
    r"(?:the|a|an|his|her|their) (?:[\w-]+ )?(?:telephone|phone|receiver|handset|mobile|cellphone)s?(?![\w-])"
    r"|\bon the (?:tele)?phone(?= |[,.;]|$)"
    r"|\banswer(?:s|ing)? (?:the |a |his |her |their )?(?:ringing )?(?:tele)?phones?(?![\w-])"
    r"|\b(?:lifts?|picks? up|lifting|picking up|snatch(?:es)?|grabs?|holds?) (?:up )?(?:the|a|his|her) "
    r"(?:[\w-]+ )?(?:receiver|handset)(?![\w-])"
)
"""A receiver at somebody's ear."""
_UNDER = re.compile(r" under (?:an?|the|his|her|their|one) (?:[\w-]+ )?(?P<thing>umbrella|parasol)(?![\w-])")
_ON_HIS = re.compile(r"\b(?:on|over|from) (?:his|her) (?P<thing>clipboard|phone|notebook|sketchbook)\b")
_IN_HAND = re.compile(
    rf"\b(?P<thing>{_THING}|boots|shoes|fan)s?(?: of [\w-]+)? (?:in|under) (?:his|her|their|one|each|the other|an?) "
    r"(?:\w+ )?(?:hands?|arms?|fist)\b"
)
_ON_BODY = re.compile(
    r"\b(?P<thing>kitten|cat|puppy|lamb|parrot|raven|crow|owl|falcon|hawk|rat|mouse|bird|canary|hen|rabbit|squirrel)s? "
    r"(?:(?:asleep|sleeping|perched|sitting|sits|perches|sleeps|curled up|purring|purrs) )?"
    r"(?:on|in) (?:his|her|their) (?:\w+ )?(?:shoulders?|lap|knees?|arms?|wrist|fist|gloved? hand)\b"
)
_READS = re.compile(r"\breads? (?:an?|the|his|her) (?:[\w-]+ )?(?P<thing>book|letter|newspaper|map)\b")


_IN_MOUTH = re.compile(
    r"\b(?P<thing>ball|bone|stick|shoe|boot|newspaper|letter|fish|bread|hat|key|flower|rope|doll|toy)s? "
    r"in (?P<whose>its|his|her) (?:mouth|jaws|beak|teeth)\b"
)


def held_things(action: Passage, mentions: Mentions) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Who holds what, and the words for it; each thing once. What one can hold alone, the first of several holds."""
    done: set[tuple[str, str]] = set()
    for pattern in (_AT_EAR, _IN_MOUTH, _HOLDS, _DRAWS, _IN_HAND, _WITH, _ON_HIS, _READS, _ON_BODY, _UNDER):
        for found in action.find(pattern):
            if not found.real:
                continue
            groups = found.match.groupdict()
            what = "receiver" if pattern is _AT_EAR else "toy" if groups.get("toy") else found.match["thing"]
            owners = mentions.owner(found.match.end("whose") if pattern is _IN_MOUTH else found.start)
            if pattern is _UNDER and any(what == held for _, held in done):
                continue  # somebody holds it over them
            for each in owners if " their " in found.text else owners[:1]:
                if (each, what) not in done:
                    done.add((each, what))
                    yield each, (what,), found.text


def on_the_telephone(words: str, *, alone: bool) -> bool:
    """Whether ``words`` (lower case) say of those whom they follow, one ``alone`` or several, that they telephone."""
    found = _AT_EAR.search(re.split(r"[,;:]" if alone else r"[;:]", words)[0])
    return found is not None and (alone or re.search(r"\b(?:his|her)\b", found[0]) is None)
