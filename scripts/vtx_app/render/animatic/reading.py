"""What a storyboard artist reads in a request: where, when, what weather, how close, and who.

Words only; the pictures are painted elsewhere. The shot's own words count before the places', and both
before the whole prompt, which also carries the film's style.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from vtx_app.compile.request import RenderRequest, request_digest

__all__ = ["Situation", "read_situation", "seed_of"]

PLACES: tuple[tuple[str, str], ...] = (
    ("stairs", r"stair\w*|staircase|stairwell|steps spiral\w*|spiral steps"),
    ("corridor", r"corridor|hallway|passage\w*|tunnel|hospital|hotel"),
    ("room", r"room|kitchen|bedroom|office|study|parlou?r|cabin|bar|caf[eé]|diner|restaurant|library|apartment|flat"
             r"|interior|int\.|indoors|inside|church|chapel|attic|cellar|workshop|studio|lantern room|classroom"),
    ("sea", r"sea|ocean|beach|shore\w*|coast\w*|harbou?r|lighthouse|cliffs?|waves?|boat|ship|pier|jetty|island"
            r"|bay|lake|river"
            r"|surf|rocks?|reef|deck"),
    ("forest", r"forest|woods?|trees|pines?|jungle|grove|woodland|clearing"),
    ("city", r"city|street|streets|alley|downtown|skyline|rooftops?|avenue|town|square|market|traffic|bridge"
             r"|station|platform"),
    ("desert", r"desert|dunes?|sand|wasteland|salt flat"),
    ("mountains", r"mountains?|peaks?|valley|alpine|glacier|summit|ridge|canyon"),
    ("field", r"fields?|meadow|farm\w*|plains?|prairie|road|garden|grass\w*|moor|hills?|village|cottage|orchard"
              r"|path|gravel"),
)  # fmt: skip

HOURS: tuple[tuple[str, str], ...] = (
    ("night", r"night|midnight|moonlit|moonlight|moon|starlight|stars|nocturnal|after dark"),
    ("dawn", r"dawn|sunrise|daybreak|first light|early morning|morning"),
    ("dusk", r"dusk|sunset|golden hour|twilight|evening|magic hour|blue hour|nightfall"),
    ("day", r"day|daylight|noon|midday|afternoon|sunlight|sunny|sun"),
)

WEATHERS: tuple[tuple[str, str], ...] = (
    ("storm", r"storm\w*|thunder\w*|gale|tempest|lightning|squall"),
    ("rain", r"rain\w*|drizzle|downpour|wet streets?"),
    ("snow", r"snow\w*|blizzard"),
    ("fog", r"fog\w*|mist\w*|haze|hazy|smoke|smoky"),
    ("cloud", r"overcast|cloud\w*|gr[ae]y sky|gloomy"),
)

SHOTS: tuple[tuple[str, str], ...] = (
    ("shoulder", r"over[ -]the[ -]shoulder|ots\b|over (?:his|her|their) shoulder"),
    ("insert", r"insert(?: shot)?\b|macro|detail (?:of|shot)|close(?:-| )?up (?:of|on) (?:the|a|an|his|her|their) "
               r"(?!face|eyes|head)|extreme close(?:-| )?up (?:of|on) (?:the|a|an) "),
    ("close", r"(?:extreme |tight )?close[ -]?ups?|closeup|\becu\b|\bcu\b|tight on|(?:her|his|their) face fills"),
    ("medium", r"medium(?: shot| close)?|mid[ -]?shot|waist[ -]up|two[ -]shot|bust"),
    ("full", r"full[ -](?:body|length|shot|figure)|medium[ -]wide|cowboy shot"),
    ("wide", r"wide|establishing|extreme long|long shot|aerial|panorama|vista|drone|landscape|distant"
             r"|tiny figure|far away"),
)  # fmt: skip

OBJECTS: tuple[tuple[str, str], ...] = (
    ("lighthouse", r"lighthouse"), ("boat", r"boat|ship|dinghy|trawler|sail\w*|ferry|vessel"),
    ("house", r"house|cottage|cabin|farmhouse|barn|hut|home"), ("car", r"car|truck|van|taxi|pickup"),
    ("tree", r"(?:lone|single|old|bare|dead|oak|willow|apple) tree|tree"), ("window", r"windows?|pane"),
    ("lamp", r"lamp|lantern|candle|bulb|torch|lampshade"), ("table", r"table|desk|bench|counter|workbench"),
    ("door", r"doors?|doorway"), ("bed", r"bed|mattress|pillow"), ("fire", r"fire|fireplace|hearth|stove"),
    ("letter", r"letter|envelope|note|page|paper|photograph|photo|postcard|map|logbook|journal|diary|book"),
    ("cup", r"cup|mug|glass|kettle|teapot|bottle"), ("radio", r"radio|phone|telephone|receiver|speaker"),
    ("key", r"keys?|lock|padlock|handle|latch"), ("clock", r"clock|watch|gauge|dial|compass"),
)  # fmt: skip

_ONE = (
    r"man|woman|girl|boy|child|keeper|captain|mother|father|soldier|stranger|figure|person|detective|doctor|nurse"
    r"|old man|sailor|fisherman|teacher|priest|driver|he|she|her|his|him|face|silhouette|hands?|widow|daughter|son"
    r"|brother|sister"
)
_TWO = (
    r"two (?:people|men|women|figures|friends|children|sisters|brothers)|couple|both|they|the pair"
    r"|face each other|two[ -]shot"
)
_MANY = (
    r"crowd|group|people|crew|villagers|soldiers|family|audience|passengers|children|three|four|five|mourners|workers"
)
_NOBODY = r"no ?one|nobody|empty|deserted|unpeopled|without people|no people|abandoned"


@dataclass(frozen=True, slots=True)
class Situation:
    """``place``, ``hour``, ``weather`` (or ""), ``shot`` size, ``objects`` by name, and the ``people`` seen.

    ``people`` are the names the figures are drawn for ("" where nobody is named), so that a speaker keeps
    their looks from shot to shot. ``place_seed`` is the same in every shot at that place, ``shot_seed`` is not.
    """

    place: str
    hour: str
    weather: str
    shot: str
    objects: tuple[str, ...]
    people: tuple[str, ...]
    place_seed: int
    shot_seed: int

    @property
    def indoors(self) -> bool:
        return self.place in ("room", "corridor", "stairs")


def seed_of(*words: str) -> int:
    """A 64-bit seed from ``words``, the same in every process and on every machine."""
    return int.from_bytes(hashlib.sha256("\x1f".join(words).encode()).digest()[:8], "big")


def _first(table: tuple[tuple[str, str], ...], texts: tuple[str, ...]) -> str:
    """The name in ``table`` whose words stand most often in the first of ``texts`` that has any of them."""
    for text in texts:
        counted = [
            (len(re.findall(rf"\b(?:{pattern})(?!\w)", text)), -order) for order, (_, pattern) in enumerate(table)
        ]
        best, order = max(counted)
        if best:
            return table[-order][0]
    return ""


def _ordered(table: tuple[tuple[str, str], ...], text: str) -> str:
    """The first name in ``table`` any of whose words stand in ``text``."""
    return next((name for name, pattern in table if re.search(rf"\b(?:{pattern})(?!\w)", text)), "")


def _people(action: str, speakers: tuple[str, ...], shot: str) -> tuple[str, ...]:
    if speakers:
        return speakers[:4] if len(speakers) > 1 or shot != "shoulder" else (speakers[0], "")
    if re.search(rf"\b(?:{_NOBODY})\b", action):
        return ()
    if re.search(rf"\b(?:{_MANY})\b", action):
        return ("", "second", "third", "fourth", "fifth")
    if re.search(rf"\b(?:{_TWO})\b", action) or shot == "shoulder":
        return ("", "second")
    return ("",) if shot == "close" or re.search(rf"\b(?:{_ONE})\b", action) else ()


def read_situation(request: RenderRequest) -> Situation:
    """What to paint for ``request``. Unknown words leave a calm field under an even sky."""
    staging = request.staging
    prompt = " ".join(request.prompt.lower().split())
    action = " ".join((staging.action if staging else request.prompt).lower().split()) or prompt
    places = " ".join(staging.locations).lower() if staging else ""
    texts = (action, places, prompt)

    shot = _ordered(SHOTS, action) or _ordered(SHOTS, prompt)
    speakers = tuple(dict.fromkeys(line.speaker for line in staging.dialogue)) if staging else ()
    place = _first(PLACES, (places, action, prompt)) or "field"
    if re.search(r"\b(?:int\.|interior|inside the|indoors)", action) and place not in ("corridor", "stairs"):
        place = "room"
    if re.search(r"\b(?:ext\.|exterior|outside)", action) and place in ("room", "corridor", "stairs"):
        place = _first(PLACES[3:], texts) or "field"
    people = _people(action, speakers, shot)
    if shot == "insert":
        people = ()
    if not shot:
        shot = ("wide", "medium", "medium", "medium", "full", "full")[min(len(people), 5)]
    weather = _ordered(WEATHERS, action) or _ordered(WEATHERS, prompt)
    hour = _first(HOURS, texts) or ("dusk" if weather == "storm" else "day")
    where = "\x1f".join(staging.locations) if staging and staging.locations else place
    found = [(re.search(rf"\b(?:{pattern})s?(?!\w)", f"{action} {places}"), name) for name, pattern in OBJECTS]
    objects = tuple(name for _, name in sorted((match.start(), name) for match, name in found if match))
    return Situation(
        place=place,
        hour=hour,
        weather=weather,
        shot=shot,
        objects=objects,
        people=people,
        place_seed=seed_of("place", where),
        shot_seed=seed_of("shot", request_digest(request), str(request.seed)),
    )
