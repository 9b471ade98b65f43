"""Objects that the prompt names: landmarks in open places, and the subject of an insert shot."""

from __future__ import annotations

import math

import numpy as np

from vtx_app.render.animatic.frame.drawing import (
    Mask,
    Point,
    Sheet,
    blurred,
    colour,
    curve,
    ellipse,
    mix,
    noise,
    rectangle,
    shifted,
)
from vtx_app.render.animatic.reading.situation import Situation
from vtx_app.render.animatic.scene.palette import Palette
from vtx_app.render.animatic.scene.sky import Ground

__all__ = ["paint_insert", "paint_landmarks"]

_LAMPLIGHT = colour("ffcf8a")


def _at(points: list[Point], x: float, y: float, size: float) -> list[Point]:
    """``points``, given in object sizes from its foot, on the sheet."""
    return [(x + px * size, y + py * size) for px, py in points]


def _solid(sheet: Sheet, palette: Palette, mask: Mask, distance: float, ground: Ground, x: float, size: float) -> None:
    """Paint an object in the tone of ``distance``, its side towards the light lit."""
    sheet.paint(palette.at(distance), mask)
    side = 1 if ground.light[0] > x else -1
    lit = np.clip(mask - shifted(blurred(mask, 0.02 * size), -side * 0.05 * size, 0.0), 0, 1) * mask
    sheet.light(mix(palette.light, palette.air, 0.4), lit, 0.5 * palette.power)


def _lighthouse(far: Sheet, palette: Palette, ground: Ground, x: float, dark_hour: bool) -> None:
    size, foot = 0.42, ground.horizon - 0.02
    rock = curve([(-0.5, 0.12), (-0.3, 0.0), (-0.1, -0.035), (0.14, -0.03), (0.34, 0.02), (0.6, 0.12)], closed=False)
    _solid(far, palette, far.shape([[*_at(rock, x, foot, size), (x, foot + 0.04)]], 0.0015), 0.3, ground, x, size)
    tower = [(-0.075, 0.0), (-0.045, -0.76), (0.045, -0.76), (0.075, 0.0)]
    gallery = rectangle(-0.072, -0.78, 0.072, -0.755)
    cap = [(-0.05, -0.89), (0.0, -0.97), (0.05, -0.89)]
    mask = far.shape([_at(part, x, foot, size) for part in (tower, gallery, cap)], 0.0012)
    _solid(far, palette, mask, 0.22, ground, x, size * 0.4)
    bands = [_at(rectangle(-0.08, a, 0.08, a - 0.15), x, foot, size) for a in (-0.15, -0.45)]
    far.paint(palette.at(0.62), far.shape(bands, 0.0012) * mask, 0.6)
    room = far.shape([_at(rectangle(-0.04, -0.89, 0.04, -0.78), x, foot, size)], 0.0012)
    far.paint(_LAMPLIGHT if dark_hour else palette.at(0.7), room)
    hut = [(0.12, 0.01), (0.12, -0.1), (0.2, -0.17), (0.28, -0.1), (0.28, 0.01)]
    _solid(far, palette, far.shape([_at(hut, x, foot, size)], 0.0012), 0.26, ground, x, size * 0.3)
    if dark_hour:
        lamp = (x, foot - 0.835 * size)
        far.light(_LAMPLIGHT, far.glow(*lamp, 0.022), 1.0)
        far.light(_LAMPLIGHT, far.glow(*lamp, 0.11), 0.4)
        for way, reach in ((-1, 1.6), (1, 1.1)):
            beam = [lamp, (lamp[0] + way * reach, lamp[1] - 0.16), (lamp[0] + way * reach, lamp[1] + 0.05)]
            fade = np.clip(1 - np.abs(far.columns() - lamp[0]) / reach, 0, 1)
            far.light(_LAMPLIGHT, far.shape([beam], 0.007) * fade, 0.36)


