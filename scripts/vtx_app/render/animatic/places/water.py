"""Shores, harbours, open water, and under it."""

from __future__ import annotations

import math

from vtx_app.render.animatic.drawing.colours import Colour, darker, hexed, lighter, mix
from vtx_app.render.animatic.drawing.light import Beam
from vtx_app.render.animatic.drawing.pen import box, oval, smooth
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.places.sky import paint_sky, sky_colours
from vtx_app.render.animatic.things.catalogue import CATALOGUE
from vtx_app.render.animatic.things.painter import Touch

__all__ = ["WATERS", "paint_sea"]

_SEA = hexed("4f7d92")


def _sea_tone(setting: Setting) -> Colour:
    weather = setting.reading.weather.kind
    return mix(_SEA, (82, 92, 98), 0.6) if weather in ("storm", "rain", "fog", "cloud") else _SEA


def paint_sea(setting: Setting, bottom: float, *, rough: bool = False) -> None:
    """Water from the horizon down to ``bottom`` (frame heights), with waves that grow towards us."""
    tone, horizon, s = _sea_tone(setting), setting.lens.horizon, setting.stage
    _, low = sky_colours(setting)
    far = mix(setting.toned(tone, 60), low, 0.3)
    setting.band(horizon, max(bottom, horizon + 0.01), far, setting.toned(darker(tone, 0.2)))
    pen = setting.pen.tinted(setting.light.set)
    chance = setting.chance
    y, row = horizon + 0.012, 0
    while y < bottom:
        step = 0.012 + (y - horizon) * 0.16
        long = (0.05 + (y - horizon) * 0.5) * (1.4 if rough else 1.0)
        x = s.left - long * chance.random()
        while x < s.right:
            if chance.random() < 0.55:
                rise = step * (0.55 if rough else 0.22)
                crest = [(x, y), (x + long * 0.3, y - rise), (x + long * 0.6, y - rise * 0.2), (x + long, y)]
                pen.line(
                    smooth(crest, closed=False), ink=0.7, colour=lighter(tone, 0.3) if row % 2 else darker(tone, 0.25)
                )
                if rough and chance.random() < 0.35:
                    pen.fill(
                        smooth(
                            [
                                (x + long * 0.1, y - rise * 0.5),
                                (x + long * 0.3, y - rise * 1.3),
                                (x + long * 0.55, y - rise * 0.3),
                                (x + long * 0.3, y - rise * 0.5),
                            ]
                        ),
                        (222, 230, 234),
                    )
            x += long * (1.1 + chance.random())
        y += step
        row += 1


def _rough(setting: Setting) -> bool:
    return setting.reading.weather.kind == "storm" or setting.reading.weather.wind


def _headland(setting: Setting, z: float, side: int, high: float) -> None:
    """A dark headland from one edge of the picture."""
    left, right = setting.width_at(z)
    edge = left - 5 if side < 0 else right + 5
    pen = setting.at(0, z)
    reach = (right - left) * 0.42
    top = [
        (edge, -high),
        (edge - side * reach * 0.4, -high * 0.95),
        (edge - side * reach * 0.75, -high * 0.6),
        (edge - side * reach * 0.95, -high * 0.2),
        (edge - side * reach, 0.0),
    ]
    pen.shape([*smooth(top, closed=False), (edge, 0.5)], (96, 104, 84), ink=0.7)


def _sea(setting: Setting) -> None:
    paint_sky(setting)
    if setting.reading.place.kind in ("sea", "lake"):
        _headland(
            setting, 400.0 if setting.lens.scale() < 0.5 else 120.0, 1, 26.0 if setting.lens.scale() < 0.5 else 6.0
        )
    paint_sea(setting, setting.stage.bottom, rough=_rough(setting))


def _lake(setting: Setting) -> None:
    paint_sky(setting)
    pen = setting.at(0, 120)
    left, right = setting.width_at(120)
    ridge = [(left + (right - left) * i / 9, -14 - 10 * (i * 5 % 4)) for i in range(10)]
    pen.shape([*smooth(ridge, closed=False), (right, 1), (left, 1)], (112, 124, 110), ink=0.6)
    for i in range(24):
        x = left + (right - left) * (i + setting.chance.random()) / 24
        CATALOGUE["pine"].paint(setting.at(x, 110).at(0, 0, 1.2), Touch())
    paint_sea(setting, setting.stage.bottom)
    if any(each.seen for each in setting.reading.people) and not setting.reading.place.in_boat:
        _bank(setting)
    _reeds(setting)


