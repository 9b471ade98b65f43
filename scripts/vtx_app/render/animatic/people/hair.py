"""Hair in head heights, behind the head and over it: by length, style and colour."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vtx_app.render.animatic.drawing.colours import INK, Colour, darker, lighter, mix
from vtx_app.render.animatic.drawing.pen import Pen, Point, smooth

if TYPE_CHECKING:
    from vtx_app.render.animatic.people.look import Look

__all__ = ["paint_hair_behind", "paint_hair_over"]

_CAPS: dict[str, list[Point]] = {
    # The hair on the skull, from the hairline over the crown to the nape. x is mirrored for the front view.
    "front": [(0.33, 0.3), (0.2, 0.2), (0.0, 0.215), (-0.2, 0.2), (-0.33, 0.3), (-0.365, 0.46), (-0.4, 0.4),
              (-0.4, 0.16), (-0.23, -0.03), (0.0, -0.065), (0.23, -0.03), (0.4, 0.16), (0.4, 0.4), (0.365, 0.46)],
    "three_quarter": [(0.33, 0.27), (0.2, 0.19), (0.02, 0.23), (-0.13, 0.21), (-0.24, 0.34), (-0.29, 0.5),
                      (-0.35, 0.48), (-0.37, 0.6), (-0.44, 0.45), (-0.43, 0.17), (-0.24, -0.03), (0.0, -0.065),
                      (0.2, -0.025), (0.345, 0.13)],
    "profile": [(0.345, 0.21), (0.2, 0.19), (0.08, 0.25), (0.02, 0.42), (-0.04, 0.52), (-0.1, 0.4), (-0.2, 0.42),
                (-0.22, 0.62), (-0.33, 0.72), (-0.47, 0.58), (-0.5, 0.36), (-0.42, 0.1), (-0.24, -0.04),
                (-0.02, -0.065), (0.18, -0.02), (0.32, 0.11)],
    "behind": [(0.38, 0.3), (0.375, 0.5), (0.33, 0.72), (0.2, 0.86), (0.0, 0.88), (-0.2, 0.86), (-0.33, 0.72),
               (-0.375, 0.5), (-0.38, 0.3), (-0.37, 0.14), (-0.21, -0.03), (0.0, -0.065), (0.21, -0.03), (0.37, 0.14)],
}  # fmt: skip


def _tied(look: Look) -> bool:
    return look.hair_style in ("plaits", "bun", "ponytail")


def _wild(points: list[Point], amount: float, bumps: int) -> list[Point]:
    """A curve whose outline is full of curls."""
    outline = smooth(points)
    found = []
    for i, (x, y) in enumerate(outline):
        away = 1 + amount * math.sin(i * bumps * math.tau / len(outline))
        found.append((x * away, 0.3 + (y - 0.3) * away))
    return found


def _shape(pen: Pen, look: Look, points: list[Point], tone: Colour, ink: float = 1.0) -> None:
    if look.hair_style in ("curly", "wild"):
        pen.shape(_wild(points, 0.05 if look.hair_style == "curly" else 0.07, 26), tone, ink=ink)
    elif look.hair_style == "wavy":
        pen.shape(_wild(points, 0.022, 14), tone, ink=ink)
    else:
        pen.blob(points, tone, ink=ink)


def _plait(pen: Pen, x: float, side: float, top: float, length: float, tone: Colour) -> None:
    count = max(4, round(length / 0.13))
    for i in range(count):
        t = i / (count - 1)
        y, r = top + length * t, 0.105 * (1 - 0.35 * t)
        for lean in (-1, 1) if i % 2 else (1, -1):
            pen.oval(x + side * 0.07 * t + lean * r * 0.35, y, r * 0.72, r * 0.85, tone, ink=0.7)
    pen.fill(smooth([(x + side * 0.07 - 0.05, top + length + 0.04), (x + side * 0.07 + 0.05, top + length + 0.04),
                     (x + side * 0.08, top + length + 0.2)]), tone)  # fmt: skip
    pen.line([(x + side * 0.07 - 0.06, top + length + 0.04), (x + side * 0.07 + 0.06, top + length + 0.04)], ink=2.2,
             colour=(150, 50, 50))  # fmt: skip


def paint_hair_behind(pen: Pen, look: Look, view: str) -> None:
    """The hair that falls behind the head and neck."""
    tone = darker(look.hair, 0.12)
    back = {"profile": -0.3, "three_quarter": -0.08}.get(view, 0.0)
    if look.hair_length in ("medium", "long") and not _tied(look) and view != "behind":
        low = 1.16 if look.hair_length == "medium" else 1.72
        if view == "profile":
            points = [(-0.05, 0.2), (0.02, 0.55), (-0.05, 0.9), (-0.12, low), (-0.4, low + 0.04), (-0.55, low * 0.7),
                      (-0.54, 0.4), (-0.4, 0.08)]  # fmt: skip
        else:
            points = [(0.36 + back, 0.2), (0.43 + back, 0.6), (0.43 + back, low), (0.2 + back, low + 0.05),
                      (-0.2 + back, low + 0.05), (-0.46 + back * 0.6, low), (-0.48 + back * 0.4, 0.6),
                      (-0.4, 0.18)]  # fmt: skip
        _shape(pen, look, points, tone)
    if look.hair_style == "bun":
        x, y = {"profile": (-0.5, 0.22), "three_quarter": (-0.38, 0.08)}.get(view, (0.0, -0.1))
        pen.oval(x, y, 0.17, 0.16, look.hair)
    if look.hair_style == "ponytail" and view != "behind":
        points = [(back - 0.3, 0.2), (back - 0.52, 0.3), (back - 0.58, 0.8), (back - 0.45, 1.25), (back - 0.42, 0.7),
                  (back - 0.24, 0.4)]  # fmt: skip
        pen.blob(points, look.hair)
    if look.hair_style == "plaits" and view == "three_quarter":
        _plait(pen, 0.36, 0.4, 0.66, 0.55, tone)


def paint_hair_over(pen: Pen, look: Look, view: str) -> None:
    """The hair on the skull, and what hangs in front of the shoulders."""
    if look.hair_length == "bald":
        return
    tone = look.hair
    cap = _CAPS[view]
    if look.hair_length == "cropped":
        cap = [(x * 0.96, y * 0.96 + 0.03 if y < 0.25 else y * 0.96) for x, y in cap]
    if view == "behind" and not _tied(look) and look.hair_length in ("medium", "long"):
        low = 1.18 if look.hair_length == "medium" else 1.75
        cap = [(0.4, 0.3), (0.45, 0.7), (0.43, low), (0.0, low + 0.06), (-0.43, low), (-0.45, 0.7), (-0.4, 0.3),
               (-0.38, 0.12), (-0.2, -0.04), (0.0, -0.07), (0.2, -0.04), (0.38, 0.12)]  # fmt: skip
    if look.hair_style in ("curly", "wild") and look.hair_length != "cropped":
        cap = [(x * 1.12, y if y > 0.25 else y * 1.1 - 0.04) for x, y in cap]
    _shape(pen, look, cap, tone)
    _strands(pen, look, view)
    if look.hair_length in ("medium", "long") and not _tied(look) and view in ("three_quarter", "front"):
        low = 1.02 if look.hair_length == "medium" else 1.55
        sides: tuple[float, ...] = (-1,) if view == "three_quarter" else (-1, 1)
        for side in sides:
            lock = [(side * 0.3, 0.26), (side * 0.41, 0.2), (side * 0.48, 0.6), (side * 0.47, low),
                (side * 0.33, low + 0.05),
                    (side * 0.32, 0.7)]  # fmt: skip
            _shape(pen, look, lock, tone)
    if look.hair_style == "plaits":
        places = {"profile": [(-0.22, -1.0)], "three_quarter": [(-0.34, -0.6)], "behind": [(-0.28, -1.0), (0.28, 1.0)]}
        for x, side in places.get(view, [(-0.38, -0.6), (0.38, 0.6)]):
            _plait(pen, x, side, 0.7, 0.62, tone)
    if look.hair_style == "ponytail" and view == "behind":
        pen.blob([(-0.09, 0.3), (0.09, 0.3), (0.16, 0.8), (0.0, 1.3), (-0.16, 0.8)], tone)
    if look.hair_style == "bun" and view == "behind":
        pen.oval(0.0, 0.12, 0.18, 0.17, darker(tone, 0.1))


def _strands(pen: Pen, look: Look, view: str) -> None:
    """A few lines that show how the hair lies."""
    tone = mix(look.hair, INK, 0.4) if sum(look.hair) > 240 else lighter(look.hair, 0.22)
    if look.hair_length == "cropped":
        for i in range(7):
            x = -0.27 + i * 0.085 + (0.0 if view != "profile" else -0.05)
            pen.line([(x, 0.08 + 0.03 * (i % 2)), (x + 0.02, 0.14 + 0.03 * (i % 2))], ink=0.6, colour=tone)
        return
    x = {"front": -0.08, "profile": -0.02, "three_quarter": 0.06}.get(view, 0.0)
    if view == "behind":
        for dx in (-0.2, 0.0, 0.2):
            pen.line(smooth([(dx * 0.3, 0.0), (dx, 0.4), (dx * 0.9, 0.74)], closed=False), ink=0.6, colour=tone)
        return
    for dx in (-0.28, -0.16, 0.12):
        pen.line(smooth([(x, -0.03), (x + dx * 0.8, 0.04), (x + dx * 1.15, 0.18)], closed=False), ink=0.6, colour=tone)
