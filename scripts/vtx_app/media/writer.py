"""Write a film file frame by frame, in the codec settings of every film."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from vtx_app.media.codec import add_picture, write_mp4
from vtx_app.media.sound import SoundTrack

__all__ = ["FilmWriter", "write_film"]

# Exact, and the same bytes on every processor: swscale's fast paths differ between them by a bit.
_EXACT = int(Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.BITEXACT | Interpolation.FULL_CHR_H_INP)


@contextlib.contextmanager
def write_film(
    out: Path,
    width: int,
    height: int,
    rate: Fraction,
    *,
    metadata: Mapping[str, str] | None = None,
    sound: bool = True,
) -> Iterator[FilmWriter]:
    """Write H.264 and FLAC to the MP4 file ``out``; remove it if anything raises.

    ``width`` × ``height`` are even numbers of pixels, ``rate`` frames per second; ``sound=False`` leaves out the sound
    track. The same input gives the same bytes. Raises :class:`ValueError`, and :class:`OSError` (disk full, no such
    folder).
    """
    if width % 2 or height % 2 or width < 2 or height < 2:
        raise ValueError(f"{width}×{height}: 4:2:0 pictures have an even width and height")
    with write_mp4(out, rate) as container:
        container.metadata.update(metadata or {})
        film = FilmWriter(container, width, height, rate, sound=sound)
        yield film
        if not film.frames:
            raise ValueError(f"{out}: a film has at least one frame")
        film.finish()


class FilmWriter:
    """The film in an open MP4 file. Picture and sound may come in any order; neither is padded."""

    def __init__(self, container: OutputContainer, width: int, height: int, rate: Fraction, *, sound: bool) -> None:
        self._container = container
        self._size, self._rate = (width, height), rate
        self._picture = add_picture(container, width, height, rate)
        self._sound = SoundTrack(container) if sound else None
        self._convert = VideoReformatter()
        self.frames = 0

    def picture(self, frame: NDArray[np.uint8] | av.VideoFrame) -> None:
        """Write one frame: RGB of shape (height, width, 3), or a ``yuv420p`` frame that is BT.709 at video levels.

        Raises :class:`ValueError` for another size or format, :class:`OSError` if it can't be written.
        """
        picture = frame if isinstance(frame, av.VideoFrame) else self._from_rgb(frame)
        if (picture.width, picture.height) != self._size or picture.format.name != "yuv420p":
            raise ValueError(f"{picture.width}×{picture.height} {picture.format.name}: not a frame of this film")
        picture.pts, picture.time_base, picture.duration = self.frames, 1 / self._rate, 1
        picture.pict_type = 0  # a decoder's note of the frame type would be a request to the encoder
        self._mux_picture(picture)
        self.frames += 1

    def sound(self, samples: NDArray[np.int16]) -> None:
        """Append stereo samples at 48 kHz, shape (n, 2). Raises :class:`ValueError`, :class:`OSError`."""
        if self._sound is None:
            raise ValueError("this film was opened without sound")
        self._sound.write(samples)

    def finish(self) -> None:
        """Write what the encoders still hold. Nothing may be written after it."""
        if self._sound is not None:
            self._sound.finish()
        self._mux_picture(None)

    def _from_rgb(self, frame: NDArray[np.uint8]) -> av.VideoFrame:
        if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
            raise ValueError(f"{frame.dtype} of shape {frame.shape}: a frame is uint8 of shape (height, width, 3)")
        return self._convert.reformat(
            av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            interpolation=_EXACT,
        )

    def _mux_picture(self, frame: av.VideoFrame | None) -> None:
        for packet in self._picture.encode(frame):
            packet.duration = 1  # the last frame would have none
            self._container.mux(packet)
