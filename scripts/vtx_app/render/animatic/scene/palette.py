"""The colours of a place by hour and weather: few, related, muted, as in a painted storyboard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vtx_app.render.animatic.frame.drawing import Colour, colour, mix
from vtx_app.render.animatic.reading.situation import Situation

__all__ = ["Palette", "palette_of"]


@dataclass(frozen=True, slots=True)
class Palette:
    """``high``, ``middle`` and ``low`` sky; distance fades from ``dark``, the nearest shadow, to ``air``; ``light`` is
    the colour of the light, ``power`` (0..1) its strength."""

    high: Colour
    middle: Colour
    low: Colour
    air: Colour
    dark: Colour
    light: Colour
    power: float

    def at(self, distance: float) -> Colour:
        """The tone of an object at ``distance`` 0 (here) to 1 (the horizon)."""
        return mix(self.dark, self.air, distance)


def _tones(high: str, middle: str, low: str, air: str, dark: str, light: str, power: float) -> Palette:
    return Palette(colour(high), colour(middle), colour(low), colour(air), colour(dark), colour(light), power)


_HOURS = {
    "night": _tones("0a1120", "14233a", "2b4258", "2c4359", "05080f", "c9dcf2", 0.55),
    "dawn": _tones("51627f", "a08c97", "f0c3a0", "c3a6a0", "1d1e2b", "ffe0b4", 0.8),
    "dusk": _tones("2c3352", "875a66", "ee9a5e", "a87267", "150f1a", "ffc078", 0.85),
    "day": _tones("7f9db3", "b0c3cb", "e4e4d8", "b4c2c5", "20272c", "fff4dc", 0.7),
}
_WEATHERS = {
    "storm": (_tones("1d242b", "37434a", "6b7a7b", "56656a", "080b0e", "cfe0e2", 0.4), 0.72),
    "rain": (_tones("39434c", "5d6a72", "8c979a", "76838a", "0e1216", "dbe4e6", 0.4), 0.62),
    "snow": (_tones("8793a0", "aeb8c1", "d5dade", "bfc8cf", "262b33", "f6f8fb", 0.5), 0.6),
    "fog": (_tones("8b979c", "aab4b5", "c4cac7", "b5bdbc", "23292b", "f4f2e8", 0.5), 0.6),
    "cloud": (_tones("66727b", "929ca1", "bcc1bf", "9aa3a5", "171c20", "eceeea", 0.4), 0.6),
}
_INDOORS = {
    "night": _tones("17151b", "2c2526", "55402f", "4a3a31", "090809", "ffca82", 0.95),
    "dawn": _tones("3a3634", "6b605a", "a8988a", "85776c", "15110f", "ffe3bd", 0.8),
    "dusk": _tones("241a1c", "4f3732", "8f6147", "674539", "0e090a", "ffb870", 0.9),
    "day": _tones("4a4d4c", "75786f", "a3a394", "8b8c80", "161818", "fff3dc", 0.75),
}


def palette_of(situation: Situation) -> Palette:
    """The palette of the hour, greyed by the weather, with a slight tint of the place."""
    roofed = situation.indoors and situation.place != "lantern"
    palette = (_INDOORS if roofed else _HOURS)[situation.hour]
    names = ("high", "middle", "low", "air", "dark", "light")
    if situation.weather in _WEATHERS and not roofed:
        grey, share = _WEATHERS[situation.weather]
        if situation.hour == "night":
            share *= 0.45
        greyed = {name: mix(getattr(palette, name), getattr(grey, name), share) for name in names}
        palette = Palette(**greyed, power=palette.power * (1 - share) + grey.power * share)
    rng = np.random.Generator(np.random.PCG64(situation.place_seed))
    lean = np.exp(rng.normal(0, 0.03, 3)).astype(np.float32)
    lean /= lean.mean()
    tinted = {name: np.clip(getattr(palette, name) * lean, 0, 1).astype(np.float32) for name in names[:5]}
    return Palette(**tinted, light=palette.light, power=palette.power)
