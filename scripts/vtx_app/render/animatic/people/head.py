"""Heads: face, ears, hair, beard, glasses. Units are head heights: the crown at (0, 0), the chin at (0, 1).

A head looks to the right; the pen mirrors it for the other side. ``view`` is ``front``, ``three_quarter``, ``profile``
or ``behind``.
"""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import INK, Colour, darker, lighter, mix
from vtx_app.render.animatic.drawing.pen import Pen, Point, arc, smooth
from vtx_app.render.animatic.people.hair import paint_hair_behind, paint_hair_over
from vtx_app.render.animatic.people.headwear import paint_hat, paint_hat_behind
from vtx_app.render.animatic.people.look import Look

__all__ = ["paint_behind_head", "paint_head"]

_FRONT: list[Point] = [
    (0.0, 0.0), (0.2, 0.03), (0.34, 0.16), (0.375, 0.36), (0.365, 0.55), (0.33, 0.75), (0.2, 0.94), (0.07, 1.0),
    (-0.07, 1.0), (-0.2, 0.94), (-0.33, 0.75), (-0.365, 0.55), (-0.375, 0.36), (-0.34, 0.16), (-0.2, 0.03),
]  # fmt: skip
_TURNED: list[Point] = [
    (0.0, 0.0), (0.18, 0.03), (0.31, 0.15), (0.345, 0.34), (0.335, 0.45), (0.35, 0.58), (0.335, 0.74), (0.24, 0.93),
    (0.13, 1.0), (-0.02, 0.97), (-0.17, 0.86), (-0.3, 0.72), (-0.37, 0.55), (-0.4, 0.36), (-0.36, 0.16), (-0.2, 0.03),
]  # fmt: skip
_PROFILE: list[Point] = [
    (-0.04, 0.0), (0.16, 0.03), (0.31, 0.15), (0.36, 0.3), (0.35, 0.41), (0.37, 0.46), (0.455, 0.61), (0.43, 0.655),
    (0.365, 0.675), (0.385, 0.72), (0.375, 0.765), (0.385, 0.8), (0.355, 0.845), (0.365, 0.91), (0.31, 0.99),
    (0.2, 1.0), (0.02, 0.9), (-0.12, 0.76), (-0.25, 0.78), (-0.4, 0.62), (-0.45, 0.38), (-0.38, 0.15), (-0.22, 0.03),
]  # fmt: skip
_CHILD_ROUND = 1.1


def paint_behind_head(pen: Pen, look: Look, view: str) -> None:
    """Paint what hangs down behind the neck: it is painted before the body."""
    paint_hat_behind(pen, look, view)
    paint_hair_behind(pen, look, view)


def paint_head(pen: Pen, look: Look, view: str, *, mouth_open: bool = False) -> None:
    """Paint a head whose crown is the pen's origin and whose height is its unit."""
    wide = pen.at(0, 0)
    shade = darker(look.skin, 0.22)
    if view == "behind":
        for side in (-1, 1):
            wide.blob([(side * 0.36, 0.42), (side * 0.44, 0.42), (side * 0.43, 0.58), (side * 0.36, 0.62)], look.skin)
        wide.blob(_FRONT, look.skin)
        wide.line(smooth([(-0.2, 0.93), (0, 0.97), (0.2, 0.93)], closed=False), ink=0.6, colour=shade)
    else:
        outline = {"front": _FRONT, "profile": _PROFILE}.get(view, _TURNED)
        if view == "front":
            _ear(wide, look, 0.37, 1)
        if view != "profile":
            _ear(wide, look, -0.37, -1)
        wide.blob(_rounded(outline) if look.child else outline, look.skin)
        _cheek(wide, look, view, shade)
        if view == "profile":
            _ear(wide, look, -0.12, 1)
        _beard(wide, look, view)
        _face(wide, look, view, mouth_open)
    paint_hair_over(wide, look, view)
    if view != "behind":
        _glasses(wide, look, view)
    paint_hat(wide, look, view)


def _rounded(outline: list[Point]) -> list[Point]:
    """A child's head: a rounder skull, fuller cheeks."""
    return [(x * (_CHILD_ROUND if y < 0.9 else 0.95), y) for x, y in outline]


