"""The film's poster: one frame of a take as a JPEG file at the film's size."""

from __future__ import annotations

from pathlib import Path

from vtx_app.cut.colour_match import Correction
from vtx_app.cut.poster_plan import PosterPlan
from vtx_app.cut.still import read_still
from vtx_app.media.jpeg_stamp import stamp_comment
from vtx_app.media.xmp import xmp_packet

__all__ = ["write_poster"]

_QUALITY = 92
"""JPEG quality without visible loss; colour has full resolution, which small words and edges need."""


def write_poster(plan: PosterPlan, out: Path, correction: Correction | None = None) -> None:
    """Write the poster to the JPEG file ``out``, with its XMP and its stamp. The same plan gives the same bytes.

    The frame is cropped and put on black as in its clip, without the slate of a storyboard. ``correction``: of its
    colours, as ``plan.delivery.match`` asks for.

    Raises :class:`vtx_app.errors.CutError` if the take has no such frame or can't be read, and :class:`OSError` if
    ``out`` can't be written.
    """
    poster = read_still(plan.take, plan.frame, plan.delivery, correction)
    packet = xmp_packet(plan.title, plan.disclosure)
    comment = stamp_comment(plan.stamp)
    poster.save(out, "JPEG", quality=_QUALITY, subsampling=0, optimize=True, xmp=packet, comment=comment)
