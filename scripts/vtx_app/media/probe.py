"""What a file really holds: every packet is read, so a file that was cut short is found out."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer

from vtx_app.errors import CutError
from vtx_app.media.boxes import top_boxes
from vtx_app.media.reading import film_open

__all__ = ["Probe", "probe"]


@dataclass(frozen=True, slots=True)
class Probe:
    """``frames`` of ``width`` × ``height`` pixels at ``rate`` per second, and ``samples`` per channel at
    ``sample_rate`` hertz (as their time stamps say, so without the priming of a codec).

    ``audio_codec`` is None and the numbers of the sound are 0 where there is none. ``extradata`` is the
    picture's decoder configuration: clips with the same one are joined as they are.
    """

    frames: int
    width: int
    height: int
    rate: Fraction
    video_codec: str
    extradata: bytes
    samples: int
    audio_codec: str | None
    sample_rate: int
    channels: int


def probe(path: Path) -> Probe:
    """Read every packet of the film file at ``path``.

    Raises :class:`CutError` with the path where it can't be read, has no picture, or is not whole.
    """
    with film_open(path) as container:
        if "mp4" in container.format.name:
            top_boxes(path)  # a demuxer forgives a last box that is cut short
        return _count(container, path)


def _count(container: InputContainer, path: Path) -> Probe:
    if not container.streams.video:
        raise CutError(f"{path}: there is no picture in it")
    picture = container.streams.video[0]
    sound = container.streams.audio[0] if container.streams.audio else None
    frames, packets, end = 0, 0, Fraction(0)
    for packet in container.demux([stream for stream in (picture, sound) if stream is not None]):
        if packet.dts is None and packet.size == 0:
            continue  # the end of a stream
        if packet.is_corrupt or packet.size == 0:
            raise CutError(f"{path}: the file was cut short; make it again")
        if packet.stream_index == picture.index:
            frames += 1
            continue
        packets += 1
        if packet.pts is not None:
            end = max(end, (packet.pts + (packet.duration or 0)) * packet.time_base)
    for stream, found in ((picture, frames), (sound, packets)):
        if stream is not None and stream.frames and stream.frames != found:
            raise CutError(f"{path}: {found} packets of {stream.frames} are there; make it again")
    rate = 1 * picture.average_rate if picture.average_rate else None
    if not frames or rate is None:
        raise CutError(f"{path}: there is no picture in it")
    context = picture.codec_context
    return Probe(
        frames=frames,
        width=context.width,
        height=context.height,
        rate=rate,
        video_codec=context.name,
        extradata=context.extradata or b"",
        samples=round(end * sound.rate) if sound is not None else 0,
        audio_codec=sound.codec_context.name if sound is not None else None,
        sample_rate=sound.rate if sound is not None else 0,
        channels=sound.codec_context.channels if sound is not None else 0,
    )
