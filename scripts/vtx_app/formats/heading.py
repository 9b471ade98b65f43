"""Scene headings of screenplays: ``INT. LAMP ROOM - NIGHT - RAIN``, in the forms that screenwriting programs write."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

__all__ = [
    "LONGEST_HEADING",
    "WEATHER_WORDS",
    "WORDS_IN_A_HEADING",
    "Heading",
    "Setting",
    "looks_like_heading",
    "parse_heading",
]

LONGEST_HEADING = 200
"""Characters of a place's name (``formats.base.Name``)."""

WORDS_IN_A_HEADING = 25
"""A line with more is a paragraph."""

Setting = Literal["INT", "EXT", "INT/EXT", ""]


class Heading(NamedTuple):
    """The parts of a heading, each as written and empty if it is missing. ``time`` may be ``LATER`` as well."""

    setting: Setting
    place: str
    time: str
    weather: str


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INSIDE = r"INTERIOR|INTÉRIEUR|INTERIEUR|INTERNO|INT|INNEN|ИНТЕРЬЕР|ИНТ|室内|屋内|内|실내"
_OUTSIDE = r"EXTERIOR|EXTÉRIEUR|EXTERIEUR|ESTERNO|EXT|EST|AUSSEN|AUẞEN|AUßEN|НАТУРА|НАТ|ЭКСТ|室外|屋外|外|실외"
_AND = r"\s*(?:[/&+-]\s*|(?<=[.\s]))"
_NUMBER = r"(?:SCENE\s+)?#?[A-Z]?\d{1,4}(?:[-.]\d{1,4})*[A-Z]{0,2}[.):]?\s+(?:[-–—]\s+)?"
_PREFIX = re.compile(
    rf"(?P<both>(?:(?:{_INSIDE})\.?{_AND}(?:{_OUTSIDE})|(?:{_OUTSIDE})\.?{_AND}(?:{_INSIDE})|I\.?/E|E\.?/I))\b\.?"
    rf"|(?P<inside>{_INSIDE})\b\.?|(?P<outside>{_OUTSIDE})\b\.?",
    re.IGNORECASE,
)
_LIKE = re.compile(
    rf"(?:{_NUMBER})?(?:(?:INT|EXT|EST)\.|(?-i:(?:{_INSIDE}|{_OUTSIDE})[./ -](?=[^a-zа-яё]+$)))\s*\S",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"(?P<number>{_NUMBER})(?={_PREFIX.pattern})", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"\s+[-–—]+\s*|[-–—]+\s+|\.\s+|:\s+|\s+/\s+|,\s+(?=\S+$)|(?<=\w)(?<!\bPRE)(?<!\bMID)[-–—](?=[^\W\d_]+$)",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*(?:\(([^()]*)\)|\[([^\[\]]*)\])$")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d(\s?[AP]\.?M\.?)?|\d{1,2}\s?[AP]\.?M\.?|\d{4}s?", re.IGNORECASE)
_DAY_WORDS = """
    DAY NIGHT MORNING AFTERNOON EVENING DAWN DUSK SUNRISE SUNSET SUNUP SUNDOWN NOON MIDDAY MIDNIGHT TWILIGHT DAYBREAK
    NIGHTFALL JOUR NUIT MATIN SOIR SOIRÉE AUBE CRÉPUSCULE MIDI MINUIT DÍA DIA NOCHE MAÑANA TARDE AMANECER ATARDECER
    NOITE MANHÃ GIORNO NOTTE MATTINA SERA ALBA TRAMONTO TAG NACHT MORGEN ABEND NACHMITTAG MITTAG DÄMMERUNG
    ДЕНЬ НОЧЬ УТРО ВЕЧЕР РАССВЕТ ЗАКАТ ПОЛДЕНЬ ПОЛНОЧЬ 日 昼 夜 朝 夕 夕方 낮 밤 아침 저녁 白天 晚上 早晨
"""
_OTHER_TIMES = """
    DAYLIGHT LIGHT CONTINUOUS CONTINUING CONTINUED LATER SAME EARLIER HOUR PRESENT FLASHBACK DREAM AFTER
"""
WEATHER_WORDS = _words("""
    RAIN RAINING RAINY DRIZZLE DOWNPOUR SNOW SNOWING SNOWY SLEET HAIL BLIZZARD FOG FOGGY MIST MISTY STORM STORMY
    THUNDER THUNDERSTORM LIGHTNING WIND WINDY OVERCAST CLOUDY SUNNY SUNSHINE HEATWAVE REGEN SCHNEE NEBEL STURM PLUIE
    NEIGE BROUILLARD ORAGE LLUVIA NIEVE NIEBLA TORMENTA CHUVA PIOGGIA NEVE NEBBIA
    ДОЖДЬ СНЕГ ТУМАН ГРОЗА 雨 雪 霧 비 눈""")
