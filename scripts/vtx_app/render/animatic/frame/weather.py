"""What moves in a painted shot: rain, snow and drifting fog. And the vignette.

Weather is painted once and only shifted from frame to frame, on luma alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from vtx_app.render.animatic.frame.drawing import noise
from vtx_app.render.animatic.reading.situation import Situation

__all__ = ["Weather", "vignette", "weather_of"]

_RAIN_LUMA, _SNOW_LUMA = 200, 228


@dataclass(frozen=True, slots=True)
class Weather:
    """``falling`` (a mask twice the size of the frame) moves ``speed`` frame heights per second down and ``wind``
    across; ``fog`` (small, wide) drifts; ``luma`` is the tone of both."""

    falling: Image.Image | None = None
    speed: float = 0.0
    wind: float = 0.0
    fog: Image.Image | None = None
    luma: int = _RAIN_LUMA

    def draw(self, luma: Image.Image, seconds: float) -> None:
        """Draw on the ``luma`` plane of the frame at ``seconds``, in place."""
        width, height = luma.size
        if self.fog is not None:
            wide, high = self.fog.size
            seen = wide / 3
            left = (wide - seen) * (0.5 + 0.45 * math.sin(seconds * 0.05 + 0.7))
            mask = self.fog.resize((width, height), Image.Resampling.BILINEAR, box=(left, 0, left + seen, high))
            luma.paste(self.luma, (0, 0), mask)
        if self.falling is not None:
            y = height - int(seconds * self.speed * height) % height
            x = int(seconds * self.wind * height) % width
            luma.paste(self.luma, (0, 0), self.falling.crop((x, y, x + width, y + height)))


def _tiled(tile: Image.Image) -> Image.Image:
    """``tile`` twice across and twice down, so that any offset can be cropped in one piece."""
    return Image.fromarray(np.tile(np.asarray(tile), (2, 2)))


def weather_of(situation: Situation, width: int, height: int) -> Weather | None:
    """The weather of ``situation`` for frames of ``width`` × ``height`` pixels; None if it is clear or indoors."""
    if situation.indoors or situation.weather not in ("rain", "storm", "snow", "fog"):
        return None
    rng = np.random.Generator(np.random.PCG64(situation.shot_seed ^ 0x5EED))
    night = situation.hour == "night"
    if situation.weather == "fog":
        drift = noise(rng, 192, 36, 2.2, stretch=1.6, octaves=3)
        thick = np.clip(drift - 0.3, 0, 1) * np.linspace(0.35, 1, 36, dtype=np.float32)[:, None]
        fog = Image.fromarray((thick * (70 if night else 110)).astype(np.uint8))
        return Weather(fog=fog, luma=95 if night else 176)
    tile = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(tile)
    if situation.weather == "snow":
        for _ in range(260):
            x, y, r = rng.random() * width, rng.random() * height, height * (0.0012 + 0.0032 * rng.random() ** 2)
            tone = int(110 + 120 * rng.random())
            for dx in (0, -width):
                draw.ellipse((x + dx - r, y - r, x + dx + r, y + r), fill=tone)
        return Weather(_tiled(tile.filter(ImageFilter.GaussianBlur(0.7))), speed=0.22, wind=0.05, luma=_SNOW_LUMA)
    lean = 0.32 if situation.weather == "storm" else 0.1
    for _ in range(260 if situation.weather == "storm" else 200):
        x, y, long = rng.random() * width, rng.random() * height, height * (0.03 + 0.06 * rng.random())
        tone = int(20 + 45 * rng.random())
        for dx in (0, -width, width):
            for dy in (0, -height):
                ends = (x + dx, y + dy, x + dx - long * lean, y + dy + long)
                draw.line(ends, fill=tone, width=max(2, round(height / 256)))
    return Weather(_tiled(tile.filter(ImageFilter.GaussianBlur(1.0))), speed=1.9, wind=1.9 * lean, luma=_RAIN_LUMA)


def vignette(width: int, height: int) -> Image.Image:
    """The mask of a vignette, darker towards the corners, for ``width`` × ``height`` pixels."""
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    dark = np.clip((x * x + y * y) / 2 - 0.22, 0, 1) ** 1.4
    return Image.fromarray((np.clip(dark * 0.42, 0, 1) * 255 + 0.5).astype(np.uint8))
