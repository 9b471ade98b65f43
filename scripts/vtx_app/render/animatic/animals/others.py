"""Birds, fish and other animals; they look to the right. Feet at the pen's origin, in metres."""

from __future__ import annotations

from vtx_app.render.animatic.drawing.colours import INK, Colour, darker, lighter
from vtx_app.render.animatic.drawing.pen import Pen, arc, oval, smooth

__all__ = ["OTHERS", "paint_bird", "paint_fish", "paint_flying_bird", "paint_insect", "paint_snake"]

OTHERS: dict[str, tuple[str, float, str]] = {
    # kind: painter, length in metres, usual colour
    "bird": ("bird", 0.26, "6f7076"), "gull": ("bird", 0.6, "eceef0"), "seagull": ("bird", 0.6,
    "eceef0"), "crow": ("bird", 0.46, "222328"),
    "raven": ("bird", 0.6, "1e1f24"), "pigeon": ("bird", 0.34, "8b909a"), "dove": ("bird", 0.32,
    "eeeeea"), "sparrow": ("bird", 0.16, "8a6a4c"),
    "robin": ("bird", 0.16, "8a6a4c"), "bluebird": ("bird", 0.18, "3f6fb0"), "blackbird": ("bird", 0.25,
    "26262a"), "canary": ("bird", 0.14, "e6c83c"),
    "parrot": ("bird", 0.4, "3f9450"), "owl": ("bird", 0.42, "8a7254"), "eagle": ("bird", 0.9, "5a4432"),
    "hawk": ("bird", 0.5, "7a5c40"),
    "falcon": ("bird", 0.45, "7a6a58"), "swallow": ("bird", 0.2, "30405c"), "albatross": ("bird", 1.0,
    "eceef0"), "magpie": ("bird", 0.45, "2a2b30"),
    "chicken": ("fowl", 0.42, "d9c3a0"), "hen": ("fowl", 0.42, "b07a4c"), "rooster": ("fowl", 0.5,
    "a8552c"), "cock": ("fowl", 0.5, "a8552c"),
    "duck": ("fowl", 0.5, "8a8a6c"), "goose": ("fowl", 0.8, "ecebe6"), "swan": ("fowl", 1.2, "f2f1ec"),
    "penguin": ("penguin", 0.7, "2a2c34"),
    "fish": ("fish", 0.4, "8aa0ac"), "salmon": ("fish", 0.7, "c08a7c"), "goldfish": ("fish", 0.14,
    "e08a36"), "shark": ("fish", 2.6, "75828c"),
    "whale": ("fish", 9.0, "50606e"), "dolphin": ("fish", 2.2, "7c909e"), "seal": ("fish", 1.6,
    "6c7076"),
    "snake": ("snake", 1.2, "6b7a44"), "worm": ("snake", 0.2, "b4847a"), "eel": ("snake", 0.8, "50564c"),
    "butterfly": ("insect", 0.08, "d98a36"), "moth": ("insect", 0.07, "b4a68c"), "bee": ("insect", 0.03,
    "d9a836"), "fly": ("insect", 0.02, "3a3a40"),
    "dragonfly": ("insect", 0.09, "4a8aa0"), "frog": ("frog", 0.1, "5f9448"), "toad": ("frog", 0.12,
    "7d7450"), "turtle": ("turtle", 0.4, "6b7a4a"),
    "tortoise": ("turtle", 0.5, "7a6f48"), "crab": ("crab", 0.2, "c05a3c"), "lizard": ("snake", 0.3,
    "6f8a4c"), "spider": ("spider", 0.05, "2e2c30"),
    "monkey": ("monkey", 0.7, "7c5c44"), "ape": ("monkey", 1.3, "4a4340"), "gorilla": ("monkey", 1.6,
    "3a3838"), "chimpanzee": ("monkey", 1.1, "3e3836"),
}  # fmt: skip


