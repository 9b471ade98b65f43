"""Tell from lists of words whether a prompt is English, and whether it describes motion.

A list of words can't know what a sentence means, so in doubt a prompt has motion: people turn off a rule that is often
wrong.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["holds_motion", "is_english", "without_quotes"]

_VERBS = """
advance approach arrive ascend billow blink blow boil bounce break breathe bubble burn burst carry cascade catch
charge chase chew chop churn climb collapse come cough crash crawl creep crumble cry curl cut dance dart dash depart
descend dig dip disappear dissolve dive dodge dolly drag draw drift drip drive drizzle drop eat ebb embrace emerge
enter erupt explode fade fall fidget fight flap flare flash flee flicker flinch flip flit float flow flutter fly fold
follow gallop gather gesture glance glide go grab grow gust haul heave hop hover hug hurl hurry jerk jog jump kick
kiss kneel knock laugh leap leave lift limp lower lurch march meander melt migrate move nod orbit paddle pan pass peel
peer perform pick pivot play plunge polish pour pull pulse punch push quiver race raise rattle recede retreat reveal
revolve ride ripple rise roam roll rotate rub run rush rustle scatter scramble scratch scream scrub scurry shake
shatter shimmer shiver shout shrug shudder sing sip skate skip slam slide slip slither smash snap sneak sneeze sniff
soar sob sparkle speak spill spin splash spray spread sprint squeeze stagger startle steer stir stoop stretch stride
stroll strut stumble swallow sway sweep swerve swim swing swirl swivel take talk tap throb throw thrust tighten tilt
tiptoe topple toss track travel tread tremble trot trudge tug tumble turn twinkle twirl twist unfold unfurl vanish
vibrate walk wander wash wave weep whirl widen wiggle wince wink wipe wobble wrestle wriggle write yawn zoom
"""
"""Verbs of motion, the camera's included, as infinitives."""

_WRITTEN = """
animated broke brushing came caught closes closing crane cranes craning crosses crossing drank drove fell fled flew
flown gives giving gone grew hand-held handheld lapping laps leaning leans motion movement moving opening opens puts
putting raining rains ran reaches reaching returning returns rocking rowing said sailing sang sank says shook shooting
shoots shutting sinking slid slow-motion snowing snows sped speeding speeds spoke spun steaming stepping steps
streaming streams surges surging swam swept swung tearing threw time-lapse timelapse went whipping whips whispering
whispers wrote
"""
"""Further words of motion, matched as written: irregular forms, and the verb-only forms of words that can also mean
something still (a row of houses, a close shot, an open door)."""

_OTHER_LATIN = """
un une le la les des du et est dans avec sur der das und ist mit ein eine einem einer el los las una con del y es il che
della di e um uma com não het een en op van och som på og ikke af
"""
"""Common words of other languages; an English prompt rarely has two of them."""

_LAST_LATIN = "\u024f"
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»|「[^」]*」')
_WORD = re.compile(r"[a-zà-öø-ÿ]+(?:[-'’][a-zà-öø-ÿ]+)*")
_TURNS = re.compile(
    r"\b(?:(?:looks?|looking) (?:up|down|away|back|round|around|over)|(?:gets?|sits?|stands?) (?:up|down))\b"
)
_DOUBLES = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")


def without_quotes(text: str) -> str:
    """``text`` with a semicolon in place of each quotation."""
    return _QUOTED.sub(";", text)


def is_english(text: str) -> bool:
    """Whether ``text`` without its quotations may be English: mostly Latin letters, few words of another language."""
    own = without_quotes(text)
    letters = [letter for letter in own if letter.isalpha()]
    if sum(letter > _LAST_LATIN for letter in letters) > 0.2 * len(letters):
        return False
    return len(_other_words().intersection(_WORD.findall(own.lower()))) < 2


def holds_motion(text: str) -> bool:
    """Whether the English ``text`` has a word for motion, of things or of the camera."""
    lower = text.lower()
    return not _motion_words().isdisjoint(_WORD.findall(lower)) or _TURNS.search(lower) is not None


@cache
def _other_words() -> frozenset[str]:
    return frozenset(_OTHER_LATIN.split())


@cache
def _motion_words() -> frozenset[str]:
    return frozenset(_WRITTEN.split()) | {form for verb in _VERBS.split() for form in _forms(verb)}


def _forms(verb: str) -> tuple[str, str, str]:
    """The verb and its regular forms in -s and -ing.

    Not -ed: prompts are in the present tense, where that form describes what stands still, as in "a folded sail".
    """
    if verb.endswith("y") and verb[-2] not in "aeiou":
        third = f"{verb[:-1]}ies"
    else:
        third = f"{verb}es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{verb}s"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb, third, f"{verb[:-1]}ing"
    return verb, third, f"{verb}{verb[-1] if _DOUBLES.fullmatch(verb) else ''}ing"
