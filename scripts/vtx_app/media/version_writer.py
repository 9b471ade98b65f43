"""Write a version of the film for somebody: ProRes or H.264 in MOV or MP4, FFV1 in Matroska, sound alone in WAV.

Frames and samples go in as they are decoded, so memory does not grow with the film's length.
"""

from __future__ import annotations

import contextlib
import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final, cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vtx_app.errors import CutError
from vtx_app.formats.deliveries import Deliverable, PictureFormat, SoundFormat
from vtx_app.formats.language import quicktime_language
from vtx_app.media.chapters import write_chapters
from vtx_app.media.codec import BT709, SAMPLE_RATE, VIDEO_LEVELS, movie_timescale, open_output
from vtx_app.media.labels import Labels
from vtx_app.media.side_tracks import share_language
from vtx_app.media.text_track import TextTrack

__all__ = ["Attachment", "VersionWriter", "write_version"]

Block = NDArray[np.float32]
"""Stereo sound at 48 kHz: float32 of shape (n, 2), full scale is 1."""

_KEYFRAME_SECONDS: Final = 2
_X264_THREADS: Final = 4
"""A fixed number: x264's output depends on it."""

_ARCHIVE: Final = {"level": "3", "coder": "1", "context": "1", "slicecrc": "1", "g": "1"}
"""FFV1 version 3 with a checksum in each slice, every frame on its own: what the Library of Congress and the makers of
FFV1 advise for keeping films (RFC 9043; https://trac.ffmpeg.org/wiki/Encode/FFV1)."""

_MANY_SLICES_FROM: Final = 480
"""A picture of at least so many lines has 16 slices, a smaller one 4. They are encoded in parallel, and a damaged one
harms no other."""

