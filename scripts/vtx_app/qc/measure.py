"""Measures a take: its picture and its sound, each decoded once."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from vtx_app.errors import CutError
from vtx_app.media.reader import open_film, picture_rate
from vtx_app.media.sound_blocks import sound_blocks
from vtx_app.qc.measures import Measures
from vtx_app.qc.picture import PictureMeter
from vtx_app.qc.sound import measure_sound

__all__ = ["measure_take"]


def measure_take(path: Path) -> Measures:
    """What is measured of the take at ``path``, ``…/<clip_id>/<digest>.mp4``.

    One thread, so that takes may be measured at once. Raises :class:`CutError` naming the file if it can't be decoded.
    """
    with open_film(path) as container:
        if not container.streams.video:
            raise CutError(f"{path}: there is no picture in it")
        stream = container.streams.video[0]
        rate = picture_rate(path) or stream.average_rate or Fraction(24)
        stream.codec_context.thread_count = 1
        # Means and differences don't need the edges of blocks smoothed (FFmpeg: skip_loop_filter).
        stream.codec_context.options = {"skip_loop_filter": "all"}
        meter = PictureMeter(1 * rate)
        width, height = stream.codec_context.width, stream.codec_context.height
        for frame in container.decode(stream):
            meter.push(frame)
    if not meter.frames:
        raise CutError(f"{path}: there is no picture in it")
    blocks = list(sound_blocks(path))
    return Measures(
        path.parent.name,
        path.stem,
        meter.frames,
        width,
        height,
        1 * rate,
        meter.black(),
        meter.plain(),
        meter.frozen(),
        meter.jumps(),
        meter.motion,
        meter.step,
        meter.colours(),
        measure_sound(np.concatenate(blocks)) if blocks else None,
    )
