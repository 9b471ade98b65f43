"""When it is, what is in the sky, and whether it is dark: of each text, the shot's own before its places'."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vtx_app.formats.time_of_day import time_of_day
from vtx_app.render.animatic.reading.model import Evidence, Sky, TimeOfDay
from vtx_app.render.animatic.reading.text import Passage
from vtx_app.render.animatic.reading.vocabulary import kinds_of, pattern_of, patterns_of

__all__ = ["read_dark", "read_sky", "read_time", "stays_dark"]

_TIMES = patterns_of("skies", "times")
_SUNNY = pattern_of("skies", "sunny")
_NO_TIME = pattern_of("skies", "no time")
_IS_NOT = re.compile(
    r"\b(?:isn't|is not|not|never|no longer|not yet|long before|hours? (?:before|to|from|until))\s(?:\w+\s)?$"
)

_SUNLIT = ("dawn", "morning", "day", "afternoon", "dusk")
"""Times at which the sun shines: that it does says no other time."""
_HEADING_TIMES = kinds_of("skies", "heading times")

_IN_THE_SKY = patterns_of("skies", "in the sky")
_ABSENT = dict(patterns_of("skies", "gone from the sky"))
_NO_WEATHER = pattern_of("skies", "no weather")
_NOT_IN_THE_SKY = pattern_of("skies", "not in the sky")
_GONE = re.compile(
    r"^ (?:is|has|have|are) (?:\w+ )?(?:gone|set|hidden|down|vanished|disappeared)\b"
    r"|^ (?:goes|slips|slides|sinks|vanishes|disappears|hides) (?:in|behind|into)\b"
)
_COVERED_BY = re.compile(
    r"\b(?:covers?|hides?|swallows?|veils?|blots? out|(?:passes|slides|drifts|slips) over|crosses) the $"
)
_DARK = pattern_of("skies", "dark")
_STAYS_DARK = pattern_of("skies", "stays dark")
_NOT_DARK = pattern_of("skies", "not dark")


def read_time(
    heading_time: str, passages: Iterable[Passage], words: list[Evidence], held: TimeOfDay | None = None
) -> TimeOfDay | None:
    """The time of day: the heading's, else that of the first of ``passages`` that has one.

    ``held``: that of earlier shots, which holds unless the first of ``passages``, the shot's own words, has another.
    """
    if heading_time:
        plain = time_of_day(heading_time)
        last = re.split(r"[\s-]+", plain)[-1] if plain else ""
        time = _HEADING_TIMES.get(plain) or _HEADING_TIMES.get(last) or _time_in(Passage("", heading_time))
        if time:
            words.append(Evidence("time", "heading", heading_time))
            return time
    for passage in passages:
        found = _worded_time(passage) or (None if held in _SUNLIT else _sunny_time(passage))
        if found:
            time, text = found
            words.append(Evidence("time", passage.key, text))
            return time
        if held:
            words.append(Evidence("time", "earlier.time", held))
            return held
    return None


def _time_in(passage: Passage) -> TimeOfDay | None:
    found = _worded_time(passage) or _sunny_time(passage)
    return found[0] if found else None


def _worded_time(passage: Passage) -> tuple[TimeOfDay, str] | None:
    searched = passage.without(_NO_TIME)
    found = [(each.start, -each.end, time, each.text) for time, pattern in _TIMES for each in searched.find(pattern)
             if each.real and not _IS_NOT.search(searched.low[: each.start])]  # fmt: skip
    if found:
        _, _, time, text = min(found)
        return time, text
    return None


def _sunny_time(passage: Passage) -> tuple[TimeOfDay, str] | None:
    sunny = passage.without(_NO_TIME).real(_SUNNY)
    return ("day", sunny.text) if sunny else None


def read_sky(passages: Iterable[Passage], words: list[Evidence], held: Sky | None = None) -> Sky:
    """Sun, moon and stars, each as the first of ``passages`` that speaks of it has it.

    ``held``: as earlier shots have it, which counts after the first of ``passages``, the shot's own words.
    """
    found: dict[str, bool] = {}
    for passage in passages:
        searched = passage.without(_NOT_IN_THE_SKY).without(_NO_WEATHER)
        for name, pattern in _IN_THE_SKY:
            if name in found:
                continue
            said = [each for each in searched.find(pattern) if each.real or each.denied]
            absent = searched.real(_ABSENT[name])
            if absent or said:
                shown = absent or said[0]
                gone = _GONE.match(searched.low[shown.end :]) or _COVERED_BY.search(searched.low[: shown.start])
                found[name] = absent is None and said[0].real and gone is None
                words.append(Evidence(f"sky.{name}", passage.key, shown.text))
            elif (there := getattr(held, name, None)) is not None:
                found[name] = there
                words.append(Evidence(f"sky.{name}", "earlier.sky", name if there else f"no {name}"))
    return Sky(**found)


def read_dark(passage: Passage, words: list[Evidence]) -> bool:
    """Whether the shot's own words say that it is dark."""
    found = passage.without(_NOT_DARK).real(_DARK)
    if found:
        words.append(Evidence("dark", passage.key, found.text))
    return found is not None


def stays_dark(passage: Passage) -> str:
    """The words that say that the light has gone, also for what follows; ``""`` if there are none."""
    found = passage.without(_NOT_DARK).real(_STAYS_DARK)
    return found.text if found else ""
