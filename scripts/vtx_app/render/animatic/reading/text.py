"""A text as the reader sees it: where its clauses end, and what in them is denied, imagined, only heard or quoted.

Words are matched whole: ``rain`` is in neither ``train`` nor ``raincoat``, and ``three-day`` is one word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

__all__ = [
    *("DETERMINERS", "FUNCTION", "Found", "Passage"),
    *("is_foreign", "lowered", "masked", "votes", "word_set", "words_pattern"),
]


def word_set(text: str) -> frozenset[str]:
    """The words of ``text``."""
    return frozenset(text.split())


DETERMINERS = word_set(
    "a an the this that these those his her its their our my your some any each every another no one"
)
_PREPOSITIONS = (
    "in on at by to of for with from into onto over under above below behind beside beyond before after between"
    " across along through around round near past against inside outside up down off out about upon within without"
    " toward towards among amid beneath opposite during until till like as"
)
FUNCTION = word_set(
    f"{_PREPOSITIONS} and or but nor so yet then than while when where who whose which that because "
    f"if is are was were"
    " be been being has have had does do did can could will would may might must shall should not never only just"
    " still already now again here there he she it they we i you him them us his her their its our my your the a an"
    " this these those all both each one once too also far away back itself himself herself themselves"
)
"""Words after which no noun goes on: what stands before them is the last word of its phrase."""

_ENGLISH = word_set(
    "a the of and no than one two old with is are his her he she it they their at by from into its as but who has "
    "have on "
    "to for that not"
    " this up down over under behind through an off out where while there them"
)
_FOREIGN = word_set(
    # German
    "der das und ein eine einer einem einen mit dem den des im ist sind nicht auf sie er von zu vom zum sich"
    " aus bei für wird ihr sein seine ihre durch über unter hinter vor wie noch nach"
    # French
    " le la les un une et dans sur avec du au aux est sont qui que pas se sa ses elle ils sous vers par pour une ce"
    " cette leur d'un d'une il"
    # Spanish, Portuguese, Italian
    " el los las una con del es y que su se por en al lo como más sin sobre hacia o os um uma com na nas nos da"
    " dos das em à ao seu sua não il gli di della che nel nella è con per una dal sul alla sotto"
    # Dutch, Scandinavian, Polish, Czech
    " het een van zijn haar naar niet en och att det på som är ikke og på med av til w z się na jest nie do ze je v se"
    " и в на с не он она они из по за что как у к от"
)

_CLAUSE = re.compile(r"[.,;:!?()…\n]+|\s[-–—]+\s|[–—]|\b(?:but|except|until|though|although)\b")
_QUOTE = re.compile(r"\"[^\"]{0,400}\"|“[^”]{0,400}”|«[^»]{0,400}»")
_INSCRIBED = re.compile(
    r"(?i:\b(?:read|say|address|inscri|label|scrawl|paint|carv|engrav|print|stencil|mark|headline|sign|plaque|poster"
    r"|placard|notice|letters?|words|title)\w*\b[^.;:!?\n]{0,60})"
    r":? +(?P<said>[A-Z][A-Z'’&-]+(?: [A-Z0-9'’&,-]+)+)(?![\w])"
)
"""Words in capitals that stand on something: ``the envelope, addressed in crayon: TO THE WOLF``."""
_NOT = re.compile(
    r"\b(?:no(?! one\b|body\b)|not|without|never|nor|neither|(?:is|are|was|were|has|have|had|does|do|did|can|could)n't"
    r"|lacks?|lacking|free of|instead of|rather than|hardly any|barely any|none of|cannot)\b"
)
_LINK = re.compile(
    r"\b(?:in|on|at|under|through|over|by|with|from|into|behind|beyond|to|for|against|across|along|around|round|past"
    r"|near|above|below|beside|onto|when|while|where|who|because|as|after|before|since)\b"
)
_UNREAL = re.compile(
    r"\b(?:(?<!would )(?<!'d )(?<!you )(?<!they )(?<!to )like(?! this| that|ly)|as if|as though|as (?:\w+ )?(?:as|a"
    r"|an)\b"
    r"|(?<=\bas )\w+ as|(?<=\w )as (?=snow|night|day|ice|milk|stone|a\b|an\b|the\b)"
    r"|the (?:colou?r|size|shape|smell|scent|taste|ghost|thought|idea|promise|memory|memories) of"
    r"|remind(?:s|ed|ing)? \w+ of|smell(?:s|ed|ing)? of|tast(?:e|es|ed|ing) of|reek(?:s|ing)? of"
    r"|(?:talk|dream|think|sing|read|brag|tell)(?:s|ing|ed|t)? (?:\w+ )?(?:about|of)|dreamt of|thought of"
    r"|remember(?:s|ed|ing)?|imagin(?:e|es|ed|ing)|would|wish(?:es|ed|ing)?|hop(?:e|es|ed|ing) for|if"
    r"|(?:wait|long|pray|ask)(?:s|ed|ing)? for (?=(?:the |some |a )?(?:rain|snow|storm|night|dawn|dark|sun|thunder))"
    r"|(?:photo|photograph|picture|painting|poster|postcard|map|drawing|sketch|print|mural|model|statue|engraving"
    r"|tattoo|snapshot|portrait|watercolour|watercolor|stories|story|tale|song|film|movie|book|smell|name|word)s?"
    r" (?:of|about|called|from)|(?:on|in) (?:the|a|an old|her|his|their) (?:tv|television|telly|monitor|screen|postcard"
    r"|calendar|newsreel|painting|photograph|dream|dreams|memory|sleep)"
    r"|(?<=, )about|(?:hear|hears|heard|hearing)|sounds? of|noises? of|could be|might be|once (?:was|were)|used to"
    r"|(?:television|telly|tv|screen|newsreel|painting|photograph|poster) (?:shows?|showing)"
    r"|(?:was|were)\b(?=[^.;]*\bonce\b))\b"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a passage that a pattern matches. ``real``: said to be so; ``denied``: said not to be so."""

    start: int
    end: int
    text: str
    match: re.Match[str]
    real: bool
    denied: bool


