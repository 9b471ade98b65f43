"""What painters of things share: a pen in metres, the thing's colour, and whether its light burns.

A thing stands on the pen's origin: its foot at y = 0, its height towards negative y, its middle at x = 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vtx_app.render.animatic.drawing.colours import Colour, darker, hexed, lighter, named
from vtx_app.render.animatic.drawing.pen import Pen

__all__ = ["Paint", "ThingInfo", "Touch"]


@dataclass(frozen=True, slots=True)
class Touch:
    """How one thing is painted: its colour by name (``""``: its usual one), lit or not, opened or not, seen
    from behind or not (for what has a face)."""

    colour: str = ""
    lit: bool = False
    open: bool = False
    behind: bool = False

    def tone(self, usual: str) -> Colour:
        """The thing's colour; ``usual`` (hexadecimal) if nothing says one."""
        return named(self.colour, hexed(usual))

    def shades(self, usual: str) -> tuple[Colour, Colour, Colour]:
        """The colour, darker and lighter."""
        tone = self.tone(usual)
        return tone, darker(tone, 0.25), lighter(tone, 0.22)


Paint = Callable[[Pen, Touch], None]


@dataclass(frozen=True, slots=True)
class ThingInfo:
    """A thing that can be painted: how ``wide`` and ``high`` it is in metres. ``light`` is where it shines, in metres
    above its foot; ``on``: ``floor``, ``table``, ``wall`` or ``hand``; ``outside`` things stand far off."""

    paint: Paint
    wide: float
    high: float
    on: str = "floor"
    light: float | None = None
    shine: float = 1.0
    outside: bool = False
