"""What the weather does: of each text, the shot's own before its places'; and what holds of it in the next shot."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from vtx_app.render.animatic.reading.model import Change, Evidence, Weather, WeatherKind
from vtx_app.render.animatic.reading.text import Found, Passage
from vtx_app.render.animatic.reading.vocabulary import kinds_of, pattern_of, patterns_of

__all__ = ["Said", "read_weather", "weather_in"]

_HEADING_WEATHER = kinds_of("skies", "heading weather")

_WEATHERS = patterns_of("skies", "weathers")
_NO_WEATHER = pattern_of("skies", "no weather")
_STOPPED = re.compile(
    r"^(?:\s(?:has|have|had|is|are|was|itself))*\s?(?:\b(?:already|finally|at last|long|now|almost|all|just|since"
    r"|quite|since)\s)*"
    r"(?:(?P<done>stopped|over(?=[.,;]|$| now| at last)|passed|past|gone|ended|ceased|blown (?:itself )?out|blew "
    r"(?:itself )?out|let up|moved on"
    r"|cleared|lifted|burn(?:t|ed) off|melted|spent|behind (?:us|them|him|her)|eased|died (?:away|down)|vanished"
    r"|dispersed|given over|given out|rained itself out|worn (?:itself )?out|slackened|abated|subsided)"
    r"|(?P<now>stops|ends|ceases|lets up|thins|lifts|clears|eases(?: off)?(?! (?:in)?to)|burns off|melts"
    r"|dies(?: away| down)?|passes|gives over|abates|subsides"
    r"|gives way|disperses|moves off|moves on|slackens|parts|part|breaks up|break up|fades|dissolves|blows "
    r"(?:itself )?out"
    r"|drifts off|withdraws|is (?:thinning|lifting|clearing|stopping|easing|melting|passing|burning off)|thinning"
    r"|lifting|clearing))\b"
)
_STOPPED_BEFORE = re.compile(
    r"\b(?:(?P<done>stopped|ceased|finished|done|given up|(?:has|had) quit)|stops|ceases"
    r"|quits) $"
)
_DRIVEN_OFF = re.compile(r"\b(?:burns?|blows?|sweeps?|melts?) (?P<away>off |away )?(?:the |all the |the last of the )$")
_AWAY = re.compile(r"^ (?:away|off|clear|out to sea)\b")
_SETTLED = re.compile(r"^ (?:has |have )?(?:settles?|settled|clears?|cleared)\b")
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
    r"|tracks in the|through the|in the|across the|on the|over the|into the"
    r"|under(?: the)?|beneath the|out of the|from the|of|with|virgin|untouched|unbroken) $"
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
_DRY = re.compile(r"\b(?:sand|dust|snow|desert|dunes?)")
"""Near a storm that leaves the ground dry."""
_TURNED = re.compile(
    r"\b(?P<old>snow|rain|sleet|hail|fog|mist|drizzle|storm|downpour)(?:fall|storm)?\b"
    r"(?P<turns>[^.;!?]{0,16}?\b(?:turn|chang|giv|gave|melt|eas|soften|thicken|fad)(?:s|es|ed|en|ing|e)?"
    r"(?: way| back| slowly| gradually| now| over| off)* (?:in)?to )"
    r"(?:an? |the |thin |heavy |soft |fine |light |cold |steady )*(?:rain|snow|sleet|drizzle|hail|fog|mist)\b"
)
"""One weather that another one follows."""
_FALLING = ("rain", "snow", "storm", "fog", "dust")


@dataclass(frozen=True, slots=True)
class Said:
    """What one text says of the weather. ``none``: nothing of a kind is there, or no wind; ``ended``: what there was is
    over, or not there."""

    weather: Weather
    texts: tuple[str, ...]
    none: bool
    ended: bool = False

    def after(self, held: Said | None) -> Said:
        """This, as it is said of a shot in which the weather ``held`` until then."""
        if held is None:
            return self
        mine, old = self.weather, held.weather
        wet, lying = mine.wet or old.wet, mine.lying_snow or old.lying_snow
        if self.ended and mine.kind in (None, "cloud", "clear"):
            return replace(self, weather=replace(mine, wet=wet, lying_snow=lying))
        if mine.kind is None or (mine.kind == "cloud" and old.kind in _FALLING):
            wind = not self.none and (mine.wind or old.wind)  # no wind is said
            weather = replace(old, wind=wind, wet=wet, lying_snow=lying)
            return Said(weather, self.texts, held.none, held.ended)
        if mine.kind == "rain" and old.kind == "storm" and mine.heavy is not False:  # the storm's own
            mine = replace(mine, kind="storm", wind=True)
        if mine.kind == old.kind:
            heavy = old.heavy if mine.heavy is None else mine.heavy
            mine = replace(mine, heavy=heavy, wind=not self.none and (mine.wind or old.wind))
        ended = self.ended or (held.ended and mine.kind == old.kind)
        return replace(self, weather=replace(mine, wet=wet, lying_snow=lying), ended=ended)

    @property
    def lasting(self) -> tuple[Weather, bool]:
        """What of it a later shot can have."""
        return replace(self.weather, lightning=False, change=None), self.ended

    def at_the_end(self) -> Said:
        """What holds when the shot is over: no flash, and no more of what ends in it."""
        weather = replace(self.weather, lightning=False, change=None)
        if self.weather.change == "ends":
            return Said(replace(weather, kind=None, heavy=None, wind=False), self.texts, none=True, ended=True)
        return replace(self, weather=weather)


def read_weather(
    heading_weather: str, passages: Iterable[Passage], words: list[Evidence], held: Said | None = None
) -> Weather:
    """The weather: the heading's as the shot's words change it, else that of the first of ``passages`` that has any.

    ``held``: what earlier shots of the scene say, which the shot's own words, the first of ``passages``, go on from.
    """
    said = [(passage.key, weather_in(passage)) for passage in passages]
    own_key, own = said[0]
    if held is not None:
        words.extend(Evidence("weather", "earlier.weather", text) for text in held.texts)
        own = held if own is None else own.after(held)
        own_key = "earlier.weather" if said[0][1] is None else own_key
        said[0] = own_key, own
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
            if (own.none and own.weather.kind is None) or own.ended:
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


def _note(value: str, key: str, said: Said, words: list[Evidence]) -> None:
    found = (Evidence(value, key, text) for text in dict.fromkeys(said.texts))
    words.extend(each for each in found if each not in words)


def weather_in(passage: Passage) -> Said | None:
    """What a passage says of the weather; None if nothing."""
    searched = passage.without(_NO_WEATHER)
    kinds: dict[WeatherKind, Found] = {}
    change: Change | None = None
    texts: list[str] = []
    none = ended = lying = wet = False
    if turned := _TURNED.search(searched.low):
        ended = turned["turns"] != " to "
        lying, wet = turned["old"] == "snow", turned["old"] in ("rain", "drizzle", "downpour")
        texts.append(passage.text[turned.start() : turned.end()])
        start, end = turned.start(), turned.start() + len(turned["old"]) + len(turned["turns"])
        searched = searched.with_low(searched.low[:start] + " " * (end - start) + searched.low[end:])
    for kind, pattern in _WEATHERS:
        for each in searched.find(pattern):
            before, after = searched.low[: each.start], searched.low[each.end :]
            stopped = _STOPPED.match(after)
            gone = _STOPPED_BEFORE.search(before)
            driven = _DRIVEN_OFF.search(before)
            if driven and not (driven["away"] or _AWAY.match(after)):
                driven = None
            if kind == "dust" and _SETTLED.match(after):
                none = ended = True
                texts.append(each.text)
                continue
            if stopped and stopped["done"] is None and re.search(r"\b(?:never|not)\b", after[: stopped.end()]):
                stopped = None
            over = _OVER.search(before)
            if over and over[0].startswith("until") and re.match(r" (?!stops|ends|clears|lifts|passes)\w+s\b", after):
                over = None  # until the mist swallows him
            if each.denied or (stopped and stopped["done"]) or over or (gone and gone["done"]):
                series = stopped is None and not over and not gone
                none = True
                ended = ended or over is None or _AFTER.search(before) is not None
                lying = lying or (
                    kind == "snow"
                    and not each.denied
                    and (bool(gone) or (stopped is not None and stopped["done"] in ("stopped", "ended", "over")))
                )
                texts.append(each.text + (after[: stopped.end()] if stopped else ""))
                if kind == "cloud" and each.denied:
                    kinds.setdefault("clear", each)
                wet = wet or (
                    (kind == "rain" or (kind == "storm" and not _DRY.search(searched.low)))
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
            if stopped or gone or driven:
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
        start, end = passage.clause(first.start)
        around = passage.low[max(start, first.start - 24) : min(end, first.end + 12)]
        if kind == "rain" and any("drizzl" in each.lower() for each in texts):
            around = "drizzle"
    return Said(
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
        kind is None and (none or calm is not None),
        ended,
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
