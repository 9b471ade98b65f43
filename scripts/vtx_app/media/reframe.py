"""Cut a stretch out of a frame and scale it."""

from __future__ import annotations

import av
import numpy as np
from av.video.reformatter import Interpolation

__all__ = ["reframe"]


def reframe(
    frame: av.VideoFrame, left: int, top: int, crop_width: int, crop_height: int, width: int, height: int
) -> av.VideoFrame:
    """``crop_width`` × ``crop_height`` pixels of a ``yuv420p`` frame from (``left``, ``top``) on, scaled by Lanczos.

    All numbers are even, so that chroma stays aligned with luma.
    """
    if (left, top, crop_width, crop_height) != (0, 0, frame.width, frame.height):
        frame = _cut_out(frame, left, top, crop_width, crop_height)
    if (frame.width, frame.height) == (width, height):
        return frame
    return frame.reformat(width, height, interpolation=Interpolation.LANCZOS)


def _cut_out(frame: av.VideoFrame, left: int, top: int, width: int, height: int) -> av.VideoFrame:
    cut = av.VideoFrame(width, height, "yuv420p")
    for number, (target, source) in enumerate(zip(cut.planes, frame.planes, strict=True)):
        step = 2 if number else 1
        x, y = left // step, top // step
        to = np.frombuffer(target, np.uint8).reshape(target.height, target.line_size)
        of = np.frombuffer(source, np.uint8).reshape(source.height, source.line_size)
        to[:, : target.width] = of[y : y + target.height, x : x + target.width]
    return cut
