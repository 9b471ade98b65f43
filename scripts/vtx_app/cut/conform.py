"""Conform a take to a clip: the exact size, frame count, rate and sound of its delivery.

If the picture needs no change, its packets are copied without loss. If it must be cropped, letterboxed or slated, it is
encoded once more in the codec settings of every film.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vtx_app.cut.delivery import Delivery
from vtx_app.errors import CutError
from vtx_app.media.codec import BT709, FULL_LEVELS, add_copied_picture, retime, samples_for, write_mp4
from vtx_app.media.reader import open_film, picture_rate
from vtx_app.media.sound import SoundTrack, fit, read_sound
from vtx_app.media.writer import write_film

if TYPE_CHECKING:
    from vtx_app.cut.slate import Slate

__all__ = ["conform"]

Plane = NDArray[np.uint8]

_BLACK = (16, 128, 128)  # Y, U, V at video levels (ITU-R BT.709, 4.6)
_MATRIX_UNSPECIFIED = 2  # ITU-T H.273
_SAME_RATE = Fraction(1, 10_000)  # relative difference of rates: 23.976 is 24000/1001 (1e-6 off), 24 is not (1e-3)


def conform(take: Path, out: Path, delivery: Delivery, *, burner: Slate | None = None) -> bool:
    """Write the clip ``out`` from ``take`` as ``delivery`` asks; return whether its picture packets were copied.

    Frames are counted, not timed: a take of 24 frames per second plays at 24000/1001 in a film of that rate. The clip
    begins with the take's frame ``delivery.first``. Sound follows picture: what is heard with a frame of the take is
    heard with it in the clip, so it is faster or slower, and higher or lower, by the ratio of the rates; at equal rates
    it is unchanged. It becomes stereo at 48 kHz, cut or padded with silence to exactly
    ``samples_for(delivery.frames, delivery.rate)`` samples.

    Raises :class:`CutError` if the take is too short, too small or can't be decoded, and :class:`OSError` if the clip
    can't be written; ``out`` is then removed.
    """
    _check(delivery)
    heard = read_sound(take, speed=_speed(take, delivery))
    start = samples_for(delivery.first, delivery.rate)
    sound = fit(None if heard is None else heard[start:], samples_for(delivery.frames, delivery.rate))
    with open_film(take) as container:
        packets = None if burner else _packets_to_copy(container, take, delivery)
        if packets is not None:
            _copy(packets, container.streams.video[0], sound, out, delivery)
            return True
    with open_film(take) as container:
        _encode(container, take, sound, out, delivery, burner)
    return False


def _check(delivery: Delivery) -> None:
    film, picture = (delivery.width, delivery.height), (delivery.picture_width, delivery.picture_height)
    if any(size < 2 or size % 2 for size in (*film, *picture)):
        raise CutError(f"{_size(*film)} with a picture of {_size(*picture)}: sizes must be even numbers of pixels")
    if picture[0] > film[0] or picture[1] > film[1]:
        raise CutError(f"a picture of {_size(*picture)} does not fit into a film of {_size(*film)}")
    if delivery.frames < 1:
        raise CutError(f"a clip of {delivery.frames} frames: it must have at least one")


def _speed(take: Path, delivery: Delivery) -> Fraction:
    """How many times as fast as in the take its frames play in the clip."""
    rate = picture_rate(take)
    speed = delivery.rate / rate if rate else Fraction(1)
    # Don't resample only because a file format rounded the rate.
    return speed if abs(speed - 1) >= _SAME_RATE else Fraction(1)


def _size(width: int, height: int) -> str:
    return f"{width}×{height}"


def _too_short(take: Path, frames: int, delivery: Delivery) -> CutError:
    return CutError(f"{take}: the take has {frames} frames, the clip needs {delivery.last + 1}; render it again")


def _video(container: InputContainer, take: Path, delivery: Delivery) -> VideoStream:
    """The take's picture stream; raises :class:`CutError` if it does not cover the clip's picture."""
    if not container.streams.video:
        raise CutError(f"{take}: there is no picture in it; render it again")
    stream = container.streams.video[0]
    if stream.width < delivery.picture_width or stream.height < delivery.picture_height:
        raise CutError(
            f"{take}: the take is {_size(stream.width, stream.height)}, "
            f"smaller than the clip's picture of {_size(delivery.picture_width, delivery.picture_height)}"
        )
    return stream


def _packets_to_copy(container: InputContainer, take: Path, delivery: Delivery) -> list[Packet[VideoStream]] | None:
    """The clip's packets in decoding order; None if the picture must be encoded again."""
    stream = _video(container, take, delivery)
    context = stream.codec_context
    film = (delivery.width, delivery.height)
    if film != (stream.width, stream.height) or film != (delivery.picture_width, delivery.picture_height):
        return None
    plain = context.pix_fmt == "yuv420p" and context.color_range != FULL_LEVELS
    if context.name != "h264" or not plain or context.colorspace not in (BT709, _MATRIX_UNSPECIFIED):
        return None
    if (context.extradata or b"")[:1] != b"\x01":  # not in MP4's length-prefixed form (14496-15, 5.3.3)
        return None
    packets = [packet for packet in container.demux(stream) if packet.size]
    if len(packets) <= delivery.last:
        raise _too_short(take, len(packets), delivery)
    if any(packet.is_corrupt for packet in packets):
        raise CutError(f"{take}: the take was cut short; render it again")
    kept = packets[delivery.first : delivery.last + 1]
    if any(packet.pts is None or packet.dts is None for packet in packets) or not kept[0].is_keyframe:
        return None
    in_order = all(packet.pts == packet.dts for packet in packets)
    if len(packets) > len(kept) and not in_order:
        return None  # with B-frames, a kept frame may depend on a dropped one
    return kept


