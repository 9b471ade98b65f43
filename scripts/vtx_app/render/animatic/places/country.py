"""Open country: forests, fields, gardens, roads."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import Colour, darker, lighter, mix
from vtx_app.render.animatic.drawing.pen import box, oval, smooth
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.places.sky import paint_sky
from vtx_app.render.animatic.things.catalogue import CATALOGUE
from vtx_app.render.animatic.things.painter import Touch

__all__ = ["COUNTRY", "grass", "hills", "land", "snowy", "trees", "under_snow"]

_SNOW: Colour = (228, 233, 238)


def snowy(setting: Setting) -> bool:
    """Whether snow lies on the ground."""
    return (
        setting.reading.weather.lying_snow
        or setting.reading.weather.kind == "snow"
        or setting.reading.place.kind == "snowfield"
    )


def under_snow(colour: Colour) -> Colour:
    """What is green, under snow; bark stays as it is."""
    red, green, blue = colour
    return mix(colour, _SNOW, 0.72) if green > red and green > blue else colour


def land(setting: Setting, near: Colour, far: Colour) -> None:
    """The ground, from the horizon to our feet; white under snow."""
    if snowy(setting):
        near, far = _SNOW, darker(_SNOW, 0.06)
    setting.band(
        setting.lens.horizon,
        max(setting.stage.bottom, setting.lens.horizon + 0.01),
        setting.toned(far, 60),
        setting.toned(near),
    )


def hills(setting: Setting, z: float, high: float, tone: Colour, bumps: int = 7) -> None:
    left, right = setting.width_at(z)
    pen = setting.at(0, z)
    ridge = [
        (left + (right - left) * i / bumps, -high * (0.3 + 0.7 * setting.chance.random())) for i in range(bumps + 1)
    ]
    pen.shape(
        [*smooth(ridge, closed=False), (right + 1, high * 0.1 + 1), (left - 1, high * 0.1 + 1)],
        mix(tone, _SNOW, 0.7) if snowy(setting) else tone,
        ink=0.6,
    )


def grass(setting: Setting, tone: Colour, count: int = 80) -> None:
    """Tufts of grass, larger towards us; none under snow."""
    """A ridge of hills ``z`` metres away."""
    if snowy(setting):
        return
    s, horizon = setting.stage, setting.lens.horizon
    pen = setting.pen.tinted(setting.light.set)
    for _ in range(count):
        t = setting.chance.random() ** 0.7
        y = horizon + 0.03 + t * max(0.05, s.bottom - horizon)
        x, size = s.left + setting.chance.random() * s.width, 0.006 + 0.045 * t * t
        colour = lighter(tone, 0.2) if setting.chance.random() < 0.5 else darker(tone, 0.22)
        for lean in (-0.4, 0.1, 0.5):
            pen.line([(x, y), (x + lean * size, y - size)], ink=0.7, colour=colour)


def trees(setting: Setting, kind: str, z: float, every: float, *, spread: float = 0.6, size: float = 1.0) -> None:
    left, right = setting.width_at(z)
    i = -60
    while i * every < max(60.0, right):
        x = i * every + (setting.chance.random() - 0.5) * every * spread
        grown = size * (0.8 + 0.4 * setting.chance.random())
        if left - 3 < x < right + 3:
            pen = setting.at(x, z).at(0, 0, grown)
            CATALOGUE[kind].paint(pen.tinted(under_snow) if snowy(setting) else pen, Touch())
        i += 1


def _trunks(setting: Setting, z: float, every: float) -> None:
    """A row of trees ``z`` metres away, one ``every`` so many metres."""
    """Trunks so near that their crowns are above the picture."""
    left, right = setting.width_at(z)
    i = -30
    while i * every < max(30.0, right):
        x = i * every + (setting.chance.random() - 0.5) * every * 0.7
        wide = 0.16 + 0.14 * setting.chance.random()
        if left - 1 < x < right + 1:
            pen = setting.at(x, z)
            pen.shape(
                [(-wide * 1.5, 0), (-wide, -0.6), (-wide * 0.8, -9), (wide * 0.8, -9), (wide, -0.6), (wide * 1.5, 0)],
                (96, 76, 60),
            )
            for k in range(7):
                pen.line([(-wide * 0.4, -0.5 - k * 0.8), (-wide * 0.1, -0.9 - k * 0.8)], ink=0.7, colour=(66, 52, 44))
        i += 1


def _forest(setting: Setting) -> None:
    paint_sky(setting)
    land(setting, (92, 104, 66), (104, 116, 78))
    kind = "pine" if setting.chance.random() < 0.5 else "tree"
    for z, every in ((70.0, 3.4), (42.0, 3.0), (26.0, 3.2)):
        trees(setting, kind, z, every, size=1.6)
    for z, every in ((15.0, 3.4), (9.0, 3.6), (5.0, 4.4)):
        _trunks(setting, z, every)
    grass(setting, (92, 112, 62), 90)
    for x, z in ((-3.4, 3.0), (3.8, 2.6), (6.4, 5.0)):
        CATALOGUE["bush"].paint(setting.at(x, z).at(0, 0, 0.7), Touch("", False))


def _swamp(setting: Setting) -> None:
    _forest(setting)
    s = setting.stage
    pen = setting.pen.tinted(setting.light.set)
    for i in range(6):
        x, y = s.left + s.width * setting.chance.random(), setting.lens.horizon + 0.1 + 0.3 * setting.chance.random()
        wide = 0.1 + 0.3 * (y - setting.lens.horizon)
        pen.shape(oval(x, y, wide, wide * 0.16), (104, 124, 116), ink=0.7)
        _ = i


def _field(setting: Setting) -> None:
    paint_sky(setting)
    hills(setting, 300, 26, (126, 146, 110))
    land(setting, (138, 154, 84), (156, 166, 104))
    trees(setting, "tree", 90, 16, size=1.3)
    grass(setting, (126, 148, 76), 150)


def _camp(setting: Setting) -> None:
    """Tents round a fire, in a field."""
    _field(setting)
    for x, z, size in ((-9.0, 20.0, 1.3), (10.0, 24.0, 1.4), (-3.5, 16.0, 1.1), (5.0, 13.0, 1.1), (-7.5, 9.0, 1.0)):
        CATALOGUE["tent"].paint(setting.at(x, z).at(0, 0, size), Touch())
    CATALOGUE["fire"].paint(setting.at(1.8, 7.0), Touch(lit=True))
    setting.shine(1.8, 0.5, 7.0, 1.6, (255, 190, 110), 0.5)


def _hill(setting: Setting) -> None:
    paint_sky(setting)
    hills(setting, 400, 60, (128, 146, 122))
    hills(setting, 160, 26, (126, 148, 100))
    land(setting, (134, 152, 86), (130, 150, 92))
    grass(setting, (120, 142, 74), 130)


def _farm(setting: Setting) -> None:
    paint_sky(setting)
    hills(setting, 300, 26, (126, 146, 110))
    land(setting, (150, 140, 92), (160, 160, 100))
    barn = setting.at(-9, 26)
    barn.shape(box(-4, -4, 4, 0), (156, 66, 54))
    barn.shape([(-4.4, -3.9), (-2.4, -6.6), (2.4, -6.6), (4.4, -3.9)], (110, 104, 104))
    barn.shape(box(-1.4, -2.8, 1.4, 0), (112, 48, 42))
    barn.line([(-1.4, -2.8), (1.4, 0)], ink=1.2, colour=(226, 216, 200))
    barn.line([(1.4, -2.8), (-1.4, 0)], ink=1.2, colour=(226, 216, 200))
    CATALOGUE["house"].paint(setting.at(7, 28), Touch(lit=setting.light.lamps))
    trees(setting, "tree", 36, 14)
    for x in (-7.0, -2.6, 1.8, 6.2):
        CATALOGUE["fence"].paint(setting.at(x, 12), Touch())
    grass(setting, (130, 142, 76), 60)


def _garden(setting: Setting) -> None:
    paint_sky(setting)
    land(setting, (122, 152, 84), (128, 156, 94))
    trees(setting, "tree", 22, 6.5)
    for x in (-10.4, -6.2, -2.0, 2.2, 6.4, 10.6):
        CATALOGUE["fence"].paint(setting.at(x, 10), Touch())
    for i in range(14):
        x = -7.5 + i * 1.15
        CATALOGUE["bush"].paint(setting.at(x, 7.5).at(0, 0, 0.55), Touch())
        CATALOGUE["flower"].paint(
            setting.at(x + 0.3, 5.0).at(0, 0, 1.7), Touch(("red", "yellow", "white", "violet")[i % 4])
        )
    grass(setting, (112, 144, 78), 50)


def _park(setting: Setting) -> None:
    paint_sky(setting)
    land(setting, (120, 152, 84), (132, 158, 98))
    trees(setting, "tree", 40, 7.0, size=1.3)
    trees(setting, "tree", 22, 9.0, size=1.2)
    pen, s = setting.pen.tinted(setting.light.set), setting.stage
    y0, y1 = setting.ground_line(7.0), setting.ground_line(4.2)
    pen.fill(box(s.left, y0, s.right, y1), (206, 192, 160))
    CATALOGUE["bench"].paint(setting.at(-2.8, 7.2), Touch())
    CATALOGUE["street_lamp"].paint(setting.at(3.4, 7.4), Touch(lit=setting.light.lamps))
    if setting.light.lamps:
        setting.shine(3.4, 3.75, 7.4, 2.0, (255, 216, 140), 0.5)
    grass(setting, (112, 144, 78), 60)


def _playground(setting: Setting) -> None:
    _park(setting)
    pen = setting.at(2.2, 6.0)
    for x in (-1.2, 1.2):
        pen.line([(x - 0.4, 0), (x, -2.4), (x + 0.4, 0)], ink=2.2)
    pen.line([(-1.2, -2.4), (1.2, -2.4)], ink=2.4)
    for x in (-0.5, 0.5):
        pen.line([(x - 0.18, -2.4), (x - 0.18, -0.55)], ink=0.9)
        pen.line([(x + 0.18, -2.4), (x + 0.18, -0.55)], ink=0.9)
        pen.shape(box(x - 0.24, -0.58, x + 0.24, -0.5), (176, 66, 58))
    slide = setting.at(-3.0, 5.6)
    slide.line([(0, 0), (0, -1.8)], ink=2)
    slide.stroke([(0, -1.8), (2.2, -0.1)], 0.2, (206, 170, 70), line=(34, 32, 38))


def _road(setting: Setting) -> None:
    paint_sky(setting)
    hills(setting, 300, 30, (126, 140, 112))
    land(setting, (150, 150, 98), (158, 160, 112))
    near = -setting.lens.distance + 0.5
    lens, shift = setting.lens, setting.shift
    pen = setting.pen.tinted(setting.light.set)
    road = [
        lens.at(shift - 2.6, 0, near),
        lens.at(shift + 2.6, 0, near),
        lens.at(shift + 2.6, 0, 400),
        lens.at(shift - 2.6, 0, 400),
    ]
    pen.shape(road, (112, 110, 110), ink=0.8)
    for k in range(9):
        a, b = 2.0 + k * 5.0, 4.0 + k * 5.0
        pen.fill(
            [
                lens.at(shift - 0.08, 0, a),
                lens.at(shift + 0.08, 0, a),
                lens.at(shift + 0.08, 0, b),
                lens.at(shift - 0.08, 0, b),
            ],
            (232, 226, 206),
        )
    for k in range(5):
        post = setting.at(6.5, 6 + k * 16)
        post.line([(0, 0), (0, -6)], ink=1.8)
        post.line([(-0.8, -5.4), (0.8, -5.4)], ink=1.4)
    grass(setting, (140, 146, 88), 70)


COUNTRY = {
    "forest": _forest,
    "swamp": _swamp,
    "field": _field,
    "camp": _camp,
    "hill": _hill,
    "snowfield": _hill,
    "farm": _farm,
    "garden": _garden,
    "park": _park,
    "playground": _playground,
    "road": _road,
}