def _bank(setting: Setting) -> None:
    """The grass of a shore before the water, for who stands there."""
    y, s = setting.ground_line(3.4), setting.stage
    pen = setting.pen.tinted(setting.light.set)
    points = [(s.left + s.width * i / 8, y + 0.01 * math.sin(i * 1.7)) for i in range(9)]
    pen.fill([*smooth(points, closed=False), (s.right, s.bottom + 0.1), (s.left, s.bottom + 0.1)], (122, 134, 92))


def _reeds(setting: Setting) -> None:
    pen = setting.at(0, 1.5)
    left, right = setting.width_at(1.5)
    for i in range(26):
        x = (left if i % 2 else right) + (-1 if i % 2 == 0 else 1) * setting.chance.random() * (right - left) * 0.2
        pen.line(
            smooth([(x, 0.1), (x + 0.06, -0.6), (x + 0.16, -1.0 - 0.3 * setting.chance.random())], closed=False),
            ink=1.1,
            colour=(104, 122, 74),
        )


def _beach(setting: Setting, tone: Colour) -> float:
    """The land before the water; returns the z of the water's edge."""
    edge = 5.0 if setting.lens.scale() < 0.5 else 3.0
    y = setting.ground_line(edge)
    s = setting.stage
    pen = setting.pen.tinted(setting.light.set)
    points = [(s.left + s.width * i / 8, y + 0.012 * math.sin(i * 1.7)) for i in range(9)]
    pen.fill([*smooth(points, closed=False), (s.right, s.bottom + 0.1), (s.left, s.bottom + 0.1)], tone)
    pen.line(smooth(points, closed=False), ink=2.4, colour=(240, 240, 234))
    return edge


def _shore(setting: Setting) -> None:
    paint_sky(setting)
    _headland(setting, 260.0, setting.side, 26.0)
    paint_sea(setting, setting.stage.bottom, rough=_rough(setting))
    _beach(setting, (198, 182, 146))
    for i in range(7):
        x = -6 + i * 2.1 + setting.chance.random()
        rock = setting.at(x, 3.2 - setting.chance.random() * 2)
        rock.blob([(-0.5, 0), (-0.4, -0.3), (0, -0.45), (0.4, -0.3), (0.5, 0)], (128, 122, 116))


def _cliff(setting: Setting) -> None:
    """A headland above the sea: heath before, water behind; a lighthouse only if the words have one."""
    paint_sky(setting)
    paint_sea(setting, setting.stage.bottom, rough=_rough(setting))
    s = setting.stage
    pen = setting.pen.tinted(setting.light.set)
    edge = setting.ground_line(14.0)
    points = [
        (s.left, edge + 0.01),
        (s.left + s.width * 0.3, edge - 0.02),
        (s.left + s.width * 0.6, edge - 0.015),
        (s.left + s.width * 0.8, edge + 0.03),
        (s.right, edge + 0.12),
    ]
    if setting.side < 0:
        points = [(s.left + s.right - x, y) for x, y in points][::-1]
    pen.shape([*smooth(points, closed=False), (s.right, s.bottom + 0.1), (s.left, s.bottom + 0.1)], (112, 110, 78))
    for _ in range(70):
        x = s.left + setting.chance.random() * s.width
        y = edge + 0.04 + setting.chance.random() * max(0.05, s.bottom - edge - 0.04)
        size = 0.01 + 0.05 * (y - edge)
        pen.blob(
            [(x - size, y), (x - size * 0.5, y - size * 0.8), (x + size * 0.5, y - size * 0.8), (x + size, y)],
            mix((120, 90, 112), (104, 112, 70), setting.chance.random()),
            ink=0.5,
        )
    if setting.reading.weather.kind == "storm":
        _breaker(setting)


def _breaker(setting: Setting) -> None:
    """A wave that breaks white against the rock."""
    pen = setting.at(3.2, 9.0)
    for i in range(9):
        x, high = -1.9 + i * 0.45, 1.0 + 2.6 * math.exp(-(((i - 4) / 2.4) ** 2))
        pen.fill(
            smooth([(x - 0.5, 0.2), (x - 0.25, -high * 0.7), (x, -high), (x + 0.3, -high * 0.6), (x + 0.5, 0.2)]),
            (226, 232, 236) if i % 2 else (206, 216, 222),
        )


