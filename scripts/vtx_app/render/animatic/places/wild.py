"""Mountains, deserts, ruins and the like, and what is above them."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.pen import box, oval, smooth
from vtx_app.render.animatic.places.country import grass, hills, land, trees
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.places.sky import paint_sky
from vtx_app.render.animatic.things.catalogue import CATALOGUE
from vtx_app.render.animatic.things.painter import Touch

__all__ = ["WILD_PLACES"]


def _mountains(setting: Setting) -> None:
    paint_sky(setting)
    for z, high, tone in ((900.0, 420.0, (138, 148, 164)), (500.0, 190.0, (122, 132, 138))):
        left, right = setting.width_at(z)
        pen = setting.at(0, z)
        count = 9
        step = (right - left) / count
        ridge = [
            (left + step * i, -high * ((0.55 + 0.45 * setting.chance.random()) if i % 2 else 0.25))
            for i in range(count + 1)
        ]
        pen.shape([*ridge, (right, 10), (left, 10)], tone, ink=0.7)
        for i in range(1, count, 2):
            (ax, ay), (bx, by), (cx, cy) = ridge[i - 1], ridge[i], ridge[min(count, i + 1)]
            t = 0.3
            pen.fill([(bx, by), (bx + (cx - bx) * t, by + (cy - by) * t), (bx + (cx - bx) * t * 0.4,
                by + (cy - by) * t * 0.6), (bx, by + (ay - by) * t * 0.9),
                      (bx + (ax - bx) * t * 0.4, by + (ay - by) * t * 0.6), (bx + (ax - bx) * t,
                      by + (ay - by) * t)], (240, 243, 246))  # fmt: skip
    land(setting, (120, 128, 92), (122, 132, 104))
    trees(setting, "pine", 60, 6.0, size=1.4)
    for i in range(8):
        rock = setting.at(-7 + i * 2.0 + setting.chance.random(), 4 + 3 * setting.chance.random())
        rock.blob([(-0.5, 0), (-0.4, -0.35), (0, -0.5), (0.4, -0.3), (0.5, 0)], (132, 128, 124))
    grass(setting, (110, 122, 82), 50)


def _desert(setting: Setting) -> None:
    paint_sky(setting)
    for z, high, tone in ((300.0, 30.0, (214, 182, 130)), (120.0, 11.0, (222, 188, 132)), (50.0, 4.0, (228, 196, 140))):
        left, right = setting.width_at(z)
        pen = setting.at(0, z)
        dunes = [(left + (right - left) * i / 6, -high * (0.25 + 0.75 * setting.chance.random())) for i in range(7)]
        pen.shape([*smooth(dunes, closed=False), (right, 1), (left, 1)], tone, ink=0.6)
    setting.band(
        setting.ground_line(50.0),
        max(setting.stage.bottom, setting.ground_line(50) + 0.01),
        setting.toned((222, 190, 136)),
        setting.toned((232, 204, 150)),
    )
    pen, s = setting.pen.tinted(setting.light.set), setting.stage
    for _ in range(26):
        y = setting.ground_line(40) + setting.chance.random() ** 1.5 * s.bottom * 0.5
        x = s.left + setting.chance.random() * s.width
        pen.line(smooth([(x, y), (x + 0.06, y - 0.006), (x + 0.14, y)], closed=False), ink=0.7, colour=(196, 162, 110))


def _graveyard(setting: Setting) -> None:
    paint_sky(setting)
    hills(setting, 200, 18, (116, 130, 104))
    land(setting, (114, 132, 82), (120, 136, 94))
    CATALOGUE["church"].paint(setting.at(-10, 40), Touch(lit=False))
    trees(setting, "tree", 30, 12)
    for row, z in enumerate((16.0, 11.0, 7.0)):
        for i in range(-5, 6):
            CATALOGUE["gravestone"].paint(
                setting.at(i * 2.4 + 0.9 * (row % 2) + 0.4 * setting.chance.random(), z), Touch()
            )
    grass(setting, (106, 126, 76), 80)


def _battlefield(setting: Setting) -> None:
    paint_sky(setting)
    hills(setting, 200, 12, (112, 104, 88))
    land(setting, (112, 98, 78), (118, 108, 90))
    for i in range(9):
        x, z = -9 + i * 2.2 + setting.chance.random(), 6 + 14 * setting.chance.random()
        pen = setting.at(x, z)
        pen.shape(oval(0, 0, 1.1, 0.18), (84, 74, 62), ink=0.8)
        if i % 3 == 0:
            pen.line([(0, 0), (0.1, -1.6), (0.4, -2.3)], ink=2.4, colour=(70, 60, 52))
            pen.line([(0.06, -1.2), (-0.4, -1.7)], ink=1.8, colour=(70, 60, 52))


def _ruins(setting: Setting) -> None:
    paint_sky(setting)
    hills(setting, 300, 24, (126, 140, 110))
    land(setting, (140, 144, 96), (144, 148, 106))
    for x, z, wide, high in ((-6.0, 16.0, 3.2, 3.4), (-1.0, 20.0, 4.0, 5.0), (5.0, 15.0, 2.6, 2.6)):
        pen = setting.at(x, z)
        pen.shape(
            [
                (-wide / 2, 0),
                (-wide / 2, -high),
                (-wide * 0.3, -high * 0.8),
                (-wide * 0.1, -high * 0.95),
                (wide * 0.1, -high * 0.5),
                (wide * 0.3, -high * 0.6),
                (wide / 2, -high * 0.3),
                (wide / 2, 0),
            ],
            (168, 160, 146),
        )
        pen.shape(
            [
                (-wide * 0.25, 0),
                (-wide * 0.25, -high * 0.4),
                (-wide * 0.1, -high * 0.5),
                (wide * 0.05, -high * 0.4),
                (wide * 0.05, 0),
            ],
            (96, 90, 84),
        )
    for x in (-3.4, 2.6):
        column = setting.at(x, 8)
        column.shape(box(-0.3, -2.6, 0.3, 0), (190, 182, 166))
        column.shape([(-0.3, -2.6), (-0.1, -3.0), (0.1, -2.7), (0.3, -2.9), (0.3, -2.5)], (190, 182, 166))
    grass(setting, (124, 138, 84), 70)


def _open_sky(setting: Setting) -> None:
    paint_sky(setting)
    s = setting.stage
    for _ in range(7):
        x, y = s.left + setting.chance.random() * s.width, s.top + 0.15 + setting.chance.random() * (s.height - 0.2)
        wide = 0.2 + 0.3 * setting.chance.random()
        setting.pen.fill(smooth([(x - wide, y), (x - wide * 0.6, y - 0.06), (x - wide * 0.1, y - 0.08),
            (x + wide * 0.3, y - 0.11), (x + wide * 0.7, y - 0.05), (x + wide, y), (x, y + 0.03)]),
                         setting.light.set((244, 246, 248)))  # fmt: skip


def _space(setting: Setting) -> None:
    s = setting.stage
    setting.pen.fill(box(s.left, s.top, s.right, s.bottom), (8, 9, 20))
    for _ in range(170):
        x, y = s.left + setting.chance.random() * s.width, s.top + setting.chance.random() * s.height
        r = 0.0012 + 0.002 * setting.chance.random() ** 3
        setting.pen.fill(oval(x, y, r, r, points=8), (226, 230, 240))
    x = s.aspect * (0.5 + 0.3 * setting.side)
    setting.pen.fill(oval(x, 0.34, 0.24, 0.24), (78, 118, 160))
    setting.pen.fill(
        smooth([(x - 0.16, 0.3), (x - 0.04, 0.22), (x + 0.08, 0.3), (x + 0.02, 0.42), (x - 0.1, 0.4)]), (110, 146, 104)
    )


WILD_PLACES = {
    "mountains": _mountains,
    "desert": _desert,
    "graveyard": _graveyard,
    "battlefield": _battlefield,
    "ruins": _ruins,
    "sky": _open_sky,
    "space": _space,
}
