"""A place as it is being painted: pen, lens, light, and where things stand on the set."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from vtx_app.render.animatic.drawing.colours import Colour
from vtx_app.render.animatic.drawing.light import Beam, Glow, Light
from vtx_app.render.animatic.drawing.pen import Pen, box
from vtx_app.render.animatic.reading.model import Reading
from vtx_app.render.animatic.staging.lens import Lens, Stage

__all__ = ["Setting"]


@dataclass(slots=True)
class Setting:
    """``pen`` draws in frame heights, with the colours as they are. ``chance`` is the same in every shot at a place, so
    the set is; ``side`` mirrors it. ``glows`` are added when all is painted."""

    pen: Pen
    lens: Lens
    stage: Stage
    light: Light
    reading: Reading
    chance: random.Random
    side: int = 1
    shift: float = 0.0
    glows: list[Glow | Beam] = field(default_factory=list)

    def lit_pen(self) -> Pen:
        """A pen in frame heights, in the light of the shot."""
        return self.pen.tinted(self.light.set)

    @property
    def near(self) -> bool:
        """Whether the shot is so close that the place is only a backdrop."""
        return self.lens.scale() >= 1.2

    def at(self, x: float, z: float = 0.0, y: float = 0.0, *, flip: bool = False) -> Pen:
        """A pen in metres at a point of the set, in the light of the shot and the haze of its distance."""
        pen = self.pen.tinted(self.light.set)
        far = self.light.far(z)
        if far is not None:
            pen = pen.tinted(far)
        return self.lens.pen(pen, x * self.side + self.shift, z, y=y, flip=flip != (self.side < 0))

    def spot(self, x: float, y: float, z: float) -> tuple[float, float]:
        """Where a point of the set is, in frame heights."""
        return self.lens.at(x * self.side + self.shift, y, z)

    def width_at(self, z: float) -> tuple[float, float]:
        """The x in metres of the left and right edge of the stage at ``z``, in the set's own direction."""
        a = (self.lens.across(self.stage.left, z) - self.shift) * self.side
        b = (self.lens.across(self.stage.right, z) - self.shift) * self.side
        return min(a, b), max(a, b)

    def ground_line(self, z: float) -> float:
        """The y in frame heights of the ground at ``z``."""
        return self.lens.at(0.0, 0.0, z)[1]

    def toned(self, colour: Colour, z: float = 0.0) -> Colour:
        """``colour`` in the light of the shot at ``z``."""
        found = self.light.set(colour)
        far = self.light.far(z)
        return far(found) if far else found

    def band(self, top: float, bottom: float, upper: Colour, lower: Colour) -> None:
        """Fill the stage from ``top`` to ``bottom`` (frame heights) with a blend of two colours, as they are."""
        image, unit = self.pen.image, self.pen.image.height / self.stage.height
        y0, y1 = round((top - self.stage.top) * unit), round((bottom - self.stage.top) * unit)
        high = y1 - y0
        y0, y1 = max(0, y0), min(image.height, y1)
        if y1 <= y0 or high < 1:
            return
        first = y0 - round((top - self.stage.top) * unit)
        t = ((np.arange(first, first + y1 - y0) + 0.5) / high)[:, None, None]
        column = np.asarray(upper, np.float32) * (1 - t) + np.asarray(lower, np.float32) * t
        strip = Image.fromarray(np.broadcast_to(column, (y1 - y0, 8, 3)).round().astype(np.uint8))
        image.paste(strip.resize((image.width, y1 - y0), Image.Resampling.NEAREST), (0, y0))

    def wall(self, x0: float, x1: float, y0: float, y1: float, z: float, colour: Colour, *, ink: float = 0.0) -> None:
        """An upright rectangle of the set that faces us; metres."""
        pen = self.at(0.0, z)
        outline = box(x0, -y1, x1, -y0)
        if ink:
            pen.shape(outline, colour, ink=ink)
        else:
            pen.fill(outline, colour)

    def shine(
        self, x: float, y: float, z: float, metres: float, colour: Colour, strength: float = 0.8, wide: float = 1.0
    ) -> None:
        """A glow of ``metres`` at a point of the set."""
        px, py = self.spot(x, y, z)
        self.glows.append(Glow(px, py, metres * self.lens.scale(z), colour, strength, wide))
