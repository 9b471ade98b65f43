"""Squares, markets, villages, platforms: what is not a plain street."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import Colour, darker
from vtx_app.render.animatic.drawing.pen import box
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.places.sky import paint_sky
from vtx_app.render.animatic.places.town import WALLS, facade, far_town, paved, row_of_houses, street_lamps
from vtx_app.render.animatic.things.catalogue import CATALOGUE
from vtx_app.render.animatic.things.painter import Touch

__all__ = ["TOWN_PLACES"]


def _square(setting: Setting) -> None:
    paint_sky(setting)
    paved(setting, (168, 158, 142), (150, 144, 136))
    row_of_houses(setting, 24.0, low=7.0, high=11.0, shops=0.5, roofs=0.9)
    CATALOGUE["church"].paint(setting.at(-9, 23), Touch(lit=setting.light.lamps))
    _cobbles(setting, (140, 132, 120))
    CATALOGUE["statue"].paint(setting.at(4.0, 9.0), Touch())
    street_lamps(setting, 10.0)


def _cobbles(setting: Setting, tone: Colour) -> None:
    pen = setting.pen.tinted(setting.light.set).inked(0.5)
    z = 18.0
    while z > -setting.lens.distance + 0.6:
        y = setting.ground_line(z)
        if y < setting.stage.bottom:
            pen.line([(setting.stage.left, y), (setting.stage.right, y)], colour=darker(tone, 0.12))
        z -= max(0.5, (z + setting.lens.distance) * 0.16)


def _market(setting: Setting) -> None:
    paint_sky(setting)
    paved(setting, (168, 158, 142), (150, 144, 136))
    row_of_houses(setting, 20.0, low=6.0, high=9.0, roofs=0.9)
    _cobbles(setting, (140, 132, 120))
    for i, x in enumerate((-6.5, -2.6, 1.6, 5.6)):
        pen = setting.at(x, 4.5)
        for post in (-1.2, 1.2):
            pen.line([(post, 0), (post, -2.2)], ink=2.0)
        pen.shape(box(-1.3, -0.9, 1.3, -0.1), (146, 116, 82))
        for k in range(7):
            tone = ((200, 70, 56), (226, 150, 60), (120, 160, 80), (220, 200, 100))[(k + i) % 4]
            pen.oval(-1.1 + k * 0.36, -0.98, 0.16, 0.12, tone, ink=0.6)
        awning = ((178, 66, 58), (72, 110, 140), (96, 140, 92), (206, 160, 70))[i % 4]
        for k in range(6):
            pen.shape([(-1.5 + k * 0.5, -2.15), (-1.0 + k * 0.5, -2.15), (-1.05 + k * 0.42, -2.8),
                (-1.35 + k * 0.42, -2.8)],
                      awning if k % 2 else (238, 232, 218), ink=0.6)  # fmt: skip


def _village(setting: Setting) -> None:
    paint_sky(setting)
    paved(setting, (152, 140, 112), (132, 146, 104))
    for x, z in ((-16.0, 26.0), (-8.0, 20.0), (1.0, 24.0), (9.0, 19.0), (18.0, 27.0)):
        CATALOGUE["house"].paint(setting.at(x, z), Touch(lit=setting.light.lamps))
    CATALOGUE["church"].paint(setting.at(-2.0, 34), Touch(lit=setting.light.lamps))
    for x, z in ((-11.5, 18.0), (5.2, 17.0), (13.5, 22.0)):
        CATALOGUE["tree"].paint(setting.at(x, z), Touch())
    CATALOGUE["fence"].paint(setting.at(6.0, 9), Touch())


def _rooftop(setting: Setting) -> None:
    paint_sky(setting)
    far_town(setting, 40.0)
    left, right = setting.width_at(12)
    x = left - 2
    while x < right:
        wide = 4 + 4 * setting.chance.random()
        facade(
            setting,
            x,
            12,
            wide,
            1.4 + 2.4 * setting.chance.random(),
            WALLS[int(setting.chance.random() * 7)],
            shop=False,
            roof=True,
        )
        x += wide + 1.0
    y = setting.ground_line(5.0)
    setting.band(
        min(y, setting.stage.bottom - 0.02),
        setting.stage.bottom,
        setting.toned((126, 122, 118)),
        setting.toned((146, 140, 134)),
    )
    pen = setting.at(0, 5.0)
    a, b = setting.width_at(5.0)
    pen.shape(box(a, -0.7, b, 0), (150, 124, 108))
    chimney = setting.at(3.2, 4.0)
    chimney.shape(box(-0.5, -2.2, 0.5, 0), (150, 98, 82))
    for u in (-0.25, 0.25):
        chimney.shape(box(u - 0.14, -2.6, u + 0.14, -2.2), (176, 120, 96))


def _bridge(setting: Setting) -> None:
    paint_sky(setting)
    far_town(setting, 80.0)
    setting.band(
        setting.lens.horizon, setting.stage.bottom, setting.toned((98, 124, 138), 40), setting.toned((84, 112, 128))
    )
    y = setting.ground_line(2.6)
    setting.band(
        min(y, setting.stage.bottom - 0.02),
        setting.stage.bottom,
        setting.toned((140, 136, 130)),
        setting.toned((156, 150, 142)),
    )
    a, b = setting.width_at(2.6)
    pen = setting.at(0, 2.6)
    pen.shape(box(a, -0.18, b, 0), (160, 152, 140))
    for i in range(int(a) - 1, int(b) + 2):
        pen.shape(box(i - 0.1, -1.0, i + 0.1, -0.1), (168, 160, 148), ink=0.8)
    pen.shape(box(a, -1.14, b, -0.95), (178, 170, 158))
    street_lamps(setting, 2.7)


def _platform(setting: Setting) -> None:
    paint_sky(setting)
    paved(setting, (150, 146, 140), (124, 122, 118))
    y = setting.ground_line(4.0)
    setting.band(
        setting.lens.horizon,
        max(y, setting.lens.horizon + 0.01),
        setting.toned((120, 112, 104), 20),
        setting.toned((104, 96, 90)),
    )
    if not any(each.kind == "train" for each in setting.reading.things):
        CATALOGUE["fence"].paint(setting.at(-5, 10), Touch())
        CATALOGUE["fence"].paint(setting.at(3, 10), Touch())
    rails = setting.at(0, 6.0)
    a, b = setting.width_at(6.0)
    for k in range(int(a) - 1, int(b) + 1):
        rails.line([(k, 0.05), (k + 0.3, -0.06)], ink=2.0, colour=(84, 66, 52))
    rails.line([(a, -0.04), (b, -0.04)], ink=1.6, colour=(150, 152, 156))
    edge = setting.at(0, 4.0)
    c, d = setting.width_at(4.0)
    edge.fill(box(c, -0.05, d, 0.08), (236, 226, 190))
    for i in range(-3, 4):
        post = setting.at(i * 5.0 + 1.6, 3.2)
        post.shape(box(-0.1, -3.6, 0.1, 0), (96, 104, 100))
    roof = setting.at(0, 3.2)
    e, f = setting.width_at(3.2)
    roof.shape(box(e, -4.1, f, -3.55), (110, 96, 88))
    CATALOGUE["bench"].paint(setting.at(-2.6, 2.4), Touch())
    CATALOGUE["clock"].paint(setting.at(1.6, 3.1, 1.0), Touch())


def _yard(setting: Setting) -> None:
    paint_sky(setting)
    paved(setting, (146, 134, 116), (134, 128, 110))
    row_of_houses(setting, 9.0, low=4.0, high=6.5, shops=0.0, roofs=1.0)
    CATALOGUE["bucket"].paint(setting.at(-2.4, 3.5), Touch())
    CATALOGUE["box"].paint(setting.at(3.0, 4.0), Touch())


TOWN_PLACES = {
    "square": _square,
    "market": _market,
    "village": _village,
    "rooftop": _rooftop,
    "bridge": _bridge,
    "station": _platform,
    "yard": _yard,
}
