"""How far the colour of a shot in a chain is brought to that of the chain's first shot. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from vtx_app.cut.colour_match import Correction
from vtx_app.qc.colour import LEAST_SPREAD, mean_colour
from vtx_app.qc.measures import Colour, Measures

__all__ = ["Look", "chain_correction", "look_of"]

_MOST = 12.0
"""Levels by which a mean moves at most: what differs by more shows something else."""

_MOST_GAIN = 1.2
"""Times by which the spread of luma grows or shrinks at most: as much as a seam may jump (``limits``)."""

Look = tuple[Colour, Colour, Colour]
"""The mean colour of a shot, and the colours of its first and last quarter of a second."""


def look_of(measures: Measures, first: int, end: int) -> Look:
    """How the frames ``first`` up to ``end`` of a take look."""
    colours = measures.colours_of(first, end)
    return mean_colour(colours), colours[0], colours[-1]


def chain_correction(looks: Sequence[Look], strength: float) -> Correction:
    """The correction of the last of ``looks``, which are those of a chain in order, at least one.

    ``strength``: the part of the difference from the first that is corrected, 0 to 1. No mean moves further than that,
    nor by more than 12 levels; and at no seam do two shots lie further apart than they did.
    """
    first = looks[0][0]
    done = Correction(first.y, 1.0, 0.0, 0.0, 0.0)
    for (_, _, before), (mean, start, _) in pairwise(looks):
        seam = Colour(done.luma(before.y), before.u + done.u, before.v + done.v, before.spread)
        done = _correction(first, mean, strength, start, seam)
    return done


def _correction(first: Colour, mean: Colour, strength: float, start: Colour, seam: Colour) -> Correction:
    """The correction for a shot of this ``mean`` that starts with ``start`` after one that ends with ``seam``."""
    spreads = max(LEAST_SPREAD, first.spread) / max(LEAST_SPREAD, mean.spread)
    gain = min(_MOST_GAIN, max(1 / _MOST_GAIN, spreads)) ** strength
    y = _bounded(strength * (first.y - mean.y))
    asked = Correction(mean.y, gain, y, 0.0, 0.0)
    if abs(asked.luma(start.y) - seam.y) > abs(start.y - seam.y):
        gain, y = 1.0, _towards(y, start.y - seam.y)
    u = _towards(_bounded(strength * (first.u - mean.u)), start.u - seam.u)
    v = _towards(_bounded(strength * (first.v - mean.v)), start.v - seam.v)
    return Correction(mean.y, gain, y, u, v)


def _bounded(shift: float) -> float:
    return min(_MOST, max(-_MOST, shift))


def _towards(shift: float, apart: float) -> float:
    """As much of ``shift`` as leaves two shots that are ``apart`` at their seam no further apart."""
    return min(max(shift, min(0.0, -2 * apart)), max(0.0, -2 * apart))
