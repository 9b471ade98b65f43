"""Insides that are no plain room: corridors, stairs, a lighthouse's lantern, caves, tents."""

from __future__ import annotations

import math

from vtx_app.render.animatic.drawing.colours import Colour, darker, lighter, mix
from vtx_app.render.animatic.drawing.light import Beam
from vtx_app.render.animatic.drawing.pen import Point, box, oval, smooth
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.places.sky import paint_sky, sky_colours
from vtx_app.render.animatic.things.catalogue import CATALOGUE
from vtx_app.render.animatic.things.painter import Touch

__all__ = ["INSIDES"]


def _corridor(setting: Setting) -> None:
    """A long corridor with doors, in one-point perspective."""
    wall, floor = (196, 190, 176), (140, 122, 100)
    wide, high, far, near = 1.5, 2.6, 14.0, -setting.lens.distance + 0.45
    pen = setting.lit_pen()

    def at(x: float, y: float, z: float) -> Point:
        return setting.lens.at(x + setting.shift, y, z)

    pen.fill(box(setting.stage.left, setting.stage.top, setting.stage.right, setting.stage.bottom), darker(wall, 0.2))
    pen.shape([at(-wide, 0, near), at(wide, 0, near), at(wide, 0, far), at(-wide, 0, far)], floor)
    pen.shape(
        [at(-wide, high, near), at(wide, high, near), at(wide, high, far), at(-wide, high, far)], lighter(wall, 0.4)
    )
    for side in (-1, 1):
        pen.shape([at(side * wide, 0, near), at(side * wide, high, near), at(side * wide, high, far),
            at(side * wide, 0, far)],
                  wall if side < 0 else darker(wall, 0.12))  # fmt: skip
        for k in range(5):
            a, b = 0.6 + k * 2.7, 1.5 + k * 2.7
            x = side * wide
            pen.shape([at(x, 0, a), at(x, 2.1, a), at(x, 2.1, b), at(x, 0, b)], (142, 106, 78))
            pen.shape(oval(*at(x, 1.05, b - 0.15), 0.004, 0.005, points=10), (216, 190, 110), ink=0.5)
    pen.shape([at(-wide, 0, far), at(wide, 0, far), at(wide, high, far), at(-wide, high, far)], lighter(wall, 0.15))
    for k in range(5):
        z = 1.0 + k * 2.7
        lamp = [
            at(-0.3, high - 0.01, z),
            at(0.3, high - 0.01, z),
            at(0.3, high - 0.01, z + 0.9),
            at(-0.3, high - 0.01, z + 0.9),
        ]
        setting.pen.fill(lamp, (255, 246, 216) if setting.light.lamps else (150, 152, 156))


def _stairs(setting: Setting) -> None:
    """A flight of stairs that goes up to one side, in a stairwell."""
    wall, step = (184, 178, 166), (142, 136, 126)
    z = 1.6
    left, right = setting.width_at(z)
    setting.lit_pen().fill(box(setting.stage.left, setting.stage.top, setting.stage.right, setting.stage.bottom), wall)
    pen = setting.at(0, z)
    for row in range(9):
        pen.line([(left, -0.45 * row), (right, -0.45 * row)], ink=0.5, colour=darker(wall, 0.2))
        for i in range(int(left), int(right) + 1):
            x = i + 0.5 * (row % 2)
            pen.line([(x, -0.45 * row), (x, -0.45 * row - 0.45)], ink=0.4, colour=darker(wall, 0.2))
    setting.band(
        setting.ground_line(z),
        max(setting.stage.bottom, setting.ground_line(z) + 0.01),
        setting.toned(darker(step, 0.3)),
        setting.toned(darker(step, 0.1)),
    )
    for i in range(16, -1, -1):
        x = -1.6 + i * 0.3
        pen.shape(box(x, -0.19 * (i + 1), x + 5.2, -0.19 * i), lighter(step, 0.12) if i % 2 else step, ink=0.8)
        pen.fill(box(x, -0.19 * (i + 1), x + 5.2, -0.19 * (i + 1) + 0.03), lighter(step, 0.35))
    pen.stroke([(-1.5, -0.9), (3.4, -4.0)], 0.06, (86, 66, 50), line=(34, 32, 38))
    for i in range(9):
        x = -1.5 + i * 0.6
        pen.line([(x, -0.9 - (x + 1.5) * 0.632), (x, -0.19 * ((x + 1.6) / 0.3))], ink=1.3)
    window = setting.at(-2.2, z)
    top, low = sky_colours(setting)
    window.shape([(-0.25, -1.4), (-0.25, -2.3), (0, -2.6), (0.25, -2.3), (0.25, -1.4)], mix(top, low, 0.5))