def _harbour(setting: Setting) -> None:
    paint_sky(setting)
    _headland(setting, 300.0, -setting.side, 30.0)
    paint_sea(setting, setting.stage.bottom)
    mole = setting.at(0, 60)
    left, right = setting.width_at(60)
    mole.shape(box(left, -2.2, left + (right - left) * 0.62, 0.2), (150, 146, 140), ink=0.7)
    for i in range(5):
        x = -32 + i * 6.5 + 2 * setting.chance.random()
        CATALOGUE["house"].paint(setting.at(x, 52, 2.0), Touch(lit=setting.light.lamps))
    for x, z, name in (
        (-7.0, 22.0, "red"),
        (1.5, 18.0, ""),
        (9.0, 25.0, "green"),
        (-2.0, 32.0, "white"),
        (14.0, 20.0, ""),
    ):
        CATALOGUE["fishing_boat"].paint(setting.at(x, z), Touch(name, lit=setting.light.lamps))
    edge = 4.2 if setting.lens.scale() < 0.5 else 2.4
    y = setting.ground_line(edge)
    pen, s = setting.pen.tinted(setting.light.set), setting.stage
    pen.shape(box(s.left - 0.1, y, s.right + 0.1, s.bottom + 0.2), (152, 146, 136))
    pen.fill(box(s.left, y, s.right, y + 0.018), (182, 176, 164))
    z = edge - 0.7
    while z > -setting.lens.distance + 0.6:
        pen.line([(s.left, setting.ground_line(z)), (s.right, setting.ground_line(z))], ink=0.6, colour=(122, 116, 108))
        z -= 0.7
    for x in (-3.2, 2.6):
        bollard = setting.at(x, edge - 0.5)
        bollard.shape(box(-0.16, -0.5, 0.16, 0), (72, 74, 78))
        bollard.oval(0, -0.52, 0.22, 0.1, (84, 86, 90))
    CATALOGUE["rope"].paint(setting.at(1.6, edge - 0.9), Touch())


def _river(setting: Setting) -> None:
    paint_sky(setting)
    if setting.reading.place.in_boat:
        for i in range(9):
            CATALOGUE["tree"].paint(setting.at(-32 + i * 8 + 2 * setting.chance.random(), 60), Touch())
        paint_sea(setting, setting.stage.bottom)
        _reeds(setting)
        return
    s = setting.stage
    pen = setting.pen.tinted(setting.light.set)
    setting.band(setting.lens.horizon, s.bottom, setting.toned((122, 146, 98), 40), setting.toned((128, 142, 92)))
    for i in range(9):
        CATALOGUE["tree"].paint(setting.at(-24 + i * 6 + 2 * setting.chance.random(), 30), Touch())
    far, near = setting.ground_line(16), setting.ground_line(3.0)
    pen.fill(box(s.left, far, s.right, near), _sea_tone(setting))
    for i in range(16):
        y = far + (near - far) * (i + 0.5) / 16
        x = s.left + setting.chance.random() * s.width
        pen.line([(x, y), (x + 0.08 + 0.1 * setting.chance.random(), y)], ink=0.7, colour=lighter(_SEA, 0.35))
    pen.line([(s.left, near), (s.right, near)], ink=1.4)
    _reeds(setting)


def _underwater(setting: Setting) -> None:
    s = setting.stage
    setting.band(s.top, s.bottom, (74, 150, 172), (14, 48, 74))
    pen = setting.pen
    for i in range(5):
        x = s.left + s.width * (0.1 + 0.2 * i)
        setting.glows.append(
            Beam(
                ((x, s.top - 0.05), (x + 0.08, s.top - 0.05), (x - 0.1, s.bottom), (x - 0.34, s.bottom)),
                (190, 230, 236),
                0.16,
                0.03,
            )
        )
    sand = [(s.left + s.width * i / 8, 0.88 + 0.03 * math.sin(i * 1.3)) for i in range(9)]
    pen.shape([*smooth(sand, closed=False), (s.right, s.bottom + 0.1), (s.left, s.bottom + 0.1)], (96, 112, 104))
    for _ in range(16):
        x = s.left + s.width * setting.chance.random()
        tall = 0.1 + 0.22 * setting.chance.random()
        pen.line(
            smooth(
                [(x, 0.92), (x + 0.03, 0.92 - tall * 0.4), (x - 0.02, 0.92 - tall * 0.7), (x + 0.02, 0.92 - tall)],
                closed=False,
            ),
            ink=3.0,
            colour=(46, 104, 84),
        )
    for _ in range(22):
        x, y = s.left + s.width * setting.chance.random(), 0.1 + 0.7 * setting.chance.random()
        pen.line([*oval(x, y, 0.006, 0.006, points=12)], ink=0.7, colour=(206, 236, 240))


WATERS = {
    "sea": _sea, "shore": _shore, "harbour": _harbour, "headland": _cliff, "river": _river,
    "lake": _lake, "underwater": _underwater,
}  # fmt: skip