def _boat(sheet: Sheet, palette: Palette, ground: Ground, x: float, y: float, size: float) -> None:
    hull = curve([(-0.5, -0.12), (-0.42, 0.02), (0.34, 0.02), (0.56, -0.2), (0.3, -0.12), (0.0, -0.1)], steps=4)
    house = [(-0.28, -0.1), (-0.28, -0.32), (0.02, -0.32), (0.05, -0.1)]
    mast = [(0.1, -0.1), (0.1, -0.8), (0.118, -0.8), (0.118, -0.1)]
    rope = [(0.11, -0.8), (0.55, -0.2), (0.545, -0.195), (0.105, -0.78)]
    mask = sheet.shape([_at(part, x, y, size) for part in (hull, house, mast, rope)], 0.001)
    _solid(sheet, palette, mask, 0.18, ground, x, size * 0.4)
    sheet.shade(sheet.shape([_at([(-0.46, 0.02), (0.36, 0.02), (0.2, 0.16), (-0.36, 0.14)], x, y, size)], 0.006), 0.4)
    window = sheet.shape([_at(rectangle(-0.22, -0.28, -0.08, -0.2), x, y, size)], 0.001)
    sheet.light(_LAMPLIGHT, window, 0.7)


def _house(sheet: Sheet, palette: Palette, ground: Ground, x: float, y: float, size: float, dark_hour: bool) -> None:
    walls = [(-0.5, 0.0), (-0.5, -0.42), (0.5, -0.42), (0.5, 0.0)]
    roof = [(-0.58, -0.4), (-0.36, -0.74), (0.36, -0.74), (0.58, -0.4)]
    chimney = [(0.18, -0.7), (0.18, -0.92), (0.28, -0.92), (0.28, -0.7)]
    body = sheet.shape([_at(walls, x, y, size)], 0.0012)
    _solid(sheet, palette, body, 0.34, ground, x, size * 0.4)
    top = sheet.shape([_at(part, x, y, size) for part in (roof, chimney)], 0.0012)
    _solid(sheet, palette, top, 0.16, ground, x, size * 0.3)
    door = _at([(-0.07, 0.0), (-0.07, -0.27), (0.07, -0.27), (0.07, 0.0)], x, y, size)
    sheet.paint(palette.at(0.1), sheet.shape([door], 0.001))
    panes = [_at([(a, -0.14), (a, -0.29), (a + 0.14, -0.29), (a + 0.14, -0.14)], x, y, size) for a in (-0.37, 0.22)]
    glass = sheet.shape(panes, 0.001)
    sheet.paint(_LAMPLIGHT if dark_hour else palette.at(0.12), glass, 0.95)
    if dark_hour:
        sheet.light(_LAMPLIGHT, blurred(glass, 0.03), 0.8)


def _car(sheet: Sheet, palette: Palette, ground: Ground, x: float, y: float, size: float, dark_hour: bool) -> None:
    rear: list[Point] = [(-0.5, -0.04), (-0.5, -0.17), (-0.34, -0.2), (-0.2, -0.33)]
    front: list[Point] = [(0.12, -0.33), (0.26, -0.2), (0.46, -0.17), (0.52, -0.08), (0.5, -0.04)]
    body = curve([*rear, *front], steps=4)
    wheels = [
        [(a + 0.085 * math.cos(t), -0.055 + 0.085 * math.sin(t)) for t in np.linspace(0, 6.28, 20)]
        for a in (-0.31, 0.3)
    ]
    sheet.shade(np.clip(sheet.glow(x, y, 0.05 * size, wide=6), 0, 1), 0.5)
    mask = sheet.shape([_at(part, x, y, size) for part in (body, *wheels)], 0.001)
    _solid(sheet, palette, mask, 0.14, ground, x, size * 0.3)
    glass = curve([(-0.28, -0.2), (-0.18, -0.3), (0.1, -0.3), (0.2, -0.2)], steps=4)
    sheet.paint(palette.at(0.55), sheet.shape([_at(glass, x, y, size)], 0.001), 0.6)
    if dark_hour:
        lamp = (x + 0.5 * size, y - 0.13 * size)
        sheet.light(_LAMPLIGHT, sheet.glow(*lamp, 0.02), 1.0)
        sheet.light(_LAMPLIGHT, sheet.glow(lamp[0] + 0.16 * size, y, 0.05, wide=3), 0.4)


