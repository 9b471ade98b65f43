"""Four-legged animals from one set of proportions; they look to the right, their feet at the origin, in metres."""

from __future__ import annotations

from dataclasses import replace

from vtx_app.render.animatic.animals.quadruped_kinds import Quadruped
from vtx_app.render.animatic.drawing.colours import INK, Colour, darker, lighter
from vtx_app.render.animatic.drawing.pen import Pen, Point, oval, smooth

__all__ = ["paint_quadruped"]


def paint_quadruped(pen: Pen, q: Quadruped, tone: Colour, pose: str = "stand") -> None:
    """Paint an animal of these proportions in ``tone``; ``pose``: ``stand``, ``walk``, ``run``, ``sit`` or ``lie``
    (asleep)."""
    if pose == "sit" and q.back < 1.2:
        _sitting(pen, q, tone)
        return
    asleep = pose == "lie"
    if asleep:  # on its folded legs, the head on the ground
        q = replace(q, back=q.deep * 1.04, rise=0.34 * q.head - q.deep * 1.04, tail="ground")
    dark, light = darker(tone, 0.22), lighter(tone, 0.2)
    half, top, low = q.long / 2, -q.back, -q.back + q.deep
    leg = 0.16 * q.deep * q.thick + 0.02 * q.back
    _tail(pen, q, tone, dark)
    strides = _STRIDES.get(pose, (0.0, 0.0, 0.0, 0.0))
    legs = ((-half * 0.72, dark), (half * 0.62, dark), (-half * 0.92, tone), (half * 0.84, tone))
    for (x, shade), stride in zip(legs, strides, strict=True):
        bend = 0.06 * q.back if x < 0 else 0.0
        foot = x + stride * q.back, -0.16 * abs(stride) * q.back if pose == "run" else 0.0
        points = [(x, low - 0.3 * q.deep), (x - bend + 0.45 * stride * q.back, low * 0.5), foot]
        _leg(pen, points, leg, shade)
    trunk: list[Point] = [
        (-half, top + 0.2 * q.deep), (-half * 0.6, top - 0.02 * q.deep), (0.0, top + 0.05 * q.deep),
        (half * 0.75, top),
        (half * 1.04, top + 0.3 * q.deep), (half * 0.98, low - 0.12 * q.deep), (half * 0.4, low),
        (-half * 0.3, low - 0.08 * q.deep),
        (-half * 0.85, low - 0.02 * q.deep), (-half * 1.06, low - 0.4 * q.deep),
    ]  # fmt: skip
    shoulder, head = (half * 0.8, top + 0.28 * q.deep), (half + q.neck, top - q.rise)
    neck_low = (half * 1.0, top + 0.62 * q.deep)
    if q.extra == "wool":
        _wool(pen, trunk, tone)
    else:
        if q.extra == "hump":
            pen.blob([(-half * 0.5, top + 0.1), (-half * 0.1, top - 0.5), (half * 0.4, top + 0.1)], tone)
        pen.blob(trunk, tone)
    thick = 0.26 * q.head + 0.1 * q.deep
    line = smooth([(shoulder[0] - 0.12 * q.long, top + 0.04 * q.deep), (head[0] - thick * 0.7, head[1] + thick * 0.1)])
    low_neck = [(head[0] + thick * 0.4, head[1] + thick * 0.9), neck_low, (neck_low[0] - 0.1 * q.long, neck_low[1])]
    pen.shape([*line, *low_neck], tone)
    pen.fill(
        smooth(
            [
                (half * 0.3, top + 0.12 * q.deep),
                (half * 0.9, top + 0.2 * q.deep),
                (half * 0.92, low - 0.2 * q.deep),
                (half * 0.4, low - 0.16 * q.deep),
            ]
        ),
        tone,
    )
    if "patches" in q.extra:
        for x, y, r in (
            (-half * 0.5, top + 0.25 * q.deep, 0.24),
            (half * 0.2, top + 0.5 * q.deep, 0.2),
            (-half * 0.1, top + 0.16 * q.deep, 0.13),
        ):
            pen.fill(
                smooth(
                    [
                        (x - r * q.long * 0.5, y),
                        (x, y - r * q.deep * 0.6),
                        (x + r * q.long * 0.5, y),
                        (x, y + r * q.deep * 0.7),
                    ]
                ),
                (66, 58, 54),
            )
    if "stripes" in q.extra:
        for i in range(9):
            x = -half * 0.9 + i * half * 0.21
            pen.line(
                smooth(
                    [(x, top + 0.08 * q.deep), (x + 0.04 * q.long, top + 0.35 * q.deep), (x, top + 0.7 * q.deep)],
                    closed=False,
                ),
                ink=2.2,
            )
    if "spots" in q.extra:
        for i in range(14):
            pen.fill(
                oval(
                    -half * 0.85 + (i * 5 % 14) * half * 0.12,
                    top + (0.2 + (i * 3 % 5) * 0.13) * q.deep,
                    0.05 * q.deep,
                    0.045 * q.deep,
                    points=10,
                ),
                darker(tone, 0.6),
            )
    if q.extra == "mane":
        pen.shape([(head[0] + q.head * (0.52 + 0.12 * (i % 2)) * x - q.head * 0.1,
            head[1] + q.head * (0.62 + 0.12 * (i % 2)) * y)
                   for i, (x, y) in enumerate(oval(0, 0, 1, 1, points=22))], darker(tone, 0.4))  # fmt: skip
    if asleep:
        for x in (half * 0.5, -half * 0.75):
            paw = [(x, -0.3 * q.deep), (x + 0.3 * q.long, -0.16 * q.deep), (x + 0.34 * q.long, 0.0), (x - 0.02, 0.0)]
            pen.blob(paw, tone)
    _head(pen, q, head, tone, dark, light, asleep=asleep)
    if q.extra == "horse_mane":
        pen.blob([(head[0] - 0.02, head[1] - 0.12 * q.head), (head[0] - thick, head[1] + 0.2 * q.head),
            (shoulder[0] - 0.1 * q.long, top - 0.02), (shoulder[0] + 0.02, top + 0.06),
                  (head[0] - thick * 0.3, head[1] + 0.4 * q.head)], darker(tone, 0.5))  # fmt: skip


