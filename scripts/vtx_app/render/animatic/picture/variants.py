"""A shot in which a light or the weather changes, as two states of its reading."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vtx_app.render.animatic.reading.model import Reading, Sky, Weather

__all__ = ["Change", "states_of"]

_BEFORE, _AFTER = 0.25, 0.75


@dataclass(frozen=True, slots=True)
class Change:
    """From ``at`` (a share of the shot's length) on, the shot is as ``reading`` says."""

    at: float
    reading: Reading


def states_of(reading: Reading) -> list[Change]:
    """The reading before and after its lights and its weather change; the reading itself if nothing does."""
    if not any(each.change for each in reading.things) and not _turns(reading):
        return [Change(0.0, reading)]
    return [Change(_BEFORE, _state(reading, after=False)), Change(_AFTER, _state(reading, after=True))]


def _turns(reading: Reading) -> bool:
    """Whether the weather changes, as far as it is seen."""
    return reading.weather.change is not None and reading.weather.kind is not None


def _state(reading: Reading, *, after: bool) -> Reading:
    things = tuple(
        replace(each, lit=(each.change == "begins") == after) if each.change else each for each in reading.things
    )
    if _turns(reading):
        reading = replace(reading, weather=_weather(reading.weather, after=after), sky=_sky(reading, after=after))
    ends = any(each.change == "ends" for each in reading.things)
    if not any(each.change for each in reading.things):
        return reading
    dark = reading.dark or (after and ends and reading.time in ("night", "evening"))
    return replace(reading, things=things, dark=dark if after == ends or reading.dark else False)


def _weather(weather: Weather, *, after: bool) -> Weather:
    """The weather before or after it begins or ends; the ground is wet while rain falls and after."""
    there = (weather.change == "begins") == after
    falls = weather.kind in ("rain", "storm")
    wet = weather.wet and (not falls or there or after)
    return replace(weather, kind=weather.kind if there else None, lightning=weather.lightning and there,
                   wet=wet, change=None)  # fmt: skip


def _sky(reading: Reading, *, after: bool) -> Sky:
    """Sun, moon and stars come out only when what covers them is gone."""
    there = (reading.weather.change == "begins") == after
    sky = reading.sky
    return replace(sky, sun=None if there and sky.sun else sky.sun)
