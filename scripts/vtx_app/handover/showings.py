"""The clips of a cut, each with its still frames and repeats, as the edit has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vtx_app.handover.found import Piece, joined

__all__ = ["Showing", "showings"]


@dataclass(slots=True)
class Showing:
    """All of a clip in one place of the cut: its moving ``piece``, still frames before and after, ``repeat`` times."""

    piece: Piece
    hold_first: int = 0
    hold_last: int = 0
    repeat: int = 1
    start: int = 0
    end: int = 0

    @property
    def frames(self) -> int:
        """Of one showing."""
        return self.hold_first + self.piece.frames + self.hold_last


def showings(pieces: Sequence[Piece]) -> list[Showing]:
    """The clips in order of time, each with its still frames and repeats."""
    found: list[Showing] = []
    stills: list[Piece] = []
    for piece in joined(pieces):
        last = found[-1] if found else None
        after = last is not None and last.end == piece.start and last.piece.clip_id == piece.clip_id
        if piece.still:
            ends = after and last is not None and piece.first == last.piece.first + last.piece.frames - 1
            if ends and last is not None and not last.hold_last:
                last.hold_last, last.end = piece.frames, piece.end
            else:
                stills = [piece]
            continue
        still = stills[-1] if stills else None
        lead = still is not None and still.end == piece.start and still.clip_id == piece.clip_id
        lead = lead and still is not None and still.first == piece.first
        new = Showing(piece, still.frames if lead and still else 0, start=piece.start, end=piece.end)
        new.start -= new.hold_first
        stills = []
        found.append(new)
    row: list[list[Showing]] = []
    for each in found:
        if row and row[-1][-1].end == each.start and _repeats(row[-1], each):
            row[-1].append(each)
        else:
            row.append([each])
    return [run[0] if len(run) == 1 else _repeated(run) for run in row]


def _repeats(run: Sequence[Showing], other: Showing) -> bool:
    """Whether ``other`` shows once more what ``run`` shows.

    A dissolve at either end of them all may take frames of the first or of the last, so inner ends count alone.
    """
    last, piece = run[-1], other.piece
    if (last.piece.clip_id, last.piece.take) != (piece.clip_id, piece.take):
        return False
    if len(run) == 1:
        return piece.first < last.piece.first + last.piece.frames
    return (last.piece.first, last.hold_first, _end(run[-2]), run[-2].hold_last) == (
        piece.first,
        other.hold_first,
        _end(last),
        last.hold_last,
    )


def _end(showing: Showing) -> int:
    return showing.piece.first + showing.piece.frames


def _repeated(run: Sequence[Showing]) -> Showing:
    """One showing for all: it begins as the second does, and ends as the first."""
    first, second = run[0], run[1]
    piece = replace(first.piece, first=second.piece.first, frames=_end(first) - second.piece.first)
    piece = replace(piece, start=first.piece.start + piece.first - first.piece.first)
    return Showing(piece, second.hold_first, first.hold_last, len(run), first.start, run[-1].end)
