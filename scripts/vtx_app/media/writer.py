"""Write a film file frame by frame, in the codec settings of every film."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from numpy.typing import NDArray

from vtx_app.media.codec import add_picture, write_mp4
from vtx_app.media.sound import SoundTrack

__all__ = ["FilmWriter", "write_film"]


@contextlib.contextmanager
def write_film(out: Path, width: int, height: int, rate: Fraction) -> Iterator[FilmWriter]:
    """Write H.264 and FLAC to the MP4 file ``out``; remove it if anything raises.

    ``width`` × ``height`` are even numbers of pixels, ``rate`` frames per second. The same input gives the same bytes.
    Raises :class:`ValueError`, and :class:`OSError` (disk full, no such folder).
    """
    if width % 2 or height % 2 or width < 2 or height < 2:
        raise ValueError(f"{width}×{height}: 4:2:0 pictures have an even width and height")
    with write_mp4(out, rate) as container:
        film = FilmWriter(container, width, height, rate)
        yield film
        if not film.frames:
            raise ValueError(f"{out}: a film has at least one frame")
        film.finish()


class FilmWriter:
    """The film in an open MP4 file. Picture and sound may come in any order; neither is padded."""

    def __init__(self, container: OutputContainer, width: int, height: int, rate: Fraction) -> None:
        self._container = container
        self._size, self._rate = (width, height), rate
        self._picture = add_picture(container, width, height, rate)
        self._sound = SoundTrack(container)
        self.frames = 0

    def picture(self, frame: av.VideoFrame) -> None:
        """Write one ``yuv420p`` frame that is BT.709 at video levels; it is changed.

        Raises :class:`ValueError` for another size or format, :class:`OSError` if it can't be written.
        """
        if (frame.width, frame.height) != self._size or frame.format.name != "yuv420p":
            raise ValueError(f"{frame.width}×{frame.height} {frame.format.name}: not a frame of this film")
        frame.pts, frame.time_base, frame.duration = self.frames, 1 / self._rate, 1
        frame.pict_type = 0  # a decoder's note of the frame type would be a request to the encoder
        self._mux_picture(frame)
        self.frames += 1

    def sound(self, samples: NDArray[np.int16]) -> None:
        """Append stereo samples at 48 kHz, shape (n, 2). Raises :class:`ValueError`, :class:`OSError`."""
        self._sound.write(samples)

    def finish(self) -> None:
        """Write what the encoders still hold. Nothing may be written after it."""
        self._sound.finish()
        self._mux_picture(None)

    def _mux_picture(self, frame: av.VideoFrame | None) -> None:
        for packet in self._picture.encode(frame):
            packet.duration = 1  # the last frame would have none
            self._container.mux(packet)
