"""A pen that draws inked, flatly coloured shapes on a picture.

Points (x, y) and lengths are in units of the pen: picture heights from the left and top edge for the first pen of a
picture, or the units of the thing that a pen :meth:`Pen.at` some place draws. A picture is drawn larger than it is
needed and reduced once, which smooths its edges.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from PIL import Image, ImageDraw

from vtx_app.render.animatic.drawing.colours import INK, Colour

__all__ = ["Pen", "Point", "arc", "box", "oval", "smooth"]

Point = tuple[float, float]

_FINEST = 1.0
_SMOOTH_STEPS = 5


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = _SMOOTH_STEPS) -> list[Point]:
    """A curve through ``points`` (Catmull-Rom), ``steps`` straight pieces from each to the next."""
    count = len(points)
    if count < 3:
        return list(points)
    last = count if closed else count - 1

    def at(i: int) -> Point:
        return points[i % count] if closed else points[min(max(i, 0), count - 1)]

    found: list[Point] = []
    for i in range(last):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = at(i - 1), at(i), at(i + 1), at(i + 2)
        for step in range(steps):
            t = step / steps
            t2, t3 = t * t, t * t * t
            x = 2 * bx + (cx - ax) * t + (2 * ax - 5 * bx + 4 * cx - dx) * t2 + (3 * bx - ax - 3 * cx + dx) * t3
            y = 2 * by + (cy - ay) * t + (2 * ay - 5 * by + 4 * cy - dy) * t2 + (3 * by - ay - 3 * cy + dy) * t3
            found.append((x / 2, y / 2))
    return found if closed else [*found, points[-1]]


def oval(x: float, y: float, rx: float, ry: float, turn: float = 0.0, points: int = 36) -> list[Point]:
    """An ellipse round (x, y), turned clockwise by ``turn`` degrees."""
    return arc(x, y, rx, ry, 0, 360 - 360 / points, turn, points)


def arc(
    x: float, y: float, rx: float, ry: float, start: float, end: float, turn: float = 0.0, points: int = 24
) -> list[Point]:
    """The part of an ellipse from ``start`` to ``end`` degrees, clockwise from the right."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    found = []
    for i in range(points):
        t = math.radians(start + (end - start) * i / (points - 1))
        u, v = rx * math.cos(t), ry * math.sin(t)
        found.append((x + u * cos - v * sin, y + u * sin + v * cos))
    return found


