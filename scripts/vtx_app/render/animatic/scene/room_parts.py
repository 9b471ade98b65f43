"""The parts of a room: walls in perspective, windows, lamps, doors, furniture."""

from __future__ import annotations

import numpy as np

from vtx_app.render.animatic.frame.drawing import Point, Sheet, blurred, colour, mix, noise, rectangle, trapezoid
from vtx_app.render.animatic.reading.situation import Situation
from vtx_app.render.animatic.scene.palette import Palette

__all__ = ["LAMPLIGHT", "paint_door", "paint_furniture", "paint_lamp", "paint_walls", "paint_window"]

LAMPLIGHT = colour("ffcf8a")


def paint_walls(
    sheet: Sheet, palette: Palette, rng: np.random.Generator, left: float, right: float, top: float, bottom: float
) -> None:
    """Paint ceiling, walls and floor of a room with this back wall."""
    w = sheet.aspect
    planes: tuple[tuple[list[Point], float], ...] = (
        ([(0, 0), (w, 0), (right, top), (left, top)], 0.22),
        ([(0, 0), (left, top), (left, bottom), (0, 1.02)], 0.4),
        ([(w, 0), (right, top), (right, bottom), (w, 1.02)], 0.34),
        ([(0, 1.02), (left, bottom), (right, bottom), (w, 1.02)], 0.3),
        (rectangle(left, top, right, bottom), 0.52),
    )
    plaster = noise(rng, sheet.width, sheet.height, 5, octaves=5)[..., None]
    for outline, distance in planes:
        tone = palette.at(distance) * (0.82 + 0.34 * plaster)
        sheet.paint(tone.astype(np.float32), sheet.shape([outline], 0.0012))
    sheet.shade(sheet.shape([rectangle(left, bottom - 0.028, right, bottom)], 0.0012), 0.25)  # skirting board
    boards = []
    centre = (left + right) / 2
    for x in np.linspace(-2.2, 2.2, 26):
        near = centre + x * w * 0.75
        at = centre + x * (right - left) * 0.42
        if left < at < right:
            boards.append([(near, 1.05), (at, bottom), (at + 0.0015, bottom), (near + 0.006, 1.05)])
    sheet.shade(sheet.shape(boards, 0.0012), 0.3)
    corner = np.exp(-((sheet.columns() - left) ** 2) / 0.003) + np.exp(-((sheet.columns() - right) ** 2) / 0.003)
    sheet.shade((np.clip(corner, 0, 1) * np.ones_like(sheet.rows())).astype(np.float32), 0.22)


def paint_window(sheet: Sheet, palette: Palette, situation: Situation, x: float, y: float, w: float, h: float) -> Point:
    """Paint a window, the sky outside, its glow in the room and its light on the floor; return where its light is."""
    night = situation.hour == "night"
    sky = mix(colour("2b4566"), colour("11203a"), 0.3) if night else mix(colour("f4efe2"), palette.light, 0.5)
    if situation.hour == "dusk":
        sky = colour("f0a868")
    if situation.weather in ("storm", "rain", "fog", "snow"):
        sky = mix(sky, colour("8c9aa0"), 0.45 if not night else 0.2)
    frame = rectangle(x - 0.012, y - 0.012, x + w + 0.012, y + h + 0.02)
    sheet.paint(palette.at(0.12), sheet.shape([frame], 0.001))
    panes = []
    for i in range(2):
        for j in range(3):
            a, b = x + i * w / 2 + 0.006, y + j * h / 3 + 0.005
            panes.append(rectangle(a, b, a + w / 2 - 0.012, b + h / 3 - 0.01))
    glass = sheet.shape(panes, 0.001)
    fade = np.clip((sheet.rows() - y) / h, 0, 1)[..., None]
    sheet.paint((sky * (0.72 + 0.28 * fade)).astype(np.float32), glass)
    strength = 0.35 if night else 0.85
    sheet.light(mix(sky, palette.light, 0.3), blurred(glass, 0.05), 0.5 * strength)
    sheet.light(mix(sky, palette.light, 0.3), sheet.glow(x + w / 2, y + h / 2, 0.3), 0.4 * strength)
    way = 1 if x + w / 2 < sheet.aspect / 2 else -1
    shaft = [(x, y + 0.02), (x + w, y + 0.02), (x + w + way * 0.62, 1.02), (x + way * 0.45, 1.02)]
    reach = np.clip(1.3 - sheet.rows(), 0, 1) * np.clip((sheet.rows() - y) * 3, 0, 1)
    sheet.light(mix(sky, palette.light, 0.5), sheet.shape([shaft], 0.022) * reach, 0.2 * strength)
    pool = [(x + way * 0.34, 0.86), (x + w + way * 0.46, 0.86), (x + w + way * 0.68, 0.98), (x + way * 0.5, 0.98)]
    sheet.light(mix(sky, palette.light, 0.5), sheet.shape([pool], 0.012), 0.3 * strength)
    return x + w / 2, y + h / 2


