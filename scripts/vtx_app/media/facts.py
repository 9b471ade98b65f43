"""What a film or sound file says of itself, without reading it through: for planning."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from vtx_app.errors import CutError
from vtx_app.media.reading import film_open

__all__ = ["PictureFacts", "SoundFacts", "picture_facts", "sound_facts"]


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


@cache
def picture_facts(path: Path) -> PictureFacts:
    """The picture of the film file at ``path``; frames are counted where the file does not say how many.

    Raises :class:`CutError` where it can't be read, or has no picture.
    """
    with film_open(path) as container:
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
    """The sound of the file at ``path``. Raises :class:`CutError` where it can't be read, or has none."""
    with film_open(path) as container:
        if not container.streams.audio:
            raise CutError(f"{path}: there is no sound in it")
        stream = container.streams.audio[0]
        if stream.duration and stream.time_base:
            seconds = float(stream.duration * stream.time_base)
        else:
            ends = [
                (packet.pts + (packet.duration or 0)) * packet.time_base
                for packet in container.demux(stream)
                if packet.pts is not None
            ]
            seconds = float(max(ends, default=Fraction(0)))
        return SoundFacts(stream.codec_context.channels, seconds)