_STRIDES = {"walk": (0.2, -0.18, -0.22, 0.2), "run": (-0.5, 0.42, -0.38, 0.56)}
"""How far each foot is before its place, as shares of the height of the back: the far hind and fore leg, the near."""


def _sitting(pen: Pen, q: Quadruped, tone: Colour) -> None:
    """On its haunches, the forelegs upright."""
    dark, light = darker(tone, 0.22), lighter(tone, 0.2)
    half, high = q.long / 2, q.back * 1.05
    leg = 0.16 * q.deep * q.thick + 0.02 * q.back
    _tail(pen, replace(q, back=q.deep * 0.6, tail="ground"), tone, dark)
    head = half * 0.42 + q.neck * 0.5, -high - q.rise * 0.9
    _leg(pen, [(half * 0.3, -high * 0.5), (half * 0.34, -high * 0.25), (half * 0.36, 0.0)], leg, dark)
    pen.blob([(-half * 0.75, -0.02), (-half * 0.85, -high * 0.4), (-half * 0.35, -high * 0.78), (half * 0.1, -high),
              (half * 0.5, -high * 0.86), (half * 0.5, -high * 0.45), (half * 0.15, -high * 0.16),
              (half * 0.1, -0.01)], tone)  # fmt: skip
    thick = 0.26 * q.head + 0.1 * q.deep
    pen.shape([(-half * 0.05, -high * 0.92), (head[0] - thick * 0.8, head[1] + thick * 0.1),
               (head[0] + thick * 0.4, head[1] + thick * 0.9), (half * 0.5, -high * 0.78)], tone)  # fmt: skip
    pen.fill(smooth([(-half * 0.1, -high * 0.8), (half * 0.2, -high * 0.95), (half * 0.42, -high * 0.74),
                     (half * 0.1, -high * 0.6)]), tone)  # fmt: skip
    _leg(pen, [(half * 0.42, -high * 0.55), (half * 0.48, -high * 0.27), (half * 0.5, 0.0)], leg, tone)
    pen.blob([(-half * 0.7, -high * 0.3), (-half * 0.25, -high * 0.48), (half * 0.12, -high * 0.25), (half * 0.24, 0.0),
              (-half * 0.6, 0.0)], tone)  # fmt: skip
    _head(pen, q, head, tone, dark, light)


def _leg(pen: Pen, points: list[Point], half: float, tone: Colour) -> None:
    (ax, ay), (bx, by), (cx, cy) = points
    pen.shape(
        smooth([(ax - half * 1.5, ay), (bx - half * 0.8, by), (cx - half * 0.8, cy), (cx + half * 1.3,
        cy), (cx + half * 0.6, cy - half),
                (bx + half * 0.8, by), (ax + half * 1.5, ay)], steps=4), tone)  # fmt: skip


def _wool(pen: Pen, trunk: list[Point], tone: Colour) -> None:
    outline = smooth(trunk)
    cx, cy = sum(x for x, _ in outline) / len(outline), sum(y for _, y in outline) / len(outline)
    pen.shape(
        [
            (cx + (x - cx) * (1.1 if i % 4 < 2 else 1.02), cy + (y - cy) * (1.14 if i % 4 < 2 else 1.04))
            for i, (x, y) in enumerate(outline)
        ],
        tone,
    )


