"""What a screenplay itself says of its people and places, as a description for prompts."""

from __future__ import annotations

import re

from vtx_app.story.screenplay.script import Screenplay, speakers
from vtx_app.story.wording import display_name

__all__ = ["introduction", "place_description"]

_SENTENCE = re.compile(r"(?<=[.!?…。！？])\s+")
_MOST_WORDS = 60


def _sentences(text: str) -> list[str]:
    return [each for each in _SENTENCE.split(" ".join(text.split())) if each]


def _few(sentences: list[str]) -> str:
    """As many whole sentences from the start as keep it short; at least one, cut where even that is long."""
    words: list[str] = []
    for sentence in sentences:
        more = sentence.split()
        if words and len(words) + len(more) > _MOST_WORDS:
            break
        words += more
    return " ".join(words[:_MOST_WORDS]).rstrip(".")


def introduction(name: str, screenplay: Screenplay) -> str:
    """How the action introduces a character, ``INÈS (67), small and straight-backed, …`` → ``Inès, 67, small …``.

    Just the name where no sentence has it in capitals before a bracket or a comma: what somebody does is not how
    they look.
    """
    shown = display_name(name)
    pattern = re.compile(rf"(?<!\w){re.escape(name.upper())}(?=\s*[(,])")
    for scene in screenplay.scenes:
        for element in scene.elements:
            for sentence in _sentences(element.text) if element.kind == "action" else ():
                if found := pattern.search(sentence):
                    rest = re.sub(r"^\s*\(([^()]*)\)", r", \1", sentence[found.end() :]).lstrip()
                    return _few([shown + rest])
    return shown


def place_description(place: str, screenplay: Screenplay) -> str:
    """What the first scenes at ``place`` say of it: sentences of action in which nobody stands; else just its name,
    and whether it is inside or outside."""
    shown = display_name(place)
    names = [name.casefold() for name in speakers(screenplay)]
    where = ""
    for scene in screenplay.scenes:
        if scene.place != place:
            continue
        where = where or {"INT": "an interior", "EXT": "an exterior"}.get(scene.setting, "")
        first = next((element.text for element in scene.elements if element.kind == "action"), "")
        still = [each for each in _sentences(first) if not any(name in each.casefold() for name in names)]
        if still:
            return f"{shown}: {_few(still[:2])}"
    return f"{shown}, {where}" if where else shown
