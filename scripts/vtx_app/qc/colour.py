"""How far apart two mean colours are."""

from __future__ import annotations

from math import dist

from vtx_app.qc.measures import Colour

__all__ = ["LEAST_SPREAD", "delta_e", "mean_colour", "spread_ratio"]

_WHITE = (0.95047, 1.0, 1.08883)
"""D65, as in BT.709."""

_TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
"""IEC 61966-2-1: the primaries of BT.709."""

LEAST_SPREAD = 4.0
"""Levels: a picture of less is nearly plain: small differences are large ratios, and stretching it shows noise."""


def mean_colour(colours: tuple[Colour, ...]) -> Colour:
    """The mean of ``colours``, of which there is at least one."""
    count = len(colours)
    return Colour(
        sum(each.y for each in colours) / count,
        sum(each.u for each in colours) / count,
        sum(each.v for each in colours) / count,
        sum(each.spread for each in colours) / count,
    )


def delta_e(one: Colour, other: Colour) -> float:
    """ΔE*ab (CIE 15, 8.2.1) of two means of BT.709 video levels. About 2.3 is just noticeable."""
    return dist(_lab(one), _lab(other))


def spread_ratio(one: Colour, other: Colour) -> float:
    """How many times as large the spread of luma of the one with more is as the other's."""
    low, high = sorted((max(LEAST_SPREAD, one.spread), max(LEAST_SPREAD, other.spread)))
    return high / low


def _lab(colour: Colour) -> tuple[float, float, float]:
    y, u, v = (colour.y - 16) / 219, (colour.u - 128) / 224, (colour.v - 128) / 224
    # BT.709-6, 3: R' = Y' + 1.5748 Cr, B' = Y' + 1.8556 Cb.
    red, blue = y + 1.5748 * v, y + 1.8556 * u
    green = (y - 0.2126 * red - 0.0722 * blue) / 0.7152
    linear = [_linear(max(0.0, min(1.0, value))) for value in (red, green, blue)]
    xyz = (sum(part * value for part, value in zip(row, linear, strict=True)) for row in _TO_XYZ)
    x, y, z = (_cube(value / white) for value, white in zip(xyz, _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(value: float) -> float:
    """IEC 61966-2-1: how screens show it."""
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _cube(value: float) -> float:
    return float(value ** (1 / 3)) if value > (6 / 29) ** 3 else value / (3 * (6 / 29) ** 2) + 4 / 29
