"""The card at the very end that says the film was made with AI."""

from __future__ import annotations

from fractions import Fraction

from vtx_app.formats.edit import Card

__all__ = ["disclosure_card"]

_SIZE = 4.5
"""Hundredths of the picture's height: a note, smaller than a title."""

_LETTERS_A_SECOND = 12
_SECONDS = (Fraction(3), Fraction(10))
_FADE = Fraction(1, 2)


def disclosure_card(text: str | None, rate: Fraction, width: int, height: int) -> Card | None:
    """The card with ``text`` in a film of ``width`` × ``height`` pixels at ``rate``; None without a text.

    It stands long enough to be read. In an upright picture the type is smaller, so that a line holds as many words.
    """
    if not text:
        return None
    shortest, longest = _SECONDS
    seconds = sorted((shortest, Fraction(len(text), _LETTERS_A_SECOND), longest))[1]
    size = max(1.0, round(_SIZE * min(1.0, width / height), 1))
    fade = max(1, round(rate * _FADE))
    return Card(text=text, frames=max(1, round(rate * seconds)), fade=fade, size=size)
