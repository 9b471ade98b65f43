"""Rooms, corridors and stairs: walls in perspective, a window or lamp as the light, a few objects."""

from __future__ import annotations

import numpy as np

from vtx_app.render.animatic.frame.drawing import Point, Sheet, blurred, colour, noise, rectangle
from vtx_app.render.animatic.reading.situation import Situation
from vtx_app.render.animatic.scene.lamp_room import paint_lamp_room
from vtx_app.render.animatic.scene.palette import Palette
from vtx_app.render.animatic.scene.room_parts import (
    LAMPLIGHT,
    paint_door,
    paint_furniture,
    paint_lamp,
    paint_walls,
    paint_window,
)
from vtx_app.render.animatic.scene.sky import Ground

__all__ = ["paint_indoors"]


def _room(far: Sheet, mid: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator) -> Ground:
    w = far.aspect
    left, right = w * rng.uniform(0.12, 0.2), w * rng.uniform(0.8, 0.88)
    top, bottom = 0.1, 0.75
    paint_walls(far, palette, rng, left, right, top, bottom)
    mirrored = rng.random() < 0.5
    span = right - left

    def at(share: float) -> float:
        return left + span * (1 - share if mirrored else share)

    lights: list[Point] = []
    if "door" in situation.objects or rng.random() < 0.5:
        paint_door(far, palette, at(0.88), bottom, 0.5, "door" in situation.objects and situation.hour != "night")
    picture = rectangle(at(0.58), 0.26, at(0.58) + 0.1, 0.4)
    far.paint(palette.at(0.24), far.shape([picture], 0.001))
    if "fire" in situation.objects:
        hearth = rectangle(at(0.6) - 0.13, 0.5, at(0.6) + 0.13, bottom)
        far.paint(palette.dark, far.shape([hearth], 0.002))
        far.light(colour("ff8a3c"), far.glow(at(0.6), bottom - 0.05, 0.07), 1.0)
        far.light(colour("ff8a3c"), far.glow(at(0.6), bottom - 0.05, 0.3, wide=1.4), 0.5)
        lights.append((at(0.6), bottom - 0.05))
    if situation.hour != "night" or "window" in situation.objects or "lamp" not in situation.objects:
        wide = 0.24
        lights.append(paint_window(far, palette, situation, at(0.24) - wide / 2, 0.19, wide, 0.36))
    table, tabletop = w * (0.6 if not mirrored else 0.4) + rng.uniform(-0.1, 0.1), 0.72
    paint_furniture(mid, palette, situation, rng, table, tabletop)
    if "lamp" in situation.objects or situation.hour in ("night", "dusk"):
        if rng.random() < 0.5 and "bed" not in situation.objects:
            lamplight = paint_lamp(far, palette, table, 0.3, hanging=True)
        else:
            lamplight = (table + 0.2, tabletop - 0.12)
            shine = Sheet(mid.width, mid.height, clear=True)
            paint_lamp(shine, palette, table + 0.2, tabletop, hanging=False)
            mid.paint(shine.rgb, shine.cover)
            far.light(LAMPLIGHT, far.glow(*lamplight, 0.24), 0.6)
            mid.light(LAMPLIGHT, mid.glow(*lamplight, 0.14), 0.4)
        lights.insert(0, lamplight) if situation.hour == "night" else lights.append(lamplight)
    return Ground(0.5, 0.95, lights[0])


