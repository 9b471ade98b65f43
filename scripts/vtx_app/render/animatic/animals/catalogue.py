"""All animals that the storyboard can draw."""

from __future__ import annotations

from vtx_app.render.animatic.animals.dragon import paint_dragon, paint_flying_dragon
from vtx_app.render.animatic.animals.others import OTHERS, PAINTERS, paint_flying_bird
from vtx_app.render.animatic.animals.quadruped import paint_quadruped
from vtx_app.render.animatic.animals.quadruped_behind import paint_quadruped_behind
from vtx_app.render.animatic.animals.quadruped_kinds import QUADRUPEDS
from vtx_app.render.animatic.drawing.colours import hexed, named
from vtx_app.render.animatic.drawing.pen import Pen

__all__ = ["animal_back", "animal_face", "animal_mouth", "animal_size", "growth", "known_animal", "paint_animal"]

_FAMILIES = {
    "hound": "dog", "terrier": "dog", "collie": "dog", "sheepdog": "dog", "spaniel": "dog",
    "mongrel": "dog", "retriever": "dog",
    "mare": "horse", "stallion": "horse", "foal": "pony", "colt": "pony", "tomcat": "cat",
    "kitty": "cat", "calf": "cow", "ram": "goat",
    "ewe": "sheep", "piglet": "pig", "boar": "pig", "doe": "deer", "fawn": "deer", "hedgehog": "rat",
    "bunny": "rabbit", "panther": "leopard",
    "cub": "bear", "lioness": "lion", "thrush": "bird", "finch": "bird", "wren": "bird", "tit": "bird",
    "starling": "blackbird", "tern": "gull",
    "vulture": "eagle", "buzzard": "hawk", "condor": "eagle",
    "heron": "goose", "stork": "goose", "turkey": "hen", "trout": "fish", "cod": "fish",
    "herring": "fish", "carp": "fish", "adder": "snake",
    "cobra": "snake", "mule": "donkey", "reindeer": "stag", "elk": "stag", "moose": "stag",
}  # fmt: skip


_DRAGON, _DRAGON_METRES, _DRAGON_TONE = "dragon", 4.2, "5f8a5a"


def known_animal(words: str) -> str:
    """The animal that ``words`` (``an old dog``, ``bluebirds``) name, as it can be painted; ``""`` if it can't."""
    for word in reversed(words.lower().replace("-", " ").replace("_", " ").split()):
        singular = {
            "mice": "mouse",
            "geese": "goose",
            "wolves": "wolf",
            "calves": "calf",
            "flies": "fly",
            "butterflies": "butterfly",
        }.get(word, word)
        for form in (singular, singular.removesuffix("s"), singular.removesuffix("es")):
            found = _FAMILIES.get(form, form)
            if found in QUADRUPEDS or found in OTHERS or found == _DRAGON:
                return found
    return ""


def growth(words: str, small: bool | None) -> float:
    """How many times its usual size an animal is that is called small or large (None: neither)."""
    if small is None:
        return 1.0
    if known_animal(words) == _DRAGON:
        return 0.22 if small else 1.25
    return 0.75 if small else 1.12 if animal_back(words) > 1.0 else 1.3


def animal_back(words: str) -> float:
    """How high the back of the animal that ``words`` name and people may ride is, in metres; 0 for another."""
    kind = known_animal(words)
    if kind == _DRAGON:
        return 0.29 * _DRAGON_METRES
    return QUADRUPEDS[kind].back if kind in QUADRUPEDS else 0.0


def animal_size(kind: str) -> tuple[float, float]:
    """How wide and high a known animal is, in metres."""
    if kind in QUADRUPEDS:
        q = QUADRUPEDS[kind]
        return q.long + q.neck * 2 + q.head, q.back + max(0.0, q.rise) + q.head * 0.5
    if kind == _DRAGON:
        return 1.12 * _DRAGON_METRES, 0.62 * _DRAGON_METRES
    family, long, _ = OTHERS[kind]
    return long, long * {
        "fish": 0.5,
        "snake": 0.25,
        "frog": 0.7,
        "turtle": 0.5,
        "crab": 0.7,
        "penguin": 1.0,
        "monkey": 1.05,
    }.get(family, 0.75)


def animal_face(kind: str) -> tuple[float, float, float]:
    """The middle of the face of an animal of the usual size that stands at the origin and looks to the right, above
    the ground, and how long its head is; metres."""
    if kind in QUADRUPEDS:
        q = QUADRUPEDS[kind]
        return q.long / 2 + q.neck + 0.05 * q.head, q.back + q.rise, q.head
    if kind == _DRAGON:
        return 0.35 * _DRAGON_METRES, 0.515 * _DRAGON_METRES, 0.24 * _DRAGON_METRES
    wide, high = animal_size(kind)
    return 0.3 * wide, 0.75 * high, 0.4 * wide


def animal_mouth(kind: str) -> tuple[float, float]:
    """Where the mouth of an animal of the usual size is that stands at the origin and looks to the right, in metres."""
    if kind in QUADRUPEDS:
        q = QUADRUPEDS[kind]
        return q.long / 2 + q.neck + q.head * (0.3 + q.snout * 0.5), -q.back - q.rise + q.head * 0.17
    if kind == _DRAGON:
        return 0.465 * _DRAGON_METRES, -0.482 * _DRAGON_METRES
    wide, high = animal_size(kind)
    return wide / 2, -high * 0.7


def paint_animal(
    pen: Pen,
    kind: str,
    colour: str,
    *,
    flying: bool = False,
    size: float = 1.0,
    pose: str = "stand",
    behind: bool = False,
) -> None:
    """Paint a known animal that looks to the right, with a pen in metres; no ``colour`` is its usual one. ``pose``:
    ``lie`` (asleep) and ``sit`` of those with four legs, ``walk`` and ``run``; all else stands.
    ``behind``: how those with four legs are seen."""
    if kind in QUADRUPEDS:
        q = QUADRUPEDS[kind]
        if behind and pose not in ("sit", "lie"):
            paint_quadruped_behind(pen.at(0, 0, size), q, named(colour, hexed(q.colour)))
            return
        paint_quadruped(pen.at(0, 0, size), q, named(colour, hexed(q.colour)), pose)
        return
    if kind == _DRAGON:
        tone, body = named(colour, hexed(_DRAGON_TONE)), pen.at(0, 0, _DRAGON_METRES * size)
        paint_flying_dragon(body, tone) if flying else paint_dragon(body, tone, asleep=pose == "lie")
        return
    family, long, usual = OTHERS[kind]
    tone = named(colour, hexed(usual))
    if flying and family in ("bird", "fowl"):
        paint_flying_bird(pen.at(0, 0, long * size), tone)
        return
    PAINTERS[family](pen.at(0, 0, long * size), tone, kind)
