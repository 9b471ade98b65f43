"""Tell lasting description from passing action in a sentence of a screenplay, by rules for English.

A description goes into the prompt of every shot, so a doubtful sentence is left out: a place without a description is
better than one where it always rains.
"""

from __future__ import annotations

import re
from itertools import pairwise

from vtx_app.formats.heading import WEATHER_WORDS

__all__ = ["is_permanent", "without_action"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SINGULAR = _words("a an the one another each every this that his her its their our my your")
_STOPS = _words("of on in at with for from to under over behind beyond between above below by near than as and or")
_PASSING = frozenset(word.casefold() for word in WEATHER_WORDS) | _words(
    """
    moon moonlight sun sunlight stars night day dawn dusk morning evening afternoon midnight noon dark darkness
    light shadow shadows silence quiet silent now then again suddenly still nobody somebody nothing something
    """
)
_LIVING = _words(
    """
    man woman men women child children boy girl boys girls people crowd figure figures body bodies corpse baby
    kid kids couple family hand hands face faces eyes voice voices dog cat bird birds horse he she they someone
    everybody everyone anybody we i you
    """
)
_DONE = _words(
    """
    run walk sit stand fish play work wait sleep lie fall rise move turn come go drive fly swim float burn break
    crash roll drift pass cross climb drop hang swing shine glow look watch talk shout sing dance eat drink read
    """
)
_AFTER_A_VERB = _SINGULAR | _words(
    """
    in into on onto at to up down out over through by from with around away back off past across along toward
    towards it him them
    """
)
_WORN = _words(
    """
    glasses spectacles jeans boots shoes trousers overalls braces pyjamas pajamas dreadlocks curls braids
    pigtails whiskers sideburns freckles scars tattoos eyes shoulders hands features cheekbones eyebrows muscles
    teeth
    """
)


def is_permanent(sentence: str) -> bool:
    """Whether the sentence describes what lasts: ``A white lighthouse on a headland.``, not ``A wave breaks.``"""
    words = [word.casefold() for word in _WORD.findall(sentence)]
    if not words or not any("a" <= word[0] <= "z" for word in words):
        return False
    subject = words[: next((at for at, word in enumerate(words) if word in _STOPS), len(words))]
    if not _PASSING.isdisjoint(words) or not _LIVING.isdisjoint(subject):
        return False
    if any(second.endswith("ing") for first, second in pairwise(words) if first in ("is", "are")):
        return False
    if words[0] in _SINGULAR and any(map(_may_be_a_verb, subject[2:])):
        return False
    if _may_be_a_verb(words[0]) and words[1:] and words[1] in _AFTER_A_VERB:
        return False
    return not any(verb in _DONE for noun, verb in pairwise(words) if noun.endswith("s"))


def _may_be_a_verb(word: str) -> bool:
    """Whether the word may be a verb in the third person: ``floats``."""
    return len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is"))


def without_action(about: str) -> str:
    """``small, in a jersey, polishes the prism`` → ``small, in a jersey``: cut before the first part that is action."""
    parts = about.split(",")
    for place, part in enumerate(parts):
        words = [word.casefold() for word in _WORD.findall(part)]
        if (
            words
            and words[0] not in _WORN
            and _may_be_a_verb(words[0])
            and (not words[1:] or words[1] in _AFTER_A_VERB)
        ):
            return ",".join(parts[:place]).rstrip(" .,;") + "."
    return about
