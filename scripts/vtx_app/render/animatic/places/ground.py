"""The ground of a place as it is seen from straight above: floor boards, tiles, grass, asphalt, water."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vtx_app.render.animatic.drawing.colours import Colour, darker, hexed, lighter
from vtx_app.render.animatic.drawing.pen import Pen, arc, box, oval, smooth
from vtx_app.render.animatic.places.setting import Setting

__all__ = ["paint_ground"]

_ROOM = (-3.6, 3.6, -2.4, 2.4)
"""Left, right, near and far wall of a room in metres."""

_TILED = ("kitchen", "bathroom", "hospital", "corridor", "shop", "restaurant", "laboratory", "station_hall", "lift")
_STONE_FLOORS = ("church", "cell", "cellar", "hall", "factory", "workshop", "space_corridor")
_WALKED = ("street", "square", "market", "village", "alley", "yard", "playground", "rooftop", "ruins", "harbour")


def paint_ground(setting: Setting) -> None:
    """Fill the stage with the ground of the place that the reading says."""
    place = setting.reading.place
    pen = setting.lens.pen(setting.lit_pen(), setting.shift, 0.0)
    snow = setting.reading.weather.lying_snow or setting.reading.weather.kind == "snow"
    if place.indoors:
        _inside(setting, pen)
    elif snow and place.family != "sea" and place.kind not in ("river", "lake"):
        _all(setting, hexed("e6eaf0"))
        _dabs(setting, pen, hexed("cfd6e0"), 0.5)
    else:
        _OUTSIDE.get(place.kind, _OUTSIDE.get(place.family, _plain))(setting, pen)
    if not place.indoors and setting.reading.weather.wet and not snow:
        _shine(setting, pen)


def _all(setting: Setting, colour: Colour) -> None:
    tone = setting.toned(colour)
    setting.band(setting.stage.top, setting.stage.bottom, tone, tone)


def _area(setting: Setting) -> tuple[float, float, float]:
    """Half the width and half the height of what is seen, and a fitting step between marks, in metres."""
    scale = setting.lens.scale()
    return setting.stage.width / 2 / scale + 1.6, setting.stage.height / 2 / scale + 1.0, min(2.4, 0.5 / scale)


def _spots(setting: Setting) -> list[tuple[float, float, float]]:
    """Points all over what is seen, each with a number from 0 to 1."""
    wide, high, step = _area(setting)
    chance, found = setting.chance, []
    y = -high
    while y < high:
        x = -wide
        while x < wide:
            found.append((x + step * chance.random(), y + step * chance.random(), chance.random()))
            x += step
        y += step
    return found


def _dabs(setting: Setting, pen: Pen, colour: Colour, long: float) -> None:
    """Short strokes: grass, straw, ripples in sand or snow."""
    for x, y, number in _spots(setting):
        size = long * (0.5 + number) * 0.4
        pen.line([(x - size, y), (x, y - size * 0.3 * (number - 0.5)), (x + size, y)], ink=0.8, colour=colour)


def _plain(setting: Setting, pen: Pen) -> None:
    _all(setting, hexed("9a9a8a"))


def _grass(setting: Setting, pen: Pen, ground: str = "8d9a58") -> None:
    tone = hexed(ground)
    _all(setting, tone)
    for x, y, number in _spots(setting):
        blade = 0.07 + 0.06 * number
        for lean in (-0.6, 0.0, 0.6):
            pen.line([(x, y), (x + lean * blade, y - blade)], ink=0.7, colour=darker(tone, 0.28))


def _earth(setting: Setting, pen: Pen) -> None:
    tone = hexed("a58a63")
    _all(setting, tone)
    _dabs(setting, pen, darker(tone, 0.2), 0.5)


def _sand(setting: Setting, pen: Pen) -> None:
    tone = hexed("d9bd88")
    _all(setting, tone)
    for x, y, number in _spots(setting):
        pen.line(arc(x, y, 0.35 + 0.3 * number, 0.1, 200, 340), ink=0.7, colour=darker(tone, 0.15))


def _rock(setting: Setting, pen: Pen) -> None:
    tone = hexed("94928c")
    _all(setting, tone)
    for x, y, number in _spots(setting):
        r = 0.14 + 0.2 * number
        pen.blob([(x - r, y), (x - r * 0.3, y - r * 0.7), (x + r, y - r * 0.2), (x + r * 0.4, y + r * 0.6)],
                 lighter(tone, 0.12 * number), ink=0.6)  # fmt: skip


def _water(setting: Setting, pen: Pen) -> None:
    tone = hexed("466878")
    _all(setting, tone)
    for x, y, number in _spots(setting):
        pen.line(smooth([(x - 0.3, y), (x, y - 0.07), (x + 0.3 + 0.2 * number, y)], closed=False), ink=0.8,
                 colour=lighter(tone, 0.22))  # fmt: skip


def _cobbles(setting: Setting, pen: Pen) -> None:
    tone = hexed("9c968c")
    _all(setting, tone)
    for x, y, number in _spots(setting):
        r = 0.09 + 0.03 * number
        pen.line([*oval(x, y, r, r * 0.8, points=8), (x + r, y)], ink=0.6, colour=darker(tone, 0.16))


def _asphalt(setting: Setting, pen: Pen) -> None:
    """A road across the picture, its middle line, and a kerb along its upper side."""
    tone, kerb = hexed("6f7073"), hexed("a8a49c")
    _all(setting, tone)
    wide, high, _ = _area(setting)
    pen.shape(box(-wide, -high - 1, wide, -1.9), kerb, ink=0.8)
    pen.line([(-wide, -1.75), (wide, -1.75)], ink=1.2, colour=lighter(kerb, 0.2))
    for i in range(-int(wide), int(wide) + 1, 2):
        pen.fill(box(i - 0.5, 1.2, i + 0.5, 1.32), hexed("dcd8cc"))
        pen.line([(i, -high - 1), (i, -1.9)], ink=0.6, colour=darker(kerb, 0.2))


def _platform(setting: Setting, pen: Pen) -> None:
    """A platform, its edge, and the rails beyond it."""
    tone, bed = hexed("a3a09a"), hexed("6a625a")
    _all(setting, tone)
    wide, high, _ = _area(setting)
    pen.fill(box(-wide, -high - 1, wide, -0.9), bed)
    for i in range(-int(wide * 1.5), int(wide * 1.5) + 1):
        pen.fill(box(i / 1.5 - 0.12, -2.9, i / 1.5 + 0.12, -1.1), darker(bed, 0.3))
    for y in (-2.6, -1.4):
        pen.line([(-wide, y), (wide, y)], ink=2.0, colour=hexed("c2c4c6"))
    pen.fill(box(-wide, -0.9, wide, -0.78), hexed("e2c65a"))


def _quay(setting: Setting, pen: Pen) -> None:
    _water(setting, pen)
    wide, high, _ = _area(setting)
    pen.shape(box(-wide, -1.0, wide, high + 1), hexed("a09a90"), ink=1.2)
    pen.line([(-wide, -0.75), (wide, -0.75)], ink=0.8)


def _wood(setting: Setting, pen: Pen) -> None:
    """Grass with the crowns of trees over it, none of them over the middle."""
    _grass(setting, pen, "6f7348")
    leaf = hexed("4f7548")
    for x, y, number in _spots(setting)[::4]:
        if abs(x) > 1.7 or abs(y) > 1.3:
            crown(pen, x, y, 0.55 + 0.35 * number, lighter(leaf, 0.2 * number))


def crown(pen: Pen, x: float, y: float, r: float, leaf: Colour) -> None:
    """The crown of a tree from above."""
    pen.blob([(x + r * u * (1.0 if i % 2 else 0.86), y + r * v * (1.0 if i % 2 else 0.86))
              for i, (u, v) in enumerate(oval(0, 0, 1, 1, points=10))], leaf)  # fmt: skip
    pen.fill(oval(x - r * 0.2, y - r * 0.25, r * 0.4, r * 0.35), lighter(leaf, 0.14))


def _inside(setting: Setting, pen: Pen) -> None:
    """The floor of a room and its walls, where the picture is wide enough to show them."""
    kind = setting.reading.place.kind
    tone = hexed("a39a8a" if kind in _STONE_FLOORS else "b9bdb6" if kind in _TILED else "a57f56")
    _all(setting, tone)
    wide, high, _ = _area(setting)
    line = darker(tone, 0.16)
    if kind in _TILED or kind in _STONE_FLOORS:
        step = 0.6 if kind in _TILED else 0.9
        for i in range(-int(wide / step) - 1, int(wide / step) + 2):
            pen.line([(i * step, -high - 1), (i * step, high + 1)], ink=0.6, colour=line)
        across = range(-int(high / step) - 2, int(high / step) + 3)
        for i in across:
            pen.line([(-wide, i * step), (wide, i * step)], ink=0.6, colour=line)
    else:
        for i in range(-int(high / 0.3) - 4, int(high / 0.3) + 5):
            pen.line([(-wide, i * 0.3), (wide, i * 0.3)], ink=0.6, colour=line)
            for x in range(-int(wide / 2) - 1, int(wide / 2) + 2):
                at = x * 2 + (1.0 if i % 2 else 0.0)
                pen.line([(at, i * 0.3), (at, i * 0.3 + 0.3)], ink=0.6, colour=line)
    if kind == "barn":
        _dabs(setting, pen, hexed("d8b968"), 0.4)
    grown = {True: 1.5, False: 0.75}.get(setting.reading.place.large, 1.0)  # type: ignore[arg-type]
    left, right, near, far = (each * grown for each in _ROOM)
    wall = hexed("55504a")
    for outline in (
        box(-wide - 9, -high - 9, left, high + 9),
        box(right, -high - 9, wide + 9, high + 9),
        box(left, -high - 9, right, -far),
        box(left, -near, right, high + 9),
    ):
        pen.fill(outline, wall)
    pen.line([(left, -far), (right, -far), (right, -near), (left, -near), (left, -far)], ink=2.0)


def _shine(setting: Setting, pen: Pen) -> None:
    """Puddles on wet ground."""
    for x, y, number in _spots(setting)[::7]:
        tone = setting.toned(hexed("b4c2cc"))
        pen.plain().fill(smooth([(x - 0.4, y), (x - 0.1, y - 0.14), (x + 0.4 + 0.2 * number, y), (x, y + 0.12)]), tone)


_Ground = Callable[[Setting, Pen], None]
_OUTSIDE: Mapping[str, _Ground] = {
    **dict.fromkeys(_WALKED, _cobbles),
    **dict.fromkeys(("field", "park", "garden", "graveyard", "hill", "camp", "headland"), _grass),
    "street": _asphalt, "road": _asphalt, "bridge": _asphalt, "station": _platform, "harbour": _quay,
    "farm": _earth, "battlefield": _earth, "desert": _sand, "shore": _sand, "mountains": _rock, "ruins": _rock,
    "sea": _water, "river": _water, "lake": _water, "swamp": _wood, "forest": _wood,
}  # fmt: skip
