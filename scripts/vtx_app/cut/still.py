"""One frame of a take as a picture."""

from __future__ import annotations

from pathlib import Path

from av.video.reformatter import ColorRange, Colorspace
from PIL import Image

from vtx_app.cut.colour_match import Correction
from vtx_app.cut.conform import require_picture
from vtx_app.cut.delivered import framed
from vtx_app.cut.delivery import Delivery
from vtx_app.errors import CutError
from vtx_app.media.frames import read_frames
from vtx_app.media.reader import open_film

__all__ = ["read_still"]


def read_still(take: Path, frame: int, delivery: Delivery, correction: Correction | None = None) -> Image.Image:
    """``frame`` (from 0) of ``take``, cropped and put on black as in its clip, without the slate of a storyboard.

    ``correction``: of its colours, as ``delivery.match`` asks for.

    Raises :class:`CutError` if the take has no such frame or can't be read.
    """
    with open_film(take) as container:
        require_picture(container, take, delivery)
    found = next(iter(read_frames(take, frame, 1)), None)
    if found is None:
        raise CutError(f"{take}: there is no frame {frame} in it; render it again")
    shown = framed(found, delivery, None, 0, correction).reformat(
        format="rgb24",
        src_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
    )
    return Image.fromarray(shown.to_ndarray())
