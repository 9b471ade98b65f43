"""Pictures as planes of Y, U and V, and the part of them that a camera sees, resampled to the frame's size.

A picture is drawn once; a frame of a move is one bilinear resampling at the output's size. Everything is 8 bit
BT.709 at video levels with 4:2:0 chroma, as the encoder takes it.
"""

from __future__ import annotations

from dataclasses import dataclass

import av
import numpy as np
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray
from PIL import Image

__all__ = [
    "PictureLayer",
    "Plane",
    "Planes",
    "blend",
    "inside",
    "layer_of",
    "luma_of",
    "opaque_layer",
    "reduced",
    "sampled",
    "seen",
    "to_frame",
]

Plane = NDArray[np.uint8]

_ROWS = 64
"""Rows that are resampled at once, so that they stay in the processor's cache."""

_BITS = 6
_ONE = 1 << _BITS


@dataclass(slots=True)
class Planes:
    """Y (height, width), U and V (half of both)."""

    y: Plane
    u: Plane
    v: Plane

    def copy(self) -> Planes:
        """Planes that may be changed."""
        return Planes(self.y.copy(), self.u.copy(), self.v.copy())


@dataclass(frozen=True, slots=True)
class PictureLayer:
    """A layer of a picture. ``cover`` is its opacity at full and at half size; None if it is opaque.

    ``left``, ``top`` in pixels of the whole picture: where this layer, which may be a part of it, begins.
    """

    planes: Planes
    cover: tuple[Plane, Plane] | None = None
    left: int = 0
    top: int = 0


def opaque_layer(image: Image.Image) -> PictureLayer:
    """``image`` (RGB, of even size) as a layer."""
    return PictureLayer(_planes(image))


