"""Heads and shoulders near the lens: light and shade with a hint of features, not portraits."""

from __future__ import annotations

import numpy as np

from vtx_app.render.animatic.frame.drawing import Mask, Point, Sheet, blurred, curve, mix, noise, shifted
from vtx_app.render.animatic.people.appearance import (
    Appearance,
    appearance_of,
    head_front,
    head_side,
    mirrored,
    moved,
    paint_lit,
    shoulders,
)
from vtx_app.render.animatic.reading.situation import seed_of
from vtx_app.render.animatic.scene.palette import Palette

__all__ = ["paint_head", "paint_head_from_behind"]


def _collar(look: Appearance) -> list[list[Point]]:
    b = look.build
    return [
        curve([(s * x, y) for x, y in points], steps=5)
        for points in [[(0.16, 1.06), (0.3, 1.12), (0.46 * b, 1.36), (0.16, 1.95), (0.02, 2.0), (0.1, 1.5)]]
        for s in (-1, 1)
    ]


def _clothes(
    sheet: Sheet, palette: Palette, name: str, x: float, crown: float, size: float, light_from: int, collar: Mask,
    neck: bool = True,
) -> None:  # fmt: skip
    """Paint shoulders and chest in a coat; ``neck`` is whether the neck belongs to the body, not to the head."""
    look = appearance_of(name)
    cloth = mix(palette.dark, palette.air, 0.1 + 0.14 * look.tone)
    outline = shoulders(look) if neck else [[(px, max(py, 1.24)) for px, py in shoulders(look)[0]]]
    body = sheet.shape(moved(outline, x, crown, size), 0.0015)
    paint_lit(sheet, palette, body, cloth, size * 1.4, light_from, 0.5 + 0.4 * palette.power)
    rng = np.random.Generator(np.random.PCG64(seed_of("cloth", name)))
    folds = noise(rng, sheet.width, sheet.height, 3, stretch=0.6, octaves=3)
    sheet.shade(np.clip(folds - 0.5, 0, 1) * body, 0.6)
    sheet.paint(mix(cloth, palette.dark, 0.5), collar, 0.85)


def paint_head(
    sheet: Sheet, palette: Palette, name: str, x: float, crown: float, size: float, light_from: int, turn: int = 0
) -> None:
    """Paint head and shoulders with the crown at (x, crown), the head ``size`` sheet heights high.

    ``turn`` -1 looks left, 1 right, 0 at us.
    """
    look = appearance_of(name)
    lift = 0.5 + 0.4 * palette.power
    if look.hair == "long" and not turn:
        behind = curve(mirrored([(0.0, 0.1), (0.4, 0.2), (0.46, 0.6), (0.5, 1.3), (0.3, 1.45)]))
        sheet.paint(mix(palette.dark, palette.middle, 0.04), sheet.shape(moved([behind], x, crown, size), 0.003))
    skin = mix(mix(palette.middle, palette.light, 0.16 + 0.34 * palette.power), palette.dark, 0.2)
    collar = sheet.shape(moved(_collar(look), x - turn * 0.12 * size, crown, size), 0.0015)
    if not turn:
        _clothes(sheet, palette, name, x, crown, size, light_from, collar)
    outlines = head_side(look) if turn else head_front(look)
    facing = turn or 1
    face = sheet.shape(moved(outlines[: 1 if turn else 3], x, crown, size, facing), 0.0015)
    throat = curve(mirrored([(0.2, 0.7), (0.2, 1.1), (0.27, 1.26), (0.1, 1.42)]))
    neck = sheet.shape(moved([throat], x - turn * 0.1 * size, crown, size), 0.003)
    hair = sheet.shape(moved(outlines[1 if turn else 3 :], x, crown, size, facing), 0.002)
    if not turn:
        sheet.paint(mix(skin, palette.dark, 0.55), neck * (1 - collar))
    sheet.paint(skin, face)
    away = -light_from
    terminator = blurred(shifted(face, away * 0.34 * size, 0.04 * size), 0.07 * size)
    sheet.shade(terminator * face if not turn or turn == light_from else face * 0.9, 0.66)
    _features(sheet, x, crown, size, turn, face, light_from)
    if turn:
        _clothes(sheet, palette, name, x - turn * 0.14 * size, crown, size, light_from, collar, neck=False)
    if look.hair == "hood":
        hair = hair * (1 - sheet.shape(moved([_face_opening(turn)], x, crown, size), 0.01 * size))
    elif not turn:
        fringe = sheet.shape(moved([_face_opening(0)], x, crown + 0.06 * size, size), 0.006 * size)
        hair = hair * (1 - fringe * face) if look.hair in ("long", "bun", "short") else hair
    paint_lit(
        sheet, palette, hair, mix(palette.dark, palette.middle, 0.04 + 0.16 * look.tone), size * 0.9, light_from, lift
    )
    whole = face if turn else np.maximum(face, neck)
    rim = np.clip(whole - shifted(whole, away * 0.016 * size, 0.006 * size), 0, 1) * (1 - hair) * (1 - collar)
    sheet.light(palette.light, blurred(rim, 0.006 * size) * whole, 0.75 * lift)