def _corridor(far: Sheet, mid: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator) -> Ground:
    w = far.aspect
    centre = w * rng.uniform(0.42, 0.58)
    left, right, top, bottom = centre - 0.13, centre + 0.13, 0.33, 0.66
    paint_walls(far, palette, rng, left, right, top, bottom)
    paint_door(far, palette, centre, bottom, 0.24, is_open=True)
    for side in (-1, 1):
        for a in (0.18, 0.3, 0.52):
            x, u = centre + side * a, centre + side * a * 1.28
            foot, foot2 = 0.5 + a * 1.23, 0.5 + a * 1.28 * 1.23
            head, head2 = 0.5 - a * 0.75, 0.5 - a * 1.28 * 0.75
            leaf = [(x, head), (u, head2), (u, foot2), (x, foot)]
            far.paint(palette.at(0.2), far.shape([leaf], 0.0015))
    for i, a in enumerate((0.16, 0.27, 0.46, 0.8)):
        y = 0.5 - a * 1.31
        far.light(palette.light, far.glow(centre, y, 0.012 + 0.03 * a, wide=2.2), 0.9)
        far.light(palette.light, far.glow(centre, 0.5 + a * 1.1, 0.03 + 0.1 * a, wide=2.6), 0.22 - 0.03 * i)
    far.light(palette.light, far.glow(centre, 0.55, 0.2), 0.3)
    return Ground(0.5, 0.93, (centre, 0.5))


def _stairs(far: Sheet, mid: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator) -> Ground:
    """Steps that wind up a round tower, lit through one narrow window."""
    w = far.aspect
    curve_shade = np.abs(far.columns() / w - 0.5) * 2
    stone = noise(rng, far.width, far.height, 16, stretch=1.8, octaves=4)[..., None]
    tone = palette.at(0.5) + (palette.at(0.12) - palette.at(0.5)) * (curve_shade**1.6)[..., None]
    far.paint((tone * (0.78 + 0.44 * stone)).astype(np.float32))
    courses = [rectangle(-0.1, y, w + 0.1, y + 0.004) for y in np.arange(0.04, 1, 0.085)]
    far.shade(far.shape(courses, 0.0014), 0.28)
    mirrored = rng.random() < 0.5
    x = w * (0.3 if not mirrored else 0.7)
    slit = [(x - 0.05, 0.3), (x - 0.05, 0.15), (x, 0.09), (x + 0.05, 0.15), (x + 0.05, 0.3)]
    glass = far.shape([slit], 0.002)
    moon = colour("9db8d6") if situation.hour == "night" else palette.light
    far.paint(moon, glass)
    far.light(moon, blurred(glass, 0.05), 0.7)
    way = 1 if not mirrored else -1
    shaft = [(x - 0.05, 0.12), (x + 0.05, 0.3), (x + way * 0.95, 1.02), (x + way * 0.5, 1.02)]
    far.light(moon, far.shape([shaft], 0.03) * np.clip(1.2 - far.rows(), 0, 1), 0.32)
    count = 13
    for layer, (rise, distance) in enumerate(((-0.55, 0.34), (0.0, 0.16))):
        steps: list[Point] = []
        for i in range(count + 1):
            share = i / count
            along = share if (layer == 0) != mirrored else 1 - share
            sx = -0.05 + (w + 0.1) * along
            sy = 0.97 + rise - 0.34 * np.sin(share * np.pi / 2)
            following = -0.05 + (w + 0.1) * (share + 1 / count if (layer == 0) != mirrored else 1 - share - 1 / count)
            steps += [(sx, float(sy)), (following, float(sy))]
        thick = 0.09 if layer == 0 else 0.6
        outline = [*steps, *((a, b + thick) for a, b in reversed(steps))]
        sheet = far if layer == 0 else mid
        mask = sheet.shape([outline], 0.0015)
        sheet.paint(palette.at(distance), mask)
        treads = [rectangle(*a, b[0], b[1] + 0.012) for a, b in zip(steps[::2], steps[1::2], strict=True)]
        sheet.light(moon, sheet.shape(treads, 0.002) * mask, 0.34)
    return Ground(0.5, 0.86, (x, 0.2))


def paint_indoors(far: Sheet, mid: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator) -> Ground:
    """Paint the room of ``situation``: walls on ``far``, furniture on ``mid``."""
    painters = {"room": _room, "corridor": _corridor, "stairs": _stairs, "lantern": paint_lamp_room}
    return painters[situation.place](far, mid, situation, palette, rng)
