"""Things that shine."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import INK, darker
from vtx_app.render.animatic.drawing.pen import Pen, arc, box, oval, smooth
from vtx_app.render.animatic.things.painter import ThingInfo, Touch

__all__ = ["LIGHTS"]

_FLAME, _CORE = (244, 160, 58), (255, 228, 140)


def _flame(pen: Pen, x: float, y: float, size: float) -> None:
    """A flame whose foot is (x, y)."""
    pen = pen.plain()
    pen.fill(smooth([(x - size * 0.3, y), (x - size * 0.32, y - size * 0.4), (x - size * 0.05, y - size),
        (x + size * 0.16, y - size * 0.7),
                     (x + size * 0.32, y - size * 0.36), (x + size * 0.26, y)]), _FLAME)  # fmt: skip
    pen.fill(
        smooth(
            [
                (x - size * 0.15, y),
                (x - size * 0.14, y - size * 0.3),
                (x, y - size * 0.62),
                (x + size * 0.15, y - size * 0.28),
                (x + size * 0.12, y),
            ]
        ),
        _CORE,
    )


def _lamp(pen: Pen, touch: Touch) -> None:
    """A table lamp with a shade."""
    pen.shape([(-0.1, 0), (0.1, 0), (0.04, -0.05), (-0.04, -0.05)], (120, 96, 62))
    pen.stroke([(0, -0.05), (0, -0.3)], 0.025, (140, 112, 72), line=INK)
    shade = touch.tone("e6d8b4")
    (pen.plain() if touch.lit else pen).shape(
        [(-0.09, -0.5), (0.09, -0.5), (0.19, -0.27), (-0.19, -0.27)],
        (255, 226, 150) if touch.lit and not touch.colour else shade,
    )


def _standing_lamp(pen: Pen, touch: Touch) -> None:
    pen.shape([(-0.16, 0), (0.16, 0), (0.03, -0.05), (-0.03, -0.05)], (84, 72, 60))
    pen.stroke([(0, -0.05), (0, -1.4)], 0.03, (96, 84, 70), line=INK)
    (pen.plain() if touch.lit else pen).shape(
        [(-0.14, -1.75), (0.14, -1.75), (0.28, -1.38), (-0.28, -1.38)],
        (255, 226, 150) if touch.lit else touch.tone("e6d8b4"),
    )


def _desk_lamp(pen: Pen, touch: Touch) -> None:
    """A lamp with a jointed arm."""
    tone, dark, light = touch.shades("c9ccd0")
    pen.blob([(-0.13, 0), (-0.11, -0.05), (0.11, -0.05), (0.13, 0)], dark)
    pen.stroke([(0, -0.05), (-0.12, -0.28)], 0.022, tone, line=INK)
    pen.stroke([(-0.12, -0.28), (0.08, -0.5)], 0.022, tone, line=INK)
    pen.oval(-0.12, -0.28, 0.02, 0.02, dark, ink=0.7)
    pen.shape([(0.02, -0.56), (0.12, -0.6), (0.3, -0.46), (0.18, -0.32)], tone)
    (pen.plain() if touch.lit else pen).shape(
        oval(0.24, -0.39, 0.1, 0.05, -49), (255, 240, 190) if touch.lit else light
    )


def _street_lamp(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("4a4c52")
    pen.shape([(-0.12, 0), (0.12, 0), (0.06, -0.4), (-0.06, -0.4)], dark)
    pen.stroke([(0, -0.3), (0, -3.5)], 0.07, tone, line=INK)
    pen.shape(
        [(-0.16, -4.0), (0.16, -4.0), (0.1, -3.5), (-0.1, -3.5)], (255, 232, 170) if touch.lit else (196, 200, 196)
    )
    pen.shape([(-0.2, -4.0), (0.2, -4.0), (0.0, -4.25)], dark)


def _candle(pen: Pen, touch: Touch) -> None:
    pen.shape(oval(0, -0.01, 0.07, 0.018), (168, 134, 76))
    pen.shape(box(-0.025, -0.2, 0.025, -0.01), touch.tone("efe6d0"))
    pen.line([(0, -0.2), (0, -0.225)])
    if touch.lit:
        _flame(pen, 0, -0.21, 0.075)


def _lantern(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("5a5550")
    pen.line(arc(0, -0.36, 0.09, 0.1, 180, 360), ink=1.6)
    pen.shape([(-0.1, -0.3), (0.1, -0.3), (0.04, -0.38), (-0.04, -0.38)], dark)
    pen.shape(box(-0.09, -0.3, 0.09, -0.05), (255, 226, 150) if touch.lit else (176, 188, 190))
    if touch.lit:
        _flame(pen, 0, -0.08, 0.12)
    pen.line([(-0.03, -0.3), (-0.03, -0.05)])
    pen.line([(0.03, -0.3), (0.03, -0.05)])
    pen.shape([(-0.11, 0), (0.11, 0), (0.09, -0.06), (-0.09, -0.06)], tone)


def _torch(pen: Pen, touch: Touch) -> None:
    """An electric torch that points to the right."""
    tone, dark, light = touch.shades("46494f")
    pen.shape(box(-0.14, -0.045, 0.06, 0.0), tone)
    pen.shape([(0.06, -0.05), (0.14, -0.07), (0.14, 0.025), (0.06, 0.005)], dark)
    pen.shape(oval(0.145, -0.022, 0.015, 0.045), (255, 246, 208) if touch.lit else light)


def _match(pen: Pen, touch: Touch) -> None:
    pen.stroke([(-0.06, 0.0), (0.0, -0.05)], 0.006, touch.tone("d2b184"), line=INK)
    if touch.lit:
        _flame(pen, 0.002, -0.05, 0.04)
    else:
        pen.oval(0.0, -0.05, 0.006, 0.006, (140, 50, 40), ink=0.6)


def _fire(pen: Pen, touch: Touch) -> None:
    for a, b in (((-0.45, -0.02), (0.35, -0.16)), ((0.45, -0.02), (-0.35, -0.16)), ((-0.4, -0.04), (0.4, -0.04))):
        pen.stroke([a, b], 0.09, (92, 64, 44), line=INK)
    if touch.lit:
        _flame(pen, -0.16, -0.1, 0.5)
        _flame(pen, 0.18, -0.1, 0.55)
        _flame(pen, 0.0, -0.08, 0.85)


def _burner(pen: Pen, touch: Touch) -> None:
    """A paraffin burner: a brass font, a wick holder, a flame."""
    tone, dark, light = touch.shades("b08a44")
    pen.blob([(-0.14, 0), (-0.15, -0.07), (-0.08, -0.13), (0.08, -0.13), (0.15, -0.07), (0.14, 0)], tone)
    pen.line(smooth([(-0.09, -0.03), (-0.1, -0.07), (-0.06, -0.1)], closed=False), ink=1.2, colour=light)
    pen.shape(box(-0.05, -0.17, 0.05, -0.12), dark)
    pen.shape([(-0.06, -0.17), (0.06, -0.17), (0.035, -0.21), (-0.035, -0.21)], tone)
    pen.oval(0.13, -0.145, 0.025, 0.025, dark, ink=0.8)
    pen.stroke([(0.05, -0.145), (0.11, -0.145)], 0.01, dark)
    if touch.lit:
        _flame(pen, 0, -0.2, 0.13)
    else:
        pen.line([(0, -0.205), (0, -0.225)], ink=1.5, colour=darker(dark, 0.4))


def _lens(pen: Pen, touch: Touch) -> None:
    """A lighthouse's Fresnel lens in its brass frame on an iron pillar."""
    brass, glass = (176, 140, 70), (255, 232, 160) if touch.lit else (150, 176, 190)
    line = (214, 160, 60) if touch.lit else (84, 108, 126)
    body = pen.plain() if touch.lit else pen
    pen.shape(box(-0.34, -0.75, 0.34, 0), (62, 64, 70))
    pen.shape(box(-0.75, -0.86, 0.75, -0.74), brass)
    outline = smooth([(-0.62, -0.86), (-0.82, -1.5), (-0.84, -2.0), (-0.62, -2.7), (-0.3, -3.05), (0.3,
        -3.05), (0.62, -2.7), (0.84, -2.0), (0.82, -1.5),
                      (0.62, -0.86)])  # fmt: skip
    body.shape(outline, glass)
    for i in range(1, 12):
        y = -0.9 - i * 0.178
        half = 0.83 - 0.52 * max(0.0, abs(y + 1.9) - 0.1) ** 1.7
        body.line([(-half, y), (half, y)], ink=0.8, colour=line)
    for r in (0.5, 0.41, 0.33, 0.25, 0.17):
        body.shape(oval(0, -1.9, r, r), glass, ink=0.9, line=line)
    body.fill(oval(0, -1.9, 0.12, 0.12), (255, 250, 226) if touch.lit else (196, 214, 224))
    for side in (-1, 1):
        pen.line(
            smooth([(side * 0.3, -3.05), (side * 0.52, -1.9), (side * 0.34, -0.86)], closed=False),
            ink=2.2,
            colour=brass,
        )
    pen.line(outline + outline[:1], ink=2.4, colour=brass)


