"""A cut that an editor sends back, as its file describes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from vtx_app.handover.model import Join

__all__ = ["MAX_BYTES", "Found", "FoundSound", "Piece", "centred", "joined"]

MAX_BYTES = 256 * 1024 * 1024
"""Of a file that is read: a film of 5,000 shots has 30 MB of XML."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is seen from frame ``start`` of the cut on for ``frames``: take ``take`` of a clip from its frame ``first``.

    Frames of the take count from 0. ``still``: that frame alone. Between the cuts at its ends, as in
    :class:`vtx_app.handover.model.Event`.
    """

    clip_id: str
    take: int
    first: int
    frames: int
    start: int
    still: bool = False

    @property
    def end(self) -> int:
        """The frame of the cut after its last."""
        return self.start + self.frames


@dataclass(frozen=True, slots=True)
class FoundSound:
    """The sound of a take, heard from frame ``start`` of the cut on. Fades in frames; None, as for the level in
    decibels: the file does not say."""

    clip_id: str
    take: int
    first: int
    frames: int
    start: int
    gain_db: float | None = 0.0
    fade_in: int | None = None
    fade_out: int | None = None

    @property
    def end(self) -> int:
        """The frame of the cut after its last."""
        return self.start + self.frames


@dataclass(frozen=True, slots=True)
class Found:
    """A cut of ``frames`` at ``rate``. ``sound`` is None where the file holds picture alone. Where no piece is, it is
    black or a card. ``ignored``: what the file has besides, a line each; ``unread``: clips that it shows in a way that
    is not read."""

    rate: Fraction
    frames: int
    pieces: tuple[Piece, ...]
    joins: tuple[Join, ...] = ()
    sound: tuple[FoundSound, ...] | None = None
    ignored: tuple[str, ...] = ()
    unread: frozenset[str] = frozenset()


def joined(pieces: Sequence[Piece]) -> list[Piece]:
    """``pieces`` in order of time, those that run on into each other made one."""
    found: list[Piece] = []
    for piece in sorted(pieces, key=lambda each: each.start):
        last = found[-1] if found else None
        if last and last.end == piece.start and (last.clip_id, last.take) == (piece.clip_id, piece.take):
            runs_on = not last.still and not piece.still and last.first + last.frames == piece.first
            if runs_on or (last.still and piece.still and last.first == piece.first):
                found[-1] = replace(last, frames=last.frames + piece.frames)
                continue
        found.append(piece)
    return found


def centred(cut: Found) -> Found:
    """The same cut with each dissolve as :mod:`vtx_app.handover.lay_out` lays it: the cut in its middle, the later half
    being longer. What is seen stays the same."""
    pieces = list(cut.pieces)
    joins = []
    for join in cut.joins:
        shift = join.frames // 2 - join.before
        if join.kind == "dissolve" and shift:
            at = join.at + shift
            for number, piece in enumerate(pieces):
                if piece.end == join.at:
                    pieces[number] = replace(piece, frames=piece.frames + shift)
                elif piece.start == join.at:
                    first = piece.first if piece.still else piece.first + shift
                    pieces[number] = replace(piece, start=at, frames=piece.frames - shift, first=first)
            join = replace(join, at=at, before=join.frames // 2, after=join.frames - join.frames // 2)
        joins.append(join)
    return replace(cut, pieces=tuple(pieces), joins=tuple(joins))
