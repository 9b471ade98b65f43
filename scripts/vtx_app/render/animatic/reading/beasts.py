"""What animals, creatures and things look like that act in a shot: colour and size, as their description says."""

from __future__ import annotations

import re
from dataclasses import replace

from vtx_app.render.animatic.reading.beings import Being
from vtx_app.render.animatic.reading.clothes import colour_in
from vtx_app.render.animatic.reading.model import Evidence, Person
from vtx_app.render.animatic.reading.text import Passage, words_pattern

__all__ = ["beast_of"]

_SMALL = words_pattern(
    r"tiny|small|little|miniature|pocket-sized|no (?:bigger|taller|larger) than a \w+|thumb-sized|hand-sized|wee"
    r"|(?:waist|knee|ankle|thigh|hip)-high"
)
_LARGE = words_pattern(r"huge|giant|gigantic|enormous|great|massive|colossal|towering|big|large|vast|house-sized")
_SIZE_SMALL = re.compile(
    r"\bno (?:bigger|taller|larger) than\b|\bsize of an? (?:\w+ )?(?:cat|kitten|mouse|hand|thumb|cup|shoe|sparrow|dog"
    r"|puppy|coin|fist|matchbox|pea|squirrel|rabbit)\b"
)
_SIZE_LARGE = re.compile(
    r"\bsize of an? (?:\w+ )?(?:bus|house|whale|lorry|truck|barn|elephant|hill|ship|church|horse|car|mountain|tram"
    r"|train)\b|\b(?:as )?(?:big|large|tall) as an? (?:\w+ )?(?:bus|house|barn|elephant|hill|ship|church|horse"
    r"|mountain|train)\b"
)
_SMALL_BREEDS = words_pattern(
    r"terrier|pug|chihuahua|dachshund|corgi|spaniel|lapdog|pekinese|beagle|jack[ -]russell|papillon|shih[ -]tzu"
)


def beast_of(person: Person, being: Being, description: Passage, words: list[Evidence]) -> Person:
    """``person`` with the colour and the size that the ``description`` says."""
    low = description.low
    if person.name and low.startswith(name := person.name.lower()):  # Ash is no colour of a dragon
        low = " " * len(name) + low[len(name) :]
    phrase = low[max(0, being.start - 60) : being.end]
    phrase = re.split(r"[.;:]", phrase)[-1]
    if being.start == being.end:  # no noun of it is known, so all is said of it
        phrase = low
    alone = [part for part in re.split(r"[,.;:]", low) if 0 < len(part.split()) <= 2]
    phrase = ", ".join([phrase, *alone])
    colour = colour_in(phrase)
    if not colour and (
        said := re.match(
            r"[^.;]{0,60}?\b(?:the colou?r of|coloured|colored|painted|scales? of|coat of|fur of|feathers? "
            r"of)\s([^.,;]*)",
            low[being.end :],
        )
    ):
        colour = colour_in(said[1])
    if not colour:
        after = re.search(
            r"\b([\w-]+) (?:fur|scales|feathers|paint|shade|coat|wings|plumage|body|wool|shell|enamel|metal)\b", low
        )
        colour = colour_in(after[1]) if after else ""
    if colour == "red" and being.kind == "animal":
        colour = "rust"  # a red fox, a red setter
    small = (
        True
        if _SMALL.search(phrase) or _SMALL_BREEDS.search(low) or _SIZE_SMALL.search(low)
        else False
        if _LARGE.search(phrase) or _SIZE_LARGE.search(low)
        else None
    )
    if colour:
        words.append(Evidence(f"people.{person.id}.colour", description.key, colour))
    return replace(person, count=being.count, colour=colour, small=small)
