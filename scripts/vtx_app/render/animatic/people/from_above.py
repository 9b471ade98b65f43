"""Somebody seen from straight above: head, shoulders and what the arms hold. Units are metres, and the look is to the
right (+x)."""

from __future__ import annotations

from collections.abc import Callable

from vtx_app.render.animatic.drawing.colours import Colour, darker, lighter
from vtx_app.render.animatic.drawing.pen import Pen, box
from vtx_app.render.animatic.people.look import Look

__all__ = ["paint_person_above"]

_BRIMS = {
    "hat": 0.2, "bowler": 0.18, "top_hat": 0.19, "cowboy_hat": 0.25, "straw_hat": 0.26, "sun_hat": 0.28, "bonnet": 0.18,
}  # fmt: skip
_VISORS = ("cap", "flat_cap")


def paint_person_above(
    pen: Pen, look: Look, pose: str, paint_held: Callable[[Pen], None] | None, hat_colour: Colour | None
) -> None:
    """Paint somebody who looks like ``look``. ``paint_held`` paints what is in the hand, with a pen at the hand.
    ``hat_colour``: that of the hat, None for its usual one."""
    size = look.metres / 1.72
    pen = pen.at(0, 0, size)
    clothes, top = look.clothes, look.clothes.top
    half = 0.235 * look.broad * (0.92 if look.child else 1.0)
    _legs(pen, look, pose)
    if top.hem > 0.4:
        pen.oval(-0.01, 0, 0.2 + 0.14 * top.flare, half + 0.06 * top.flare, darker(top.colour, 0.18))
    reach = 0.3 if paint_held is not None or pose in ("reach", "row", "climb", "point") else 0.06
    hands = []
    for side in (-1, 1):
        held = side > 0 and paint_held is not None
        swing = {"run": 0.3, "walk": 0.2}.get(pose, 0.0) * side
        out = reach if held or pose in ("row", "reach", "climb") else 0.06 + swing
        if pose in ("sit", "ride", "kneel") and not held:
            out = 0.28
        elbow, hand = (out * 0.45, side * (half + 0.03)), (out, side * (half * (0.45 if out > 0.25 else 0.98)))
        pen.stroke([(0, side * half * 0.86), elbow, hand], 0.1, darker(top.colour, 0.08), line=(40, 36, 40))
        pen.oval(*hand, 0.045, 0.04, look.skin, ink=0.8)
        hands.append(hand)
    pen.oval(0, 0, 0.125 + 0.05 * look.belly, half, top.colour)
    pen.line([(-0.06, -half * 0.8), (-0.06, half * 0.8)], ink=0.6, colour=darker(top.colour, 0.25))
    if paint_held is not None:
        paint_held(pen.at(*hands[1], 1 / size))
    _head(pen, look, clothes.hat.kind if clothes.hat is not None else "", hat_colour)


def _legs(pen: Pen, look: Look, pose: str) -> None:
    """Feet that stride, or the thighs of somebody who sits."""
    cloth, shoe = look.clothes.trousers, look.clothes.shoes
    if look.clothes.legs in ("bare", "skirt", "shorts"):
        cloth = look.skin
    if pose in ("sit", "ride", "kneel", "crouch", "row"):
        for side in (-1, 1):
            apart = 0.2 if pose == "ride" else 0.09
            pen.stroke([(0.02, side * 0.08), (0.4, side * apart)], 0.13, cloth, line=(40, 36, 40))
            pen.oval(0.46, side * apart, 0.08, 0.05, shoe)
        return
    stride = {"walk": 0.22, "run": 0.36}.get(pose, 0.07)
    for side in (-1, 1):
        x = stride if side > 0 else stride * (-1 if stride > 0.1 else 1)
        pen.oval(x + 0.04, side * 0.09, 0.12, 0.05, shoe)


def _head(pen: Pen, look: Look, hat: str, hat_colour: Colour | None) -> None:
    r = 0.105 * (1.12 if look.child else 1.0)
    pen.oval(0.045, 0, r * 0.95, r * 0.86, look.skin)  # the brow and the nose
    pen.blob([(r + 0.02, -0.02), (r + 0.055, 0.0), (r + 0.02, 0.02)], look.skin, ink=0.8)
    if look.glasses:
        pen.line([(r + 0.02, -0.06), (r + 0.03, 0), (r + 0.02, 0.06)], ink=1.6)
    if look.hair_length != "bald":
        if look.hair_style == "plaits":
            for side in (-1, 1):
                pen.stroke([(-0.02, side * r), (-0.1, side * (r + 0.07))], 0.05, look.hair, line=(40, 36, 40))
        elif look.hair_style in ("bun", "ponytail"):
            pen.oval(-r - 0.03, 0, 0.055, 0.05, look.hair)
        elif look.hair_length in ("long", "medium"):
            pen.oval(-0.06, 0, r, r * 1.08, look.hair)
        pen.oval(-0.012, 0, r * 0.98, r, look.hair)
        pen.line([(-r * 0.7, 0), (r * 0.6, 0)], ink=0.6, colour=lighter(look.hair, 0.2))
    else:
        pen.oval(-0.005, 0, r, r * 0.94, look.skin)
        pen.fill(box(-0.03, -0.03, 0.0, -0.015), lighter(look.skin, 0.4))
    if not hat:
        return
    tone = hat_colour if hat_colour is not None else (92, 86, 82)
    if hat in _BRIMS:
        pen.oval(-0.005, 0, _BRIMS[hat], _BRIMS[hat] * 0.94, darker(tone, 0.1))
        pen.oval(-0.01, 0, r * 1.05, r * 0.95, tone)
        return
    if hat in _VISORS:
        pen.oval(0.1, 0, 0.08, r * 0.8, darker(tone, 0.2))
    pen.oval(-0.012, 0, r * 1.12, r * 1.1, tone)
    if hat == "hood":
        pen.oval(0.06, 0, 0.05, r * 0.7, look.skin, ink=0.6)
