"""Furniture and what belongs to rooms."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import INK, darker, lighter, mix
from vtx_app.render.animatic.drawing.pen import Pen, box, oval, smooth
from vtx_app.render.animatic.things.painter import ThingInfo, Touch

__all__ = ["FURNITURE"]


def _table(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("8a6a48")
    for x in (-0.6, 0.55):
        pen.shape(box(x, -0.7, x + 0.06, 0), dark)
    for x in (-0.48, 0.42):
        pen.shape(box(x, -0.7, x + 0.05, -0.12), darker(dark, 0.2))
    pen.shape([(-0.62, -0.82), (0.62, -0.82), (0.75, -0.72), (-0.75, -0.72)], light)
    pen.shape(box(-0.75, -0.72, 0.75, -0.66), tone)


def _desk(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("7a5a3e")
    pen.shape(box(-0.65, -0.68, -0.2, 0), tone)
    for y in (-0.66, -0.44, -0.22):
        pen.shape(box(-0.61, y, -0.24, y + 0.18), light, ink=0.7)
        pen.oval(-0.42, y + 0.09, 0.02, 0.02, dark, ink=0.5)
    pen.shape(box(0.58, -0.68, 0.65, 0), dark)
    pen.shape([(-0.62, -0.83), (0.62, -0.83), (0.74, -0.74), (-0.74, -0.74)], light)
    pen.shape(box(-0.74, -0.74, 0.74, -0.68), tone)


def _chair(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("8d6b46")
    for x in (-0.2, 0.16):
        pen.shape(box(x, -0.95, x + 0.04, -0.44), dark)
    for y in (-0.92, -0.74):
        pen.shape(box(-0.2, y, 0.2, y + 0.09), tone)
    for x in (-0.22, 0.18):
        pen.shape(box(x, -0.44, x + 0.04, 0), dark)
    pen.shape([(-0.18, -0.5), (0.18, -0.5), (0.25, -0.42), (-0.25, -0.42)], light)


def _bench(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("7d6a50")
    for x in (-0.7, 0.64):
        pen.shape(box(x, -0.44, x + 0.06, 0), dark)
    for y in (-0.88, -0.72):
        pen.shape(box(-0.8, y, 0.8, y + 0.1), tone)
    pen.shape([(-0.76, -0.5), (0.76, -0.5), (0.84, -0.42), (-0.84, -0.42)], light)


def _bed(pen: Pen, touch: Touch) -> None:
    tone, dark, _light = touch.shades("9db0c0")
    wood = (122, 92, 64)
    pen.shape(box(-1.05, -1.0, -0.97, 0), wood)
    pen.shape(box(0.97, -0.62, 1.04, 0), wood)
    pen.shape(box(-0.97, -0.36, 0.97, -0.16), darker(wood, 0.2))
    pen.blob([(-0.97, -0.5), (-0.5, -0.56), (0.5, -0.54), (0.97, -0.5), (0.97, -0.3), (-0.97, -0.3)], (236, 232, 224))
    pen.blob([(-0.35, -0.6), (0.5, -0.58), (0.98, -0.52), (0.99, -0.22), (0.3, -0.18), (-0.38, -0.24)], tone)
    pen.line(smooth([(0.1, -0.58), (0.16, -0.4), (0.12, -0.2)], closed=False), ink=0.7, colour=dark)
    pen.line(smooth([(0.55, -0.56), (0.6, -0.4), (0.57, -0.2)], closed=False), ink=0.7, colour=dark)
    pen.blob(
        [(-0.95, -0.56), (-0.8, -0.68), (-0.5, -0.66), (-0.44, -0.54), (-0.6, -0.5), (-0.86, -0.5)], (246, 244, 238)
    )


def _sofa(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("7c8a78")
    pen.blob([(-0.95, -0.82), (0.0, -0.88), (0.95, -0.82), (0.98, -0.4), (-0.98, -0.4)], tone)
    pen.shape(box(-0.9, -0.48, 0.9, -0.14), light)
    pen.line([(0, -0.48), (0, -0.16)])
    for side in (-1, 1):
        pen.blob([(side * 0.82, -0.6), (side * 1.08, -0.62), (side * 1.1, -0.08), (side * 0.84, -0.08)], dark)
    for x in (-0.9, 0.86):
        pen.shape(box(x, -0.1, x + 0.06, 0), (70, 52, 40))


def _shelf(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("7b5f45")
    pen.shape(box(-0.55, -1.95, 0.55, 0), dark)
    books = ((146, 60, 52), (62, 88, 112), (176, 148, 88), (84, 110, 82), (112, 78, 100), (196, 184, 160))
    for row in range(5):
        top = -1.88 + row * 0.37
        pen.shape(box(-0.5, top, 0.5, top + 0.31), darker(dark, 0.4), ink=0.6)
        x, i = -0.49, row * 3
        while x < 0.44:
            wide, high = 0.05 + 0.025 * (i * 7 % 3), 0.2 + 0.03 * (i * 5 % 4)
            pen.shape(box(x, top + 0.31 - high, x + wide, top + 0.31), books[i * 11 % 6], ink=0.5)
            x, i = x + wide, i + 1
    pen.line([(-0.55, -1.95), (0.55, -1.95)], colour=tone)


def _door(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("8a6f55")
    pen.shape(box(-0.52, -2.12, 0.52, 0), darker(dark, 0.25))
    if touch.open:
        pen.shape(box(-0.45, -2.05, 0.45, 0), (28, 28, 34))
        pen.shape([(-0.45, -2.05), (-0.8, -2.2), (-0.8, 0.14), (-0.45, 0)], tone)
        return
    pen.shape(box(-0.45, -2.05, 0.45, 0), tone)
    for y0, y1 in ((-1.9, -1.15), (-0.95, -0.2)):
        for x in (-0.34, 0.06):
            pen.shape(box(x, y0, x + 0.28, y1), light, ink=0.6)
    pen.oval(0.36, -1.02, 0.035, 0.035, (206, 176, 96), ink=0.7)


def _window(pen: Pen, touch: Touch) -> None:
    pen.shape(box(-0.62, -2.2, 0.62, -0.92), (222, 216, 204))
    pane = (250, 222, 150) if touch.lit else (150, 180, 204)
    pen.shape(box(-0.54, -2.12, 0.54, -1.0), pane)
    pen.line([(0, -2.12), (0, -1.0)], ink=2)
    pen.line([(-0.54, -1.58), (0.54, -1.58)], ink=2)
    pen.shape(box(-0.7, -0.94, 0.7, -0.87), (206, 198, 184))


def _mirror(pen: Pen, touch: Touch) -> None:
    frame = touch.tone("a98a4c")
    pen.shape(oval(0, -1.5, 0.36, 0.52), frame)
    pen.shape(oval(0, -1.5, 0.3, 0.45), (196, 208, 212))
    pen.line([(-0.14, -1.3), (0.12, -1.72)], ink=1.2, colour=(238, 242, 244))


def _picture(pen: Pen, touch: Touch) -> None:
    pen.shape(box(-0.35, -1.85, 0.35, -1.35), touch.tone("6d5236"))
    pen.shape(box(-0.29, -1.79, 0.29, -1.41), (206, 214, 206), ink=0.6)
    pen.fill(
        [(-0.29, -1.41), (-0.29, -1.52), (-0.1, -1.64), (0.06, -1.54), (0.2, -1.66), (0.29, -1.58), (0.29, -1.41)],
        (112, 132, 112),
    )


def _clock(pen: Pen, touch: Touch) -> None:
    pen.shape(oval(0, -1.9, 0.2, 0.2), touch.tone("6b4e36"))
    pen.shape(oval(0, -1.9, 0.165, 0.165), (240, 236, 226), ink=0.7)
    for x, y in ((0, -0.13), (0.13, 0), (0, 0.13), (-0.13, 0)):
        pen.fill(oval(x, -1.9 + y, 0.012, 0.012, points=8), INK)
    pen.line([(0.06, -2.0), (0, -1.9), (-0.08, -1.93)], ink=1.4)


def _television(pen: Pen, touch: Touch) -> None:
    pen.shape(box(-0.5, -0.5, 0.5, 0), (44, 44, 50))
    pen.shape(box(-0.42, -0.43, 0.42, -0.08), (150, 190, 214) if touch.lit else (70, 78, 84))


def _computer(pen: Pen, touch: Touch) -> None:
    pen.shape(box(-0.26, -0.42, 0.26, -0.1), (58, 60, 66))
    pen.shape(box(-0.23, -0.39, 0.23, -0.13), (150, 196, 222) if touch.lit else (116, 136, 150), ink=0.6)
    pen.shape([(-0.05, -0.1), (0.05, -0.1), (0.12, 0), (-0.12, 0)], (84, 86, 92))


def _stove(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("54565c")
    pen.shape(box(-0.35, -0.9, 0.35, 0), tone)
    pen.shape(box(-0.28, -0.62, 0.28, -0.16), (240, 140, 60) if touch.lit else dark)
    pen.line([(-0.24, -0.7), (0.24, -0.7)], ink=2, colour=light)
    pen.shape(box(-0.37, -0.94, 0.37, -0.88), light)
    pen.shape(box(0.1, -1.9, 0.22, -0.94), dark)


def _fireplace(pen: Pen, touch: Touch) -> None:
    stone = touch.tone("9a9288")
    pen.shape(box(-0.85, -1.3, 0.85, 0), stone)
    pen.shape(box(-0.95, -1.4, 0.95, -1.28), lighter(stone, 0.15))
    pen.shape([(-0.5, 0), (-0.5, -0.7), (-0.3, -0.9), (0.3, -0.9), (0.5, -0.7), (0.5, 0)], (40, 34, 34))
    pen.shape(box(-0.36, -0.1, 0.36, 0), (84, 58, 40))
    if touch.lit:
        pen.fill(
            smooth(
                [(-0.3, -0.08), (-0.2, -0.36), (-0.08, -0.28), (0.02, -0.6), (0.12, -0.3), (0.24, -0.4), (0.3, -0.08)]
            ),
            (240, 140, 50),
        )
        pen.fill(smooth([(-0.16, -0.08), (-0.08, -0.24), (0.02, -0.4), (0.1, -0.2), (0.16, -0.08)]), (252, 214, 110))


def _piano(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("2e2a2a")
    pen.shape(box(-0.75, -1.2, 0.75, 0), tone)
    pen.shape([(-0.75, -0.72), (0.75, -0.72), (0.82, -0.6), (-0.82, -0.6)], light)
    pen.shape([(-0.7, -0.71), (0.7, -0.71), (0.76, -0.63), (-0.76, -0.63)], (240, 238, 230), ink=0.6)
    for i in range(22):
        x = -0.66 + i * 0.063
        pen.line([(x, -0.71), (x * 1.08, -0.63)], ink=0.7)
    pen.shape(box(-0.35, -1.14, 0.35, -0.82), mix(dark, (255, 255, 255), 0.08), ink=0.6)


def _ladder(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("a98a5c")
    for i in range(8):
        pen.stroke([(-0.2, -0.3 * i - 0.2), (0.22, -0.3 * i - 0.2)], 0.04, tone, line=INK)
    pen.stroke([(-0.24, 0), (-0.2, -2.6)], 0.05, tone, line=INK)
    pen.stroke([(0.26, 0), (0.22, -2.6)], 0.05, tone, line=INK)


FURNITURE: dict[str, ThingInfo] = {
    "table": ThingInfo(_table, 1.5, 0.82),
    "desk": ThingInfo(_desk, 1.5, 0.83),
    "chair": ThingInfo(_chair, 0.5, 0.95),
    "bench": ThingInfo(_bench, 1.7, 0.9),
    "bed": ThingInfo(_bed, 2.1, 1.0),
    "sofa": ThingInfo(_sofa, 2.2, 0.9),
    "shelf": ThingInfo(_shelf, 1.1, 1.95),
    "door": ThingInfo(_door, 1.05, 2.12, "wall"),
    "window": ThingInfo(_window, 1.4, 2.2, "wall"),
    "mirror": ThingInfo(_mirror, 0.75, 2.02, "wall"),
    "picture": ThingInfo(_picture, 0.7, 1.85, "wall"),
    "clock": ThingInfo(_clock, 0.4, 2.1, "wall"),
    "television": ThingInfo(_television, 1.0, 0.5, "table"),
    "computer": ThingInfo(_computer, 0.55, 0.42, "table"),
    "stove": ThingInfo(_stove, 0.75, 1.9, light=0.4, shine=0.9),
    "fireplace": ThingInfo(_fireplace, 1.9, 1.4, light=0.4, shine=1.6),
    "piano": ThingInfo(_piano, 1.6, 1.2),
    "ladder": ThingInfo(_ladder, 0.5, 2.6),
}
