"""Hats, caps, hoods and helmets in head heights. A head looks to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtx_app.render.animatic.drawing.colours import Colour, darker, hexed, lighter, named
from vtx_app.render.animatic.drawing.pen import Pen, Point, arc, smooth

if TYPE_CHECKING:
    from vtx_app.render.animatic.people.look import Look

__all__ = ["paint_hat", "paint_hat_behind"]

_TYPICAL = {
    "hat": "6b625a", "cap": "5b6470", "flat_cap": "77706a", "beanie": "59616c", "bowler": "2f2d30",
    "top_hat": "2c2a2e", "cowboy_hat": "8a6a48", "straw_hat": "d8c079", "sun_hat": "e0d2a4", "beret": "4d4a58",
    "hood": "7c7a76", "helmet": "9a9ca0", "hard_hat": "dcb43c", "bonnet": "e2dccf", "headscarf": "a2685e",
    "chefs_hat": "f1efea", "turban": "c9bda6", "crown": "d0a63a", "headband": "8a4a4a", "veil": "e9e6e0",
}  # fmt: skip


def _colour(look: Look) -> Colour:
    hat = look.clothes.hat
    if hat is None:
        return look.clothes.top.colour
    if hat.kind == "hood" and not hat.colour:
        return look.clothes.top.colour
    return named(hat.colour, hexed(_TYPICAL.get(hat.kind, "6b625a")))


def paint_hat_behind(pen: Pen, look: Look, view: str) -> None:
    """What of the hat is behind the head."""
    hat = look.clothes.hat
    if hat is None:
        return
    tone = darker(_colour(look), 0.2)
    back = {"profile": -0.16, "three_quarter": -0.06}.get(view, 0.0)
    if hat.kind == "hood" and view != "behind":
        pen.blob([(0.42 + back, 0.1), (0.5 + back, 0.6), (0.42 + back, 1.25), (-0.46 + back, 1.25), (-0.56 + back, 0.6),
                  (-0.46 + back, 0.05), (back, -0.18)], tone)  # fmt: skip
    if hat.kind == "veil" or hat.kind == "headscarf":
        pen.blob([(0.4 + back, 0.1), (0.44 + back, 0.7), (0.5 + back, 1.5), (-0.52 + back, 1.5), (-0.5 + back, 0.6),
                  (-0.42 + back, 0.05)], tone)  # fmt: skip


def paint_hat(pen: Pen, look: Look, view: str) -> None:
    """The hat itself."""
    hat = look.clothes.hat
    if hat is None:
        return
    tone = _colour(look)
    lean = {"profile": -0.05, "three_quarter": -0.02}.get(view, 0.0)
    _PAINTERS.get(hat.kind, _brimmed)(pen, tone, hat.kind, view, lean)


def _brimmed(pen: Pen, tone: Colour, kind: str, view: str, x: float) -> None:
    """Hats with a brim all round: (half brim, height of the crown, half crown, droop)."""
    brim, high, crown, droop = {
        "bowler": (0.52, 0.3, 0.36, 0.0), "top_hat": (0.53, 0.62, 0.35, 0.0), "cowboy_hat": (0.8, 0.36, 0.37, -0.1),
        "straw_hat": (0.72, 0.26, 0.36, 0.02), "sun_hat": (0.85, 0.26, 0.37, 0.1),
    }.get(kind, (0.6, 0.33, 0.36, 0.02))  # fmt: skip
    y = 0.17
    top: list[Point] = [(x - crown, y), (x - crown * 0.94, y - high * 0.75), (x - crown * 0.6,
        y - high - 0.06),
                        (x, y - high - (0.0 if kind in ("hat", "cowboy_hat") else 0.08)),
                        (x + crown * 0.6, y - high - 0.06), (x + crown * 0.94, y - high * 0.75),
                        (x + crown, y)]  # fmt: skip
    if kind == "top_hat":
        top = [(x - crown, y), (x - crown * 1.05, y - high), (x, y - high - 0.05), (x + crown * 1.05, y - high),
               (x + crown, y)]  # fmt: skip
        pen.shape(top, tone)
    else:
        pen.blob(top, tone)
    pen.fill(
        [(x - crown * 0.99, y - 0.09), (x + crown * 0.99, y - 0.09), (x + crown, y), (x - crown, y)], darker(tone, 0.4)
    )
    rim = [(x - brim, y + droop), (x - brim * 0.5, y + 0.07), (x, y + 0.09), (x + brim * 0.5, y + 0.07),
        (x + brim, y + droop),
           (x + brim * 0.5, y - 0.05), (x, y - 0.03), (x - brim * 0.5, y - 0.05)]  # fmt: skip
    pen.blob(rim, tone)


def _cap(pen: Pen, tone: Colour, kind: str, view: str, x: float) -> None:
    """A skull cap with a peak (cap, flat cap), without one (beanie, helmet), or wide (beret)."""
    if kind == "beret":
        pen.blob([(x + 0.38, 0.14), (x + 0.2, -0.02), (x - 0.2, -0.16), (x - 0.55, -0.05), (x - 0.58,
            0.1), (x - 0.36, 0.2),
                  (x, 0.19)], tone)  # fmt: skip
        pen.line([(x - 0.12, -0.13), (x - 0.14, -0.2)], ink=1.6)
        return
    high = {"flat_cap": -0.1, "beanie": -0.15, "helmet": -0.14, "hard_hat": -0.18}.get(kind, -0.13)
    edge = 0.2 if kind != "helmet" else 0.34
    dome: list[Point] = [(x + 0.41, edge), (x + 0.39, 0.02), (x + 0.22, high + 0.04), (x, high),
        (x - 0.22, high + 0.04),
                         (x - 0.42, 0.02), (x - 0.45, edge + 0.06)]  # fmt: skip
    outline = smooth(dome, closed=False) + smooth(
        [(x - 0.45, edge + 0.06), (x, edge + 0.04), (x + 0.41, edge)], closed=False
    )
    pen.shape(outline, tone)
    if kind == "beanie":
        cuff = [(x + 0.425, edge - 0.1), (x + 0.425, edge + 0.05), (x, edge + 0.1), (x - 0.47,
            edge + 0.11), (x - 0.465, edge - 0.05),
                (x, edge - 0.06)]  # fmt: skip
        pen.blob(cuff, lighter(tone, 0.12))
        for i in range(9):
            u = x - 0.4 + i * 0.1
            pen.line([(u, edge - 0.03), (u, edge + 0.08)], ink=0.6, colour=darker(tone, 0.4))
        return
    if kind in ("cap", "flat_cap") and view != "behind":
        far = {"front": 0.0, "profile": 0.72}.get(view, 0.52)
        if view == "front":
            pen.blob(
                [(-0.36, 0.2), (0.0, 0.16), (0.36, 0.2), (0.3, 0.31), (0.0, 0.35), (-0.3, 0.31)], darker(tone, 0.15)
            )
        else:
            pen.blob([(x + 0.02, 0.2), (x + 0.36, 0.13), (x + far, 0.24), (x + far - 0.06, 0.3), (x + 0.3, 0.27)],
                     darker(tone, 0.15))  # fmt: skip
    if kind == "hard_hat":
        pen.blob([(x - 0.5, edge + 0.03), (x, edge - 0.02), (x + 0.56, edge - 0.02), (x + 0.5,
            edge + 0.07), (x, edge + 0.08),
                  (x - 0.46, edge + 0.1)], tone)  # fmt: skip
        pen.line(smooth([(x - 0.1, edge - 0.02), (x - 0.08, high + 0.06), (x - 0.02, high)], closed=False), ink=1.2)


def _hood(pen: Pen, tone: Colour, kind: str, view: str, x: float) -> None:
    """A hood or a scarf that leaves the face open."""
    if view == "behind":
        pen.blob([(0.46, 0.1), (0.5, 0.6), (0.46, 1.2), (-0.46, 1.2), (-0.5, 0.6), (-0.46, 0.1), (0.0, -0.18)], tone)
        return
    if view == "profile":
        outer: list[Point] = [
            (0.3, 0.08),
            (0.16, -0.1),
            (-0.2, -0.15),
            (-0.52, 0.05),
            (-0.62, 0.5),
            (-0.6, 1.2),
            (0.02, 1.22),
        ]
        inner: list[Point] = [(0.14, 1.04), (0.06, 0.8), (0.1, 0.4), (0.24, 0.16)]
    else:
        t = 0.06 if view == "three_quarter" else 0.0
        outer = [(0.44, 0.3), (0.36, 0.0), (0.0, -0.17), (-0.4, -0.02), (-0.52, 0.35), (-0.53, 0.8),
            (-0.48, 1.25), (0.0, 1.3),
                 (0.46, 1.22), (0.47, 0.75)]  # fmt: skip
        inner = [(t + 0.36, 0.78), (t + 0.18, 1.06), (t, 1.1), (t - 0.2, 1.06), (t - 0.37, 0.8),
            (t - 0.37, 0.4), (t - 0.22, 0.15),
                 (t, 0.09), (t + 0.2, 0.13), (t + 0.33, 0.38)]  # fmt: skip
        # The opening is left out: a ring of two halves.
        ring_top = smooth([*outer[-1:], *outer[:6]], closed=False) + smooth(inner[4:] + inner[:1], closed=False)
        ring_low = smooth(outer[5:], closed=False) + smooth(inner[:5], closed=False)
        pen.fill(ring_low, tone)
        pen.fill(ring_top, tone)
        pen.line(smooth(outer), ink=1.0)
        pen.line(smooth(inner), ink=1.0)
        return
    pen.shape(smooth(outer, closed=False) + smooth(inner, closed=False), tone)


def _crown(pen: Pen, tone: Colour, kind: str, view: str, x: float) -> None:
    points: list[Point] = [(x - 0.36, 0.12)]
    for i in range(5):
        u = x - 0.36 + 0.18 * i
        points += [(u, -0.2 if i % 2 == 0 else -0.24), (u + 0.09, -0.03)] if i < 4 else [(u, -0.2)]
    pen.shape([*points, (x + 0.36, 0.12), (x, 0.17)], tone)


def _band(pen: Pen, tone: Colour, kind: str, view: str, x: float) -> None:
    pen.blob([(x + 0.39, 0.14), (x + 0.39, 0.23), (x, 0.2), (x - 0.42, 0.26), (x - 0.42, 0.16), (x, 0.1)], tone)


def _turban(pen: Pen, tone: Colour, kind: str, view: str, x: float) -> None:
    pen.blob(
        [
            (x + 0.42, 0.2),
            (x + 0.46, 0.0),
            (x + 0.2, -0.24),
            (x - 0.2, -0.26),
            (x - 0.5, -0.04),
            (x - 0.46, 0.26),
            (x, 0.16),
        ],
        tone,
    )
    for y in (-0.12, 0.0, 0.1):
        pen.line(arc(x, y + 0.1, 0.44, 0.16, 200, 340), ink=0.8, colour=darker(tone, 0.4))


def _bonnet(pen: Pen, tone: Colour, kind: str, view: str, x: float) -> None:
    pen.blob([(x + 0.4, 0.24), (x + 0.4, 0.0), (x, -0.14), (x - 0.46, 0.0), (x - 0.52, 0.4), (x - 0.36,
        0.72), (x - 0.28, 0.4),
              (x, 0.2)], tone)  # fmt: skip
    pen.line([(x - 0.3, 0.7), (x + 0.08, 1.02)], ink=1.4, colour=darker(tone, 0.25))


def _toque(pen: Pen, tone: Colour, kind: str, view: str, lean: float) -> None:
    """A cook's tall hat: a band, and a puffed crown over it."""
    pen.blob([(lean - 0.38, 0.02), (lean - 0.56, -0.2), (lean - 0.5, -0.52), (lean - 0.22, -0.56), (lean, -0.64),
              (lean + 0.24, -0.56), (lean + 0.52, -0.5), (lean + 0.56, -0.2), (lean + 0.38, 0.02)], tone)  # fmt: skip
    for x in (-0.2, 0.0, 0.2):
        pen.line([(lean + x, -0.02), (lean + x * 1.3, -0.36)], ink=0.7, colour=darker(tone, 0.2))
    pen.shape([(lean - 0.39, 0.22), (lean - 0.4, -0.06), (lean + 0.4, -0.06), (lean + 0.39, 0.2)], tone)


_PAINTERS = {
    **dict.fromkeys(("cap", "flat_cap", "beanie", "helmet", "hard_hat", "beret"), _cap),
    **dict.fromkeys(("hood", "headscarf", "veil"), _hood),
    "crown": _crown,
    "headband": _band,
    "turban": _turban,
    "bonnet": _bonnet,
    "chefs_hat": _toque,
}
