"""Drawing tools: outlines, soft masks, noise, light, and a sheet to paint on.

Colours are (3,) float32 arrays of sRGB values 0..1, masks (height, width) float arrays 0..1. Points (x, y) and lengths
are in sheet *heights* from the left and top, so that a circle is a circle in every format.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

__all__ = [
    "Colour",
    "Mask",
    "Point",
    "Sheet",
    "blurred",
    "colour",
    "curve",
    "ellipse",
    "mix",
    "noise",
    "rectangle",
    "shifted",
    "trapezoid",
]

Mask = npt.NDArray[np.floating[Any]]
Colour = npt.NDArray[np.floating[Any]]
Point = tuple[float, float]


def colour(text: str) -> Colour:
    """``"20304a"`` as a colour."""
    return np.frombuffer(bytes.fromhex(text), np.uint8).astype(np.float32) / 255


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """``a`` with ``share`` (0..1) of ``b``."""
    return (a * (1 - share) + b * share).astype(np.float32)


def rectangle(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """An outline, clockwise from the top left."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def trapezoid(x: float, top: float, half_top: float, bottom: float, half_bottom: float) -> list[Point]:
    """An outline that is symmetric about ``x``, with half its width at the top and at the bottom."""
    return [(x - half_top, top), (x + half_top, top), (x + half_bottom, bottom), (x - half_bottom, bottom)]


def ellipse(x: float, y: float, a: float, b: float, points: int = 64) -> list[Point]:
    """An outline round (x, y) with the half axes ``a`` and ``b``."""
    return [(x + a * math.cos(t), y + b * math.sin(t)) for t in np.linspace(0, math.tau, points)]


def curve(points: Sequence[Point], closed: bool = True, steps: int = 8) -> list[Point]:
    """A smooth line through ``points`` (Catmull-Rom), with ``steps`` pieces from each to the next."""
    p = np.asarray(points, np.float64)
    if closed:
        a, b, c, d = np.roll(p, 1, 0), p, np.roll(p, -1, 0), np.roll(p, -2, 0)
    else:
        padded = np.concatenate([p[:1], p, p[-1:]])
        a, b, c, d = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    a, b, c, d = (q[:, None, :] for q in (a, b, c, d))
    line = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    found = [(float(x), float(y)) for x, y in line.reshape(-1, 2)]
    return found if closed else [*found, (float(p[-1][0]), float(p[-1][1]))]


def _resized(values: npt.NDArray[Any], width: int, height: int) -> Mask:
    image = Image.fromarray(np.ascontiguousarray(values, np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC), np.float32)


def noise(
    rng: np.random.Generator, width: int, height: int, cells: float, stretch: float = 1.0, octaves: int = 4
) -> Mask:
    """Cloudy noise 0..1: about ``cells`` blobs from top to bottom, each ``stretch`` times as wide as high."""
    total = np.zeros((height, width), np.float32)
    weight, sum_of_weights = 1.0, 0.0
    for _ in range(octaves):
        rows = max(2, min(height, round(cells) + 1))
        columns = max(2, min(width, round(cells * width / height / stretch) + 1))
        total += weight * _resized(rng.random((rows, columns)), width, height)
        sum_of_weights += weight
        weight *= 0.5
        cells *= 2
    spread = (total / sum_of_weights - 0.5) * 1.6 + 0.5
    clipped: Mask = np.clip(spread, 0, 1)
    return clipped


