"""The little that moves in a painted shot by itself: rain, snow, drifting fog, a lamp that is not quite still.

Everything is painted once and only shifted from frame to frame, on luma alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from vtx_app.render.animatic.frame.drawing import noise
from vtx_app.render.animatic.reading.situation import Situation

__all__ = ["Air", "air_of", "vignette"]

_RAIN_LUMA, _SNOW_LUMA = 200, 228


@dataclass(frozen=True, slots=True)
class Air:
    """What lies between lens and subject: ``falling`` (a mask twice as high as the frame) comes down ``speed``
    and ``wind`` frame heights per second; ``fog`` (small, wide) drifts; ``luma`` is the tone of both."""

    falling: Image.Image | None = None
    speed: float = 0.0
    wind: float = 0.0
    fog: Image.Image | None = None
    luma: int = _RAIN_LUMA

    def over(self, luma: Image.Image, seconds: float) -> None:
        """Lay the air of the moment ``seconds`` over the frame's ``luma`` plane, in place."""
        width, height = luma.size
        if self.fog is not None:
            wide, high = self.fog.size
            seen = wide / 3
            left = (wide - seen) * (0.5 + 0.45 * math.sin(seconds * 0.05 + 0.7))
            luma.paste(
                self.luma,
                (0, 0),
                self.fog.resize((width, height), Image.Resampling.BILINEAR, box=(left, 0, left + seen, high)),
            )
        if self.falling is not None:
            y = height - int(seconds * self.speed * height) % height
            x = int(seconds * self.wind * height) % width
            luma.paste(self.luma, (0, 0), self.falling.crop((x, y, x + width, y + height)))


def _tiled(tile: Image.Image) -> Image.Image:
    """``tile`` twice across and twice down, so that any crop of its size is one piece."""
    width, height = tile.size
    whole = Image.new("L", (width * 2, height * 2))
    for x in (0, width):
        for y in (0, height):
            whole.paste(tile, (x, y))
    return whole


def air_of(situation: Situation, width: int, height: int) -> Air | None:
    """The air of ``situation`` for frames of ``width`` × ``height`` pixels; None where it is clear or indoors."""
    if situation.indoors or situation.weather not in ("rain", "storm", "snow", "fog"):
        return None
    rng = np.random.Generator(np.random.PCG64(situation.shot_seed ^ 0x5EED))
    night = situation.hour == "night"
    if situation.weather == "fog":
        drift = noise(rng, 192, 36, 2.2, stretch=1.6, octaves=3)
        thick = np.clip(drift - 0.3, 0, 1) * np.linspace(0.35, 1, 36, dtype=np.float32)[:, None]
        fog = Image.fromarray((thick * (70 if night else 110)).astype(np.uint8))
        return Air(fog=fog, luma=95 if night else 176)
    tile = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(tile)
    if situation.weather == "snow":
        for _ in range(260):
            x, y, r = rng.random() * width, rng.random() * height, height * (0.0012 + 0.0032 * rng.random() ** 2)
            tone = int(110 + 120 * rng.random())
            for dx in (0, -width):
                draw.ellipse((x + dx - r, y - r, x + dx + r, y + r), fill=tone)
        return Air(_tiled(tile.filter(ImageFilter.GaussianBlur(0.7))), speed=0.22, wind=0.05, luma=_SNOW_LUMA)
    lean = 0.32 if situation.weather == "storm" else 0.1
    for _ in range(260 if situation.weather == "storm" else 200):
        x, y, long = rng.random() * width, rng.random() * height, height * (0.03 + 0.06 * rng.random())
        tone = int(20 + 45 * rng.random())
        for dx in (0, -width, width):
            for dy in (0, -height):
                draw.line(
                    (x + dx, y + dy, x + dx - long * lean, y + dy + long), fill=tone, width=max(2, round(height / 256))
                )
    return Air(_tiled(tile.filter(ImageFilter.GaussianBlur(1.0))), speed=1.9, wind=1.9 * lean, luma=_RAIN_LUMA)


def vignette(width: int, height: int, strength: float = 0.42) -> Image.Image:
    """The mask of a lens that is a little darker towards the corners of ``width`` × ``height`` pixels."""
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    dark = np.clip((x * x + y * y) / 2 - 0.22, 0, 1) ** 1.4
    return Image.fromarray((np.clip(dark * strength, 0, 1) * 255 + 0.5).astype(np.uint8))