_SAMPLES: Final = {16: "s16", 24: "s32", 32: "flt"}
_DEFAULT_CRF: Final = 18
_DEFAULT_BIT_RATE: Final = 256


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a Matroska file."""

    name: str
    mime_type: str
    content: bytes


@contextlib.contextmanager
def write_version(
    path: Path,
    deliverable: Deliverable,
    width: int,
    height: int,
    rate: Fraction,
    *,
    labels: Labels,
    attachments: Sequence[Attachment] = (),
) -> Iterator[VersionWriter]:
    """Open ``path`` for a version of ``width`` × ``height`` pixels at ``rate``; remove it if anything raises.

    Raises :class:`OSError` if it can't be written, and FFmpeg's errors.
    """
    options = {"fflags": "+bitexact"}
    if deliverable.container in ("mp4", "mov"):
        options["movie_timescale"] = str(movie_timescale(rate))
    if deliverable.container == "mp4":
        options["movflags"] = "+faststart"
    if deliverable.container == "wav":
        options["rf64"] = "auto"  # RF64 beyond 4 GiB (EBU Tech 3306)
    with open_output(path, deliverable.container, options) as container:
        container.metadata.update(labels.metadata)
        if labels.chapters:
            write_chapters(container, labels.chapters, rate)
        for each in attachments:
            container.add_attachment(each.name, each.mime_type, each.content)
        writer = VersionWriter(container, deliverable, width, height, rate, labels)
        yield writer
        writer.finish()
        if deliverable.container in ("mp4", "mov"):
            container.close()  # the file must be complete
            share_language(path)


class VersionWriter:
    """A version that is being written. Picture and sound may come in any order; in step they need least memory."""

    def __init__(
        self,
        container: OutputContainer,
        deliverable: Deliverable,
        width: int,
        height: int,
        rate: Fraction,
        labels: Labels,
    ) -> None:
        self._container, self._rate = container, rate
        self._size = (width, height)
        self._pixels = deliverable.picture.pixels if deliverable.picture else ""
        self._picture = None
        if deliverable.picture:
            self._picture = _add_picture(container, deliverable.picture, width, height, rate)
            if labels.time_code:
                self._picture.metadata["timecode"] = labels.time_code
        self._sound = _add_sound(container, deliverable.sound)
        language = labels.language
        if deliverable.container == "mov":
            language = quicktime_language(language)
        for stream in filter(None, (self._picture, self._sound)):
            if language:
                stream.metadata["language"] = language
        self._text = TextTrack(container, rate, language=language) if labels.subtitles else None
        self._texts = deque(labels.subtitles)
        self._depth = deliverable.sound.depth
        self._dither = np.random.default_rng(0)
        self.frames = 0
        self.samples = 0

    def picture(self, frame: av.VideoFrame) -> None:
        """Write a frame: BT.709 at video levels, in any 4:2:0 or 4:2:2 format. Raises :class:`ValueError` for another
        size."""
        if self._picture is None or (frame.width, frame.height) != self._size:
            raise ValueError(f"{frame.width}×{frame.height}: not a frame of this version")
        if frame.format.name != self._pixels:
            frame = frame.reformat(
                format=self._pixels,
                src_colorspace=Colorspace.ITU709,
                dst_colorspace=Colorspace.ITU709,
                src_color_range=ColorRange.MPEG,
                dst_color_range=ColorRange.MPEG,
                interpolation=Interpolation.BICUBIC,  # of the colours, which have fewer lines
            )
        frame.pts, frame.time_base, frame.duration = self.frames, 1 / self._rate, 1
        frame.pict_type = 0  # a decoder's note of the frame type would be a request to the encoder
        self._mux_picture(self._picture, frame)
        while self._text and self._texts and self._texts[0][0] <= self.frames:
            self._text.write(*self._texts.popleft())
        self.frames += 1

    def sound(self, block: Block) -> None:
        """Append samples: float32 of shape (n, 2). 24 bits hold a 24-bit mix exactly; 16 bits are dithered.

        Raises :class:`CutError` if they are beyond full scale and the codec can't hold that.
        """
        if not len(block):
            return
        frame = self._sound_frame(block)
        frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), self.samples
        self.samples += len(block)
        self._container.mux(self._sound.encode(frame))

    def finish(self) -> None:
        """Write what the encoders still hold. Nothing may be written after it."""
        self._container.mux(self._sound.encode(None))
        if self._picture is not None:
            self._mux_picture(self._picture, None)

    def _mux_picture(self, stream: VideoStream, frame: av.VideoFrame | None) -> None:
        for packet in stream.encode(frame):
            packet.duration = 1  # the last frame would have none
            self._container.mux(packet)

    def _sound_frame(self, block: Block) -> av.AudioFrame:
        name = self._sound.codec_context.format.name
        if self._depth == 32:
            samples = np.ascontiguousarray(block.T if name == "fltp" else block.reshape(1, -1), np.float32)
            return av.AudioFrame.from_ndarray(samples, format=name, layout="stereo")
        top = 1 << (self._depth - 1)
        if (loudest := float(np.abs(block).max())) > 1:
            over = f"{20 * math.log10(loudest):.1f} dB above full scale"
            raise CutError(f"the sound reaches {over}, which {self._depth} bits can't hold: declare bits: 32")
        values = block.astype(np.float64) * top
        if self._depth < 24:
            values += self._dither.random(block.shape) - self._dither.random(block.shape)
        kind, shift = (np.int16, 0) if self._depth == 16 else (np.int32, 8)  # 24 bits are the upper ones of 32
        whole = np.clip(np.rint(values), -top, top - 1).astype(kind)
        return av.AudioFrame.from_ndarray(np.left_shift(whole, shift).reshape(1, -1), format=name, layout="stereo")


def _add_picture(
    container: OutputContainer, picture: PictureFormat, width: int, height: int, rate: Fraction
) -> VideoStream:
    codec, options = _encoder(picture, height)
    stream = cast("VideoStream", container.add_stream(codec, rate=rate, options=options))
    stream.width, stream.height, stream.pix_fmt = width, height, picture.pixels
    context = stream.codec_context
    context.time_base = stream.time_base = 1 / rate
    context.sample_aspect_ratio = Fraction(1)
    context.color_primaries = context.color_trc = context.colorspace = BT709
    context.color_range = VIDEO_LEVELS
    if picture.codec == "prores":
        context.thread_type = "FRAME"  # its only way to use several processors
    if picture.codec == "h264":
        context.gop_size = max(1, round(rate * _KEYFRAME_SECONDS))
        context.thread_count = _X264_THREADS
    return stream


def _encoder(picture: PictureFormat, height: int) -> tuple[str, dict[str, str]]:
    """The encoder by FFmpeg's name, and its options."""
    if picture.codec == "prores":
        return "prores_ks", {"profile": picture.profile or "hq", "vendor": "apl0", "field_order": "progressive"}
    if picture.codec == "ffv1":
        return "ffv1", _ARCHIVE | {"slices": "16" if height >= _MANY_SLICES_FROM else "4"}
    return "libx264", {
        "preset": "medium",
        "crf": f"{_DEFAULT_CRF if picture.crf is None else picture.crf:g}",
        "profile": picture.profile or "high",
        "x264-params": "open-gop=0",
    }


def _add_sound(container: OutputContainer, sound: SoundFormat) -> AudioStream:
    pcm = {16: "pcm_s16le", 24: "pcm_s24le", 32: "pcm_f32le"}
    codec = pcm[sound.depth] if sound.codec == "pcm" else sound.codec
    stream = cast("AudioStream", container.add_stream(codec, rate=SAMPLE_RATE))
    context = stream.codec_context
    context.layout = "stereo"
    context.format = "fltp" if sound.codec == "aac" else _SAMPLES[sound.depth]
    context.time_base = stream.time_base = Fraction(1, SAMPLE_RATE)
    if sound.codec == "aac":
        context.bit_rate = 1000 * (sound.bit_rate or _DEFAULT_BIT_RATE)
    return stream
