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

import math
from fractions import Fraction
from typing import Final

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from vtx_app.cut.delivery import SAMPLE_RATE

__all__ = ["AUDIO_CODEC", "BLOCK", "VIDEO_CODEC", "add_picture", "add_sound", "movie_timescale", "open_output"]

VIDEO_CODEC: Final = "libx264"
AUDIO_CODEC: Final = "flac"

BLOCK: Final = 4608
"""Samples in a FLAC block: FFmpeg's choice at 48 kHz, and the most that RFC 9639, 7 allows there in its subset."""

BT709: Final = 1
"""ITU-T H.273: BT.709 is value 1 of primaries, of transfer and of matrix alike."""

_VIDEO_LEVELS: Final = 1  # FFmpeg's AVCOL_RANGE_MPEG
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
    context.color_range = _VIDEO_LEVELS
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


def open_output(path: str, rate: Fraction, *, faststart: bool = False) -> OutputContainer:
    """Open an MP4 file for writing with the film's settings. Raises :class:`av.error.FFmpegError` (an OSError)."""
    options = {**_MUX, "movie_timescale": str(movie_timescale(rate))}
    if faststart:
        options["movflags"] = "+faststart"
    return av.open(path, "w", format="mp4", container_options=options)
