"""Layers in the encoder's format (4:2:0, BT.709 at video levels), cropped and composited for every frame.

Colours follow ITU-R BT.709-6, items 3.3 and 3.6, so a frame needs no conversion. A layer stores only the part of its
picture that it covers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

from vtx_app.render.animatic.camera import Box, View, box_of
from vtx_app.render.animatic.frame.drawing import Sheet

__all__ = ["Layer", "Planes", "blend", "composite", "make_layer", "opaque_layer", "video_frame"]

_MARGIN = 8
"""Transparent pixels kept round the covered part of a layer, so that the filter never reaches its edge."""

_FINEST = 4
_FINE_PIXELS = 12_000_000
"""Luma is stored up to this many times finer than shown, in at most so many pixels; a frame takes the nearest ones.

A quarter of a pixel makes slow moves smooth, and that is ten times as fast as filtering every frame. Chroma is shown at
half the picture's size, so at full size it is twice as fine already.
"""


@dataclass(frozen=True, slots=True)
class Planes:
    """The three planes of a picture. In a 4:2:0 frame, chroma has half the size of luma."""

    y: Image.Image
    u: Image.Image
    v: Image.Image


@dataclass(frozen=True, slots=True)
class Layer:
    """The part at (``left``, ``top``) of a picture of ``width`` × ``height`` pixels.

    ``covers`` (None if opaque) are its opacity in the resolutions of luma and chroma. ``fine`` is how many pixels of
    luma there are for one of the picture, across and down; of chroma there is one.
    """

    planes: Planes
    covers: tuple[Image.Image, Image.Image] | None
    width: int
    height: int
    left: int
    top: int
    nearness: float
    fine: int


def _planes(rgb: npt.NDArray[np.float32], seed: int, fine: int) -> Planes:
    """RGB 0..1 of even size as planes; luma is dithered by less than one level against banding."""
    height, width, _ = rgb.shape
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    dither = np.random.Generator(np.random.PCG64(seed)).random((height, width), np.float32)
    y = np.floor(16 + 219 * luma + dither)
    u = 128.5 + 224 / 1.8556 * (blue - luma)
    v = 128.5 + 224 / 1.5748 * (red - luma)
    images = [Image.fromarray(np.clip(plane, 16, 240).astype(np.uint8)) for plane in (y, u, v)]
    return Planes(_finer(images[0], fine), images[1], images[2])


def _finer(image: Image.Image, fine: int) -> Image.Image:
    return image.resize((image.width * fine, image.height * fine), Image.Resampling.BICUBIC)


def _fineness(sheet: Sheet) -> int:
    return min(_FINEST, max(2, math.isqrt(_FINE_PIXELS // (sheet.width * sheet.height))))


def opaque_layer(sheet: Sheet, nearness: float, seed: int = 0) -> Layer:
    """All of ``sheet`` (of even size) as an opaque layer."""
    fine = _fineness(sheet)
    return Layer(_planes(sheet.rgb, seed, fine), None, sheet.width, sheet.height, 0, 0, nearness, fine)


def make_layer(sheet: Sheet, nearness: float, seed: int = 0) -> Layer | None:
    """``sheet`` (of even size) as a layer; None if it is empty."""
    if sheet.alpha is None:
        return opaque_layer(sheet, nearness, seed)
    fine = _fineness(sheet)
    rows, columns = np.flatnonzero(sheet.alpha.max(1) > 0.004), np.flatnonzero(sheet.alpha.max(0) > 0.004)
    if not len(rows):
        return None
    top, left = max(0, (int(rows[0]) - _MARGIN) // 2 * 2), max(0, (int(columns[0]) - _MARGIN) // 2 * 2)
    bottom = min(sheet.height, (int(rows[-1]) + 2 + _MARGIN) // 2 * 2)
    right = min(sheet.width, (int(columns[-1]) + 2 + _MARGIN) // 2 * 2)
    alpha = sheet.alpha[top:bottom, left:right]
    cover = Image.fromarray((np.clip(alpha, 0, 1) * 255 + 0.5).astype(np.uint8))
    # Transparent pixels get the mean colour of the covered part, so that soft edges have no fringe.
    rgb = sheet.rgb[top:bottom, left:right]
    solid = alpha[..., None] > 0.02
    mean = (rgb * solid).sum((0, 1)) / max(1, int(solid.sum()))
    filled = np.where(solid, rgb, mean).astype(np.float32)
    return Layer(
        _planes(filled, seed, fine), (_finer(cover, fine), cover),
        sheet.width, sheet.height, left, top, nearness, fine,
    )  # fmt: skip


def composite(layers: tuple[Layer, ...], view: View, depth: float, width: int, height: int) -> Planes:
    """What ``view`` sees of ``layers``, far to near, as a frame of ``width`` × ``height`` pixels (both even).

    The first layer must be opaque; ``depth`` is the move's.
    """
    for layer in layers:
        left, top, right, bottom = box_of(view, layer.width, layer.height, layer.nearness, depth)
        across, down = width / (right - left), height / (bottom - top)
        if layer.covers is None:
            frame = _crop(layer, (left, top, right, bottom), (width, height))
            continue
        cover, half_cover = layer.covers
        # The part of the frame that the layer's own part covers, in whole chroma pixels and inside both.
        w, h = cover.width / layer.fine, cover.height / layer.fine
        x0 = max(0, math.ceil((layer.left - left) * across / 2) * 2)
        y0 = max(0, math.ceil((layer.top - top) * down / 2) * 2)
        x1 = min(width, math.floor((layer.left + w - left) * across / 2) * 2)
        y1 = min(height, math.floor((layer.top + h - top) * down / 2) * 2)
        if x1 - x0 < 2 or y1 - y0 < 2:
            continue
        box = (
            max(0.0, left + x0 / across - layer.left), max(0.0, top + y0 / down - layer.top),
            min(w, left + x1 / across - layer.left), min(h, top + y1 / down - layer.top),
        )  # fmt: skip
        size = (x1 - x0, y1 - y0)
        part = _crop(layer, box, size)
        half_size, half_at = (size[0] // 2, size[1] // 2), (x0 // 2, y0 // 2)
        half_mask = _crop_plane(half_cover, box, 1, half_size)
        frame.y.paste(part.y, (x0, y0), _crop_plane(cover, box, layer.fine, size))
        frame.u.paste(part.u, half_at, half_mask)
        frame.v.paste(part.v, half_at, half_mask)
    return frame


def _crop_plane(plane: Image.Image, box: Box, fine: float, size: tuple[int, int]) -> Image.Image:
    """``box`` (in picture pixels from the layer's corner) of ``plane``, at ``size``."""
    scaled = (
        box[0] * fine, box[1] * fine, min(float(plane.width), box[2] * fine), min(float(plane.height), box[3] * fine)
    )  # fmt: skip
    return plane.resize(size, Image.Resampling.NEAREST, box=scaled)


def _crop(layer: Layer, box: Box, size: tuple[int, int]) -> Planes:
    half = (size[0] // 2, size[1] // 2)
    planes = layer.planes
    return Planes(
        _crop_plane(planes.y, box, layer.fine, size),
        _crop_plane(planes.u, box, 1, half),
        _crop_plane(planes.v, box, 1, half),
    )


def blend(a: Planes, b: Planes, share: float) -> Planes:
    """``a`` with ``share`` (0..1) of ``b`` of the same size."""
    return Planes(Image.blend(a.y, b.y, share), Image.blend(a.u, b.u, share), Image.blend(a.v, b.v, share))


def video_frame(planes: Planes) -> av.VideoFrame:
    """``planes`` as a ``yuv420p`` frame for the encoder."""
    width, height = planes.y.size
    flat = np.empty(width * height * 3 // 2, np.uint8)
    size, half = width * height, width * height // 4
    flat[:size] = np.asarray(planes.y).reshape(-1)
    flat[size : size + half] = np.asarray(planes.u).reshape(-1)
    flat[size + half :] = np.asarray(planes.v).reshape(-1)
    return av.VideoFrame.from_ndarray(flat.reshape(height * 3 // 2, width), format="yuv420p")
