"""Four-legged animals seen from behind: rump, tail, hind legs, and the head over the back. In metres."""

from __future__ import annotations

from vtx_app.render.animatic.animals.quadruped_kinds import Quadruped
from vtx_app.render.animatic.drawing.colours import INK, Colour, darker, lighter
from vtx_app.render.animatic.drawing.pen import Pen, smooth

__all__ = ["paint_quadruped_behind"]


def paint_quadruped_behind(pen: Pen, q: Quadruped, tone: Colour) -> None:
    """Paint an animal of these proportions in ``tone`` that goes away from us, its feet at the origin."""
    dark = darker(tone, 0.22)
    half = q.deep * (0.62 if "wool" in q.extra else 0.48)
    leg = 0.16 * q.deep * q.thick + 0.02 * q.back
    head_y, head = -q.back - max(0.0, q.rise), 0.34 * q.head
    for side in (-1, 1):
        if "horns" in q.extra or "antlers" in q.extra:
            pen.line([(side * head * 0.6, head_y), (side * head * 1.7, head_y - 0.6 * q.head)], ink=2.4,
                     colour=(222, 214, 196))  # fmt: skip
        tall = {"long": 1.3, "pointed": 0.75, "hanging": -0.5}.get(q.ears, 0.4) * q.head
        x = side * head * 0.95
        pen.blob([(side * head * 0.25, head_y), (x, head_y - tall), (x, head_y + 0.05)], dark)
    crown, cheek = head_y - 0.16 * q.head, head_y + 0.2 * q.head
    pen.blob([(-half * 0.45, -q.back * 0.9), (-head * 0.8, cheek), (-head * 0.6, crown), (head * 0.6, crown),
              (head * 0.8, cheek), (half * 0.45, -q.back * 0.9)], lighter(tone, 0.06))  # fmt: skip
    if q.extra == "horse_mane":
        pen.stroke([(0, head_y - 0.1 * q.head), (0, -q.back)], head * 0.5, darker(tone, 0.5))
    for side in (-1, 1):
        pen.stroke(
            [(side * half * 0.62, -q.back + q.deep), (side * half * 0.56, -leg * 0.6)], leg * 1.7, tone, line=INK
        )
    top, flank, d = -q.back, half * 0.8, q.deep
    pen.blob([(0, top), (flank, top + 0.12 * d), (half, top + 0.6 * d), (flank, top + 1.15 * d), (0, top + 0.95 * d),
              (-flank, top + 1.15 * d), (-half, top + 0.6 * d), (-flank, top + 0.12 * d)], tone)  # fmt: skip
    pen.line([(0, top + 0.4 * q.deep), (0, top + 0.95 * q.deep)], ink=0.8, colour=dark)
    wide = {"bushy": 0.34, "thin": 0.09, "short": 0.26}.get(q.tail, 0.16) * q.deep
    low = -q.back * 0.35 if q.tail in ("bushy", "thin") else top + 0.5 * q.deep
    end = (0.1 * q.deep, top - 0.7 * q.deep) if q.tail in ("up", "curl") else (0.05 * q.deep, low)
    tail = darker(tone, 0.5) if q.extra == "horse_mane" else darker(tone, 0.1)
    pen.stroke(smooth([(0, top + 0.16 * q.deep), (0.12 * q.deep, (top + end[1]) / 2), end], closed=False), wide, tail,
               line=INK)  # fmt: skip
