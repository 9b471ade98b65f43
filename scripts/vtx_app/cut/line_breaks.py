"""Text of titles: made safe to draw, and broken into lines of similar length."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

__all__ = ["break_line", "fill_lines", "safe_lines"]

_JOINERS = "\u200c\u200d"
"""Zero width non-joiner and joiner: Persian and scripts of India are misspelt without them."""

# Unicode Standard Annex 14, classes CL, CP, EX, IS, CJ and NS, and OP: where words are not divided by spaces, no line
# begins with the first and none ends with the second.
_NOT_FIRST = frozenset(
    "、。，．・：；？！ー々〻ゝゞヽヾ゛゜ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ）］｝〉》」』】〕〗〙’”…‥,.!?;:)]}"
)
_NOT_LAST = frozenset("（［｛〈《「『【〔〖〘‘“([{")
_DASHES = frozenset("-‐–—")


def safe_lines(text: str) -> list[str]:
    """The lines of ``text``, normalised (NFC), without what is invisible or changes how its neighbours are drawn.

    Those are controls, lone surrogates, private characters, variation selectors and direction marks. Spaces in a row
    become one, but a no-break space stays. Empty lines stay between others, not before or after them.
    """
    lines = [_safe_line(line) for line in text.splitlines()]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _safe_line(line: str) -> str:
    kept = "".join(letter for letter in unicodedata.normalize("NFC", line.replace("\t", " ")) if _is_safe(letter))
    return " ".join(word for word in kept.split(" ") if word)


def _is_safe(letter: str) -> bool:
    if letter in _JOINERS:
        return True
    return unicodedata.category(letter) not in ("Cc", "Cs", "Co", "Cf", "Cn") and not "\ufe00" <= letter <= "\ufe0f"


def break_line(line: str, width: float, width_of: Callable[[str], float]) -> list[str] | None:
    """``line`` broken into the fewest lines no wider than ``width``, as even as possible; None if a word is wider.

    It is broken at spaces, between the letters of scripts that have none (Chinese, Japanese), and after hyphens and
    dashes if it must. ``width_of`` measures
    a text in the unit of ``width``.
    """
    choices = (_pieces(line), _pieces(line, at_dashes=True))
    pieces = next((each for each in choices if all(width_of(piece) <= width for piece, _ in each)), None)
    if pieces is None:
        return None
    fewest = _filled(pieces, width, width_of)
    narrow, wide = width / len(fewest) / 2, width
    while len(fewest) > 1 and wide - narrow > width / 400:
        middle = (narrow + wide) / 2
        tried = _filled(pieces, middle, width_of)
        if len(tried) == len(fewest) and all(width_of(each) <= middle for each in tried):
            fewest, wide = tried, middle
        else:
            narrow = middle
    return fewest


def fill_lines(line: str, width: float, width_of: Callable[[str], float], indent: float = 0.0) -> list[str]:
    """``line`` as lines no wider than ``width``, each as full as it may be, broken as by :func:`break_line`.

    A word that is wider is broken between its letters. The first line is shorter by ``indent``.
    """
    lines, room = [""], width - indent
    for piece, divider in _pieces(line):
        joined = lines[-1] + divider + piece if lines[-1] else piece
        if width_of(joined) <= room:
            lines[-1] = joined
            continue
        if lines[-1] or room < width:
            lines, room = [*lines, ""], width
        for letter in piece if width_of(piece) > width else [piece]:
            if lines[-1] and width_of(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return lines


def _pieces(line: str, *, at_dashes: bool = False) -> list[tuple[str, str]]:
    """The unbreakable pieces, each with its separator from the piece before it: a space or nothing."""
    pieces: list[tuple[str, str]] = []
    for word in line.split(" "):
        start = 0
        for at in range(1, len(word) + 1):
            if at == len(word) or _may_break(word[at - 1], word[at], at_dashes):
                pieces.append((word[start:at], "" if start else " "))
                start = at
    return pieces


def _may_break(before: str, after: str, at_dashes: bool) -> bool:
    if before in _NOT_LAST or after in _NOT_FIRST or unicodedata.combining(after):
        return False
    if before in _DASHES:
        return at_dashes and after.isalpha()
    return _is_ideographic(before) or _is_ideographic(after)


def _is_ideographic(letter: str) -> bool:
    """Ideographs, kana and their punctuation. Korean separates words by spaces."""
    return unicodedata.east_asian_width(letter) in ("W", "F") and not unicodedata.name(letter, "").startswith("HANGUL")


def _filled(pieces: Sequence[tuple[str, str]], width: float, width_of: Callable[[str], float]) -> list[str]:
    """The pieces as lines, each as full as it may be. A piece wider than ``width`` has a line of its own."""
    lines = [pieces[0][0]]
    for piece, divider in pieces[1:]:
        joined = lines[-1] + divider + piece
        if width_of(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(piece)
    return lines
