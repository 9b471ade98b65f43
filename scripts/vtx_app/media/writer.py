"""Write a film file frame by frame, in the codec settings of every film."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.frame import PictureType
from numpy.typing import NDArray

from vtx_app.media.aac import AacTrack
from vtx_app.media.codec import AAC_BITS, STORYBOARD_AAC_BITS, Effort, add_picture, write_mp4
from vtx_app.media.sound import SoundTrack

__all__ = ["FilmWriter", "write_clip", "write_film", "write_picture", "write_storyboard"]

Track = SoundTrack | AacTrack


def write_film(out: Path, width: int, height: int, rate: Fraction) -> contextlib.AbstractContextManager[FilmWriter]:
    """Write H.264 and FLAC to the MP4 file ``out``; remove it if anything raises. Takes are written so.

    ``width`` × ``height`` are even numbers of pixels, ``rate`` frames per second. The same input gives the same bytes.
    Raises :class:`ValueError`, and :class:`OSError` (disk full, no such folder).
    """
    return _write(out, width, height, rate, SoundTrack)


def write_storyboard(
    out: Path, width: int, height: int, rate: Fraction
) -> contextlib.AbstractContextManager[FilmWriter]:
    """As :func:`write_film`, but encoded three times as fast into a larger file: a storyboard's take."""
    return _write(out, width, height, rate, SoundTrack, effort="fastest")


def write_clip(
    out: Path, width: int, height: int, rate: Fraction, *, effort: Effort = "full"
) -> contextlib.AbstractContextManager[FilmWriter]:
    """As :func:`write_film`, but with AAC, which every player plays; a storyboard's has fewer bits."""
    bits = AAC_BITS if effort == "full" else STORYBOARD_AAC_BITS
    return _write(out, width, height, rate, partial(AacTrack, bits=bits), effort=effort)


def write_picture(
    out: Path, width: int, height: int, rate: Fraction, *, effort: Effort = "full"
) -> contextlib.AbstractContextManager[FilmWriter]:
    """As :func:`write_film`, but without sound."""
    return _write(out, width, height, rate, None, effort=effort)


@contextlib.contextmanager
def _write(
    out: Path,
    width: int,
    height: int,
    rate: Fraction,
    sound: Callable[[OutputContainer], Track] | None,
    *,
    effort: Effort = "full",
) -> Iterator[FilmWriter]:
    if width % 2 or height % 2 or width < 2 or height < 2:
        raise ValueError(f"{width}×{height}: 4:2:0 pictures have an even width and height")
    with write_mp4(out, rate) as container:
        film = FilmWriter(container, width, height, rate, sound, effort=effort)
        yield film
        if not film.frames:
            raise ValueError(f"{out}: a film has at least one frame")
        film.finish()


class FilmWriter:
    """The film in an open MP4 file. Picture and sound may come in any order; neither is padded."""

    def __init__(
        self,
        container: OutputContainer,
        width: int,
        height: int,
        rate: Fraction,
        sound: Callable[[OutputContainer], Track] | None = SoundTrack,
        *,
        effort: Effort = "full",
    ) -> None:
        self._container = container
        self._size, self._rate = (width, height), rate
        self._picture = add_picture(container, width, height, rate, effort=effort)
        self._sound = sound(container) if sound else None
        self.frames = 0

    def picture(self, frame: av.VideoFrame, *, key: bool = False) -> None:
        """Write one ``yuv420p`` frame that is BT.709 at video levels, as a keyframe if ``key``; it is changed.

        Raises :class:`ValueError` for another size or format, :class:`OSError` if it can't be written.
        """
        if (frame.width, frame.height) != self._size or frame.format.name != "yuv420p":
            raise ValueError(f"{frame.width}×{frame.height} {frame.format.name}: not a frame of this film")
        frame.pts, frame.time_base, frame.duration = self.frames, 1 / self._rate, 1
        # A decoder's note of the frame type would be a request to the encoder. I is a keyframe: groups are closed.
        frame.pict_type = PictureType.I if key else PictureType.NONE
        self._mux_picture(frame)
        self.frames += 1

    def sound(self, samples: NDArray[np.int16]) -> None:
        """Append stereo samples at 48 kHz, shape (n, 2). Raises :class:`ValueError`, :class:`OSError`."""
        if self._sound is None:
            raise ValueError("this film is written without sound")
        self._sound.write(samples)

    def finish(self) -> None:
        """Write what the encoders still hold. Nothing may be written after it."""
        if self._sound is not None:
            self._sound.finish()
        self._mux_picture(None)

    def _mux_picture(self, frame: av.VideoFrame | None) -> None:
        for packet in self._picture.encode(frame):
            packet.duration = 1  # the last frame would have none
            self._container.mux(packet)