def paint_bird(pen: Pen, tone: Colour, kind: str) -> None:
    """A bird that sits; units are its length."""
    dark, light = darker(tone, 0.3), lighter(tone, 0.35)
    bill = (
        (222, 160, 60)
        if kind in ("gull", "seagull", "blackbird", "albatross", "eagle", "canary", "duck", "goose")
        else (92, 86, 80)
    )
    for x in (-0.03, 0.06):
        pen.line([(x, -0.2), (x + 0.02, 0)], ink=1.4, colour=(150, 110, 60))
        pen.line([(x - 0.03, 0), (x + 0.08, 0)], ink=1.2, colour=(150, 110, 60))
    pen.shape([(-0.3, -0.36), (-0.62, -0.22), (-0.58, -0.14), (-0.2, -0.2)], dark)
    if kind == "owl":
        pen.blob(
            [(-0.2, -0.16), (-0.28, -0.6), (-0.24, -0.95), (0, -1.0), (0.24, -0.95), (0.28, -0.6), (0.18, -0.16)], tone
        )
        for x in (-0.11, 0.13):
            pen.oval(x, -0.78, 0.1, 0.1, light)
            pen.fill(oval(x + 0.01, -0.78, 0.05, 0.05), INK)
        pen.shape([(-0.02, -0.7), (0.05, -0.7), (0.015, -0.6)], (210, 160, 70))
        return
    pen.blob(
        [(-0.36, -0.34), (-0.2, -0.5), (0.05, -0.56), (0.25, -0.44), (0.24, -0.26), (0.05, -0.14), (-0.2, -0.17)], tone
    )
    pen.fill(
        smooth([(0.22, -0.4), (0.22, -0.28), (0.05, -0.16), (-0.05, -0.2), (0.1, -0.3)]),
        (196, 84, 50) if kind in ("robin", "bluebird") else light,
    )
    pen.shape([(0.3, -0.62), (0.48 if kind not in ("eagle", "parrot", "hawk") else 0.4, -0.55), (0.3, -0.51)], bill)
    pen.oval(0.2, -0.58, 0.14, 0.135, light if kind in ("eagle",) else tone)
    pen.fill(oval(0.25, -0.61, 0.025, 0.028, points=12), INK if sum(tone) > 160 else (240, 236, 220))
    pen.blob([(0.04, -0.44), (-0.16, -0.42), (-0.44, -0.24), (-0.18, -0.24), (0.02, -0.3)], dark)


def paint_flying_bird(pen: Pen, tone: Colour) -> None:
    """A bird on the wing; units are its length."""
    dark = darker(tone, 0.25)
    pen.shape(smooth([(0.0, -0.05), (-0.25, -0.55), (-0.7, -0.62), (-0.35, -0.3), (-0.2, 0.0)]), dark)
    pen.shape([(-0.35, 0.02), (-0.62, -0.06), (-0.6, 0.08)], dark)
    pen.blob([(-0.4, 0.02), (-0.1, -0.1), (0.25, -0.1), (0.36, -0.02), (0.2, 0.08), (-0.15, 0.1)], tone)
    pen.shape([(0.36, -0.06), (0.5, -0.01), (0.34, 0.02)], (214, 160, 70))
    pen.shape(smooth([(0.08, -0.04), (0.28, -0.5), (0.1, -0.78), (-0.02, -0.4), (-0.16, -0.02)]), tone)
    pen.fill(oval(0.27, -0.05, 0.02, 0.02, points=10), INK)


def _fowl(pen: Pen, tone: Colour, kind: str) -> None:
    dark = darker(tone, 0.3)
    water = kind in ("duck", "swan", "goose")
    high = 1.0 if kind in ("swan", "goose") else 0.85
    for x in (-0.05, 0.08):
        pen.line([(x, -0.25), (x, 0)], ink=1.8, colour=(206, 150, 60))
        pen.line([(x, 0), (x + 0.1, 0)], ink=1.8, colour=(206, 150, 60))
    pen.blob(
        [(-0.5, -0.55), (-0.3, -0.5), (0.05, -0.56), (0.3, -0.5), (0.32, -0.3), (0.05, -0.18), (-0.3, -0.22)], tone
    )
    pen.shape(
        smooth([(0.12, -0.5), (0.2, -0.75), (0.24, -high)], closed=False)
        + smooth([(0.4, -high), (0.36, -0.7), (0.34, -0.34)], closed=False),
        tone,
    )
    pen.oval(0.33, -high, 0.1, 0.09, (54, 96, 70) if kind == "duck" else tone)
    pen.shape([(0.41, -high - 0.03), (0.58 if water else 0.52, -high + 0.02), (0.4, -high + 0.05)], (222, 160, 60))
    pen.fill(oval(0.36, -high - 0.02, 0.02, 0.02, points=10), INK)
    if not water:
        pen.blob(
            [
                (0.26, -high - 0.07),
                (0.28, -high - 0.18),
                (0.34, -high - 0.12),
                (0.4, -high - 0.17),
                (0.4, -high - 0.06),
            ],
            (196, 60, 48),
        )
    pen.blob([(-0.34, -0.44), (-0.1, -0.46), (0.14, -0.4), (-0.06, -0.28), (-0.3, -0.32)], dark)