def _copy(
    packets: list[Packet[VideoStream]],
    template: VideoStream,
    sound: NDArray[np.int16],
    out: Path,
    delivery: Delivery,
) -> None:
    shown = np.argsort(np.argsort([packet.pts or 0 for packet in packets]))
    delay = int(max(np.arange(len(packets)) - shown))
    with write_mp4(out, delivery.rate) as film:
        stream = add_copied_picture(film, template, delivery.rate)
        track = SoundTrack(film)
        track.write(sound)
        for decoded, (packet, frame) in enumerate(zip(packets, shown, strict=True)):
            retime(packet, stream, delivery.rate, shown=int(frame), decoded=decoded - delay)
            film.mux(packet)
        track.finish()


def _encode(
    container: InputContainer,
    take: Path,
    sound: NDArray[np.int16],
    out: Path,
    delivery: Delivery,
    burner: Slate | None,
) -> None:
    stream = _video(container, take, delivery)
    with write_film(out, delivery.width, delivery.height, delivery.rate) as film:
        film.sound(sound)
        decoded = 0
        for index, frame in enumerate(islice(container.decode(stream), delivery.last + 1)):
            decoded = index + 1
            if index < delivery.first:
                continue
            if frame.is_corrupt:
                raise CutError(f"{take}: frame {index} is damaged; render it again")
            film.picture(_delivered(frame, delivery, burner, film.frames))
        if decoded <= delivery.last:
            raise _too_short(take, decoded, delivery)


def _delivered(frame: av.VideoFrame, delivery: Delivery, burner: Slate | None, index: int) -> av.VideoFrame:
    """Frame ``index`` of the clip: the middle of ``frame``, on black if it is smaller than the film."""
    source = _in_film_colours(frame)
    film = av.VideoFrame(delivery.width, delivery.height, "yuv420p")
    # Offsets are even, so that chroma stays aligned with luma.
    crop_x, crop_y = _middle(source.width, delivery.picture_width), _middle(source.height, delivery.picture_height)
    left, top = _middle(delivery.width, delivery.picture_width), _middle(delivery.height, delivery.picture_height)
    planes = list(_planes(film))
    for plane, (target, origin, black) in enumerate(zip(planes, _planes(source), _BLACK, strict=True)):
        step = 2 if plane else 1
        width, height = delivery.picture_width // step, delivery.picture_height // step
        x, y = crop_x // step, crop_y // step
        target[:] = black
        picture = target[top // step : top // step + height, left // step : left // step + width]
        picture[:] = origin[y : y + height, x : x + width]
    if burner is not None:
        burner.burn(planes[0], planes[1], planes[2], index)
    return film


def _middle(outer: int, inner: int) -> int:
    return (outer - inner) // 2 // 2 * 2


def _in_film_colours(frame: av.VideoFrame) -> av.VideoFrame:
    """``frame`` as 4:2:0 BT.709 at video levels; an unspecified matrix is taken to be BT.709."""
    matrix = frame.colorspace if frame.colorspace != _MATRIX_UNSPECIFIED else BT709
    full = frame.color_range == FULL_LEVELS
    if frame.format.name == "yuv420p" and matrix == BT709 and not full:
        return frame
    return frame.reformat(
        format="yuv420p",
        src_colorspace=matrix,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
        dst_color_range=ColorRange.MPEG,
    )


def _planes(frame: av.VideoFrame) -> Iterator[Plane]:
    """Y, U and V of a ``yuv420p`` frame as arrays that share its memory."""
    for plane in frame.planes:
        yield np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
