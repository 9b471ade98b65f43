"""Open places: sea, forest, city, desert, mountains, field. Painted from far and pale to near and dark."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vtx_app.render.animatic.frame.drawing import Mask, Point, Sheet, blurred, mix, noise
from vtx_app.render.animatic.reading.situation import Situation
from vtx_app.render.animatic.scene.city import paint_city
from vtx_app.render.animatic.scene.palette import Palette
from vtx_app.render.animatic.scene.sky import Ground, paint_sky

__all__ = ["paint_outdoors"]


def _ridge(
    sheet: Sheet, rng: np.random.Generator, y: float, rise: float, cells: float, sharp: float = 0.0
) -> list[Point]:
    """The outline of hills whose height varies by ``rise`` about ``y``; ``sharp`` is 0 for rolling, 1 for craggy."""
    count = 160
    x = np.linspace(-0.05, sheet.aspect + 0.05, count)
    line = np.zeros(count)
    weight = 1.0
    for octave in range(6):
        knots = max(3, round(cells * 2**octave))
        values = rng.normal(0, 1, knots + 1)
        at = np.linspace(0, knots, count)
        smooth = np.interp(at, np.arange(knots + 1), values)
        if octave < 2 and sharp < 0.5:
            smooth = np.convolve(np.pad(smooth, 12, mode="edge"), np.hanning(25) / np.hanning(25).sum(), "valid")
        line += weight * smooth
        weight *= 0.32 + 0.22 * sharp
    tops = y - rise * 0.5 * line
    return [(float(x[0]), 1.1), *zip(x.tolist(), tops.tolist(), strict=True), (float(x[-1]), 1.1)]


def _band(
    sheet: Sheet,
    palette: Palette,
    rng: np.random.Generator,
    outline: list[Point],
    distance: float,
    soft: float = 0.0015,
) -> Mask:
    """Fill ``outline`` with the tone of ``distance``, paler towards its foot, and return its mask."""
    mask = sheet.shape([outline], soft)
    texture = noise(rng, sheet.width, sheet.height, 14, stretch=2.5, octaves=3)[..., None]
    top = min(y for _, y in outline)
    fade = np.clip((sheet.rows() - top) / 0.35, 0, 1)[..., None] * 0.25 * distance
    tone = palette.at(distance) * (0.86 + 0.28 * texture)
    sheet.paint((tone + (palette.air - tone) * fade).astype(np.float32), mask)
    return mask


def _sea(
    far: Sheet, mid: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator, light: Point
) -> Ground:
    horizon = 0.56
    rough = situation.weather in ("storm", "rain")
    y = far.rows()
    below = np.clip((y - horizon) * far.height, 0, 1)
    depth = np.clip((y - horizon) / (1 - horizon), 0, 1)
    tone = palette.low + (mix(palette.high, palette.dark, 0.45) - palette.low) * np.sqrt(depth)[..., None]
    far.paint((tone * 0.82).astype(np.float32), below)
    texture = noise(rng, 512, 512, 40, stretch=1.0, octaves=3)
    row = (90 / (depth[:, 0] * 2.2 + 0.08)).astype(int)
    across = (far.columns()[0][None, :] - far.aspect / 2) * (26 / (depth * 3 + 0.12)) + 256
    waves = texture[row[:, None] % 512, across.astype(int) % 512] - 0.5
    crest = np.clip(waves * 4 - 0.3, 0, 1) * below
    trough = np.clip(-waves * 4 - 0.3, 0, 1) * below
    far.shade(trough.astype(np.float32), 0.35 if rough else 0.22)
    far.light(palette.air, (crest * (0.3 + depth)).astype(np.float32), 0.45 if rough else 0.16)
    path = np.exp(-(((far.columns() - light[0]) / (0.05 + 0.5 * depth)) ** 2)) * below
    far.light(palette.light, (path * np.clip(waves * 6 + 0.5, 0, 1)).astype(np.float32), 0.75 * palette.power)
    if rng.random() < 0.8:
        outline = _ridge(far, rng, horizon - 0.012, 0.03, 2)
        slope = rng.choice([-1, 1])
        headland = [(x, yy + max(0.0, slope * (x / far.aspect - 0.5)) * 0.2) for x, yy in outline]
        foot = horizon + 0.003
        _band(far, palette, rng, [(x, min(yy, foot) if yy < 1 else foot) for x, yy in headland], 0.6)
    far.light(palette.air, np.exp(-(((y - horizon) / 0.02) ** 2)) * np.ones_like(path), 0.25)
    shore = _ridge(mid, rng, 0.86, 0.07, 3, sharp=0.7)
    left = rng.random() < 0.5
    rocks = [(x, yy - 0.12 * (x if not left else mid.aspect - x) / mid.aspect if yy < 1.05 else yy) for x, yy in shore]
    _rocks(mid, palette, rng, rocks)
    return Ground(horizon, 0.9, light)


def _rocks(mid: Sheet, palette: Palette, rng: np.random.Generator, outline: list[Point]) -> None:
    mask = _band(mid, palette, rng, outline, 0.16)
    facets = noise(rng, mid.width, mid.height, 9, stretch=2.0, octaves=4)
    lit = np.clip((facets - np.roll(facets, (2, 3), (0, 1))) * 14, 0, 1) * mask
    mid.light(palette.air, lit.astype(np.float32), 0.2)
    mid.shade((blurred(mask, 0.08) * mask * 0.5).astype(np.float32), 0.5)


def _trunk(rng: np.random.Generator, x: float, foot: float, width: float) -> list[Point]:
    top, lean = -0.05, rng.normal(0, 0.02)
    return [
        (x - width * 0.9, foot), (x - width * 0.5, foot - 0.08), (x - width * 0.4 + lean, top),
        (x + width * 0.4 + lean, top), (x + width * 0.5, foot - 0.08), (x + width, foot),
    ]  # fmt: skip


def _pine(rng: np.random.Generator, x: float, foot: float, high: float) -> list[Point]:
    left: list[Point] = []
    right: list[Point] = []
    tiers = 13
    for i in range(tiers):
        y = foot - high * (1 - i / tiers)
        half = high * 0.17 * ((i + 0.6) / tiers) ** 0.85 * rng.uniform(0.85, 1.15)
        left += [(x - half * 0.66, y), (x - half, y + high * 0.05)]
        right += [(x + half * 0.66, y), (x + half * rng.uniform(0.85, 1.1), y + high * 0.05)]
    return [(x, foot - high * 1.06), *right, (x, foot), *reversed(left)]


def _forest(
    far: Sheet, mid: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator, light: Point
) -> Ground:
    horizon = 0.56
    haze = np.clip((far.rows() - 0.15) * 2.2, 0, 1) * np.ones_like(far.columns())
    far.paint(mix(palette.low, palette.air, 0.5), haze, 0.85)
    for distance, count, high in ((0.82, 30, 0.34), (0.62, 22, 0.46), (0.45, 13, 0.6)):
        trees = [
            _pine(rng, rng.uniform(-0.1, far.aspect + 0.1), horizon + 0.1, high * rng.uniform(0.7, 1.25))
            for _ in range(count)
        ]
        far.paint(palette.at(distance), far.shape(trees, 0.002 + 0.002 * distance))
        mist = noise(rng, far.width, far.height, 3, stretch=4)
        band = np.exp(-(((far.rows() - horizon - 0.02) / 0.13) ** 2)) * (0.5 + 0.5 * mist)
        far.paint(mix(palette.air, palette.light, 0.25), band.astype(np.float32), 0.45)
    shafts = noise(rng, far.width, far.height, 1.2, stretch=0.16, octaves=2)
    slant = np.take_along_axis(
        shafts, (np.arange(far.width)[None, :] + np.arange(far.height)[:, None] // 3) % far.width, 1
    )
    beams = np.clip(slant - 0.5, 0, 1) * np.clip(1.0 - far.rows() * 1.2, 0, 1)
    far.light(palette.light, beams.astype(np.float32), 0.5 * palette.power)
    _band(mid, palette, rng, _ridge(mid, rng, 0.72, 0.03, 3), 0.3)
    for distance, count, width in ((0.24, 6, 0.016), (0.1, 4, 0.032)):
        spots = rng.permutation(np.linspace(0.02, 0.98, count * 2))[:count]
        spots = spots[np.abs(spots - 0.5) > (0.0 if distance > 0.2 else 0.16)] * mid.aspect
        foot = 0.74 if distance > 0.2 else 0.84
        trunks = [_trunk(rng, float(x), foot, width * rng.uniform(0.7, 1.3)) for x in spots]
        mask = mid.shape(trunks, 0.0012)
        mid.paint(palette.at(distance), mask)
        side = 1 if light[0] > mid.aspect / 2 else -1
        edge = np.clip(mask - np.roll(mask, -side * max(1, mid.height // 110), 1), 0, 1)
        mid.light(palette.light, edge.astype(np.float32), 0.3 * palette.power)
    _band(mid, palette, rng, _ridge(mid, rng, 0.86, 0.03, 6, sharp=1.0), 0.12, 0.003)
    return Ground(horizon, 0.86, light)


def _desert(
    far: Sheet, mid: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator, light: Point
) -> Ground:
    _band(far, palette, rng, _ridge(far, rng, 0.55, 0.04, 4), 0.75)
    _band(far, palette, rng, _ridge(far, rng, 0.62, 0.05, 1), 0.5)
    for y, distance in ((0.72, 0.36), (0.84, 0.2)):
        mask = _band(mid, palette, rng, _ridge(mid, rng, y, 0.08, 1), distance)
        sun = np.clip(1 - np.abs(mid.columns() - light[0]) / 0.8, 0.1, 1)
        sun = sun * np.clip(1 - (mid.rows() - y + 0.06) / 0.16, 0, 1)
        mid.light(palette.light, (mask * sun).astype(np.float32), 0.4 * palette.power)
    return Ground(0.57, 0.87, light)


def _mountains(
    far: Sheet, mid: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator, light: Point
) -> Ground:
    for y, rise, distance in ((0.36, 0.2, 0.8), (0.46, 0.16, 0.62), (0.56, 0.1, 0.44)):
        mask = _band(far, palette, rng, _ridge(far, rng, y, rise, 3, sharp=1.0), distance)
        facets = noise(rng, far.width, far.height, 7, octaves=4)
        side = 1 if light[0] > far.aspect / 2 else -1
        lit = np.clip((np.roll(facets, side * far.height // 60, 1) - facets) * 6, 0, 1) * mask
        far.light(palette.light, (lit * np.clip(1.6 - far.rows() * 2, 0, 1)).astype(np.float32), 0.26 * palette.power)
    _band(mid, palette, rng, _ridge(mid, rng, 0.7, 0.06, 2), 0.26)
    _rocks(mid, palette, rng, _ridge(mid, rng, 0.87, 0.05, 3, sharp=0.8))
    return Ground(0.58, 0.88, light)


def _field(
    far: Sheet, mid: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator, light: Point
) -> Ground:
    _band(far, palette, rng, _ridge(far, rng, 0.55, 0.05, 2), 0.78)
    _band(far, palette, rng, _ridge(far, rng, 0.59, 0.03, 3), 0.58)
    trees = [(x, 0.6 - rng.uniform(0.005, 0.035)) for x in np.linspace(0, far.aspect, 60)]
    far.paint(palette.at(0.42), far.shape([[(-0.1, 0.63), *trees, (far.aspect + 0.1, 0.63)]], 0.002))
    ground = _band(mid, palette, rng, _ridge(mid, rng, 0.62, 0.012, 1), 0.34)
    furrows = noise(rng, mid.width, mid.height, 30, stretch=7)
    lit = np.clip(furrows - 0.45, 0, 1) * ground * np.clip(mid.rows() - 0.55, 0, 1)
    mid.light(palette.light, lit.astype(np.float32), 0.9 * palette.power)
    foot, end = mid.aspect * rng.uniform(0.3, 0.7), mid.aspect * rng.uniform(0.35, 0.65)
    bend = rng.uniform(-0.2, 0.2)
    left = [(end - 0.006, 0.626), (end + bend - 0.03, 0.72), (foot - 0.3, 1.02)]
    right = [(foot + 0.22, 1.02), (end + bend + 0.03, 0.72), (end + 0.006, 0.626)]
    mid.paint(mix(palette.at(0.5), palette.low, 0.3), mid.shape([left + right], 0.006), 0.6)
    return Ground(0.57, 0.88, light)


_PAINTERS: dict[str, Callable[[Sheet, Sheet, Situation, Palette, np.random.Generator, Point], Ground]] = {
    "sea": _sea, "forest": _forest, "city": paint_city, "desert": _desert, "mountains": _mountains, "field": _field,
}  # fmt: skip
_HORIZONS = {"sea": 0.56, "forest": 0.6, "city": 0.62}


def paint_outdoors(far: Sheet, mid: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator) -> Ground:
    """Paint the open place of ``situation``: sky and distance on ``far``, the ground on ``mid``."""
    light = paint_sky(far, situation, palette, rng, _HORIZONS.get(situation.place, 0.58))
    return _PAINTERS[situation.place](far, mid, situation, palette, rng, light)
