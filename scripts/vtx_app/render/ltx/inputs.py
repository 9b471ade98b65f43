"""What a pipeline starts from and nobody has as a file: the end of another take, a sound in stereo.

Made beside the take under temporary names of the take's own, which go when it is done, or are cleared away by the
next render of the clip.
"""

from __future__ import annotations

import wave
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
from av.container import OutputContainer

from vtx_app.errors import RenderError
from vtx_app.media.codec import SAMPLE_RATE
from vtx_app.media.reader import frame_at, open_film, sound_facts
from vtx_app.media.sound import read_sound

__all__ = ["last_frame", "stereo_sound", "tail_film"]


def last_frame(take: Path, frame: int, out: Path) -> None:
    """Write frame ``frame`` (from 0) of ``take`` to ``out``, a PNG of the take's size. Raises :class:`RenderError`."""
    frame_at(take, frame).save(out, "PNG", compress_level=1)


def tail_film(take: Path, frame: int, frames: int, out: Path) -> None:
    """Write the ``frames`` frames of ``take`` up to ``frame`` (from 0) to ``out``: H.264 that loses nothing.

    Raises :class:`RenderError` where the take is shorter.
    """
    first = frame - frames + 1
    if first < 0:
        raise RenderError(f"{take}: a tail of {frames} frames, and only {frame + 1} of the clip are seen in the film")
    with av.open(str(out), "w") as film:
        if _write_lossless(film, _frames(take, first, frame)) < frames:
            raise RenderError(f"{take}: the take ends before frame {frame}, from which the clip goes on")


def _frames(take: Path, first: int, last: int) -> Iterator[av.VideoFrame]:
    """The frames ``first`` to ``last`` of a take, counted from 0 in the order they are shown."""
    with open_film(take) as container:
        yield from islice(container.decode(video=0), first, last + 1)


def _write_lossless(film: OutputContainer, pictures: Iterator[av.VideoFrame]) -> int:
    """Write the pictures, as many as there are; returns how many."""
    index = -1
    stream = film.add_stream("libx264", rate=Fraction(24), options={"qp": "0", "preset": "veryfast"})
    stream.pix_fmt = "yuv420p"
    for index, picture in enumerate(pictures):
        if index == 0:
            stream.width, stream.height = picture.width, picture.height
            stream.codec_context.colorspace = picture.colorspace
            stream.codec_context.color_range = picture.color_range
        picture.pts, picture.time_base = index, Fraction(1, 24)
        film.mux(stream.encode(picture))
    if index >= 0:
        film.mux(stream.encode(None))
    return index + 1


def stereo_sound(sound: Path, out: Path) -> Path:
    """``sound`` itself where it is in stereo; else ``out``, a WAV of it on both ears at 48 kHz.

    One channel crashes a2vid at the end of the whole render. Raises :class:`RenderError`.
    """
    if sound_facts(sound).channels == 2:
        return sound
    samples = read_sound(sound)
    if samples is None:
        raise RenderError(f"{sound}: there is no sound in it")
    with wave.open(str(out), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return out
