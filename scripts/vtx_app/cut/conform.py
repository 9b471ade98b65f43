"""Conform a take to a clip: the exact size, frame count, rate and sound of its delivery.

If the take's picture is in the film's codec setting and needs no change, its packets are copied without loss. Else it
is encoded once more in that setting.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vtx_app.cut.colour_match import Correction
from vtx_app.cut.delivered import framed
from vtx_app.cut.delivery import Delivery
from vtx_app.errors import CutError
from vtx_app.media.aac import AacTrack
from vtx_app.media.codec import Effort, add_copied_picture, keyframe_distance, retime, samples_for, write_mp4
from vtx_app.media.frames import read_frames
from vtx_app.media.h264 import film_parameter_sets, parameter_sets
from vtx_app.media.reader import film_speed, open_film, probe
from vtx_app.media.sound import fit, read_sound
from vtx_app.media.writer import write_clip

if TYPE_CHECKING:
    from vtx_app.cut.slate import Slate

__all__ = ["conform", "require_picture"]


def conform(
    take: Path,
    out: Path,
    delivery: Delivery,
    *,
    burner: Slate | None = None,
    correction: Correction | None = None,
) -> bool:
    """Write the clip ``out`` from ``take`` as ``delivery`` asks; return whether its picture packets were copied.

    Frames are counted, not timed: a take of 24 frames per second plays at 24000/1001 in a film of that rate. The clip
    begins with the take's frame ``delivery.first``, and its frames ``delivery.keyframes`` are keyframes. The slate
    counts frames of the shot, so a trim does not move its words. ``correction``: of its colours (``delivery.match``).

    Sound stays in sync with the picture, so the ratio of the rates changes its speed and pitch. It becomes AAC, stereo
    at 48 kHz, cut or padded with silence to exactly ``samples_for(delivery.frames, delivery.rate)`` samples. It is for
    watching the clip: a film's sound is mixed from takes.

    Raises :class:`CutError` if the take is too short, too small or can't be decoded, and :class:`OSError` if the clip
    can't be written; ``out`` is then removed.
    """
    _check(delivery)
    heard = read_sound(take, speed=film_speed(take, delivery.rate))
    start = samples_for(delivery.first, delivery.rate)
    sound = fit(None if heard is None else heard[start:], samples_for(delivery.frames, delivery.rate))
    with open_film(take) as container:
        stream = require_picture(container, take, delivery)
        packets = None if burner or correction else _packets_to_copy(container, stream, take, delivery)
        if packets is not None:
            _copy(packets, stream, sound, out, delivery)
            return True
    _encode(take, sound, out, delivery, burner, correction)
    return False


def _check(delivery: Delivery) -> None:
    film, picture = (delivery.width, delivery.height), (delivery.picture_width, delivery.picture_height)
    if any(size < 2 or size % 2 for size in (*film, *picture)):
        raise CutError(f"{_size(*film)} with a picture of {_size(*picture)}: sizes must be even numbers of pixels")
    if picture[0] > film[0] or picture[1] > film[1]:
        raise CutError(f"a picture of {_size(*picture)} does not fit into a film of {_size(*film)}")
    if delivery.frames < 1:
        raise CutError(f"a clip of {delivery.frames} frames: it must have at least one")
    if delivery.first < 0:
        raise CutError(f"a clip that begins {-delivery.first} frames before its take")


def _size(width: int, height: int) -> str:
    return f"{width}×{height}"


def _too_short(take: Path, frames: int, delivery: Delivery) -> CutError:
    return CutError(f"{take}: the take has {frames} frames, the clip needs {delivery.last + 1}; render it again")


def require_picture(container: InputContainer, take: Path, delivery: Delivery) -> VideoStream:
    """The take's picture stream. Raises :class:`CutError` if it does not cover the clip's picture."""
    if not container.streams.video:
        raise CutError(f"{take}: there is no picture in it; render it again")
    stream = container.streams.video[0]
    if stream.width < delivery.picture_width or stream.height < delivery.picture_height:
        raise CutError(
            f"{take}: the take is {_size(stream.width, stream.height)}, "
            f"smaller than the clip's picture of {_size(delivery.picture_width, delivery.picture_height)}"
        )
    return stream


def _packets_to_copy(
    container: InputContainer, stream: VideoStream, take: Path, delivery: Delivery
) -> list[Packet[VideoStream]] | None:
    """The clip's packets, which are frames in order; None if the picture must be encoded again."""
    film = (delivery.width, delivery.height)
    if film != (stream.width, stream.height) or film != (delivery.picture_width, delivery.picture_height):
        return None
    try:
        sets = parameter_sets(stream.codec_context.extradata or b"")
    except ValueError:  # not H.264 as MP4 stores it
        return None
    if sets != film_parameter_sets(*film, delivery.rate):
        return None
    packets = [packet for packet in container.demux(stream) if packet.size]
    if len(packets) <= delivery.last:
        raise _too_short(take, len(packets), delivery)
    if any(packet.is_corrupt for packet in packets):
        raise CutError(f"{take}: the take was cut short; render it again")
    kept = packets[delivery.first : delivery.last + 1]
    keys = [number for number, packet in enumerate(kept) if packet.is_keyframe]
    longest = max(end - start for start, end in pairwise([*keys, len(kept)])) if keys else 0
    wanted = {0, *delivery.keyframes} <= set(keys) and longest <= keyframe_distance(delivery.rate)
    return kept if wanted and all(packet.pts == packet.dts for packet in packets) else None


def _copy(
    packets: list[Packet[VideoStream]],
    template: VideoStream,
    sound: NDArray[np.int16],
    out: Path,
    delivery: Delivery,
) -> None:
    with write_mp4(out, delivery.rate) as film:
        stream = add_copied_picture(film, template, delivery.rate)
        track = AacTrack(film)
        track.write(sound)
        for frame, packet in enumerate(packets):
            retime(packet, stream, delivery.rate, frame)
            film.mux(packet)
        track.finish()


def _encode(
    take: Path,
    sound: NDArray[np.int16],
    out: Path,
    delivery: Delivery,
    burner: Slate | None,
    correction: Correction | None,
) -> None:
    keys = frozenset(delivery.keyframes)
    effort: Effort = "fast" if burner else "full"  # only storyboards have a slate
    with write_clip(out, delivery.width, delivery.height, delivery.rate, effort=effort) as film:
        film.sound(sound)
        for number, frame in enumerate(read_frames(take, delivery.first, delivery.frames)):
            shown = framed(frame, delivery, burner, delivery.start + number, correction)
            film.picture(shown, key=number in keys)
        if film.frames < delivery.frames:
            raise _too_short(take, probe(take).frames, delivery)
