"""The pieces of a join: checked, and placed one after another, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vtx_app.errors import CutError
from vtx_app.formats.rate import rate_text
from vtx_app.media.mp4 import Track, read_tracks

__all__ = ["Part", "Piece", "read_parts"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a film's picture: ``frames`` frames of the file at ``path``, from the keyframe ``first`` on."""

    path: Path
    frames: int
    first: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A piece and its place: ``start`` is the film's frame at which it begins. A frame lasts ``ticks`` of its clock."""

    piece: Piece
    start: int
    ticks: int


def read_parts(pieces: Sequence[Piece], rate: Fraction) -> list[Part]:
    """Read the indexes of all pieces' files, and place the pieces one after another.

    Raises :class:`CutError` naming the first file that is damaged or too short, has no keyframe where its piece begins,
    or is of another codec setting, size or ``rate``.
    """
    if not pieces:
        raise CutError("there is nothing to join: no clips")
    parts: list[Part] = []
    tracks = {path: _picture(path, rate) for path in _each_once(piece.path for piece in pieces)}
    model, start = tracks[pieces[0].path], 0
    for piece in pieces:
        track = tracks[piece.path]
        if (track.width, track.height) != (model.width, model.height):
            size, wanted = (f"{each.width}×{each.height}" for each in (track, model))
            raise CutError(f"{piece.path}: {size} pixels, but {pieces[0].path} has {wanted}")
        if track.config != model.config:
            raise CutError(f"{piece.path}: its encoder's settings are not those of {pieces[0].path}; conform it again")
        if piece.frames < 1 or piece.first + piece.frames > track.packets:
            wanted = f"{piece.first} to {piece.first + piece.frames - 1}"
            raise CutError(f"{piece.path}: it has {track.packets} frames, not {wanted}; conform it again")
        if not track.is_keyframe(piece.first):
            raise CutError(f"{piece.path}: its frame {piece.first} is no keyframe; conform it again")
        parts.append(Part(piece, start, track.packet_ticks or 1))
        start += piece.frames
    return parts


def _each_once(paths: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys(paths))


def _picture(path: Path, rate: Fraction) -> Track:
    pictures = [track for track in read_tracks(path) if track.kind == "picture"]
    if len(pictures) != 1:
        raise CutError(f"{path}: not a clip (it has {len(pictures)} picture tracks)")
    picture = pictures[0]
    if picture.rate != rate:
        found = rate_text(picture.rate) if picture.rate else "changing"
        raise CutError(f"{path}: {found} frames per second in a film of {rate_text(rate)}; conform it again")
    if picture.codec != "avc1":
        raise CutError(f"{path}: its picture is '{picture.codec}', a film is joined from 'avc1'; conform it again")
    if picture.first_tick or picture.reordered:
        raise CutError(f"{path}: its frames are not stored in the order in which they are shown; conform it again")
    return picture
