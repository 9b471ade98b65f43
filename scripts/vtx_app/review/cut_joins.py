"""Transitions of an editor's cut, in the words of the film's edit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vtx_app.handover.model import Join
from vtx_app.handover.showings import Showing

__all__ = ["Wanted", "as_data", "is_transition", "places_of_joins", "wanted_transitions"]

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A transition between ``left`` and ``right`` (``""``: none), in the edit's words."""

    left: str
    right: str
    kind: str
    frames: int
    colour: str


def wanted_transitions(left: str, right: str, join: Join) -> Iterator[Wanted]:
    """The transitions that make ``join`` between two clips."""
    if join.kind == "dissolve":
        yield Wanted(left, right, "dissolve", join.frames, "#000000")
    elif join.before and join.after and left and right and not join.second and join.before - join.after in (0, 1):
        yield Wanted(left, right, "dip", join.frames, join.colour)
    else:
        if join.before and left:
            yield Wanted(left, right, "fade_out", join.before, join.colour)
        if join.after and right:
            yield Wanted(left, right, "fade_in", join.after, join.second or join.colour)


def places_of_joins(joins: Sequence[Join], shown: Mapping[str, Showing]) -> Iterator[tuple[str, str, Join]]:
    """Each of ``joins`` after the clips before and behind it (``""``: none)."""
    ends = {each.end: clip_id for clip_id, each in shown.items()}
    starts = {each.start: clip_id for clip_id, each in shown.items()}
    for join in joins:
        yield ends.get(join.at, ""), starts.get(join.at, ""), join


def _is_at(data: Data, left: str, right: str) -> bool:
    """Whether an entry of the edit is at the cut between two clips."""
    after, before = data.get("after"), data.get("before")
    return bool((after and after == left) or (before and before == right))


def is_transition(data: Data, wanted: Wanted) -> bool:
    """Whether an entry of the edit is the ``wanted`` transition."""
    sides = {"fade_in": ("", wanted.right), "fade_out": (wanted.left, "")}
    colour = data.get("colour", "#000000")
    same = data.get(wanted.kind) == wanted.frames and colour == wanted.colour
    return same and _is_at(data, *sides.get(wanted.kind, (wanted.left, wanted.right)))


def as_data(wanted: Wanted) -> Data:
    """The transition as the edit's file has it."""
    side = {"before": wanted.right} if wanted.kind == "fade_in" or not wanted.left else {"after": wanted.left}
    colour = {} if wanted.colour == "#000000" else {"colour": wanted.colour}
    return {**side, wanted.kind: wanted.frames, **colour}
