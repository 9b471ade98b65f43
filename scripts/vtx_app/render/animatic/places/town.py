"""Streets: rows of houses, pavements, lamps."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import Colour, darker, hexed, lighter, mix
from vtx_app.render.animatic.drawing.pen import Point, box
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.places.sky import high_place, paint_sky
from vtx_app.render.animatic.things.catalogue import CATALOGUE
from vtx_app.render.animatic.things.painter import Touch

__all__ = ["TOWNS", "WALLS", "facade", "far_town", "paved", "row_of_houses", "street_lamps"]

WALLS = tuple(hexed(each) for each in ("b9846c", "c9b491", "a8a39a", "c79d78", "9fa7a6", "b8a58e", "d0c3a6"))
_LIT, _DARK_PANE = (255, 214, 130), (92, 104, 118)


def paved(setting: Setting, near: Colour, far: Colour) -> None:
    """The ground of a town; it shines when it is wet, and is white under snow."""
    horizon = setting.lens.horizon
    wet = setting.reading.weather.wet or setting.reading.weather.kind in ("rain", "storm")
    snow = setting.reading.weather.lying_snow or setting.reading.weather.kind == "snow"
    if snow:
        near, far = (226, 230, 234), (206, 212, 220)
    elif wet:
        near, far = darker(near, 0.22), mix(far, (150, 160, 172), 0.35)
    setting.band(horizon, max(setting.stage.bottom, horizon + 0.01), setting.toned(far, 25), setting.toned(near))
    if wet and not snow:
        pen = setting.pen.tinted(setting.light.set)
        for _ in range(16):
            x = setting.stage.left + setting.chance.random() * setting.stage.width
            y = horizon + 0.06 + setting.chance.random() * max(0.1, setting.stage.bottom - horizon - 0.06)
            long = 0.03 + 0.12 * (y - horizon)
            pen.line([(x, y), (x + long, y)], ink=0.8, colour=lighter(near, 0.25))


def facade(
    setting: Setting, x: float, z: float, wide: float, high: float, wall: Colour, *, shop: bool, roof: bool
) -> None:
    """A house front that faces us."""
    pen = setting.at(x, z)
    pen.shape(box(0, -high, wide, 0), wall)
    floors = max(1, round((high - 0.6) / 2.9))
    columns = max(2, round(wide / 1.7))
    lamps = setting.light.lamps
    for floor in range(floors):
        y = -high + 0.7 + floor * (high - 0.6) / floors
        if floor == floors - 1:
            break
        for i in range(columns):
            u = (i + 0.5) * wide / columns
            lit = lamps and setting.chance.random() < 0.4
            pane = setting.pen if lit else None
            target = (
                pen
                if pane is None
                else setting.lens.pen(setting.pen, x * setting.side + setting.shift, z, flip=setting.side < 0)
            )
            target.shape(box(u - 0.42, y, u + 0.42, y + 1.35), _LIT if lit else _DARK_PANE, ink=0.7)
            pen.line([(u, y), (u, y + 1.35)], ink=0.6)
            pen.fill(box(u - 0.52, y + 1.35, u + 0.52, y + 1.45), lighter(wall, 0.25))
    if shop:
        glass = (
            setting.lens.pen(setting.pen, x * setting.side + setting.shift, z, flip=setting.side < 0) if lamps else pen
        )
        glass.shape(box(0.3, -2.4, wide - 1.6, -0.6), _LIT if lamps else (150, 170, 180))
        pen.shape(box(wide - 1.3, -2.3, wide - 0.3, 0), darker(wall, 0.45))
        count = max(3, round((wide - 0.4) / 0.5))
        step = (wide - 0.4) / count
        for i in range(count):
            tone = (178, 66, 58) if i % 2 else (236, 228, 212)
            pen.shape(
                [
                    (0.2 + i * step, -2.75),
                    (0.2 + (i + 1) * step, -2.75),
                    (0.1 + (i + 1) * step, -2.3),
                    (0.1 + i * step, -2.3),
                ],
                tone,
                ink=0.6,
            )
    else:
        u = wide * (0.3 + 0.4 * setting.chance.random())
        pen.shape(box(u - 0.5, -2.2, u + 0.5, 0), darker(wall, 0.45))
        for v in (0.5, wide - 1.4):
            if abs(v + 0.45 - u) > 1.1:
                pen.shape(
                    box(v, -2.2, v + 0.9, -0.9),
                    _LIT if lamps and setting.chance.random() < 0.5 else _DARK_PANE,
                    ink=0.7,
                )
    if roof:
        pen.shape(
            [(-0.3, -high), (wide * 0.12, -high - 1.6), (wide * 0.88, -high - 1.6), (wide + 0.3, -high)], (104, 84, 80)
        )
        pen.shape(box(wide * 0.7, -high - 2.2, wide * 0.7 + 0.5, -high - 1.0), darker(wall, 0.3))
    else:
        pen.shape(box(-0.1, -high - 0.25, wide + 0.1, -high), lighter(wall, 0.15))


def row_of_houses(
    setting: Setting,
    z: float,
    *,
    low: float,
    high: float,
    shops: float = 0.4,
    roofs: float = 0.7,
    gap: tuple[float, float] | None = None,
) -> None:
    """A row of fronts at ``z`` from edge to edge; none in the ``gap``."""
    left, right = setting.width_at(z)
    x = min(-30.0, left - 6)
    while x < max(right, 30.0):
        wide = 4.0 + 3.0 * setting.chance.random()
        tall = low + (high - low) * setting.chance.random()
        wall = WALLS[int(setting.chance.random() * len(WALLS))]
        shop, roof = setting.chance.random() < shops, setting.chance.random() < roofs
        inside_gap = gap is not None and x + wide > gap[0] and x < gap[1]
        if x + wide > left and x < right and not inside_gap:
            facade(setting, x, z, wide, tall, wall, shop=shop, roof=roof)
        x += wide + (0.0 if setting.chance.random() < 0.8 else 1.2)


def _below_the_moon(setting: Setting, left: float, right: float, z: float) -> float:
    """How high a far building may be, in metres, if there is a moon above it."""
    if setting.reading.sky.moon is not True:
        return 100.0
    x, y = high_place(setting)
    ends = sorted(setting.spot(each, 0.0, z)[0] for each in (left, right))
    if ends[0] > x + 0.07 or ends[1] < x - 0.07:
        return 100.0
    lens = setting.lens
    return max(2.0, lens.height + (lens.horizon - y - 0.08) / lens.scale(z))


def far_town(setting: Setting, z: float = 60.0) -> None:
    """A skyline."""
    left, right = setting.width_at(z)
    x = left - 4
    pen = setting.at(0, z)
    while x < right:
        wide, tall = 5 + 8 * setting.chance.random(), 9 + 16 * setting.chance.random()
        tall = min(tall, _below_the_moon(setting, x, x + wide, z))
        pen.shape(box(x, -tall, x + wide, 2), (126, 124, 128), ink=0.5)
        x += wide * 0.9


def street_lamps(setting: Setting, z: float) -> None:
    """A row of street lamps; they burn when lamps do."""
    info = CATALOGUE["street_lamp"]
    left, right = setting.width_at(z)
    for i in range(-3, 4):
        x = -2.6 + i * 9.0
        if left - 1 < x < right + 1:
            info.paint(setting.at(x, z), Touch(lit=setting.light.lamps))
            if setting.light.lamps:
                setting.shine(x, 3.75, z, 2.0, (255, 216, 140), 0.6)
                setting.shine(x, 0.05, z, 2.2, (255, 216, 140), 0.22, 1.6)


def _street(setting: Setting) -> None:
    paint_sky(setting)
    far_town(setting)
    paved(setting, (118, 116, 116), (132, 130, 130))
    pavement = setting.light.set
    pen = setting.pen.tinted(pavement)
    s = setting.stage
    for z, tone in ((7.2, (164, 160, 152)), (3.4, (112, 110, 112))):
        y = setting.ground_line(z)
        if y < s.bottom:
            pen.fill(
                box(s.left, y, s.right, s.bottom + 0.05),
                tone if not setting.reading.weather.lying_snow else (224, 228, 232),
            )
    row_of_houses(setting, 8.0, low=6.5, high=11.0)
    y = setting.ground_line(3.4)
    if y < s.bottom:
        pen.line([(s.left, y), (s.right, y)], ink=1.6, colour=(196, 192, 184))
    street_lamps(setting, 5.6)


def _alley(setting: Setting) -> None:
    paint_sky(setting)
    paved(setting, (96, 92, 92), (110, 106, 104))
    near, far, high = -setting.lens.distance + 0.4, 16.0, 8.0
    row_of_houses(setting, far, low=7, high=10, shops=0.0, roofs=0.4)
    pen = setting.pen.tinted(setting.light.set)

    def at(x: float, y: float, z: float) -> Point:
        return setting.lens.at(x + setting.shift, y, z)

    for side in (-1, 1):
        wall: Colour = (140, 104, 88) if side < 0 else (122, 112, 104)
        x = side * 2.4
        pen.shape([at(x, 0, near), at(x, high, near), at(x, high, far), at(x, 0, far)], wall)
        for k in range(4):
            a, b = 1.0 + k * 3.4, 2.2 + k * 3.4
            for y in (1.1, 4.2):
                lit = setting.light.lamps and setting.chance.random() < 0.35
                (setting.pen if lit else pen).shape(
                    [at(x, y, a), at(x, y + 1.5, a), at(x, y + 1.5, b), at(x, y, b)],
                    _LIT if lit else _DARK_PANE,
                    ink=0.7,
                )
    CATALOGUE["box"].paint(setting.at(1.6, 2.0), Touch())
    CATALOGUE["bucket"].paint(setting.at(-1.7, 1.4), Touch())


TOWNS = {"street": _street, "alley": _alley}
