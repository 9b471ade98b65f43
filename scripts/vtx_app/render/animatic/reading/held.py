"""What holds from earlier shots, as the reader of a shot takes it: from the request into the reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

from vtx_app.compile.request import StagedEarlier, StagedLight
from vtx_app.render.animatic.reading.model import Evidence, ShotSize, Sky, Thing, TimeOfDay, Weather, WeatherKind
from vtx_app.render.animatic.reading.weather import Said

__all__ = ["ELECTRIC", "LIGHTS", "brightens", "described", "held_sky", "held_time", "held_weather", "in_the_light"]

ELECTRIC = ("lamp", "desk_lamp", "street_lamp", "lens")
LIGHTS = (*ELECTRIC, "candle", "fire", "stove", "burner", "lantern")
"""Kinds of things that light the place they stand in."""
_STAYS = ("candle", "fire")
"""What is in later shots of the place too, if it burns; of other lights, a place has its own."""
_NEAR: tuple[ShotSize, ...] = ("medium_close", "close", "extreme_close", "insert")


def described(said: Said) -> str:
    """Weather in a few words."""
    weather = said.weather
    heavy = {True: "heavy ", False: "light ", None: ""}[weather.heavy]
    values = (
        f"{heavy}{weather.kind}" if weather.kind else "over" if said.ended else "",
        *(word for word, so in (("wind", weather.wind), ("wet", weather.wet), ("snow", weather.lying_snow)) if so),
    )
    return ", ".join(filter(None, values))


def brightens(things: Iterable[Thing]) -> bool:
    """Whether one of ``things`` lights the place it stands in."""
    return any(each.kind in LIGHTS and each.lit and each.change != "ends" for each in things)


def in_the_light(
    things: tuple[Thing, ...], lights: Sequence[StagedLight], size: ShotSize | None, words: list[Evidence]
) -> tuple[Thing, ...]:
    """``things`` with lights as earlier shots left them, and with those that stand in the place and burn."""
    found = list(things)
    for light in lights:
        at = next((i for i, each in enumerate(found) if each.kind == light.kind), None)
        if at is not None:
            if found[at].lit is not None or found[at].change is not None:
                continue
            found[at] = replace(found[at], lit=light.burns)
        elif light.burns and light.count and light.kind in _STAYS and size not in _NEAR:
            found.append(Thing(light.kind, light.count, lit=True))
        else:
            continue
        said = f"{light.kind} {'burns' if light.burns else 'is out'}"
        words.append(Evidence(f"things.{light.kind}", "earlier.lights", said))
    return tuple(found)


def held_time(earlier: StagedEarlier) -> TimeOfDay | None:
    """The hour that holds."""
    return cast("TimeOfDay | None", earlier.time)


def held_weather(earlier: StagedEarlier) -> Said | None:
    """The weather that holds."""
    given = earlier.weather
    if given is None:
        return None
    kind = cast(WeatherKind, given.kind) if given.kind else None
    weather = Weather(kind, given.heavy, given.wind, wet=given.wet, lying_snow=given.lying_snow)
    said = Said(weather, (), none=kind is None and given.over, ended=given.over)
    return replace(said, texts=(described(said),))


def held_sky(earlier: StagedEarlier) -> Sky:
    """Sun, moon and stars that are held to be there, or not."""
    return Sky(**{each.removeprefix("no "): not each.startswith("no ") for each in earlier.sky})
