"""How a person of the reading is drawn: proportions, and colours of skin and hair. What nothing says is neutral."""

from __future__ import annotations

from dataclasses import dataclass

from vtx_app.render.animatic.drawing.colours import Colour, hexed, mix, named
from vtx_app.render.animatic.people.clothes import Clothes, dress
from vtx_app.render.animatic.reading.model import Person

__all__ = ["Look", "look_of"]

_NEUTRAL_SKIN = hexed("d9c6b4")
_SKIN = {"pale": "efdccf", "tanned": "d8b08c", "brown": "9a6c4c", "dark": "664634"}
_NEUTRAL_HAIR = hexed("6f665f")
_OLD_HAIR = hexed("c4c2be")
_ADULT_METRES = 1.72
_GROWTH = ((4, 0.92, 4.7), (8, 1.12, 5.1), (13, 1.34, 5.5), (17, 1.58, 6.0))
"""Under these years, a child is so many metres tall, and so many of its heads. Steps, and none among adults: where the
camera stands hangs on who is tall, and another year must not move it."""


@dataclass(frozen=True, slots=True)
class Look:
    """``metres`` tall; ``head`` is the head's share of that (artists count seven heads for an adult, five to six for
    a child), ``broad`` the width of the body as a multiple of the usual. ``hair_length`` is as the reading has it;
    hair of which nothing is said is short, or to the shoulders for a woman: a bare head would say that it is bald."""

    metres: float
    head: float
    broad: float
    belly: float
    old: bool
    child: bool
    skin: Colour
    hair: Colour
    hair_length: str
    hair_style: str
    beard: str
    beard_colour: Colour
    glasses: str
    woman: bool
    freckles: bool
    clothes: Clothes


def _years(person: Person) -> int:
    if person.years is not None:
        return person.years
    return {"child": 9, "old": 72}.get(person.age or "", 35)


def _growth(years: int) -> tuple[float, float]:
    """Metres, and how many heads they are; artists count about seven for an adult."""
    return next(((metres, heads) for until, metres, heads in _GROWTH if years < until), (_ADULT_METRES, 6.3))


def _metres(person: Person, years: int) -> float:
    """The average height of ``years``, and what is said of it."""
    metres, _ = _growth(years)
    if years >= 17:
        metres += 0.0 if person.woman is None else -0.05 if person.woman else 0.06
    tall = {"tall": 0.14, "short": -0.13}.get(person.height, 0.0)
    tall -= 0.09 if person.small and not person.height else 0.0
    return metres + tall


def look_of(person: Person) -> Look:
    """The look of ``person``; equal persons look alike, and nothing else decides it."""
    years = _years(person)
    child = years < 15 or person.age == "child"
    old = years >= 65 or person.age == "old"
    said = person.hair.length or person.hair.style or person.hair.colour
    length = person.hair.length
    if not length:
        length = "medium" if person.woman or person.hair.style in ("plaits", "bun", "ponytail") else "short"
    hair = named(person.hair.colour, _OLD_HAIR if old else _NEUTRAL_HAIR)
    broad = {"slim": 0.86, "broad": 1.2, "stout": 1.22}.get(person.build, 1.0)
    metres = _metres(person, years)
    return Look(
        metres=metres,
        head=1 / (min(_growth(years)[1], 5.5) if child else 6.3),
        broad=broad * (0.92 if person.woman else 1.0),
        belly={"stout": 1.0, "broad": 0.25}.get(person.build, 0.0),
        old=old,
        child=child,
        skin=hexed(_SKIN[person.skin]) if person.skin else _NEUTRAL_SKIN,
        hair=hair,
        hair_length=length,
        hair_style=person.hair.style,
        beard=person.beard,
        beard_colour=named(person.beard_colour, mix(hair, (90, 70, 60), 0.0 if said or old else 0.3)),
        glasses=person.glasses,
        woman=bool(person.woman),
        freckles=False,
        clothes=dress(person.wears, woman=bool(person.woman)),
    )
