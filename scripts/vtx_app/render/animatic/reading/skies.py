"""When it is and what the weather does: of each text, the shot's own before its places' and the film's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from vtx_app.formats.time_of_day import time_of_day
from vtx_app.render.animatic.reading.model import Change, Evidence, Sky, TimeOfDay, Weather, WeatherKind
from vtx_app.render.animatic.reading.text import Found, Passage, words_pattern
from vtx_app.render.animatic.reading.vocabulary import kinds_of, pattern_of, patterns_of

__all__ = ["read_dark", "read_sky", "read_time", "read_weather"]

_TIMES = patterns_of("skies", "times")
_SUNNY = pattern_of("skies", "sunny")
_NO_TIME = pattern_of("skies", "no time")
_IS_NOT = re.compile(
    r"\b(?:isn't|is not|not|never|no longer|not yet|long before|hours? (?:before|to|from|until))\s(?:\w+\s)?$"
)

_HEADING_TIMES = kinds_of("skies", "heading times")
_HEADING_WEATHER = kinds_of("skies", "heading weather")

_WEATHERS = patterns_of("skies", "weathers")
_NO_WEATHER = pattern_of("skies", "no weather")
_STOPPED = re.compile(
    r"^(?:\s(?:has|have|had|is|are|was|itself))*\s?(?:\b(?:already|finally|at last|long|now|almost|all|just|since"
    r"|quite|since)\s)*"
    r"(?:(?P<done>stopped|over(?=[.,;]|$| now| at last)|passed|past|gone|ended|ceased|blown (?:itself )?out|blew "
    r"(?:itself )?out|let up|moved on"
    r"|cleared|lifted|burn(?:t|ed) off|melted|spent|behind (?:us|them|him|her)|eased|died (?:away|down)|vanished"
    r"|dispersed)"
    r"|(?P<now>stops|ends|ceases|lets up|thins|lifts|clears|eases(?: off)?|burns off|melts|dies(?: away| down)?|passes"
    r"|gives way|disperses|moves off|moves on|slackens|parts|part|breaks up|break up|fades|dissolves|blows "
    r"(?:itself )?out"
    r"|drifts off|withdraws|is (?:thinning|lifting|clearing|stopping|easing|melting|passing)|thinning|lifting"
    r"|clearing))\b"
)
_STOPPED_BEFORE = re.compile(
    r"\b(?:(?P<done>stopped|ceased|finished|done|given up|(?:has|had) quit)|stops|ceases"
    r"|quits) $"
)
_BEGINS_BEFORE = re.compile(
    r"\b(?:begins?|starts?|beginning|starting|started|began|first(?: heavy| fat| few| drops? of| flakes? of)*|onset of)"
    r"(?: to| of| it)?\s$"
)
_BEGINS_AFTER = re.compile(
    r"^\s(?:begins?|starts?|comes in|rolls in|creeps in|closes in|gathers|thickens|breaks|builds|sets in|comes on"
    r"|is coming"
    r"|approaches|moves in|rises|drifts in|pours in|comes down suddenly|rolling in|gathering|starting)\b"
)
_OVER = re.compile(
    r"\b(?:after|before|since|until|despite last night's|yesterday's|last night's)\s(?:the\s|a\s|all "
    r"that\s)?(?:\w+\s)?$"
)
_AFTER = re.compile(r"\bafter\s(?:the\s|a\s|all that\s)?(?:\w+\s)?$")
_LYING = re.compile(
    r"^(?:\s(?:has fallen|fell|lies|lay|lying|covers?|covering|covered|on (?:the|every|all)|under|underfoot|drifts? "
    r"against|is "
    r"(?:deep|knee-deep|"
    r"melting|old|thick|dirty)|squeaks|crunches|creaks|melts on|has (?:settled|drifted|covered)|glitters|up to"
    r"|banks?|drifted"
    r"|heaped|piled|packed|blankets|muffles|thick on)\b)|^-(?:covered|capped|bound)"
)
_LYING_BEFORE = re.compile(
    r"\b(?:deep|fresh|melting|dirty|old|packed|trodden|crusted|frozen|thick|knee-deep|new|trampled|fallen"
    r"|footprints in the"
    r"|tracks in the|through the|in the|across the|on the|over the|into the|under|of|with|virgin|untouched|unbroken) $"
)
_SNOWBOUND = pattern_of("skies", "snowbound")
_FALLS = re.compile(
    r"^\s(?:falls?|falling|drives?|driving|drifts? (?:down|past|through)|whirls?|whirling|swirls?|swirling|blows?"
    r"|blowing|comes down"
    r"|settles|begins|starts|thickens|tumbles|sifts|dances|flies|flying|slants|streams)\b"
)
_HEAVY = re.compile(
    r"\b(?:heavy|hard|driving|torrential|pouring|lashing|hammering|thick|dense|violent|pelting|relentless)\b"
)
_LIGHT = re.compile(r"\b(?:light|thin|fine|soft|gentle|faint|slight|drizzl\w*|a little|few)\b")
_WET = pattern_of("skies", "wet")
_WIND = pattern_of("skies", "wind")
_NO_WIND = pattern_of("skies", "no wind")
_LIGHTNING = pattern_of("skies", "lightning")
_SUN, _MOON, _STARS = (
    words_pattern(word) for word in (
        r"sun|full sun|sunlight|sunshine|sunlit|sunbeams?|sunny",
        r"moon|full moon|half moon|crescent moon|moonlight|moonlit|moonbeams?",
        r"stars|starlight|starlit|starry|milky way|constellations?",
    )
)  # fmt: skip
_NOT_IN_THE_SKY = pattern_of("skies", "not in the sky")
_ABSENT = {
    "moon": words_pattern(r"moonless"),
    "stars": words_pattern(r"starless"),
    "sun": words_pattern(r"sunless"),
}
_DARK = pattern_of("skies", "dark")
_NOT_DARK = pattern_of("skies", "not dark")


@dataclass(frozen=True, slots=True)
class _Said:
    """What one text says of the weather, and whether it says that there is none of a kind."""

    weather: Weather
    texts: tuple[str, ...]
    none: bool


def read_time(heading_time: str, passages: Iterable[Passage], words: list[Evidence]) -> TimeOfDay | None:
    """The time of day: the heading's, else that of the first of ``passages`` that has one."""
    if heading_time:
        plain = time_of_day(heading_time)
        last = re.split(r"[\s-]+", plain)[-1] if plain else ""
        time = _HEADING_TIMES.get(plain) or _HEADING_TIMES.get(last) or _time_in(Passage("", heading_time))
        if time:
            words.append(Evidence("time", "heading", heading_time))
            return time
    for passage in passages:
        found = _timed(passage)
        if found:
            time, text = found
            words.append(Evidence("time", passage.key, text))
            return time
    return None


