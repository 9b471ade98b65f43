"""The light of a shot: how the hour and the weather change the colours of set and people, and what glows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from vtx_app.render.animatic.drawing.colours import Colour, mix
from vtx_app.render.animatic.drawing.pen import Point
from vtx_app.render.animatic.reading.model import Reading

__all__ = ["Beam", "Glow", "Light", "Tint", "add_glows", "light_of"]

_Share = tuple[float, float, float]

_OUTSIDE: dict[str, tuple[_Share, _Share]] = {
    # time: shares of red, green and blue that are left of the set, and of people
    "dawn": ((0.93, 0.84, 0.86), (0.98, 0.92, 0.92)),
    "morning": ((1.0, 0.97, 0.92), (1.0, 0.98, 0.95)),
    "day": ((1.0, 1.0, 1.0), (1.0, 1.0, 1.0)),
    "afternoon": ((1.0, 0.96, 0.88), (1.0, 0.97, 0.92)),
    "dusk": ((0.80, 0.66, 0.68), (0.92, 0.80, 0.78)),
    "evening": ((0.60, 0.56, 0.66), (0.80, 0.74, 0.78)),
    "night": ((0.42, 0.47, 0.62), (0.66, 0.69, 0.80)),
}
_INSIDE_NIGHT = ((0.86, 0.74, 0.58), (0.98, 0.90, 0.78))
_DARK = ((0.32, 0.36, 0.49), (0.64, 0.66, 0.75))


@dataclass(frozen=True, slots=True)
class Tint:
    """A change of colour: ``shares`` of red, green and blue, then ``grey`` of its grey."""

    shares: _Share
    grey: float = 0.0

    def __call__(self, colour: Colour) -> Colour:
        return _tinted(self.shares, self.grey, colour)


@lru_cache(maxsize=8192)
def _tinted(shares: _Share, grey: float, colour: Colour) -> Colour:
    red, green, blue = (value * share for value, share in zip(colour, shares, strict=True))
    tone = 0.3 * red + 0.59 * green + 0.11 * blue
    found = tuple(round(value + (tone - value) * grey) for value in (red, green, blue))
    return found[0], found[1], found[2]


@dataclass(frozen=True, slots=True)
class Glow:
    """A light that shines: round (``x``, ``y``) in frame heights, ``wide`` times as wide as high."""

    x: float
    y: float
    radius: float
    colour: Colour
    strength: float = 0.8
    wide: float = 1.0


@dataclass(frozen=True, slots=True)
class Beam:
    """A beam of light: ``outline`` in frame heights, soft at its edges."""

    outline: tuple[Point, ...]
    colour: Colour
    strength: float = 0.4
    soft: float = 0.02


@dataclass(frozen=True, slots=True)
class Light:
    """``lamps``: whether lamps burn. ``haze`` is the colour of what is far, ``clear`` how many metres one sees."""

    time: str
    set: Tint
    people: Tint
    haze: Colour
    clear: float
    lamps: bool
    dark: bool

    @property
    def night(self) -> bool:
        return self.time in ("night", "evening")

    def far(self, z: float) -> Callable[[Colour], Colour] | None:
        """The tint of what is ``z`` metres behind the subject; None if the air does not show."""
        share = min(0.93, max(0.0, 1 - 2.0 ** (-max(0.0, z) / self.clear)))
        if share < 0.02:
            return None
        step, haze = round(share * 50) / 50, self.haze
        return lambda colour: mix(colour, haze, step)


def light_of(reading: Reading) -> Light:
    """The light that the reading says; day outside, and plain light inside, if nothing does."""
    time = reading.time or "day"
    weather = reading.weather.kind if reading.weather.change != "ends" else None
    inside = bool(reading.place.indoors)
    night = time in ("night", "evening")
    dark = reading.dark or (night and reading.place.kind == "lantern" and _unlit(reading))
    lamps = not dark and (night or time == "dusk" or inside)
    set_shares, people_shares = _OUTSIDE[time]
    if inside and night and not dark:
        set_shares, people_shares = _INSIDE_NIGHT
    elif inside and time == "dusk" and not dark:
        set_shares, people_shares = (0.88, 0.78, 0.68), (0.98, 0.9, 0.82)
    if dark:
        set_shares, people_shares = _DARK
    grey = {"rain": 0.35, "storm": 0.45, "cloud": 0.25, "fog": 0.35, "snow": 0.2, "dust": 0.1}.get(weather or "", 0.0)
    dim = {"rain": 0.88, "storm": 0.78, "cloud": 0.94}.get(weather or "", 1.0)
    if inside:
        grey, dim = grey * 0.4, 1 - (1 - dim) * 0.4
    haze, clear = _haze(time, weather, inside)
    return Light(
        time,
        Tint(_scaled(set_shares, dim), grey),
        Tint(_scaled(people_shares, (1 + dim) / 2), grey * 0.5),
        haze,
        clear,
        lamps,
        dark,
    )


def _unlit(reading: Reading) -> bool:
    return any(each.kind in ("lens", "lamp") and each.lit is False for each in reading.things)


def _scaled(shares: _Share, by: float) -> _Share:
    return shares[0] * by, shares[1] * by, shares[2] * by


_HAZE: dict[str, Colour] = {
    "dawn": (226, 206, 204), "morning": (222, 226, 228), "day": (206, 218, 228), "afternoon": (226, 220, 206),
    "dusk": (176, 138, 136), "evening": (82, 80, 104), "night": (40, 50, 76),
}  # fmt: skip


def _haze(time: str, weather: str | None, inside: bool) -> tuple[Colour, float]:
    haze = _HAZE[time]
    if inside:
        return haze, 400.0
    if weather == "fog":
        return mix(haze, (190, 194, 198), 0.5 if time not in ("night", "evening") else 0.2), 16.0
    if weather == "dust":
        return mix(haze, (190, 160, 116), 0.6), 24.0
    if weather in ("rain", "storm", "snow"):
        return mix(haze, (150, 158, 168), 0.55 if time not in ("night", "evening") else 0.1), 60.0
    return haze, 160.0


@lru_cache(maxsize=1)
def _disc() -> Image.Image:
    """A soft disc: 255 in the middle, 0 at the edge."""
    size = 256
    axis = (np.arange(size) + 0.5) / size * 2 - 1
    away = np.sqrt(axis[None, :] ** 2 + axis[:, None] ** 2)
    values = np.clip(1 - away, 0, 1) ** 2
    return Image.fromarray((values * 255).astype(np.uint8))


def add_glows(image: Image.Image, unit: float, left: float, top: float, glows: list[Glow | Beam]) -> None:
    """Add light to ``image`` in place; ``unit`` pixels are a frame height, (``left``, ``top``) is at its corner."""
    for glow in glows:
        if isinstance(glow, Beam):
            _add_beam(image, unit, left, top, glow)
            continue
        rx, ry = glow.radius * glow.wide * unit, glow.radius * unit
        x, y = (glow.x - left) * unit, (glow.y - top) * unit
        box = (round(x - rx), round(y - ry), round(x + rx), round(y + ry))
        size = (max(2, box[2] - box[0]), max(2, box[3] - box[1]))
        if box[2] <= 0 or box[3] <= 0 or box[0] >= image.width or box[1] >= image.height:
            continue
        mask = _disc().resize(size, Image.Resampling.BILINEAR).point(lambda v, s=glow.strength: round(v * s))
        image.paste(glow.colour, box[:2], mask)


def _add_beam(image: Image.Image, unit: float, left: float, top: float, beam: Beam) -> None:
    step = 4
    mask = Image.new("L", (image.width // step + 1, image.height // step + 1), 0)
    points = [((x - left) * unit / step, (y - top) * unit / step) for x, y in beam.outline]
    ImageDraw.Draw(mask).polygon(points, fill=round(255 * beam.strength))
    mask = mask.filter(ImageFilter.GaussianBlur(max(0.5, beam.soft * unit / step)))
    image.paste(beam.colour, (0, 0), mask.resize(image.size, Image.Resampling.BILINEAR))
