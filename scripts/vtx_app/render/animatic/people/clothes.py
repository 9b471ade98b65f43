"""What is worn, as a painter needs it: one outer garment, what is seen under it, and what is added to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vtx_app.render.animatic.drawing.colours import Colour, darker, hexed, mix, named
from vtx_app.render.animatic.reading.model import HEADWEAR, Garment

__all__ = ["Clothes", "Extra", "Top", "dress"]

_NEUTRAL_TOP, _NEUTRAL_TROUSERS, _NEUTRAL_SHOES = hexed("b9b6b0"), hexed("8d8a86"), hexed("55524f")


@dataclass(frozen=True, slots=True)
class Top:
    """What covers the body. ``hem`` is where it ends: 0 at the hip, 1 at the ankle. ``flare`` widens it downwards.

    ``sleeves``: long, short or none; ``front``: plain, open, buttons, zip or wrap; ``collar``: none, crew, high,
    shirt, lapels or hood.
    """

    kind: str
    colour: Colour
    hem: float = 0.08
    flare: float = 0.0
    sleeves: str = "long"
    front: str = "plain"
    collar: str = "crew"
    pattern: str = ""
    thick: float = 1.0


@dataclass(frozen=True, slots=True)
class Extra:
    """A scarf, a tie, an apron and the like."""

    kind: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class Clothes:
    """``inner`` is seen in the neck of an open ``top``. ``legs`` "" means bare legs, as under a dress."""

    top: Top
    inner: Colour
    trousers: Colour
    legs: str
    shoes: Colour
    boots: bool
    hat: Garment | None = None
    extras: tuple[Extra, ...] = ()


_Row = tuple[str, float, float, str, str, str, float]
# kind: typical colour, hem, flare, sleeves, front, collar, thickness
_TOPS: dict[str, _Row] = {
    "coat": ("8b8578", 0.55, 0.15, "long", "buttons", "lapels", 1.12),
    "overcoat": ("6d6a66", 0.66, 0.16, "long", "buttons", "lapels", 1.15),
    "trench_coat": ("b79f72", 0.66, 0.2, "long", "buttons", "lapels", 1.12),
    "raincoat": ("a7a696", 0.55, 0.22, "long", "buttons", "high", 1.15),
    "oilskin": ("a7a280", 0.55, 0.24, "long", "buttons", "high", 1.18),
    "parka": ("7a7a62", 0.36, 0.1, "long", "zip", "hood", 1.25),
    "jacket": ("7d7f84", 0.12, 0.04, "long", "zip", "shirt", 1.1),
    "leather_jacket": ("3a2d28", 0.06, 0.0, "long", "open", "lapels", 1.1),
    "cardigan": ("99897a", 0.16, 0.02, "long", "open", "crew", 1.05),
    "dressing_gown": ("8b7a8e", 0.8, 0.14, "long", "wrap", "lapels", 1.1),
    "robe": ("8b8578", 0.95, 0.24, "long", "wrap", "crew", 1.15),
    "habit": ("3a3634", 0.97, 0.24, "long", "plain", "high", 1.1),
    "cloak": ("5f5a56", 0.85, 0.42, "cape", "plain", "high", 1.3),
    "cape": ("5f5a56", 0.5, 0.42, "cape", "plain", "high", 1.3),
    "lab_coat": ("eceae4", 0.5, 0.1, "long", "open", "lapels", 1.08),
    "uniform": ("4a5568", 0.12, 0.02, "long", "buttons", "high", 1.04),
    "suit": ("4d4f55", 0.14, 0.02, "long", "open", "lapels", 1.06),
    "dress": ("a99aa0", 0.6, 0.32, "short", "plain", "none", 0.96),
    "gown": ("a99aa0", 0.97, 0.42, "short", "plain", "none", 0.96),
    "nightgown": ("e6e1d6", 0.85, 0.3, "long", "plain", "crew", 1.0),
    "pyjamas": ("b8c3cc", 0.12, 0.02, "long", "buttons", "shirt", 1.02),
    "jersey": ("8f96a0", 0.08, 0.0, "long", "plain", "high", 1.06),
    "hoodie": ("8d9095", 0.1, 0.0, "long", "plain", "hood", 1.1),
    "shirt": ("c9cbd0", 0.06, 0.0, "long", "buttons", "shirt", 1.0),
    "blouse": ("d6cfd0", 0.04, 0.0, "long", "buttons", "shirt", 1.0),
    "t_shirt": ("b9bcc0", 0.06, 0.0, "short", "plain", "crew", 1.0),
    "vest": ("c4c6c6", 0.06, 0.0, "none", "plain", "none", 0.98),
    "waistcoat": ("6c655c", 0.02, 0.0, "shirt", "buttons", "lapels", 1.02),
    "overalls": ("5b6f8a", 0.0, 0.0, "shirt", "bib", "none", 1.02),
    "armour": ("a9adb2", 0.16, 0.06, "long", "plates", "high", 1.2),
    "spacesuit": ("e4e4e0", 0.06, 0.0, "long", "plates", "high", 1.35),
    "swimsuit": ("5a7a94", 0.0, 0.0, "none", "plain", "none", 0.95),
    "kimono": ("8d6f7c", 0.92, 0.1, "wide", "wrap", "crew", 1.1),
    "sari": ("a3705c", 0.94, 0.16, "short", "wrap", "none", 1.0),
    "tunic": ("97876f", 0.34, 0.14, "long", "plain", "crew", 1.05),
}
_FULL_BODY = ("suit", "uniform", "pyjamas", "overalls", "spacesuit", "armour")
_BARE = ("dress", "gown", "nightgown", "swimsuit", "skirt", "sari", "kimono")
_OVER = ("coat", "overcoat", "trench_coat", "raincoat", "oilskin", "parka", "cloak", "cape", "lab_coat")
_EXTRAS = {"scarf": "8c5a52", "tie": "5a3a44", "apron": "e2ddd0", "shawl": "8d8078", "blanket": "9a8a76",
           "gloves": "4c4642"}  # fmt: skip


def _top(garment: Garment) -> Top:
    colour, hem, flare, sleeves, front, collar, thick = _TOPS[garment.kind]
    if garment.long is not None and garment.kind not in ("jersey", "shirt", "t_shirt", "blouse", "vest"):
        hem = max(hem, 0.78) if garment.long else min(hem, 0.2)
    elif garment.long:
        hem = 0.5
    return Top(
        garment.kind, named(garment.colour, hexed(colour)), hem, flare, sleeves, front, collar, garment.pattern, thick
    )


def dress(wears: Sequence[Garment], *, woman: bool = False) -> Clothes:
    """``wears`` as clothes; what is not worn by anything that was read is neutral grey."""
    tops = [each for each in wears if each.kind in _TOPS]
    over = [each for each in tops if each.kind in _OVER]
    outer = over[0] if over else tops[0] if tops else None
    under = next((each for each in tops if each is not outer), None)
    by_kind = {each.kind: each for each in reversed(wears)}
    top = _top(outer) if outer else Top("", _NEUTRAL_TOP)
    skirt, shorts = by_kind.get("skirt"), by_kind.get("shorts")
    trousers = by_kind.get("trousers") or by_kind.get("jeans")
    legs, legs_colour = "trousers", _NEUTRAL_TROUSERS
    suited = next((each for each in tops if each.kind in _FULL_BODY), None)
    if suited is not None:
        legs_colour = darker(named(suited.colour, hexed(_TOPS[suited.kind][0])), 0.1)
    if trousers is not None:
        legs_colour = named(trousers.colour, hexed("4a6486") if trousers.kind == "jeans" else _NEUTRAL_TROUSERS)
    elif shorts is not None:
        legs, legs_colour = "shorts", named(shorts.colour, _NEUTRAL_TROUSERS)
    elif skirt is not None:
        legs, legs_colour = "skirt", named(skirt.colour, _NEUTRAL_TROUSERS)
    elif any(each.kind in _BARE for each in tops):
        legs = "bare"
    inner = mix(top.colour, (244, 242, 236), 0.75)
    if under is not None:
        inner = named(under.colour, hexed(_TOPS[under.kind][0]))
    shoes = by_kind.get("boots") or by_kind.get("shoes")
    extras = tuple(
        Extra(each.kind, named(each.colour, hexed(_EXTRAS[each.kind]))) for each in wears if each.kind in _EXTRAS
    )
    return Clothes(
        top=top,
        inner=inner,
        trousers=legs_colour,
        legs=legs,
        shoes=named(shoes.colour, _NEUTRAL_SHOES) if shoes else _NEUTRAL_SHOES,
        boots="boots" in by_kind or top.kind in ("oilskin", "spacesuit", "armour"),
        hat=next((each for each in wears if each.kind in HEADWEAR), None),
        extras=extras,
    )
