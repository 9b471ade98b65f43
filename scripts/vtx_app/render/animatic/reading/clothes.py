"""What people wear: garments with their colours, and what the shot's own words take off or put on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vtx_app.render.animatic.reading.model import Garment
from vtx_app.render.animatic.reading.text import Found, Passage, word_set, words_pattern
from vtx_app.render.animatic.reading.vocabulary import kinds_of, pattern_of, plain_of, words_of

__all__ = ["COLOUR_WORDS", "colour_in", "garments", "hood_up", "phrase_of", "puts_on", "takes_off"]

COLOUR_WORDS = kinds_of("clothes", "colour words")
_COLOUR_NAMES = "|".join(
    sorted((re.escape(word).replace("\\ ", "[ -]") for word in COLOUR_WORDS), key=len, reverse=True)
)
_COLOUR = words_pattern(rf"(?:[a-z]+-)?(?:{_COLOUR_NAMES})(?:-colou?red)?")
"""A colour, also ``sea-green`` and ``rust-coloured``."""

_GARMENTS = plain_of("clothes", "garments")
_GARMENT_PATTERNS = tuple((kind, words_pattern(rf"(?:{pattern})(?:e?s)?")) for kind, pattern in _GARMENTS)
_GARMENT_PARTS = words_of("clothes", "parts")
_NOT_WORN = pattern_of("clothes", "not worn")
_LONG = pattern_of("clothes", "long")
_SHORT = words_pattern(r"short|cropped|waist-length")
_PATTERNED = pattern_of("clothes", "patterned")
_PATTERNS = kinds_of("clothes", "patterns")
_BREAK = re.compile(
    r"[.;:()]|,|\b(?:and|with|over|under|beneath|above|in|on|a|an|the|his|her|their|of|wearing|from|to|without|no)\b"
)
_COLOUR_AFTER = re.compile(
    r"(?: of| in|,| the colou?r of| is| was| gone| faded to|, once|,? all in)+ (?:(?:an?|the|of|faded|dark|pale"
    r"|bright|light|deep"
    rf"|dirty|soft|worn) )*(?P<colour>{_COLOUR.pattern})(?=[,.;]|$| and | with | silk| wool| linen| velvet| cotton| "
    rf"leather)"
)
"""``a coat of faded red``, ``his oilskin, yellow and torn``."""
_QUALITIES = words_of("clothes", "qualities")
_OFF = (
    r"(?:tak(?:e|es|ing)|took|pull(?:s|ing|ed)?|peel(?:s|ing|ed)?|shrug(?:s|ging|ged)?|throw(?:s|ing)?|threw"
    r"|slip(?:s|ping|ped)?"
    r"|strip(?:s|ping|ped)?|kick(?:s|ing|ed)?)"
)
_REMOVES = (
    rf"{_OFF} (?:off|out of)|{_OFF} (?:[\w']+ ){{1,4}}?off|remov(?:e|es|ing|ed)|doff(?:s|ing|ed)?|shed(?:s|ding)?"
    rf"|unbutton(?:s|ing)?"
    r"|hang(?:s|ing)? (?:up )?|hung|drops?|tosses|folds|los(?:es|ing)|lost|discard(?:s|ed|ing)?|lift(?:s|ing|ed)? off"
    r"|carr(?:y|ies|ying)|sweeps off|tears off|unties|lowers?|pushes back|throws back|pushed back|without|no|lends"
    r"|gives|wraps|lays"
)
_PULLS = re.compile(
    r"\b(?:put|pull|throw|slip|tug|drag|shrug|draw|wrap|jam|fling|toss|clap|drape)\w* (?:[\w'-]+ "
    r"){0,4}$"
)
_ROUND = re.compile(r" (?:thrown |draped |slung )?(?:round|around|over|about) (?:his|her|their) (?:shoulders|neck)\b")
_ON = re.compile(
    r" (?:back )?(?:on|round|around|about|up|over (?:his|her|the|it|their|everything))\b(?! the "
    r"(?:hook|chair|floor|bed|peg|table))"
)
_ADDS = (
    r"(?:put|pull|throw|slip|tug|jam|cram|button|struggle|draw|clap|set)(?:s|ting|ing|ped|ged|ming|led)? (?:on|into"
    r"|down|up)|dons?"
    r"|donning|pull(?:s|ing)? (?:[\w']+ ){1,4}?(?:on|over|up)|put(?:s|ting)? (?:[\w']+ ){1,4}?on|wear(?:s|ing)?"
    r"|wore|dressed in"
    r"|clad in|wrapped in|bundled in|throws (?:[\w']+ ){1,4}?(?:on|over|round)|buttons|shrugs into|shrugging into"
    r"|raises"
)


def colour_in(text: str) -> str:
    """The first colour in ``text``, lower case: a key of ``COLOURS`` or ""."""
    found = _COLOUR.search(text)
    if found is None:
        return ""
    said = re.sub(r"\s", " ", found[0])
    plain = re.sub(r"-colou?red$", "", said)
    forms = (said, said.replace("-", " "), plain, plain.replace("-", " "), plain.rpartition("-")[2])
    return next((str(COLOUR_WORDS[each]) for each in forms if each in COLOUR_WORDS), "")


def garments(passage: Passage) -> Iterator[tuple[Garment, Found]]:
    """The garments in a text in order, each with where it stands. A garment that is denied is not among them."""
    searched = passage.without(_NOT_WORN)
    found = [(each, kind) for kind, pattern in _GARMENT_PATTERNS for each in searched.find(pattern)]
    taken: list[tuple[int, int]] = []
    for each, kind in sorted(found, key=lambda pair: (pair[0].start, pair[0].start - pair[0].end)):
        if any(a <= each.start < b or a < each.end <= b for a, b in taken):
            continue
        taken.append((each.start, each.end))
        if not each.real or _is_adjective(searched, each) or _is_owners(searched.low, each):
            continue
        yield _garment(searched.low, each, kind), each


def _is_adjective(passage: Passage, found: Found) -> bool:
    """Whether the garment's noun is only an adjective of the next: a hat stand, a coat button."""
    following = passage.after(found.end, 1)
    return bool(following) and following[0] in _GARMENT_PARTS