def _face_opening(turn: int) -> list[Point]:
    """The part of a head that a hood leaves open."""
    if turn:
        return curve([(turn * x, y) for x, y in ((0.2, 0.2), (0.7, 0.1), (0.7, 1.2), (0.2, 1.05), (0.08, 0.6))])
    return curve(
        mirrored([(0.0, 0.14), (0.2, 0.17), (0.33, 0.34), (0.345, 0.56), (0.3, 0.8), (0.2, 0.98), (0.0, 1.06)])
    )


def _features(sheet: Sheet, x: float, crown: float, size: float, turn: int, face: Mask, light_from: int) -> None:
    """Shade brow, nose and jaw: enough to show where a head looks, not enough for a portrait."""
    if turn:
        brow = curve([(turn * a, b) for a, b in ((0.22, 0.41), (0.39, 0.4), (0.37, 0.5), (0.26, 0.51))])
        jaw = curve([(turn * a, b) for a, b in ((-0.2, 0.78), (0.05, 0.9), (0.3, 1.0), (0.1, 1.16), (-0.2, 1.16))])
        ear = curve([(turn * a, b) for a, b in ((-0.12, 0.44), (-0.04, 0.44), (-0.05, 0.6), (-0.1, 0.62))])
        sheet.shade(sheet.shape(moved([brow, ear], x, crown, size), 0.025 * size) * face, 0.4)
        sheet.shade(sheet.shape(moved([jaw], x, crown, size), 0.05 * size) * face, 0.5)
        return
    sockets = [
        curve([(s * 0.06, 0.42), (s * 0.18, 0.385), (s * 0.3, 0.42), (s * 0.27, 0.5), (s * 0.1, 0.5)]) for s in (-1, 1)
    ]
    dark = -light_from
    bridge = [(dark * 0.01, 0.45), (dark * 0.06, 0.46), (dark * 0.1, 0.66)]
    nose = curve([*bridge, (0.0, 0.7), (-dark * 0.04, 0.67), (dark * 0.03, 0.64)])
    chin = curve([(-0.09, 0.82), (0.0, 0.83), (0.09, 0.82), (0.0, 0.87)])
    sheet.shade(sheet.shape(moved(sockets, x, crown, size), 0.035 * size) * face, 0.36)
    sheet.shade(sheet.shape(moved([nose, chin], x, crown, size), 0.022 * size) * face, 0.42)


def paint_head_from_behind(sheet: Sheet, palette: Palette, name: str, side: int, light_from: int) -> None:
    """Paint the dark back of a head and a shoulder at the ``side`` (-1 left, 1 right) edge, close to the lens."""
    look, head = appearance_of(name), 0.44
    x = sheet.aspect * (0.5 + side * 0.36)
    outlines = moved(head_front(look), x, 0.16, head) + moved(shoulders(look), x + side * 0.08, 0.16, head)
    mask = sheet.shape(outlines, 0.008)
    paint_lit(sheet, palette, mask, mix(palette.dark, palette.air, 0.03), head * 1.2, light_from, 0.4)
