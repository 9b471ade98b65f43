"""Who is in a storyboard's shot, for its slate: portraits of all who are seen or heard, and where their heads are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from vtx_app.compile.request import RenderRequest
from vtx_app.cut.slate_people import Cast, Figure, Tag
from vtx_app.render.animatic.animals.catalogue import animal_size, known_animal, paint_animal
from vtx_app.render.animatic.drawing.colours import lighter
from vtx_app.render.animatic.drawing.pen import Pen
from vtx_app.render.animatic.motion.camera import Box, view_at
from vtx_app.render.animatic.people.figure import paint_figure
from vtx_app.render.animatic.people.look import look_of
from vtx_app.render.animatic.picture.actors import actor_colour, paint_placeholder
from vtx_app.render.animatic.picture.timing import own_picture_from
from vtx_app.render.animatic.reading.model import Person
from vtx_app.render.animatic.reading.reader import read_shot
from vtx_app.render.animatic.staging.carried import carry_things
from vtx_app.render.animatic.staging.compose import Composition, compose
from vtx_app.render.animatic.things.catalogue import thing_of
from vtx_app.render.animatic.things.painter import Touch

__all__ = ["cast_of"]

_SIDE = 240
"""Pixels of a portrait, before it is made smaller."""


def cast_of(request: RenderRequest) -> Cast:
    """Who is in the shot of ``request``; over a given picture they have portraits and no names in the picture."""
    reading = carry_things(read_shot(request))
    people = [each for each in reading.people if each.name or each.speaks]
    figures = tuple(Figure(each.name, _portrait(each), actor_colour(each), each.seen) for each in people)
    first = own_picture_from(request, reading)
    if first is None or not any(each.seen for each in people):
        return Cast(figures)
    seconds = request.frames / float(request.rate)
    composition = compose(reading, request.seed, request.width / request.height, seconds)

    labels = composition.labels

    def tags(index: int) -> Sequence[Tag]:
        return _tags(composition, labels, index, request) if index >= first else ()

    return Cast(figures, tags)


def _tags(composition: Composition, labels: Sequence[Box | None], index: int, request: RenderRequest) -> list[Tag]:
    move, aspect = composition.move, composition.aspect
    view = view_at(move, index, request.frames, float(request.rate))
    if move.follow:
        view = replace(view, x=view.x - (view.x - aspect / 2) * 0.7)
    left, top, right, bottom = view.box(aspect)
    return [
        Tag(
            actor.person.name,
            ((head[0] + head[2]) / 2 - left) / (right - left),
            (head[1] - top) / (bottom - top),
            actor_colour(actor.person),
        )
        for actor, head in zip(composition.actors, labels, strict=True)
        if actor.person.name and head is not None
    ]


def _portrait(person: Person) -> Image.Image:
    """Head and shoulders of ``person`` on a plain ground, twice as large as needed and then reduced."""
    large = _SIDE * 2
    image = Image.new("RGB", (large, large), lighter(actor_colour(person), 0.55))
    pen = Pen(image, large, large * 0.007)
    kind = known_animal(person.what)
    thing = thing_of(person.what) if person.kind in ("thing", "creature") else None
    if person.kind == "person":
        look = look_of(person)
        size = 0.5 / look.head
        hat = look.clothes.hat is not None
        paint_figure(pen.at(0.5, (0.24 if hat else 0.14) + size, size), look, view="three_quarter")
    elif kind and person.kind in ("animal", "creature"):
        wide, high = animal_size(kind)
        size = 0.8 / max(wide, high)
        paint_animal(pen.at(0.48, 0.5 + high * size / 2, size), kind, person.colour)
    elif thing is not None:
        size = 0.8 / max(thing.wide, thing.high)
        thing.paint(pen.at(0.5, 0.5 + thing.high * size / 2, size), Touch(person.colour, lit=thing.light is not None))
    else:
        paint_placeholder(pen, person, 0.5, 0.9, 0.5)
    return image.reduce(2)