def _lantern(setting: Setting) -> None:
    """A lighthouse's lantern room: panes all round, and the great lens."""
    paint_sky(setting)
    lens = setting.lens
    sea = (58, 82, 100)
    setting.band(lens.horizon, lens.horizon + 0.1, setting.toned(sea, 30), setting.toned(darker(sea, 0.3), 4))
    z = 3.2
    left, right = setting.width_at(z)
    pen = setting.at(0, z)
    if setting.reading.weather.kind in ("rain", "storm"):
        chance = setting.chance
        for _ in range(46):
            x, y = left + chance.random() * (right - left), -1.0 - chance.random() * 3
            pen.line([(x, y), (x - 0.03, y + 0.22)], ink=0.6, colour=(176, 190, 204))
    low = darker((112, 104, 92), 0.1)
    pen.shape(box(left, -0.85, right, 0), low)
    for i in range(int(left * 2) - 1, int(right * 2) + 2):
        pen.line([(i * 0.5, -0.8), (i * 0.5, -0.05)], ink=0.5, colour=darker(low, 0.3))
    ground = setting.ground_line(z)
    setting.band(
        ground, max(setting.stage.bottom, ground + 0.01), setting.toned((84, 80, 76)), setting.toned((116, 110, 102))
    )
    for i in range(math.floor(left / 1.1) - 1, math.ceil(right / 1.1) + 1):
        pen.stroke([(i * 1.1, -4.2), (i * 1.1, -0.8)], 0.09, (52, 54, 60))
    for y in (-0.85, -2.2, -3.6):
        pen.stroke([(left, y), (right, y)], 0.08, (52, 54, 60))
    pen.fill(box(left, -6.5, right, -3.6), (52, 54, 60))
    _fresnel(setting)


def _fresnel(setting: Setting) -> None:
    said = next((each for each in setting.reading.things if each.kind in ("lens", "lamp", "burner")), None)
    lit = not setting.light.dark and (said is None or said.lit is not False)
    if setting.reading.time in ("morning", "day", "afternoon") and (said is None or said.lit is not True):
        lit = False
    x, z = 1.5 if setting.lens.scale() > 0.3 else 0.9, 1.5
    CATALOGUE["lens"].paint(setting.at(x, z), Touch(lit=lit))
    if lit:
        setting.shine(x, 1.9, z, 1.9, (255, 226, 150), 0.5)
        setting.shine(x, 1.9, z, 0.5, (255, 250, 226), 0.9)
        px, py = setting.spot(x, 1.9, z)
        wide = setting.stage.right + 0.3 - px
        setting.glows.append(
            Beam(
                ((px, py - 0.02), (px + wide, py - 0.16), (px + wide, py + 0.1), (px, py + 0.02)),
                (255, 232, 170),
                0.22,
                0.03,
            )
        )
        setting.glows.append(
            Beam(
                (
                    (px, py - 0.02),
                    (setting.stage.left - 0.3, py - 0.1),
                    (setting.stage.left - 0.3, py + 0.16),
                    (px, py + 0.02),
                ),
                (255, 232, 170),
                0.18,
                0.03,
            )
        )


def _cave(setting: Setting) -> None:
    stone: Colour = (96, 90, 88)
    pen = setting.lit_pen()
    s = setting.stage
    pen.fill(box(s.left, s.top, s.right, s.bottom), darker(stone, 0.3))
    a, chance = s.aspect, setting.chance
    mouth = [
        (a * (0.3 + 0.05 * chance.random()), 0.75),
        (a * 0.33, 0.3),
        (a * 0.45, 0.16),
        (a * 0.58, 0.2),
        (a * 0.67, 0.38),
        (a * 0.7, 0.75),
    ]
    top, low = sky_colours(setting)
    if setting.reading.time is None:  # deep in the rock: nothing says that there is a day outside
        pen.shape(smooth(mouth), darker(stone, 0.55))
    else:
        setting.pen.fill(smooth(mouth), mix(top, low, 0.6))
    setting.band(0.72, max(0.73, s.bottom), setting.toned(darker(stone, 0.1)), setting.toned(lighter(stone, 0.1)))
    for side in (-1, 1):
        edge = s.left if side < 0 else s.right
        rock = [(edge, s.top), (a / 2 - side * -0.05 * a, s.top)]
        for i in range(8):
            t = i / 7
            rock.append((a / 2 + side * a * (0.16 + 0.12 * t + 0.05 * (i % 2)), 0.08 + 0.75 * t))
        pen.shape([*rock, (edge, s.bottom + 0.1)], stone if side < 0 else darker(stone, 0.15))
    for i in range(9):
        x = s.left + (i + 0.5) * s.width / 9
        pen.shape(
            [(x - 0.05, s.top), (x + 0.05, s.top), (x, s.top + 0.1 + 0.1 * (i * 5 % 3))], darker(stone, 0.15), ink=0.7
        )


def _tent(setting: Setting) -> None:
    canvas: Colour = (196, 178, 132)
    s, pen = setting.stage, setting.lit_pen()
    pen.fill(box(s.left, s.top, s.right, s.bottom), darker(canvas, 0.2))
    a = s.aspect
    setting.band(0.7, max(0.71, s.bottom), setting.toned((120, 104, 78)), setting.toned((140, 122, 92)))
    pen.shape([(a * 0.5, -0.1), (s.left - 0.2, 0.75), (s.left - 0.2, -0.1)], canvas)
    pen.shape([(a * 0.5, -0.1), (s.right + 0.2, 0.75), (s.right + 0.2, -0.1)], darker(canvas, 0.1))
    pen.shape([(a * 0.5, -0.02), (a * 0.34, 0.7), (a * 0.66, 0.7)], darker(canvas, 0.12))
    top, low = sky_colours(setting)
    setting.pen.fill([(a * 0.5, 0.16), (a * 0.46, 0.7), (a * 0.54, 0.7)], mix(top, low, 0.6))
    pen.stroke([(a * 0.5, -0.1), (a * 0.5, 0.7)], 0.018, (110, 84, 58))
    if setting.light.lamps:
        CATALOGUE["lantern"].paint(setting.at(1.0, 0.6), Touch(lit=True))
        setting.shine(1.0, 0.2, 0.6, 1.2, (255, 214, 140), 0.5)


INSIDES = {"corridor": _corridor, "stairs": _stairs, "lantern": _lantern, "cave": _cave, "tent": _tent}
