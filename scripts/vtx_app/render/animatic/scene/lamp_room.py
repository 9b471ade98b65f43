"""The lamp room of a lighthouse: windows all round, the weather outside, and the lens, lit or dark."""

from __future__ import annotations

import math

import numpy as np

from vtx_app.render.animatic.frame.drawing import Point, Sheet, blurred, colour, ellipse, mix, rectangle, trapezoid
from vtx_app.render.animatic.reading.situation import Situation
from vtx_app.render.animatic.scene.palette import Palette
from vtx_app.render.animatic.scene.sky import Ground, paint_sky

__all__ = ["paint_lamp_room"]

_GOLD = colour("ffc46b")
_GLASS = colour("8fb3a8")


def _arc(x: float, y: float, a: float, b: float, thick: float) -> list[Point]:
    """A band along the lower half of an ellipse round (x, y): a ring of glass seen from the front."""
    angles = np.linspace(0, math.pi, 24)
    outer = [(x + a * math.cos(t), y + b * math.sin(t)) for t in angles]
    inner = [(x + a * math.cos(t), y + b * math.sin(t) + thick) for t in angles]
    return [*outer, *reversed(inner)]


def _half_width(share: float) -> float:
    """Half the width of the barrel-shaped lens; ``share`` is 0 at its top, 1 at its foot."""
    return 0.15 + 0.17 * float(math.sin(math.pi * min(1.0, max(0.0, share))) ** 0.7)


def _lens(sheet: Sheet, palette: Palette, x: float, lit: bool) -> Point:
    """Paint the lens, its frame and its pillar; return where its light is."""
    top, foot = 0.1, 0.78
    brass = mix(palette.at(0.2), colour("a97a38"), 0.6 if lit else 0.3)
    dark = mix(palette.at(0.35), _GLASS, 0.25)
    sheet.paint(palette.at(0.05), sheet.shape([trapezoid(x, foot, 0.1, 1.05, 0.14)], 0.0015))  # the pillar
    left = [(x - _half_width(s), top + (foot - top) * s) for s in np.linspace(0, 1, 24)]
    right = [(x + _half_width(s), top + (foot - top) * s) for s in np.linspace(1, 0, 24)]
    barrel = sheet.shape([[*left, *right]], 0.0015)
    sheet.paint(mix(dark, palette.dark, 0.45), barrel, 0.9)
    if lit:
        sheet.light(_GOLD, sheet.glow(x, 0.44, 0.17) * barrel, 0.9)
    prisms = []
    for s in [*np.linspace(0.03, 0.27, 8), *np.linspace(0.73, 0.97, 8)]:
        half, y = _half_width(float(s)) * 0.96, top + (foot - top) * float(s)
        prisms.append(_arc(x, y - 0.012, half, 0.02, 0.012))
    bands = sheet.shape(prisms, 0.0012)
    rings = [
        [*ellipse(x, 0.44, 0.285 * k, 0.15 * k), *reversed(ellipse(x, 0.44, 0.285 * k - 0.012, 0.15 * k - 0.01))]
        for k in np.linspace(0.24, 1.0, 7)
    ]
    circles = sum(sheet.shape([ring], 0.0012) for ring in rings)
    shine = np.clip(bands + circles, 0, 1) * barrel
    sheet.light(
        mix(_GOLD, colour("ffffff"), 0.3) if lit else mix(palette.low, _GLASS, 0.4), shine, 0.75 if lit else 0.3
    )
    frame: list[list[Point]] = [
        [(x + side * (_half_width(s) - 0.008) + d, top + (foot - top) * s) for s, d in
         [*((s, -0.007) for s in np.linspace(0, 1, 20)), *((s, 0.007) for s in np.linspace(1, 0, 20))]]
        for side in (-1, 1)
    ]  # fmt: skip
    for y, half in ((top, 0.16), (top + (foot - top) * 0.29, 0.3), (top + (foot - top) * 0.71, 0.3), (foot, 0.17)):
        frame.append(rectangle(x - half, y - 0.01, x + half, y + 0.01))
    metal = sheet.shape(frame, 0.0012)
    sheet.paint(brass, metal)
    sheet.light(palette.light, (metal - blurred(metal, 0.006)) * metal, 0.35)
    if lit:
        eye = sheet.shape([ellipse(x, 0.44, 0.05, 0.03)], 0.008)
        sheet.light(colour("fff3d6"), eye, 1.0)
        sheet.light(_GOLD, sheet.glow(x, 0.44, 0.1) * np.clip(sheet.cover, 0, 1), 0.6)
    return x, 0.44


def paint_lamp_room(far: Sheet, mid: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator) -> Ground:
    """Paint sky, sea and windows on ``far``, the lens on ``mid``; it burns unless the prompt says that it is out."""
    w, horizon = far.aspect, 0.7
    sky_light = paint_sky(far, situation, palette, rng, horizon)
    sea = np.clip((far.rows() - horizon) * far.height, 0, 1) * np.ones_like(far.columns())
    far.paint(mix(palette.low, palette.dark, 0.6), sea)
    far.light(palette.light, far.glow(sky_light[0], horizon + 0.05, 0.05, wide=4) * sea, 0.3 * palette.power)
    x = w * float(rng.choice([0.36, 0.64]))
    bars: list[list[Point]] = []
    bottom = 0.84
    for share in np.linspace(-1.05, 1.05, 8):
        at = w / 2 + w * 0.56 * math.sin(share * 1.3) / math.sin(1.3)
        thin = 0.007 + 0.006 * abs(share)
        bars.append(rectangle(at - thin, -0.05, at + thin, bottom))
    bars += [rectangle(-0.1, y - 0.006, w + 0.1, y + 0.006) for y in (0.07, 0.43)]
    far.paint(palette.at(0.04), far.shape(bars, 0.0015))
    wall = rectangle(-0.1, bottom, w + 0.1, 1.1)
    roof = [(-0.1, -0.1), (w + 0.1, -0.1), (w + 0.1, 0.05), (w / 2, 0.015), (-0.1, 0.05)]
    far.paint(palette.at(0.08), far.shape([wall, roof], 0.002))
    rivets = [ellipse(float(a), 0.87, 0.006, 0.006) for a in np.arange(0.05, w, 0.09)]
    far.shade(far.shape(rivets, 0.001), 0.5)
    light = _lens(mid, palette, x, situation.lit)
    if situation.lit:
        far.light(_GOLD, far.glow(*light, 0.3), 0.5)
        for way in (-1, 1):
            beam = [(x + way * 0.28, 0.36), (x + way * 2.4, 0.2), (x + way * 2.4, 0.66), (x + way * 0.28, 0.52)]
            fade = np.clip(1.15 - np.abs(far.columns() - x) / 1.3, 0, 1)
            far.light(_GOLD, far.shape([beam], 0.02) * fade, 0.3)
        far.light(_GOLD, far.glow(x, 0.92, 0.1, wide=4), 0.25)
        return Ground(0.55, 0.97, light)
    return Ground(0.55, 0.97, sky_light)