def _penguin(pen: Pen, tone: Colour, kind: str) -> None:
    pen.blob([(-0.2, 0), (-0.26, -0.4), (-0.16, -0.82), (0, -1.0), (0.16, -0.82), (0.26, -0.4), (0.2, 0)], tone)
    pen.fill(
        smooth([(0.0, -0.04), (-0.06, -0.4), (0.02, -0.7), (0.14, -0.72), (0.2, -0.4), (0.14, -0.05)]), (244, 242, 236)
    )
    pen.shape([(0.12, -0.88), (0.28, -0.83), (0.12, -0.8)], (222, 160, 60))
    pen.fill(oval(0.06, -0.88, 0.02, 0.02, points=10), (244, 242, 236))


def paint_fish(pen: Pen, tone: Colour, kind: str) -> None:
    """A fish that swims to the right; units are its length, the origin under its middle."""
    dark, light = darker(tone, 0.25), lighter(tone, 0.3)
    deep = 0.17 if kind in ("shark", "dolphin", "eel", "seal") else 0.24
    y = -deep * 1.2
    pen.shape([(-0.4, y), (-0.56, y - deep * 0.9), (-0.5, y), (-0.56, y + deep * 0.9)], dark)
    if kind in ("shark", "dolphin"):
        pen.shape([(-0.02, y - deep * 0.7), (-0.08, y - deep * 1.9), (0.14, y - deep * 0.7)], dark)
    pen.blob(
        [
            (-0.42, y),
            (-0.2, y - deep * 0.7),
            (0.15, y - deep),
            (0.42, y - deep * 0.4),
            (0.5, y),
            (0.4, y + deep * 0.5),
            (0.1, y + deep * 0.9),
            (-0.2, y + deep * 0.6),
        ],
        tone,
    )
    pen.fill(
        smooth([(0.44, y + deep * 0.2), (0.1, y + deep * 0.8), (-0.2, y + deep * 0.5), (0.1, y + deep * 0.4)]), light
    )
    pen.shape([(0.1, y + deep * 0.3), (-0.06, y + deep * 0.9), (0.02, y + deep * 0.2)], dark)
    pen.fill(oval(0.34, y - deep * 0.18, 0.03, 0.03, points=12), (246, 244, 238))
    pen.fill(oval(0.345, y - deep * 0.18, 0.017, 0.017, points=10), INK)
    pen.line(arc(0.2, y, 0.06, deep * 0.5, -80, 80), ink=0.8, colour=dark)


def paint_snake(pen: Pen, tone: Colour, kind: str) -> None:
    """A snake on the ground; units are its length."""
    points = smooth(
        [(-0.5, -0.03), (-0.3, -0.12), (-0.1, -0.03), (0.1, -0.12), (0.28, -0.04), (0.36, -0.16)], closed=False
    )
    pen.stroke(points, 0.06, tone, line=INK)
    pen.blob([(0.33, -0.2), (0.46, -0.22), (0.5, -0.17), (0.36, -0.13)], tone)
    pen.fill(oval(0.42, -0.19, 0.01, 0.01, points=8), INK)


def paint_insect(pen: Pen, tone: Colour, kind: str) -> None:
    """A butterfly or another winged insect; units are its length, the origin under it."""
    for side in (-1, 1):
        pen.blob(
            [
                (0, -0.5),
                (side * 0.3, -0.95),
                (side * 0.5, -0.8),
                (side * 0.34, -0.5),
                (side * 0.4, -0.2),
                (side * 0.12, -0.25),
            ],
            tone,
        )
    pen.stroke([(0, -0.2), (0, -0.72)], 0.06, INK)
    pen.line([(0, -0.72), (0.1, -0.92)], ink=0.8)
    pen.line([(0, -0.72), (-0.1, -0.92)], ink=0.8)


