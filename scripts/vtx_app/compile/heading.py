"""A shot's setting, place, time and weather as one short phrase of its prompt: ``Interior, night, rain``.

It comes from the spec's ``heading``. Without one, it comes from the headings in the scene's file that name one of the
shot's locations, or from all of them if none does, as far as they agree. The phrase repeats nothing that the shot's own
words or its profile say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from vtx_app.compile.request import fold
from vtx_app.compile.sources import RequestSources, spec_file
from vtx_app.formats.bibles import Location
from vtx_app.formats.clip_spec import ShotHeading
from vtx_app.formats.heading import Heading
from vtx_app.formats.time_of_day import goes_on, time_of_day
from vtx_app.project.film import Clip, Film
from vtx_app.project.paths import SCENES

__all__ = ["clip_heading", "compile_heading", "heading_of", "heading_phrase"]

_SETTINGS = {"INT": "interior", "EXT": "exterior", "INT/EXT": "interior and exterior", "": ""}
_NOTHING = Heading("", "", "", "")
_SAYS_SETTING = re.compile(r"\b(?:int\.|ext\.|(?:interiors?|exteriors?|indoors?|outdoors?|inside|outside)\b)")
_SAYS_TIME = re.compile(
    r"\b(?:(?:after|fore)?noon|midday|morning|evening|(?:mid)?night|(?:night|day)(?:time|fall|light|break)|day|dawn|dusk"
    r"|twilight|sun(?:rise|set|up|down|lit|light|shine)?|moon(?:lit|light|rise)?|starlight|first light"
    r"|(?:golden|magic|blue) hour)\b"
)
_SAYS_WEATHER = re.compile(
    r"\b(?:rain\w*|drizzle|downpour|\w*storm\w*|snow\w*|blizzard|fog\w*|mist|misty|haze|hazy|sleet|hail|gale|overcast"
    r"|cloud(?:y|s)|sunny|sunshine|clear (?:sky|skies|weather|day|night|daylight|light))\b"
)


def compile_heading(clip: Clip, film: Film, profile: str | None, sources: RequestSources) -> str:
    """The phrase of a shot; ``""`` if it would say nothing new. Raises :class:`SpecError`."""
    spec = clip.spec
    heading = clip_heading(clip, film, "heading", sources)
    prefix = film.bibles.style.profiles[profile].prefix if profile is not None else ""
    return heading_phrase(heading, f"{prefix} {spec.prompt.positive}")


def clip_heading(clip: Clip, film: Film, part: str, sources: RequestSources) -> Heading:
    """The heading of a shot, recorded as the source of that ``part`` of its request. Raises :class:`SpecError`.

    Its place is left out if the shot names locations, which say what it looks like.
    """
    spec, locations = clip.spec, clip.spec.continuity.locations
    if spec.heading is not None:
        heading = _own(spec.heading)
        file, key = spec_file(clip.stem), "heading"
    else:
        scene = spec.act, spec.scene
        heading = heading_of(film.headings.of(scene), locations, film.bibles.locations)
        file, key = film.headings.file(scene) or SCENES, f"heading of {', '.join(locations) or 'the scene'}"
    if locations:
        heading = heading._replace(place="")
    sources.read(part, file, key, ", ".join(filter(None, heading)))
    return heading


def _own(given: ShotHeading) -> Heading:
    """The heading in a spec. A time that is not a known time of day stays as written, except ``LATER`` and the like."""
    time = given.time or ""
    time = time_of_day(time) or ("" if goes_on(time) else time)
    return Heading(given.setting or "", given.place or "", time, given.weather or "")


def heading_of(headings: Sequence[Heading], locations: Iterable[str], known: Mapping[str, Location]) -> Heading:
    """The parts on which a scene's ``headings`` agree: those that name one of the shot's ``locations``, else all."""
    if not headings:
        return _NOTHING
    names = {_plain(name) for each in locations for name in (each, known[each].name if each in known else each)}
    chosen = [heading for heading in headings if names.intersection(_places(heading.place))] or headings
    return Heading(*(values[0] if len(set(values)) == 1 else "" for values in zip(*chosen, strict=True)))


def _places(place: str) -> set[str]:
    """The places that a heading may name: ``HARBOUR - MOLE`` can match the whole, the harbour or the mole."""
    return {_plain(part) for part in (place, *re.split(r"\s+[-–—]+\s+|,\s+|/", place))} - {""}


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    """A name for comparison: ``The Café`` and ``cafe`` are equal."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("_", " ").replace("’", "'"))
    words = "".join(each for each in letters if not unicodedata.combining(each)).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("the", "a", "an") else words)


def heading_phrase(heading: Heading, words: str) -> str:
    """A heading as a phrase, without what ``words`` already say: ``Interior, night, rain``."""
    if not any(heading):
        return ""
    text = fold(words).casefold()
    parts = [
        _SETTINGS[heading.setting] if heading.setting and not _SAYS_SETTING.search(text) else "",
        heading.place,
        heading.time if heading.time and not _SAYS_TIME.search(text) else "",
        heading.weather if heading.weather and not _SAYS_WEATHER.search(text) else "",
    ]
    phrase = ", ".join(_small(part) for part in parts if part and not _has(text, part))
    return phrase[:1].upper() + phrase[1:]


def _has(text: str, part: str) -> bool:
    """Whether ``part`` is in the text as words of its own: ``rain`` is not in ``grain``."""
    return re.search(rf"(?<!\w){re.escape(part.casefold())}(?!\w)", text) is not None


def _small(text: str) -> str:
    """``text`` in lower case if it is all capitals, as in screenplays."""
    return fold(text).lower() if text.isupper() else fold(text)
