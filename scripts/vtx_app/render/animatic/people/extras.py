"""Scarves, ties, aprons, shawls, blankets, skirts: what is worn with a garment."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.pen import Pen
from vtx_app.render.animatic.people.look import Look
from vtx_app.render.animatic.people.pose import Joints
from vtx_app.render.animatic.people.torso import Torso

__all__ = ["paint_extras", "paint_skirt"]


def paint_extras(pen: Pen, look: Look, joints: Joints, view: str, *, over: bool) -> None:
    """Scarf, tie, apron, shawl, blanket; a scarf and a shawl lie over the neck, so ``over`` the head's lower edge."""
    torso = Torso(look, joints, view)
    neck, h = joints.neck, look.head
    for extra in look.clothes.extras:
        tone = extra.colour
        x = torso.middle(0.0)[0]
        if over:
            if extra.kind == "scarf":
                pen.blob([(neck[0] - h * 0.36, neck[1] - h * 0.16), (neck[0] + h * 0.34,
                    neck[1] - h * 0.16), (neck[0] + h * 0.38, neck[1] + h * 0.06),
                          (neck[0], neck[1] + h * 0.14), (neck[0] - h * 0.4, neck[1] + h * 0.06)], tone)  # fmt: skip
                if view != "behind":
                    pen.shape(
                        [
                            (x - h * 0.05, neck[1] + h * 0.08),
                            (x + h * 0.2, neck[1] + h * 0.08),
                            (x + h * 0.22, neck[1] + h),
                            (x, neck[1] + h),
                        ],
                        tone,
                    )
            continue
        if extra.kind == "tie" and view != "behind":
            end = torso.middle(0.6)
            pen.shape([(x - h * 0.05, neck[1] + h * 0.05), (x + h * 0.07, neck[1] + h * 0.05),
                (end[0] + h * 0.09, end[1]), end, (end[0] - h * 0.08, end[1])],
                      tone, ink=0.7)  # fmt: skip
        elif extra.kind == "apron" and view != "behind":
            (ax, ay), (bx, by) = torso.across(0.3)
            (cx, cy), (dx, dy) = torso.across(0.62)
            low = joints.hip[1] * 0.45
            pen.shape(
                [
                    (ax * 0.7 + bx * 0.3, ay),
                    (ax * 0.3 + bx * 0.7, by),
                    (dx, dy),
                    (dx + 0.01, low),
                    (cx - 0.01, low),
                    (cx, cy),
                ],
                tone,
            )
        elif extra.kind in ("shawl", "blanket"):
            share = 0.5 if extra.kind == "shawl" else 0.95
            sides = [torso.across(each) for each in (0.0, 0.25, share)]
            left = [(a[0] - 0.035, a[1]) for a, _ in sides]
            right = [(b[0] + 0.035, b[1]) for _, b in sides]
            pen.blob([torso.collar_left, *left, (neck[0], left[-1][1] + 0.03), *right[::-1], torso.collar_right], tone)


def paint_skirt(pen: Pen, look: Look, torso: Torso, j: Joints) -> None:
    """Paint a skirt that ends at the knee; the garment over it is painted after."""
    tone = look.clothes.trousers
    low = j.hip[1] * 0.45
    left, right = torso.left[-1], torso.right[-1]
    pen.shape(
        [(left[0], left[1] - 0.03), (right[0], right[1] - 0.03), (right[0] + 0.05, low), (left[0] - 0.05, low)], tone
    )
