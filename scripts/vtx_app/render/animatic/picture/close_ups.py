"""Close-ups of hands and of feet: the figure itself, so near that nothing else of it is seen."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import Colour, hexed
from vtx_app.render.animatic.drawing.pen import Pen
from vtx_app.render.animatic.people.figure import paint_figure
from vtx_app.render.animatic.people.look import Look
from vtx_app.render.animatic.places.setting import Setting

__all__ = ["paint_feet", "paint_hands"]

_SKIN, _SLEEVE = hexed("d9c6b4"), hexed("b9b6b0")


def paint_hands(setting: Setting, look: Look | None, x: float, y: float, high: float, away: float = 0.3) -> None:
    """Two hands that reach in from below, ``away`` from the middle of a thing that stands at (``x``, ``y``) and is
    ``high``; all in frame heights."""
    skin: Colour = look.skin if look else _SKIN
    sleeve: Colour = look.clothes.top.colour if look else _SLEEVE
    pen = setting.pen.tinted(setting.light.people)
    for side in (-1, 1):
        _hand(pen.at(x + side * away, y - high * 0.25, 0.3, flip=side > 0), skin, sleeve)


def _hand(hand: Pen, skin: Colour, sleeve: Colour) -> None:
    hand.shape([(-0.95, 0.75), (-0.35, 0.1), (-0.1, 0.4), (-0.6, 1.3), (-1.2, 1.3)], sleeve)
    hand.blob([(-0.36, 0.14), (-0.1, -0.12), (0.16, -0.2), (0.2, -0.05), (0.12, 0.2), (-0.08, 0.42)], skin)
    for i in range(4):
        a = (0.12 + 0.01 * i, -0.16 + i * 0.095)
        b = (0.42 - 0.03 * i, -0.26 + i * 0.105)
        hand.stroke([a, b], 0.075, skin, line=(34, 32, 38))
    hand.stroke([(-0.05, -0.1), (0.14, -0.34)], 0.08, skin, line=(34, 32, 38))


def paint_feet(setting: Setting, look: Look, pose: str, facing: int) -> None:
    """Legs from the knee down, on the ground of the place."""
    aspect = setting.stage.aspect
    pen = setting.pen.tinted(setting.light.people)
    pen.oval(aspect / 2, 0.88, 0.42, 0.03, setting.toned((92, 88, 84)), ink=0.0)
    shown = pose if pose in ("walk", "run", "climb", "dance") else "stand"
    paint_figure(pen.at(aspect / 2, 0.88, 2.3, flip=facing < 0).inked(1.6), look, view="three_quarter", pose=shown)
