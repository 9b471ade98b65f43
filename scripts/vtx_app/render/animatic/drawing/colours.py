"""Colours of the storyboard: (red, green, blue), 0 to 255, in sRGB."""

from __future__ import annotations

from vtx_app.render.animatic.reading.model import COLOURS

__all__ = ["INK", "PAPER", "Colour", "darker", "hexed", "lighter", "mix", "named"]

Colour = tuple[int, int, int]

INK: Colour = (34, 32, 38)
PAPER: Colour = (232, 228, 219)


def hexed(text: str) -> Colour:
    """``"20304a"`` as a colour."""
    red, green, blue = bytes.fromhex(text)
    return red, green, blue


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """``a`` with ``share`` (0..1) of ``b``."""
    red, green, blue = (round(p + (q - p) * share) for p, q in zip(a, b, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float = 0.25) -> Colour:
    """``colour`` with ``share`` of ink."""
    return mix(colour, INK, share)


def lighter(colour: Colour, share: float = 0.25) -> Colour:
    """``colour`` with ``share`` of white."""
    return mix(colour, (255, 255, 255), share)


def named(name: str, otherwise: Colour) -> Colour:
    """The colour that is read as ``name``; ``otherwise`` for ``""``."""
    return hexed(COLOURS[name]) if name in COLOURS else otherwise