def _tree(
    sheet: Sheet, palette: Palette, ground: Ground, rng: np.random.Generator, x: float, y: float, size: float
) -> None:
    """Paint a bare tree: limbs that fork four times."""
    parts: list[list[Point]] = []

    def limb(px: float, py: float, angle: float, length: float, width: float, forks: int) -> None:
        qx, qy = px + math.sin(angle) * length, py - math.cos(angle) * length
        nx, ny = math.cos(angle) * width, math.sin(angle) * width
        parts.append(
            [(px - nx, py - ny), (qx - nx * 0.65, qy - ny * 0.65), (qx + nx * 0.65, qy + ny * 0.65), (px + nx, py + ny)]
        )
        if forks:
            for turn in (-0.5, 0.08, 0.52):
                to = angle + turn * rng.uniform(0.7, 1.3)
                limb(qx, qy, to, length * rng.uniform(0.6, 0.78), width * 0.62, forks - 1)

    limb(x, y + 0.01, rng.normal(0, 0.06), size * 0.34, size * 0.028, 4)
    _solid(sheet, palette, sheet.shape(parts, 0.001), 0.1, ground, x, size * 0.2)


def paint_landmarks(
    far: Sheet, mid: Sheet, situation: Situation, palette: Palette, ground: Ground, rng: np.random.Generator
) -> None:
    """Paint the landmarks of an open place: each at the same spot in every shot there."""
    dark_hour = situation.hour in ("night", "dusk") or situation.weather in ("storm", "rain")
    spots = [far.aspect * share for share in rng.permutation([0.26, 0.5, 0.76])]
    floor = ground.horizon + (0.13 if situation.place in ("field", "desert", "mountains", "forest") else 0.2)
    if "lighthouse" in situation.objects and situation.place in ("sea", "field", "mountains"):
        _lighthouse(far, palette, ground, spots[0], dark_hour)
    if "boat" in situation.objects and situation.place == "sea":
        _boat(far, palette, ground, spots[1], ground.horizon + 0.09, 0.2)
    if "house" in situation.objects and situation.place in ("field", "mountains", "forest", "desert"):
        _house(mid, palette, ground, spots[1], floor + 0.02, 0.34, dark_hour)
    if "tree" in situation.objects and situation.place in ("field", "desert", "mountains"):
        _tree(mid, palette, ground, rng, spots[2], floor + 0.06, 0.5)
    if "car" in situation.objects and situation.place in ("city", "field", "desert"):
        _car(mid, palette, ground, spots[2], floor + 0.1, 0.42, dark_hour)


def _ring(x: float, y: float, a: float, b: float) -> list[Point]:
    return ellipse(x, y, a, b, 60)


_PLAQUE_ROWS = ((-0.2, 0.36), (-0.11, 0.28), (-0.02, 0.38), (0.09, 0.32))
_THINGS: dict[str, list[list[Point]]] = {
    "letter": [[(-0.42, -0.02), (0.2, -0.14), (0.46, 0.16), (-0.2, 0.32)]],
    "cup": [curve([(-0.2, -0.34), (0.2, -0.34), (0.19, 0.0), (0.14, 0.16), (-0.14, 0.16), (-0.19, 0.0)], steps=4),
            [*_ring(0.24, -0.14, 0.12, 0.13), *reversed(_ring(0.24, -0.14, 0.075, 0.085))]],
    "key": [[*_ring(-0.26, 0.04, 0.15, 0.12), *reversed(_ring(-0.26, 0.04, 0.08, 0.06))], [(-0.13, 0.0),
        (0.42, 0.0), (0.42, 0.06), (-0.13, 0.06)],
            [(0.3, 0.05), (0.42, 0.05), (0.42, 0.17), (0.38, 0.17), (0.38, 0.11), (0.34, 0.11), (0.34, 0.15),
            (0.3, 0.15)]],
    "radio": [curve([(-0.42, -0.28), (0.42, -0.28), (0.44, 0.2), (-0.44, 0.2)], steps=6), [(0.34, -0.28),
        (0.36, -0.28), (0.5, -0.72), (0.485, -0.72)]],
    "plaque": [[(-0.5, -0.26), (-0.46, -0.3), (0.46, -0.3), (0.5, -0.26), (0.5, 0.18),
                (0.46, 0.22), (-0.46, 0.22), (-0.5, 0.18)]],
    "clock": [_ring(0, -0.1, 0.34, 0.34)],
    "lamp": [[(-0.13, -0.34), (0.13, -0.34), (0.17, 0.08), (-0.17, 0.08)], [(-0.2, 0.08), (0.2, 0.08),
        (0.22, 0.18), (-0.22, 0.18)],
             [(-0.16, -0.34), (0.0, -0.5), (0.16, -0.34)], [*_ring(0, -0.52, 0.14, 0.12),
             *reversed(_ring(0, -0.52, 0.125, 0.105))]],
}  # fmt: skip


