"""Trees, fences, tents: what stands outside; a robot, and an alien."""

from __future__ import annotations

import math

from vtx_app.render.animatic.drawing.colours import INK, darker
from vtx_app.render.animatic.drawing.pen import Pen, Point, arc, box, oval, smooth
from vtx_app.render.animatic.things.painter import ThingInfo, Touch

__all__ = ["OUTDOOR_THINGS", "bush", "leafy_tree", "pine"]

_LIT = (255, 220, 140)


def leafy_tree(pen: Pen, touch: Touch) -> None:
    """A broad tree, about five metres high."""
    tone, dark, light = touch.shades("5f8350")
    pen.shape([(-0.28, 0), (-0.16, -2.2), (0.16, -2.2), (0.28, 0)], (98, 74, 54))
    pen.blob(
        [
            (-1.6, -2.0),
            (-2.0, -3.1),
            (-1.4, -4.2),
            (-0.4, -4.9),
            (0.7, -4.8),
            (1.7, -4.0),
            (2.0, -2.9),
            (1.4, -2.0),
            (0.3, -1.7),
            (-0.7, -1.7),
        ],
        tone,
    )
    pen.fill(
        smooth([(-1.5, -2.1), (-0.6, -2.5), (0.6, -2.3), (1.5, -2.6), (1.2, -2.0), (0.3, -1.75), (-0.7, -1.75)]), dark
    )
    for x, y in ((-0.9, -3.7), (0.4, -4.1), (0.9, -3.1)):
        pen.line(arc(x, y, 0.5, 0.3, 190, 330), ink=0.8, colour=light)


def pine(pen: Pen, touch: Touch) -> None:
    """A conifer, about seven metres high."""
    tone, dark, _ = touch.shades("3f6350")
    pen.shape(box(-0.18, -1.2, 0.18, 0), (84, 64, 50))
    for i in range(4):
        y, half = -0.9 - i * 1.35, 1.7 - i * 0.36
        pen.shape(
            [(-half, y), (0, y - 2.2), (half, y), (half * 0.4, y + 0.12), (-half * 0.4, y + 0.12)],
            tone if i % 2 else dark,
        )


def bush(pen: Pen, touch: Touch) -> None:
    """A round bush, a metre high."""
    tone, dark, _ = touch.shades("64854f")
    pen.blob([(-0.9, 0), (-1.0, -0.45), (-0.5, -0.9), (0.2, -1.0), (0.8, -0.7), (1.0, -0.2), (0.9, 0)], tone)
    pen.line(arc(0.1, -0.4, 0.5, 0.25, 200, 330), ink=0.8, colour=dark)


