"""Four-legged animals from one set of proportions; they look to the right, their feet at the origin, in metres."""

from __future__ import annotations

from dataclasses import dataclass

from vtx_app.render.animatic.drawing.colours import INK, Colour, darker, lighter
from vtx_app.render.animatic.drawing.pen import Pen, Point, oval, smooth

__all__ = ["QUADRUPEDS", "Quadruped", "paint_quadruped"]


@dataclass(frozen=True, slots=True)
class Quadruped:
    """``back``: height of the back, ``long``: length of the trunk, ``deep``: its depth, all in metres. ``neck`` and
    ``rise``: how far the head is before and above the shoulders. ``head`` length, ``snout`` share of it.

    ``ears``: pointed, hanging, round, long, none; ``tail``: up, down, bushy, thin, curl, short; ``extra``: horns,
    antlers, mane, trunk, stripes, spots, wool, patches.
    """

    colour: str
    back: float
    long: float
    deep: float
    neck: float
    rise: float
    head: float
    snout: float
    ears: str
    tail: str
    extra: str = ""
    thick: float = 1.0


QUADRUPEDS: dict[str, Quadruped] = {
    "dog": Quadruped("9a6f45", 0.56, 0.6, 0.24, 0.14, 0.2, 0.26, 0.5, "hanging", "up"),
    "puppy": Quadruped("a9805a", 0.3, 0.32, 0.16, 0.08, 0.12, 0.19, 0.4, "hanging", "up", thick=1.3),
    "wolf": Quadruped("7d8084", 0.75, 0.85, 0.3, 0.2, 0.2, 0.34, 0.55, "pointed", "bushy"),
    "fox": Quadruped("c0642c", 0.4, 0.52, 0.17, 0.12, 0.12, 0.22, 0.6, "pointed", "bushy"),
    "cat": Quadruped("7f7a75", 0.28, 0.34, 0.13, 0.05, 0.1, 0.13, 0.25, "pointed", "curl"),
    "kitten": Quadruped("8c8681", 0.16, 0.18, 0.08, 0.03, 0.07, 0.1, 0.25, "pointed", "up"),
    "lion": Quadruped("c49a5a", 1.05, 1.3, 0.48, 0.25, 0.25, 0.42, 0.4, "round", "thin", "mane", 1.2),
    "tiger": Quadruped("d08438", 0.95, 1.3, 0.44, 0.25, 0.16, 0.38, 0.38, "round", "curl", "stripes", 1.2),
    "leopard": Quadruped("cfa45a", 0.7, 1.0, 0.32, 0.2, 0.12, 0.28, 0.38, "round", "curl", "spots"),
    "bear": Quadruped("5f4632", 1.1, 1.3, 0.62, 0.24, 0.12, 0.42, 0.42, "round", "short", "", 1.6),
    "horse": Quadruped("7c5236", 1.5, 1.4, 0.56, 0.5, 0.6, 0.58, 0.65, "pointed", "bushy", "horse_mane", 0.95),
    "pony": Quadruped("8a6a4c", 1.1, 1.1, 0.46, 0.36, 0.4, 0.46, 0.62, "pointed", "bushy", "horse_mane"),
    "donkey": Quadruped("8b8580", 1.1, 1.1, 0.44, 0.34, 0.38, 0.46, 0.62, "long", "thin", "horse_mane"),
    "zebra": Quadruped("eceae4", 1.3, 1.25, 0.5, 0.42, 0.46, 0.5, 0.62, "pointed", "thin", "stripes"),
    "cow": Quadruped("e4dfd4", 1.35, 1.6, 0.68, 0.36, 0.1, 0.52, 0.6, "hanging", "thin", "horns patches", 0.9),
    "bull": Quadruped("4b3a32", 1.45, 1.7, 0.76, 0.36, 0.12, 0.54, 0.6, "hanging", "thin", "horns", 1.0),
    "ox": Quadruped("6b5140", 1.45, 1.7, 0.76, 0.36, 0.12, 0.54, 0.6, "hanging", "thin", "horns", 1.0),
    "goat": Quadruped("cfc8ba", 0.75, 0.8, 0.34, 0.2, 0.24, 0.3, 0.55, "hanging", "short", "horns"),
    "sheep": Quadruped("ece7db", 0.75, 0.85, 0.46, 0.16, 0.1, 0.28, 0.55, "hanging", "short", "wool"),
    "lamb": Quadruped("f0ece2", 0.45, 0.46, 0.26, 0.1, 0.1, 0.2, 0.5, "hanging", "short", "wool"),
    "pig": Quadruped("dba7a0", 0.66, 1.0, 0.46, 0.16, -0.02, 0.36, 0.5, "pointed", "curl", "", 1.0),
    "deer": Quadruped("a9794e", 1.05, 1.05, 0.36, 0.26, 0.46, 0.34, 0.6, "long", "short", "", 0.75),
    "stag": Quadruped("8f623e", 1.25, 1.25, 0.42, 0.3, 0.5, 0.38, 0.6, "long", "short", "antlers", 0.75),
    "rabbit": Quadruped("a58e76", 0.18, 0.26, 0.15, 0.05, 0.08, 0.12, 0.3, "long", "short", "", 1.2),
    "hare": Quadruped("9c7f5e", 0.26, 0.34, 0.16, 0.07, 0.1, 0.14, 0.35, "long", "short"),
    "mouse": Quadruped("8b857f", 0.045, 0.08, 0.045, 0.015, 0.0, 0.045, 0.5, "round", "thin"),
    "rat": Quadruped("6d665f", 0.08, 0.16, 0.075, 0.03, 0.0, 0.075, 0.55, "round", "thin"),
    "squirrel": Quadruped("a2603a", 0.13, 0.16, 0.09, 0.03, 0.06, 0.075, 0.35, "pointed", "bushy"),
    "elephant": Quadruped("8c9096", 2.7, 2.5, 1.5, 0.4, 0.0, 0.95, 0.3, "round", "thin", "trunk", 1.7),
    "camel": Quadruped("bf9762", 1.8, 1.6, 0.7, 0.6, 0.3, 0.5, 0.6, "round", "thin", "hump", 0.9),
}  # fmt: skip


def paint_quadruped(pen: Pen, q: Quadruped, tone: Colour) -> None:
    """Paint an animal of these proportions in ``tone``."""
    dark, light = darker(tone, 0.22), lighter(tone, 0.2)
    half, top, low = q.long / 2, -q.back, -q.back + q.deep
    leg = 0.16 * q.deep * q.thick + 0.02 * q.back
    _tail(pen, q, tone, dark)
    for x, shade in ((-half * 0.72, dark), (half * 0.62, dark), (-half * 0.92, tone), (half * 0.84, tone)):
        bend = 0.06 * q.back if x < 0 else 0.0
        points = [(x, low - 0.3 * q.deep), (x - bend, low * 0.5), (x, 0.0)]
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
    _head(pen, q, head, tone, dark, light)
    if q.extra == "horse_mane":
        pen.blob([(head[0] - 0.02, head[1] - 0.12 * q.head), (head[0] - thick, head[1] + 0.2 * q.head),
            (shoulder[0] - 0.1 * q.long, top - 0.02), (shoulder[0] + 0.02, top + 0.06),
                  (head[0] - thick * 0.3, head[1] + 0.4 * q.head)], darker(tone, 0.5))  # fmt: skip


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


def _head(pen: Pen, q: Quadruped, at: Point, tone: Colour, dark: Colour, light: Colour) -> None:
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
