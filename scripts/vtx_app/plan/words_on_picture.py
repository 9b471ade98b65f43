"""The words that a film's edit puts on the picture: whether they fit, before anything is rendered or drawn."""

from __future__ import annotations

from vtx_app.cut.disclosure import disclosure_card
from vtx_app.cut.timeline import Roll, Words
from vtx_app.formats.edit import Card
from vtx_app.plan.film_plan import FilmPlan

__all__ = ["word_faults", "word_notes"]


def word_faults(plan: FilmPlan) -> list[str]:
    """The words that don't fit, by file and line, each with the largest size that does; empty if all fit."""
    if not _has_words(plan):
        return []
    from vtx_app.cut.lettering_check import lettering_faults  # films without words don't pay for Pillow

    return lettering_faults(plan.film, *plan.size, _roll(plan), _disclosure(plan))


def word_notes(plan: FilmPlan) -> list[str]:
    """What is to be known about words that fit: letters that the font lacks, a roll too fast to be read.

    Empty if some don't fit.
    """
    if not _has_words(plan) or word_faults(plan):
        return []
    from vtx_app.cut.lettering_check import lettering_notes, roll_notes

    roll = _roll(plan)
    return lettering_notes(plan.film, roll, _disclosure(plan)) + roll_notes(plan.film, roll, *plan.size, plan.rate)


def _has_words(plan: FilmPlan) -> bool:
    return any(isinstance(layer.content, Words | Roll) for piece in plan.timeline.drawn for layer in piece.layers)


def _roll(plan: FilmPlan) -> tuple[str, ...]:
    layers = (layer.content for piece in plan.timeline.drawn for layer in piece.layers)
    return next((content.lines for content in layers if isinstance(content, Roll)), ())


def _disclosure(plan: FilmPlan) -> Card | None:
    return disclosure_card(plan.film.metadata.disclosure, plan.rate, *plan.size)