def _head(
    pen: Pen, q: Quadruped, at: Point, tone: Colour, dark: Colour, light: Colour, *, asleep: bool = False
) -> None:
    h = q.head
    p = pen.at(at[0], at[1], h)
    face = (92, 84, 80) if q.extra == "wool" else tone
    if q.ears == "long":
        for x in (-0.18, -0.02):
            p.blob(
                [(x - 0.07, -0.2), (x - 0.16, -0.85), (x - 0.06, -1.0), (x + 0.06, -0.8), (x + 0.08, -0.2)],
                dark if x < -0.1 else face,
            )
    if q.ears == "pointed":
        p.shape([(-0.3, -0.2), (-0.3, -0.62), (-0.05, -0.3)], dark)
    if "trunk" in q.extra:
        p.shape(
            smooth([(0.3, -0.1), (0.55, 0.3), (0.5, 1.1), (0.62, 1.6), (0.5, 1.66)], closed=False)
            + smooth([(0.38, 1.6), (0.3, 1.1), (0.24, 0.4)], closed=False),
            tone,
        )
    s = q.snout
    skull = [
        (-0.42, 0.02),
        (-0.34, -0.3),
        (-0.05, -0.36),
        (0.2, -0.22),
        (0.25 + s * 0.5, -0.06),
        (0.32 + s * 0.55, 0.1),
        (0.26 + s * 0.5, 0.24),
        (0.05, 0.28),
        (-0.25, 0.3),
    ]
    p.blob(skull, face)
    if q.head < 0.5 and q.snout < 0.65 and q.extra not in ("trunk",):
        p.fill(oval(0.3 + s * 0.52, 0.04, 0.07, 0.06, points=12), INK)
    else:
        p.fill(oval(0.22 + s * 0.52, 0.08, 0.035, 0.025, points=10), INK)
    p.line(smooth([(0.28 + s * 0.5, 0.17), (0.12 + s * 0.2, 0.15), (0.06, 0.12)], closed=False), ink=0.8)
    if asleep:
        closed = (250, 248, 242) if sum(face) < 260 else INK
        p.line(smooth([(-0.06, -0.08), (0.02, -0.03), (0.1, -0.07)], closed=False), ink=1.3, colour=closed)
    else:
        p.fill(oval(0.02, -0.08, 0.055, 0.06, points=14), (250, 248, 242) if sum(face) < 260 else INK)
        p.fill(oval(0.03, -0.08, 0.035, 0.045, points=12), INK)
    if q.ears == "hanging":
        p.blob([(-0.32, -0.24), (-0.1, -0.26), (-0.12, 0.12), (-0.28, 0.3), (-0.4, 0.1)], dark)
    elif q.ears == "round":
        r = 0.42 if "trunk" in q.extra else 0.15
        p.oval(-0.3, -0.3 if r < 0.3 else 0.0, r, r, dark)
    elif q.ears == "pointed":
        p.shape([(-0.2, -0.26), (-0.12, -0.68), (0.06, -0.3)], face)
    if "horns" in q.extra:
        p.line(smooth([(-0.12, -0.32), (-0.05, -0.6), (0.12, -0.7)], closed=False), ink=3.5, colour=(222, 212, 190))
    if "antlers" in q.extra:
        for side in (-0.1, 0.06):
            p.line(
                smooth([(side, -0.3), (side - 0.1, -0.8), (side + 0.1, -1.3)], closed=False),
                ink=2.6,
                colour=(150, 120, 86),
            )
            for y in (-0.6, -0.95):
                p.line([(side - 0.08, y), (side + 0.25, y - 0.25)], ink=2.2, colour=(150, 120, 86))


def _tail(pen: Pen, q: Quadruped, tone: Colour, dark: Colour) -> None:
    x, y, d = -q.long / 2, -q.back + 0.15 * q.deep, q.deep
    if q.tail == "bushy":
        low = 0.9 if q.extra == "horse_mane" else 0.5
        pen.blob([(x + 0.03, y), (x - d * 0.5, y + d * 0.3), (x - d * 0.62, y + q.back * low * 0.8),
            (x - d * 0.3, y + q.back * low * 0.75), (x - d * 0.1, y + d * 0.6)],
                 darker(tone, 0.5) if q.extra == "horse_mane" else tone)  # fmt: skip
    elif q.tail == "ground":
        pen.stroke(smooth([(x, y), (x - d * 0.5, -d * 0.14), (x - d * 1.3, -d * 0.1)], closed=False), d * 0.18, tone,
                   line=INK)  # fmt: skip
    elif q.tail == "up":
        pen.stroke(
            smooth([(x, y), (x - d * 0.5, y - d * 0.5), (x - d * 0.5, y - d * 1.1)], closed=False),
            d * 0.2,
            tone,
            line=INK,
        )
    elif q.tail == "curl":
        pen.stroke(
            smooth(
                [(x, y), (x - d, y + d * 0.1), (x - d * 1.2, y - d * 0.9), (x - d * 0.9, y - d * 1.3)], closed=False
            ),
            d * 0.18,
            tone,
            line=INK,
        )
    elif q.tail == "thin":
        pen.stroke(
            smooth([(x, y), (x - d * 0.4, y + d * 0.4), (x - d * 0.4, y + d * 1.1)], closed=False),
            d * 0.07,
            tone,
            line=INK,
        )
        pen.oval(x - d * 0.4, y + d * 1.15, d * 0.08, d * 0.14, dark, ink=0.8)
    else:
        pen.blob([(x, y), (x - d * 0.3, y + d * 0.1), (x, y + d * 0.3)], lighter(tone, 0.3))
