"""Inserts: things that fill the picture, and what of people is in such a picture."""

from __future__ import annotations

from collections.abc import Sequence

from vtx_app.render.animatic.drawing.colours import hexed, lighter
from vtx_app.render.animatic.drawing.light import Glow
from vtx_app.render.animatic.people.look import look_of
from vtx_app.render.animatic.picture.actors import paint_placeholder
from vtx_app.render.animatic.picture.close_ups import paint_feet, paint_hands
from vtx_app.render.animatic.picture.props import LAMP_LIGHT, lit_in
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.reading.model import Person, Thing
from vtx_app.render.animatic.staging.cast import Actor
from vtx_app.render.animatic.things.catalogue import CATALOGUE, thing_of
from vtx_app.render.animatic.things.painter import Touch

__all__ = ["main_thing", "paint_insert"]

_SMALL = 1.2
"""Metres: what is higher is no neighbour of the thing that an insert is of."""


def _things(setting: Setting) -> list[Thing]:
    """The things that may fill the picture: those of the shot's own words, not the furniture of its place."""
    placed = {each.value for each in setting.reading.words if each.key.startswith("locations.")}
    near = [each for each in setting.reading.things if each.kind in CATALOGUE and not CATALOGUE[each.kind].outside]
    if not near:  # a gate, a gravestone
        near = [each for each in setting.reading.things if each.kind in CATALOGUE and CATALOGUE[each.kind].high < 3.5]
    return [each for each in near if f"things.{each.kind}" not in placed]


def main_thing(setting: Setting) -> Thing | None:
    """The thing that a shot without people is of: the first that can be painted near."""
    ranked = sorted(_things(setting), key=lambda each: CATALOGUE[each.kind].on not in ("table", "hand", "wall"))
    return next(iter(ranked), None)


def paint_insert(setting: Setting, actors: Sequence[Actor]) -> None:
    """Things that fill the picture, on a table top or against a wall, with the hands or the feet of ``actors``."""
    aspect, pen = setting.stage.aspect, setting.pen.tinted(setting.light.set)
    people = [each for each in actors if each.person.kind == "person"]
    if people and people[0].person.part == "feet":
        ground = setting.light.set(hexed("8a8478"))
        setting.band(0.66, max(setting.stage.bottom, 1.0), lighter(ground, 0.12), ground)
        paint_feet(setting, people[0].look, people[0].pose, people[0].facing)
        return
    held = next((each for person in people for each in person.person.holds if thing_of(each)), "")
    first = main_thing(setting)
    if first is None and not held:
        if people:
            paint_hands(setting, people[0].look, aspect / 2, 0.62, 0.3, _reach(0.0))
        elif setting.reading.subject:
            stands_for = Person("", setting.reading.subject, "thing", setting.reading.subject)
            paint_placeholder(pen.plain(), stands_for, aspect / 2, 0.84, 0.42)
        return
    if held and (first is None or thing_of(held) is not CATALOGUE[first.kind]):
        _paint_held(setting, held, people)
        return
    if first is None:
        return
    info = CATALOGUE[first.kind]
    others = [each for each in _things(setting) if CATALOGUE[each.kind].high < _SMALL and each is not first]
    if info.high < 0.5:
        others = [each for each in others if CATALOGUE[each.kind].high < 0.6]  # no desk beside the letter on it
    things = [first, *others][:3]
    surface = 0.74
    if info.on in ("table", "hand", "floor"):
        tone = hexed("7a5c42") if setting.reading.place.indoors is not False else hexed("8a8478")
        if setting.reading.place.kind in ("lantern", "ship"):
            tone = hexed("6a655e")
        setting.band(
            surface - 0.1, max(setting.stage.bottom, 1.0), setting.toned(lighter(tone, 0.18)), setting.toned(tone)
        )
        pen.line([(setting.stage.left, surface - 0.1), (setting.stage.right, surface - 0.1)], ink=1.2)
    low, upper = _HUNG.get(first.kind, (0.0, info.high))
    high = upper - low
    size = min(0.62 / high if first.kind in _HUNG else 0.56 / high, 0.5 * aspect / info.wide)
    x = aspect * (0.5 if len(things) == 1 else 0.42)
    foot = surface if info.on != "wall" else 0.5 + high * size / 2
    if first.kind in _HUNG:
        foot = 0.5 + (low + upper) / 2 * size
    for i, thing in enumerate(things[1:], 1):
        other = CATALOGUE[thing.kind]
        grown = min(0.42 / other.high, 0.3 * aspect / other.wide, size * 1.8)
        px = aspect * (0.76 if i == 1 else 0.14)
        _near(setting, thing, px, surface + 0.03, grown)
    if people or any(each.seen and each.kind == "person" for each in setting.reading.people):
        person = next((each for each in setting.reading.people if each.kind == "person"), None)
        paint_hands(setting, look_of(person) if person else None, x, foot, high * size, _reach(info.wide * size))
    _near(setting, first, x, foot, size)


_HUNG = {"picture": (1.35, 1.85), "clock": (1.67, 2.13), "mirror": (0.98, 2.02), "window": (0.87, 2.2)}
"""Metres from the floor to the lower and the upper edge of what hangs on a wall."""


def _reach(wide: float) -> float:
    """How far from the middle of a thing the hands are that hold it, in frame heights."""
    return min(0.3, 0.11 + wide / 2)


def _paint_held(setting: Setting, what: str, people: Sequence[Actor]) -> None:
    """What somebody holds, between their hands."""
    thing = thing_of(what)
    if thing is None:
        return
    aspect, size = setting.stage.aspect, min(0.9 / thing.high, 0.5 * setting.stage.aspect / thing.wide)
    pen = setting.pen.tinted(setting.light.people)
    thing.paint(pen.at(aspect / 2, 0.95, size), Touch(lit=thing.light is not None))
    paint_hands(setting, people[0].look, aspect / 2, 0.6, 0.3, _reach(thing.wide * size))


def _near(setting: Setting, thing: Thing, x: float, y: float, size: float) -> None:
    info = CATALOGUE[thing.kind]
    lit = lit_in(setting, thing, info)
    pen = setting.pen.tinted(setting.light.people).at(x, y, size)
    info.paint(pen, Touch(thing.colour, lit, bool(thing.open)))
    if lit and info.light is not None:
        setting.glows.append(Glow(x, y - info.light * size, min(0.75, max(0.3, info.shine * size)), LAMP_LIGHT, 0.45))
        setting.glows.append(Glow(x, y - info.light * size, 0.12, (255, 246, 214), 0.5))
