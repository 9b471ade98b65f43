"""What a screenplay itself says of its people and places, as a description for prompts."""

from __future__ import annotations

import re

from vtx_app.story.screenplay.script import Screenplay
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
    """The sentence in which the action first names a character in capitals, in ordinary case; else just the name.

    ``Behind it INÈS (67), small and straight-backed, …`` → ``Inès, 67, small and straight-backed, …``.
    """
    shown = display_name(name)
    pattern = re.compile(rf"(?<!\w){re.escape(name.upper())}(?!\w)")
    for scene in screenplay.scenes:
        for element in scene.elements:
            if element.kind != "action":
                continue
            for sentence in _sentences(element.text):
                found = pattern.search(sentence)
                if found:
                    rest = re.sub(r"^\s*\(([^()]*)\)", r", \1", sentence[found.end() :]).lstrip()
                    joined = f"{shown}{'' if rest[:1] in ',.;:' else ' '}{rest}" if rest else shown
                    return _few([joined]) or shown
    return shown


def place_description(place: str, screenplay: Screenplay) -> str:
    """The first sentences of action in the first scene at ``place``; else just its name."""
    for scene in screenplay.scenes:
        if scene.place == place:
            for element in scene.elements:
                if element.kind == "action" and element.text.strip():
                    return f"{display_name(place)}: {_few(_sentences(element.text)[:2])}"
    return display_name(place)
