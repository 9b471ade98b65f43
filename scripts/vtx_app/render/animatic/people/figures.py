"""Full figures: silhouettes with a rim of light.

Outlines are in figure heights: x from the middle of the body, y from 0 at the crown to 1 at the soles.
"""

from __future__ import annotations

import numpy as np

from vtx_app.render.animatic.frame.drawing import Point, Sheet, curve, mix
from vtx_app.render.animatic.people.appearance import (
    Appearance,
    appearance_of,
    head_front,
    head_side,
    mirrored,
    moved,
    paint_lit,
)
from vtx_app.render.animatic.reading.situation import seed_of
from vtx_app.render.animatic.scene.palette import Palette

__all__ = ["paint_figure"]

_HEAD = 0.135
"""Height of a head as a share of the figure's (artists count seven and a half heads)."""


def _limb(points: list[Point], widths: list[float]) -> list[Point]:
    """A tapering limb along ``points``."""
    left: list[Point] = []
    right: list[Point] = []
    for i, ((x, y), w) in enumerate(zip(points, widths, strict=True)):
        ax, ay = points[max(0, i - 1)]
        bx, by = points[min(len(points) - 1, i + 1)]
        length = float(np.hypot(bx - ax, by - ay)) or 1.0
        nx, ny = -(by - ay) / length * w, (bx - ax) / length * w
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return curve([*left, *reversed(right)], steps=5)


def _body(look: Appearance, pose: str, rng: np.random.Generator) -> list[list[Point]]:
    """Neck to soles of a standing or walking figure; ``hold`` has one arm bent."""
    b = look.build
    hem = 0.74 if look.coat == "long" else 0.56
    flare = 0.128 if look.coat == "long" else 0.1
    torso = [
        (0.028, 0.1), (0.03, 0.148), (0.075 * b, 0.168), (0.116 * b, 0.192), (0.122 * b, 0.28), (0.104 * b, 0.4),
        (0.1 * b, 0.48), (flare * b, hem - 0.01), (flare * 0.9 * b, hem), (0.0, hem + 0.004),
    ]  # fmt: skip
    outlines = [curve(mirrored(torso), steps=5)]
    swing = 0.05 if pose == "walk" else 0.0
    for side in (-1, 1):
        reach = side * swing * -1
        elbow, hand = (side * 0.148 * b + reach * 0.5, 0.37), (side * 0.14 * b + reach * 1.4, 0.51)
        if pose == "hold" and side == 1:
            elbow, hand = (0.17 * b, 0.36), (0.235, 0.33)
        outlines.append(_limb([(side * 0.108 * b, 0.2), elbow, hand], [0.038 * b, 0.034 * b, 0.022]))
        step = side * swing * 1.7
        hip, knee, ankle = (side * 0.05, 0.5), (side * 0.055 + step * 0.4, 0.74), side * 0.055 + step
        outlines.append(_limb([hip, knee, (ankle, 0.965)], [0.06 * b, 0.046 * b, 0.03]))
        toe = 0.05 if pose == "walk" else side * 0.022
        sole = [(ankle + toe + 0.012, 1.0), (ankle - 0.025 + min(0.0, toe), 1.0)]
        outlines.append(curve([(ankle - 0.022, 0.955), (ankle + 0.02, 0.955), *sole]))
    return outlines


def paint_figure(
    sheet: Sheet, palette: Palette, name: str, x: float, floor: float, size: float, light_from: int,
    pose: str, facing: int,
) -> None:  # fmt: skip
    """Paint a figure ``size`` sheet heights tall with its soles at ``floor``; ``light_from`` -1 is left, 1 right."""
    look = appearance_of(name)
    rng = np.random.Generator(np.random.PCG64(seed_of("pose", name)))
    head = _HEAD * size
    crown = floor - size
    sides = head_side(look) if pose in ("walk", "side") else head_front(look)
    outlines = moved(sides, x, crown, head, facing) + moved(_body(look, pose, rng), x, crown, size, facing)
    mask = sheet.shape(outlines, 0.0012)
    shadow = sheet.glow(x - light_from * size * 0.16, floor, size * 0.1, wide=2.8)
    under = shadow if sheet.alpha is None else shadow * sheet.alpha
    sheet.shade(np.clip(under * 1.3 - 0.3, 0, 1), 0.4)
    tone = mix(palette.at(0.05), palette.middle, 0.04 + 0.06 * look.tone)
    paint_lit(sheet, palette, mask, tone, size * 0.28, light_from, 0.5 + 0.35 * palette.power)
