"""Arrows over a panel's picture: where the camera goes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from vtx_app.board.model import Arrow
from vtx_app.board.paper import INK, PAPER, Paper

__all__ = ["draw_arrows"]

Point = tuple[float, float]

_LONG, _THICK = 0.2, 0.045
"""Length and thickness of an arrow, in picture heights."""

_CORNERS: tuple[Point, ...] = ((-1, -1), (1, -1), (1, 1), (-1, 1))
_SIDES: dict[Arrow, Point] = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def draw_arrows(paper: Paper, arrows: Sequence[Arrow], x: float, y: float, wide: float, high: float) -> None:
    """The arrows over the picture at (``x``, ``y``), each kind once."""
    unit = min(wide, high)
    middle = x + wide / 2, y + high / 2
    for arrow in dict.fromkeys(arrows):
        if arrow in ("in", "out"):
            for side in _CORNERS:
                outer = middle[0] + side[0] * (wide / 2 - 0.05 * unit), middle[1] + side[1] * (high / 2 - 0.05 * unit)
                inner = outer[0] - side[0] * _LONG * unit, outer[1] - side[1] * _LONG * unit * 0.8
                _straight(paper, *((outer, inner) if arrow == "in" else (inner, outer)), unit)
        elif arrow in _SIDES:
            across, along = _SIDES[arrow]
            tip = middle[0] + across * (wide / 2 - 0.04 * unit), middle[1] + along * (high / 2 - 0.04 * unit)
            tail = tip[0] - across * _LONG * 1.5 * unit, tip[1] - along * _LONG * 1.5 * unit
            _straight(paper, tail, tip, unit)
        else:
            _round(paper, (middle[0], y + high * 0.62), wide * 0.3, high * 0.3, unit, left=arrow == "turn_left")


def _straight(paper: Paper, tail: Point, tip: Point, unit: float) -> None:
    _along(paper, [tail, tip], unit)


def _round(paper: Paper, middle: Point, wide: float, high: float, unit: float, *, left: bool) -> None:
    """An arrow along the near half of an ellipse that lies around the subject."""
    angles = [math.radians(160 - 140 * step / 16) for step in range(17)]
    points = [(middle[0] + wide * math.cos(each), middle[1] + high * math.sin(each)) for each in angles]
    _along(paper, points[::-1] if left else points, unit)


def _along(paper: Paper, path: Sequence[Point], unit: float) -> None:
    """An arrow along ``path``, with a head at its end."""
    half, head = _THICK * unit / 2, _THICK * unit * 2.1
    tip, before = path[-1], path[-2]
    long = math.dist(before, tip)
    along = (tip[0] - before[0]) / long, (tip[1] - before[1]) / long
    neck = tip[0] - along[0] * head, tip[1] - along[1] * head
    kept = [point for point in path[:-1] if math.dist(point, tip) > head]
    middle = [*kept, neck]
    left, right = [], []
    for number, point in enumerate(middle):
        first = middle[max(0, number - 1)]
        second = middle[number + 1] if number + 1 < len(middle) else tip
        step = math.dist(first, second) or 1.0
        across = -(second[1] - first[1]) / step * half, (second[0] - first[0]) / step * half
        left.append((point[0] + across[0], point[1] + across[1]))
        right.append((point[0] - across[0], point[1] - across[1]))
    wing = -along[1] * head * 0.62, along[0] * head * 0.62
    barbs = (neck[0] + wing[0], neck[1] + wing[1]), (neck[0] - wing[0], neck[1] - wing[1])
    paper.shape([*left, barbs[0], tip, barbs[1], *reversed(right)], PAPER, INK)
