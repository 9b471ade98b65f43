"""What rooms are made of: walls in perspective, windows, lamps, doors, furniture."""

from __future__ import annotations

import numpy as np

from vtx_app.render.animatic.frame.drawing import Point, Sheet, blurred, colour, mix, noise
from vtx_app.render.animatic.reading.situation import Situation
from vtx_app.render.animatic.scene.palette import Palette

__all__ = ["LAMP", "box", "door", "furniture", "lamp", "quad", "window"]

LAMP = colour("ffcf8a")
"""Lamplight."""


def quad(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    return [a, b, c, d]


def box(
    sheet: Sheet, palette: Palette, rng: np.random.Generator, left: float, right: float, top: float, bottom: float
) -> None:
    """The five planes of a room whose back wall is the rectangle given."""
    w = sheet.aspect
    planes = (
        (quad((0, 0), (w, 0), (right, top), (left, top)), 0.22),
        (quad((0, 0), (left, top), (left, bottom), (0, 1.02)), 0.4),
        (quad((w, 0), (right, top), (right, bottom), (w, 1.02)), 0.34),
        (quad((0, 1.02), (left, bottom), (right, bottom), (w, 1.02)), 0.3),
        (quad((left, top), (right, top), (right, bottom), (left, bottom)), 0.52),
    )
    plaster = noise(rng, sheet.width, sheet.height, 5, octaves=5)[..., None]
    for outline, distance in planes:
        tone = palette.at(distance) * (0.82 + 0.34 * plaster)
        sheet.paint(tone.astype(np.float32), sheet.shape([outline], 0.0012))
    skirting = quad((left, bottom - 0.028), (right, bottom - 0.028), (right, bottom), (left, bottom))
    sheet.shade(sheet.shape([skirting], 0.0012), 0.25)
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


def window(sheet: Sheet, palette: Palette, situation: Situation, x: float, y: float, w: float, h: float) -> Point:
    """A window with its panes, what is outside, its shine on the room and its shaft across the floor."""
    night = situation.hour == "night"
    sky = mix(colour("2b4566"), colour("11203a"), 0.3) if night else mix(colour("f4efe2"), palette.light, 0.5)
    if situation.hour == "dusk":
        sky = colour("f0a868")
    if situation.weather in ("storm", "rain", "fog", "snow"):
        sky = mix(sky, colour("8c9aa0"), 0.45 if not night else 0.2)
    frame = sheet.shape(
        [
            quad(
                (x - 0.012, y - 0.012),
                (x + w + 0.012, y - 0.012),
                (x + w + 0.012, y + h + 0.02),
                (x - 0.012, y + h + 0.02),
            )
        ],
        0.001,
    )
    sheet.paint(palette.at(0.12), frame)
    panes = []
    for i in range(2):
        for j in range(3):
            a, b = x + i * w / 2 + 0.006, y + j * h / 3 + 0.005
            panes.append(
                quad((a, b), (a + w / 2 - 0.012, b), (a + w / 2 - 0.012, b + h / 3 - 0.01), (a, b + h / 3 - 0.01))
            )
    glass = sheet.shape(panes, 0.001)
    fade = np.clip((sheet.rows() - y) / h, 0, 1)[..., None]
    sheet.paint((sky * (0.72 + 0.28 * fade)).astype(np.float32), glass)
    strength = 0.35 if night else 0.85
    sheet.light(mix(sky, palette.light, 0.3), blurred(glass, 0.05), 0.5 * strength)
    sheet.light(mix(sky, palette.light, 0.3), sheet.glow(x + w / 2, y + h / 2, 0.3), 0.4 * strength)
    way = 1 if x + w / 2 < sheet.aspect / 2 else -1
    shaft = quad((x, y + 0.02), (x + w, y + 0.02), (x + w + way * 0.62, 1.02), (x + way * 0.45, 1.02))
    reach = np.clip(1.3 - sheet.rows(), 0, 1) * np.clip((sheet.rows() - y) * 3, 0, 1)
    sheet.light(mix(sky, palette.light, 0.5), sheet.shape([shaft], 0.022) * reach, 0.2 * strength)
    pool = quad((x + way * 0.34, 0.86), (x + w + way * 0.46, 0.86), (x + w + way * 0.68, 0.98), (x + way * 0.5, 0.98))
    sheet.light(mix(sky, palette.light, 0.5), sheet.shape([pool], 0.012), 0.3 * strength)
    return x + w / 2, y + h / 2


def lamp(sheet: Sheet, palette: Palette, x: float, foot: float, hanging: bool) -> Point:
    """A hanging lamp (``foot`` is its lower rim) or one that stands on ``foot``; returns its light."""
    if hanging:
        y = foot
        cord = quad((x - 0.002, -0.02), (x + 0.002, -0.02), (x + 0.002, y - 0.06), (x - 0.002, y - 0.06))
        hood = [(x - 0.018, y - 0.065), (x + 0.018, y - 0.065), (x + 0.075, y), (x - 0.075, y)]
        sheet.paint(palette.dark, sheet.shape([cord, hood], 0.0012))
        bulb = (x, y + 0.004)
        cone = [(x - 0.07, y), (x + 0.07, y), (x + 0.55, 1.02), (x - 0.55, 1.02)]
        reach = np.clip(1.1 - (sheet.rows() - y) * 1.1, 0, 1)
        sheet.light(LAMP, sheet.shape([cone], 0.03) * reach, 0.16)
    else:
        stem = [(x - 0.006, foot - 0.09), (x + 0.006, foot - 0.09), (x + 0.012, foot), (x - 0.012, foot)]
        base = [(x - 0.03, foot - 0.008), (x + 0.03, foot - 0.008), (x + 0.034, foot), (x - 0.034, foot)]
        sheet.paint(palette.dark, sheet.shape([stem, base], 0.001))
        hood = [
            (x - 0.03, foot - 0.165),
            (x + 0.03, foot - 0.165),
            (x + 0.058, foot - 0.085),
            (x - 0.058, foot - 0.085),
        ]
        sheet.paint(mix(LAMP, colour("ff9d4a"), 0.35), sheet.shape([hood], 0.0015))
        bulb = (x, foot - 0.12)
    sheet.light(LAMP, sheet.glow(*bulb, 0.05), 0.9)
    sheet.light(LAMP, sheet.glow(bulb[0], bulb[1], 0.3), 0.5)
    return bulb


def furniture(
    mid: Sheet, palette: Palette, situation: Situation, rng: np.random.Generator, table: float, top: float
) -> None:
    """A table with what the words put on it, a chair, a bed, a hearth: dark and simple, in front of the far wall."""
    wood = palette.at(0.14)
    if "bed" in situation.objects:
        frame = [(table - 0.34, top + 0.06), (table + 0.34, top + 0.02), (table + 0.36, 0.93), (table - 0.36, 0.97)]
        pillow = [
            (table + 0.16, top - 0.01),
            (table + 0.34, top - 0.02),
            (table + 0.34, top + 0.05),
            (table + 0.16, top + 0.06),
        ]
        mid.paint(palette.at(0.2), mid.shape([frame], 0.004))
        mid.paint(palette.at(0.6), mid.shape([pillow], 0.006))
        return
    slab = [(table - 0.3, top), (table + 0.3, top), (table + 0.33, top + 0.035), (table - 0.33, top + 0.035)]
    legs = [
        [
            (table + s * 0.28, top + 0.03),
            (table + s * 0.31, top + 0.03),
            (table + s * 0.31, 0.95),
            (table + s * 0.285, 0.95),
        ]
        for s in (-1, 1)
    ]
    mid.shade(np.clip(mid.glow(table, 0.95, 0.09, wide=4) * 1.2 - 0.2, 0, 1), 0.5)
    mid.paint(wood, mid.shape([slab, *legs], 0.0014))
    edge = [(table - 0.3, top), (table + 0.3, top), (table + 0.303, top + 0.006), (table - 0.303, top + 0.006)]
    mid.light(palette.light, mid.shape([edge], 0.001), 0.4 * palette.power)
    side = rng.choice([-1, 1])
    x = table + side * 0.43
    back = [(x - 0.045, top - 0.14), (x + 0.045, top - 0.14), (x + 0.05, top + 0.1), (x - 0.05, top + 0.1)]
    seat = [(x - 0.06, top + 0.09), (x + 0.06, top + 0.09), (x + 0.06, top + 0.115), (x - 0.06, top + 0.115)]
    chair_legs = [
        [(x + s * 0.05, top + 0.1), (x + s * 0.058, top + 0.1), (x + s * 0.062, 0.94), (x + s * 0.052, 0.94)]
        for s in (-1, 1)
    ]
    mid.paint(palette.at(0.1), mid.shape([back, seat, *chair_legs], 0.0014))
    if "letter" in situation.objects or rng.random() < 0.3:
        paper = [
            (table - 0.12, top - 0.004),
            (table - 0.01, top - 0.006),
            (table + 0.0, top + 0.012),
            (table - 0.13, top + 0.012),
        ]
        mid.paint(mix(palette.low, palette.light, 0.4), mid.shape([paper], 0.001))
    if "cup" in situation.objects or rng.random() < 0.4:
        cup = [
            (table + 0.1, top - 0.045),
            (table + 0.15, top - 0.045),
            (table + 0.143, top + 0.003),
            (table + 0.107, top + 0.003),
        ]
        mid.paint(palette.at(0.5), mid.shape([cup], 0.0012))


def door(sheet: Sheet, palette: Palette, x: float, bottom: float, high: float, open_light: bool) -> None:
    w = high * 0.42
    case = quad(
        (x - w / 2 - 0.014, bottom - high - 0.014),
        (x + w / 2 + 0.014, bottom - high - 0.014),
        (x + w / 2 + 0.014, bottom),
        (x - w / 2 - 0.014, bottom),
    )
    leaf = quad((x - w / 2, bottom - high), (x + w / 2, bottom - high), (x + w / 2, bottom), (x - w / 2, bottom))
    sheet.paint(palette.at(0.2), sheet.shape([case], 0.001))
    mask = sheet.shape([leaf], 0.001)
    if open_light:
        sheet.paint(mix(palette.light, palette.low, 0.25), mask)
        sheet.light(palette.light, blurred(mask, 0.06), 0.55)
        spill = quad((x - w / 2, bottom), (x + w / 2, bottom), (x + w * 1.5, 1.03), (x - w * 1.5, 1.03))
        sheet.light(palette.light, sheet.shape([spill], 0.012) * np.clip(1.35 - sheet.rows(), 0, 1), 0.45)
    else:
        sheet.paint(palette.at(0.32), mask)
        sheet.light(palette.light, sheet.glow(x + w * 0.38, bottom - high * 0.46, 0.005), 0.7)
