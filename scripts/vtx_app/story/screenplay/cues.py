"""Cues such as ``MOM (V.O.)``, and lines in capitals that only look like one, such as ``ANGLE ON THE DOOR``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Literal

from vtx_app.story.names import name_key
from vtx_app.story.screenplay.fountain_text import is_escaped
from vtx_app.story.screenplay.script import Element, ScriptScene

__all__ = [
    *("LONGEST_CUE", "direction", "is_extension", "is_page_mark", "joint_names"),
    *("looks_like_direction", "split_cue", "split_joint_cues"),
]

LONGEST_CUE = 200
"""Characters of a speaker's name (``formats.base.Name``)."""

_EXTENSION = re.compile(
    r"V\.?\s?O\.?|O\.?\s?[SC]\.?|V/O|O/[SC]|OFF(?:[- ]?(?:SCREEN|CAMERA))?|VOICE[- ]?OVER|CONT['’]?D\.?|З\.?\s?К\.?",
    re.IGNORECASE,
)
_WITHOUT_BRACKETS = re.compile(
    r"\s+(?:[-–—]\s*)?(V\.\s?O\.?|O\.\s?[SC]\.?|З\.\s?К\.?)$|\s+[-–—]\s*(VO|OS|OC|V/O|O/S|OFF|CONT['’]?D\.?|ЗК)$|\s+(CONT['’]D\.?)$"
    r"|\s*(?<!\\)\[([^\[\]]{1,60})(?<!\\)\]$",
    re.IGNORECASE,
)
_COLON = re.compile(r"(?<!\\)[\s:]+$")
_HANGING = re.compile(r"(?:(?<!\\)[\s,;]|(?<=[\s-])-)*$")
_TOGETHER = re.compile(r"\s+(?:AND|UND|ET|AND THEN|Y|E|И|OG|EN)\s+|\s*[/&+,]\s*", re.IGNORECASE)

_SHOWN = (
    r"SUPER(?:IMPOSED?)?|TITLES?|TITLE CARD|CARD|CHYRON|CAPTION|SUBTITLES?|LOWER THIRD|CRAWL|INTERTITLE"
    r"|ON[- ]SCREEN(?: TEXT)?|TEXT ON SCREEN|EINBLENDUNG|ТИТР"
)
_CAMERA = (
    r"(?:(?:NEW |REVERSE |ANOTHER |LOW |HIGH |WIDE |CLOSE )?ANGLE\b|CLOSER?[- ](?:ON|SHOT|UP)\b|CLOSEUP\b|C\.U\.|ECU\b"
    r"|EXTREME CLOSE|(?:WIDER?|LONG|FULL|MEDIUM|TWO|TRACKING|CRANE|DOLLY|STOCK|HELICOPTER|DRONE|MASTER)[- ]SHOT\b"
    r"|WIDE ON\b|AERIAL (?:SHOT|VIEW)\b|ESTABLISHING\b|(?:[^\W\d_]+(?:['’]S)? )?P\.?O\.?V\.?(?=\W|$)"
    r"|INSERTS?(?=\s*(?:[-–—:.]|$))|MONTAGE\b|SERIES OF SHOTS\b|INTERCUT\b|FLASH ?(?:BACK|FORWARD)S?\b"
    r"|DREAM SEQUENCE\b|SPLIT SCREEN\b|FREEZE FRAME\b|SLOW MOTION\b"
    r"|END (?:OF )?(?:THE )?(?:MONTAGE|FLASHBACK|INTERCUT|DREAM|SCENE)\b|BACK TO\b"
    r"|(?:MOMENTS |MINUTES |HOURS |SECONDS |MUCH )?LATER\W*$|CONTINUED:?$|THE END\W*$)"
)
_CUT = (
    r"(?:(?:FADE|CUT|DISSOLVE|WIPE|IRIS|(?:SMASH|MATCH|JUMP|HARD|TIME|QUICK|FLASH)[- ]CUT)"
    r"(?: (?:TO|IN|OUT|UP|FROM)\b[^a-z]*)"
    r"|(?:WIPE|DISSOLVE|BLACKOUT|SMASH CUT|MATCH CUT|JUMP CUT|HARD CUT)[:.]?)"
)
_DIRECTIONS: tuple[tuple[Literal["centered", "action", "transition"], re.Pattern[str]], ...] = (
    ("centered", re.compile(rf"(?:{_SHOWN})(?:\s*\([^()]*\)|\s+[-–—].*)?\s*:|TITLE CARD|CHYRON|LOWER THIRD")),
    ("transition", re.compile(_CUT)),
    ("action", re.compile(rf"{_CAMERA}.*")),
)
_DOUBTFUL = re.compile(
    r"\b(?:SHOT|ANGLE|CAMERA|P\.?O\.?V|INSERT|MONTAGE|TITLES?|SUPER|CAPTION|FLASHBACK|SCREEN|SCENE|CREDITS)\b"
)