def _ear(pen: Pen, look: Look, x: float, side: int) -> None:
    pen.blob(
        [(x - side * 0.02, 0.43), (x + side * 0.07, 0.41), (x + side * 0.075, 0.53), (x, 0.63)], look.skin, ink=0.8
    )


def _cheek(pen: Pen, look: Look, view: str, shade: Colour) -> None:
    """The shaded side of the face, away from where it looks."""
    if view == "profile":
        pen.fill(smooth([(-0.4, 0.6), (-0.12, 0.74), (0.04, 0.9), (0.2, 0.985), (0.0, 0.92), (-0.2, 0.77)]), shade)
        return
    soft = mix(look.skin, shade, 0.6)
    pen.fill(smooth([(-0.355, 0.3), (-0.3, 0.5), (-0.27, 0.7), (-0.12, 0.88), (-0.06, 0.95), (-0.19, 0.84),
                     (-0.31, 0.68), (-0.36, 0.5)]), soft)  # fmt: skip


def _eye_places(view: str) -> list[tuple[float, float]]:
    """(x, width) of each eye that is seen, the farther one first."""
    return {"front": [(0.155, 1.0), (-0.155, 1.0)], "profile": [(0.255, 0.55)]}.get(
        view, [(0.235, 0.72), (-0.045, 1.0)]
    )


def _face(pen: Pen, look: Look, view: str, mouth_open: bool) -> None:
    brow = mix(look.hair, INK, 0.45) if look.hair_length else darker(look.skin, 0.55)
    look_to = 0.0 if view == "front" else 0.022
    high = 0.53 if look.child else 0.48
    for x, wide in _eye_places(view):
        r = (0.068 if look.child else 0.058) * wide
        white = smooth([(x - r * 1.25, high), (x, high - r * 0.75), (x + r * 1.25, high), (x, high + r * 0.6)])
        pen.fill(white, (246, 243, 238))
        pen.oval(x + look_to * wide, high - r * 0.05, r * 0.5, r * 0.62, INK, ink=0)
        pen.line(arc(x, high + r * 0.1, r * 1.3, r * 0.95, 190, 350, points=9), ink=0.9)
        top = high - (0.1 if look.child else 0.085)
        pen.stroke(smooth([(x - r * 1.4, top + 0.02), (x, top - 0.015), (x + r * 1.4, top + 0.01)], closed=False),
                   0.022 if look.woman or look.child else 0.03, brow)  # fmt: skip
    nose: dict[str, list[Point]] = {
        "front": [(0.03, 0.56), (0.06, 0.66), (0.0, 0.69), (-0.05, 0.67)],
        "profile": [(0.36, 0.645), (0.4, 0.66)],
    }
    line = nose.get(view, [(0.155, 0.52), (0.235, 0.655), (0.16, 0.69), (0.115, 0.672)])
    pen.line(smooth(line, closed=False) if len(line) > 2 else line, ink=0.8, colour=darker(look.skin, 0.6))
    _mouth(pen, look, view, mouth_open)
    if look.old:
        _wrinkles(pen, look, view)


def _mouth(pen: Pen, look: Look, view: str, mouth_open: bool) -> None:
    lip = mix(darker(look.skin, 0.35), (150, 60, 60), 0.4 if look.woman else 0.2)
    x, half = {"front": (0.0, 0.12), "profile": (0.325, 0.055)}.get(view, (0.12, 0.1))
    if mouth_open:
        pen.shape(smooth([(x - half * 0.8, 0.8), (x, 0.775), (x + half * 0.8, 0.8), (x, 0.875)]), (92, 38, 40), ink=0.7)
        return
    pen.line(smooth([(x - half, 0.8), (x, 0.812), (x + half, 0.797)], closed=False), ink=1.0, colour=darker(lip, 0.45))
    if view != "profile":
        pen.line([(x - half * 0.4, 0.85), (x + half * 0.4, 0.85)], ink=0.7, colour=lip)