_DAYS = _words(_DAY_WORDS)
_TIMES = _DAYS | _words(_OTHER_TIMES)
_LONGEST_WEATHER = 3
_SEARCHED = 1000


def looks_like_heading(line: str) -> bool:
    """Whether people read ``line`` as a heading: numbered, in another language, or without empty lines around it."""
    if len(line) > LONGEST_HEADING:
        return False
    return _LIKE.match(line) is not None or (_PREFIX.match(line) is not None and bool(parse_heading(line).time))


def parse_heading(text: str) -> Heading:
    """The parts of a heading: ``INT. LAMP ROOM - NIGHT`` → ``INT``, ``LAMP ROOM``, ``NIGHT`` and no weather.

    A part after a dash counts as time or weather only if it names one: ``INT. HOUSE - KITCHEN`` is all place. ``EST.``
    means outside.
    """
    if numbered := _NUMBERED.match(text):
        number = numbered["number"].strip(" #.):-–—\t").upper().removeprefix("SCENE").strip()
        text = re.sub(rf"\s{re.escape(number)}$", "", text[numbered.end() :], flags=re.IGNORECASE)
    found = _PREFIX.match(text)
    setting: Setting = ""
    if found:
        setting = "INT/EXT" if found["both"] else "INT" if found["inside"] else "EXT"
    place = text[found.end() if found else 0 :].strip(" -–—:/\t").lstrip(". ")
    place = re.sub(r"(?<!\b[AP]\.M)\.+$", "", place, flags=re.IGNORECASE)
    times: list[str] = []
    weather: list[str] = []
    while cut := _last_part(place):
        start, part = cut
        (weather if _is_weather(part) else times).insert(0, part)
        place = place[:start]
    if not times and re.match(r"[\s.]*[-–—]", text[found.end() :] if found else "") and _is_time(place):  # INT. - DAY
        times, place = [place], ""
    place = re.sub(r"(?<!\.\w)\.$", "", place.strip())  # KITCHEN. but U.S.
    return Heading(setting, place, " - ".join(times), ", ".join(weather))


def _last_part(place: str) -> tuple[int, str] | None:
    """The last part of ``place`` and where it begins, if it is a time or weather."""
    bracket = _BRACKET.search(place)
    within = (bracket[1] or bracket[2] or "").strip() if bracket else ""
    if bracket and bracket.start() and (_is_weather(within) or _last_word(within) in _DAYS):
        return bracket.start(), within
    separators = list(_SEPARATOR.finditer(place[:_SEARCHED]))
    if not separators or separators[-1].start() == 0:
        return None
    start, part = separators[-1].start(), place[separators[-1].end() :].strip()
    if len(separators[-1][0]) == 1 and part.upper() not in _DAYS:  # HOUSE-NIGHT, but not TRAFFIC-LIGHT
        return None
    return (start, part) if _is_weather(part) or _is_time(part) else None


def _is_time(text: str) -> bool:
    """Whether ``text`` ends in a word for a time, or is a clock time or a year: ``DAY 2``, ``SAME TIME``, ``3:15``."""
    bare = re.sub(r"\([^()]*\)|\b(?:PRE|MID)-|[.,;:!?'’\"]+$", "", text, flags=re.IGNORECASE).strip()
    return _last_word(bare) in _TIMES or bare.upper() == "SAME TIME" or _CLOCK.fullmatch(bare) is not None


def _is_weather(text: str) -> bool:
    words = text.split()
    return len(words) <= _LONGEST_WEATHER and _last_word(text) in WEATHER_WORDS


def _last_word(text: str) -> str:
    """The last word in capitals, without a number after it: ``DAY 2`` → ``DAY``."""
    words = [word.strip(".,;:'’\"").upper() for word in re.split(r"[\s/]+", text.strip())]
    while len(words) > 1 and re.fullmatch(r"#?\d{1,3}|", words[-1]):
        words.pop()
    return words[-1]
