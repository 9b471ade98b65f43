"""What people look like: age, build, hair, beard and glasses, as their description says."""

from __future__ import annotations

import re
from dataclasses import replace

from vtx_app.render.animatic.reading.beings import NUMBERS, Being, is_woman, people_in
from vtx_app.render.animatic.reading.clothes import colour_in
from vtx_app.render.animatic.reading.model import Age, Build, Evidence, Hair, Height, Person
from vtx_app.render.animatic.reading.text import Found, Passage, words_pattern
from vtx_app.render.animatic.reading.vocabulary import pattern_of, patterns_of, words_in, words_of

__all__ = ["age_of", "look_of"]

_TENS = "|".join(words_in("beings", "tens"))
_NUMBERS = words_in("beings", "numbers")
_NUMBER = rf"(?:\d{{1,3}}|(?:{_TENS})(?:[ -](?:{'|'.join(_NUMBERS[1:10])}))?|{'|'.join(_NUMBERS[1:])})"
_YEARS = (
    re.compile(rf"(?<![\w-])(?P<n>{_NUMBER})[ -]years?[ -]olds?(?![\w-])"),
    re.compile(rf"(?<![\w-])(?:aged?|turning|not yet|nearly|almost|barely|just|past|about|around|maybe|perhaps"
               rf"|some) (?P<n>{_NUMBER})(?= ?[,.;:)]|$| and | with | in )"),
    re.compile(rf"(?:^|[,(;.–—]\s?|\bof (?:about |around |nearly |almost |perhaps |maybe |some )?|\bis "
               rf")(?P<n>{_NUMBER})(?= ?[,.;:)–—]|$| and (?!a half)(?!\w+ years)| with | in (?!the|a\b)| or so)"),
    re.compile(rf"\bof (?:about |around |nearly |almost |perhaps |maybe |some )?(?P<n>{_NUMBER})(?= in | who | whose | "
               rf"to | at | on | from | by | like | that )"),
)  # fmt: skip
_AGED_NOUN = re.compile(r"(?<![\w-])(?P<age>old|aged|elderly|young)(?P<rest> [\w-]+(?: [\w-]+){0,3})")
_OLD_FRIENDS = words_of("figures", "old friends")
_DECADE = re.compile(
    r"\bin (?:his|her|their|its) (?P<part>early |mid[- ]?|late |middle )?(?P<d>teens|twenties|thirties|forties"
    r"|fifties|sixties|seventies"
    r"|eighties|nineties|20s|30s|40s|50s|60s|70s|80s|90s)"
)
_DECADES = dict(zip(words_in("figures", "decades"), range(10, 100, 10), strict=True))
_NO_AGE = words_pattern(
    rf"{_NUMBER}[ -](?:day|days|week|month|months)(?:[ -]old)?(?: beard| stubble)?|{_NUMBER} years(?! ?old|-old)(?: "
    rf"(?:of|at|in|a|on|younger|older|her|his|since|ago|ahead|behind))?"
    r"|(?:size|number|room|no\.|platform|one of|chapter) \d+"
)
_CHILD = pattern_of("figures", "child")
_OLD = pattern_of("figures", "old")
_OLD_PREDICATE = re.compile(r"(?:^|[,;]\s?|\bis |\band )(?:very |so |quite |far too )?old(?=[,.;]|$| and )")
_TEEN = words_pattern(r"teenagers?|teen|teenaged?|adolescent")
"""Somebody between thirteen and nineteen: drawn as fifteen."""
_YOUNG = pattern_of("figures", "young")
_BUILDS = patterns_of("figures", "builds")
_HEIGHTS = patterns_of("figures", "heights")
_BODY_IDIOMS: tuple[tuple[re.Pattern[str], Build, Height], ...] = (
    (words_pattern(r"(?:bear|bull|ox|mountain|giant|barrel|brute|hulk|tank|wall) of an? \w+"), "broad", "tall"),
    (words_pattern(r"(?:slip|wisp|stick|beanpole|whippet|scarecrow) of an? \w+"), "slim", ""),
)
_SKINS = patterns_of("figures", "skins")

_HAIR = pattern_of("figures", "hair")
_HAIRED = words_pattern(r"(?P<c>[\w-]+?)-?haired|(?P<d>blonde?|redhead(?:ed)?|brunette)(?! (?:wood|beer|oak|cat|dog))")
_BALD = pattern_of("figures", "bald")
_LENGTHS = patterns_of("figures", "lengths")
_STYLES = patterns_of("figures", "styles")
_BEARDS = patterns_of("figures", "beards")
_GLASSES = patterns_of("figures", "glasses")
_NOUNS_OF_PARTS = words_of("figures", "nouns of parts")

