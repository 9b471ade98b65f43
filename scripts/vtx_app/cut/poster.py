"""The film's poster: one frame of a take as a JPEG file at the film's size."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image

from vtx_app.cut.poster_plan import PosterPlan
from vtx_app.errors import CutError
from vtx_app.media.codec import BT709, FULL_LEVELS
from vtx_app.media.jpeg_stamp import stamp_comment
from vtx_app.media.reader import open_film
from vtx_app.media.xmp import xmp_packet

__all__ = ["write_poster"]

_QUALITY = 92
"""Of JPEG: no visible loss; with colour at full resolution, as small words and edges need it."""

_MATRIX_UNSPECIFIED = 2  # ITU-T H.273


def write_poster(plan: PosterPlan, out: Path) -> None:
    """Write the poster to the JPEG file ``out``, with its XMP and its stamp. The same plan gives the same bytes.

    Raises :class:`CutError` if the take has no such frame or can't be read, and :class:`OSError` if ``out`` can't be
    written.
    """
    take, delivery = plan.take, plan.delivery
    picture = _picture(take, plan.frame)
    width, height = delivery.picture_width, delivery.picture_height
    if picture.width < width or picture.height < height:
        raise CutError(f"{take}: the take is {picture.width}×{picture.height}, smaller than {width}×{height}")
    left, top = (picture.width - width) // 2 // 2 * 2, (picture.height - height) // 2 // 2 * 2
    shown = picture.crop((left, top, left + width, top + height))
    poster = Image.new("RGB", (delivery.width, delivery.height))
    poster.paste(shown, ((delivery.width - width) // 2 // 2 * 2, (delivery.height - height) // 2 // 2 * 2))
    packet = xmp_packet(plan.title, plan.disclosure)
    comment = stamp_comment(plan.stamp)
    poster.save(out, "JPEG", quality=_QUALITY, subsampling=0, optimize=True, xmp=packet, comment=comment)


def _picture(take: Path, index: int) -> Image.Image:
    """The frame in full-range RGB; an unspecified matrix is taken to be BT.709."""
    with open_film(take) as container:
        if not container.streams.video:
            raise CutError(f"{take}: there is no picture in it; render it again")
        frame: av.VideoFrame | None = next(islice(container.decode(video=0), index, None), None)
        if frame is None or frame.is_corrupt:
            raise CutError(f"{take}: there is no whole frame {index} in it; render it again")
        matrix = frame.colorspace if frame.colorspace != _MATRIX_UNSPECIFIED else BT709
        full = frame.color_range == FULL_LEVELS
        shown = frame.reformat(
            format="rgb24",
            src_colorspace=matrix,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
        )
        return Image.fromarray(np.asarray(shown.to_ndarray(), np.uint8))