def words_pattern(*alternatives: str) -> re.Pattern[str]:
    """A pattern for any of the alternatives as whole words, of lower-case text."""
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(alternatives)})(?![\w-])")


def masked(low: str, pattern: Maskable) -> str:
    """``low`` with spaces for all that the pattern matches; places keep their positions."""
    return pattern.sub(lambda match: " " * len(match[0]), low)


def lowered(text: str) -> str:
    """Lower case with plain apostrophes, character for character."""
    if text.isascii():
        return text.lower()
    low = "".join(letter if len(letter) == 1 else old for old, letter in zip(text, map(str.lower, text), strict=True))
    return low.replace("’", "'").replace("‘", "'").replace("‑", "-")


class Maskable(Protocol):
    """What can be replaced in a text."""

    def sub(self, put: Callable[[re.Match[str]], str], low: str, /) -> str:
        """``low`` with what ``put`` makes of each place."""
        ...


class Searchable(Protocol):
    """What can be looked for in a text."""

    def finditer(self, low: str, /) -> Iterator[re.Match[str]]:
        """The places in ``low``, in order."""
        ...


class Passage:
    """The text under one ``key`` of the film's files; ``low`` is what is searched.

    ``low`` has the length of ``text``: lower case, quotations blanked. Foreign text is blank as a whole: English words
    in it mean something else.
    """

    def __init__(self, key: str, text: str, *, foreign: bool = False) -> None:
        self.key = key
        self.text = text
        low = lowered(text)
        for match in _INSCRIBED.finditer(text):
            start, end = match.span("said")
            low = low[:start] + " " * (end - start) + low[end:]
        self.low = " " * len(text) if foreign else masked(low, _QUOTE)

    def without(self, pattern: Maskable) -> Passage:
        """This passage with what the pattern matches blanked."""
        return self.with_low(masked(self.low, pattern))

    def with_low(self, low: str) -> Passage:
        """This passage with other text to search, of the same length."""
        copy = Passage.__new__(Passage)
        copy.key, copy.text, copy.low = self.key, self.text, low
        return copy

    def find(self, pattern: Searchable) -> Iterator[Found]:
        """Where ``pattern`` matches, in order."""
        for match in pattern.finditer(self.low):
            start, end = match.span()
            denied = _denied(self.low, start)
            real = not denied and not any(a <= start < b for a, b in _unreal(self.low))
            yield Found(start, end, self.text[start:end], match, real, denied)

    def real(self, pattern: Searchable) -> Found | None:
        """The first place that is said to be so."""
        return next((each for each in self.find(pattern) if each.real), None)

    def clause(self, position: int) -> tuple[int, int]:
        """Start and end of the clause around ``position``."""
        return next(((a, b) for a, b in _clauses(self.low) if a <= position <= b), (0, len(self.low)))

    def sentence(self, position: int) -> tuple[int, int]:
        """Start and end of the sentence around ``position``."""
        starts = [0, *(match.end() for match in re.finditer(r"[.!?;]+(?=\s|$)", self.low))]
        start = max((each for each in starts if each <= position), default=0)
        end = min((each for each in [*starts, len(self.low)] if each > position), default=len(self.low))
        return start, end

    def after(self, position: int, count: int = 3) -> list[str]:
        """The next words of the same clause."""
        end = next((b for a, b in _clauses(self.low) if a <= position <= b), len(self.low))
        return re.findall(r"[\w'-]+", self.low[position:end])[:count]

    def before(self, position: int, count: int = 4) -> list[str]:
        """The words before ``position`` in its clause, nearest first."""
        start = next((a for a, b in _clauses(self.low) if a <= position <= b), 0)
        return re.findall(r"[\w'-]+", self.low[start:position])[::-1][:count]


