"""What goes on rails and behind horses: trams and carriages."""

from __future__ import annotations

from vtx_app.render.animatic.animals.catalogue import paint_animal
from vtx_app.render.animatic.drawing.colours import INK
from vtx_app.render.animatic.drawing.pen import Pen, box
from vtx_app.render.animatic.things.painter import ThingInfo, Touch
from vtx_app.render.animatic.things.vehicles import wheel

__all__ = ["STREET_CARS"]


def _tram(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("b8402f")
    glass = (250, 224, 150) if touch.lit else (172, 196, 208)
    for x in (-2.6, -1.9, 1.9, 2.6):
        wheel(pen, x, 0.3)
    pen.shape(box(-3.6, -0.62, 3.6, -0.28), (70, 68, 70))
    pen.blob([(-4.4, -0.4), (-4.5, -2.7), (-4.2, -3.05), (4.2, -3.05), (4.5, -2.7), (4.4, -0.4)], tone)
    pen.shape(box(-4.4, -2.0, 4.4, -1.8), light, ink=0.6)
    for i in range(8):
        x = -3.86 + i * 0.97
        pen.shape(box(x, -2.75, x + 0.82, -2.02), glass, ink=0.8)
    for x in (-3.1, 0.0, 2.3):
        pen.shape(box(x, -1.75, x + 0.8, -0.5), dark, ink=0.8)
    pen.shape(box(-4.3, -3.2, 4.3, -3.02), (214, 206, 190))
    pen.line([(-0.4, -3.2), (0.5, -3.75), (-0.3, -4.3)], ink=2)
    pen.line([(-0.8, -4.3), (0.8, -4.3)], ink=2)
    pen.line([(-30, -4.36), (30, -4.36)], ink=0.8, colour=INK)
    pen.line([(-30, 0.0), (30, 0.0)], ink=1.6, colour=(90, 88, 90))


def _carriage(pen: Pen, touch: Touch) -> None:
    """A closed carriage; the horse before it looks to the right."""
    tone, dark, _ = touch.shades("3c3440")
    paint_animal(pen.at(2.9, 0), "horse", "")
    pen.stroke([(0.9, -0.8), (3.4, -1.0)], 0.06, (92, 70, 50), line=INK)
    pen.blob([(-1.1, -0.7), (-1.25, -1.5), (-1.05, -2.2), (0.75, -2.2), (0.9, -1.5), (0.75, -0.75), (0, -0.6)], tone)
    pen.shape(box(-0.75, -1.95, 0.05, -1.35), (172, 190, 200) if not touch.lit else (250, 222, 150))
    pen.shape(box(-0.75, -1.3, 0.05, -0.75), dark, ink=0.7)
    pen.shape(box(0.85, -1.5, 1.35, -1.35), dark)
    pen.line([(1.35, -1.4), (1.5, -0.85)], ink=2)
    wheel(pen, -0.75, 0.6, spokes=True)
    wheel(pen, 0.85, 0.45, spokes=True)


STREET_CARS: dict[str, ThingInfo] = {
    "tram": ThingInfo(_tram, 9.0, 4.4, outside=True),
    "carriage": ThingInfo(_carriage, 6.0, 2.3, outside=True),
}