def _time_in(passage: Passage) -> TimeOfDay | None:
    found = _timed(passage)
    return found[0] if found else None


def _timed(passage: Passage) -> tuple[TimeOfDay, str] | None:
    searched = passage.without(_NO_TIME)
    found = [(each.start, -each.end, time, each.text) for time, pattern in _TIMES for each in searched.find(pattern)
             if each.real and not _IS_NOT.search(searched.low[: each.start])]  # fmt: skip
    if found:
        _, _, time, text = min(found)
        return time, text
    sunny = searched.real(_SUNNY)
    return ("day", sunny.text) if sunny else None


def read_weather(heading_weather: str, passages: Iterable[Passage], words: list[Evidence]) -> Weather:
    """The weather: the heading's as the shot's words change it, else that of the first of ``passages`` that has any."""
    given = list(passages)
    said = [(passage.key, _weather_of(passage)) for passage in given]
    own_key, own = said[0]
    windy = re.search(r"\bwind(?:y)?\b", heading_weather.casefold()) is not None
    if windy:
        words.append(Evidence("weather", "heading", heading_weather))
    if heading_weather:
        low = heading_weather.casefold()
        kind = next((_HEADING_WEATHER[word] for word in re.split(r"[\s,/]+", low) if word in _HEADING_WEATHER), None)
        if kind is not None:
            words.append(Evidence("weather", "heading", heading_weather))
            weather = Weather(kind, _heaviness(low), wind="wind" in low, lightning=bool(_LIGHTNING.search(low)),
                              wet=kind in ("rain", "storm"))  # fmt: skip
            if own is None:
                return weather
            _note("weather", own_key, own, words)
            if own.none and own.weather.kind is None:
                return replace(own.weather, wet=own.weather.wet or weather.wet)
            merged = own.weather if own.weather.kind == kind else weather
            return replace(
                merged,
                wind=weather.wind or own.weather.wind,
                wet=weather.wet or own.weather.wet,
                lightning=weather.lightning or own.weather.lightning,
            )
    weather = Weather(wind=windy)
    for key, one in said:
        if one is None:
            continue
        if weather.kind is None and not weather.wet:
            _note("weather", key, one, words)
            weather = replace(one.weather, wind=one.weather.wind or weather.wind)
        if weather.kind == "rain" and one.weather.kind == "storm" and weather.change is None:
            _note("weather", key, one, words)  # the rain of a storm that another text speaks of
            weather = replace(weather, kind="storm", wind=True, lightning=one.weather.lightning)
        if one.none or (weather.kind is not None and weather.kind != "rain"):
            break
    return weather


