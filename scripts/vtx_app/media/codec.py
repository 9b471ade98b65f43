"""The codec settings that all films share.

Clips of the same size and rate have the same H.264 parameter sets, so a film is joined from them by copying packets:

- no B-frames, closed groups: a packet is a frame, in display order, and a tail is cut off by dropping packets;
- one thread, and no choice of algorithms by the processor (``cpu-independent``): x264's output depends on both;
- CRF 17 at ``veryfast``: no visible loss; storyboards are encoded faster still (:data:`Effort`);
- BT.709 at video levels, 4:2:0, 8 bit, square pixels: what every player and editor accepts.

Takes have FLAC sound, which loses nothing. Clips, acts and finals have AAC-LC, which every player plays.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Literal

import av
from av.audio.stream import AudioStream
from av.codec.context import Flags
from av.container import OutputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

__all__ = [
    "AAC_BITS",
    "AAC_BLOCK",
    "AUDIO_CODEC",
    "BLOCK",
    "BT709",
    "ENCODERS",
    "FULL_LEVELS",
    "SAMPLE_RATE",
    "STORYBOARD_AAC_BITS",
    "VIDEO_CODEC",
    "Effort",
    "add_aac",
    "add_copied_picture",
    "add_flac",
    "add_picture",
    "keyframe_distance",
    "movie_timescale",
    "open_output",
    "picture_encoder",
    "retime",
    "samples_for",
    "write_mp4",
]

VIDEO_CODEC: Final = "libx264"
AUDIO_CODEC: Final = "flac"
"""Of takes and mixes."""

ENCODERS: Final = (VIDEO_CODEC, AUDIO_CODEC, "aac")

SAMPLE_RATE: Final = 48_000
"""Hertz, for all sound of every film (SMPTE ST 429-2 and broadcast practice)."""

BLOCK: Final = 4608
"""Samples in a FLAC block: FFmpeg's choice at 48 kHz, and the most that RFC 9639, 7 allows there in its subset."""

AAC_BLOCK: Final = 1024
"""Samples in an AAC-LC block (ISO/IEC 14496-3, 4.5.2.1.1)."""

AAC_BITS: Final = 256_000
"""Bits per second of AAC."""

STORYBOARD_AAC_BITS: Final = 128_000
"""Of a storyboard clip's, which nobody mixes. FFmpeg's encoder takes up to four times as long to spend twice as much on
a quiet room."""

BT709: Final = 1
"""ITU-T H.273: 1 means BT.709 for primaries, transfer and matrix."""

VIDEO_LEVELS: Final = 1
FULL_LEVELS: Final = 2
"""FFmpeg's AVCOL_RANGE_MPEG (black is 16) and AVCOL_RANGE_JPEG (black is 0)."""

_KEYFRAME_SECONDS: Final = 2
_X264: Final = {
    "preset": "veryfast",
    "profile": "high",
    "bf": "0",
    "threads": "1",
    "x264-params": "open-gop=0:cpu-independent=1",
}
Effort = Literal["full", "fast", "fastest"]
"""How hard x264 searches: ``full`` for films; ``fast`` for storyboard clips, with the same parameter sets, so that they
are joined with what is encoded in full; ``fastest`` for storyboard takes, which are encoded again as clips."""

_EFFORTS: Final = {
    "full": {"crf": "17"},
    "fast": {
        "qp": "17",
        "x264-params": f"{_X264['x264-params']}:me=dia:subme=0:partitions=none:rc-lookahead=0:mbtree=0:scenecut=0"
        ":aq-mode=0:no-deblock=1",
    },
    "fastest": {"preset": "ultrafast", "qp": "19", "profile": "baseline"},
}
"""A storyboard has one quantizer for all its frames. Choosing one for each frame and block takes a fourth of the time.

The quantizer of ``fast`` is the CRF of ``full``: it is in the parameter sets. It gives 52 dB, where ``full`` gives 50.
"""

_AAC: Final = {"aac_coder": "fast", "aac_is": "0", "aac_pns": "0", "aac_tns": "0"}
"""FFmpeg's manual of its encoder: the fast coder is "better and much faster at higher bitrates" than the default.

Intensity stereo and noise substitution save bits that 256 kb/s has to spare, and put something else in place of what
was there. Without them each band is on average 2 to 4 dB nearer to its source, of speech, noise, claps and chords
alike; temporal noise shaping makes no difference of a tenth of a decibel there. M/S coding stays.
"""

_MUX: Final = {"fflags": "+bitexact", "strict": "-2"}
"""No version strings or dates in the file; ``strict`` because older FFmpegs call FLAC in MP4 experimental."""


