"""The content of a screenplay: scenes, and in them what is seen, said and heard, in order.

Texts are plain: forcing marks, emphasis and escapes are removed, line breaks within a paragraph stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Element", "Kind", "Screenplay", "ScriptScene", "Setting", "parse_heading", "speakers"]

Kind = Literal["action", "dialogue", "lyric", "centered", "transition", "note", "page_break"]
Setting = Literal["INT", "EXT", "INT/EXT", ""]


@dataclass(frozen=True, slots=True)
class Element:
    """One paragraph of a scene, or one section of a speech.

    A speech is split at its parentheticals, which stand before what they are about: ``(low)``, words, ``(beat)``, words
    are two elements, and the second one ``continues`` the speech. A parenthetical at the end has an empty text. Lyrics
    in a speech have its ``character``. The second of two simultaneous speeches is ``dual``.
    """

    kind: Kind
    text: str
    line: int = 0
    """1-based line of the source, 0 without a source."""
    character: str = ""
    """The cue as written, without extension."""
    extension: str = ""
    """``O.S.``; several are joined by commas."""
    parenthetical: str = ""
    dual: bool = False
    continues: bool = False


@dataclass(frozen=True, slots=True)
class ScriptScene:
    """A scene: its heading as written, the parts of the heading, and the elements."""

    heading: str
    setting: Setting = ""
    place: str = ""
    time: str = ""
    number: str = ""
    section: tuple[str, ...] = ()
    """The sections that it is in, outermost first: act, sequence …"""
    synopsis: str = ""
    elements: tuple[Element, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Screenplay:
    """A screenplay. Anything before its first heading is a scene without a heading."""

    title_page: dict[str, str] = field(default_factory=dict)
    """Keys in lower case; several lines of a value are joined by line breaks."""
    scenes: tuple[ScriptScene, ...] = ()
    synopses: dict[tuple[str, ...], str] = field(default_factory=dict)
    """The synopses of sections, by their path as in :attr:`ScriptScene.section`."""


def speakers(screenplay: Screenplay) -> dict[str, int]:
    """Cue → number of speeches, by first appearance; ``MARA``, ``Mara`` and ``MARA (CONT'D)`` are one speaker."""
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for scene in screenplay.scenes:
        for element in scene.elements:
            if element.character and not element.continues:
                name = names.setdefault(element.character.upper(), element.character)
                counts[name] = counts.get(name, 0) + 1
    return counts


_PREFIX = re.compile(
    r"(?P<both>INT\.?/EXT|EXT\.?/INT|I\.?/E|E\.?/I)\b\.?|(?P<inside>INT)\b\.?|(?P<outside>EXT|EST)\b\.?", re.IGNORECASE
)
_DASH = re.compile(r"\s+[-–—]+\s*|[-–—]+\s+|\.\s+|,\s+(?=\S+$)")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d(\s?[AP]\.?M\.?)?|\d{1,2}\s?[AP]\.?M\.?|\d{4}s?", re.IGNORECASE)
_TIME_WORDS = """
    DAY NIGHT MORNING AFTERNOON EVENING DAWN DUSK SUNRISE SUNSET SUNUP SUNDOWN NOON MIDDAY MIDNIGHT TWILIGHT DAYBREAK
    NIGHTFALL DAYLIGHT LIGHT CONTINUOUS CONTINUING CONTINUED LATER SAME EARLIER HOUR PRESENT FLASHBACK DREAM AFTER
    JOUR NUIT MATIN SOIR SOIRÉE AUBE CRÉPUSCULE MIDI MINUIT DÍA DIA NOCHE MAÑANA TARDE AMANECER ATARDECER NOITE MANHÃ
    GIORNO NOTTE MATTINA SERA ALBA TRAMONTO TAG NACHT MORGEN ABEND NACHMITTAG MITTAG DÄMMERUNG
    ДЕНЬ НОЧЬ УТРО ВЕЧЕР РАССВЕТ ЗАКАТ ПОЛДЕНЬ ПОЛНОЧЬ 日 昼 夜 朝 夕 夕方 낮 밤 아침 저녁 白天 晚上 早晨
"""
_TIMES = frozenset(_TIME_WORDS.split())


def _is_time(text: str) -> bool:
    """Whether a heading's last part is a time: it ends in a word for one, or is a time of the clock or a year."""
    bare = re.sub(r"\([^()]*\)|[.,;:!?'’\"]+$", "", text).strip()
    last = re.split(r"[\s/]", bare)[-1].strip(".,;:'’\"").upper()
    return last in _TIMES or _CLOCK.fullmatch(bare) is not None


def parse_heading(heading: str) -> tuple[Setting, str, str]:
    """Setting, place and time of a heading: ``INT. LAMP ROOM - NIGHT`` → ``INT``, ``LAMP ROOM``, ``NIGHT``.

    A part after a dash is the time only if it names one: ``INT. HOUSE - KITCHEN`` is all place. ``EST.`` is outside.
    """
    found = _PREFIX.match(heading)
    setting: Setting = ""
    if found:
        setting = "INT/EXT" if found["both"] else "INT" if found["inside"] else "EXT"
    place = heading[found.end() if found else 0 :].strip(" -–—\t").lstrip(". ")
    place = re.sub(r"(?<!\b[AP]\.M)\.+$", "", place, flags=re.IGNORECASE)
    cut = len(place)
    for dash in reversed(list(_DASH.finditer(place[:1000]))):
        if dash.start() == 0 or not _is_time(place[dash.end() : cut]):
            break
        cut = dash.start()
    time = _DASH.sub("", place[cut:], count=1) if cut < len(place) else ""
    return setting, place[:cut].strip(), time.strip()
