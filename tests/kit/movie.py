"""Pictures for films that tests write with the product's own writer, and the length of their sound."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from vtx_app.media.mp4 import read_tracks


def video_frame(rgb: NDArray[np.uint8]) -> av.VideoFrame:
    """A picture of shape (height, width, 3) as the writer takes it: 4:2:0, BT.709 at video levels."""
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24").reformat(
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )


def sound_samples(path: Path) -> int:
    """The samples that are heard of a film's one sound track, by its index."""
    (sound,) = (track for track in read_tracks(path) if track.kind == "sound")
    assert sound.codec in ("fLaC", "mp4a")
    assert sound.timescale == 48_000
    return sound.ticks - sound.first_tick