@lru_cache(maxsize=256)
def _clauses(low: str) -> tuple[tuple[int, int], ...]:
    edges = [0]
    for match in _CLAUSE.finditer(low):
        edges += [match.start(), match.end()]
    edges.append(len(low))
    return tuple(zip(edges[::2], edges[1::2], strict=True))


@lru_cache(maxsize=256)
def _unreal(low: str) -> tuple[tuple[int, int], ...]:
    """Spans of comparisons, dreams, pictures and sounds: from their first word to the end of the clause."""
    clauses = _clauses(low)
    spans = []
    for match in _UNREAL.finditer(low):
        end = next((b for a, b in clauses if a <= match.start() < b or a == match.start()), len(low))
        if match[0].startswith(("on ", "in ")):  # on the television, a desert
            end = min((low.find(mark, end) for mark in ".!?;" if low.find(mark, end) >= 0), default=len(low))
        if _PICTURED.fullmatch(match[0]) and (next_part := _HANGS.search(low, match.end() + 4, end)):
            end = next_part.start()
        first = match.start() + len(match[0].split()[0]) * bool(_PICTURED.fullmatch(match[0]))  # the picture is there
        spans.append((first, end))
    return tuple(spans)


_PICTURED = re.compile(
    r"(?:photo|picture|paint|poster|postcard|map|draw|sketch|print|mural|model|statue|engrav"
    r"|portrait).*"
)
_HANGS = re.compile(
    r"\b(?:hangs?|lies|stands|sits|falls?|leans?|curls?|peels?|fades?|slips?|drops?|flutters?|flaps?|pinned|stuck"
    r"|taped|is|are|was|were)\b"
    r"|\b(?:on|over|above|beside|behind|between|under) (?:the|his|her|a)\b"
)
"""Where a picture ends and what happens to it begins: ``a poster of a beach hangs in the office``."""


def _denied(low: str, position: int) -> bool:
    """Whether what begins at ``position`` is denied: nothing but adjectives and verbs between it and a ``no``."""
    start = max((a for a, b in _clauses(low) if a <= position), default=0)
    between = low[start:position]
    triggers = list(_NOT.finditer(between))
    if triggers:
        return _LINK.search(between[triggers[-1].end() :]) is None
    # no moon, stars or wind: a list of bare nouns goes on
    sentence = max(low.rfind(mark, 0, position) for mark in ".!?;:") + 1
    earlier = list(re.finditer(r"\b(?:no|without|neither)\b", low[sentence:position]))
    if not earlier:
        return False
    rest = low[sentence + earlier[-1].end() : position]
    return re.fullmatch(
        r"(?: [\w'-]+){1,3}(?:,(?: [\w'-]+){1,2})*,?(?: (?:and|or|nor))?\s(?:\w+ )?", rest
    ) is not None and (
        re.search(r" (?:or|nor) ", low[sentence:].split(".")[0]) is not None or "neither" in earlier[-1][0]
    )


@lru_cache(maxsize=1024)
def votes(text: str) -> tuple[int, int]:
    """How many words of ``text`` are common in English, and how many in other languages only."""
    found = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", lowered(text))
    english = sum(word in _ENGLISH for word in found)
    return english, sum(word in _FOREIGN and word not in _ENGLISH for word in found)


def is_foreign(text: str, others: Iterable[str] = ()) -> bool:
    """Whether ``text`` is in another language than English. Where it has no common word, the ``others`` decide."""
    english, foreign = votes(text)
    if english == foreign:
        each = [votes(other) for other in others]
        english, foreign = sum(pair[0] for pair in each), sum(pair[1] for pair in each)
    return foreign > english
