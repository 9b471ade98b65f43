"""The codec settings that all films share.

Clips of the same size and rate have the same H.264 parameter sets, so a film is joined from them by copying packets:

- no B-frames, closed groups: a packet is a frame, in display order, and a tail is cut off by dropping packets;
- one thread: x264's output depends on the number of threads;
- CRF 17 at ``veryfast``: no visible loss, and a storyboard film is encoded many times faster than it plays;
- BT.709 at video levels, 4:2:0, 8 bit: what every player and editor accepts;
- FLAC: sound that is joined to the sample by copying packets. AAC can't be: its blocks are 1,024 samples
  and each encoded piece starts with its own priming samples.
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

__all__ = [
    "AUDIO_CODEC",
    "BLOCK",
    "BT709",
    "FULL_LEVELS",
    "SAMPLE_RATE",
    "VIDEO_CODEC",
    "add_copied_picture",
    "add_picture",
    "add_sound",
    "movie_timescale",
    "retime",
    "samples_for",
    "write_mp4",
]

VIDEO_CODEC: Final = "libx264"
AUDIO_CODEC: Final = "flac"

SAMPLE_RATE: Final = 48_000
"""Hertz, for all sound of every film (SMPTE ST 429-2 and broadcast practice)."""

BLOCK: Final = 4608
"""Samples in a FLAC block: FFmpeg's choice at 48 kHz, and the most that RFC 9639, 7 allows there in its subset."""

BT709: Final = 1
"""ITU-T H.273: 1 means BT.709 for primaries, transfer and matrix."""

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
_MUX: Final = {"fflags": "+bitexact", "strict": "-2"}
"""No version strings or dates in the file; ``strict`` because older FFmpegs call FLAC in MP4 experimental."""


def samples_for(frames: int, rate: Fraction) -> int:
    """Samples per channel at 48 kHz that last as long as ``frames`` frames at ``rate`` frames per second."""
    return round(frames * SAMPLE_RATE / rate)


def movie_timescale(rate: Fraction) -> int:
    """Ticks per second such that a frame at ``rate`` and a sample at 48 kHz are both whole numbers of ticks.

    Edit lists and chapters are written in them, so both stay exact. If that number doesn't fit in 31 bits, the result
    is exact for frames only.
    """
    both = math.lcm(SAMPLE_RATE, rate.numerator)
    return both if both < 2**31 else rate.numerator


@contextlib.contextmanager
def write_mp4(path: Path, rate: Fraction, *, faststart: bool = False) -> Iterator[OutputContainer]:
    """Open an MP4 file for writing; close it at the end, or remove it if anything raises.

    With ``faststart`` the index comes first. Raises :class:`OSError`.
    """
    options = {**_MUX, "movie_timescale": str(movie_timescale(rate))}
    if faststart:
        options["movflags"] = "+faststart"
    container = av.open(str(path), "w", format="mp4", container_options=options)
    try:
        yield container
        container.close()
    except BaseException:
        # Closing writes an index, so the name goes first: nothing that looks complete ever has it.
        if path.is_file():  # never a device or a pipe
            path.unlink()
        with contextlib.suppress(Exception):
            container.close()
        raise


def add_picture(container: OutputContainer, width: int, height: int, rate: Fraction) -> VideoStream:
    """Add an H.264 stream of ``width`` × ``height`` pixels; its time base is one frame at ``rate``."""
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
    """Add a FLAC stream: 48 kHz, stereo, 16 bit; its time base is one sample."""
    stream = container.add_stream(AUDIO_CODEC, rate=SAMPLE_RATE)
    stream.codec_context.layout = "stereo"
    stream.codec_context.format = "s16"
    stream.codec_context.time_base = Fraction(1, SAMPLE_RATE)
    stream.time_base = Fraction(1, SAMPLE_RATE)
    return stream


def add_copied_picture(
    container: OutputContainer, template: VideoStream, rate: Fraction, *, tag: str | None = None
) -> VideoStream:
    """Add a picture stream for packets copied from ``template``; its time base is one frame at ``rate``.

    ``tag`` (``avc1``) replaces FFmpeg's choice of the sample entry's four letters.
    """
    stream = container.add_stream_from_template(template)
    stream.time_base = stream.codec_context.time_base = 1 / rate
    if tag is not None:
        stream.codec_context.codec_tag = tag
    return stream


def retime(packet: Packet[Any], stream: VideoStream, rate: Fraction, *, shown: int, decoded: int) -> None:
    """Move ``packet`` to ``stream``, shown and decoded at these frames from the film's start."""
    packet.stream = stream
    packet.time_base = 1 / rate
    packet.pts, packet.dts, packet.duration = shown, decoded, 1
