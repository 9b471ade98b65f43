"""Writing a film file, frame by frame, in the film's one codec setting."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from vtx_app.media.codec import abandon, add_picture, open_output
from vtx_app.media.sound import SoundTrack

__all__ = ["FilmWriter"]

# Exact, and the same bytes on every processor: swscale's fast paths differ between them by a bit.
_EXACT = int(Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.BITEXACT | Interpolation.FULL_CHR_H_INP)


class FilmWriter:
    """Writes H.264 and FLAC to an MP4 file; a context manager.

    Picture and sound may come in any order. Each is as long as what was written: nothing is padded. The
    same input gives the same bytes. Leaving by an exception, or failing to write the end of the file,
    removes it.

    ``width`` × ``height`` are even numbers of pixels, ``rate`` frames per second; ``sound=False`` makes a
    file without a sound track. Raises :class:`OSError` (disk full, no such folder).
    """

    def __init__(
        self,
        out: Path,
        width: int,
        height: int,
        rate: Fraction,
        *,
        metadata: Mapping[str, str] | None = None,
        sound: bool = True,
    ) -> None:
        if width % 2 or height % 2 or width < 2 or height < 2:
            raise ValueError(f"{width}×{height}: 4:2:0 pictures have an even width and height")
        self._out = out
        self._size, self._rate = (width, height), rate
        self._container = open_output(out, rate)
        self._container.metadata.update(metadata or {})
        self._picture = add_picture(self._container, width, height, rate)
        self._sound = SoundTrack(self._container) if sound else None
        self._convert = VideoReformatter()
        self.frames = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            abandon(self._container, self._out)
            return
        try:
            self._finish()
        except BaseException:
            abandon(self._container, self._out)
            raise

    def picture(self, frame: NDArray[np.uint8] | av.VideoFrame) -> None:
        """Write one frame: RGB of shape (height, width, 3), or a ``yuv420p`` frame that is BT.709 at video levels.

        Raises :class:`ValueError` for another size or format, :class:`OSError` if it can't be written.
        """
        picture = frame if isinstance(frame, av.VideoFrame) else self._from_rgb(frame)
        if (picture.width, picture.height) != self._size or picture.format.name != "yuv420p":
            raise ValueError(f"{picture.width}×{picture.height} {picture.format.name}: not a frame of this film")
        picture.pts, picture.time_base, picture.duration = self.frames, 1 / self._rate, 1
        picture.pict_type = 0  # what a decoder noted there would be taken for a wish
        self._mux_picture(picture)
        self.frames += 1

    def sound(self, samples: NDArray[np.int16]) -> None:
        """Append stereo samples at 48 kHz, shape (n, 2). Raises :class:`ValueError`, :class:`OSError`."""
        if self._sound is None:
            raise ValueError("this film was opened without sound")
        self._sound.write(samples)

    def _from_rgb(self, frame: NDArray[np.uint8]) -> av.VideoFrame:
        if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
            raise ValueError(f"{frame.dtype} of shape {frame.shape}: a frame is uint8 of shape (height, width, 3)")
        rgb = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
        return self._convert.reformat(
            rgb,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            interpolation=_EXACT,
        )

    def _mux_picture(self, frame: av.VideoFrame | None) -> None:
        for packet in self._picture.encode(frame):
            packet.duration = 1  # or the last frame would last no time
            self._container.mux(packet)

    def _finish(self) -> None:
        if not self.frames:
            raise ValueError(f"{self._out}: a film has at least one frame")
        if self._sound is not None:
            self._sound.finish()
        self._mux_picture(None)
        self._container.close()
