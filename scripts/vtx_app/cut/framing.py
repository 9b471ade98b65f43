"""Which part of each frame a narrower version of the film shows, and at what size. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from vtx_app.cut.timeline import Copied, Drawn, Footage, Layer
from vtx_app.formats.deliveries import PictureFormat

__all__ = ["CENTRE", "Crop", "Framing", "crops", "frame_of", "opacity", "size_fault"]

CENTRE = 0.5

_SMALLEST, _LARGEST = 8, 16_384
"""Pixels of a side. FFmpeg's FFV1 encoder needs four; a person may write the largest."""

_MACROBLOCKS = 139_264
"""Blocks of 16×16 pixels in an H.264 picture at most: level 6.2 (ITU-T H.264, table A-1)."""


@dataclass(frozen=True, slots=True)
class Framing:
    """A window of the film's picture and the size that it is scaled to, in even numbers of pixels."""

    crop_width: int
    crop_height: int
    width: int
    height: int

    def left(self, film_width: int, position: float) -> int:
        """The first column of the window, an even number. It touches the film's left edge at ``position`` 0, the right
        edge at 1."""
        return _even((film_width - self.crop_width) * position)

    def top(self, film_height: int) -> int:
        """The first row of the window, which is centred in the film's height."""
        return _even((film_height - self.crop_height) / 2)


@dataclass(frozen=True, slots=True)
class Crop:
    """From film frame ``start`` on, the window is at ``position``: 0 is the left edge, 1 the right one."""

    start: int
    position: float


def frame_of(picture: PictureFormat, width: int, height: int) -> Framing:
    """The framing of a film of ``width`` × ``height`` pixels, the largest window that has the requested shape."""
    crop_width, crop_height = width, height
    shape_width, shape_height = picture.ratio or (width, height)
    if width * shape_height > height * shape_width:
        crop_width = _even(height * shape_width / shape_height)
    else:
        crop_height = _even(width * shape_height / shape_width)
    out_width, out_height = crop_width, crop_height
    if picture.width is not None and (picture.enlarge or picture.width < crop_width):
        out_width, out_height = picture.width, _even(picture.width * shape_height / shape_width)
    elif picture.height is not None and (picture.enlarge or picture.height < crop_height):
        out_width, out_height = _even(picture.height * shape_width / shape_height), picture.height
    return Framing(crop_width, crop_height, out_width, out_height)


def size_fault(picture: PictureFormat, framing: Framing) -> str | None:
    """What is wrong with the size of a delivery's picture; None if its codec can have it."""
    width, height = framing.width, framing.height
    blocks = -(-width // 16) * -(-height // 16)
    if max(width, height) > _LARGEST or min(width, height) < _SMALLEST:
        why = f"a side has {_SMALLEST} to {_LARGEST}"
    elif picture.codec == "h264" and blocks > _MACROBLOCKS:
        why = f"H.264 has at most {_MACROBLOCKS * 256:,} in all"
    else:
        return None
    return f"the picture would have {width} × {height} pixels, but {why}; give another width, height or aspect"


def crops(picture: Iterable[Copied | Drawn], positions: Mapping[str, float]) -> tuple[Crop, ...]:
    """The positions of the window over the film, given each clip's position (by default :data:`CENTRE`).

    During a dissolve it moves from one clip's position to the other's. Cards show the middle.
    """
    found: list[Crop] = []
    for piece in picture:
        if isinstance(piece, Copied):
            _add(found, piece.start, positions.get(piece.clip_id, CENTRE))
            continue
        for frame in range(piece.frames):
            _add(found, piece.start + frame, _position(piece.layers, frame, lambda clip: positions.get(clip, CENTRE)))
    return tuple(found)


def opacity(layer: Layer, frame: int) -> float:
    """The opacity of ``layer`` in ``frame`` of its piece, from 0 to 1."""
    index = frame - layer.at
    if not 0 <= index < layer.frames:
        return 0.0
    coming = (index + 1) / (layer.fade_in + 1) if index < layer.fade_in else 1.0
    left = layer.frames - 1 - index
    going = (left + 1) / (layer.fade_out + 1) if left < layer.fade_out else 1.0
    return min(coming, going)


def _position(layers: Iterable[Layer], frame: int, of_clip: Callable[[str], float]) -> float:
    position: float | None = None
    for layer in layers:
        if isinstance(layer.content, Footage) and (seen := opacity(layer, frame)):
            own = of_clip(layer.content.clip_id)
            position = own if position is None else position * (1 - seen) + own * seen
    return CENTRE if position is None else round(position, 6)


def _add(found: list[Crop], start: int, position: float) -> None:
    if not found or found[-1].position != position:
        found.append(Crop(start, position))


def _even(size: float) -> int:
    return max(2, round(size / 2) * 2) if size > 0 else 0
