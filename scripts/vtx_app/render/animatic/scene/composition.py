"""Compose a shot: the place, framed by the shot size, its people, and a foreground close to the lens.

The place is painted from its own seed, so all shots there share set, horizon and palette. The shot's seed only decides
the framing and where people stand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from vtx_app.render.animatic.frame.drawing import Mask, Sheet, blurred, mix, noise
from vtx_app.render.animatic.people.figures import paint_figure
from vtx_app.render.animatic.people.heads import paint_head, paint_head_from_behind
from vtx_app.render.animatic.reading.situation import Situation
from vtx_app.render.animatic.scene.indoors import paint_indoors
from vtx_app.render.animatic.scene.objects import paint_insert, paint_landmarks
from vtx_app.render.animatic.scene.outdoors import paint_outdoors
from vtx_app.render.animatic.scene.palette import Palette, palette_of
from vtx_app.render.animatic.scene.sky import Ground

__all__ = ["compose"]


@dataclass(frozen=True, slots=True)
class _Framing:
    """The visible part of the place: ``size`` is its share of the height, (x, y) its centre as shares; and its blur."""

    size: float
    x: float
    y: float
    far_soft: float
    mid_soft: float


def _framing(situation: Situation, ground: Ground, aspect: float, rng: np.random.Generator) -> _Framing:
    size, far_soft, mid_soft = {
        "wide": (1.0, 0.0, 0.0), "full": (0.86, 0.0015, 0.0), "medium": (0.62, 0.006, 0.004),
        "shoulder": (0.6, 0.008, 0.006), "close": (0.42, 0.02, 0.018), "insert": (0.4, 0.03, 0.03),
    }[situation.shot]  # fmt: skip
    size -= 0.05 * float(rng.random()) if situation.shot != "wide" else 0.0
    free = (1 - size) / 2
    lean = np.clip(ground.light[0] / aspect - 0.5, -0.3, 0.3)
    x = 0.5 + float(np.clip(lean * 0.7 + rng.normal(0, 0.12), -free, free))
    y = float(np.clip(ground.horizon + 0.02, 0.5 - free, 0.5 + free))
    return _Framing(size, x, y, far_soft, mid_soft)


def _crop(sheet: Sheet, framing: _Framing, soft: float) -> None:
    """Enlarge the part of ``sheet`` in ``framing`` to the sheet's size, blurred by ``soft`` sheet heights."""
    if framing.size >= 1.0 and not soft:
        return
    w, h = sheet.width, sheet.height
    half = framing.size / 2
    left, top = max(0.0, w * (framing.x - half)), max(0.0, h * (framing.y - half))
    right, bottom = min(float(w), w * (framing.x + half)), min(float(h), h * (framing.y + half))
    box = (left, top, right, bottom)

    def cropped(plane: Mask) -> Mask:
        image = Image.fromarray(np.ascontiguousarray(plane, np.float32))
        large = np.asarray(image.resize((w, h), Image.Resampling.BICUBIC, box=box), np.float32)
        return blurred(np.clip(large, 0, 1), soft) if soft else large

    cover = sheet.alpha
    if cover is None:
        sheet.rgb = np.stack([cropped(sheet.rgb[..., i]) for i in range(3)], -1)
        return
    sheet.alpha = np.clip(cropped(cover), 0, 1)
    whole = np.maximum(sheet.alpha, 0.004)[..., None]
    sheet.rgb = np.clip(np.stack([cropped(sheet.rgb[..., i] * cover) for i in range(3)], -1) / whole, 0, 1)


def _solid_ground(sheet: Sheet, x: float, y: float) -> float:
    """The x nearest to ``x`` at which ``sheet`` has ground under a foot at ``y``; ``x`` if it has no ground."""
    row = sheet.cover[min(sheet.height - 1, round(y * sheet.height))]
    solid = np.flatnonzero(np.convolve(row > 0.9, np.ones(9), "same") >= 9)
    solid = solid[(solid > 0.1 * sheet.width) & (solid < 0.9 * sheet.width)]
    if not len(solid):
        return x
    return float(solid[np.argmin(np.abs(solid - x * sheet.height))] / sheet.height)


