"""What a screenplay itself says of its people and places, as a description for prompts, in ordinary case."""

from __future__ import annotations

import re
from itertools import takewhile

from vtx_app.story.names import display_name
from vtx_app.story.screenplay.script import Screenplay, speakers
from vtx_app.story.screenplay.sentences import sentences

__all__ = ["introduction", "place_description"]

_MOST_WORDS = 60
_CAPITALS = re.compile(r"[^\W\d_]{3,}(?:['’-][^\W\d_]+)*")
_A_THING = re.compile(r"(?:A|An|The|No|In|On|At|Under|Over|Behind|Beyond|Through|Two|Three)\b")
_AFTER = r"(?=\s*(?:,|\((?!\s*(?:[VO]\.?\s?[OSC]\b|CONT))))"  # MOM (V.O.) says nothing of how she looks
_LOOKS = re.compile(r"(?:He|She|They|It)(?:'s| is| are| has| have| wears?| looks?)\b|(?:His|Her|Their) \w+")


def introduction(name: str, screenplay: Screenplay) -> str:
    """How the action introduces a character, ``INÈS (67), small and straight-backed, …`` → ``Inès, 67, small …``.

    Sentences after it that go on about how they look (``She wears …``) belong to it. Just the name where no sentence
    has it in capitals before a bracket or a comma: what somebody does is not how they look.
    """
    shown = display_name(name)
    cues = [cue.upper() for cue in speakers(screenplay)]
    longer = "|".join(re.escape(cue) for cue in cues if name.upper() in cue and cue != name.upper())
    pattern = re.compile((rf"(?:{longer})|" if longer else "") + rf"(?<!\w)({re.escape(name.upper())}){_AFTER}")
    for scene in screenplay.scenes:
        for element in scene.elements:
            told = sentences(element.text) if element.kind == "action" else []
            for index, sentence in enumerate(told):
                found = next((each for each in pattern.finditer(sentence) if each[1]), None)
                if found:
                    about = _bracketed(sentence[found.end() :])
                    more = next(
                        (at for at, each in enumerate(told) if at > index and not _LOOKS.match(each)), len(told)
                    )
                    return shown + _in_ordinary_case(_few([about, *told[index + 1 : more]]), cues)
    return shown


def place_description(place: str, screenplay: Screenplay) -> str:
    """What the first scenes at ``place`` say of it: sentences of action in which nobody stands; else just its name,
    and whether it is inside or outside. At most 60 words and the name."""
    shown = display_name(place)
    cues = [cue.upper() for cue in speakers(screenplay)]
    anybody = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, cues)) or '(?!)'})(?!\w)", re.IGNORECASE)
    where = ""
    for scene in screenplay.scenes:
        if scene.place != place:
            continue
        where = where or {"INT": "an interior", "EXT": "an exterior"}.get(scene.setting, "")
        first = next((element.text for element in scene.elements if element.kind == "action"), "")
        told = [(each, anybody.search(each) is None) for each in sentences(first)]
        still = [each for each, _ in takewhile(lambda each: each[1], told)]
        still = still or [each for each, alone in told if alone and _A_THING.match(each)]
        if still:
            return f"{shown}: {_in_ordinary_case(_few(still[:2]), cues)}"
    return f"{shown}, {where}" if where else shown


def _bracketed(text: str) -> str:
    """`` (67), small`` → ``, 67, small`` and `` (40) rows`` → ``, 40, rows``."""
    found = re.match(r"\s*\(([^()]*)\)\s*", text)
    if not found:
        return text.lstrip()
    rest = text[found.end() :]
    return f", {found[1]}{rest if rest[:1] in ',.;:' else f', {rest}'}"


def _few(told: list[str]) -> str:
    """As many whole sentences from the start as keep it short; at least one, cut where even that is long."""
    words: list[str] = []
    for sentence in told:
        more = sentence.split()
        if words and len(words) + len(more) > _MOST_WORDS:
            break
        words += more
    return " ".join(words[:_MOST_WORDS]).rstrip(".")


def _in_ordinary_case(text: str, cues: list[str]) -> str:
    """``a lamp COMES ON`` → ``a lamp comes ON``: what is shouted is said; names keep a capital, ``TV`` all of them."""
    named = {word for cue in cues for word in _CAPITALS.findall(cue)}

    def ordinary(word: re.Match[str]) -> str:
        if word[0] != word[0].upper() or word[0] == word[0].lower():
            return word[0]
        first = word.start() == 0 or text[: word.start()].rstrip()[-1:] in ".!?…"
        return display_name(word[0]) if first or word[0] in named else word[0].lower()

    return _CAPITALS.sub(ordinary, text)