def _statue(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("9aa09c")
    pen.shape(box(-0.7, -1.2, 0.7, 0), dark)
    pen.shape(box(-0.85, -1.35, 0.85, -1.2), tone)
    pen.blob([(-0.4, -1.35), (-0.42, -2.4), (-0.28, -2.9), (0.28, -2.9), (0.42, -2.4), (0.4, -1.35)], tone)
    pen.oval(0, -3.1, 0.2, 0.24, tone)
    pen.stroke([(0.28, -2.7), (0.7, -3.3)], 0.14, tone, line=INK)


def _gravestone(pen: Pen, touch: Touch) -> None:
    pen.shape([(-0.35, 0), (-0.35, -0.75), *arc(0, -0.75, 0.35, 0.3, 180, 360), (0.35, 0)], touch.tone("9d9f9c"))
    pen.line([(0, -0.85), (0, -0.5)], ink=1.6)
    pen.line([(-0.12, -0.74), (0.12, -0.74)], ink=1.6)


def _tent(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("a89a6c")
    pen.shape([(-1.6, 0), (0, -1.9), (1.6, 0)], tone)
    pen.shape([(-0.45, 0), (0, -1.9), (0.45, 0)], _LIT if touch.lit else darker(dark, 0.35))


def _fence(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("b9a684")
    for y in (-0.75, -0.35):
        pen.stroke([(-2.1, y), (2.1, y)], 0.08, tone, line=INK)
    for i in range(9):
        x = -2 + i * 0.5
        pen.shape([(x - 0.07, 0), (x - 0.07, -0.95), (x, -1.08), (x + 0.07, -0.95), (x + 0.07, 0)], tone)


def _gate(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("4e5056")
    for x in (-1.3, 1.3):
        pen.shape(box(x - 0.2, -2.4, x + 0.2, 0), (168, 160, 148))
        pen.oval(x, -2.55, 0.2, 0.18, (168, 160, 148))
    if not touch.open:
        for i in range(9):
            x = -1.05 + i * 0.26
            pen.line([(x, 0), (x, -2.0 - 0.25 * math.sin(i / 8 * math.pi))], ink=1.8, colour=tone)
        pen.line([(-1.1, -0.4), (1.1, -0.4)], ink=1.8, colour=dark)


def _well(pen: Pen, touch: Touch) -> None:
    stone = touch.tone("9a958a")
    for x in (-0.7, 0.64):
        pen.shape(box(x, -2.0, x + 0.08, -0.7), (106, 82, 58))
    pen.shape([(-1.0, -1.9), (0, -2.6), (1.0, -1.9)], (122, 84, 66))
    pen.line([(0, -1.95), (0, -0.9)], ink=1)
    pen.shape(box(-0.8, -0.8, 0.8, 0), stone)
    for y in (-0.55, -0.28):
        pen.line([(-0.8, y), (0.8, y)], ink=0.7, colour=darker(stone, 0.3))


def _flag(pen: Pen, touch: Touch) -> None:
    pen.stroke([(0, 0), (0, -4)], 0.07, (150, 140, 124), line=INK)
    pen.blob(
        [
            (0.04, -3.95),
            (0.6, -4.05),
            (1.2, -3.85),
            (1.8, -3.95),
            (1.78, -2.95),
            (1.2, -2.85),
            (0.6, -3.05),
            (0.04, -2.95),
        ],
        touch.tone("b3413a"),
    )


def _net(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("8a8266")
    pen.blob([(-0.7, 0), (-0.5, -0.4), (0.1, -0.5), (0.6, -0.3), (0.8, 0)], tone)
    for i in range(6):
        pen.line([(-0.6 + i * 0.24, 0), (-0.45 + i * 0.2, -0.4)], ink=0.6, colour=darker(tone, 0.4))
        pen.line([(-0.5 + i * 0.22, 0), (-0.7 + i * 0.24, -0.3)], ink=0.6, colour=darker(tone, 0.4))


def _robot(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("9aa6b0")
    for x in (-0.2, 0.08):
        pen.shape(box(x, -0.72, x + 0.12, -0.06), dark)
        pen.shape(box(x - 0.04, -0.1, x + 0.18, 0), tone)
    for x, side in ((-0.36, -1), (0.36, 1)):
        arm: list[Point] = [(x, -1.22), (x + side * 0.08, -0.95), (x + side * 0.02, -0.72)]
        pen.stroke(arm, 0.09, dark, line=INK)
        pen.line(arc(x + side * 0.02, -0.66, 0.06, 0.06, -40, 220), ink=2.2)
    pen.shape(box(-0.34, -1.3, 0.34, -0.68), tone)
    if touch.behind:
        for y in (-1.16, -1.08, -1.0, -0.92):
            pen.line([(-0.2, y), (0.2, y)], ink=1.4, colour=dark)
    else:
        pen.shape(box(-0.2, -1.16, 0.2, -0.9), light, ink=0.8)
    pen.shape(box(-0.06, -1.38, 0.06, -1.3), dark)
    pen.shape(box(-0.26, -1.78, 0.26, -1.36), tone)
    for x in () if touch.behind else (-0.1, 0.14):
        pen.oval(x, -1.6, 0.065, 0.065, (255, 226, 120) if touch.lit else (206, 236, 240))
        pen.fill(oval(x + 0.015, -1.6, 0.025, 0.025, points=10), INK)
    if touch.behind:
        pen.shape(box(-0.12, -1.68, 0.12, -1.5), dark, ink=0.8)
    else:
        pen.line([(-0.12, -1.45), (0.14, -1.45)], ink=1.4)
    pen.line([(0, -1.78), (0, -1.92)], ink=1.4)
    pen.oval(0, -1.95, 0.035, 0.035, (206, 76, 60))


def _alien(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("7fae84")
    for x in (-0.14, 0.06):
        pen.stroke([(x, -0.75), (x - 0.02, -0.05)], 0.1, dark, line=INK)
        pen.oval(x + 0.02, -0.03, 0.1, 0.04, dark)
    for x, side in ((-0.2, -1), (0.2, 1)):
        pen.stroke([(x, -1.12), (x + side * 0.14, -0.88), (x + side * 0.1, -0.62)], 0.075, dark, line=INK)
    pen.blob([(-0.22, -1.18), (0.22, -1.18), (0.17, -0.7), (-0.17, -0.7)], tone)
    pen.shape(box(-0.05, -1.3, 0.05, -1.14), dark)
    pen.blob([(0.0, -1.25), (-0.2, -1.42), (-0.3, -1.7), (-0.18, -1.92), (0.0, -1.97), (0.18, -1.92), (0.3, -1.7),
              (0.2, -1.42)], tone)  # fmt: skip
    if touch.behind:
        return
    for side in (-1, 1):
        pen.shape(oval(side * 0.13, -1.6, 0.11, 0.065, side * -28), (24, 26, 30), ink=0.8)
        pen.fill(oval(side * 0.13 + 0.03, -1.63, 0.02, 0.014, points=10), light)
    pen.line([(-0.05, -1.36), (0.05, -1.36)], ink=1.2)


OUTDOOR_THINGS: dict[str, ThingInfo] = {
    "tree": ThingInfo(leafy_tree, 4, 4.9, outside=True),
    "pine": ThingInfo(pine, 3.4, 7.2, outside=True),
    "bush": ThingInfo(bush, 2, 1, outside=True),
    "statue": ThingInfo(_statue, 1.7, 3.3, outside=True),
    "gravestone": ThingInfo(_gravestone, 0.7, 1.05, outside=True),
    "tent": ThingInfo(_tent, 3.2, 1.9, outside=True, light=0.7, shine=1.2),
    "fence": ThingInfo(_fence, 4.2, 1.08, outside=True),
    "gate": ThingInfo(_gate, 3, 2.7, outside=True),
    "well": ThingInfo(_well, 2, 2.6, outside=True),
    "flag": ThingInfo(_flag, 1.9, 4, outside=True),
    "net": ThingInfo(_net, 1.5, 0.5, outside=True),
    "alien": ThingInfo(_alien, 0.75, 1.97),
    "robot": ThingInfo(_robot, 0.9, 1.98),
}