def _softened(image: Image.Image, pixels: float) -> Image.Image:
    """``image`` blurred by ``pixels``, computed at a smaller size if that makes no visible difference."""
    step = max(1, int(pixels / 2))
    if step == 1:
        return image.filter(ImageFilter.GaussianBlur(pixels))
    small = image.resize((max(1, image.width // step), max(1, image.height // step)), Image.Resampling.BOX)
    small = small.filter(ImageFilter.GaussianBlur(pixels / step))
    return small.resize(image.size, Image.Resampling.BICUBIC)


def blurred(mask: Mask, radius: float) -> Mask:
    """``mask`` blurred by ``radius`` sheet heights."""
    found = _covered(mask)
    if found is None:
        return np.zeros_like(mask)
    height, width = mask.shape
    pad = int(radius * height * 3) + 2
    rows, columns = found
    y0, y1 = max(0, rows.start - pad), min(height, rows.stop + pad)
    x0, x1 = max(0, columns.start - pad), min(width, columns.stop + pad)
    image = Image.fromarray(np.clip(mask[y0:y1, x0:x1] * 255 + 0.5, 0, 255).astype(np.uint8))
    out = np.zeros_like(mask)
    out[y0:y1, x0:x1] = np.asarray(_softened(image, radius * height), np.float32) / 255
    return out


def _covered(mask: Mask) -> tuple[slice, slice] | None:
    """The rows and columns of the visible part of ``mask``; None if nothing is visible."""
    rows, columns = np.flatnonzero(mask.max(1) > 0.002), np.flatnonzero(mask.max(0) > 0.002)
    if not len(rows) or not len(columns):
        return None
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def shifted(mask: Mask, dx: float, dy: float) -> Mask:
    """``mask`` moved by ``dx``, ``dy`` sheet heights; its edge is repeated."""
    height, width = mask.shape
    px, py = round(dx * height), round(dy * height)
    rows = np.clip(np.arange(height) - py, 0, height - 1)
    columns = np.clip(np.arange(width) - px, 0, width - 1)
    moved: Mask = mask[rows][:, columns]
    return moved


class Sheet:
    """A sheet of ``width`` × ``height`` pixels: ``rgb`` (h, w, 3) and, if ``clear``, a transparent ``alpha`` (h, w)."""

    def __init__(self, width: int, height: int, clear: bool = False) -> None:
        self.width, self.height = width, height
        self.aspect = width / height
        self.rgb = np.zeros((height, width, 3), np.float32)
        self.alpha: Mask | None = np.zeros((height, width), np.float32) if clear else None

    @property
    def cover(self) -> Mask:
        """How much the sheet hides of what is behind it, (h, w)."""
        return np.ones((self.height, self.width), np.float32) if self.alpha is None else self.alpha

    def shape(self, outlines: Iterable[Sequence[Point]], soft: float = 0.0) -> Mask:
        """The mask of the filled ``outlines``; ``soft`` blurs the edge, in sheet heights."""
        width, height = self.width, self.height
        mask = np.zeros((height, width), np.float32)
        polygons = [[(x * height, y * height) for x, y in outline] for outline in outlines if len(outline) > 2]
        if not polygons:
            return mask
        pad = int(soft * height * 3) + 2
        xs, ys = [x for polygon in polygons for x, _ in polygon], [y for polygon in polygons for _, y in polygon]
        left, top = max(-pad, int(min(xs)) - pad), max(-pad, int(min(ys)) - pad)
        right, bottom = min(width + pad, int(max(xs)) + 1 + pad), min(height + pad, int(max(ys)) + 1 + pad)
        if right <= max(0, left) or bottom <= max(0, top):
            return mask
        image = Image.new("L", ((right - left) * 2, (bottom - top) * 2), 0)
        draw = ImageDraw.Draw(image)
        for polygon in polygons:
            draw.polygon([((x - left) * 2, (y - top) * 2) for x, y in polygon], fill=255)
        image = image.reduce(2)
        if soft * height > 0.8:
            image = _softened(image, soft * height)
        x0, y0, x1, y1 = max(0, left), max(0, top), min(width, right), min(height, bottom)
        mask[y0:y1, x0:x1] = np.asarray(image, np.float32)[y0 - top : y1 - top, x0 - left : x1 - left] / 255
        return mask

    def rows(self) -> Mask:
        """The y of every row, (h, 1), 0 at the top to 1."""
        return np.linspace(0, 1, self.height, dtype=np.float32)[:, None]

    def columns(self) -> Mask:
        """The x of every column in sheet heights, (1, w)."""
        return np.linspace(0, self.aspect, self.width, dtype=np.float32)[None, :]

    def glow(self, x: float, y: float, radius: float, wide: float = 1.0) -> Mask:
        """A pool of light round (x, y): 1 in the middle, fading to 0 at about three radii, ``wide`` times as wide."""
        w, h = max(2, self.width // 4), max(2, self.height // 4)
        dx = (np.linspace(0, self.aspect, w, dtype=np.float32)[None, :] - x) / wide
        dy = np.linspace(0, 1, h, dtype=np.float32)[:, None] - y
        squared = (dx * dx + dy * dy) / (radius * radius)
        return _resized(1.0 / (1.0 + squared) ** 2, self.width, self.height)

    def paint(self, tone: Colour, mask: Mask | None = None, opacity: float = 1.0) -> None:
        """Paint ``tone`` (a colour, or (h, 1 or w, 3) of colours) through ``mask``."""
        if mask is None:
            self.rgb[:] = self.rgb * (1 - opacity) + tone * np.float32(opacity)
            if self.alpha is not None:
                self.alpha[:] = self.alpha * (1 - opacity) + opacity
            return
        full = np.broadcast_to(mask, (self.height, self.width))
        part = _covered(full)
        if part is None:
            return
        cover = full[part] * np.float32(opacity)
        if tone.ndim == 3:
            tone = np.broadcast_to(tone, self.rgb.shape)[part]
        share = cover
        if self.alpha is not None:
            under = self.alpha[part]
            total = cover + under * (1 - cover)
            self.alpha[part] = total
            share = np.where(total > 0, cover / np.maximum(total, 1e-4), 0).astype(np.float32)
        rgb = self.rgb[part]
        rgb += (tone - rgb) * share[..., None]

    def light(self, tone: Colour, mask: Mask, amount: float = 1.0) -> None:
        """Add light of colour ``tone`` through ``mask``, up to white."""
        part = _covered(mask)
        if part is not None:
            rgb = self.rgb[part]
            share = mask[part] * np.float32(amount)
            for channel in range(3):
                rgb[..., channel] += (1 - rgb[..., channel]) * (share * tone[channel])

    def shade(self, mask: Mask, amount: float = 1.0) -> None:
        """Darken through ``mask``; an amount of 1 is black."""
        part = _covered(mask)
        if part is not None:
            self.rgb[part] *= (1 - np.float32(amount) * mask[part])[..., None]
