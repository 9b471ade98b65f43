"""The parts of a join: checked, and placed one after another, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vtx_app.errors import CutError
from vtx_app.formats.rate import rate_text
from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.media.flac import stream_info
from vtx_app.media.h264 import parameter_sets
from vtx_app.media.mp4 import Track, read_tracks

__all__ = ["Part", "read_parts"]


@dataclass(frozen=True, slots=True)
class Part:
    """A clip or act to join, and its place.

    ``first_frame`` counts from the film's start. ``sets`` are the H.264 parameter sets in its index; ``in_band`` is
    whether its keyframes carry their own. ``delay`` is how many frames before display it is decoded: 0 without
    B-frames. A frame lasts ``ticks`` of its track's clock.
    """

    path: Path
    first_frame: int
    frames: int
    samples: int
    width: int
    height: int
    ticks: int
    delay: int
    sets: bytes
    in_band: bool


def read_parts(paths: Sequence[Path], rate: Fraction) -> list[Part]:
    """Read the indexes of all parts, in order, and place them one after another.

    Raises :class:`CutError` naming the first part that is damaged, differs in codec, ``rate`` or size, or whose sound
    is not as long as its picture.
    """
    if not paths:
        raise CutError("there is nothing to join: no clips")
    parts: list[Part] = []
    place = 0
    for path in paths:
        part = _part(path, place, rate)
        if parts and (part.width, part.height) != (parts[0].width, parts[0].height):
            raise CutError(
                f"{path}: {part.width}×{part.height} pixels, but {paths[0]} has {parts[0].width}×{parts[0].height}"
            )
        parts.append(part)
        place += part.frames
    return parts


def _part(path: Path, place: int, rate: Fraction) -> Part:
    tracks = read_tracks(path)
    pictures = [track for track in tracks if track.kind == "picture"]
    sounds = [track for track in tracks if track.kind == "sound"]
    if len(pictures) != 1 or len(sounds) != 1:
        raise CutError(f"{path}: not a clip (it has {len(pictures)} picture and {len(sounds)} sound tracks)")
    picture, sound = pictures[0], sounds[0]
    if picture.rate != rate:
        found = rate_text(picture.rate) if picture.rate else "changing"
        raise CutError(f"{path}: {found} frames per second in a film of {rate_text(rate)}; conform it again")
    sets = _parameter_sets(path, picture)
    _check_sound(path, sound, picture.packets, rate)
    ticks = picture.packet_ticks or 1
    if picture.first_tick % ticks:
        raise CutError(f"{path}: its first frame starts between two frames; conform it again")
    return Part(
        path=path,
        first_frame=place,
        frames=picture.packets,
        samples=sound.ticks,
        width=picture.width,
        height=picture.height,
        ticks=ticks,
        delay=picture.first_tick // ticks,
        sets=sets,
        in_band=picture.codec == "avc3",
    )


def _parameter_sets(path: Path, picture: Track) -> bytes:
    if picture.codec not in ("avc1", "avc3"):
        raise CutError(f"{path}: its picture is '{picture.codec}', a film is joined from H.264; conform it again")
    try:
        return parameter_sets(picture.config)
    except ValueError as error:
        raise CutError(f"{path}: {error}; conform it again") from error


def _check_sound(path: Path, sound: Track, frames: int, rate: Fraction) -> None:
    if sound.codec != "fLaC":
        raise CutError(f"{path}: its sound is '{sound.codec}', a film is joined from FLAC; conform it again")
    try:
        stream_info(sound.config)
    except ValueError as error:
        raise CutError(f"{path}: its sound is {error}; conform it again") from error
    wanted = samples_for(frames, rate)
    if sound.timescale != SAMPLE_RATE or sound.ticks != wanted or sound.first_tick:
        raise CutError(f"{path}: {sound.ticks} samples of sound to {frames} frames, not {wanted}; conform it again")
