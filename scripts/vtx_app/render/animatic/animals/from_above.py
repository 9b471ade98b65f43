"""Animals seen from straight above. Units are metres, and the look is to the right (+x)."""

from __future__ import annotations

from vtx_app.render.animatic.animals.others import OTHERS
from vtx_app.render.animatic.animals.quadruped_kinds import QUADRUPEDS, Quadruped
from vtx_app.render.animatic.drawing.colours import Colour, darker, hexed, lighter, named
from vtx_app.render.animatic.drawing.pen import Pen

__all__ = ["paint_animal_above"]


def paint_animal_above(pen: Pen, kind: str, size: tuple[float, float], colour: str) -> None:
    """Paint a known animal, ``size`` wide and high as from the side; no ``colour`` is its usual one."""
    if kind in QUADRUPEDS:
        _quadruped(pen, QUADRUPEDS[kind], named(colour, hexed(QUADRUPEDS[kind].colour)))
        return
    usual = OTHERS[kind][2] if kind in OTHERS else "5f8a5a"
    _other(pen, OTHERS[kind][0] if kind in OTHERS else "dragon", size[0], named(colour, hexed(usual)))


def _quadruped(pen: Pen, q: Quadruped, tone: Colour) -> None:
    half = q.deep * (0.62 if "wool" in q.extra else 0.45)
    long = q.long / 2
    if q.tail != "short":
        pen.stroke([(-long, 0), (-long - 0.35 * q.long, 0.08 * q.long)], 0.05 + 0.12 * half * (q.tail == "bushy"),
                   darker(tone, 0.15), line=(40, 36, 40))  # fmt: skip
    for x in (-long * 0.75, long * 0.75):
        for side in (-1, 1):
            pen.oval(x + 0.05, side * half * 0.95, half * 0.3, half * 0.26, darker(tone, 0.25))
    chest = long + q.neck * 0.6
    pen.blob([(-long, -half * 0.7), (0, -half), (long, -half * 0.75), (chest, -half * 0.4),
              (chest, half * 0.4), (long, half * 0.75), (0, half), (-long, half * 0.7)], tone)  # fmt: skip
    pen.line([(-long * 0.9, 0), (long, 0)], ink=0.8, colour=darker(tone, 0.25))
    if "patches" in q.extra:
        for x, y in ((-0.3, 0.3), (0.1, -0.35), (0.4, 0.3)):
            pen.oval(x * q.long, y * half, 0.12 * q.long, half * 0.4, (52, 46, 44), ink=0)
    x, wide = long + q.neck, max(0.3 * q.head, half * 0.42)
    face = darker(tone, 0.55) if "wool" in q.extra else tone
    for side in (-1, 1):
        pen.oval(x, side * wide * 1.05, 0.22 * q.head, 0.16 * q.head, darker(face, 0.12))
        if "horns" in q.extra:
            pen.line([(x, side * wide * 0.6), (x + 0.1, side * wide * 1.8)], ink=2.0, colour=(222, 214, 196))
    pen.blob([(x - 0.3 * q.head, -wide * 0.8), (x + 0.2 * q.head, -wide * 0.8), (x + 0.75 * q.head, -wide * 0.4),
              (x + 0.75 * q.head, wide * 0.4), (x + 0.2 * q.head, wide * 0.8), (x - 0.3 * q.head, wide * 0.8)],
             face)  # fmt: skip


def _other(pen: Pen, family: str, long: float, tone: Colour) -> None:
    """A body with head and tail; wings for what has them."""
    half = long * (0.1 if family in ("snake", "fish") else 0.22)
    pen.blob([(-long * 0.3, -half * 0.3), (-long * 0.55, -half * 0.8), (-long * 0.55, half * 0.8),
              (-long * 0.3, half * 0.3)], darker(tone, 0.15))  # fmt: skip
    if family == "dragon":
        for side in (-1, 1):
            near, far = side * half * 0.6, side * long * 0.55
            pen.blob([(long * 0.12, near), (long * 0.2, far), (-long * 0.2, far), (-long * 0.16, near)],
                     darker(tone, 0.1))  # fmt: skip
    pen.oval(-0.05 * long, 0, long * 0.32, half, tone)
    if family in ("bird", "fowl", "owl", "penguin"):
        for side in (-1, 1):
            pen.oval(-0.08 * long, side * half * 0.62, long * 0.26, half * 0.42, darker(tone, 0.1), ink=0.7)
        pen.blob([(long * 0.4, -half * 0.2), (long * 0.54, 0), (long * 0.4, half * 0.2)], (222, 170, 70), ink=0.8)
    pen.oval(long * 0.32, 0, half * 0.62, half * 0.55, lighter(tone, 0.08))
