"""A stretch of a film's frames, decoded from the last keyframe before it where that is exact."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from vtx_app.errors import CutError
from vtx_app.media.h264 import is_idr
from vtx_app.media.reader import open_film

__all__ = ["read_frames"]


def read_frames(path: Path, first: int, count: int) -> Iterator[av.VideoFrame]:
    """``count`` frames of the film at ``path`` from its frame ``first`` (from 0) on, or as many as there are.

    Frames are counted in the order in which they are shown. Raises :class:`CutError` naming the file if it can't be
    read or decoded, or has no picture or a damaged frame.
    """
    with open_film(path) as container:
        if not container.streams.video:
            raise CutError(f"{path}: there is no picture in it")
        stream = container.streams.video[0]
        start, frames = _from_keyframe(container, stream, first) if first else (0, container.decode(stream))
        for number, frame in enumerate(islice(frames, first - start + count), start):
            if number < first:
                continue
            if frame.is_corrupt:
                raise CutError(f"{path}: frame {number} is damaged; make it again")
            yield frame


def _from_keyframe(container: InputContainer, stream: VideoStream, first: int) -> tuple[int, Iterator[av.VideoFrame]]:
    """The number of the last keyframe that is not after frame ``first``, and the frames from it on.

    Only decoding from an IDR picture loses and changes no frame. If frame 0 is the only one, or the demuxer seeks
    elsewhere, it is frame 0.
    """
    stamps: list[int] = []
    keys: list[int] = []
    plain = stream.codec_context.name == "h264" and (stream.codec_context.extradata or b"")[:1] == b"\x01"
    for packet in container.demux(stream):
        if packet.size and packet.pts is not None and not packet.is_discard:
            stamps.append(packet.pts)
            if plain and packet.is_keyframe and is_idr(bytes(packet)):
                keys.append(packet.pts)
    places = {stamp: number for number, stamp in enumerate(sorted(stamps))}
    numbers = [places[key] for key in keys if places[key] <= first]
    number = max(numbers, default=0) if len(places) == len(stamps) else 0
    if number:
        stamp = sorted(stamps)[number]
        container.seek(stamp, stream=stream)
        packets = container.demux(stream)
        start = next(packets)
        if start.pts == stamp:
            return number, (frame for packet in chain([start], packets) for frame in packet.decode())
    container.seek(0, stream=stream)
    return 0, container.decode(stream)
