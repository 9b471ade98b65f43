"""Things seen from straight above. Units are metres; the middle is the pen's origin, the front towards the top (-y)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vtx_app.render.animatic.drawing.colours import darker, lighter
from vtx_app.render.animatic.drawing.pen import Pen, box, oval
from vtx_app.render.animatic.things.painter import Touch

__all__ = ["THINGS_ABOVE", "paint_umbrella_above"]


def paint_umbrella_above(pen: Pen, touch: Touch) -> None:
    """An open umbrella over whoever holds it."""
    tone, dark, _ = touch.shades("3a4250")
    edge = oval(0, 0, 0.55, 0.55, points=8)
    pen.shape(edge, tone)
    for point in edge:
        pen.line([(0, 0), point], ink=0.8, colour=dark)
    pen.oval(0, 0, 0.03, 0.03, dark)


def _table(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("8a6a48")
    pen.shape(box(-0.75, -0.45, 0.75, 0.45), tone)
    for y in (-0.2, 0.05, 0.28):
        pen.line([(-0.75, y), (0.75, y)], ink=0.6, colour=dark)


def _chair(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("8a6a48")
    pen.shape(box(-0.22, -0.22, 0.22, 0.22), tone)
    pen.shape(box(-0.24, 0.18, 0.24, 0.26), dark)


def _sofa(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("8a5c54")
    pen.shape(box(-0.95, -0.4, 0.95, 0.45), dark)
    pen.shape(box(-0.78, -0.4, 0.0, 0.2), light)
    pen.shape(box(0.0, -0.4, 0.78, 0.2), tone)


def _bed(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("9fb0c8")
    pen.shape(box(-0.5, -1.0, 0.5, 1.0), (238, 236, 230))
    pen.shape(box(-0.5, -0.35, 0.5, 1.0), tone)
    pen.shape(box(-0.34, -0.92, 0.34, -0.56), (250, 250, 248))
    pen.line([(-0.5, -0.2), (0.5, -0.2)], ink=0.8, colour=dark)


def _bench(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("7d6248")
    for y in (-0.2, -0.06, 0.08):
        pen.shape(box(-0.8, y, 0.8, y + 0.11), tone if y < 0 else dark, ink=0.8)


def _box(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("a98252")
    pen.shape(box(-0.3, -0.25, 0.3, 0.25), tone)
    pen.line([(-0.3, 0), (0.3, 0)], ink=0.8, colour=dark)


def _car(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("5a6f8a")
    pen.blob([(-2.1, -0.7), (-1.9, -0.85), (1.8, -0.85), (2.15, -0.55), (2.15, 0.55), (1.8, 0.85), (-1.9, 0.85),
              (-2.1, 0.7)], tone)  # fmt: skip
    pen.shape(box(-1.3, -0.66, 0.8, 0.66), light)
    pen.shape([(0.35, -0.66), (0.8, -0.56), (0.8, 0.56), (0.35, 0.66)], (60, 70, 84))
    pen.shape([(-1.3, -0.56), (-1.0, -0.66), (-1.0, 0.66), (-1.3, 0.56)], (60, 70, 84))
    pen.line([(0.95, -0.6), (0.95, 0.6)], ink=0.6, colour=dark)


def _truck(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("7f6a5a")
    pen.shape(box(-3.0, -1.1, 1.5, 1.1), light)
    pen.shape(box(1.6, -1.0, 2.9, 1.0), tone)
    pen.shape(box(2.3, -0.85, 2.7, 0.85), (60, 70, 84))
    for x in (-2, -1, 0, 1):
        pen.line([(x, -1.1), (x, 1.1)], ink=0.6, colour=dark)


def _train(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("4f5f70")
    for i in range(-3, 4):
        pen.shape(box(i * 6.2 - 3, -0.8, i * 6.2 + 3, 0.8), tone)
        pen.shape(box(i * 6.2 - 2.8, -0.35, i * 6.2 + 2.8, 0.35), light, ink=0.6)
        pen.line([(i * 6.2 + 3, 0), (i * 6.2 + 3.2, 0)], ink=3, colour=dark)


def _boat(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("8a6242")
    pen.blob([(-1.8, -0.55), (0.6, -0.62), (2.1, 0.0), (0.6, 0.62), (-1.8, 0.55)], tone)
    pen.blob([(-1.6, -0.4), (0.5, -0.46), (1.6, 0.0), (0.5, 0.46), (-1.6, 0.4)], dark)
    for x in (-0.9, 0.3):
        pen.shape(box(x - 0.12, -0.46, x + 0.12, 0.46), light)


def _crown(pen: Pen, touch: Touch) -> None:
    tone, _, light = touch.shades("4f7548")
    pen.blob([(1.3 * u * (1.0 if i % 2 else 0.86), 1.3 * v * (1.0 if i % 2 else 0.86))
              for i, (u, v) in enumerate(oval(0, 0, 1, 1, points=12))], tone)  # fmt: skip
    pen.fill(oval(-0.25, -0.3, 0.5, 0.45), light)


def _bucket(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("8d98a2")
    pen.oval(0, 0, 0.17, 0.17, tone)
    pen.oval(0, 0, 0.13, 0.13, dark)


def _puddle(pen: Pen, touch: Touch) -> None:
    pen.blob([(-0.7, 0), (-0.3, -0.25), (0.5, -0.2), (0.7, 0.1), (0, 0.3)], touch.tone("9fb4c4"), ink=0.7)


def _paper(pen: Pen, touch: Touch) -> None:
    pen.at(0, 0, turn=-14).shape(box(-0.11, -0.15, 0.11, 0.15), touch.tone("ece4d2"), ink=0.8)


def _fire(pen: Pen, touch: Touch) -> None:
    for turn in (0, 60, 120):
        pen.at(0, 0, turn=turn).shape(box(-0.4, -0.06, 0.4, 0.06), (96, 70, 48))
    pen.blob([(-0.22, 0), (-0.06, -0.22), (0.2, -0.06), (0.06, 0.2)], (240, 150, 50), ink=0)
    pen.oval(0, 0, 0.09, 0.09, (252, 220, 130), ink=0)


def _lamp(pen: Pen, touch: Touch) -> None:
    pen.oval(0, 0, 0.17, 0.17, (252, 226, 150) if touch.lit else touch.tone("b0a890"))
    pen.oval(0, 0, 0.05, 0.05, (120, 110, 96))


def _well(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("a09a90")
    pen.oval(0, 0, 0.8, 0.8, tone)
    pen.oval(0, 0, 0.55, 0.55, darker(tone, 0.7))


def _piano(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("2a2626")
    pen.shape(box(-0.75, -0.35, 0.75, 0.3), tone)
    pen.shape(box(-0.65, 0.3, 0.65, 0.46), (240, 238, 230))
    pen.line([(-0.7, 0.1), (0.7, 0.1)], ink=0.7, colour=lighter(tone, 0.4))


def _bicycle(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("9a3030")
    pen.stroke([(-0.85, 0), (0.85, 0)], 0.06, tone, line=(40, 36, 40))
    pen.line([(0.5, -0.28), (0.5, 0.28)], ink=2.2)
    pen.oval(-0.35, 0, 0.14, 0.08, (50, 46, 44))


def _robot(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("9aa6b0")
    for side in (-1, 1):
        pen.stroke([(side * 0.4, 0.0), (side * 0.44, -0.2)], 0.1, dark, line=(40, 36, 40))
    pen.shape(box(-0.36, -0.18, 0.36, 0.18), tone)
    pen.shape(box(-0.22, -0.2, 0.22, 0.16), light)
    pen.oval(0, 0, 0.04, 0.04, (206, 76, 60))


THINGS_ABOVE: Mapping[str, Callable[[Pen, Touch], None]] = {
    "table": _table, "desk": _table, "chair": _chair, "armchair": _chair, "stool": _lamp, "sofa": _sofa, "bed": _bed,
    "bench": _bench, "box": _box, "suitcase": _box, "car": _car, "truck": _truck, "bus": _truck, "carriage": _truck,
    "train": _train, "tram": _train, "boat": _boat, "fishing_boat": _boat, "tree": _crown, "pine": _crown,
    "bush": _crown, "bucket": _bucket, "puddle": _puddle, "letter": _paper, "newspaper": _paper, "map": _paper,
    "book": _paper, "fire": _fire, "lamp": _lamp, "desk_lamp": _lamp, "street_lamp": _lamp, "lantern": _lamp,
    "candle": _lamp, "well": _well, "piano": _piano, "bicycle": _bicycle, "motorcycle": _bicycle, "robot": _robot,
}  # fmt: skip
"""By the names of the things of a reading, and of seats."""
