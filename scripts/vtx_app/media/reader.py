"""Reading films, sounds and pictures: their facts, a complete check, and single frames.

PyAV and Pillow are imported when a file is opened: most plans need neither.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from vtx_app.errors import CutError, RenderError
from vtx_app.media.mp4 import read_tracks, top_boxes

if TYPE_CHECKING:
    from av.container import InputContainer
    from PIL import Image, ImageFile

__all__ = [
    "PICTURE_FORMATS",
    "PictureFacts",
    "SoundFacts",
    "film_speed",
    "frame_at",
    "open_film",
    "open_picture",
    "picture_facts",
    "picture_rate",
    "probe",
    "sound_facts",
]

PICTURE_FORMATS = ("PNG", "JPEG", "WEBP", "TIFF")
"""What a still may be (Pillow's names). Others are never opened: Pillow passes some to other programs."""

_TIMESTAMP_ERROR = Fraction(1, 1000)
"""Seconds by which rounding may shift a timestamp: Matroska counts in milliseconds, MP4 much finer."""

_SAME_RATE = Fraction(1, 10_000)
"""Relative difference of rates: 23.976 is 24000/1001 (1e-6 off), 24 is not (1e-3)."""


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """``frames`` of ``width`` × ``height`` pixels at ``rate`` frames per second."""

    frames: int
    width: int
    height: int
    rate: Fraction


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """``channels`` of sound that last ``seconds``."""

    channels: int
    seconds: float


@contextlib.contextmanager
def open_film(path: Path) -> Iterator[InputContainer]:
    """Open the film or sound file at ``path``.

    Raises :class:`CutError` naming the file if it can't be opened or, while it is open, decoded.
    """
    import av

    try:
        container = av.open(str(path), "r")
    except OSError as error:
        raise CutError(f"{path}: can't be read: {error.strerror}") from error
    except av.error.FFmpegError as error:
        raise CutError(f"{path}: not a complete film file ({error.strerror}); make it again") from error
    with container:
        try:
            yield container
        except (av.error.InvalidDataError, av.error.LookupError) as error:
            raise CutError(f"{path}: can't be decoded ({error.strerror}); make it again") from error


@cache
def picture_facts(path: Path) -> PictureFacts:
    """The picture of the film file at ``path``; its frames are counted if the header has no count.

    Raises :class:`CutError` if the file can't be read or has no picture.
    """
    with open_film(path) as container:
        if not container.streams.video:
            raise CutError(f"{path}: there is no picture in it")
        stream = container.streams.video[0]
        rate = stream.average_rate or stream.guessed_rate
        if rate is None:
            raise CutError(f"{path}: it does not say how many frames a second it has")
        frames = stream.frames or sum(packet.size > 0 for packet in container.demux(stream))
        return PictureFacts(frames, stream.codec_context.width, stream.codec_context.height, 1 * rate)


@cache
def sound_facts(path: Path) -> SoundFacts:
    """The sound of the file at ``path``. Raises :class:`CutError` if it can't be read or has none."""
    with open_film(path) as container:
        if not container.streams.audio:
            raise CutError(f"{path}: there is no sound in it")
        stream = container.streams.audio[0]
        if stream.duration and stream.time_base:
            seconds = stream.duration * stream.time_base
        else:
            ends = [
                (packet.pts + (packet.duration or 0)) * packet.time_base
                for packet in container.demux(stream)
                if packet.pts is not None
            ]
            seconds = max(ends, default=Fraction(0))
        return SoundFacts(stream.codec_context.channels, float(seconds))


def picture_rate(path: Path) -> Fraction | None:
    """Frames per second of the file at ``path`` by its timestamps; None for fewer than two frames.

    At this rate the last frame is within a millisecond of its timestamp. Raises :class:`CutError`.
    """
    # No field of the stream is enough. FFmpeg's average rate includes the length of the last frame: for 25 frames
    # whose last one lasts twice as long it says 23.08 instead of 24. Its base and guessed rates are exact if all frames
    # have the same length, but may be the rate of a clock (100 for timestamps in hundredths of a second). So the
    # timestamps decide, and the guess gives the exact fraction that they were rounded from.
    with open_film(path) as container:
        if not container.streams.video:
            return None
        stream = container.streams.video[0]
        guess = 1 * stream.guessed_rate if stream.guessed_rate else None
        stamps = [packet.pts for packet in container.demux(stream) if packet.size and packet.pts is not None]
        span = (max(stamps) - min(stamps)) * stream.time_base if stamps else Fraction(0)
    if not span:
        return None
    steps = len(stamps) - 1
    return guess if guess and abs(steps / guess - span) <= _TIMESTAMP_ERROR else steps / span


def film_speed(path: Path, rate: Fraction) -> Fraction:
    """How many times faster the file's picture plays in a film of ``rate`` than by its own timestamps.

    Frames are counted, not timed. Raises :class:`CutError` if the file can't be read.
    """
    own = _indexed_rate(path) or picture_rate(path)
    speed = rate / own if own else Fraction(1)
    # Don't resample only because a file format rounded the rate.
    return speed if abs(speed - 1) >= _SAME_RATE else Fraction(1)


def _indexed_rate(path: Path) -> Fraction | None:
    """The rate of an MP4 file whose frames all have the same length, by its index: a hundredth of the time.

    None for other files; raises :class:`CutError` for a damaged MP4 file.
    """
    try:
        with path.open("rb") as file:
            if file.read(8)[4:] != b"ftyp":  # 14496-12, 4.3
                return None
    except OSError:
        return None  # opening it will tell
    return next((track.rate for track in read_tracks(path) if track.kind == "picture" and track.packets > 1), None)


def probe(path: Path) -> PictureFacts:
    """Read every packet of the film file at ``path``, so that a truncated file is found; return its picture.

    Raises :class:`CutError` naming the file if it can't be read, has no picture or is incomplete.
    """
    with open_film(path) as container:
        if "mp4" in container.format.name:
            top_boxes(path)  # a demuxer accepts a truncated last box
        return _count(container, path)


def _count(container: InputContainer, path: Path) -> PictureFacts:
    if not container.streams.video:
        raise CutError(f"{path}: there is no picture in it")
    picture = container.streams.video[0]
    streams = [picture, *container.streams.audio[:1]]
    counts = {stream.index: 0 for stream in streams}
    for packet in container.demux(streams):
        if packet.dts is None and packet.size == 0:
            continue  # the end of a stream
        if packet.is_corrupt or packet.size == 0:
            raise CutError(f"{path}: the file was cut short; make it again")
        counts[packet.stream_index] += 1
    for stream in streams:
        if stream.frames and stream.frames != counts[stream.index]:
            raise CutError(f"{path}: it has {counts[stream.index]} of {stream.frames} packets; make it again")
    frames, rate = counts[picture.index], picture.average_rate
    if not frames or not rate:
        raise CutError(f"{path}: there is no picture in it")
    return PictureFacts(frames, picture.codec_context.width, picture.codec_context.height, 1 * rate)


def frame_at(path: Path, index: int | None) -> Image.Image:
    """Frame ``index`` (from 0; None is the last) of the film at ``path``; decoded from its start, to be exact.

    Raises :class:`RenderError` naming the file if it can't be read or has no such frame.
    """
    import av
    from PIL import Image

    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise RenderError(f"{path}: has no picture to start from")
            found: av.VideoFrame | None = None
            count = 0
            for frame in container.decode(container.streams.video[0]):
                found, count = frame, count + 1
                if index is not None and count > index:
                    break
            if found is None or (index is not None and count <= index):
                raise RenderError(f"{path}: has {count} frames, there is no frame {index} to start from")
            return Image.fromarray(found.to_ndarray(format="rgb24"))
    except FileNotFoundError as error:
        raise RenderError(f"{path}: the film is missing") from error
    except av.FFmpegError as error:
        raise RenderError(f"{path}: can't be read as a film ({error})") from error


def open_picture(path: Path) -> ImageFile.ImageFile:
    """Open the picture at ``path``, of one of :data:`PICTURE_FORMATS`. Raises Pillow's errors."""
    # Registers the formats. Pillow would import all its plugins to find one that is missing.
    from PIL import Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin  # noqa: F401

    return Image.open(path, formats=PICTURE_FORMATS)
