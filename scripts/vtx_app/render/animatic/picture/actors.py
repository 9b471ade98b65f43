"""Paint who is in the shot: people, animals, things that act; a labelled placeholder for what can't be drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from PIL import ImageDraw

from vtx_app.fonts import font
from vtx_app.render.animatic.animals.catalogue import animal_mouth, animal_size, growth, known_animal, paint_animal
from vtx_app.render.animatic.drawing.colours import Colour, darker, hexed, lighter, named
from vtx_app.render.animatic.drawing.light import Beam, Glow
from vtx_app.render.animatic.drawing.pen import Pen, box, smooth
from vtx_app.render.animatic.people.figure import paint_figure
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.reading.model import Person
from vtx_app.render.animatic.staging.cast import Actor
from vtx_app.render.animatic.staging.chance import chance_of
from vtx_app.render.animatic.staging.compose import flying_height
from vtx_app.render.animatic.things.catalogue import CATALOGUE, thing_growth, thing_of
from vtx_app.render.animatic.things.painter import ThingInfo, Touch

__all__ = ["actor_colour", "crowd_of", "paint_actor", "paint_placeholder", "paint_shadow"]

_COLOURS = tuple(
    hexed(each) for each in ("c2703d", "3f7f8c", "8a5a9a", "5f8a4a", "b04a5a", "4a6ab0", "a08a30", "7a6a5a")
)
_LAMP = (255, 226, 160)
_CROWD_DEPTH = 0.7
_SMALLEST_FLIER = 0.07
"""Frame heights: a bird that is smaller would not be seen."""


def actor_colour(person: Person) -> Colour:
    """The colour of a character in tags and placeholders: by id, the same in every shot."""
    digest = hashlib.sha256((person.id or person.name or person.what).encode()).digest()
    return _COLOURS[digest[0] % len(_COLOURS)]


def paint_shadow(setting: Setting, actor: Actor) -> None:
    """The shadow on the ground, under the feet."""
    x, y = setting.lens.at(actor.x, 0.0, actor.z)
    scale = setting.lens.scale(actor.z)
    if setting.lens.scale() < 0.8 and actor.pose not in ("fly", "swim", "climb"):
        setting.glows.append(Glow(x, y, 0.09 * scale, (30, 28, 34), 0.5, 4.5))


def paint_actor(setting: Setting, pen: Pen, actor: Actor) -> None:
    """Paint ``actor`` with a ``pen`` in frame heights; of a flock or a crowd, as many as there is room for."""
    pen = pen.tinted(setting.light.people)
    far = setting.light.far(max(0.0, actor.z))
    if far is not None:
        pen = pen.tinted(far)
    if actor.number == 1:
        _one(setting, pen, actor, 0.0)
        return
    for one, lift in _members(setting, actor):
        _one(setting, pen, one, lift)


def crowd_of(setting: Setting, actor: Actor) -> Iterator[Actor]:
    """``actor``, or each of a flock or a crowd, from the farthest to the nearest; as many as there is room for."""
    yield from [actor] if actor.number == 1 else (one for one, _ in _members(setting, actor))


def _members(setting: Setting, actor: Actor) -> Iterator[tuple[Actor, float]]:
    """Each of a flock or a crowd with a number from 0 to 1."""
    chance = chance_of("crowd", setting.reading.clip, actor.person.id, actor.person.what)
    count = min(actor.number, 9)
    for i in range(count - 1, -1, -1):
        x = (
            actor.x
            + (i - (count - 1) / 2) * (0.62 if actor.person.kind == "person" else 0.8)
            + 0.2 * (chance.random() - 0.5)
        )
        z = actor.z + _CROWD_DEPTH * (i % 3) + 0.3 * chance.random()
        facing = actor.facing if chance.random() < 0.75 else -actor.facing
        one = _of_a_crowd(actor, chance.random()) if actor.person.kind == "person" else actor
        yield replace(one, x=x, z=z, facing=facing), chance.random()


_CROWD_HAIR = tuple(hexed(each) for each in ("6f665f", "4a423c", "8f867a", "a59a88", "5d5348"))
_CROWD_CLOTHES = tuple(hexed(each) for each in ("b9b6b0", "a3a6a6", "9a948a", "8d929a", "aaa196", "7f8482"))


def _of_a_crowd(actor: Actor, number: float) -> Actor:
    """One of many of whom nothing is said: neutral, and not the same as the next."""
    look, many = actor.look, int(number * 1000)
    person = actor.person
    hair = look.hair if person.hair.colour else _CROWD_HAIR[many % 5]
    length = (
        look.hair_length if person.hair.length or person.woman is not None else ("short", "short", "medium")[many % 3]
    )
    clothes = look.clothes
    if not person.wears:
        clothes = replace(clothes, top=replace(clothes.top, colour=_CROWD_CLOTHES[many % 6]))
    metres = look.metres * (0.95 + 0.1 * (many % 7) / 6)
    return replace(actor, look=replace(look, hair=hair, hair_length=length, clothes=clothes, metres=metres))


def _one(setting: Setting, pen: Pen, actor: Actor, lift: float) -> None:
    lens, person = setting.lens, actor.person
    x, z, facing = actor.x, actor.z, actor.facing
    scale, (px, py) = lens.scale(z), lens.at(x, actor.lift, z)
    share = min(1.25, max(0.5, scale**0.25))
    if person.kind == "person":
        tall = actor.look.metres * scale
        figure = pen.inked(share).at(px, py, tall, flip=facing < 0, turn=0)
        if actor.pose == "lie":
            figure = (
                pen.inked(share)
                .at(px - facing * tall * 0.45, py - 0.06 * tall, tall, flip=facing < 0)
                .at(0, 0, turn=90 if facing > 0 else -90)
            )
            figure = pen.inked(share).at(
                px + facing * tall * 0.5, py - 0.07 * tall, tall, flip=facing < 0, turn=-88 * facing
            )
        elif actor.pose == "fly":
            figure = pen.inked(share).at(
                px - facing * tall * 0.4, py - (0.9 + 0.4 * lift) * scale, tall, flip=facing < 0, turn=70 * facing
            )
        elif actor.pose == "swim":
            figure = pen.inked(share).at(px, py + 0.74 * tall, tall, flip=facing < 0)
        drawn = (each for each in person.holds if thing_of(each) or known_animal(each))
        held = next(drawn, "") if actor.pose != "lie" else ""
        paint_figure(figure, actor.look, view=actor.view, pose=_drawn_pose(actor), holds=held,
                     paint_held=lambda hand, what: _held(setting, hand, what, actor))  # fmt: skip
        return
    if person.what == "firefly":
        setting.glows.append(Glow(px + 0.1 * (lift - 0.5), py - (0.25 + 0.4 * lift), 0.03, (226, 240, 140), 0.9))
        return
    kind = known_animal(person.what)
    if kind and person.kind in ("animal", "creature"):
        flying = actor.pose == "fly"
        size = growth(person.what, person.small)
        long, high = animal_size(kind)
        if flying:
            size *= max(1.0, min(3.0, _SMALLEST_FLIER / (long * size * scale)))
            if actor.number > 1:
                px, py = lens.at(x, flying_height(lens, z, high * size, lift), z)
        body = pen.inked(share).at(px, py, scale, flip=facing < 0)
        paint_animal(
            body, kind, person.colour, flying=flying, size=size, pose=actor.pose, behind=actor.view == "behind"
        )
        carried = next((each for each in map(thing_of, person.holds) if each), None)
        if carried is not None and actor.pose == "stand" and not flying:
            x, y = animal_mouth(kind)
            carried.paint(body.at(x * size, y * size + carried.high * 0.4), Touch(_colour_of(setting, carried)))
        if person.breath and not flying:
            _breathe(setting, body, kind, person.breath, size)
        return
    thing = thing_of(person.what)
    if thing is not None and person.kind in ("thing", "creature"):
        lit = next((each.lit for each in setting.reading.things if each.kind in person.what.replace(" ", "_")), None)
        scale *= thing_growth(thing, person.small)
        body = pen.inked(share).at(px, py, scale, flip=facing < 0)
        on = thing.light is not None and (lit is True or (lit is None and setting.light.lamps))
        if person.holds and (hand := _HANDS.get(person.what)):
            _held(setting, body.at(*hand, actor.look.metres), person.holds[0], actor)
        thing.paint(body, Touch(person.colour, lit=on, behind=actor.view == "behind"))
        if on and thing.light is not None:
            setting.glows.append(Glow(px, py - thing.light * scale, thing.shine * scale * 0.7, _LAMP, 0.5))
        return
    paint_placeholder(pen.plain(), person, px, py, scale)


_HANDS = {"robot": (0.42, -0.62), "alien": (0.3, -0.6)}
"""Where things that act have a hand, in metres."""
_FIRE, _SMOKE = hexed("f2a23a"), hexed("a9a6a4")


def _breathe(setting: Setting, body: Pen, kind: str, breath: str, size: float) -> None:
    """Fire or smoke from the mouth of an animal that is painted with the pen ``body``."""
    x, y = animal_mouth(kind)
    mouth = body.at(x * size, y * size, size)
    tone = _FIRE if breath == "fire" else _SMOKE
    for share, colour in ((1.0, tone), (0.62, lighter(tone, 0.45))):
        mouth.fill(smooth([(0.0, -0.03), (0.7 * share, -0.3 * share), (1.9 * share, -0.36 * share),
            (2.3 * share, 0.02), (1.9 * share, 0.42 * share), (0.7 * share, 0.26 * share), (0.0, 0.05)]),
            colour)  # fmt: skip
    if breath == "fire":
        px, py = mouth.place((1.2, 0.0))
        glow = px + setting.stage.left, py + setting.stage.top
        setting.glows.append(Glow(*glow, 1.6 * size * setting.lens.scale(), _LAMP, 0.6))


def _drawn_pose(actor: Actor) -> str:
    if actor.view == "behind" and actor.pose == "row":
        return "sit"
    return {"lie": "stand", "fly": "reach", "swim": "stand"}.get(actor.pose, actor.pose)


def _colour_of(setting: Setting, thing: ThingInfo) -> str:
    """The colour that the words give a thing, wherever it is."""
    return next((each.colour for each in setting.reading.things if CATALOGUE.get(each.kind) is thing), "")


def _held(setting: Setting, hand: Pen, what: str, actor: Actor) -> None:
    """What is in the hand; a torch that burns throws a beam."""
    thing = thing_of(what)
    if thing is None:
        if kind := known_animal(what):  # a lamb in the arms
            size = min(1.0, 0.55 / animal_size(kind)[0])
            paint_animal(hand.at(-0.06, 0.05, 1 / actor.look.metres), kind, "", size=size, pose="lie")
        return
    metres = actor.look.metres
    grip = 0.0 if thing.on == "hand" and thing.high < 0.2 else 0.1 * thing.high
    if thing is CATALOGUE["cane"]:
        grip = 0.92 * thing.high  # it is held at its upper end
    lit = thing.light is not None
    thing.paint(hand.at(0, grip / metres, 1 / metres), Touch(_colour_of(setting, thing), lit=lit))
    if not lit:
        return
    x, y = hand.place((0.05, -(thing.light or 0.0) / metres))
    x, y = x + setting.stage.left, y + setting.stage.top
    unit = hand.length / metres
    setting.glows.append(Glow(x, y, 0.45 * unit, _LAMP, 0.6))
    if what.replace(" ", "_").endswith("torch"):
        far = x + actor.facing * 3.2 * unit
        setting.glows.append(
            Beam(
                ((x, y - 0.02 * unit), (far, y - 0.75 * unit), (far, y + 0.55 * unit), (x, y + 0.02 * unit)),
                (255, 240, 200),
                0.34,
                0.012,
            )
        )


_LOWEST = 0.95


def paint_placeholder(pen: Pen, person: Person, x: float, y: float, scale: float) -> None:
    """A box in the character's colour that says what it stands for, wholly in the picture."""
    tone = named(person.colour, actor_colour(person))
    high = min(1.7 * scale, 0.62) if person.small is not True else min(0.8 * scale, 0.35)
    wide = high * 0.9
    y = min(y, _LOWEST)  # in near shots the ground is not in the picture
    top = max(0.06, y - high)
    outline = box(x - wide / 2, top, x + wide / 2, y)
    pen.shape(outline, lighter(tone, 0.35), ink=1.6)
    pen.line([(x - wide / 2, top), (x + wide / 2, y)], ink=0.8, colour=lighter(tone, 0.1))
    pen.line([(x + wide / 2, top), (x - wide / 2, y)], ink=0.8, colour=lighter(tone, 0.1))
    _label(
        pen,
        person.what or person.name,
        x,
        (top + y) / 2,
        wide * 0.94,
        min(0.06, (y - top) * 0.2),
        darker(tone, 0.6),
        lighter(tone, 0.7),
    )


def _label(pen: Pen, words: str, x: float, y: float, wide: float, high: float, ink: Colour, paper: Colour) -> None:
    """``words`` in a plate round (x, y), at most ``wide`` and ``high`` frame heights large."""
    unit = pen.pixels_per_unit
    size = max(8, round(high * unit))
    letters = font(size)
    length = letters.getlength(words)
    if length > wide * unit:
        size = max(6, int(size * wide * unit / length))
        letters = font(size)
    (cx, cy), pad = pen.pixel((x, y)), size * 0.35
    left, upper, right, lower = letters.getbbox(words)
    w, h = right - left, lower - upper
    draw = ImageDraw.Draw(pen.image)
    draw.rectangle(
        (cx - w / 2 - pad, cy - h / 2 - pad, cx + w / 2 + pad, cy + h / 2 + pad),
        fill=paper,
        outline=ink,
        width=max(1, size // 14),
    )
    draw.text((cx - w / 2 - left, cy - h / 2 - upper), words, font=letters, fill=ink)