def _is_owners(low: str, found: Found) -> bool:
    """A hat or coat that is held, carried or hung is not worn: ``hat in hand``, ``coat over his arm``."""
    after = low[found.end : found.end + 40]
    before = low[max(0, found.start - 60) : found.start]
    if re.match(r",? (?:in (?:his |her |the |one )?hands?|over (?:his|her|one|an|the) (?:arm|shoulder|chair|back)\b"
                r"|under (?:his|her) arm"
                r"|on (?:the|a|its) (?:hook|chair|floor|bed|peg|table|nail|back|rack|ground|stand|door|line|hanger)"
                r"|(?:thrown |pushed |folded )?(?:back|down)\b(?! over)"
                r"|over (?:the|a) (?:chair|back|rail)|at (?:his|her) feet)", after):  # fmt: skip
        return True
    return re.search(r"\b(?:hang|hangs|hung|carr(?:y|ies|ying)|holding|holds|held|turns|turning|folds|brushes"
                     r"|twists|wrings"
                     r"|offers|picks up|drops) (?:[\w']+ ){0,3}$", before) is not None  # fmt: skip


def _garment(low: str, found: Found, kind: str) -> Garment:
    """The garment with its colour: that of its own phrase before the noun, else of what follows it."""
    before = low[_phrase_start(low, found.start) : found.start]
    rest = low[found.end :]
    end = re.search(r"[.;:]|,| and | with ", rest)
    after = rest[: end.start() if end else None]
    colour = colour_in(before) or colour_in(low[found.start : found.end])
    if not colour and (said := _COLOUR_AFTER.match(rest)):
        colour = colour_in(said["colour"])
    long = True if _LONG.search(before + after) else False if _SHORT.search(before) else None
    pattern = _PATTERNED.search(before)
    return Garment(kind, colour, long, _PATTERNS[pattern[0]] if pattern else "")


def phrase_of(passage: Passage, found: Found) -> str:
    """The words of a garment as they are written: ``long yellow oilskin``."""
    return passage.text[_phrase_start(passage.low, found.start) : found.end].strip()


def _phrase_start(low: str, noun: int) -> int:
    """Where the phrase of a garment's noun begins; ``a long, black coat`` and ``a black and white scarf`` are one."""
    start = 0
    for edge in _BREAK.finditer(low, max(0, noun - 90), noun):
        word = low[: edge.start()].split()[-1:]
        if edge[0] == "," and word and (_COLOUR.fullmatch(word[0]) or word[0] in _QUALITIES):
            continue
        if edge[0] == "and" and word and _COLOUR.fullmatch(word[0]) and _COLOUR.match(low, edge.end() + 1):
            continue
        start = edge.end()
    return start


