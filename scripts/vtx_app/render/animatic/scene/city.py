"""A city street: a skyline, walls and lit windows in perspective, street lamps, a wet shine."""

from __future__ import annotations

import numpy as np

from vtx_app.render.animatic.frame.drawing import Point, Sheet, colour, noise, rectangle
from vtx_app.render.animatic.reading.situation import Situation
from vtx_app.render.animatic.scene.palette import Palette
from vtx_app.render.animatic.scene.sky import Ground

__all__ = ["paint_city"]


def paint_city(
    far: Sheet, mid: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator, light: Point
) -> Ground:
    """Paint the skyline on ``far``, the street and its lamps on ``mid``."""
    horizon = 0.6
    dark_hour = situation.hour in ("night", "dusk") or situation.weather in ("storm", "rain")

    def block(sheet: Sheet, x: float, y: float, w: float, foot: float, distance: float) -> None:
        sheet.paint(palette.at(distance), sheet.shape([rectangle(x, y, x + w, foot)], 0.001))
        cell, lit = 0.022 + 0.02 * (1 - distance), []
        for i in range(int(w / cell)):
            for j in range(int((foot - y) / (cell * 1.3))):
                if rng.random() < (0.3 if dark_hour else 0.12):
                    u, v = x + (i + 0.3) * cell, y + (j + 0.35) * cell * 1.3
                    lit.append(rectangle(u, v, u + cell * 0.42, v + cell * 0.6))
        amount = 0.75 * (1 - distance * 0.6) if dark_hour else 0.12
        sheet.light(colour("ffca85") if dark_hour else palette.light, sheet.shape(lit, 0.0008), amount)

    for distance, low, high in ((0.75, 0.1, 0.3), (0.5, 0.12, 0.34)):
        x = -0.1
        while x < far.aspect:
            w = rng.uniform(0.07, 0.2)
            block(far, x, horizon + 0.02 - rng.uniform(low, high), w, horizon + 0.1, distance)
            x += w * rng.uniform(0.8, 1.25)
    far.light(palette.low, np.exp(-(((far.rows() - horizon) / 0.12) ** 2)) * np.ones_like(far.columns()), 0.3)
    centre = mid.aspect * rng.uniform(0.42, 0.58)
    street = np.clip((mid.rows() - horizon) * mid.height / 2, 0, 1) * np.ones_like(mid.columns())
    depth = np.clip((mid.rows() - horizon) / (1 - horizon), 0, 1)[..., None]
    mid.paint((palette.at(0.5) + (palette.at(0.12) - palette.at(0.5)) * np.sqrt(depth)).astype(np.float32), street)
    shine = np.exp(-(((mid.columns() - centre) / (0.08 + 0.5 * depth[..., 0])) ** 2)) * street
    texture = noise(rng, 512, 512, 40, octaves=3)
    row = (60 / (depth[:, 0, 0] * 2 + 0.08)).astype(int)
    across = (mid.columns() - centre) * (30 / (depth[..., 0] * 3 + 0.15)) + 256
    streaks = texture[row[:, None] % 512, across.astype(int) % 512]
    mid.light(palette.low, (shine * np.clip(streaks * 2 - 0.5, 0, 1)).astype(np.float32), 0.6 if dark_hour else 0.25)
    for side in (-1, 1):
        near_top = -0.25
        for i, (a, b, distance) in enumerate(((0.09, 0.2, 0.36), (0.2, 0.42, 0.22), (0.42, 1.4, 0.1))):
            top = horizon - (horizon - near_top) * a * rng.uniform(0.9, 1.5)
            slope = (horizon - top) / a
            wall = [
                (centre + side * a, top), (centre + side * b, horizon - slope * b),
                (centre + side * b, horizon + b * 0.55), (centre + side * a, horizon + a * 0.55),
            ]  # fmt: skip
            mid.paint(palette.at(distance), mid.shape([wall], 0.0012))
            lit = []
            for k in range(3 + 3 * i):
                for level in (0.12, 0.26, 0.4, 0.54, 0.68, 0.82):
                    if rng.random() < (0.38 if dark_hour else 0.2):
                        u = a + (b - a) * (k + 0.25) / (3 + 3 * i)
                        v = u + (b - a) * 0.4 / (3 + 3 * i)
                        high, low = slope * (level - 0.07), slope * level
                        lit.append([
                            (centre + side * u, horizon - low * u), (centre + side * v, horizon - low * v),
                            (centre + side * v, horizon - high * v), (centre + side * u, horizon - high * u),
                        ])  # fmt: skip
            mid.light(
                colour("ffc987") if dark_hour else palette.low, mid.shape(lit, 0.0012), 0.75 if dark_hour else 0.18
            )
    if dark_hour:
        for a in (0.16, 0.36):
            side = 1 if rng.random() < 0.5 else -1
            x, top, foot = centre + side * a, horizon - a * 0.75, horizon + a * 0.5
            post = [(x - 0.012 * a, foot), (x - 0.008 * a, top), (x + 0.008 * a, top), (x + 0.012 * a, foot)]
            end = x - side * 0.16 * a
            arm = [(x, top), (x, top + 0.02 * a), (end, top + 0.03 * a), (end, top + 0.01 * a)]
            mid.paint(palette.dark, mid.shape([post, arm], 0.0008))
            lamp = (end, top + 0.04 * a)
            mid.light(colour("ffd79a"), mid.glow(*lamp, 0.035 * (0.5 + a)), 0.9)
            mid.light(colour("ffd79a"), mid.glow(lamp[0], foot, 0.05, wide=2.6), 0.35)
    return Ground(horizon, 0.88, light)
