"""Small things that stand on tables and hang on walls: papers, dishes, radios."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import INK
from vtx_app.render.animatic.drawing.pen import Pen, arc, box, oval, smooth
from vtx_app.render.animatic.things.painter import ThingInfo, Touch

__all__ = ["OBJECTS"]

_PAPER = (240, 235, 222)


def _letter(pen: Pen, touch: Touch) -> None:
    pen.shape([(-0.11, 0), (-0.1, -0.28), (0.11, -0.29), (0.1, -0.01)], touch.tone("f0ebde"))
    for i in range(7):
        y = -0.25 + i * 0.034
        pen.line([(-0.075, y), (0.075 - 0.05 * (i == 6), y - 0.002)], ink=0.5, colour=(96, 92, 104))


def _book(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("7c3b34")
    pen.shape([(-0.2, -0.01), (-0.17, -0.23), (0.0, -0.21), (0.17, -0.23), (0.2, -0.01), (0.0, 0.01)], tone)
    pen.shape([(-0.18, -0.025), (-0.15, -0.22), (0.0, -0.2), (0.0, -0.005)], _PAPER, ink=0.7)
    pen.shape([(0.18, -0.025), (0.15, -0.22), (0.0, -0.2), (0.0, -0.005)], _PAPER, ink=0.7)
    for side in (-1, 1):
        for i in range(4):
            pen.line(
                [(side * 0.03, -0.17 + i * 0.04), (side * 0.14, -0.18 + i * 0.04)], ink=0.4, colour=(110, 106, 112)
            )


def _map(pen: Pen, touch: Touch) -> None:
    pen.shape(
        [
            (-0.34, 0),
            (-0.32, -0.42),
            (-0.11, -0.4),
            (0.1, -0.43),
            (0.32, -0.41),
            (0.34, 0),
            (0.1, -0.02),
            (-0.11, 0.01),
        ],
        touch.tone("e0d3ac"),
    )
    pen.fill(smooth([(-0.2, -0.3), (0.0, -0.34), (0.12, -0.2), (-0.02, -0.1), (-0.18, -0.14)]), (158, 180, 128))
    for x in (-0.11, 0.1):
        pen.line([(x, -0.41), (x, -0.01)], ink=0.6)
    pen.line(
        smooth([(-0.28, -0.06), (-0.1, -0.2), (0.08, -0.12), (0.24, -0.3)], closed=False), ink=1.2, colour=(170, 60, 50)
    )


def _newspaper(pen: Pen, touch: Touch) -> None:
    pen.shape(box(-0.2, -0.3, 0.2, 0), touch.tone("e4e0d6"))
    pen.line([(-0.16, -0.26), (0.16, -0.26)], ink=3)
    for i in range(7):
        for x in (-0.16, -0.04, 0.08):
            pen.line([(x, -0.2 + i * 0.027), (x + 0.08, -0.2 + i * 0.027)], ink=0.5, colour=(90, 90, 94))


def _cup(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("e6e2d8")
    pen.line(arc(0.05, -0.055, 0.03, 0.028, -90, 90), ink=1.8)
    pen.shape([(-0.05, -0.1), (0.05, -0.1), (0.04, 0), (-0.04, 0)], tone)
    pen.shape(oval(0, -0.1, 0.05, 0.012), (84, 58, 42), ink=0.8)


def _bottle(pen: Pen, touch: Touch) -> None:
    pen.shape(smooth([(-0.04, 0), (-0.04, -0.18), (-0.015, -0.23), (-0.015, -0.3)],
        closed=False) + smooth([(0.015, -0.3), (0.015, -0.23), (0.04, -0.18), (0.04, 0)], closed=False),
              touch.tone("4d6b50"))  # fmt: skip
    pen.shape(box(-0.04, -0.15, 0.04, -0.06), _PAPER, ink=0.6)


def _glass(pen: Pen, touch: Touch) -> None:
    pen.shape([(-0.04, -0.13), (0.04, -0.13), (0.03, 0), (-0.03, 0)], (206, 220, 226))
    pen.fill([(-0.036, -0.07), (0.036, -0.07), (0.03, -0.005), (-0.03, -0.005)], touch.tone("b88a4a"))


def _plate(pen: Pen, touch: Touch) -> None:
    pen.shape(oval(0, -0.02, 0.15, 0.04), touch.tone("eceae4"))
    pen.line(arc(0, -0.02, 0.1, 0.025, 0, 360), ink=0.6)


def _radio(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("6b5340")
    pen.line([(0.17, -0.26), (0.3, -0.62)], ink=1.4)
    pen.shape(box(-0.27, -0.28, 0.27, 0), tone)
    pen.shape(oval(-0.13, -0.14, 0.1, 0.1), dark)
    for i in range(5):
        pen.line([(-0.2, -0.19 + i * 0.025), (-0.06, -0.19 + i * 0.025)], ink=0.6, colour=light)
    dial = (150, 232, 160) if touch.lit else (206, 206, 186)
    (pen.plain() if touch.lit else pen).shape(box(0.02, -0.24, 0.23, -0.15), dial, ink=0.8)
    pen.line([(0.13, -0.235), (0.13, -0.155)], ink=0.9, colour=(180, 50, 40))
    for x in (0.06, 0.18):
        pen.oval(x, -0.07, 0.03, 0.03, light, ink=0.8)


def _telephone(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("2f2f34")
    pen.blob([(-0.15, 0), (-0.1, -0.12), (0.1, -0.12), (0.15, 0)], tone)
    pen.shape(oval(0, -0.06, 0.045, 0.045), (206, 202, 192), ink=0.7)
    pen.blob(
        [
            (-0.17, -0.11),
            (-0.15, -0.18),
            (0.0, -0.165),
            (0.15, -0.18),
            (0.17, -0.11),
            (0.11, -0.11),
            (0.08, -0.14),
            (-0.08, -0.14),
            (-0.11, -0.11),
        ],
        dark,
    )


def _key(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("a98a44")
    ring = arc(-0.05, -0.04, 0.03, 0.03, 0, 360)
    pen.stroke(ring, 0.014, tone, line=INK)
    pen.stroke([(-0.02, -0.04), (0.09, -0.04)], 0.014, tone, line=INK)
    for x in (0.06, 0.085):
        pen.stroke([(x, -0.04), (x, -0.012)], 0.012, tone, line=INK)


def _plaque(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("b48c48")
    pen.shape(box(-0.32, -0.4, 0.32, 0), tone)
    pen.line([*box(-0.29, -0.37, 0.29, -0.03), (-0.29, -0.37)], ink=0.8, colour=dark)
    for i, half in enumerate((0.2, 0.14, 0.22, 0.18)):
        pen.line([(-half, -0.31 + i * 0.075), (half, -0.31 + i * 0.075)], ink=2.2, colour=dark)
    for x in (-0.28, 0.28):
        for y in (-0.36, -0.04):
            pen.oval(x, y, 0.012, 0.012, light, ink=0.6)


def _clipboard(pen: Pen, touch: Touch) -> None:
    pen.shape(box(-0.12, -0.32, 0.12, 0), touch.tone("8a6a48"))
    pen.shape(box(-0.1, -0.28, 0.1, -0.02), _PAPER, ink=0.6)
    pen.shape(box(-0.04, -0.34, 0.04, -0.29), (150, 152, 156), ink=0.7)
    for i in range(6):
        pen.line([(-0.08, -0.25 + i * 0.037), (0.07, -0.25 + i * 0.037)], ink=0.5, colour=(90, 90, 100))


OBJECTS: dict[str, ThingInfo] = {
    "letter": ThingInfo(_letter, 0.22, 0.29, "hand"),
    "book": ThingInfo(_book, 0.4, 0.24, "table"),
    "map": ThingInfo(_map, 0.68, 0.43, "table"),
    "newspaper": ThingInfo(_newspaper, 0.4, 0.3, "hand"),
    "cup": ThingInfo(_cup, 0.14, 0.11, "table"),
    "bottle": ThingInfo(_bottle, 0.09, 0.3, "table"),
    "glass": ThingInfo(_glass, 0.08, 0.13, "table"),
    "plate": ThingInfo(_plate, 0.3, 0.06, "table"),
    "radio": ThingInfo(_radio, 0.56, 0.45, "table"),
    "telephone": ThingInfo(_telephone, 0.34, 0.18, "table"),
    "key": ThingInfo(_key, 0.18, 0.07, "hand"),
    "plaque": ThingInfo(_plaque, 0.64, 0.4, "wall"),
    "clipboard": ThingInfo(_clipboard, 0.24, 0.34, "hand"),
}