def paint_lamp(sheet: Sheet, palette: Palette, x: float, foot: float, hanging: bool) -> Point:
    """Paint a hanging lamp (``foot`` is its lower rim) or one that stands on ``foot``; return where its bulb is."""
    if hanging:
        y = foot
        cord = rectangle(x - 0.002, -0.02, x + 0.002, y - 0.06)
        hood = trapezoid(x, y - 0.065, 0.018, y, 0.075)
        sheet.paint(palette.dark, sheet.shape([cord, hood], 0.0012))
        bulb = (x, y + 0.004)
        reach = np.clip(1.1 - (sheet.rows() - y) * 1.1, 0, 1)
        sheet.light(LAMPLIGHT, sheet.shape([trapezoid(x, y, 0.07, 1.02, 0.55)], 0.03) * reach, 0.16)
    else:
        stem = trapezoid(x, foot - 0.09, 0.006, foot, 0.012)
        base = trapezoid(x, foot - 0.008, 0.03, foot, 0.034)
        sheet.paint(palette.dark, sheet.shape([stem, base], 0.001))
        hood = trapezoid(x, foot - 0.165, 0.03, foot - 0.085, 0.058)
        sheet.paint(mix(LAMPLIGHT, colour("ff9d4a"), 0.35), sheet.shape([hood], 0.0015))
        bulb = (x, foot - 0.12)
    sheet.light(LAMPLIGHT, sheet.glow(*bulb, 0.05), 0.9)
    sheet.light(LAMPLIGHT, sheet.glow(bulb[0], bulb[1], 0.3), 0.5)
    return bulb


def paint_furniture(
    mid: Sheet, palette: Palette, situation: Situation, rng: np.random.Generator, table: float, top: float
) -> None:
    """Paint a bed, or a table with the objects that the situation names and a chair, in front of the back wall."""
    wood = palette.at(0.14)
    if "bed" in situation.objects:
        frame = [(table - 0.34, top + 0.06), (table + 0.34, top + 0.02), (table + 0.36, 0.93), (table - 0.36, 0.97)]
        left, right = table + 0.16, table + 0.34
        pillow = [(left, top - 0.01), (right, top - 0.02), (right, top + 0.05), (left, top + 0.06)]
        mid.paint(palette.at(0.2), mid.shape([frame], 0.004))
        mid.paint(palette.at(0.6), mid.shape([pillow], 0.006))
        return
    slab = trapezoid(table, top, 0.3, top + 0.035, 0.33)
    legs = [
        [(inner, top + 0.03), (outer, top + 0.03), (outer, 0.95), (table + s * 0.285, 0.95)]
        for s in (-1, 1)
        for inner, outer in [(table + s * 0.28, table + s * 0.31)]
    ]
    mid.shade(np.clip(mid.glow(table, 0.95, 0.09, wide=4) * 1.2 - 0.2, 0, 1), 0.5)
    mid.paint(wood, mid.shape([slab, *legs], 0.0014))
    edge = trapezoid(table, top, 0.3, top + 0.006, 0.303)
    mid.light(palette.light, mid.shape([edge], 0.001), 0.4 * palette.power)
    side = rng.choice([-1, 1])
    x = table + side * 0.43
    back = trapezoid(x, top - 0.14, 0.045, top + 0.1, 0.05)
    seat = trapezoid(x, top + 0.09, 0.06, top + 0.115, 0.06)
    chair_legs = [
        [(x + s * 0.05, top + 0.1), (x + s * 0.058, top + 0.1), (x + s * 0.062, 0.94), (x + s * 0.052, 0.94)]
        for s in (-1, 1)
    ]
    mid.paint(palette.at(0.1), mid.shape([back, seat, *chair_legs], 0.0014))
    if "letter" in situation.objects or rng.random() < 0.3:
        top_left, top_right = (table - 0.12, top - 0.004), (table - 0.01, top - 0.006)
        paper = [top_left, top_right, (table + 0.0, top + 0.012), (table - 0.13, top + 0.012)]
        mid.paint(mix(palette.low, palette.light, 0.4), mid.shape([paper], 0.001))
    if "cup" in situation.objects or rng.random() < 0.4:
        rim, foot = top - 0.045, top + 0.003
        cup = [(table + 0.1, rim), (table + 0.15, rim), (table + 0.143, foot), (table + 0.107, foot)]
        mid.paint(palette.at(0.5), mid.shape([cup], 0.0012))


def paint_door(sheet: Sheet, palette: Palette, x: float, bottom: float, high: float, is_open: bool) -> None:
    """Paint a door; light falls through an open one."""
    w = high * 0.42
    case = rectangle(x - w / 2 - 0.014, bottom - high - 0.014, x + w / 2 + 0.014, bottom)
    leaf = rectangle(x - w / 2, bottom - high, x + w / 2, bottom)
    sheet.paint(palette.at(0.2), sheet.shape([case], 0.001))
    mask = sheet.shape([leaf], 0.001)
    if is_open:
        sheet.paint(mix(palette.light, palette.low, 0.25), mask)
        sheet.light(palette.light, blurred(mask, 0.06), 0.55)
        spill = trapezoid(x, bottom, w / 2, 1.03, w * 1.5)
        sheet.light(palette.light, sheet.shape([spill], 0.012) * np.clip(1.35 - sheet.rows(), 0, 1), 0.45)
    else:
        sheet.paint(palette.at(0.32), mask)
        sheet.light(palette.light, sheet.glow(x + w * 0.38, bottom - high * 0.46, 0.005), 0.7)