def _wrinkles(pen: Pen, look: Look, view: str) -> None:
    tone = darker(look.skin, 0.4)
    x = {"front": 0.0, "profile": 0.27}.get(view, 0.1)
    for dx in (-0.17, 0.15) if view != "profile" else (-0.09,):
        pen.line(
            smooth([(x + dx * 0.75, 0.66), (x + dx, 0.73), (x + dx * 0.95, 0.81)], closed=False), ink=0.8, colour=tone
        )
    for y in (0.27, 0.325):
        pen.line(
            smooth([(x - 0.14, y + 0.01), (x, y - 0.005), (x + 0.12, y + 0.01)], closed=False), ink=0.6, colour=tone
        )
    for ex, wide in _eye_places(view):
        pen.line(arc(ex, 0.53, 0.06 * wide, 0.035, 20, 160, points=7), ink=0.6, colour=tone)


def _beard(pen: Pen, look: Look, view: str) -> None:
    if not look.beard:
        return
    tone = look.beard_colour
    if look.beard == "stubble":
        tone = mix(look.skin, mix(look.hair, INK, 0.4), 0.3)
    x = {"front": 0.0, "profile": 0.3}.get(view, 0.11)
    if look.beard != "moustache":
        long = 1.35 if look.beard == "long_beard" else 1.08 if look.beard == "beard" else 0.985
        ink = 0.0 if look.beard == "stubble" else 0.8
        jaw: dict[str, list[Point]] = {
            "front": [(0.36, 0.5), (0.3, 0.7), (0.14, 0.73), (0.0, 0.72), (-0.14, 0.73), (-0.3, 0.7), (-0.36, 0.5),
                      (-0.33, 0.78), (-0.2, long - 0.05), (0.0, long), (0.2, long - 0.05), (0.33, 0.78)],
            "profile": [(-0.1, 0.48), (0.02, 0.68), (0.2, 0.72), (0.36, 0.7), (0.39, 0.78), (0.37, 0.92),
                        (0.33, long), (0.14, long - 0.03), (-0.02, 0.88), (-0.14, 0.7)],
        }  # fmt: skip
        turned = [(-0.35, 0.5), (-0.26, 0.7), (-0.06, 0.72), (0.1, 0.715), (0.24, 0.72), (0.34, 0.66), (0.34, 0.78),
                  (0.27, long - 0.06), (0.13, long), (-0.04, long - 0.03), (-0.2, 0.86), (-0.31, 0.72)]  # fmt: skip
        outline = smooth(jaw.get(view, turned))
        if ink:
            pen.shape(outline, tone, ink=ink)
        else:
            pen.fill(outline, tone)
    if look.beard != "stubble":
        half = 0.08 if view == "profile" else 0.15
        pen.shape(
            smooth([(x - half, 0.785), (x - half * 0.6, 0.715), (x, 0.7), (x + half * 0.6, 0.715), (x + half, 0.785),
                    (x, 0.755)]), darker(tone, 0.12), ink=0.6)  # fmt: skip


def _glasses(pen: Pen, look: Look, view: str) -> None:
    if not look.glasses:
        return
    y, dark = 0.485 if not look.child else 0.53, look.glasses in ("sunglasses", "goggles", "eye_patch")
    places = _eye_places(view)
    if look.glasses in ("monocle", "eye_patch"):
        places = places[-1:]
    for x, wide in places:
        ring = arc(x, y, 0.105 * wide, 0.095, 0, 360)
        if dark:
            pen.shape(ring, (38, 40, 46))
            if look.glasses != "eye_patch":
                pen.line([(x - 0.03 * wide, y + 0.03), (x + 0.03 * wide, y - 0.04)], ink=0.8, colour=(150, 156, 164))
        else:
            pen.line(ring, ink=1.3)
    if look.glasses == "eye_patch":
        pen.line([(-0.38, 0.36), (places[0][0], y - 0.06), (0.3, 0.3)], ink=1.2)
    elif look.glasses != "monocle":
        if len(places) == 2:
            (ax, aw), (bx, bw) = places
            pen.line([(bx + 0.105 * bw, y - 0.02), (ax - 0.105 * aw, y - 0.02)], ink=1.3)
        ear = {"front": -0.37, "profile": -0.12}.get(view, -0.37)
        pen.line([(places[-1][0] - 0.105 * places[-1][1], y - 0.01), (ear, 0.46)], ink=1.2)
        if view == "front":
            pen.line([(places[0][0] + 0.105, y - 0.01), (0.37, 0.46)], ink=1.2)
    if look.glasses == "goggles":
        pen.line([(-0.4, 0.44), (places[-1][0] - 0.1, y)], ink=3.0, colour=lighter(INK, 0.2))
