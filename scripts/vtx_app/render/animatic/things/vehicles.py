"""Vehicles, seen from the side; they point to the right."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import INK
from vtx_app.render.animatic.drawing.pen import Pen, box, oval, smooth
from vtx_app.render.animatic.things.painter import ThingInfo, Touch

__all__ = ["VEHICLES", "wheel"]

_GLASS, _LIT = (170, 196, 210), (255, 226, 150)


def wheel(pen: Pen, x: float, r: float, *, spokes: bool = False) -> None:
    """A wheel on the ground."""
    if spokes:
        pen.line(oval(x, -r, r, r) + oval(x, -r, r, r)[:1], ink=1.8)
        for i in range(4):
            dx, dy = ((1, 0), (0.7, 0.7), (0, 1), (0.7, -0.7))[i]
            pen.line([(x - dx * r, -r - dy * r), (x + dx * r, -r + dy * r)], ink=0.6)
        return
    pen.shape(oval(x, -r, r, r), (44, 44, 48))
    pen.shape(oval(x, -r, r * 0.5, r * 0.5), (150, 152, 156), ink=0.7)


def _glass(touch: Touch) -> tuple[int, int, int]:
    return _LIT if touch.lit else _GLASS


def _car(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("5d7c96")
    pen.blob(
        [
            (-2.1, -0.35),
            (-2.05, -0.78),
            (-1.4, -0.88),
            (-0.85, -1.4),
            (0.5, -1.42),
            (1.05, -0.92),
            (1.9, -0.8),
            (2.15, -0.55),
            (2.1, -0.3),
            (0.0, -0.26),
        ],
        tone,
    )
    pen.shape([(-1.15, -0.92), (-0.78, -1.3), (-0.2, -1.32), (-0.2, -0.92)], _glass(touch))
    pen.shape([(-0.08, -0.92), (-0.08, -1.32), (0.45, -1.32), (0.88, -0.92)], _glass(touch))
    pen.line([(-0.14, -1.34), (-0.14, -0.35)], ink=0.8, colour=dark)
    pen.line([(-2.0, -0.6), (2.1, -0.58)], ink=0.7, colour=dark)
    pen.oval(2.02, -0.62, 0.08, 0.09, (255, 240, 190) if touch.lit else light)
    for x in (-1.3, 1.3):
        wheel(pen, x, 0.34)


def _truck(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("8a5f4a")
    pen.shape(box(-2.9, -2.6, 0.9, -0.6), light)
    pen.line([(-1.6, -2.6), (-1.6, -0.6)], ink=0.7, colour=dark)
    pen.line([(-0.3, -2.6), (-0.3, -0.6)], ink=0.7, colour=dark)
    pen.shape([(1.0, -0.5), (1.0, -2.2), (1.9, -2.2), (2.3, -1.4), (2.9, -1.3), (2.95, -0.5)], tone)
    pen.shape([(1.3, -1.4), (1.3, -2.0), (1.8, -2.0), (2.1, -1.4)], _glass(touch))
    pen.shape(box(-2.9, -0.66, 2.9, -0.48), dark)
    for x in (-2.1, -1.2, 2.1):
        wheel(pen, x, 0.46)


def _bus(pen: Pen, touch: Touch) -> None:
    tone, _dark, light = touch.shades("b3473a")
    pen.blob([(-4.4, -0.5), (-4.4, -2.7), (-4.2, -2.95), (4.1, -2.95), (4.4, -2.6), (4.45, -0.5)], tone)
    for i in range(7):
        x = -4.0 + i * 1.1
        pen.shape(box(x, -2.5, x + 0.9, -1.55), _glass(touch))
    pen.shape(box(3.75, -2.5, 4.3, -0.55), _glass(touch))
    pen.line([(-4.4, -1.2), (3.7, -1.2)], ink=1.5, colour=light)
    for x in (-2.8, 2.9):
        wheel(pen, x, 0.5)


def _train(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("4d6272")
    for start in (-9.0, -2.6):
        pen.shape(box(start, -3.3, start + 6.2, -0.9), tone)
        pen.shape(box(start, -3.5, start + 6.2, -3.25), dark)
        for i in range(5):
            x = start + 0.4 + i * 1.15
            pen.shape(box(x, -2.8, x + 0.8, -1.9), _glass(touch))
        pen.line([(start, -1.5), (start + 6.2, -1.5)], ink=1.4, colour=light)
        for x in (start + 1.0, start + 2.0, start + 4.4, start + 5.4):
            wheel(pen, x, 0.45)
    pen.blob([(3.8, -0.9), (3.8, -3.4), (6.2, -3.3), (7.6, -2.2), (8.0, -1.0)], tone)
    pen.shape([(5.8, -2.2), (5.8, -3.0), (6.3, -2.95), (7.2, -2.2)], _glass(touch))
    pen.oval(7.6, -1.4, 0.16, 0.16, (255, 244, 200))
    for x in (4.6, 5.6, 6.6):
        wheel(pen, x, 0.45)
    pen.line([(-10, 0), (9, 0)], ink=2)


def _plane(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("dfe2e4")
    pen.blob(
        [(-9, -2.2), (-8.4, -3.1), (-2, -3.6), (6, -3.6), (8.6, -3.0), (9.4, -2.3), (8.4, -1.6), (0, -1.3), (-6, -1.5)],
        tone,
    )
    pen.shape([(-8.6, -2.9), (-9.6, -5.4), (-8.4, -5.4), (-6.4, -3.2)], dark)
    for i in range(12):
        pen.fill(oval(-4.5 + i * 0.95, -2.75, 0.2, 0.24, points=12), _glass(touch))
    pen.shape([(7.2, -3.2), (8.2, -3.05), (8.5, -2.7), (7.4, -2.7)], _GLASS)
    pen.shape([(-0.8, -2.0), (2.2, -2.0), (-2.4, 0.2), (-3.8, 0.2)], light)
    pen.shape(oval(-0.4, -0.9, 1.0, 0.4), dark)


def _helicopter(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("6c7a58")
    pen.shape([(-1.0, -2.0), (-5.2, -2.6), (-5.2, -2.3), (-1.0, -1.5)], tone)
    pen.shape([(-5.4, -3.4), (-4.9, -3.3), (-5.0, -2.3), (-5.4, -2.3)], dark)
    pen.blob([(-1.6, -1.0), (-1.6, -2.3), (0.2, -2.7), (1.8, -2.3), (2.4, -1.4), (1.6, -0.8)], tone)
    pen.blob([(0.7, -1.5), (0.7, -2.3), (1.6, -2.15), (2.2, -1.5)], _GLASS)
    pen.line([(0, -2.7), (0, -3.1)], ink=3)
    pen.stroke([(-4.2, -3.1), (4.2, -3.1)], 0.07, (90, 92, 96))
    pen.line([(-1.4, -0.2), (2.0, -0.2)], ink=3)
    for x in (-0.9, 1.3):
        pen.line([(x, -0.9), (x, -0.2)], ink=2)


def _bicycle(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("a03c34")
    wheel(pen, -0.52, 0.34, spokes=True)
    wheel(pen, 0.52, 0.34, spokes=True)
    for line in (
        [(-0.52, -0.34), (-0.1, -0.34), (0.36, -0.82), (-0.2, -0.82), (-0.52, -0.34)],
        [(-0.1, -0.34), (-0.24, -0.95)],
        [(0.52, -0.34), (0.34, -1.0)],
    ):
        pen.stroke(line, 0.035, tone, line=INK)
    pen.shape(box(-0.38, -1.0, -0.12, -0.94), (50, 44, 42))
    pen.line([(0.2, -1.04), (0.44, -1.0)], ink=3)


def _motorcycle(pen: Pen, touch: Touch) -> None:
    tone, _dark, light = touch.shades("8a2f2a")
    wheel(pen, -0.72, 0.34)
    wheel(pen, 0.72, 0.34)
    pen.stroke([(0.72, -0.34), (0.44, -0.98)], 0.05, (140, 142, 146), line=INK)
    pen.shape(box(-0.3, -0.58, 0.26, -0.24), (96, 98, 104))
    pen.blob([(-0.1, -0.62), (0.0, -0.86), (0.36, -0.88), (0.46, -0.62)], tone)
    pen.blob([(-0.86, -0.7), (-0.5, -0.8), (-0.08, -0.76), (-0.06, -0.6), (-0.6, -0.58)], (46, 42, 42))
    pen.oval(0.56, -0.88, 0.09, 0.09, (255, 240, 190) if touch.lit else light)
    pen.line([(0.3, -1.02), (0.48, -0.98)], ink=3)


def _cart(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("8a6844")
    pen.shape([(-1.2, -1.2), (1.1, -1.2), (1.0, -0.6), (-1.1, -0.6)], tone)
    for y in (-1.0, -0.8):
        pen.line([(-1.15, y), (1.05, y)], ink=0.7, colour=dark)
    pen.stroke([(1.0, -0.7), (2.2, -0.8)], 0.06, dark, line=INK)
    wheel(pen, -0.4, 0.55, spokes=True)


def _boat(pen: Pen, touch: Touch) -> None:
    """A rowing boat; its waterline is the pen's origin."""
    tone, dark, light = touch.shades("7a5a40")
    pen.shape(
        smooth([(-2.0, -0.62), (-1.85, 0.1), (1.5, 0.12), (2.25, -0.8)], closed=False)
        + smooth([(2.25, -0.8), (1.2, -0.56), (-1.0, -0.5), (-2.0, -0.62)], closed=False),
        tone,
    )
    pen.line(smooth([(-1.98, -0.42), (0, -0.32), (2.1, -0.6)], closed=False), ink=0.9, colour=dark)
    pen.line(smooth([(-1.92, -0.2), (0, -0.1), (1.9, -0.3)], closed=False), ink=0.9, colour=dark)
    pen.line(smooth([(-2.0, -0.62), (-1.0, -0.5), (1.2, -0.56), (2.25, -0.8)], closed=False), ink=2.2, colour=light)