def direction(line: str) -> Literal["centered", "action", "transition"] | None:
    """What a line in capitals is if it is a direction and no cue: ``SUPER:`` has text that is shown (centered),
    ``ANGLE ON THE DOOR`` is for the camera (action), ``FADE TO BLACK:`` for the cut; None for anything else."""
    text = " ".join(line.split())
    return next((kind for kind, pattern in _DIRECTIONS if pattern.fullmatch(text)), None)


def looks_like_direction(name: str) -> bool:
    """Whether the name of a speaker has words of camera or cut, and may be a direction: ``ZACK'S HELMET CAMERA``."""
    return _DOUBTFUL.search(name.upper()) is not None


def is_extension(text: str) -> bool:
    """Whether ``text``, the first parenthetical of a speech, belongs to the cue: ``V.O.``."""
    return _EXTENSION.fullmatch(text.strip()) is not None


def is_page_mark(text: str) -> bool:
    """Whether ``text``, in parentheses, is what a program puts at the end of a page: ``(MORE)``."""
    return text.strip() in ("MORE", "CONTINUED")


def split_cue(cue: str) -> tuple[str, str]:
    """``MOM (V.O.) (CONT'D)`` → ``MOM`` and ``V.O., CONT'D``. A cue all in parentheses is a name.

    People write ``MOM V.O.``, ``MOM [O.S.]``, ``MOM - V.O.`` and ``MOM:`` as well.
    """
    name, extensions = cue.strip(), list[str]()
    while len(name) <= LONGEST_CUE:
        name = _COLON.sub("", name) or name
        bare = _WITHOUT_BRACKETS.search(name)
        if (start := _last_parenthesis(name)) > 0:
            extensions.insert(0, name[start + 1 : -1].strip())
        elif bare and bare.start() > 0:
            start = bare.start()
            extensions.insert(0, next(filter(None, bare.groups())).strip())
        else:
            break
        name = _HANGING.sub("", name[:start])
    return name, ", ".join(part for part in extensions if part)


def _last_parenthesis(text: str) -> int:
    """The index of the parenthesis that the last character closes, -1 if it closes none."""
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        if text[index] in "()" and not is_escaped(text, index):
            depth += 1 if text[index] == ")" else -1
        if depth <= 0:
            return index if depth == 0 and index < len(text) - 1 else -1
    return -1


def joint_names(cue: str) -> list[str]:
    """The names in a cue: two for ``IDA AND BO``, one for most."""
    return _TOGETHER.split(cue)


def split_joint_cues(scenes: Sequence[ScriptScene]) -> tuple[ScriptScene, ...]:
    """The scenes with ``IDA AND BO`` split into simultaneous speeches, if both also speak elsewhere."""
    known = {name_key(element.character) for scene in scenes for element in scene.elements if element.character}
    return tuple(replace(scene, elements=tuple(_separated(scene.elements, known))) for scene in scenes)


def _separated(elements: Sequence[Element], known: set[str]) -> Iterator[Element]:
    speech = 0

    def number(element: Element) -> int:
        nonlocal speech
        speech += not (element.character and element.continues)
        return speech

    for _, group in groupby(elements, number):
        parts = list(group)
        names = joint_names(parts[0].character)
        if len(names) < 2 or not all(name_key(name) in known for name in names):
            yield from parts
            continue
        for place, name in enumerate(names):
            yield from (replace(part, character=name, dual=part.dual or place > 0) for part in parts)
