"""What people have in their hands, as the shot's own words say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vtx_app.render.animatic.reading.mentions import Mentions
from vtx_app.render.animatic.reading.text import Passage

__all__ = ["held_things"]

_TOY = r"(?:stuffed|toy|plush|knitted|cuddly) (?:toy |\w+ )?\w+"
_THING = (
    r"umbrella|lantern|torch|flashlight|candle|lamp|book|letter|suitcase|bag|basket|bucket|gun|pistol|rifle|revolver"
    r"|shotgun|knife|dagger|sword|axe|cup|mug|goblet|glass|bottle|flower|rose|bouquet|phone|telephone|receiver"
    r"|newspaper|map|box|parcel|baby|cat|dog|doll|ball|balloon|kite|guitar|violin|oar|rope|net|ladder|spade|shovel"
    r"|broom|walking stick|stick|cane|staff|spear|shield|flag|camera|tray|plate|bowl|key|coin|photograph|photo"
    r"|clipboard|briefcase|handbag|satchel|toy|teddy(?: bear)?|bear|fishing rod|rod|hammer"
    r"|wrench|parasol|puppet|loaf|bread|apple|envelope|notebook|teapot|kettle|pan|watch|radio|mirror|bell|bucket|bow|banner|sign|crutch|rabbit"
)
_HOLDS = re.compile(
    r"\b(?:hold|carr(?:y|i)|lean\w* (?:heavily |hard )?on|clutch|grip|grasp|rais|swing|wield|lift|cradl|hug|shoulder"
    r"|brandish|wav|level|aim|nurs|balanc|dangl|lug|drag|bear)\w* (?:up |out |aloft )?"
    r"(?:an?|the|his|her|two|their|one) "
    rf"(?:(?P<toy>{_TOY})|(?:[\w-]+ ){{0,2}}?(?P<thing>{_THING})s?)(?![\w-])"
)
_WITH = re.compile(
    r" with (?:an?|the|his|her|one|two|their) (?:[\w-]+ )?(?P<thing>lantern|torch|candle|umbrella"
    r"|suitcase|bag|basket|bucket|walking stick|stick|cane|gun|revolver|rifle|pistol|knife|sword"
    r"|balloon|kite|bouquet|tray|spade|axe|spear|flag|oar|clipboard|briefcase|parcel|box|camera|newspaper|loaf)s?\b"
)
_ON_HIS = re.compile(r"\b(?:on|over|from) (?:his|her) (?P<thing>clipboard|phone|notebook|sketchbook)\b")
_IN_HAND = re.compile(
    rf"\b(?P<thing>{_THING}|boots|shoes)s? (?:in|under) (?:his|her|one|each|the other|an?) "
    r"(?:\w+ )?(?:hands?|arm|fist)\b"
)
_READS = re.compile(r"\breads? (?:an?|the|his|her) (?:[\w-]+ )?(?P<thing>book|letter|newspaper|map)\b")


_IN_MOUTH = re.compile(
    r"\b(?P<thing>ball|bone|stick|shoe|boot|newspaper|letter|fish|bread|hat|key|flower|rope|doll|toy)s? "
    r"in (?P<whose>its|his|her) (?:mouth|jaws|beak|teeth)\b"
)


def held_things(action: Passage, mentions: Mentions) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Who holds what, and the words for it; each thing once. What one can hold alone, the first of several holds."""
    done: set[tuple[str, str]] = set()
    for pattern in (_IN_MOUTH, _HOLDS, _IN_HAND, _WITH, _ON_HIS, _READS):
        for found in action.find(pattern):
            if not found.real:
                continue
            groups = found.match.groupdict()
            what = "toy" if groups.get("toy") else found.match["thing"]
            owners = mentions.owner(found.match.end("whose") if pattern is _IN_MOUTH else found.start)
            for each in owners if " their " in found.text else owners[:1]:
                if (each, what) not in done:
                    done.add((each, what))
                    yield each, (what,), found.text
