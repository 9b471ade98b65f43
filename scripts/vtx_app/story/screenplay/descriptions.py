"""Descriptions of people and places for prompts, taken from the screenplay, in ordinary case."""

from __future__ import annotations

import re
from itertools import takewhile

from vtx_app.story.names import display_name, name_key
from vtx_app.story.screenplay.permanence import is_permanent, without_action
from vtx_app.story.screenplay.script import Screenplay, speakers
from vtx_app.story.screenplay.sentences import sentences

__all__ = ["introduction", "place_description"]

_MOST_WORDS = 60
_CAPITALS = re.compile(r"[^\W\d_]{3,}(?:['’-][^\W\d_]+)*")
_AFTER = r"(?=\s*(?:,|\((?!\s*(?:[VO]\.?\s?[OSC]\b|CONT))))"  # MOM (V.O.) is not a description
_LOOKS = re.compile(r"(?:He|She|They|It)(?:'s| is| are| has| have| wears?| looks?)\b|(?:His|Her|Their) \w+")


def introduction(name: str, screenplay: Screenplay) -> str:
    """A character as the action introduces them: ``INÈS (67), small and straight-backed, …`` → ``Inès, 67, small …``.

    Following sentences about their looks (``She wears …``) are included. Only the name if no sentence has it in
    capitals before a bracket or a comma: what somebody does doesn't describe them.
    """
    title = display_name(name)
    cues = [cue.upper() for cue in speakers(screenplay)]
    longer = "|".join(re.escape(cue) for cue in cues if name.upper() in cue and cue != name.upper())
    pattern = re.compile((rf"(?:{longer})|" if longer else "") + rf"(?<!\w)({re.escape(name.upper())}){_AFTER}")
    for scene in screenplay.scenes:
        for element in scene.elements:
            texts = sentences(element.text) if element.kind == "action" else []
            for index, sentence in enumerate(texts):
                found = next((each for each in pattern.finditer(sentence) if each[1]), None)
                if found:
                    about = without_action(_bracketed(sentence[found.end() :]))
                    more = takewhile(_LOOKS.match, texts[index + 1 :])
                    return title + _ordinary_case(_few([about, *more]), cues)
    return title


def place_description(place: str, screenplay: Screenplay) -> str:
    """A place in the words of the first scene there that describe what stays: no people, weather or time of day.

    Only its name if there are none. At most 60 words and the name.
    """
    title = display_name(place)
    cues = [cue.upper() for cue in speakers(screenplay)]
    anybody = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, cues)) or '(?!)'})(?!\w)", re.IGNORECASE)
    for scene in screenplay.scenes:
        if name_key(scene.place) != name_key(place):
            continue
        first = next((element.text for element in scene.elements if element.kind == "action"), "")
        found = [each for each in sentences(first) if is_permanent(each) and not anybody.search(each)]
        if found:
            return f"{title}: {_ordinary_case(_few(found[:2]), cues)}"
    return title


def _bracketed(text: str) -> str:
    """`` (67), small`` → ``, 67, small`` and `` (40) rows`` → ``, 40, rows``."""
    found = re.match(r"\s*\(([^()]*)\)\s*", text)
    if not found:
        return text.lstrip()
    rest = text[found.end() :]
    return f", {found[1]}{rest if rest[:1] in ',.;:' else f', {rest}'}"


def _few(parts: list[str]) -> str:
    """The first whole sentences, up to 60 words in all; a first one that is longer is cut."""
    words: list[str] = []
    for sentence in parts:
        more = sentence.split()
        if words and len(words) + len(more) > _MOST_WORDS:
            break
        words += more
    return " ".join(words[:_MOST_WORDS]).rstrip(".")


def _ordinary_case(text: str, cues: list[str]) -> str:
    """``a lamp COMES ON`` → ``a lamp comes ON``: names keep one capital, short words (``TV``) all of them."""
    named = {word for cue in cues for word in _CAPITALS.findall(cue)}

    def ordinary(word: re.Match[str]) -> str:
        if word[0] != word[0].upper() or word[0] == word[0].lower():
            return word[0]
        first = word.start() == 0 or text[: word.start()].rstrip()[-1:] in ".!?…"
        return display_name(word[0]) if first or word[0] in named else word[0].lower()

    return _CAPITALS.sub(ordinary, text)
