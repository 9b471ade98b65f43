"""What falls: rain and snow over the frames of a shot, and lightning. On luma alone, drawn once and only shifted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from vtx_app.render.animatic.reading.model import Reading
from vtx_app.render.animatic.staging.chance import chance_of

__all__ = ["Fall", "fall_of"]

Plane = NDArray[np.uint8]
_FLASH_AT, _FLASH_FRAMES = 0.4, 3


@dataclass(frozen=True, slots=True)
class Fall:
    """``tile`` is twice the frame in both directions; it moves ``speed`` frame heights a second down and ``wind``
    across. ``change`` as in the reading; ``lightning`` brightens a few frames."""

    tile: Plane | None
    speed: float
    wind: float
    change: str
    lightning: bool

    def draw(self, y: Plane, index: int, frames: int, rate: float) -> None:
        """Draw on the luma of frame ``index`` of ``frames``, in place."""
        t = index / max(1, frames - 1)
        if self.tile is not None and (amount := self._amount(t)) > 0:
            height, width = y.shape
            seconds = index / rate
            down = (height - int(seconds * self.speed * height)) % height
            across = int(seconds * self.wind * height) % width
            part = self.tile[down : down + height, across : across + width]
            np.maximum(y, part if amount >= 1 else (part * amount).astype(np.uint8), out=y)
        if self.lightning and 0 <= index - int(_FLASH_AT * frames) < _FLASH_FRAMES:
            np.minimum(235, y.astype(np.uint16) + 70, out=y, casting="unsafe")

    def _amount(self, t: float) -> float:
        if self.change == "ends":
            return min(1.0, max(0.0, (0.6 - t) / 0.25))
        if self.change == "begins":
            return min(1.0, max(0.0, (t - 0.3) / 0.25))
        return 1.0


def fall_of(reading: Reading, width: int, height: int) -> Fall | None:
    """What falls in a shot; None indoors, and where nothing does."""
    weather = reading.weather
    falls = weather.kind in ("rain", "storm", "snow") and not reading.place.indoors
    if not falls and not (weather.lightning and not reading.place.indoors):
        return None
    if not falls:
        return Fall(None, 0.0, 0.0, "", True)
    chance = chance_of("weather", reading.clip)
    night = reading.time in ("night", "evening", "dusk") or reading.dark
    image = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(image)
    if weather.kind == "snow":
        for _ in range(150 if weather.heavy is False else 340):
            x, y, r = (
                chance.random() * width,
                chance.random() * height,
                height * (0.0016 + 0.0038 * chance.random() ** 2),
            )
            for dx in (0, -width):
                for dy in (0, -height):
                    draw.ellipse((x + dx - r, y + dy - r, x + dx + r, y + dy + r), fill=int(180 + 50 * chance.random()))
        tile = image.filter(ImageFilter.GaussianBlur(0.6))
        speed, wind = 0.24, -0.08
    else:
        lean = 0.34 if weather.kind == "storm" or weather.wind else 0.12
        count = 90 if weather.heavy is False else 260 if weather.kind == "storm" else 180
        for _ in range(count):
            x, y, long = chance.random() * width, chance.random() * height, height * (0.035 + 0.05 * chance.random())
            tone = int((96 if night else 188) + 34 * chance.random())
            for dx in (0, -width, width):
                for dy in (0, -height):
                    ends = (x + dx, y + dy, x + dx - long * lean, y + dy + long)
                    draw.line(ends, fill=tone, width=max(1, round(height / 420)))
        tile = image
        speed, wind = 1.7, 1.7 * lean
    return Fall(np.tile(np.asarray(tile), (2, 2)), speed, wind, weather.change or "", weather.lightning)
