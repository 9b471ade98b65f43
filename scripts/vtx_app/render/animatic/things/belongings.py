"""What people carry, play with and work with."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import INK, darker
from vtx_app.render.animatic.drawing.pen import Pen, arc, box, oval, smooth
from vtx_app.render.animatic.things.painter import ThingInfo, Touch

__all__ = ["BELONGINGS"]

_PAPER = (240, 235, 222)


def _sign(pen: Pen, touch: Touch) -> None:
    pen.stroke([(0, 0), (0, -1.4)], 0.07, (110, 88, 62), line=INK)
    pen.shape(box(-0.5, -1.7, 0.5, -1.2), touch.tone("d8cda8"))
    for y in (-1.55, -1.38):
        pen.line([(-0.36, y), (0.36, y)], ink=2.5, colour=(90, 76, 60))


def _gun(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("3c3d42")
    pen.shape(
        [(-0.05, -0.13), (0.16, -0.13), (0.16, -0.09), (0.01, -0.09), (-0.01, -0.02), (-0.07, 0.0), (-0.06, -0.07)],
        tone,
    )
    pen.line(arc(0.02, -0.08, 0.03, 0.03, 0, 180), ink=1)


def _knife(pen: Pen, touch: Touch) -> None:
    pen.shape([(0, -0.03), (0.2, -0.035), (0.23, -0.02), (0.18, 0), (0, 0)], (206, 210, 214))
    pen.shape(box(-0.12, -0.035, 0.0, 0.0), touch.tone("5c4330"))


def _sword(pen: Pen, touch: Touch) -> None:
    pen.shape([(-0.025, -0.12), (-0.02, -0.92), (0.0, -1.0), (0.02, -0.92), (0.025, -0.12)], (206, 210, 214))
    pen.shape(box(-0.12, -0.14, 0.12, -0.1), touch.tone("b08a44"))
    pen.shape(box(-0.02, -0.1, 0.02, 0.04), (92, 66, 46))


def _box(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("b08a5c")
    pen.shape(box(-0.28, -0.36, 0.2, 0), tone)
    pen.shape([(0.2, -0.36), (0.34, -0.42), (0.34, -0.07), (0.2, 0)], dark)
    pen.shape([(-0.28, -0.36), (-0.12, -0.43), (0.34, -0.42), (0.2, -0.36)], light)


def _suitcase(pen: Pen, touch: Touch) -> None:
    tone, dark, _light = touch.shades("7d5a3c")
    pen.line(arc(0, -0.42, 0.09, 0.07, 180, 360), ink=2.5)
    pen.shape(box(-0.34, -0.42, 0.34, 0), tone)
    for x in (-0.22, 0.2):
        pen.shape(box(x, -0.42, x + 0.05, 0), dark, ink=0.7)


def _bag(pen: Pen, touch: Touch) -> None:
    pen.line(arc(0, -0.3, 0.12, 0.18, 180, 360), ink=2)
    pen.blob([(-0.2, 0), (-0.24, -0.2), (-0.18, -0.32), (0.18, -0.32), (0.24, -0.2), (0.2, 0)], touch.tone("6d5a48"))


def _umbrella(pen: Pen, touch: Touch) -> None:
    tone, _dark, light = touch.shades("34383f")
    pen.stroke([(0, 0.02), (0, -0.9)], 0.016, (100, 80, 60), line=INK)
    top = smooth([(-0.55, -0.74), (-0.4, -1.0), (0, -1.14), (0.4, -1.0), (0.55, -0.74)], closed=False)
    pen.shape([*top, (0.28, -0.79), (0, -0.73), (-0.28, -0.79)], tone)
    for x in (-0.28, 0.0, 0.28):
        pen.line(smooth([(0, -1.14), (x * 0.8, -0.96), (x, -0.78)], closed=False), ink=0.7, colour=light)


def _rope(pen: Pen, touch: Touch) -> None:
    for i in range(4):
        ring = arc(0, -0.05 - i * 0.05, 0.22, 0.07, 0, 360)
        pen.stroke(ring, 0.045, touch.tone("b79d6c"), line=INK)


def _guitar(pen: Pen, touch: Touch) -> None:
    tone, _dark, _ = touch.shades("b0713a")
    pen.stroke([(0.0, -0.5), (0.0, -1.0)], 0.045, (92, 62, 42), line=INK)
    pen.blob(
        [
            (-0.18, -0.06),
            (-0.2, -0.22),
            (-0.12, -0.32),
            (-0.15, -0.45),
            (0.0, -0.54),
            (0.15, -0.45),
            (0.12, -0.32),
            (0.2, -0.22),
            (0.18, -0.06),
            (0, 0),
        ],
        tone,
    )
    pen.shape(oval(0, -0.3, 0.05, 0.05), (40, 30, 28))
    pen.line([(0, -0.12), (0, -0.98)], ink=0.6)


def _violin(pen: Pen, touch: Touch) -> None:
    pen.stroke([(0.0, -0.34), (0.0, -0.6)], 0.025, (60, 42, 34), line=INK)
    pen.blob(
        [
            (-0.1, -0.04),
            (-0.11, -0.13),
            (-0.06, -0.19),
            (-0.09, -0.28),
            (0, -0.36),
            (0.09, -0.28),
            (0.06, -0.19),
            (0.11, -0.13),
            (0.1, -0.04),
            (0, 0),
        ],
        touch.tone("9a5428"),
    )
    pen.line([(0, -0.06), (0, -0.58)], ink=0.6)


def _drum(pen: Pen, touch: Touch) -> None:
    pen.shape(box(-0.3, -0.36, 0.3, -0.06), touch.tone("a8433a"))
    pen.shape(oval(0, -0.05, 0.3, 0.08), touch.tone("a8433a"))
    pen.shape(oval(0, -0.36, 0.3, 0.08), _PAPER)
    for x in (-0.24, -0.08, 0.08, 0.24):
        pen.line([(x, -0.3), (x + 0.08, -0.02)], ink=0.8)


def _ball(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("c0453a")
    pen.shape(oval(0, -0.12, 0.12, 0.12), tone)
    pen.line(arc(0, -0.12, 0.12, 0.05, 0, 180), ink=0.8, colour=dark)
    pen.fill(oval(-0.04, -0.17, 0.025, 0.02), light)


def _balloon(pen: Pen, touch: Touch) -> None:
    tone, _, light = touch.shades("c8433e")
    pen.line(smooth([(0, 0), (0.03, -0.25), (-0.02, -0.5), (0, -0.72)], closed=False), ink=0.7)
    pen.blob([(0, -0.72), (-0.17, -0.92), (-0.12, -1.14), (0.0, -1.2), (0.12, -1.14), (0.17, -0.92)], tone)
    pen.fill(oval(-0.06, -1.06, 0.03, 0.05), light)


def _kite(pen: Pen, touch: Touch) -> None:
    tone, dark, light = touch.shades("c8433e")
    pen.line(smooth([(0.0, -2.3), (0.2, -1.6), (-0.2, -0.9), (-0.6, 0)], closed=False), ink=0.6)
    pen.shape([(0, -3.3), (0.4, -2.85), (0, -2.25), (-0.4, -2.85)], tone)
    pen.fill([(0, -3.3), (0.4, -2.85), (0, -2.85)], light)
    pen.line([(0, -3.3), (0, -2.25)], ink=0.8)
    pen.line([(-0.4, -2.85), (0.4, -2.85)], ink=0.8)
    tail = smooth([(0, -2.25), (0.15, -2.0), (0.0, -1.8), (0.18, -1.55)], closed=False)
    pen.line(tail, ink=1.2, colour=dark)


def _doll(pen: Pen, touch: Touch) -> None:
    pen.shape([(-0.06, -0.2), (0.06, -0.2), (0.12, 0), (-0.12, 0)], touch.tone("b05a72"))
    pen.oval(0, -0.26, 0.06, 0.065, (226, 200, 180))
    pen.shape(arc(0, -0.27, 0.065, 0.07, 180, 360), (120, 72, 44), ink=0.8)
    for x in (-0.025, 0.025):
        pen.fill(oval(x, -0.26, 0.007, 0.007, points=8), INK)


def _toy(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("b07f4a")
    pen.oval(0, -0.1, 0.1, 0.11, tone)
    for x in (-0.07, 0.07):
        pen.oval(x, -0.3, 0.03, 0.03, tone)
        pen.oval(x * 1.2, -0.02, 0.045, 0.035, dark)
    pen.oval(0, -0.25, 0.08, 0.075, tone)
    for x in (-0.028, 0.028):
        pen.fill(oval(x, -0.27, 0.01, 0.01, points=8), INK)
    pen.fill(oval(0, -0.24, 0.014, 0.01, points=8), INK)


def _flower(pen: Pen, touch: Touch) -> None:
    for x, y in ((-0.06, -0.26), (0.05, -0.3), (0.0, -0.36)):
        pen.line(smooth([(0, 0), (x * 0.3, -0.15), (x, y)], closed=False), ink=1.2, colour=(74, 116, 66))
        for i in range(5):
            dx, dy = ((0.03, 0), (0.01, -0.03), (-0.025, -0.018), (-0.025, 0.018), (0.01, 0.03))[i]
            pen.oval(x + dx, y + dy, 0.02, 0.02, touch.tone("cf5a6a"), ink=0.6)
        pen.fill(oval(x, y, 0.014, 0.014, points=10), (236, 196, 80))


def _basket(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("b58d54")
    pen.line(arc(0, -0.2, 0.2, 0.2, 180, 360), ink=2.2)
    pen.shape([(-0.25, -0.22), (0.25, -0.22), (0.19, 0), (-0.19, 0)], tone)
    for y in (-0.16, -0.1, -0.05):
        pen.line([(-0.22, y), (0.22, y)], ink=0.7, colour=dark)


def _camera(pen: Pen, touch: Touch) -> None:
    pen.shape(box(-0.1, -0.13, 0.1, 0), touch.tone("38393e"))
    pen.shape(box(-0.04, -0.16, 0.04, -0.13), (70, 70, 76))
    pen.shape(oval(0, -0.065, 0.05, 0.05), (86, 96, 110))
    pen.fill(oval(-0.012, -0.08, 0.012, 0.012, points=10), (220, 230, 238))


def _coin(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("c79a3a")
    pen.shape(oval(0, -0.02, 0.02, 0.02), tone)
    pen.line(arc(0, -0.02, 0.014, 0.014, 0, 360), ink=0.6, colour=dark)


def _ring(pen: Pen, touch: Touch) -> None:
    pen.stroke(arc(0, -0.015, 0.012, 0.012, 0, 360), 0.004, touch.tone("c79a3a"), line=INK)
    pen.shape([(-0.006, -0.029), (0.006, -0.029), (0.004, -0.037), (-0.004, -0.037)], (190, 220, 232), ink=0.6)


def _watch(pen: Pen, touch: Touch) -> None:
    pen.shape(box(-0.012, -0.1, 0.012, 0.02), (70, 52, 42))
    pen.shape(oval(0, -0.04, 0.028, 0.028), touch.tone("c79a3a"))
    pen.shape(oval(0, -0.04, 0.021, 0.021), (242, 238, 228), ink=0.6)
    pen.line([(0.009, -0.048), (0, -0.04), (-0.004, -0.056)], ink=0.8)


def _bell(pen: Pen, touch: Touch) -> None:
    tone, dark, _ = touch.shades("b08a44")
    pen.oval(0, -0.02, 0.04, 0.04, dark)
    pen.blob(
        [(-0.24, -0.02), (-0.15, -0.12), (-0.12, -0.34), (0, -0.44), (0.12, -0.34), (0.15, -0.12), (0.24, -0.02)], tone
    )


def _anchor(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("50545c")
    pen.stroke(arc(0, -1.3, 0.12, 0.12, 0, 360), 0.06, tone, line=INK)
    pen.stroke([(0, -1.18), (0, -0.06)], 0.1, tone, line=INK)
    pen.stroke([(-0.3, -1.0), (0.3, -1.0)], 0.08, tone, line=INK)
    pen.stroke(arc(0, -0.5, 0.55, 0.45, 10, 170), 0.1, tone, line=INK)


def _bucket(pen: Pen, touch: Touch) -> None:
    pen.line(arc(0, -0.28, 0.16, 0.15, 180, 360), ink=1.4)
    pen.shape([(-0.16, -0.28), (0.16, -0.28), (0.12, 0), (-0.12, 0)], touch.tone("9aa0a6"))
    pen.shape(oval(0, -0.28, 0.16, 0.04), darker(touch.tone("9aa0a6"), 0.3))


def _oar(pen: Pen, touch: Touch) -> None:
    tone = touch.tone("b08d5e")
    pen.stroke([(-0.1, 0.1), (1.3, 0.9)], 0.05, tone, line=INK)
    pen.blob([(1.2, 0.8), (1.35, 0.8), (1.75, 1.08), (1.7, 1.18), (1.3, 0.98)], tone)


BELONGINGS: dict[str, ThingInfo] = {
    "sign": ThingInfo(_sign, 1.0, 1.7),
    "gun": ThingInfo(_gun, 0.24, 0.13, "hand"),
    "knife": ThingInfo(_knife, 0.36, 0.05, "hand"),
    "sword": ThingInfo(_sword, 0.26, 1.05, "hand"),
    "box": ThingInfo(_box, 0.62, 0.43),
    "suitcase": ThingInfo(_suitcase, 0.7, 0.5),
    "bag": ThingInfo(_bag, 0.5, 0.48),
    "umbrella": ThingInfo(_umbrella, 1.1, 1.15, "hand"),
    "rope": ThingInfo(_rope, 0.5, 0.3),
    "guitar": ThingInfo(_guitar, 0.4, 1.0),
    "violin": ThingInfo(_violin, 0.22, 0.6, "hand"),
    "drum": ThingInfo(_drum, 0.6, 0.44),
    "ball": ThingInfo(_ball, 0.24, 0.24),
    "balloon": ThingInfo(_balloon, 0.35, 1.2, "hand"),
    "kite": ThingInfo(_kite, 0.9, 3.3, "hand"),
    "doll": ThingInfo(_doll, 0.24, 0.33),
    "toy": ThingInfo(_toy, 0.25, 0.34),
    "flower": ThingInfo(_flower, 0.2, 0.4, "table"),
    "basket": ThingInfo(_basket, 0.5, 0.4),
    "camera": ThingInfo(_camera, 0.2, 0.16, "hand"),
    "coin": ThingInfo(_coin, 0.04, 0.04, "hand"),
    "ring": ThingInfo(_ring, 0.03, 0.04, "hand"),
    "watch": ThingInfo(_watch, 0.06, 0.12, "hand"),
    "bell": ThingInfo(_bell, 0.5, 0.45),
    "anchor": ThingInfo(_anchor, 1.2, 1.45),
    "bucket": ThingInfo(_bucket, 0.34, 0.42),
    "oar": ThingInfo(_oar, 1.9, 1.2, "hand"),
}
