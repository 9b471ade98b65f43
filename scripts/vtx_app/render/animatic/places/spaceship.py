"""A spaceship's corridor: ribs, round doors, strips of light along the floor."""

from __future__ import annotations

import math

from vtx_app.render.animatic.drawing.colours import Colour, darker, lighter
from vtx_app.render.animatic.drawing.pen import Point, box
from vtx_app.render.animatic.places.setting import Setting

__all__ = ["SPACESHIPS"]

_METAL: Colour = (158, 166, 176)
_LIGHT: Colour = (214, 240, 250)


def _ring(setting: Setting, z: float, half: float, top: float, low: float) -> list[Point]:
    """An eight-sided section of the corridor at ``z``."""
    cut = 0.55
    corners = [(-half, low + cut), (-half, top - cut), (-half + cut, top), (half - cut, top), (half, top - cut),
               (half, low + cut), (half - cut, low), (-half + cut, low)]  # fmt: skip
    return [setting.lens.at(x + setting.shift, y, z) for x, y in corners]


def _corridor(setting: Setting) -> None:
    pen, s = setting.lit_pen(), setting.stage
    half, high, near = 1.55, 2.7, -setting.lens.distance + 0.45
    pen.fill(box(s.left, s.top, s.right, s.bottom), darker(_METAL, 0.45))
    depths = [near, *(0.4 + 1.7 * k for k in range(9))]
    rings = [_ring(setting, z, half, high, 0.0) for z in depths]
    for k in range(len(rings) - 1):
        a, b = rings[k], rings[k + 1]
        for i in range(8):
            j = (i + 1) % 8
            tone = (lighter(_METAL, 0.12) if i in (2, 3) else darker(_METAL, 0.38) if i in (6, 7)
                    else darker(_METAL, 0.08 * (1 + i % 3)))  # fmt: skip
            pen.fill([a[i], a[j], b[j], b[i]], darker(tone, min(0.4, 0.03 * k)))
        if k:
            pen.line([*a, a[0]], ink=2.2, colour=darker(_METAL, 0.55))
    end = rings[-1]
    pen.shape(end, darker(_METAL, 0.2))
    for side in (-1, 1):
        for k in range(4):
            _door(setting, side * half, 1.25 + 3.4 * k)
        strip = [setting.lens.at(side * (half - 0.62) + setting.shift, 0.02, z) for z in (near, depths[-1])]
        setting.pen.line(strip, ink=2.4, colour=_LIGHT if not setting.light.dark else darker(_METAL, 0.5))
        pipe = [setting.lens.at(side * 0.75 + setting.shift, high - 0.1, z) for z in (near, depths[-1])]
        pen.line(pipe, ink=4.0, colour=darker(_METAL, 0.35))


def _door(setting: Setting, x: float, z: float) -> None:
    """A round door in the side wall, with a small lamp over it."""
    points = [
        setting.lens.at(x + setting.shift, 1.2 + 0.85 * math.sin(a), z + 0.6 * math.cos(a))
        for a in (math.tau * i / 24 for i in range(24))
    ]
    pen = setting.lit_pen()
    pen.shape(points, darker(_METAL, 0.3), ink=1.6)
    inner = [
        setting.lens.at(x + setting.shift, 1.2 + 0.68 * math.sin(a), z + 0.47 * math.cos(a))
        for a in (math.tau * i / 24 for i in range(24))
    ]
    pen.shape(inner, (120, 134, 150), ink=0.8)
    px, py = setting.lens.at(x + setting.shift, 2.2, z)
    setting.pen.fill(box(px - 0.006, py - 0.004, px + 0.006, py + 0.004), (230, 90, 70))


SPACESHIPS = {"space_corridor": _corridor}