def _note(value: str, key: str, said: _Said, words: list[Evidence]) -> None:
    words.extend(Evidence(value, key, text) for text in dict.fromkeys(said.texts))


def _weather_of(passage: Passage) -> _Said | None:
    """What a passage says of the weather; None if nothing."""
    searched = passage.without(_NO_WEATHER)
    kinds: dict[WeatherKind, Found] = {}
    change: Change | None = None
    texts: list[str] = []
    ended = lying = wet = False
    for kind, pattern in _WEATHERS:
        for each in searched.find(pattern):
            before, after = searched.low[: each.start], searched.low[each.end :]
            stopped = _STOPPED.match(after)
            gone = _STOPPED_BEFORE.search(before)
            if stopped and stopped["done"] is None and re.search(r"\b(?:never|not)\b", after[: stopped.end()]):
                stopped = None
            over = _OVER.search(before)
            if each.denied or (stopped and stopped["done"]) or over or (gone and gone["done"]):
                series = stopped is None and not over and not gone
                ended = True
                lying = lying or (
                    kind == "snow"
                    and not each.denied
                    and (bool(gone) or (stopped is not None and stopped["done"] in ("stopped", "ended", "over")))
                )
                texts.append(each.text + (after[: stopped.end()] if stopped else ""))
                wet = wet or (
                    kind in ("rain", "storm")
                    and not series
                    and (bool(stopped) or bool(gone) or bool(_AFTER.search(before)))
                )
                continue
            if not each.real:
                continue
            if kind == "snow" and each.match[0] in ("snow", "snows", "snowy") and _is_lying(before, after):
                lying = True
                texts.append(each.text)
                continue
            texts.append(each.text)
            if stopped or gone:
                change = "ends"
            elif _BEGINS_BEFORE.search(before) or _BEGINS_AFTER.match(after):
                change = change or "begins"
            kinds.setdefault(kind, each)
    lying = lying or searched.real(_SNOWBOUND) is not None
    damp = searched.real(_WET)
    wind, calm, flash = (searched.real(pattern) for pattern in (_WIND, _NO_WIND, _LIGHTNING))
    texts += [each.text for each in (damp, wind, calm) if each]
    if not texts and not lying:
        return None
    kind = next((each for each in ("storm", "snow", "rain", "fog", "dust", "cloud", "clear") if each in kinds), None)
    around = passage.low
    if kind is not None:
        first = kinds[kind]
        around = passage.low[max(0, first.start - 24) : first.end + 12]
    return _Said(
        Weather(
            kind,
            _heaviness(around) if kind in ("rain", "snow", "fog", "storm") else None,
            wind=wind is not None and calm is None,
            lightning=flash is not None and kind == "storm",
            wet=bool(damp) or wet or kind in ("rain", "storm"),
            lying_snow=lying,
            change=change,
        ),
        tuple(texts),
        kind is None and (ended or calm is not None),
    )


def _is_lying(before: str, after: str) -> bool:
    """Whether snow lies on the ground rather than falls."""
    if _FALLS.match(after) or re.search(r"\b(?:falling|driving|swirling|whirling|drifting|light) (?:the )?$", before):
        return False
    return _LYING.match(after) is not None or _LYING_BEFORE.search(before) is not None


def _heaviness(around: str) -> bool | None:
    if _HEAVY.search(around):
        return True
    return False if _LIGHT.search(around) else None


def read_sky(passages: Iterable[Passage], words: list[Evidence]) -> Sky:
    """Sun, moon and stars, each as the first of ``passages`` that speaks of it has it."""
    found: dict[str, bool] = {}
    for passage in passages:
        searched = passage.without(_NOT_IN_THE_SKY).without(_NO_WEATHER)
        for name, pattern in (("sun", _SUN), ("moon", _MOON), ("stars", _STARS)):
            if name in found:
                continue
            said = [each for each in searched.find(pattern) if each.real or each.denied]
            absent = searched.real(_ABSENT[name])
            if absent or said:
                shown = absent or said[0]
                found[name] = absent is None and said[0].real
                words.append(Evidence(f"sky.{name}", passage.key, shown.text))
    return Sky(**found)


def read_dark(passage: Passage, words: list[Evidence]) -> bool:
    """Whether the shot's own words say that it is dark."""
    found = passage.without(_NOT_DARK).real(_DARK)
    if found:
        words.append(Evidence("dark", passage.key, found.text))
    return found is not None