def _frog(pen: Pen, tone: Colour, kind: str) -> None:
    pen.blob([(-0.5, 0), (-0.48, -0.3), (-0.2, -0.36), (-0.1, 0)], darker(tone, 0.2))
    pen.blob([(-0.4, -0.1), (-0.2, -0.45), (0.15, -0.62), (0.42, -0.5), (0.45, -0.3), (0.2, -0.06)], tone)
    pen.blob([(0.12, -0.2), (0.22, -0.2), (0.34, 0), (0.16, 0)], darker(tone, 0.2))
    pen.oval(0.2, -0.62, 0.09, 0.09, tone)
    pen.fill(oval(0.22, -0.63, 0.045, 0.045, points=12), INK)


def _turtle(pen: Pen, tone: Colour, kind: str) -> None:
    for x in (-0.28, 0.2):
        pen.blob([(x - 0.07, 0), (x - 0.06, -0.18), (x + 0.08, -0.18), (x + 0.1, 0)], lighter(tone, 0.15))
    pen.blob([(0.3, -0.14), (0.36, -0.32), (0.5, -0.36), (0.54, -0.24), (0.4, -0.12)], lighter(tone, 0.15))
    pen.shape([*arc(-0.03, -0.12, 0.4, 0.34, 180, 360)], tone)
    pen.fill(oval(0.46, -0.29, 0.016, 0.016, points=8), INK)


def _crab(pen: Pen, tone: Colour, kind: str) -> None:
    for side in (-1, 1):
        for i in range(3):
            pen.line(
                [(side * 0.25, -0.2), (side * (0.42 + i * 0.06), -0.24 + i * 0.06), (side * (0.42 + i * 0.08), 0)],
                ink=1.8,
            )
        pen.blob([(side * 0.26, -0.3), (side * 0.44, -0.5), (side * 0.36, -0.62), (side * 0.28, -0.45)], tone)
    pen.oval(0, -0.24, 0.32, 0.18, tone)
    for x in (-0.08, 0.08):
        pen.fill(oval(x, -0.42, 0.03, 0.03, points=10), INK)


def _spider(pen: Pen, tone: Colour, kind: str) -> None:
    for side in (-1, 1):
        for i in range(4):
            pen.line([(0, -0.3), (side * (0.25 + i * 0.05), -0.55 + i * 0.08), (side * (0.34 + i * 0.06), 0)], ink=1.4)
    pen.oval(-0.08, -0.32, 0.2, 0.17, tone)
    pen.oval(0.16, -0.28, 0.11, 0.1, tone)


def _monkey(pen: Pen, tone: Colour, kind: str) -> None:
    dark, face = darker(tone, 0.25), (206, 170, 140) if sum(tone) > 220 else (112, 92, 84)
    if kind == "monkey":
        pen.stroke(
            smooth([(-0.15, -0.15), (-0.5, -0.3), (-0.55, -0.7), (-0.35, -0.75)], closed=False), 0.05, tone, line=INK
        )
    for x in (-0.12, 0.1):
        pen.stroke([(x, -0.3), (x * 1.8, -0.16), (x * 1.4, -0.02)], 0.12, dark, line=INK)
    pen.blob([(-0.18, -0.16), (-0.22, -0.5), (-0.12, -0.72), (0.12, -0.72), (0.22, -0.5), (0.18, -0.16)], tone)
    for x in (-0.18, 0.18):
        pen.stroke([(x, -0.66), (x * 1.8, -0.42), (x * 1.6, -0.16)], 0.09, tone, line=INK)
    for x in (-0.19, 0.21):
        pen.oval(x, -0.86, 0.06, 0.06, face)
    pen.oval(0.01, -0.86, 0.18, 0.17, tone)
    pen.fill(oval(0.03, -0.83, 0.13, 0.12), face)
    for x in (-0.03, 0.09):
        pen.fill(oval(x, -0.88, 0.018, 0.022, points=10), INK)
    pen.line(arc(0.03, -0.82, 0.06, 0.05, 20, 160), ink=0.9)


PAINTERS = {
    "bird": paint_bird, "fowl": _fowl, "penguin": _penguin, "fish": paint_fish, "snake": paint_snake,
    "insect": paint_insect, "frog": _frog,
    "turtle": _turtle, "crab": _crab, "spider": _spider, "monkey": _monkey,
}  # fmt: skip