def _place_people(
    sheet: Sheet, situation: Situation, palette: Palette, framing: _Framing, ground: Ground, rng: np.random.Generator
) -> None:
    """Paint the people on ``sheet``."""
    light_x = ((ground.light[0] / sheet.aspect - framing.x) / framing.size + 0.5) * sheet.aspect
    people, w = situation.people, sheet.aspect
    horizon = (ground.horizon - framing.y) / framing.size + 0.5
    side = -1 if light_x > w / 2 else 1

    def light_from(x: float) -> int:
        return 1 if light_x > x else -1

    if situation.shot in ("wide", "full"):
        floor = (ground.floor - framing.y) / framing.size + 0.5
        size = 0.3 if situation.shot == "wide" else 0.62
        if situation.shot == "wide" and situation.place not in ("sea", "stairs"):
            floor = min(0.965, horizon + size * 0.98)
        else:
            floor = min(0.97, floor)
        first = w / 2 + side * w * float(rng.uniform(0.08, 0.17))
        for i, name in enumerate(people):
            step = size * (0.42 + 0.16 * float(rng.random()))
            x = first - side * i * step * (1 if len(people) < 3 else 0.7)
            scale = size * (1 - 0.05 * (i % 3))
            if not situation.indoors:
                x = _solid_ground(sheet, x, floor - 0.012 * (i % 3))
            pose = "side" if len(people) == 2 else str(rng.choice(["stand", "walk", "side", "hold"]))
            facing = (-side if i == 0 else side) if len(people) == 2 else int(rng.choice([-1, 1]))
            paint_figure(sheet, palette, name, x, floor - 0.012 * (i % 3), scale, light_from(x), pose, facing)
        return
    if situation.shot == "close":
        name = people[0]
        turn = int(rng.choice([0, -side, -side]))
        x = w / 2 + side * min(0.16, 0.1 * w)
        paint_head(sheet, palette, name, x, 0.13, min(0.55, 0.5 * w), light_from(x), turn)
        return
    if situation.shot == "shoulder":
        x = w / 2 - side * 0.14 * w
        paint_head(sheet, palette, people[0], x, 0.2, min(0.32, 0.3 * w), light_from(x), int(rng.choice([0, side])))
        return
    count = min(len(people), 4)
    size = min({1: 0.34, 2: 0.29}.get(count, 0.22), 0.72 * w / (1.0 + count))
    for i, name in enumerate(people[:count]):
        if count == 1:
            x, turn = w / 2 + side * w * 0.11, int(rng.choice([0, -side]))
        elif count == 2:
            x, turn = w / 2 + (-1, 1)[i] * min(0.44, w * 0.24), (1, -1)[i]
        else:
            x, turn = w * (i + 0.5) / count, int(rng.choice([-1, 0, 1]))
        paint_head(sheet, palette, name, x, 0.2 + 0.04 * float(rng.random()), size, light_from(x), turn)