def box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """A rectangle, clockwise from the top left."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


class Pen:
    """Draws on ``image`` (RGB or RGBA); ``unit`` is its pixels for a length of 1."""

    def __init__(self, image: Image.Image, unit: float, ink: float, left: float = 0.0, top: float = 0.0) -> None:
        """``ink`` is the width of outlines in pixels; (``left``, ``top``) is the point at the image's corner."""
        self.image = image
        self._draw = ImageDraw.Draw(image)
        self._unit = unit
        self._ink = max(_FINEST, ink)
        self._x, self._y = -left, -top
        self._across = (1.0, 0.0)
        self._down = (0.0, 1.0)
        self._tint: Callable[[Colour], Colour] | None = None

    @property
    def aspect(self) -> float:
        """The width of the picture in its heights."""
        return self.image.width / self.image.height

    def at(self, x: float, y: float, size: float = 1.0, *, flip: bool = False, turn: float = 0.0) -> Pen:
        """A pen whose origin is (x, y), whose unit is ``size``; mirrored by ``flip``, then turned clockwise."""
        pen = object.__new__(Pen)
        pen.image, pen._draw, pen._unit, pen._ink = self.image, self._draw, self._unit, self._ink
        pen._tint = self._tint
        pen._x, pen._y = self._place((x, y))
        cos, sin = math.cos(math.radians(turn)) * size, math.sin(math.radians(turn)) * size
        side = -1.0 if flip else 1.0

        def through(u: float, v: float) -> Point:
            return self._across[0] * u + self._down[0] * v, self._across[1] * u + self._down[1] * v

        pen._across, pen._down = through(cos * side, sin * side), through(-sin, cos)
        return pen

    def inked(self, share: float) -> Pen:
        """This pen with outlines ``share`` times as wide."""
        pen = self.at(0, 0)
        pen._ink = max(_FINEST, self._ink * share)
        return pen

    def tinted(self, tint: Callable[[Colour], Colour]) -> Pen:
        """This pen with all its colours changed by ``tint``, after what already changes them."""
        pen, before = self.at(0, 0), self._tint
        pen._tint = tint if before is None else lambda colour: tint(before(colour))
        return pen

    def plain(self) -> Pen:
        """This pen with colours as they are."""
        pen = self.at(0, 0)
        pen._tint = None
        return pen

    @property
    def length(self) -> float:
        """The length of a unit of this pen, in picture heights."""
        return math.hypot(*self._across)

    def place(self, point: Point) -> Point:
        """``point`` of this pen in picture heights."""
        x, y = self._place(point)
        return x, y

    @property
    def pixels_per_unit(self) -> float:
        """Pixels for a length of 1 of this pen."""
        return self.length * self._unit

    def pixel(self, point: Point) -> Point:
        """``point`` of this pen in pixels of its image."""
        x, y = self._place(point)
        return x * self._unit, y * self._unit

    def _place(self, point: Point) -> Point:
        x, y = point
        return (
            self._x + self._across[0] * x + self._down[0] * y,
            self._y + self._across[1] * x + self._down[1] * y,
        )

    def _pixels(self, points: Iterable[Point]) -> list[Point]:
        unit = self._unit
        (ax, ay), (dx, dy) = self._across, self._down
        ox, oy = self._x, self._y
        return [((ox + ax * x + dx * y) * unit, (oy + ay * x + dy * y) * unit) for x, y in points]

    def fill(self, points: Sequence[Point], colour: Colour) -> None:
        """Fill a polygon, without an outline."""
        self._draw.polygon(self._pixels(points), fill=self._tone(colour))

    def shape(self, points: Sequence[Point], colour: Colour, *, ink: float = 1.0, line: Colour = INK) -> None:
        """Fill a polygon and ink its outline, ``ink`` times as wide as the pen's."""
        pixels = self._pixels(points)
        self._draw.polygon(pixels, fill=self._tone(colour))
        self._stroke([*pixels, pixels[0], pixels[1]], line, max(_FINEST, self._ink * ink))

    def blob(self, points: Sequence[Point], colour: Colour, *, ink: float = 1.0) -> None:
        """:meth:`shape` with a smooth outline through ``points``."""
        self.shape(smooth(points), colour, ink=ink)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour, *, ink: float = 1.0) -> None:
        """An ellipse with an outline; none if ``ink`` is 0."""
        outline = oval(x, y, rx, ry)
        if ink:
            self.shape(outline, colour, ink=ink)
        else:
            self.fill(outline, colour)

    def line(self, points: Sequence[Point], *, ink: float = 1.0, colour: Colour = INK) -> None:
        """An inked line, ``ink`` times as wide as an outline."""
        self._stroke(self._pixels(points), colour, max(_FINEST, self._ink * ink))

    def stroke(self, points: Sequence[Point], width: float, colour: Colour, *, line: Colour | None = None) -> None:
        """A round-ended stroke of ``width`` units, with an outline in ``line``."""
        pixels = self._pixels(points)
        pixels_wide = width * self.length * self._unit
        if line is not None:
            self._stroke(pixels, line, pixels_wide + 2 * self._ink, ends=True)
        self._stroke(pixels, colour, pixels_wide, ends=True)

    def _tone(self, colour: Colour) -> Colour:
        return colour if self._tint is None else self._tint(colour)

    def _stroke(self, pixels: Sequence[Point], colour: Colour, width: float, *, ends: bool = False) -> None:
        whole, colour = max(1, round(width)), self._tone(colour)
        self._draw.line(pixels, fill=colour, width=whole, joint="curve" if whole > 2 else None)
        if ends and whole > 2:
            r = width / 2
            for x, y in (pixels[0], pixels[-1]):
                self._draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)
