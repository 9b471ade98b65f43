"""Inside vehicles: what goes by the windows, the wall round them, the seats."""

from __future__ import annotations

from PIL import Image, ImageDraw

from vtx_app.render.animatic.drawing.colours import Colour, darker, mix
from vtx_app.render.animatic.drawing.pen import Pen, Point, box, oval, smooth
from vtx_app.render.animatic.places.setting import Setting
from vtx_app.render.animatic.places.sky import paint_sky, sky_colours

__all__ = ["VEHICLES_INSIDE"]


def _landscape_by(setting: Setting) -> None:
    """What goes by a vehicle's windows: sky and low hills."""
    paint_sky(setting)
    s, horizon = setting.stage, setting.lens.horizon
    pen = setting.lit_pen()
    hills = [(s.left + s.width * i / 12, horizon - 0.03 - 0.025 * (i * 5 % 4)) for i in range(13)]
    low = sky_colours(setting)[1]
    pen.fill([*smooth(hills, closed=False), (s.right, s.bottom), (s.left, s.bottom)],
             mix((112, 128, 108), low, 0.6 if setting.light.night else 0.25))  # fmt: skip


def _windowed(setting: Setting, wall: Colour, panes: list[list[Point]], curved: bool = False) -> None:
    """A wall round ``panes`` (frame heights, their origin at the frame's corner)."""
    pen, s = setting.lit_pen(), setting.stage
    masked = Pen(setting.pen.image.copy(), setting.pen.image.height / s.height, 2.0, s.left, s.top)
    pen.fill(box(s.left, s.top, s.right, s.bottom), wall)
    unit = setting.pen.image.height / s.height
    mask = Image.new("L", setting.pen.image.size, 0)
    draw = ImageDraw.Draw(mask)
    for pane in panes:
        outline = smooth(pane) if curved else pane
        draw.polygon([((x - s.left) * unit, (y - s.top) * unit) for x, y in outline], fill=255)
    setting.pen.image.paste(masked.image, (0, 0), mask)
    for pane in panes:
        outline = smooth(pane) if curved else pane
        pen.inked(2.4).line([*outline, outline[0]], colour=darker(wall, 0.45))


def _car(setting: Setting) -> None:
    """Inside a car, from the bonnet: the windscreen's frame behind the people, the seats under them."""
    _landscape_by(setting)
    a = setting.stage.aspect
    _windowed(setting, (92, 88, 88), [[(a * 0.16, 0.1), (a * 0.84, 0.1), (a * 0.92, 0.52), (a * 0.08, 0.52)]])
    pen = setting.lit_pen()
    for x in (0.3, 0.7):
        pen.blob(
            [
                (a * x - 0.2, 1.1),
                (a * x - 0.19, 0.55),
                (a * x - 0.12, 0.42),
                (a * x + 0.12, 0.42),
                (a * x + 0.19, 0.55),
                (a * x + 0.2, 1.1),
            ],
            (70, 64, 62),
        )
        pen.blob([(a * x - 0.08, 0.42), (a * x - 0.08, 0.3), (a * x + 0.08, 0.3), (a * x + 0.08, 0.42)], (78, 72, 70))


def _carriage(setting: Setting) -> None:
    """Inside a train or a bus: a row of windows, seats under them."""
    _landscape_by(setting)
    _a, s = setting.stage.aspect, setting.stage
    panes, x = [], -0.62
    while x < s.width + 0.6:
        panes.append([(x, 0.14), (x + 0.5, 0.14), (x + 0.5, 0.52), (x, 0.52)])
        x += 0.62
    _windowed(setting, (164, 150, 126), panes)
    pen = setting.lit_pen()
    pen.fill(box(s.left, 0.04, s.right, 0.075), (112, 92, 66))
    for i in range(-1, round(s.width / 0.62) + 2):
        x = i * 0.62 + 0.28
        pen.blob(
            [(x - 0.23, 1.2), (x - 0.22, 0.7), (x - 0.14, 0.58), (x + 0.14, 0.58), (x + 0.22, 0.7), (x + 0.23, 1.2)],
            (110, 62, 58),
        )


def _cabin(setting: Setting) -> None:
    """A ship's cabin or bridge: round ports, the sea outside."""
    paint_sky(setting)
    sea = (64, 92, 112)
    setting.band(setting.lens.horizon, setting.stage.bottom, setting.toned(sea, 20), setting.toned(sea))
    panes = [oval(x, 0.3, 0.13, 0.13) for x in (0.3, 0.88, 1.46, 2.04)]
    _windowed(setting, (150, 116, 80), panes)
    pen, s = setting.lit_pen(), setting.stage
    for y in (0.06, 0.55, 0.8):
        pen.line([(s.left, y), (s.right, y)], ink=1.0, colour=(104, 78, 54))
    for pane in panes:
        pen.inked(4).line([*pane, pane[0]], colour=(176, 140, 70))


def _plane(setting: Setting) -> None:
    paint_sky(setting)
    panes, x = [], -0.3
    while x < setting.stage.width + 0.4:
        panes.append(oval(x, 0.32, 0.085, 0.12))
        x += 0.4
    _windowed(setting, (214, 214, 210), panes)
    pen, s = setting.lit_pen(), setting.stage
    pen.shape(box(s.left, -0.3, s.right, 0.08), (196, 196, 194))
    for i in range(-1, round(s.width / 0.5) + 2):
        x = i * 0.5 + 0.2
        pen.blob(
            [(x - 0.2, 1.2), (x - 0.18, 0.66), (x - 0.1, 0.56), (x + 0.1, 0.56), (x + 0.18, 0.66), (x + 0.2, 1.2)],
            (84, 98, 124),
        )


def _spacecraft(setting: Setting) -> None:
    s = setting.stage
    setting.pen.fill(box(s.left, s.top, s.right, s.bottom), (10, 12, 24))
    for _ in range(120):
        x, y = s.left + setting.chance.random() * s.width, s.top + setting.chance.random() * s.height
        setting.pen.fill(oval(x, y, 0.0022, 0.0022, points=8), (220, 224, 236))
    a = s.aspect
    setting.pen.fill(oval(a * 0.7, 0.32, 0.14, 0.14), (84, 128, 170))
    _windowed(setting, (128, 134, 142), [[(a * 0.2, 0.12), (a * 0.8, 0.12), (a * 0.88, 0.55), (a * 0.12, 0.55)]])
    pen = setting.pen
    setting.lit_pen().shape(box(s.left, 0.74, s.right, s.bottom + 0.1), (92, 98, 108))
    for i in range(26):
        tone = ((230, 90, 70), (110, 220, 140), (240, 210, 110), (110, 180, 240))[i * 7 % 4]
        x = s.left + 0.05 + i * s.width / 26
        pen.shape(box(x, 0.79 + 0.06 * (i % 2), x + 0.03, 0.82 + 0.06 * (i % 2)), tone, ink=0.5)


VEHICLES_INSIDE = {
    "car": _car,
    "train": _carriage,
    "bus": _carriage,
    "ship": _cabin,
    "plane": _plane,
    "spacecraft": _spacecraft,
    "vehicle": _carriage,
}