def samples_for(frames: int, rate: Fraction) -> int:
    """Samples per channel at 48 kHz that last as long as ``frames`` frames at ``rate`` frames per second."""
    return round(frames * SAMPLE_RATE / rate)


def keyframe_distance(rate: Fraction) -> int:
    """The most frames from one keyframe to the next: two seconds, so that players seek fast."""
    return max(1, round(rate * _KEYFRAME_SECONDS))


def movie_timescale(rate: Fraction) -> int:
    """Ticks per second such that a frame at ``rate`` and a sample at 48 kHz are both whole numbers of ticks.

    Edit lists and chapters are written in them, so both stay exact. If that number doesn't fit in 31 bits, the result
    is exact for frames only.
    """
    both = math.lcm(SAMPLE_RATE, rate.numerator)
    return both if both < 2**31 else rate.numerator


@contextlib.contextmanager
def open_output(path: Path, kind: str, options: Mapping[str, str]) -> Iterator[OutputContainer]:
    """Open a media file of FFmpeg's format ``kind`` for writing; close it at the end, or remove it if anything raises.

    Raises :class:`OSError` (disk full, no such folder).
    """
    container = av.open(str(path), "w", format=kind, container_options=dict(options))
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


def write_mp4(path: Path, rate: Fraction, *, faststart: bool = False) -> AbstractContextManager[OutputContainer]:
    """Open an MP4 file as :func:`open_output` does. With ``faststart`` the index comes first."""
    options = {**_MUX, "movie_timescale": str(movie_timescale(rate))}
    return open_output(path, "mp4", options | ({"movflags": "+faststart"} if faststart else {}))


def picture_encoder(
    context: VideoCodecContext, width: int, height: int, rate: Fraction, *, effort: Effort = "full"
) -> None:
    """Set ``context`` to encode the pictures of a film of ``width`` × ``height`` pixels at ``rate``."""
    context.options = _X264 | _EFFORTS[effort]
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.time_base, context.framerate = 1 / rate, rate
    context.sample_aspect_ratio = Fraction(1)
    context.gop_size = keyframe_distance(rate)
    context.thread_count = 1
    context.color_primaries = context.color_trc = context.colorspace = BT709
    context.color_range = VIDEO_LEVELS


def add_picture(
    container: OutputContainer, width: int, height: int, rate: Fraction, *, effort: Effort = "full"
) -> VideoStream:
    """Add an H.264 stream of ``width`` × ``height`` pixels; its time base is one frame at ``rate``."""
    stream = container.add_stream(VIDEO_CODEC, rate=rate, options=_X264 | _EFFORTS[effort])
    picture_encoder(stream.codec_context, width, height, rate, effort=effort)
    stream.time_base = 1 / rate
    return stream


def add_flac(container: OutputContainer) -> AudioStream:
    """Add a FLAC stream: 48 kHz, stereo, 16 bit; its time base is one sample."""
    stream = container.add_stream(AUDIO_CODEC, rate=SAMPLE_RATE)
    stream.codec_context.format = "s16"
    return _stereo(stream)


def add_aac(container: OutputContainer, bits: int = AAC_BITS) -> AudioStream:
    """Add an AAC-LC stream: 48 kHz, stereo, ``bits`` per second; its time base is one sample."""
    stream = container.add_stream("aac", rate=SAMPLE_RATE, options=dict(_AAC))
    stream.codec_context.format = "fltp"
    stream.codec_context.bit_rate = bits
    stream.codec_context.flags |= Flags.bitexact  # else the encoder's version is in the sound
    return _stereo(stream)


def _stereo(stream: AudioStream) -> AudioStream:
    stream.codec_context.layout = "stereo"
    stream.codec_context.time_base = stream.time_base = Fraction(1, SAMPLE_RATE)
    return stream


def add_copied_picture(container: OutputContainer, template: VideoStream, rate: Fraction) -> VideoStream:
    """Add a picture stream for packets copied from ``template``; its time base is one frame at ``rate``.

    Its parameter sets are in the file's index alone (``avc1``).
    """
    stream = container.add_stream_from_template(template)
    stream.time_base = stream.codec_context.time_base = 1 / rate
    stream.codec_context.codec_tag = "avc1"
    stream.codec_context.bit_rate = 0  # the template's
    return stream


def retime(packet: Packet[Any], stream: VideoStream, rate: Fraction, frame: int) -> None:
    """Move ``packet``, which is one frame, to ``stream``, at ``frame`` from the film's start."""
    packet.stream = stream
    packet.time_base = 1 / rate
    packet.pts = packet.dts = frame
    packet.duration = 1
