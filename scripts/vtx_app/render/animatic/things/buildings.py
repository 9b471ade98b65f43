"""Buildings."""

from __future__ import annotations

import math

from vtx_app.render.animatic.drawing.colours import INK, Colour, darker
from vtx_app.render.animatic.drawing.pen import Pen, arc, box, oval, smooth
from vtx_app.render.animatic.things.painter import ThingInfo, Touch

__all__ = ["BUILDINGS"]

_PANE, _LIT = (88, 104, 122), (255, 220, 140)


def _pane(touch: Touch) -> Colour:
    return _LIT if touch.lit else _PANE


def _lighthouse(pen: Pen, touch: Touch) -> None:
    tone, _dark, _light = touch.shades("e6e3da")
    pen.shape([(-2.3, 0), (-1.5, -15), (1.5, -15), (2.3, 0)], tone)
    pen.fill([(-2.3, 0), (-1.5, -15), (-0.8, -15), (-1.2, 0)], darker(tone, 0.14))
    for y in (-3.5, -7.5, -11.5):
        pen.shape(box(-0.25, y - 0.9, 0.25, y), _pane(touch), ink=0.7)
    pen.shape([(-0.55, 0), (-0.55, -2.0), (0.0, -2.5), (0.55, -2.0), (0.55, 0)], (92, 74, 60))
    pen.shape(box(-2.1, -15.6, 2.1, -15), (52, 54, 60))
    for i in range(7):
        pen.line([(-2.0 + i * 0.66, -16.4), (-2.0 + i * 0.66, -15.6)], ink=0.7)
    pen.line([(-2.1, -16.4), (2.1, -16.4)], ink=1)
    pane = pen.plain() if touch.lit else pen
    pane.shape(box(-1.15, -18, 1.15, -15.6), (255, 240, 190) if touch.lit else (150, 170, 184))
    for x in (-0.6, 0, 0.6):
        pen.line([(x, -18), (x, -15.6)], ink=1)
    pen.shape(smooth([(-1.4, -18), (-0.9, -19), (0, -19.6), (0.9, -19), (1.4, -18)], closed=False), (52, 54, 60))
    pen.line([(0, -19.6), (0, -20.4)], ink=1.4)


def _house(pen: Pen, touch: Touch) -> None:
    tone, _dark, _light = touch.shades("d8cfbd")
    pen.shape(box(1.4, -5.6, 2.0, -3.6), darker(tone, 0.3))
    pen.shape(box(-3.0, -3.0, 3.0, 0), tone)
    pen.shape([(-3.4, -2.9), (-2.4, -5.0), (2.4, -5.0), (3.4, -2.9)], (110, 84, 74))
    pen.shape(box(-0.5, -2.1, 0.5, 0), (106, 78, 60))
    for x in (-2.3, 1.2):
        pen.shape(box(x, -2.2, x + 1.1, -1.1), _pane(touch))
        pen.line([(x + 0.55, -2.2), (x + 0.55, -1.1)], ink=0.8)
        pen.line([(x, -1.65), (x + 1.1, -1.65)], ink=0.8)


def _church(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("c9c2b4")
    pen.shape(box(-1.5, -5, 6, 0), tone)
    pen.shape([(-1.8, -4.9), (0.0, -7.2), (5.2, -7.2), (6.4, -4.9)], (96, 86, 84))
    pen.shape(box(-4.2, -8.5, -1.2, 0), tone)
    pen.shape([(-4.5, -8.4), (-2.7, -13.5), (-0.9, -8.4)], (86, 78, 78))
    pen.line([(-2.7, -13.5), (-2.7, -14.8)], ink=1.8)
    pen.line([(-3.2, -14.3), (-2.2, -14.3)], ink=1.8)
    for x in (0.2, 2.2, 4.2):
        pen.shape([(x, -1.2), (x, -3.2), (x + 0.45, -3.9), (x + 0.9, -3.2), (x + 0.9, -1.2)], _pane(touch))
    pen.shape([(-3.3, 0), (-3.3, -2.2), (-2.7, -2.9), (-2.1, -2.2), (-2.1, 0)], darker(dark, 0.3))
    pen.shape(oval(-2.7, -6.8, 0.6, 0.6), (236, 232, 222))


def _castle(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("a9a49a")

    def tower(x0: float, x1: float, top: float) -> None:
        pen.shape(box(x0, top, x1, 0), tone)
        step = (x1 - x0) / 5
        for i in range(0, 5, 2):
            pen.shape(box(x0 + i * step, top - 0.8, x0 + (i + 1) * step, top), tone)
        pen.shape(box((x0 + x1) / 2 - 0.2, top + 1.5, (x0 + x1) / 2 + 0.2, top + 2.8), _pane(touch), ink=0.7)

    tower(-6, 6, -6)
    tower(-8.5, -5, -10)
    tower(5, 8.5, -10)
    tower(-2, 2, -13)
    pen.shape([(-1.2, 0), (-1.2, -2.4), (0, -3.4), (1.2, -2.4), (1.2, 0)], darker(dark, 0.4))


def _tower(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("b3aca0")
    pen.shape([(-2, 0), (-1.7, -12), (1.7, -12), (2, 0)], tone)
    pen.shape([(-2.2, -12), (0, -15.5), (2.2, -12)], (96, 84, 82))
    for y in (-2.5, -6, -9.5):
        pen.shape(box(-0.3, y - 1.2, 0.3, y), _pane(touch), ink=0.8)


def _windmill(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("d9d0be")
    pen.shape([(-2, 0), (-1.2, -8), (1.2, -8), (2, 0)], tone)
    pen.shape(smooth([(-1.4, -8), (0, -9.8), (1.4, -8)], closed=False), (100, 78, 66))
    for i in range(4):
        a = math.radians(28 + i * 90)
        x, y = math.cos(a), math.sin(a)
        pen.stroke([(0, -8.3), (x * 5, -8.3 + y * 5)], 0.16, (110, 88, 66), line=INK)
        pen.shape(
            [
                (x * 1.2, -8.3 + y * 1.2),
                (x * 5, -8.3 + y * 5),
                (x * 5 - y * 1.1, -8.3 + y * 5 + x * 1.1),
                (x * 1.2 - y * 1.1, -8.3 + y * 1.2 + x * 1.1),
            ],
            (232, 224, 206),
            ink=0.7,
        )


def _bridge(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("a39b8e")
    pen.shape([(-12, -3), (0, -4.6), (12, -3), (12, 0), (-12, 0)], tone)
    for x in (-7.5, 0.0, 7.5):
        pen.shape(arc(x, 0, 2.8, 2.6, 180, 360), darker(dark, 0.35))
    pen.line(smooth([(-12, -3.5), (0, -5.1), (12, -3.5)], closed=False), ink=2)


BUILDINGS: dict[str, ThingInfo] = {
    "lighthouse": ThingInfo(_lighthouse, 4.6, 20.4, light=16.8, shine=6.0, outside=True),
    "house": ThingInfo(_house, 6.6, 5.6, outside=True),
    "church": ThingInfo(_church, 11, 14.8, outside=True),
    "castle": ThingInfo(_castle, 17, 13.8, outside=True),
    "tower": ThingInfo(_tower, 4.4, 15.5, outside=True),
    "windmill": ThingInfo(_windmill, 10, 13, outside=True),
    "bridge": ThingInfo(_bridge, 24, 5, outside=True),
}
