"""Small things of which inserts are: shoes, spectacles, fruit, bread, a pan, a cane, a puddle."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import INK, darker, lighter
from vtx_app.render.animatic.drawing.pen import Pen, arc, oval, smooth
from vtx_app.render.animatic.things.painter import ThingInfo, Touch

__all__ = ["SMALL_THINGS"]


def _boots(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("5f5348")
    for x, colour in ((-0.13, dark), (0.05, tone)):
        pen.blob(
            [(x - 0.08, -0.3), (x + 0.07, -0.3), (x + 0.07, -0.12), (x + 0.19, -0.07), (x + 0.2, 0), (x - 0.08, 0)],
            colour,
        )
        pen.line([(x - 0.08, -0.012), (x + 0.2, -0.012)], ink=1.6, colour=darker(dark, 0.4))
        pen.line([(x - 0.08, -0.26), (x + 0.07, -0.26)], ink=0.8, colour=light)


def _spectacles(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("4a3c30")
    for x in (-0.035, 0.035):
        pen.shape(oval(x, -0.025, 0.028, 0.024), (206, 220, 226), ink=0.6)
        pen.line([*oval(x, -0.025, 0.028, 0.024), oval(x, -0.025, 0.028, 0.024)[0]], ink=2.2, colour=tone)
    pen.line(arc(0, -0.03, 0.01, 0.008, 180, 360), ink=2, colour=tone)
    for side in (-1, 1):
        pen.line([(side * 0.062, -0.03), (side * 0.11, -0.05)], ink=2, colour=tone)


def _fruit(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("b8433a")
    pen.blob([(-0.04, -0.07), (-0.015, -0.082), (0.02, -0.08), (0.045, -0.06), (0.035, -0.01), (0, 0), (-0.04, -0.015)],
             tone)  # fmt: skip
    pen.fill(oval(-0.016, -0.055, 0.01, 0.014), light)
    pen.line([(0.0, -0.076), (0.008, -0.1)], ink=1.8, colour=(90, 66, 44))
    pen.blob([(0.006, -0.092), (0.034, -0.104), (0.03, -0.088)], (98, 140, 70), ink=0.6)
    pen.line([(0.03, -0.05), (0.03, -0.02)], ink=0.6, colour=dark)


def _bread(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("c08a4c")
    pen.blob([(-0.17, 0), (-0.18, -0.08), (-0.1, -0.13), (0.1, -0.13), (0.18, -0.08), (0.17, 0)], tone)
    for x in (-0.09, 0.0, 0.09):
        pen.line(smooth([(x - 0.02, -0.11), (x + 0.02, -0.06)], closed=False), ink=1.4, colour=dark)
    pen.fill(oval(-0.05, -0.11, 0.05, 0.01), light)


def _pan(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("54565c")
    pen.stroke([(0.14, -0.05), (0.36, -0.075)], 0.025, darker(dark, 0.2), line=INK)
    pen.shape([(-0.16, -0.07), (0.16, -0.07), (0.13, 0), (-0.13, 0)], tone)
    pen.shape(oval(0, -0.07, 0.16, 0.025), light)


def _cane(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("5c4028")
    handle = arc(0.05, -0.84, 0.05, 0.05, 180, 360)
    pen.stroke([(0, 0), (0, -0.84), *handle], 0.026, tone, line=INK)


def _puddle(pen: Pen, touch: Touch) -> None:
    outline = smooth(
        [(-0.8, -0.02), (-0.5, -0.1), (0.0, -0.12), (0.5, -0.09), (0.8, 0.0), (0.4, 0.09), (-0.2, 0.1), (-0.6, 0.06)]
    )
    pen.shape(outline, touch.tone("9fb4c4"), ink=0.7)
    for x, y, r in ((-0.2, 0.0, 0.22), (-0.2, 0.0, 0.1), (0.4, -0.02, 0.12)):
        pen.line([*oval(x, y, r, r * 0.24), oval(x, y, r, r * 0.24)[0]], ink=0.7, colour=lighter((159, 180, 196), 0.4))


SMALL_THINGS: dict[str, ThingInfo] = {
    "boots": ThingInfo(_boots, 0.42, 0.31),
    "spectacles": ThingInfo(_spectacles, 0.22, 0.06, "table"),
    "fruit": ThingInfo(_fruit, 0.1, 0.1, "table"),
    "bread": ThingInfo(_bread, 0.36, 0.14, "table"),
    "pan": ThingInfo(_pan, 0.52, 0.1, "table"),
    "cane": ThingInfo(_cane, 0.1, 0.9, "hand"),
    "puddle": ThingInfo(_puddle, 1.6, 0.12),
}
