"""The camera of a shot: where a point of the set is in the picture.

The set is measured in metres: x to the right of the camera, y up from the ground, z from the camera's subject away from
us. Pictures are measured in frame heights: (0, 0) is the top left of the frame, (aspect, 1) its bottom right.
"""

from __future__ import annotations

from dataclasses import dataclass

from vtx_app.render.animatic.drawing.pen import Pen, Point
from vtx_app.render.animatic.reading.model import Angle, ShotSize

__all__ = ["CANTED_CLOSER", "SCALES", "Lens", "Stage", "lens_for"]

SCALES: dict[str, float] = {
    "extreme_wide": 0.12, "wide": 0.27, "full": 0.46, "medium_wide": 0.62, "medium": 1.05, "medium_close": 1.3,
    "close": 1.85, "extreme_close": 3.0, "insert": 2.6,
}  # fmt: skip
"""Frame heights for a metre at the subject: an adult of 1.72 m is 46 % of the frame in a wide shot."""

CANTED_CLOSER = 1.22
"""How much nearer a tilted picture is seen, so that its corners are filled; the lens stands so much farther away."""

_NEAREST = 0.35
"""Metres before the camera; nothing nearer is drawn."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What is painted, in frame heights: the frame itself and what the camera's move shows besides."""

    aspect: float
    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 1.0

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Lens:
    """``focal``: frame heights that a metre has at one metre; ``distance`` of the subject; ``height`` of the camera
    above the ground, all in metres; the ``horizon`` and the ``middle`` of the set in frame heights.

    ``above``: it looks straight down, and ``horizon`` is where z is 0; heights don't show."""

    focal: float
    distance: float
    height: float
    horizon: float
    middle: float
    above: bool = False

    def scale(self, z: float = 0.0) -> float:
        """Frame heights for a metre at ``z``."""
        return self.focal / (self.distance if self.above else max(_NEAREST, self.distance + z))

    def at(self, x: float, y: float, z: float = 0.0) -> Point:
        """Where a point of the set is in the picture."""
        scale = self.scale(z)
        if self.above:
            return self.middle + x * scale, self.horizon - z * scale
        return self.middle + x * scale, self.horizon - (y - self.height) * scale

    def pen(self, pen: Pen, x: float, z: float = 0.0, *, y: float = 0.0, flip: bool = False) -> Pen:
        """A pen in metres whose origin is a point of the set, with outlines that get finer with distance."""
        share = min(1.25, max(0.45, (self.scale(z) / self.scale()) ** 0.5))
        return pen.at(*self.at(x, y, z), self.scale(z), flip=flip).inked(share)

    def across(self, picture_x: float, z: float = 0.0) -> float:
        """The x in metres of what is seen at ``picture_x`` at ``z``."""
        return (picture_x - self.middle) / self.scale(z)


def lens_for(size: ShotSize | str, angle: Angle | None, eyes: float, aspect: float, *, fit: float = 10.0) -> Lens:
    """The lens of a shot of ``size``: ``eyes`` is how high (in metres) the eyes of its people are, and ``fit`` the
    largest scale at which all of them are in the picture."""
    scale = min(SCALES[size], fit) / (CANTED_CLOSER if angle == "dutch" else 1.0)
    focal = 1.0 if scale < 0.3 else 1.25 if scale < 0.8 else 1.5 if scale < 1.4 else 1.9
    wide = scale < 0.55
    height = {"low": 0.45, "ground": 0.14, "high": eyes + 1.5, "overhead": eyes + 3.4}.get(angle or "", eyes)
    if wide and angle in (None, "eye", "dutch"):
        height = 1.45 if scale > 0.15 else 2.6
    eye_line = 0.36 if not wide else 0.4
    horizon = eye_line + (eyes - height) * scale
    if wide:
        # The feet are in the picture, as far above its lower edge as suits the size.
        floor = 0.9 if scale > 0.3 else 0.84
        horizon = floor - height * scale
        horizon = {"low": floor - 0.02 - 0.45 * scale, "high": 0.2, "overhead": -0.1}.get(angle or "", horizon)
        if angle in ("high", "overhead"):
            height = (floor - horizon) / scale
    return Lens(focal, focal / scale, height, horizon, aspect / 2)
