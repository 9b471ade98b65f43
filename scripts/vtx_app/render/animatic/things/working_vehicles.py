"""A tractor, and a spaceship."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import darker, lighter
from vtx_app.render.animatic.drawing.pen import Pen, box
from vtx_app.render.animatic.things.painter import ThingInfo, Touch

__all__ = ["WORKING_VEHICLES"]

_TYRE = (44, 42, 44)
_GLASS = (176, 200, 210)


def _tractor(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("4f7d3c")
    pen.shape(box(-0.2, -1.55, 1.6, -0.75), tone)
    pen.line([(0.3, -1.4), (0.3, -0.9)], ink=0.8, colour=dark)
    pen.stroke([(1.2, -1.55), (1.2, -2.1)], 0.09, darker(dark, 0.3))
    pen.shape([(-1.3, -1.3), (-1.2, -2.55), (-0.2, -2.55), (-0.1, -1.3)], _GLASS)
    pen.shape(box(-1.4, -2.7, -0.1, -2.5), light)
    for x, r in ((-0.85, 0.82), (1.25, 0.5)):
        pen.oval(x, -r, r, r, _TYRE)
        pen.oval(x, -r, r * 0.5, r * 0.5, (206, 176, 70))


def _spaceship(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("9aa4b0")
    for x, reach in ((-3.4, -6.2), (-2.6, -5.0)):
        pen.fill([(x, -2.3), (reach, -1.9), (x, -1.5)], (250, 196, 110))
    pen.shape([(-3.0, -2.4), (-4.2, -4.0), (-2.4, -3.9), (-0.6, -2.8)], dark)
    pen.blob([(-3.6, -2.7), (-1.0, -3.2), (2.6, -2.7), (4.6, -1.9), (2.6, -1.2), (-1.0, -1.0), (-3.6, -1.3)], tone)
    pen.shape([(-2.6, -1.3), (-3.8, -0.2), (-1.8, -0.2), (0.4, -1.1)], dark)
    pen.blob([(1.5, -2.6), (2.7, -2.5), (3.5, -2.1), (1.6, -2.0)], _GLASS)
    for x in (-1.6, -0.7, 0.2):
        pen.oval(x, -2.1, 0.2, 0.2, (252, 230, 150) if touch.lit else lighter(light, 0.3))
    pen.line([(-3.4, -1.75), (3.8, -1.6)], ink=0.8, colour=dark)


WORKING_VEHICLES: dict[str, ThingInfo] = {
    "tractor": ThingInfo(_tractor, 3.6, 2.7, outside=True),
    "spaceship": ThingInfo(_spaceship, 9.5, 4.2, outside=True),
}