def _fishing_boat(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("3f6478")
    pen.stroke([(-0.6, -1.0), (-0.6, -4.6)], 0.08, (110, 88, 64), line=INK)
    pen.line([(-0.6, -4.4), (2.6, -1.2)], ink=0.7)
    pen.line([(-0.6, -4.4), (-2.6, -1.0)], ink=0.7)
    pen.shape(box(-1.9, -2.4, -0.4, -0.9), light)
    pen.shape(box(-1.7, -2.2, -1.2, -1.6), _glass(touch))
    pen.shape(box(-1.05, -2.2, -0.6, -1.6), _glass(touch))
    pen.shape(
        smooth([(-3.0, -1.0), (-2.7, 0.15), (2.2, 0.15), (3.3, -1.5)], closed=False)
        + smooth([(3.3, -1.5), (1.5, -1.0), (-3.0, -1.0)], closed=False),
        tone,
    )
    pen.line(smooth([(-2.9, -0.5), (0.0, -0.45), (2.9, -0.9)], closed=False), ink=1.0, colour=dark)


def _ship(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("4a4f58")
    pen.shape([(-14, -2.6), (-13, 0.4), (12, 0.4), (15, -3.6), (9, -2.8)], tone)
    pen.shape(box(-8, -5.2, 3, -2.7), light)
    pen.shape(box(-6, -7.0, 0, -5.2), light)
    for y, x0, count in ((-4.4, -7.2, 8), (-6.4, -5.4, 4)):
        for i in range(count):
            pen.fill(box(x0 + i * 1.25, y, x0 + i * 1.25 + 0.7, y + 0.7), _glass(touch))
    for x in (-4.2, -1.6):
        pen.shape([(x - 0.7, -7.0), (x + 0.7, -7.0), (x + 0.55, -9.6), (x - 0.55, -9.6)], dark)
    pen.line([(6, -2.8), (6, -9.5)], ink=2)


VEHICLES: dict[str, ThingInfo] = {
    "car": ThingInfo(_car, 4.3, 1.45, outside=True),
    "truck": ThingInfo(_truck, 5.9, 2.6, outside=True),
    "bus": ThingInfo(_bus, 8.9, 2.95, outside=True),
    "train": ThingInfo(_train, 17, 3.5, outside=True),
    "plane": ThingInfo(_plane, 19, 5.4, outside=True),
    "helicopter": ThingInfo(_helicopter, 8, 3.2, outside=True),
    "bicycle": ThingInfo(_bicycle, 1.75, 1.05, outside=True),
    "motorcycle": ThingInfo(_motorcycle, 2.1, 1.05, outside=True),
    "cart": ThingInfo(_cart, 3.4, 1.25, outside=True),
    "boat": ThingInfo(_boat, 4.3, 0.9, "water", outside=True),
    "fishing_boat": ThingInfo(_fishing_boat, 6.4, 4.6, "water", outside=True),
    "ship": ThingInfo(_ship, 29, 9.8, "water", outside=True),
}
