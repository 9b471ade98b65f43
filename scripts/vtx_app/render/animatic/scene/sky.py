"""The open sky, and where a place has its light, horizon and floor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vtx_app.render.animatic.frame.drawing import Point, Sheet, blurred, colour, mix, noise
from vtx_app.render.animatic.reading.situation import Situation
from vtx_app.render.animatic.scene.palette import Palette

__all__ = ["Ground", "paint_sky"]


@dataclass(frozen=True, slots=True)
class Ground:
    """``horizon`` (eye level) and ``floor`` (the feet of a full figure) as y, and where the ``light`` is."""

    horizon: float
    floor: float
    light: Point


def paint_sky(far: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator, horizon: float) -> Point:
    """Paint the sky down to ``horizon``; return where its light is."""
    y = np.clip(far.rows() / max(horizon, 0.1), 0, 1)[..., None]
    tone = np.where(
        y < 0.55,
        palette.high + (palette.middle - palette.high) * (y / 0.55),
        palette.middle + (palette.low - palette.middle) * (np.maximum(y - 0.55, 0) / 0.45) ** 1.5,
    ).astype(np.float32)
    far.paint(tone)
    side = rng.choice([0.2, 0.27, 0.73, 0.8])
    height = {"night": 0.2, "dawn": 0.86, "dusk": 0.9, "day": 0.22}[situation.hour] * horizon
    light = (float(side) * far.aspect, float(height))
    grey = situation.weather in ("storm", "rain", "snow", "cloud")
    clouds = noise(rng, far.width, far.height, 3.2, stretch=3.2, octaves=5)
    edge = 0.34 if grey else 0.56
    cover = np.clip((clouds - edge) / 0.3, 0, 1) * np.clip(1.25 - far.rows() / horizon, 0, 1)
    under = np.clip(np.roll(clouds, far.height // 40, 0) - clouds, -0.06, 0.06) / 0.06
    far.paint(mix(palette.middle, palette.high, 0.8) * (0.7 if grey else 0.95), cover, 0.75 if grey else 0.5)
    glow = far.glow(*light, 0.22, wide=1.4)
    far.light(palette.light, np.clip(under, 0, 1) * cover * (0.25 + glow), 0.35 * palette.power)
    if situation.hour == "night" and not grey and situation.weather != "fog":
        count = 150
        stars = np.zeros((far.height, far.width), np.float32)
        rows = (rng.random(count) ** 1.5 * horizon * 0.9 * far.height).astype(int)
        columns = rng.integers(0, far.width, count)
        stars[rows, columns] = rng.random(count) ** 2
        far.light(colour("dfe9f5"), blurred(stars, 0.0011) * 3.5 * (1 - cover))
    far.light(palette.light, glow, (0.35 if grey else 0.6) * palette.power)
    if not grey and situation.weather != "fog":
        radius = {"night": 0.022, "dawn": 0.03, "dusk": 0.035, "day": 0.024}[situation.hour]
        distance = np.hypot(far.columns() - light[0], far.rows() - light[1])
        disc = np.clip((radius * 1.12 - distance) / (radius * 0.2), 0, 1)
        far.light(palette.light, disc.astype(np.float32), 0.9)
        far.light(palette.light, far.glow(*light, radius * 2.2), 0.5 * palette.power)
    return light
