"""Inputs that a pipeline needs and that exist as no file: the end of another take, a sound in stereo.

They are written beside the take, under temporary names of its own, and deleted when it is done or by the clip's next
render.
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

__all__ = ["stereo_sound", "write_frame", "write_tail"]


def write_frame(take: Path, frame: int, out: Path) -> None:
    """Write frame ``frame`` (from 0) of ``take`` to ``out``, a PNG of the take's size. Raises :class:`RenderError`."""
    frame_at(take, frame).save(out, "PNG", compress_level=1)


def write_tail(take: Path, last: int, count: int, out: Path) -> None:
    """Write the ``count`` frames of ``take`` that end with frame ``last`` (from 0) to ``out``, as lossless H.264.

    Raises :class:`RenderError` if the take is shorter.
    """
    first = last - count + 1
    if first < 0:
        raise RenderError(f"{take}: a tail of {count} frames, and only {last + 1} of the clip are seen in the film")
    with open_film(take) as source, av.open(str(out), "w") as film:
        frames = islice(source.decode(video=0), first, last + 1)
        if _write_lossless(film, frames) < count:
            raise RenderError(f"{take}: the take ends before frame {last}, from which the clip continues")


def _write_lossless(film: OutputContainer, frames: Iterator[av.VideoFrame]) -> int:
    """Write all frames; return how many there were."""
    count = 0
    stream = film.add_stream("libx264", rate=Fraction(24), options={"qp": "0", "preset": "veryfast"})
    stream.pix_fmt = "yuv420p"
    for frame in frames:
        if count == 0:
            stream.width, stream.height = frame.width, frame.height
            stream.codec_context.colorspace = frame.colorspace
            stream.codec_context.color_range = frame.color_range
        frame.pts, frame.time_base = count, Fraction(1, 24)
        film.mux(stream.encode(frame))
        count += 1
    if count:
        film.mux(stream.encode(None))
    return count


def stereo_sound(sound: Path, out: Path) -> Path:
    """Return ``sound`` itself if it is stereo, else ``out``, a WAV of it in two channels at 48 kHz.

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