def paint_insert(back: Sheet, front: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator) -> None:
    """Paint one object on a table, near, in a pool of light; the room behind it is blurred."""
    name = next((name for name in situation.objects if name in _THINGS), "letter")
    w, edge = back.aspect, 0.56
    top = rectangle(-0.1, edge, w + 0.1, 1.1)
    grain = noise(rng, back.width, back.height, 26, stretch=9, octaves=3)[..., None]
    board = back.shape([top], 0.01)
    back.paint((mix(palette.at(0.3), palette.low, 0.12) * (0.7 + 0.5 * grain)).astype(np.float32), board)
    side = float(rng.choice([-1, 1]))
    x, y, size = w * 0.5 - side * w * rng.uniform(0.04, 0.1), 0.68, 0.62
    back.light(palette.light, back.glow(x + side * 0.25, y, 0.22, wide=1.8), 0.55 * palette.power)
    parts = [_at(part, x, y, size) for part in _THINGS[name]]
    mask = front.shape(parts, 0.002)
    back.shade(blurred(shifted(mask, -side * 0.05, 0.03), 0.02) * board, 0.6)
    pale = name in ("letter", "cup", "clock")
    front.paint(mix(palette.low, palette.light, 0.45) if pale else mix(palette.at(0.3), colour("b08a4c"), 0.5), mask)
    if name == "letter":
        rows = []
        for i in range(7):
            a = (-0.3 + i * 0.032, 0.02 + i * 0.036)
            b = (0.17 + i * 0.032 - (0.2 if i == 6 else 0.0), -0.068 + i * 0.036)
            rows.append(_at([a, b, (b[0], b[1] + 0.009), (a[0], a[1] + 0.009)], x, y, size))
        front.paint(palette.at(0.12), front.shape(rows, 0.0015) * mask, 0.65)
    if name == "plaque":
        words = [_at(rectangle(-0.4, row, a, row + 0.03), x, y, size) for row, a in _PLAQUE_ROWS]
        front.shade(front.shape(words, 0.0025), 0.55)
    if name == "clock":
        hands = [
            [(-0.012, -0.1), (-0.012, -0.32), (0.012, -0.32), (0.012, -0.1)],
            [(0.0, -0.112), (0.17, -0.02), (0.16, 0.0), (-0.01, -0.09)],
        ]
        ticks = [
            [
                (0.29 * math.cos(t + d) * k, -0.1 + 0.29 * math.sin(t + d) * k)
                for d, k in ((-0.02, 1), (0.02, 1), (0.02, 0.88), (-0.02, 0.88))
            ]
            for t in np.linspace(0, 6.283, 13)
        ]
        front.paint(palette.dark, front.shape([_at(part, x, y, size) for part in (*hands, *ticks)], 0.0015), 0.85)
    if name == "radio":
        front.paint(palette.dark, front.shape([_at(_ring(-0.18, -0.04, 0.16, 0.16), x, y, size)], 0.002), 0.7)
        dial = _at(rectangle(0.08, -0.16, 0.34, -0.06), x, y, size)
        front.light(_LAMPLIGHT, front.shape([dial], 0.003), 0.8)
    if name == "lamp":
        front.light(_LAMPLIGHT, front.glow(x, y - 0.08, 0.06) * mask, 1.0)
        back.light(_LAMPLIGHT, back.glow(x, y - 0.08, 0.26), 0.8)
    form = np.clip(shifted(blurred(mask, 0.06), side * 0.1, 0.02), 0, 1) * mask
    front.shade((mask - form) * mask * 0.6, 0.8)
    rim = np.clip(mask - shifted(mask, -side * 0.005, 0.004), 0, 1)
    front.light(palette.light, blurred(rim, 0.002) * mask, 0.6 * palette.power)
