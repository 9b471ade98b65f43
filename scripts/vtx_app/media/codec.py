"""The one codec setting of every film.

Clips of the same size and rate have the same H.264 parameter sets, so that a film is joined from them
by copying packets. The choices, and why:

- no B-frames and closed groups: a packet is a frame, in order, and a tail is cut off by dropping packets;
- one thread: x264's bytes depend on the number of threads;
- CRF 17 at ``veryfast``: no visible loss, and a storyboard film is encoded many times faster than it plays;
- BT.709 at video levels, 4:2:0, eight bit: what every player and editor takes;
- FLAC: sound that is joined to the sample by copying packets. AAC can't be: its blocks are 1,024 samples
  and each encoded piece starts with priming samples of its own.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from vtx_app.media.sample_rate import SAMPLE_RATE

__all__ = [
    "AUDIO_CODEC",
    "BLOCK",
    "BT709",
    "FULL_LEVELS",
    "VIDEO_CODEC",
    "VIDEO_LEVELS",
    "abandon",
    "add_copy",
    "add_picture",
    "add_sound",
    "film_file",
    "movie_timescale",
    "open_output",
    "stamp",
]

VIDEO_CODEC: Final = "libx264"
AUDIO_CODEC: Final = "flac"

BLOCK: Final = 4608
"""Samples in a FLAC block: FFmpeg's choice at 48 kHz, and the most that RFC 9639, 7 allows there in its subset."""

BT709: Final = 1
"""ITU-T H.273: BT.709 is value 1 of primaries, of transfer and of matrix alike."""

VIDEO_LEVELS: Final = 1
FULL_LEVELS: Final = 2
"""FFmpeg's AVCOL_RANGE_MPEG (black is 16) and AVCOL_RANGE_JPEG (black is 0)."""

_KEYFRAME_SECONDS: Final = 2
_X264: Final = {
    "preset": "veryfast",
    "crf": "17",
    "profile": "high",
    "bf": "0",
    "threads": "1",
    "x264-params": "open-gop=0",
}


def movie_timescale(rate: Fraction) -> int:
    """Ticks per second of which both a frame at ``rate`` and a sample at 48 kHz are a whole number.

    Edit lists and chapters are written in them, so both stay exact. Rates so odd that there is no such
    number in 31 bits get one that is exact for frames.
    """
    both = math.lcm(SAMPLE_RATE, rate.numerator)
    return both if both < 2**31 else rate.numerator


_MUX: Final = {"fflags": "+bitexact", "strict": "-2"}
"""No version strings or dates in the file; ``strict`` because older FFmpegs call FLAC in MP4 experimental."""


def add_picture(container: OutputContainer, width: int, height: int, rate: Fraction) -> VideoStream:
    """Add the film's H.264 stream of ``width`` × ``height`` pixels; its time base is one frame at ``rate``."""
    stream = container.add_stream(VIDEO_CODEC, rate=rate, options=dict(_X264))
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    context = stream.codec_context
    context.time_base = 1 / rate
    context.gop_size = max(1, round(rate * _KEYFRAME_SECONDS))
    context.thread_count = 1
    context.color_primaries = context.color_trc = context.colorspace = BT709
    context.color_range = VIDEO_LEVELS
    stream.time_base = 1 / rate
    return stream


def add_sound(container: OutputContainer) -> AudioStream:
    """Add the film's FLAC stream: 48 kHz, stereo, 16 bit; its time base is one sample."""
    stream = container.add_stream(AUDIO_CODEC, rate=SAMPLE_RATE)
    stream.codec_context.layout = "stereo"
    stream.codec_context.format = "s16"
    stream.codec_context.time_base = Fraction(1, SAMPLE_RATE)
    stream.time_base = Fraction(1, SAMPLE_RATE)
    return stream


def open_output(path: Path, rate: Fraction, *, faststart: bool = False) -> OutputContainer:
    """Open an MP4 file for writing with the film's settings; with ``faststart`` its index comes first.

    Raises :class:`OSError`. Whoever opened it either closes it or calls :func:`abandon`.
    """
    options = {**_MUX, "movie_timescale": str(movie_timescale(rate))}
    if faststart:
        options["movflags"] = "+faststart"
    return av.open(str(path), "w", format="mp4", container_options=options)


def abandon(container: OutputContainer, path: Path) -> None:
    """Give up a file that is being written: nothing is left of it."""
    # Closing writes an index, so the name goes first: nothing that looks whole is ever seen under it.
    if path.is_file():  # never a device or a pipe that was written to
        path.unlink()
    with contextlib.suppress(Exception):
        container.close()


@contextlib.contextmanager
def film_file(path: Path, rate: Fraction, *, faststart: bool = False) -> Iterator[OutputContainer]:
    """An MP4 file to write to, closed at the end and removed if anything is raised. See :func:`open_output`."""
    container = open_output(path, rate, faststart=faststart)
    try:
        yield container
        container.close()
    except BaseException:
        abandon(container, path)
        raise


def add_copy(
    container: OutputContainer, template: VideoStream, rate: Fraction, *, tag: str | None = None
) -> VideoStream:
    """Add a picture stream for packets that are copied from ``template``, timed in frames at ``rate``.

    ``tag`` is the sample entry's four letters where they are not to be FFmpeg's choice (``avc1``).
    """
    stream = container.add_stream_from_template(template)
    stream.time_base = stream.codec_context.time_base = 1 / rate
    if tag is not None:
        stream.codec_context.codec_tag = tag
    return stream


def stamp(packet: Packet[Any], stream: VideoStream, rate: Fraction, *, shown: int, decoded: int) -> None:
    """Make ``packet`` one of ``stream``'s: the frame that is shown ``shown`` frames and decoded ``decoded``
    frames after the film's start."""
    packet.stream = stream
    packet.time_base = 1 / rate
    packet.pts, packet.dts, packet.duration = shown, decoded, 1
