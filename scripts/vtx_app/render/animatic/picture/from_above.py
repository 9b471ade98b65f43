"""Paint who and what is in a shot from straight above; a labelled placeholder for what has no such picture."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from vtx_app.render.animatic.animals.catalogue import animal_size, growth, known_animal
from vtx_app.render.animatic.animals.from_above import paint_animal_above
from vtx_app.render.animatic.drawing.colours import named
from vtx_app.render.animatic.drawing.light import Glow
from vtx_app.render.animatic.drawing.pen import Pen
from vtx_app.render.animatic.people.figure import paint_figure
from vtx_app.render.animatic.people.from_above import paint_person_above
from vtx_app.render.animatic.picture.actors import crowd_of, paint_placeholder
from vtx_app.render.animatic.picture.props import LAMP_LIGHT, lit_in, needed_things, on_the_table
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.staging.cast import Actor
from vtx_app.render.animatic.staging.seats import sit_at_table
from vtx_app.render.animatic.things.catalogue import CATALOGUE, thing_of
from vtx_app.render.animatic.things.from_above import THINGS_ABOVE, paint_umbrella_above
from vtx_app.render.animatic.things.painter import ThingInfo, Touch

__all__ = ["paint_people_above", "paint_things_above"]

_FREE = ((-2.0, 1.2), (2.0, 1.3), (-2.4, -0.9), (2.3, -1.0), (0.0, 1.6), (-3.2, 0.4))
"""Where things lie round the people: metres to the right of the middle and away from us."""

_TABLES = ("table", "desk", "chair")
_TURNS = {"behind": -90.0, "front": 90.0}


def paint_people_above(setting: Setting, pen: Pen, actors: Sequence[Actor]) -> None:
    """Paint ``actors`` with a ``pen`` in frame heights, in their boat or at their table."""
    people = [each for each in actors if each.person.kind == "person"]
    if setting.reading.place.in_boat and people:
        xs = [each.x for each in people]
        grown = max(1.0, ((max(xs) - min(xs)) / 2 + 1.0) / 1.6)
        boat = setting.lens.pen(pen.tinted(setting.light.people), (max(xs) + min(xs)) / 2, people[0].z)
        THINGS_ABOVE["boat"](boat.at(0, 0, grown), Touch())
    for actor in actors:
        _paint_actor(setting, pen, actor)
    if sit_at_table(setting.reading):
        _paint_table(setting, pen.tinted(setting.light.people))


def _paint_table(setting: Setting, pen: Pen) -> None:
    """The table between those who sit at it, over their knees, with what is on it."""
    here = setting.lens.pen(pen, 0.0, 0.0)
    THINGS_ABOVE["table"](here.at(0, 0, 0.66), Touch())
    laid = on_the_table(setting)
    for i, thing in enumerate(laid):
        info = CATALOGUE[thing.kind]
        spot = here.at((i - (len(laid) - 1) / 2) * 0.24, 0.05 * (-1) ** i)
        if thing.kind in THINGS_ABOVE:
            THINGS_ABOVE[thing.kind](spot, Touch(thing.colour, lit_in(setting, thing, info)))
        else:
            info.paint(spot.at(0, info.high / 2), Touch(thing.colour))


def _paint_actor(setting: Setting, pen: Pen, actor: Actor) -> None:
    """Of a flock or a crowd, as many as there is room for."""
    pen = pen.tinted(setting.light.people)
    if actor.number == 1:
        _one(setting, pen, actor, _TURNS.get(actor.view, 0.0) or (0.0 if actor.facing > 0 else 180.0))
        return
    crowd = list(crowd_of(setting, actor))
    high, wide = 0.46 / setting.lens.scale(), 0.4 * setting.stage.aspect / setting.lens.scale()
    for i, one in enumerate(crowd):  # all round, looking to the middle
        angle, far = 2.4 * i + setting.side, 0.45 + 0.55 * math.sqrt((i + 0.5) / len(crowd))
        x, z = math.cos(angle) * wide * far, math.sin(angle) * high * far
        _one(setting, pen, replace(one, x=x, z=z), math.degrees(math.atan2(z, -x)))


def _one(setting: Setting, pen: Pen, actor: Actor, turn: float) -> None:
    """``turn``: where ``actor`` looks, in degrees clockwise from the right."""
    person, lens = actor.person, setting.lens
    here = lens.pen(pen, actor.x, actor.z)
    if person.kind == "person":
        if actor.pose == "lie":
            tall = actor.look.metres
            paint_figure(here.at(-actor.facing * tall / 2, 0, tall, flip=actor.facing < 0).at(0, 0, turn=90),
                         actor.look, view="front")  # fmt: skip
            return
        holds = {each: thing for each in person.holds if (thing := thing_of(each))}
        umbrella = CATALOGUE["umbrella"] in holds.values()
        held = next((thing for thing in holds.values() if thing is not CATALOGUE["umbrella"]), None)
        hat = actor.look.clothes.hat
        if person.seat in THINGS_ABOVE and actor.pose in ("sit", "kneel"):
            THINGS_ABOVE[person.seat](here.at(-0.05, 0, turn=turn + 90), Touch())
        paint_person_above(here.at(0, 0, turn=turn), actor.look, actor.pose,
                           _held(setting, held, turn) if held is not None else None,
                           named(hat.colour, (92, 86, 82)) if hat is not None else None)  # fmt: skip
        if umbrella:
            colour = next((each.colour for each in setting.reading.things if each.kind == "umbrella"), "")
            paint_umbrella_above(here, Touch(colour))
        return
    kind = known_animal(person.what)
    if kind and person.kind in ("animal", "creature"):
        size = growth(person.what, person.small)
        paint_animal_above(here.at(0, 0, size, turn=turn), kind, animal_size(kind), person.colour)
        return
    thing = thing_of(person.what)
    found = next((kind for kind in THINGS_ABOVE if thing is not None and CATALOGUE.get(kind) is thing), "")
    if found:
        THINGS_ABOVE[found](here.at(0, 0, turn=turn), Touch(person.colour))
        return
    x, y = lens.at(actor.x, 0.0, actor.z)
    paint_placeholder(pen.plain(), person, x, y + 0.4 * lens.scale(), lens.scale() * 0.6)


def _held(setting: Setting, thing: ThingInfo, turn: float) -> Callable[[Pen], None]:
    """The painter of what is in a hand, so that it stands upright in the picture."""

    def paint(hand: Pen) -> None:
        colour = next((each.colour for each in setting.reading.things if CATALOGUE.get(each.kind) is thing), "")
        small = hand.at(0.04, 0, min(1.0, 0.5 / max(thing.wide, thing.high)), turn=-turn)
        thing.paint(small.at(0, thing.high * 0.5), Touch(colour, lit=thing.light is not None))
        if thing.light is not None:
            x, y = hand.place((0.04, 0.0))
            setting.glows.append(Glow(x + setting.stage.left, y + setting.stage.top, 0.5 * setting.lens.scale(),
                                      LAMP_LIGHT, 0.6))  # fmt: skip

    return paint


def paint_things_above(setting: Setting) -> None:
    """Paint what stands and lies on the ground, as far as it has a picture from above, round the people."""
    pen = setting.lit_pen()
    long = [each for each in needed_things(setting) if each.kind in ("train", "tram")]
    laid = [*on_the_table(setting)] if sit_at_table(setting.reading) else []
    shown = [
        each for each in needed_things(setting)
        if each.kind in THINGS_ABOVE and each not in long and not (laid and (each in laid or each.kind in _TABLES))
    ]  # fmt: skip
    for thing in long:
        THINGS_ABOVE[thing.kind](setting.lens.pen(pen, 0.0, 1.9), Touch(thing.colour))
    for thing, (x, z) in zip(shown, _FREE, strict=False):
        info = CATALOGUE[thing.kind]
        away = 1.0 if info.wide < 2.5 else 1.7
        lit = lit_in(setting, thing, info)
        for i in range(min(3, thing.count)):
            at = x * away * setting.side + i * (info.wide * 0.6 + 0.3)
            THINGS_ABOVE[thing.kind](setting.lens.pen(pen, at, z * away), Touch(thing.colour, lit))
            if lit and info.light is not None:
                px, py = setting.lens.at(at, 0.0, z * away)
                setting.glows.append(Glow(px, py, info.shine * setting.lens.scale(), LAMP_LIGHT, 0.5))
