"""How people look, the same for a name in every shot: hair, coat, build, and the outlines of heads and shoulders.

Head outlines are in head heights: x from the middle, y from 0 at the crown to 1 at the chin.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from vtx_app.render.animatic.frame.drawing import Colour, Mask, Point, Sheet, blurred, curve, mix, noise, shifted
from vtx_app.render.animatic.reading.situation import seed_of
from vtx_app.render.animatic.scene.palette import Palette

__all__ = ["Appearance", "appearance_of", "head_front", "head_side", "mirrored", "moved", "paint_lit", "shoulders"]


@dataclass(frozen=True, slots=True)
class Appearance:
    """``hair`` (short, long, bun, cap, hood), ``coat`` (short, long), ``build`` (0.85 slim to 1.2 broad)."""

    hair: str
    coat: str
    build: float
    tone: float


def appearance_of(name: str) -> Appearance:
    """The appearance of ``name``."""
    rng = np.random.Generator(np.random.PCG64(seed_of("look", name)))
    hair = str(rng.choice(["short", "long", "bun", "cap", "short", "hood", "long"]))
    coat = str(rng.choice(["short", "long", "long"]))
    return Appearance(hair, coat, build=float(rng.uniform(0.88, 1.14)), tone=float(rng.uniform(0, 1)))


def mirrored(half: list[Point]) -> list[Point]:
    """The symmetric outline whose right half is ``half``."""
    return [*half, *((-x, y) for x, y in reversed(half))]


def head_front(look: Appearance) -> list[list[Point]]:
    """Skull, ears and hair of a head that faces us."""
    skull = [(0.0, 0.0), (0.2, 0.03), (0.34, 0.16), (0.385, 0.36), (0.37, 0.55), (0.32, 0.76), (0.2, 0.95), (0.08, 1.0)]
    outlines = [curve(mirrored(skull))]
    outlines += [curve([(s * 0.37, 0.42), (s * 0.43, 0.42), (s * 0.42, 0.56), (s * 0.36, 0.62)]) for s in (-1, 1)]
    hair: dict[str, list[Point]] = {
        "short": [(0.0, -0.07), (0.26, -0.04), (0.42, 0.12), (0.43, 0.36), (0.37, 0.42)],
        "long": [(0.0, -0.08), (0.3, -0.05), (0.47, 0.14), (0.5, 0.5), (0.56, 0.95), (0.54, 1.3), (0.36, 1.36),
                 (0.3, 0.8)],
        "bun": [(0.0, -0.06), (0.28, -0.03), (0.42, 0.14), (0.42, 0.38), (0.36, 0.4)],
        "cap": [(0.0, -0.12), (0.3, -0.1), (0.45, 0.06), (0.46, 0.24), (0.4, 0.27)],
        "hood": [(0.0, -0.14), (0.34, -0.1), (0.55, 0.14), (0.58, 0.6), (0.55, 0.95), (0.46, 1.22), (0.26, 1.42)],
    }  # fmt: skip
    outlines.append(curve(mirrored(hair[look.hair])))
    if look.hair == "bun":
        outlines.append([(0.19 * float(np.cos(a)), -0.14 + 0.15 * float(np.sin(a))) for a in np.linspace(0, 6.28, 24)])
    if look.hair == "cap":
        outlines.append(curve([(-0.48, 0.22), (0.0, 0.28), (0.48, 0.22), (0.42, 0.3), (0.0, 0.37), (-0.42, 0.3)]))
    return outlines


def head_side(look: Appearance) -> list[list[Point]]:
    """Face and hair of a head in profile that looks right."""
    face = [
        (-0.06, 0.0), (0.2, 0.04), (0.36, 0.17), (0.4, 0.3), (0.385, 0.4), (0.43, 0.5), (0.5, 0.6), (0.485, 0.645),
        (0.41, 0.67), (0.44, 0.72), (0.435, 0.755), (0.4, 0.77), (0.425, 0.8), (0.415, 0.84), (0.375, 0.87),
        (0.4, 0.94),
        (0.37, 1.0), (0.28, 1.02), (0.1, 0.93), (0.0, 0.88), (-0.04, 1.1), (0.02, 1.36), (-0.52, 1.36),
        (-0.44, 1.1), (-0.43, 0.75), (-0.5, 0.45), (-0.42, 0.16),
    ]  # fmt: skip
    outlines = [curve(face, steps=5)]
    hair: dict[str, list[Point]] = {
        "short": [(0.3, 0.12), (0.1, -0.06), (-0.25, -0.04), (-0.52, 0.18), (-0.56, 0.5), (-0.46, 0.72), (-0.2, 0.55),
                  (0.05, 0.25)],
        "long": [(0.3, 0.14), (0.12, -0.08), (-0.3, -0.06), (-0.58, 0.2), (-0.66, 0.7), (-0.72, 1.25), (-0.4, 1.4),
                 (-0.12, 1.1), (-0.1, 0.6), (0.1, 0.25)],
        "bun": [(0.28, 0.1), (0.1, -0.05), (-0.28, -0.03), (-0.52, 0.2), (-0.52, 0.5), (-0.3, 0.6), (0.05, 0.25)],
        "cap": [(0.36, 0.2), (0.62, 0.27), (0.6, 0.31), (0.3, 0.3), (-0.5, 0.3), (-0.55, 0.1), (-0.3, -0.11),
                (0.1, -0.11), (0.32, 0.04)],
        "hood": [(0.42, 0.12), (0.2, -0.12), (-0.3, -0.12), (-0.65, 0.2), (-0.7, 0.8), (-0.75, 1.3), (-0.1, 1.3),
                 (0.1, 1.1), (0.14, 0.6), (0.2, 0.3)],
    }  # fmt: skip
    outlines.append(curve(hair[look.hair], steps=5))
    if look.hair == "bun":
        outlines.append(
            [(-0.6 + 0.18 * float(np.cos(a)), 0.22 + 0.17 * float(np.sin(a))) for a in np.linspace(0, 6.28, 24)]
        )
    return outlines


def shoulders(look: Appearance) -> list[list[Point]]:
    """Neck, shoulders and chest for near shots."""
    b = look.build
    neck = [(0.17, 0.75), (0.19, 1.16), (0.4, 1.33)]
    arm = [(0.78 * b, 1.46), (1.0 * b, 1.72), (1.07 * b, 2.3), (1.08 * b, 3.2), (1.12 * b, 4.4)]
    return [curve(mirrored(neck + arm), steps=6)]


def moved(outlines: list[list[Point]], x: float, y: float, size: float, facing: int = 1) -> list[list[Point]]:
    """``outlines`` enlarged to ``size`` with their origin at (x, y); ``facing`` -1 flips them."""
    return [[(x + px * size * facing, y + py * size) for px, py in outline] for outline in outlines]


@lru_cache(maxsize=2)
def _chalk_texture(width: int, height: int) -> Mask:
    return noise(np.random.Generator(np.random.PCG64(7)), width, height, 9, octaves=2)


def paint_lit(
    sheet: Sheet, palette: Palette, mask: Mask, tone: Colour, size: float, light_from: int, strength: float
) -> None:
    """Fill ``mask`` with ``tone``, its side towards the light softly lit and with a thin bright rim."""
    sheet.paint(tone, mask)
    body = mask - shifted(blurred(mask, 0.06 * size), -light_from * 0.1 * size, 0.02 * size)
    sheet.light(mix(palette.light, palette.air, 0.35), np.clip(body - 0.12, 0, 1) * mask, 0.55 * strength)
    thin = max(1.6 / sheet.height, 0.011 * size)
    rim = np.clip(mask - shifted(mask, -light_from * thin, thin * 0.35), 0, 1)
    texture = _chalk_texture(sheet.width, sheet.height)
    sheet.light(palette.light, blurred(rim, thin * 0.5) * mask * (0.3 + 0.9 * texture), 0.8 * strength)
