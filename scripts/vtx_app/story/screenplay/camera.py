"""Camera directions in a screenplay: ``CLOSE ON``, ``LOW ANGLE``, ``we pan left``.

They count in capitals, at the start of a sentence, or after "we" and "the camera"; elsewhere "close" and "wide" are
ordinary words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Camera", "find_camera"]


@dataclass(frozen=True, slots=True)
class Camera:
    """Directions for a shot, each empty if there is none. ``cut``: a new shot begins."""

    size: str = ""
    angle: str = ""
    movement: str = ""
    cut: bool = False


_SIZES = {
    "extreme close-up": r"extreme close[- ]?up|(?-i:ECU)",
    "medium close-up": r"medium close[- ]?up|(?-i:MCU)",
    "close-up": r"clos(?:e|er|ing) (?:on|in on|shot)|close[- ]?up|C\.U\.|(?-i:INSERT)(?=\W*(?:[-–—:]|$))",
    "extreme wide": r"extreme (?:wide|long)|aerial (?:view|shot)|(?-i:AERIAL)",
    "wide": r"wider? (?:on|shot|angle|view)|wide(?=\W*[-–—:])|establishing|long shot|full shot",
    "medium": r"medium (?:on|shot)|two[- ]shot",
}
_ANGLES = {
    "low": r"low angle",
    "high": r"high angle",
    "overhead": r"overhead (?:shot|view)|(?-i:OVERHEAD)|bird'?s[- ]eye|top shot",
    "point of view": r"point of view|(?-i:P\.?O\.?V\.?)",
    "over the shoulder": r"over[- ](?:the|his|her|\w+'s)[- ]shoulder|(?-i:OTS)",
    "canted": r"dutch angle|canted angle",
}
_MOVES = {
    "push in": r"(?:slow(?:ly)? )?(?:push|dolly|zoom|mov|creep)(?:es|s|ing|e|ies)? in",
    "pull back": r"(?:slow(?:ly)? )?(?:pull|dolly|zoom|mov)(?:es|s|ing|e|ies)? (?:back|out)",
    "whip pan": r"whip[- ]pans?",
    "pan left": r"pan(?:s|ning)? (?:\w+ )?left",
    "pan right": r"pan(?:s|ning)? (?:\w+ )?right",
    "pan": r"pan(?:s|ning)? (?:across|over|to|along|from|around|past|up|down)|(?-i:PAN(?:S|NING)?)",
    "tilt up": r"tilt(?:s|ing)? (?:\w+ )?up",
    "tilt down": r"tilt(?:s|ing)? (?:\w+ )?down",
    "tracking": r"track(?:s|ing)? (?:shot|with|along|after|behind|past)|(?-i:TRACKING)|dolly (?:with|along)|steadicam",
    "crane up": r"cran(?:e|es|ing) up",
    "crane down": r"cran(?:e|es|ing) down",
    "handheld": r"hand-?held",
}
_CUTS = {"": r"(?:new |reverse |another )?angle on|(?:new|reverse) angle|intercut|series of shots|montage"}
_BEFORE = re.compile(r"(?:^|\b(?:we|camera)\s+(?:\w+ly\s+|then\s+)?)$", re.IGNORECASE)
_SEARCHED = 500


def _compiled(group: dict[str, str]) -> list[tuple[str, re.Pattern[str]]]:
    return [(name, re.compile(rf"(?<!\w)(?:{phrases})(?!\w)", re.IGNORECASE)) for name, phrases in group.items()]


_SIZE, _ANGLE, _MOVE, _CUT = map(_compiled, (_SIZES, _ANGLES, _MOVES, _CUTS))


def find_camera(sentence: str) -> Camera:
    """The camera directions in ``sentence``. A size, an angle, or ``ANGLE ON`` begins a new shot."""
    size, angle, movement = (_first(group, sentence) for group in (_SIZE, _ANGLE, _MOVE))
    cut = bool(size or angle or _first(_CUT, sentence) is not None)
    return Camera(size or "", angle or "", movement or "", cut)


def _first(group: list[tuple[str, re.Pattern[str]]], sentence: str) -> str | None:
    for name, pattern in group:
        for found in pattern.finditer(sentence, 0, _SEARCHED):
            if found[0].isupper() or _BEFORE.search(sentence, 0, found.start()):
                return name
    return None