def takes_off(low: str, kinds: Iterator[str] | list[str]) -> set[str]:
    """The garments among ``kinds`` that ``low`` says are taken off, missing, or carried."""
    gone = set()
    for kind in kinds:
        noun = _noun(kind)
        if re.search(rf"\b(?:{noun})(?![\w-])", low) is None:
            continue
        if re.search(
            rf"\b(?:{_REMOVES}) (?:(?:his|her|their|the|a|an|its|wet|old|heavy|that|own|any) ?)*(?:[\w-]+ "
            rf"){{0,2}}?(?:{noun})(?![\w-])",
            low,
        ):
            gone.add(kind)
        if re.search(
            rf"\b(?:{noun}) (?:comes off|slips off|blows off|off\b|(?:is|are|was|has come|flies|flying|falls|falling"
            r"|tumbles|tumbling|knocked|blown) (?:now |already )?off\b|(?:in|on) (?:his|her|their|the) (?:lap|knees?)"
            r"|is gone|in (?:his|her|one|the) hands?|in hand"
            r"|over (?:his|her|an|one|the) arm|thrown back|pushed back|down\b)",
            low,
        ):
            gone.add(kind)
    if re.search(r"\b(?:bare-?headed|hatless|hat off)\b", low):
        gone |= {kind for kind in kinds if kind in _HEADS}
    if re.search(r"\bcoatless|in (?:his |her )?shirt-?sleeves\b", low):
        gone |= {kind for kind in kinds if kind in _COATS}
    return gone


def puts_on(passage: Passage) -> Iterator[tuple[Garment, Found]]:
    """The garments that the shot's own words say somebody wears or puts on."""
    for garment, found in garments(passage):
        start, end = passage.clause(found.start)
        before, after = passage.low[start : found.start], passage.low[found.end : end]
        if (_PULLS.search(before) and _ON.match(after)) or _ROUND.match(after):
            yield garment, found
        elif re.search(rf"\b(?:{_ADDS}) (?:[\w'-]+ ){{0,4}}$", before) or re.search(
            r"\b(?:in|under|beneath) (?:(?:an?|his|her|the|their) )?(?:[\w'-]+ ){0,4}$", before
        ):
            if not re.search(rf"\b(?:{_REMOVES}) (?:[\w'-]+ ){{0,4}}$", before):
                yield garment, found
        elif re.search(r"\bwith (?:an?|his|her) (?:[\w'-]+ ){0,3}$", before) and garment.kind in _HEADS | {
            "scarf",
            "gloves",
            "shawl",
        }:
            yield garment, found


_HEADS = word_set(
    "hat cap flat_cap beanie bowler top_hat cowboy_hat straw_hat sun_hat beret hood helmet hard_hat "
    "bonnet headscarf turban"
    " crown headband veil"
)
_COATS = word_set("coat raincoat oilskin overcoat trench_coat jacket leather_jacket parka cloak cape lab_coat")


_HOOD_UP = re.compile(
    r"\bhoods? (?:is |are )?(?:up|raised|drawn up|pulled (?:up|low|over|down over|tight))\b"
    r"|\b(?:pulls?|draws?|flips?|tugs?|puts?|turns?) (?:up (?:his|her|their|the) hoods?|(?:his|her|their|the) hoods? "
    r"up)\b"
)
_WITH_HOODS = ("cloak", "parka", "hoodie", "raincoat", "coat", "cape", "oilskin", "robe", "jacket", "habit")


def hood_up(low: str, wears: Iterable[Garment]) -> Garment | None:
    """The hood that ``low`` says is up, of one of the garments that have one."""
    coat = next((each for each in wears if each.kind in _WITH_HOODS), None)
    return Garment("hood", coat.colour) if coat is not None and _HOOD_UP.search(low) else None


def _noun(kind: str) -> str:
    """The pattern of a kind's own nouns, and of the plain noun that people say for it."""
    pattern = next(pattern for name, pattern in _GARMENTS if name == kind)
    if kind in _HEADS:
        pattern += "|hat|cap" if kind not in ("hood", "veil", "headscarf") else ""
    if kind in _COATS:
        pattern += "|coat|jacket"
    return pattern
