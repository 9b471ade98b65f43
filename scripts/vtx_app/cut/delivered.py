"""Frames of a take as the film shows them: the middle of the take, on black if it is smaller than the film."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from vtx_app.cut.colour_match import Correction, corrected
from vtx_app.cut.delivery import Delivery
from vtx_app.cut.slate_layout import even
from vtx_app.media.codec import BT709, FULL_LEVELS

if TYPE_CHECKING:
    from vtx_app.cut.slate import Slate

__all__ = ["BLACK", "Plane", "framed", "planes"]

Plane = NDArray[np.uint8]

BLACK = (16, 128, 128)
"""Y, U, V at video levels (ITU-R BT.709, 4.6)."""

_MATRIX_UNSPECIFIED = 2  # ITU-T H.273


def framed(
    frame: av.VideoFrame,
    delivery: Delivery,
    burner: Slate | None,
    shot_frame: int,
    correction: Correction | None = None,
) -> av.VideoFrame:
    """``frame`` of a take, the shot's frame ``shot_frame``, as ``delivery`` shows it, with the slate burned in.

    ``correction``: of its colours, as ``delivery.match`` asks for.
    """
    source = _in_film_colours(frame)
    if correction is not None:
        source = corrected(source, correction)
    film = av.VideoFrame(delivery.width, delivery.height, "yuv420p")
    # Offsets are even, so that chroma stays aligned with luma.
    crop_x, crop_y = _middle(source.width, delivery.picture_width), _middle(source.height, delivery.picture_height)
    left, top = _middle(delivery.width, delivery.picture_width), _middle(delivery.height, delivery.picture_height)
    drawn = list(planes(film))
    if burner is not None:
        left, top = _shrunk(source, drawn, delivery, burner, (crop_x, crop_y))
        scale = burner.place.height / delivery.height
        place = (
            round(left - crop_x * scale), round(top - crop_y * scale),
            round(source.width * scale), round(source.height * scale),
        )  # fmt: skip
        burner.burn(drawn[0], drawn[1], drawn[2], shot_frame, place)
        return film
    for plane, (target, origin, black) in enumerate(zip(drawn, planes(source), BLACK, strict=True)):
        step = 2 if plane else 1
        width, height = delivery.picture_width // step, delivery.picture_height // step
        x, y = crop_x // step, crop_y // step
        target[:] = black
        picture = target[top // step : top // step + height, left // step : left // step + width]
        picture[:] = origin[y : y + height, x : x + width]
    return film


def _shrunk(
    source: av.VideoFrame, drawn: list[Plane], delivery: Delivery, burner: Slate, crop: tuple[int, int]
) -> tuple[int, int]:
    """Draw the clip's picture in the area that the slate leaves; return its top left corner."""
    part = source
    if (source.width, source.height) != (delivery.picture_width, delivery.picture_height):
        part = av.VideoFrame(delivery.picture_width, delivery.picture_height, "yuv420p")
        for plane, (target, origin) in enumerate(zip(planes(part), planes(source), strict=True)):
            x, y = (each // (2 if plane else 1) for each in crop)
            target[:] = origin[y : y + target.shape[0], x : x + target.shape[1]]
    place = burner.place
    width = max(2, even(delivery.picture_width * place.width / delivery.width))
    height = max(2, even(delivery.picture_height * place.height / delivery.height))
    small = burner.shrink(part, width, height)
    left, top = place.left + _middle(place.width, width), place.top + _middle(place.height, height)
    for plane, (target, shown, black) in enumerate(zip(drawn, planes(small), BLACK, strict=True)):
        step = 2 if plane else 1
        up, down, before, after = top // step, (top + height) // step, left // step, (left + width) // step
        target[:up] = target[down:] = target[up:down, :before] = target[up:down, after:] = black
        target[up:down, before:after] = shown
    return left, top


def _middle(outer: int, inner: int) -> int:
    return (outer - inner) // 2 // 2 * 2


def _in_film_colours(frame: av.VideoFrame) -> av.VideoFrame:
    """``frame`` as 4:2:0 BT.709 at video levels; an unspecified matrix is taken to be BT.709."""
    matrix = frame.colorspace if frame.colorspace != _MATRIX_UNSPECIFIED else BT709
    full = frame.color_range == FULL_LEVELS
    if frame.format.name == "yuv420p" and matrix == BT709 and not full:
        return frame
    return frame.reformat(
        format="yuv420p",
        src_colorspace=matrix,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
        dst_color_range=ColorRange.MPEG,
    )


def planes(frame: av.VideoFrame) -> Iterator[Plane]:
    """Y, U and V of a ``yuv420p`` frame as arrays that share its memory."""
    for plane in frame.planes:
        yield np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
