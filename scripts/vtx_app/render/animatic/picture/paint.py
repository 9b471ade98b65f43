"""Paint a composed shot: the place, the things in it, its people, what stands before them, and the light."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from dataclasses import replace

from PIL import Image, ImageFilter, _imaging

from vtx_app.render.animatic.drawing.light import Beam, add_glows, light_of
from vtx_app.render.animatic.drawing.pen import Pen, box
from vtx_app.render.animatic.motion.resample import PictureLayer, layer_of, opaque_layer, reduced
from vtx_app.render.animatic.picture.actors import paint_actor, paint_shadow
from vtx_app.render.animatic.picture.from_above import paint_people_above, paint_things_above
from vtx_app.render.animatic.picture.inserts import main_thing, paint_insert
from vtx_app.render.animatic.picture.props import on_the_table, paint_props
from vtx_app.render.animatic.picture.seats import paint_seat
from vtx_app.render.animatic.picture.tables import at_table, paint_table_before
from vtx_app.render.animatic.places.ground import paint_ground
from vtx_app.render.animatic.places.place import paint_place
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.reading.model import Reading
from vtx_app.render.animatic.staging.chance import chance_of
from vtx_app.render.animatic.staging.compose import Composition
from vtx_app.render.animatic.staging.lens import CANTED_CLOSER, Stage
from vtx_app.render.animatic.things.catalogue import CATALOGUE
from vtx_app.render.animatic.things.painter import Touch

__all__ = ["paint_composition"]

_OVERSAMPLED = 2
_CANT = 7.0
"""Degrees by which a dutch angle tilts the picture."""

_BLOCKS = 8
"""The most blocks of 16 MB that are kept while a picture is painted."""

_INK = 0.0030
"""Width of an outline in frame heights."""


@contextlib.contextmanager
def _memory_kept() -> Iterator[None]:
    """Have Pillow keep the memory of images for the next ones: the system clears all that it hands out, a fifth of the
    time that a painting takes."""
    before = _imaging.get_blocks_max()
    _imaging.set_blocks_max(max(before, _BLOCKS))
    try:
        yield
    finally:
        _imaging.set_blocks_max(before)


@_memory_kept()
def paint_composition(composition: Composition, reading: Reading, stage: Stage, unit: float) -> list[PictureLayer]:
    """The layers of the picture, far to near; ``unit`` pixels are a frame height. One, unless the camera travels."""
    size = (round(stage.width * unit / 2) * 2, round(stage.height * unit / 2) * 2)
    large = (size[0] * _OVERSAMPLED, size[1] * _OVERSAMPLED)
    back = Image.new("RGB", large, (128, 128, 128))
    pen = _pen(back, stage, unit)
    setting = Setting(
        pen=pen,
        lens=composition.lens,
        stage=stage,
        light=light_of(reading),
        reading=reading,
        chance=chance_of("place", reading.place.key or reading.place.kind),
        side=composition.side,
        shift=composition.shift,
    )
    insert = _is_insert(composition, setting)
    if composition.lens.above:
        paint_ground(setting)
    else:
        paint_place(setting)
    if insert:
        back = _softened(back, 0.012 * unit * _OVERSAMPLED)
        setting.pen = _pen(back, stage, unit)
        setting.glows.clear()
        paint_insert(setting, composition.actors)
    elif composition.lens.above:
        paint_things_above(setting)
    else:
        paint_props(setting, composition)
        if composition.lens.scale() >= 1.2:
            back = _softened(back, 0.004 * unit * _OVERSAMPLED)
            setting.pen = _pen(back, stage, unit)
    travels = composition.move.parallax > 0 and bool(composition.actors) and not insert
    layers: list[PictureLayer] = []
    if travels:
        layers.append(_finished(back, setting, stage, unit))
        setting.glows.clear()
        front = Image.new("RGBA", large, (0, 0, 0, 0))
        _paint_people(setting, _pen(front, stage, unit), composition)
        layer = layer_of(_canted(reduced(front, _OVERSAMPLED), reading))
        return layers if layer is None else [*layers, layer]
    if not insert:
        shadows = setting.glows
        setting.glows = []
        for actor in composition.actors:
            paint_shadow(setting, actor)
        add_glows(back, unit * _OVERSAMPLED, stage.left, stage.top, setting.glows)
        setting.glows = shadows
        if any(isinstance(each, Beam) for each in setting.glows) and composition.actors:
            return [_people_before_beams(back, setting, composition, unit)]
        _paint_people(setting, setting.pen, composition)
    return [_finished(back, setting, stage, unit)]


def _pen(image: Image.Image, stage: Stage, unit: float) -> Pen:
    return Pen(image, unit * _OVERSAMPLED, _INK * unit * _OVERSAMPLED, stage.left, stage.top)


def _finished(image: Image.Image, setting: Setting, stage: Stage, unit: float) -> PictureLayer:
    small = image.reduce(_OVERSAMPLED)
    add_glows(small, unit, stage.left, stage.top, setting.glows)
    return opaque_layer(_canted(small, setting.reading))


def _canted(image: Image.Image, reading: Reading) -> Image.Image:
    """``image`` as a tilted camera sees it, if that is said: turned about its middle, and so much larger that its
    corners are filled."""
    if reading.camera.angle != "dutch":
        return image
    turn = math.radians(_CANT)
    cos, sin = math.cos(turn) / CANTED_CLOSER, math.sin(turn) / CANTED_CLOSER
    x, y = image.width / 2, image.height / 2
    matrix = (cos, sin, x - cos * x - sin * y, -sin, cos, y + sin * x - cos * y)
    return image.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)


def _people_before_beams(back: Image.Image, setting: Setting, composition: Composition, unit: float) -> PictureLayer:
    """The picture with the light of the place behind its people, not over them."""
    stage = setting.stage
    small = back.reduce(_OVERSAMPLED)
    add_glows(small, unit, stage.left, stage.top, setting.glows)
    setting.glows.clear()
    front = Image.new("RGBA", back.size, (0, 0, 0, 0))
    _paint_people(setting, _pen(front, stage, unit), composition)
    people = reduced(front, _OVERSAMPLED)
    small.paste(people.convert("RGB"), (0, 0), people.getchannel("A"))
    add_glows(small, unit, stage.left, stage.top, setting.glows)
    return opaque_layer(_canted(small, setting.reading))


def _softened(image: Image.Image, pixels: float) -> Image.Image:
    """``image`` out of focus; blurred at a smaller size, which shows no difference."""
    step = max(1, int(pixels / 1.5))
    small = image.reduce(step).filter(ImageFilter.GaussianBlur(pixels / step))
    return small.resize(image.size, Image.Resampling.BILINEAR)


def _is_insert(composition: Composition, setting: Setting) -> bool:
    """Whether things fill the picture: a near shot of something, with nobody in it of whom more than hands is seen."""
    parts = {each.person.part for each in composition.actors if each.person.kind == "person"}
    if composition.actors and parts and parts <= {"hands", "feet"}:
        return composition.size in ("insert", "extreme_close", "close", "medium_close")
    if main_thing(setting) is None:
        return bool(setting.reading.subject) and not composition.actors
    if composition.actors and (
        composition.size not in ("insert", "extreme_close")
        or any(each.person.id or each.person.speaks or each.person.kind != "person" for each in composition.actors)
    ):
        return False
    return composition.size in ("insert", "extreme_close", "close", "medium_close")


def _paint_people(setting: Setting, pen: Pen, composition: Composition) -> None:
    if composition.lens.above:
        paint_people_above(setting, pen, composition.actors)
        return
    on_water = setting.reading.place.in_boat and bool(composition.actors)
    actors = composition.actors
    in_boat = (
        [
            each
            for each in actors
            if each.pose in ("row", "sit", "stand", "crouch", "kneel", "lie") and each.person.kind == "person"
        ]
        if on_water
        else []
    )
    if in_boat:
        _paint_boat(setting, pen, composition, behind=True)
    for actor in actors:
        if actor not in in_boat and not actor.over_shoulder:
            paint_seat(setting, pen, actor, actors)
        paint_actor(
            setting,
            pen,
            replace(actor, pose="sit") if actor in in_boat and actor.pose == "stand" and len(in_boat) < 4 else actor,
        )
    if in_boat:
        _paint_boat(setting, pen, composition, behind=False)
    elif sitting := at_table(setting, actors):
        paint_table_before(setting, pen.tinted(setting.light.people), sitting, on_the_table(setting))


def _paint_boat(setting: Setting, pen: Pen, composition: Composition, *, behind: bool) -> None:
    """The open boat in which people sit: its far side behind them, its near side before."""
    lens = composition.lens
    xs = [each.x for each in composition.actors]
    middle, z = (min(xs) + max(xs)) / 2, -0.3
    pen = lens.pen(pen.tinted(setting.light.people), middle, z, flip=composition.side < 0)
    reach = max(2.1, (max(xs) - min(xs)) / 2 + 1.2) / 2.1
    if behind:
        pen.shape(
            [
                (-1.95 * reach, -0.62),
                (-1.0 * reach, -0.72),
                (1.2 * reach, -0.76),
                (2.2 * reach, -0.8),
                (1.3 * reach, -0.3),
                (-1.7 * reach, -0.3),
            ],
            (84, 62, 44),
        )
        return
    CATALOGUE["boat"].paint(pen.at(0, 0, reach), Touch())
    if any(each.pose == "row" for each in composition.actors):
        for side in (-1, 1):
            CATALOGUE["oar"].paint(pen.at(side * 0.5, -0.62, 1.0, flip=side < 0), Touch())
    water = setting.light.set((70, 104, 122))
    pen.plain().fill(box(-3.2 * reach, 0.06, 3.2 * reach, 0.12), water)