_PRONOUN = re.compile(r"\b(?:(?P<f>she|her|woman|girl|lady)|(?P<m>he|his|him|man|boy|gentleman))\b")
_OTHERS = re.compile(r"(?<![\w-])(?:with|who|whose|afraid of|friend of|fond of|to|for|from|than|like)\b[^,.;:]*")
"""What is said beside the person's own noun: ``a doctor with two children``."""
_TITLE = re.compile(
    r"\b(?:(?P<f>mrs|miss|ms|madame|mademoiselle|signora|signorina|señora|senora|doña|frau|lady|sister|aunt|queen"
    r"|grandma|granny)"
    r"|(?P<m>mr|sir|monsieur|signor|señor|senor|herr|don|uncle|brother|lord|king|grandpa|grandad))\b"
)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    parts = re.split(r"[ -]", text)
    return sum(NUMBERS[part] for part in parts)


def age_of(low: str) -> tuple[Age | None, int | None, str]:
    """Age and years, and the words for them, of a description in lower case."""
    plain = _NO_AGE.sub(lambda match: " " * len(match[0]), low)
    years, text = None, ""
    for pattern in _YEARS:
        if found := pattern.search(plain):
            years, text = _number(found["n"]), found[0].strip(" ,(;.–—")
            break
    if years is None and (decade := _DECADE.search(plain)):
        base = int(decade["d"][:2]) if decade["d"][0].isdigit() else _DECADES[decade["d"]]
        years = base + {"early": 2, "late": 8}.get((decade["part"] or "").strip(" -"), 5)
        text = decade[0]
    if years is not None and years <= 130:
        return ("child" if years < 18 else "old" if years >= 60 else "adult"), years, text
    for found in _AGED_NOUN.finditer(plain):
        age: Age = "adult" if found["age"] == "young" else "old"
        words = re.findall(r"[\w-]+", re.split(r"[,.;:]|\b(?:with|who|in|of|and)\b", found["rest"])[0])
        somebody = any(people_in(word) for word in words[:3]) and not _OLD_FRIENDS.intersection(words[:3])
        if somebody and (age == "old" or not _CHILD.search(found[0])):
            return age, None, found[0].split(",")[0].strip()
    if young := _TEEN.search(_OTHERS.sub("", plain)):
        return "child", 15, young[0]
    own = _OTHERS.sub(lambda match: " " * len(match[0]), plain)
    for age, patterns in (("old", (_OLD, _OLD_PREDICATE)), ("adult", (_YOUNG,)), ("child", (_CHILD,))):
        for said in patterns:
            if found := said.search(own):
                return age, None, found[0].strip(" ,;")
    return None, None, ""


def _of_body(passage: Passage, found: Found) -> bool:
    """Whether an adjective describes the whole person: no other noun than a person's follows in its phrase."""
    rest = passage.low[found.end :]
    end = re.search(r"[,.;:()–—]|\b(?:with|who|in|of|on|at|from|by|but|for|to)\b", rest)
    words = re.findall(r"[\w'-]+", rest[: end.start()] if end else rest)
    if any(people_in(word) for word in words[:4]):
        person = next(place for place, word in enumerate(words) if people_in(word))
        return not any(word in _NOUNS_OF_PARTS for word in words[:person])
    if not words:
        return True
    return words[0] == "and" and not any(word in _NOUNS_OF_PARTS for word in words)


def look_of(person: Person, being: Being, passage: Passage, words: list[Evidence]) -> Person:
    """``person`` with what the description in ``passage`` says of their looks; evidence is added to ``words``."""
    at = f"people.{person.id}" if person.id else f"people.{being.what}"

    def note(field: str, text: str) -> None:
        words.append(Evidence(f"{at}.{field}", passage.key, text))

    age, years, text = age_of(passage.low)
    if age is not None:
        note("age", text)
        person = replace(person, age=age, years=years)
    woman = is_woman(being.what)
    if woman is None:
        pronoun = _PRONOUN.search(passage.low)
        woman = None if pronoun is None else pronoun["f"] is not None
    if woman is None:
        title = _TITLE.search(person.name.lower())
        woman = None if title is None else title["f"] is not None
    person = replace(person, woman=woman)
    for idiom, build, height in _BODY_IDIOMS:
        if found := passage.real(idiom):
            note("build", found.text)
            person = replace(person, build=build, height=height)
    for field, patterns in (("build", _BUILDS), ("height", _HEIGHTS)):
        for value, pattern in patterns:
            hit = next((each for each in passage.find(pattern) if each.real and _of_body(passage, each)), None)
            if hit and not getattr(person, field):
                note(field, hit.text)
                person = replace(person, **{field: value})
    for field, patterns in (("skin", _SKINS), ("glasses", _GLASSES)):
        for value, pattern in patterns:
            hit = passage.real(pattern)
            if hit and not getattr(person, field):
                note(field, hit.text)
                person = replace(person, **{field: value})
    if not person.skin and (black := _BLACK.search(passage.text)) and people_in(black["noun"].lower()):
        note("skin", black[0])
        person = replace(person, skin="dark")
    return _bearded(_haired(person, passage, words, at), passage, words, at)


