"""The film's poster: one frame of a take as a JPEG file at the film's size."""

from __future__ import annotations

from pathlib import Path

from av.video.reformatter import ColorRange, Colorspace
from PIL import Image

from vtx_app.cut.conform import require_picture
from vtx_app.cut.delivered import framed
from vtx_app.cut.poster_plan import PosterPlan
from vtx_app.errors import CutError
from vtx_app.media.frames import read_frames
from vtx_app.media.jpeg_stamp import stamp_comment
from vtx_app.media.reader import open_film
from vtx_app.media.xmp import xmp_packet

__all__ = ["write_poster"]

_QUALITY = 92
"""Of JPEG: no visible loss; with colour at full resolution, as small words and edges need it."""


def write_poster(plan: PosterPlan, out: Path) -> None:
    """Write the poster to the JPEG file ``out``, with its XMP and its stamp. The same plan gives the same bytes.

    The frame is cropped and put on black as in its clip, without the slate of a storyboard.

    Raises :class:`CutError` if the take has no such frame or can't be read, and :class:`OSError` if ``out`` can't be
    written.
    """
    with open_film(plan.take) as container:
        require_picture(container, plan.take, plan.delivery)
    frame = next(iter(read_frames(plan.take, plan.frame, 1)), None)
    if frame is None:
        raise CutError(f"{plan.take}: there is no frame {plan.frame} in it; render it again")
    shown = framed(frame, plan.delivery, None, 0).reformat(
        format="rgb24",
        src_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
    )
    poster = Image.fromarray(shown.to_ndarray())
    packet = xmp_packet(plan.title, plan.disclosure)
    comment = stamp_comment(plan.stamp)
    poster.save(out, "JPEG", quality=_QUALITY, subsampling=0, optimize=True, xmp=packet, comment=comment)