def _foreground(sheet: Sheet, situation: Situation, palette: Palette, rng: np.random.Generator) -> bool:
    """Paint something dark and blurred close to the lens, if it helps the depth; return whether it did."""
    if rng.random() < 0.25 or situation.shot in ("close", "insert", "medium"):
        return False
    w = sheet.aspect
    side = int(rng.choice([-1, 1]))
    edge = 0.0 if side < 0 else w
    tone = mix(palette.dark, palette.air, 0.04)
    if situation.indoors:
        depth = float(rng.uniform(0.05, 0.1)) * w
        post = [(edge, -0.1), (edge - side * depth, -0.1), (edge - side * depth * 0.86, 1.1), (edge, 1.1)]
        sheet.paint(tone, sheet.shape([post], 0.012))
        return True
    if situation.place in ("forest", "field", "mountains"):
        blades = []
        for _ in range(70):
            x = edge - side * abs(float(rng.normal(0, 0.22))) * w * 0.8
            tall, lean = float(rng.uniform(0.05, 0.2)), float(rng.normal(0, 0.05))
            left, right = (x + lean * 0.4 - 0.003, 1 - tall * 0.6), (x + lean * 0.4 + 0.004, 1 - tall * 0.6)
            blades.append([(x - 0.006, 1.05), left, (x + lean, 1 - tall), right, (x + 0.007, 1.05)])
        sheet.paint(tone, sheet.shape(blades, 0.004))
        return True
    if situation.place == "city":
        wall = [(edge, -0.1), (edge - side * 0.09 * w, -0.1), (edge - side * 0.075 * w, 1.1), (edge, 1.1)]
        sheet.paint(tone, sheet.shape([wall], 0.014))
        return True
    bank = [
        (edge - side * w * t, 1.02 - 0.16 * (1 - t) ** 2 + 0.012 * float(rng.normal())) for t in np.linspace(0, 0.8, 16)
    ]
    sheet.paint(tone, sheet.shape([[(edge, 1.1), *bank, (edge - side * w * 0.8, 1.1)]], 0.01))
    return True


def _texture(sheets: list[Sheet], rng: np.random.Generator) -> None:
    """Add a faint texture of paper and broad brush strokes to every sheet."""
    w, h = sheets[0].width, sheets[0].height
    brush = noise(rng, w, h, 34, stretch=4, octaves=3) - 0.5
    tooth = blurred(rng.random((h, w)).astype(np.float32), 0.0016) - 0.5
    touch = (1 + 0.055 * brush + 0.07 * tooth)[..., None].astype(np.float32)
    for sheet in sheets:
        sheet.rgb = np.clip(sheet.rgb * touch, 0, 1)


def compose(situation: Situation, width: int, height: int) -> list[tuple[float, Sheet]]:
    """Paint ``situation`` at ``width`` × ``height`` pixels. The same situation gives the same pixels.

    Returns sheets from far to near, all of one size, each with its nearness: -1 far, 0 the subject, 1 at the lens.
    """
    palette = palette_of(situation)
    place_rng = np.random.Generator(np.random.PCG64(situation.place_seed))
    shot_rng = np.random.Generator(np.random.PCG64(situation.shot_seed))
    far, mid = Sheet(width, height), Sheet(width, height, clear=True)
    if situation.indoors:
        ground = paint_indoors(far, mid, situation, palette, place_rng)
    else:
        ground = paint_outdoors(far, mid, situation, palette, place_rng)
        paint_landmarks(far, mid, situation, palette, ground, place_rng)
    framing = _framing(situation, ground, far.aspect, shot_rng)
    _crop(far, framing, framing.far_soft)
    _crop(mid, framing, framing.mid_soft)
    if situation.shot in ("close", "insert"):
        far.paint(mid.rgb, mid.cover)
        mid = Sheet(width, height, clear=True)
    if situation.shot == "insert":
        paint_insert(far, mid, situation, palette, shot_rng)
    elif situation.people:
        _place_people(mid, situation, palette, framing, ground, shot_rng)
    near = Sheet(width, height, clear=True)
    if situation.shot == "shoulder" and len(situation.people) > 1:
        light_x = ((ground.light[0] / far.aspect - framing.x) / framing.size + 0.5) * far.aspect
        light_from = 1 if light_x > far.aspect / 2 else -1
        paint_head_from_behind(near, palette, situation.people[1], -light_from, light_from)
        has_near = True
    else:
        has_near = _foreground(near, situation, palette, shot_rng)
    sheets = [(-0.7, far), (0.0, mid), *([(0.9, near)] if has_near else [])]
    _texture([sheet for _, sheet in sheets], shot_rng)
    return sheets