_BLACK = re.compile(r"(?<=[\w,;] )Black (?:[a-z-]+ ){0,2}?(?P<noun>[a-z]+)(?![\w-])")
"""With a capital and before a noun for a person, a colour of skin: ``a tall Black schoolteacher``."""


def _is_own(passage: Passage, found: Found) -> bool:
    """Whether the words are not said of somebody else: ``a friend of the bearded man``."""
    following = passage.after(found.end, 1)
    other = bool(following) and people_in(following[0])
    return not (other and _OTHERS_BEFORE.search(passage.low[: found.start]))


_OTHERS_BEFORE = re.compile(r"\b(?:of|with|from|to|for|by|than|like|hates|loves|fears) (?:an?|the|his|her|all)? ?$")


def _haired(person: Person, passage: Passage, words: list[Evidence], at: str) -> Person:
    low = passage.low
    bald = next((each for each in passage.find(_BALD) if each.real and _is_own(passage, each)), None)
    if bald:
        words.append(Evidence(f"{at}.hair", passage.key, bald.text))
        return replace(person, hair=Hair(length="bald"))
    colour = length = style = ""
    for found in passage.find(_HAIR):
        if not found.real or _OF_A_BEARD.search(low[: found.start]):
            continue
        start, end = _phrase(low, found.start, found.end)
        phrase = low[start:end]
        words.append(Evidence(f"{at}.hair", passage.key, passage.text[start:end].strip()))
        colour = colour or _hair_colour(phrase)
        length = length or next((value for value, pattern in _LENGTHS if pattern.search(phrase)), "")
        style = style or next((value for value, pattern in _STYLES if pattern.search(phrase)), "")
    for found in passage.find(_HAIRED):
        if not found.real:
            continue
        said = found.match["c"] or found.match["d"]
        words.append(Evidence(f"{at}.hair", passage.key, found.text))
        colour = colour or (
            {"redhead": "ginger", "redheaded": "ginger", "brunette": "brown"}.get(said) or _hair_colour(said)
        )
        length = length or next((value for value, pattern in _LENGTHS if pattern.search(said)), "")
        style = style or next((value for value, pattern in _STYLES if pattern.search(said)), "")
    return replace(person, hair=Hair(colour, length, style))


_OF_A_BEARD = re.compile(r"\b(?:beard|moustache|whiskers) (?:[\w-]+ )?(?:in|into|with) (?:[\w-]+ ){0,2}$")
"""``a grey beard in two plaits``."""


def _hair_colour(phrase: str) -> str:
    colour = colour_in(phrase.replace("-bearded", " beard"))
    if colour == "red":
        return "ginger"
    if colour:
        return colour
    return "dark" if re.search(r"\bdark\b", phrase) else "blond" if re.search(r"\b(?:light|pale)\b", phrase) else ""


def _phrase(low: str, start: int, end: int) -> tuple[int, int]:
    """The phrase of hair around its noun: back to the article, ``with`` or comma, on to the next comma or ``and``."""
    back = 0
    for edge in re.finditer(
        r"[.;:()]|,|\b(?:with|and|an?|the|his|her|their|in|of|has|under|over|beneath|below)\b", low[:start]
    ):
        if (
            edge[0] == "and"
            and re.search(
                r"\b(?:" + "|".join(("black", "grey", "white", "brown", "short", "long", "thick")) + r") $",
                low[: edge.start()],
            )
            and start - edge.end() < 24
        ):
            continue
        if (
            edge[0] == ","
            and re.match(r"\s?(?:[\w-]+ )?$", low[edge.end() : start])
            and re.search(r"\b(?:long|short|thick|thin|straight|curly|dark|wild|fine)$", low[: edge.start()])
        ):
            continue
        back = edge.end()
    on = re.search(r"[.;:(),]|\band\b(?! (?:tied|pinned|cropped|cut|curly|straight|wild|unkempt|scraped))", low[end:])
    return back, end + on.start() if on else len(low)


def _bearded(person: Person, passage: Passage, words: list[Evidence], at: str) -> Person:
    for value, pattern in _BEARDS:
        found = next((each for each in passage.find(pattern) if each.real and _is_own(passage, each)), None)
        if found is None:
            continue
        words.append(Evidence(f"{at}.beard", passage.key, found.text))
        before = re.split(r"[.;:()]|,|\b(?:with|and|an?|the|his)\b", passage.low[: found.end])[-1]
        after = re.match(
            r" (?:gone |is |was |streaked with |turning )?([\w-]+)(?=[,.;]|$| and )", passage.low[found.end :]
        )
        return replace(person, beard=value, beard_colour=_hair_colour(before) or (colour_in(after[1]) if after else ""))
    return person