LIGHTS: dict[str, ThingInfo] = {
    "lamp": ThingInfo(_lamp, 0.4, 0.5, "table", light=0.38, shine=1.3),
    "standing_lamp": ThingInfo(_standing_lamp, 0.6, 1.75, light=1.5, shine=1.5),
    "desk_lamp": ThingInfo(_desk_lamp, 0.5, 0.62, "table", light=0.4, shine=1.0),
    "street_lamp": ThingInfo(_street_lamp, 0.5, 4.2, light=3.75, shine=2.2, outside=True),
    "candle": ThingInfo(_candle, 0.14, 0.3, "table", light=0.25, shine=0.7),
    "lantern": ThingInfo(_lantern, 0.24, 0.46, "table", light=0.18, shine=1.0),
    "torch": ThingInfo(_torch, 0.3, 0.1, "hand", light=0.02, shine=0.8),
    "match": ThingInfo(_match, 0.1, 0.1, "hand", light=0.07, shine=0.4),
    "fire": ThingInfo(_fire, 1.0, 0.95, light=0.4, shine=2.0),
    "burner": ThingInfo(_burner, 0.34, 0.34, "table", light=0.26, shine=0.6),
    "lens": ThingInfo(_lens, 1.7, 3.05, light=1.9, shine=2.2),
}
