"""Rooms: a back wall, two side walls, floor and ceiling, and what belongs into a room of its kind."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import Colour, darker, hexed, lighter, mix
from vtx_app.render.animatic.drawing.pen import Point, box, oval
from vtx_app.render.animatic.places.room_kinds import Room
from vtx_app.render.animatic.places.room_parts import LAMP_LIGHT, ROOM_PARTS
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.places.sky import sky_colours
from vtx_app.render.animatic.staging.seats import sit_at_table
from vtx_app.render.animatic.things.catalogue import CATALOGUE
from vtx_app.render.animatic.things.painter import Touch

__all__ = ["paint_room", "paint_window"]


def paint_room(setting: Setting, room: Room) -> None:
    """Paint ``room``; lamps that belong to it burn when it is dark outside."""
    z = room.deep + (0.0 if setting.lens.scale() < 0.8 else 0.5)
    large = setting.reading.place.large
    wide = room.wide * (1.4 if large else 0.75 if large is False else 1.0)
    high = room.high * (1.3 if large else 1.0)
    _shell(setting, room, z, wide, high)
    for x in room.windows:
        paint_window(setting, x, z, room.special == "blinds")
    if room.special in ROOM_PARTS:
        ROOM_PARTS[room.special](setting, z, wide, high)
    laid = sit_at_table(setting.reading)
    used = {each.seat for each in setting.reading.people if each.seen and each.pose in ("sit", "lie", "kneel")}
    for kind, x, away, y in sorted(room.things, key=lambda each: -(z - each[2])):
        if (kind in used and kind in ("bed", "sofa") and not setting.near) or (laid and kind in ("table", "chair")):
            continue  # it is painted where they are
        _stand(setting, kind, x, z - away, y)


def _stand(setting: Setting, kind: str, x: float, z: float, y: float) -> None:
    info = CATALOGUE[kind]
    said = next((each for each in setting.reading.things if each.kind == kind), None)
    lit = setting.light.lamps and (said is None or said.lit is not False)
    touch = Touch(said.colour if said else "", lit and info.light is not None, bool(said and said.open))
    info.paint(setting.at(x, z, y), touch)
    if info.light is not None and lit and kind != "stove":
        setting.shine(x, y + info.light, z, info.shine, LAMP_LIGHT, 0.55 if setting.light.night else 0.3)


def _shell(setting: Setting, room: Room, z: float, wide: float, high: float) -> None:
    """Floor, ceiling and walls: the box of the room, open towards us."""
    wall, floor = hexed(room.wall), hexed(room.floor)
    near = -setting.lens.distance + 0.5
    pen = setting.pen.tinted(setting.light.set)

    def at(x: float, y: float, depth: float) -> Point:
        px, py = setting.lens.at(x + setting.shift, y, depth)
        return px, py

    pen.fill([at(-wide, 0, z), at(wide, 0, z), at(wide, 0, near), at(-wide, 0, near)], floor)
    low = setting.stage.bottom
    line = at(0, 0, z)[1]
    setting.band(
        line, max(low, line + 0.02), setting.light.set(darker(floor, 0.12)), setting.light.set(lighter(floor, 0.05))
    )
    _floor(setting, room, floor, z, wide, near)
    top = at(0, high, z)[1]
    if top > setting.stage.top:
        pen.fill(box(setting.stage.left, setting.stage.top, setting.stage.right, top), mix(wall, (250, 248, 242), 0.3))
    if setting.lens.height > high:  # we look over the upper edges of the side walls
        pen.fill(box(setting.stage.left, top, setting.stage.right, line), darker(wall, 0.18))
    for side in (-1, 1):
        quad = [at(side * wide, 0, z), at(side * wide, high, z), at(side * wide, high, near), at(side * wide, 0, near)]
        pen.shape(quad, darker(wall, 0.14 if side < 0 else 0.22), ink=0.8)
    pen.shape([at(-wide, 0, z), at(wide, 0, z), at(wide, high, z), at(-wide, high, z)], wall, ink=0.8)
    board = darker(wall, 0.3)
    pen.fill([at(-wide, 0, z), at(wide, 0, z), at(wide, 0.12, z), at(-wide, 0.12, z)], board)


def _floor(setting: Setting, room: Room, floor: Colour, z: float, wide: float, near: float) -> None:
    pen, line = setting.pen.tinted(setting.light.set).inked(0.6), darker(floor, 0.25)

    def at(x: float, depth: float) -> Point:
        return setting.lens.at(x + setting.shift, 0.0, depth)

    if room.floor_kind in ("boards", "tiles"):
        step = 0.3 if room.floor_kind == "boards" else 0.6
        count = round(wide * 2 / step)
        for i in range(1, count):
            x = -wide + i * step
            pen.line([at(x, z), at(x, near)], colour=line)
    if room.floor_kind in ("tiles", "stone"):
        depth = z
        while depth > near + 0.3:
            pen.line([at(-wide, depth), at(wide, depth)], colour=line)
            depth -= 0.6
    if room.floor_kind == "carpet":
        a, b = at(-1.6, z - 0.4), at(1.6, z - 0.4)
        c, d = at(1.9, max(near, -0.4)), at(-1.9, max(near, -0.4))
        pen.shape([a, b, c, d], mix(floor, (150, 70, 60), 0.5))


def paint_window(setting: Setting, x: float, z: float, blinds: bool) -> None:
    pen = setting.at(x, z)
    top, low = sky_colours(setting)
    pen.shape(box(-0.7, -2.3, 0.7, -0.9), (236, 230, 218))
    (left, upper), (right, lower) = setting.spot(x - 0.6, 2.2, z), setting.spot(x + 0.6, 1.0, z)
    view = setting.pen
    x0, x1 = min(left, right), max(left, right)
    middle = upper + (lower - upper) * 0.6
    view.fill(box(x0, upper, x1, middle), mix(top, low, 0.4))
    view.fill(box(x0, middle, x1, lower), low)
    if setting.light.time == "night":
        view.fill(box(x0, upper, x1, lower), mix(top, low, 0.5))
    if setting.reading.weather.kind in ("rain", "storm") and setting.reading.weather.change != "ends":
        for i in range(16):
            u, v = x0 + (x1 - x0) * (i * 7 % 16 + 0.5) / 16, upper + (lower - upper) * (i * 5 % 11) / 12
            view.inked(0.5).line([(u, v), (u - 0.004, v + (lower - upper) * 0.1)], colour=lighter(low, 0.35))
    if setting.reading.weather.kind == "snow" and setting.reading.weather.change != "ends":
        for i in range(18):
            u, v = x0 + (x1 - x0) * (i * 7 % 18 + 0.5) / 18, upper + (lower - upper) * (i * 5 % 13 + 0.5) / 13
            view.fill(oval(u, v, 0.004, 0.004, points=8), (244, 246, 248))
    if setting.reading.sky.moon:
        view.fill(
            oval(x0 + (x1 - x0) * 0.7, upper + (lower - upper) * 0.25, (x1 - x0) * 0.09, (x1 - x0) * 0.09),
            (236, 236, 224),
        )
    frame = pen.inked(1.6)
    frame.line([(0, -2.2), (0, -1.0)], colour=(120, 112, 100))
    frame.line([(-0.6, -1.6), (0.6, -1.6)], colour=(120, 112, 100))
    if blinds:
        for i in range(8):
            pen.line([(-0.6, -2.15 + i * 0.14), (0.6, -2.15 + i * 0.14)], ink=1.4, colour=(220, 218, 212))
    else:
        for side in (-1, 1):
            pen.blob(
                [
                    (side * 0.62, -2.4),
                    (side * 0.98, -2.4),
                    (side * 0.95, -0.8),
                    (side * 0.72, -0.8),
                    (side * 0.66, -1.5),
                ],
                (176, 150, 130),
                ink=0.8,
            )
    pen.shape(box(-0.78, -0.94, 0.78, -0.87), (224, 216, 202))
