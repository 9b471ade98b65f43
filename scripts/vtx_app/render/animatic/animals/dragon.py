"""A dragon, which looks to the right. Units are its length from snout to tail; its feet at the pen's origin."""

from __future__ import annotations

import itertools

from vtx_app.render.animatic.drawing.colours import INK, Colour, darker, lighter
from vtx_app.render.animatic.drawing.pen import Pen, oval, smooth

__all__ = ["paint_dragon", "paint_flying_dragon"]


def _wing(pen: Pen, x: float, y: float, tone: Colour, lift: float) -> None:
    """A wing from the shoulder at (x, y): an arm and four ribs with skin between them."""
    tips = [(x - 0.02, y - lift), (x - 0.18, y - lift * 0.86), (x - 0.3, y - lift * 0.5), (x - 0.34, y - lift * 0.12)]
    outline = [(x, y), tips[0]]
    for one, other in itertools.pairwise(tips):
        outline += [((one[0] + other[0]) / 2 + 0.035, (one[1] + other[1]) / 2 + 0.035), other]
    pen.shape([*outline, (x - 0.1, y + 0.03)], lighter(tone, 0.25))
    for tip in tips:
        pen.line([(x, y), tip], ink=1.6, colour=darker(tone, 0.3))


def _body(pen: Pen, tone: Colour, up: float, *, asleep: bool = False) -> None:
    dark, light = darker(tone, 0.25), lighter(tone, 0.35)
    y = -0.2 - up
    tail = [(-0.12, y + 0.02), (-0.28, y + 0.12), (-0.42, y + 0.14), (-0.56, y + 0.06)]
    pen.stroke(smooth(tail, closed=False), 0.045, tone, line=INK)
    pen.shape([(-0.53, y + 0.1), (-0.64, y - 0.02), (-0.5, y + 0.03)], dark)
    pen.blob([(-0.16, y), (-0.08, y - 0.09), (0.08, y - 0.1), (0.2, y - 0.04), (0.18, y + 0.07), (0.02, y + 0.11),
              (-0.13, y + 0.09)], tone)  # fmt: skip
    pen.fill(smooth([(0.17, y + 0.05), (0.02, y + 0.1), (-0.1, y + 0.085), (0.02, y + 0.05)]), light)
    neck = [(0.15, y - 0.02), (0.24, y - 0.1), (0.25, y - 0.22), (0.3, y - 0.29)]
    if asleep:
        neck = [(0.15, y - 0.02), (0.22, y + 0.02), (0.27, y + 0.05), (0.3, y + 0.06)]
    pen.stroke(smooth(neck, closed=False), 0.07, tone, line=INK)
    for i in range(9):
        t = i / 8
        x = -0.2 + 0.42 * t
        top = y - 0.07 - 0.03 * (1 - abs(2 * t - 1))
        pen.shape([(x - 0.018, top + 0.015), (x, top - 0.035), (x + 0.018, top + 0.015)], dark, ink=0.7)
    head_y = y - 0.31 if not asleep else y + 0.05
    pen.blob([(0.24, head_y - 0.02), (0.3, head_y - 0.055), (0.4, head_y - 0.02), (0.47, head_y + 0.005),
              (0.46, head_y + 0.04), (0.36, head_y + 0.05), (0.27, head_y + 0.045)], tone)  # fmt: skip
    for x in (0.27, 0.3):
        pen.line(smooth([(x, head_y - 0.04), (x - 0.05, head_y - 0.09), (x - 0.06, head_y - 0.12)], closed=False),
                 ink=3, colour=(226, 214, 186))  # fmt: skip
    if asleep:
        pen.line(
            smooth([(0.315, head_y - 0.015), (0.33, head_y - 0.006), (0.347, head_y - 0.012)], closed=False), ink=1.2
        )
    else:
        pen.fill(oval(0.33, head_y - 0.015, 0.013, 0.014, points=12), (246, 214, 90))
        pen.fill(oval(0.333, head_y - 0.015, 0.005, 0.012, points=10), INK)
    pen.fill(oval(0.452, head_y + 0.008, 0.006, 0.005, points=8), INK)
    pen.line(smooth([(0.465, head_y + 0.028), (0.38, head_y + 0.03), (0.32, head_y + 0.02)], closed=False), ink=0.8)


def paint_dragon(pen: Pen, tone: Colour, *, asleep: bool = False) -> None:
    """A dragon that stands, its wings half raised; asleep it lies with its head on the ground and its wings folded."""
    dark = darker(tone, 0.2)
    if asleep:
        _wing(pen, 0.1, -0.18, dark, 0.1)
        _body(pen, tone, -0.09, asleep=True)
        _wing(pen, 0.04, -0.16, tone, 0.12)
        return
    _wing(pen, 0.1, -0.28, dark, 0.26)
    for x, shade in ((0.14, dark), (-0.08, dark), (0.08, tone), (-0.13, tone)):
        leg = [(-0.04, -0.2), (0.045, -0.2), (0.03, -0.08), (0.06, 0.0), (-0.03, 0.0), (-0.02, -0.1)]
        pen.blob([(x + dx, y) for dx, y in leg], shade)
    _body(pen, tone, 0.0)
    _wing(pen, 0.04, -0.27, tone, 0.3)


def paint_flying_dragon(pen: Pen, tone: Colour) -> None:
    """A dragon on the wing, its legs drawn up."""
    dark = darker(tone, 0.2)
    _wing(pen, 0.12, -0.28, dark, 0.44)
    for x in (0.1, -0.1):
        pen.blob([(x - 0.03, -0.14), (x + 0.03, -0.13), (x - 0.04, -0.05), (x - 0.1, -0.05)], dark)
    _body(pen, tone, 0.0)
    _wing(pen, 0.04, -0.27, tone, 0.5)
