"""Coats, jerseys, dresses: what covers the body, with collar, front and pattern."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import INK, Colour, darker, lighter, mix
from vtx_app.render.animatic.drawing.pen import Pen, Point, oval, smooth
from vtx_app.render.animatic.people.extras import paint_skirt
from vtx_app.render.animatic.people.look import Look
from vtx_app.render.animatic.people.pose import Joints
from vtx_app.render.animatic.people.torso import Torso

__all__ = ["paint_top"]


def _line_on(tone: Colour) -> Colour:
    return lighter(tone, 0.3) if sum(tone) < 190 else darker(tone, 0.5)


def paint_top(pen: Pen, look: Look, joints: Joints, view: str) -> None:
    """Paint what covers the body; a skirt is painted under it."""
    clothes, torso = look.clothes, Torso(look, joints, view)
    top = clothes.top
    tone, line = top.colour, _line_on(top.colour)
    edge = INK if sum(tone) >= 190 else lighter(tone, 0.16)
    if clothes.legs == "skirt":
        paint_skirt(pen, look, torso, joints)
    pen.shape(torso.outline(), tone, line=edge)
    _shadow(pen, torso, tone)
    _pattern(pen, torso, top.pattern, tone)
    if view == "behind":
        _back(pen, torso, line, top.hem)
        return
    neck, h = joints.neck, look.head
    x = torso.middle(0.0)[0]
    if top.front == "open":
        low = torso.middle(0.78)
        pen.fill(
            [(x - h * 0.16, neck[1]), (x + h * 0.16, neck[1]), (low[0] + h * 0.1, low[1]), (low[0] - h * 0.06, low[1])],
            clothes.inner,
        )
        pen.line([(x - h * 0.2, neck[1]), (low[0] - h * 0.07, low[1]), torso.middle(1.0)], ink=0.8, colour=line)
        pen.line([(x + h * 0.2, neck[1]), (low[0] + h * 0.1, low[1]), torso.middle(1.0)], ink=0.8, colour=line)
    elif top.front in ("buttons", "zip", "wrap", "bib", "plates"):
        _front(pen, torso, top.front, line, clothes.inner, h)
    _collar(pen, look, torso, x, neck, h)
    _folds(pen, torso, line)


def _shadow(pen: Pen, torso: Torso, tone: Colour) -> None:
    """The side away from where the figure looks, a tone darker."""
    points, inner = [], []
    for share in (0.12, 0.35, 0.6, 0.8, 1.0):
        (ax, ay), (bx, by) = torso.across(share)
        points.append((ax + 0.004, ay))
        inner.append((ax + (bx - ax) * 0.26, ay + (by - ay) * 0.26))
    pen.fill(
        smooth([*points], closed=False) + smooth(inner, closed=False)[::-1],
        darker(tone, 0.2) if sum(tone) > 150 else lighter(tone, 0.07),
    )


def _front(pen: Pen, torso: Torso, front: str, line: Colour, inner: Colour, h: float) -> None:
    if front == "wrap":
        a, b = torso.across(0.0)[1], torso.across(0.6)[0]
        pen.line([(a[0] - 0.05, a[1] - 0.02), (b[0] + 0.03, b[1])], ink=1.0, colour=line)
        left, right = torso.across(0.5)
        pen.stroke([left, right], 0.022, line)
        return
    if front == "bib":
        left, right = torso.across(0.35)
        x0, x1 = left[0] * 0.75 + right[0] * 0.25, left[0] * 0.25 + right[0] * 0.75
        for x in (x0, x1):
            pen.line([(x, torso.across(0.02)[0][1]), (x, left[1])], ink=2.0, colour=line)
        pen.line([(x0, left[1]), (x1, left[1])], ink=1.2, colour=line)
        return
    if front == "plates":
        for share in (0.3, 0.5, 0.7):
            left, right = torso.across(share)
            pen.line([left, (torso.middle(share)[0], left[1] + 0.012), right], ink=0.9, colour=line)
        return
    pen.line([torso.middle(share) for share in (0.02, 0.25, 0.5, 0.75, 1.0)], ink=0.8, colour=line)
    if front == "buttons":
        for share in (0.22, 0.4, 0.58, 0.74, 0.88):
            x, y = torso.middle(share)
            pen.fill(oval(x + 0.014, y, 0.0075, 0.0075, points=12), line)


def _collar(pen: Pen, look: Look, torso: Torso, x: float, neck: Point, h: float) -> None:
    top = look.clothes.top
    tone, line = top.colour, _line_on(top.colour)
    y = neck[1]
    left, right = torso.collar_left, torso.collar_right
    if top.collar == "high":
        lift = h * 0.16
        pen.blob([(left[0] - 0.004, y + 0.012), (left[0], y - lift), (x, y - lift * 0.5), (right[0],
            y - lift), (right[0] + 0.004, y + 0.012),
                  (x, y + 0.03)], lighter(tone, 0.07), ink=0.8)  # fmt: skip
    elif top.collar == "crew":
        pen.line(smooth([left, (x, y + h * 0.16), right], closed=False), ink=1.6, colour=line)
    elif top.collar in ("shirt", "lapels"):
        low = y + h * (0.34 if top.collar == "shirt" else 0.8)
        if top.collar == "lapels":
            pen.fill([(x - h * 0.17, y), (x + h * 0.17, y), (x, low)], look.clothes.inner)
        for side, edge in ((-1, left), (1, right)):
            pen.shape([(edge[0], y - h * 0.06), (x + side * h * 0.02, low), (x + side * h * 0.34, y + (low - y) * 0.55),
                       (edge[0] + side * h * 0.1, y + h * 0.04)], lighter(tone, 0.1), ink=0.8)  # fmt: skip
    elif top.collar == "hood":
        pen.blob([(left[0] - 0.02, y - 0.004), (x, y + h * 0.3), (right[0] + 0.02, y - 0.004),
            (right[0] + 0.03, y + 0.03), (x, y + h * 0.5),
                  (left[0] - 0.03, y + 0.03)], darker(tone, 0.12), ink=0.8)  # fmt: skip
    else:
        pen.fill([(left[0] + 0.008, y - 0.01), (x, y + h * 0.42), (right[0] - 0.008, y - 0.01)], look.skin)
        pen.line(smooth([left, (x, y + h * 0.42), right], closed=False), ink=1.0, colour=line)


def _folds(pen: Pen, torso: Torso, line: Colour) -> None:
    hem = torso.look.clothes.top.hem
    if hem > 0.3:
        for share in (0.3, 0.72):
            (ax, ay), (bx, _by) = torso.across(0.72)
            (cx, cy), (dx, _dy) = torso.across(0.97)
            pen.line([(ax + (bx - ax) * share, ay), (cx + (dx - cx) * share, cy)], ink=0.6, colour=line)


def _back(pen: Pen, torso: Torso, line: Colour, hem: float) -> None:
    (ax, ay), (bx, _by) = torso.across(0.1)
    pen.line([((ax + bx) / 2, ay), torso.middle(0.8)], ink=0.5, colour=line)
    _folds(pen, torso, line)


def _pattern(pen: Pen, torso: Torso, pattern: str, tone: Colour) -> None:
    other = mix(tone, (245, 243, 238), 0.75) if sum(tone) < 420 else darker(tone, 0.5)
    if "strip" in pattern or "check" in pattern or "plaid" in pattern or "tartan" in pattern:
        for i in range(1, 9):
            left, right = torso.across(i / 9)
            pen.line([(left[0] + 0.006, left[1]), (right[0] - 0.006, right[1])], ink=1.5, colour=other)
    if "check" in pattern or "plaid" in pattern or "tartan" in pattern:
        for share in (0.2, 0.4, 0.6, 0.8):
            pen.line(
                [(a[0] + (b[0] - a[0]) * share, a[1]) for a, b in map(torso.across, (0.12, 0.5, 1.0))],
                ink=1.2,
                colour=other,
            )
    if "dot" in pattern or "spot" in pattern or "flower" in pattern or "floral" in pattern:
        for i in range(1, 8):
            left, right = torso.across(i / 8)
            for share in (0.2, 0.5, 0.8) if i % 2 else (0.35, 0.65):
                x, y = left[0] + (right[0] - left[0]) * share, left[1] + (right[1] - left[1]) * share
                pen.fill(oval(x, y, 0.009, 0.009, points=10), other)
