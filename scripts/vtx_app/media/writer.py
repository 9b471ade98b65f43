"""Writing a film file, frame by frame, in the film's one codec setting."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from vtx_app.cut.delivery import SAMPLE_RATE
from vtx_app.media.codec import BLOCK, add_picture, add_sound, open_output

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
        self._container = open_output(str(out), rate)
        self._container.metadata.update(metadata or {})
        self._picture = add_picture(self._container, width, height, rate)
        self._sound: AudioStream | None = add_sound(self._container) if sound else None
        self._convert = VideoReformatter()
        self._pending = np.empty((0, 2), np.int16)
        self.frames = 0
        self.samples = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._abandon()
            return
        try:
            self._finish()
        except BaseException:
            self._abandon()
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
        if samples.ndim != 2 or samples.shape[1] != 2 or samples.dtype != np.int16:
            raise ValueError(f"{samples.dtype} of shape {samples.shape}: sound is int16 of shape (n, 2)")
        waiting = np.concatenate([self._pending, samples])
        whole = len(waiting) - len(waiting) % BLOCK
        for start in range(0, whole, BLOCK):
            self._mux_sound(waiting[start : start + BLOCK])
        self._pending = waiting[whole:]

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

    def _mux_sound(self, block: NDArray[np.int16]) -> None:
        if self._sound is None:
            raise ValueError("this film was opened without sound")
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block).reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), self.samples
        self._container.mux(self._sound.encode(frame))
        self.samples += len(block)

    def _finish(self) -> None:
        if not self.frames:
            raise ValueError(f"{self._out}: a film has at least one frame")
        if self._sound is not None:
            if len(self._pending):
                self._mux_sound(self._pending)
            self._container.mux(self._sound.encode(None))
        self._mux_picture(None)
        self._container.close()

    def _abandon(self) -> None:
        # Closing writes an index, so the name goes first: nothing whole is ever seen under it.
        if self._out.is_file():  # never a device or a pipe that was written to
            self._out.unlink()
        with contextlib.suppress(Exception):
            self._container.close()
