"""The sky: colour by the hour and the weather, clouds, and sun, moon and stars only where they can be."""

from __future__ import annotations

import random

from vtx_app.render.animatic.drawing.colours import Colour, mix
from vtx_app.render.animatic.drawing.light import Glow
from vtx_app.render.animatic.drawing.pen import oval, smooth
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.staging.chance import chance_of

__all__ = ["high_place", "paint_sky", "sky_colours"]

_SKIES: dict[str, tuple[Colour, Colour]] = {
    "dawn": ((150, 168, 198), (246, 208, 186)), "morning": ((142, 184, 222), (226, 232, 228)),
    "day": ((118, 172, 222), (212, 230, 240)), "afternoon": ((132, 172, 208), (240, 226, 196)),
    "dusk": ((84, 84, 128), (238, 154, 104)), "evening": ((34, 40, 76), (128, 98, 116)),
    "night": ((18, 25, 50), (52, 66, 100)),
}  # fmt: skip
_DULL = {"cloud": 0.6, "rain": 0.85, "storm": 0.95, "fog": 0.9, "snow": 0.85, "dust": 0.85}


def sky_colours(setting: Setting) -> tuple[Colour, Colour]:
    """The colours of the zenith and of the horizon."""
    weather = _weather(setting)
    top, low = _SKIES[setting.light.time]
    dull = _DULL.get(weather, 0.0)
    if dull:
        grey = {"storm": (74, 80, 92), "rain": (142, 150, 158), "dust": (196, 168, 124)}.get(weather, (184, 188, 192))
        shade = {"night": 0.42, "evening": 0.52, "dusk": 0.75, "dawn": 0.95}.get(setting.light.time, 1.0)
        grey = (round(grey[0] * shade), round(grey[1] * shade), round(grey[2] * min(1.0, shade * 1.12)))
        top, low = mix(top, grey, dull), mix(low, mix(grey, (255, 255, 255), 0.12 * shade), dull)
    return top, low


def _weather(setting: Setting) -> str:
    weather = setting.reading.weather
    return "" if weather.change == "ends" and weather.kind in ("rain", "snow", "storm") else weather.kind or ""


def paint_sky(setting: Setting) -> None:
    """Fill the stage with sky, down to the horizon and below."""
    top, low = sky_colours(setting)
    horizon = max(setting.lens.horizon, setting.stage.top + 0.1)
    setting.band(min(setting.stage.top, horizon - 0.9), horizon, top, low)
    setting.band(horizon, max(setting.stage.bottom, horizon + 0.01), low, low)
    weather = _weather(setting)
    covered = weather in ("rain", "storm", "fog", "snow", "dust", "cloud")
    chance = chance_of(
        "sky", setting.reading.place.key or setting.reading.place.kind
    )  # its own: the set stays in place
    _stars(setting, covered, chance)
    _moon(setting, covered)
    _sun(setting, covered)
    if weather in ("cloud", "rain", "storm", "snow"):
        _heavy_clouds(setting, top, low, chance)
    elif weather in ("", "clear") and not _cloudless(setting) and setting.light.time != "night":
        _light_clouds(setting, low, chance)


def _cloudless(setting: Setting) -> bool:
    """Whether the words say that there is no cloud."""
    said = (each.text.lower() for each in setting.reading.words if each.value == "weather")
    return _weather(setting) == "clear" and any("cloud" in each for each in said)


def _stars(setting: Setting, covered: bool, chance: random.Random) -> None:
    said = setting.reading.sky.stars
    if said is False or not (said or (setting.light.time == "night" and not covered)):
        return
    stage = setting.stage
    for _ in range(90):
        x = stage.left + chance.random() * stage.width
        y = stage.top + chance.random() ** 1.4 * (setting.lens.horizon - stage.top)
        r = 0.0012 + 0.0016 * chance.random() ** 3
        setting.pen.fill(oval(x, y, r, r, points=8), mix((70, 84, 120), (240, 240, 232), chance.random()))


def _moon(setting: Setting, covered: bool) -> None:
    if setting.reading.sky.moon is not True:
        return
    x, y = high_place(setting)
    tone = (236, 236, 224) if not covered else (170, 176, 188)
    setting.pen.fill(oval(x, y, 0.04, 0.04), tone)
    setting.glows.append(Glow(x, y, 0.22, (210, 220, 240), 0.35))


def _sun(setting: Setting, covered: bool) -> None:
    said, time = setting.reading.sky.sun, setting.light.time
    if said is False or time == "night" or (covered and not said):
        return
    if not said and time not in ("dawn", "dusk"):
        return
    x, y = high_place(setting)
    if time in ("dawn", "dusk", "evening"):
        y = setting.lens.horizon - 0.035
    tone = (255, 236, 190) if time not in ("dusk", "evening") else (255, 206, 140)
    setting.glows.append(Glow(x, y, 0.5, tone, 0.4, 1.4))
    setting.pen.fill(oval(x, y, 0.038, 0.038), tone)


def high_place(setting: Setting) -> tuple[float, float]:
    """Where the moon is, and the sun of the day, in frame heights."""
    x = setting.stage.aspect * (0.5 + 0.3 * setting.side)
    return x, max(setting.stage.top + 0.12, min(0.16, setting.lens.horizon - 0.2))


def _light_clouds(setting: Setting, low: Colour, chance: random.Random) -> None:
    stage = setting.stage
    tone = mix(low, (255, 255, 255), 0.45)
    for _ in range(4):
        x = stage.left + chance.random() * stage.width
        y = setting.lens.horizon - 0.12 - 0.45 * chance.random()
        wide = 0.18 + 0.2 * chance.random()
        setting.pen.fill(
            smooth([(x - wide, y), (x - wide * 0.6, y - 0.025), (x - wide * 0.2, y - 0.03), (x + wide * 0.1, y - 0.055),
                    (x + wide * 0.5, y - 0.03), (x + wide, y)]), tone)  # fmt: skip


def _heavy_clouds(setting: Setting, top: Colour, low: Colour, chance: random.Random) -> None:
    stage = setting.stage
    for row in range(5):
        y = setting.lens.horizon - 0.16 - 0.15 * row
        if y < stage.top - 0.1:
            continue
        tone = mix(low, top, 0.25 + 0.17 * row)
        tone = mix(tone, (20, 24, 34) if row % 2 else (230, 232, 236), 0.1)
        x = stage.left - 0.2 + 0.15 * chance.random()
        while x < stage.right + 0.2:
            wide = 0.2 + 0.2 * chance.random()
            setting.pen.fill(
                smooth([(x - wide, y + 0.02), (x - wide * 0.7, y - 0.03), (x - wide * 0.2, y - 0.065),
                        (x + wide * 0.3, y - 0.05), (x + wide * 0.8, y - 0.025), (x + wide, y + 0.02),
                        (x, y + 0.035)]), tone)  # fmt: skip
            x += wide * (0.9 + 0.5 * chance.random())