def layer_of(image: Image.Image) -> PictureLayer | None:
    """The part of ``image`` (RGBA, of even size) that is not empty, as a layer; None if all of it is empty."""
    found = image.getchannel("A").getbbox()
    if found is None:
        return None
    left, top = found[0] // 2 * 2, found[1] // 2 * 2
    right, bottom = min(image.width, -(-found[2] // 2) * 2), min(image.height, -(-found[3] // 2) * 2)
    part = image.crop((left, top, right, bottom))
    cover = np.asarray(part.getchannel("A"))
    half = cover.reshape(cover.shape[0] // 2, 2, cover.shape[1] // 2, 2).mean((1, 3)).astype(np.uint8)
    return PictureLayer(_planes(part.convert("RGB")), (cover, half), left, top)


def reduced(image: Image.Image, step: int) -> Image.Image:
    """``image`` (RGBA, its size a multiple of ``step``) as ``image.reduce(step)`` has it, which converts all of it
    twice; here that is done only where something is drawn."""
    small = Image.new("RGBA", (image.width // step, image.height // step), (0, 0, 0, 0))
    found = image.getbbox()
    if found is not None:
        left, top, right, bottom = found[0] // step, found[1] // step, -(-found[2] // step), -(-found[3] // step)
        part = image.crop((left * step, top * step, right * step, bottom * step))
        small.paste(part.reduce(step), (left, top))
    return small


def _planes(image: Image.Image) -> Planes:
    frame = av.VideoFrame.from_ndarray(np.asarray(image.convert("RGB")), format="rgb24")
    made = frame.reformat(
        threads=1,
        format="yuv420p",
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )
    y, u, v = (_pixels(plane)[:, : plane.width].copy() for plane in made.planes)
    return Planes(y, u, v)


def _places(start: float, step: float, count: int, size: int) -> tuple[NDArray[np.intp], NDArray[np.uint16]]:
    """For each of ``count`` samples: the pixel before it and the share of the one after it, of :data:`_ONE`."""
    at = start + step * (np.arange(count) + 0.5) - 0.5
    at = np.clip(at, 0.0, size - 1.0)
    first = np.minimum(at.astype(np.intp), max(0, size - 2))
    return first, np.round((at - first) * _ONE).astype(np.uint16)


def sampled(plane: Plane, left: float, top: float, step: tuple[float, float], size: tuple[int, int]) -> Plane:
    """``size`` (width, height) samples of ``plane`` from (left, top) on, ``step`` pixels apart."""
    width, height = size
    if plane.shape[0] < 2 or plane.shape[1] < 2:
        return np.full((height, width), plane.flat[0], np.uint8)
    if step == (1.0, 1.0) and left == int(left) and top == int(top) and left >= 0 and top >= 0:
        found = plane[int(top) : int(top) + height, int(left) : int(left) + width]
        if found.shape == (height, width):
            return found.copy()
    xs, gx = _places(left, step[0], width, plane.shape[1])
    ys, gy = _places(top, step[1], height, plane.shape[0])
    first, last = int(xs[0]), int(xs[-1]) + 2
    xs, fx = xs - first, _ONE - gx
    out = np.empty((height, width), np.uint8)
    for row in range(0, height, _ROWS):
        end = min(height, row + _ROWS)
        at, share = ys[row:end], gy[row:end, None]
        lines = np.multiply(plane[at, first:last], _ONE - share, dtype=np.uint16)
        lines += np.multiply(plane[at + 1, first:last], share, dtype=np.uint16)
        lines += _ONE // 2
        lines >>= _BITS
        # Both neighbours in one number: picking the columns is what costs most.
        flat = lines.reshape(-1)
        flat[:-1] |= (flat << 8)[1:]
        mixed = lines.take(xs, 1, mode="clip")
        after = mixed >> 8
        mixed &= 255
        mixed *= fx
        after *= gx
        mixed += after
        mixed += _ONE // 2
        mixed >>= _BITS
        out[row:end] = mixed
    return out


def seen(
    layer: PictureLayer, box: tuple[float, float, float, float], width: int, height: int, under: Planes | None
) -> Planes:
    """What of ``layer`` lies in ``box`` (left, top, right, bottom in pixels of the picture), as a frame of ``width`` ×
    ``height``; a layer that is not opaque is laid over ``under``, in place."""
    left, top, right, bottom = box
    step = ((right - left) / width, (bottom - top) / height)
    if layer.cover is None or under is None:
        y = sampled(layer.planes.y, left, top, step, (width, height))
        half = (width // 2, height // 2)
        u, v = (sampled(plane, left / 2, top / 2, step, half) for plane in (layer.planes.u, layer.planes.v))
        return Planes(y, u, v)
    high, wide = layer.planes.y.shape
    x0 = max(0, int((layer.left - left) / step[0]) // 2 * 2)
    y0 = max(0, int((layer.top - top) / step[1]) // 2 * 2)
    x1 = min(width, -(-int((layer.left + wide - left) / step[0] + 1) // 2) * 2)
    y1 = min(height, -(-int((layer.top + high - top) / step[1] + 1) // 2) * 2)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return under
    part_left, part_top = left + x0 * step[0] - layer.left, top + y0 * step[1] - layer.top
    size, half = (x1 - x0, y1 - y0), ((x1 - x0) // 2, (y1 - y0) // 2)
    _over(under.y[y0:y1, x0:x1], sampled(layer.planes.y, part_left, part_top, step, size),
          inside(layer.cover[0], part_left, part_top, step, size))  # fmt: skip
    cover = inside(layer.cover[1], part_left / 2, part_top / 2, step, half)
    for below, plane in ((under.u, layer.planes.u), (under.v, layer.planes.v)):
        place = below[y0 // 2 : y1 // 2, x0 // 2 : x1 // 2]
        _over(place, sampled(plane, part_left / 2, part_top / 2, step, half), cover)
    return under


def inside(cover: Plane, left: float, top: float, step: tuple[float, float], size: tuple[int, int]) -> Plane:
    """The opacity at the samples; nothing outside the layer's part."""
    found = sampled(cover, left, top, step, size)
    for axis, (start, by, count, length) in enumerate(
        ((top, step[1], size[1], cover.shape[0]), (left, step[0], size[0], cover.shape[1]))
    ):
        at = start + by * (np.arange(count) + 0.5)
        outside = (at < 0) | (at > length)
        if outside.any():
            found[outside if axis == 0 else slice(None), slice(None) if axis == 0 else outside] = 0
    return found


def _over(below: Plane, above: Plane, cover: Plane) -> None:
    mixed = below.astype(np.int16)
    change = above.astype(np.int16)
    change -= mixed
    share = cover.astype(np.int16)
    share += share >> 7  # 255 is all of it
    change = (change.astype(np.int32) * share) >> 8
    mixed += change.astype(np.int16)
    below[:] = mixed.astype(np.uint8)


def blend(one: Planes, other: Planes, share: float) -> Planes:
    """``one`` with ``share`` (0..1) of ``other``, of the same size."""
    weight = round(share * 256)

    def mixed(a: Plane, b: Plane) -> Plane:
        found = a.astype(np.uint16)
        found *= 256 - weight
        found += b.astype(np.uint16) * np.uint16(weight)
        found >>= 8
        return found.astype(np.uint8)

    return Planes(mixed(one.y, other.y), mixed(one.u, other.u), mixed(one.v, other.v))


def to_frame(planes: Planes) -> av.VideoFrame:
    """``planes`` as a ``yuv420p`` frame for the encoder."""
    height, width = planes.y.shape
    frame = av.VideoFrame(width, height, "yuv420p")
    for target, plane in zip(frame.planes, (planes.y, planes.u, planes.v), strict=True):
        _pixels(target)[:, : plane.shape[1]] = plane
    return frame


def luma_of(frame: av.VideoFrame) -> Plane:
    """The luma of a ``yuv420p`` frame, to be drawn on."""
    return _pixels(frame.planes[0])[:, : frame.width]


def _pixels(plane: VideoPlane) -> Plane:
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
