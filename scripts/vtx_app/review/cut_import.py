"""A cut that an editor sends back → the film's edit and the order of its shot list.

The cut is compared with the film's own, as it was handed over. What is the same stays as the person wrote it, and what
the edit can't hold is reported. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeVar

from vtx_app.formats.edit import Edit
from vtx_app.handover.changes import found_of
from vtx_app.handover.found import Found, FoundSound, centred
from vtx_app.handover.model import Cut, Sound
from vtx_app.handover.showings import Showing, showings
from vtx_app.review.cut_joins import Wanted, as_data, is_transition, places_of_joins, wanted_transitions
from vtx_app.review.person_file import put

__all__ = ["Imported", "Place", "import_cut"]

Data = dict[str, Any]

_SAME_LEVEL = 0.0051
"""Decibels: lists of editing programs round levels to hundredths."""


@dataclass(slots=True)
class Imported:
    """What the editor's cut makes of the film: ``order`` of its clips, the entry of each in the edit (``clips``) and
    the ``transitions``. ``lost``: what the edit can't hold, a line each."""

    order: list[str]
    clips: dict[str, Data]
    transitions: list[Data]
    lost: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """What an import needs to know of a clip: the ``number`` of its shown take, and the frame ``head`` of that take at
    which the shot's ``frames`` begin."""

    number: int
    head: int
    frames: int
    continued: bool = False


def import_cut(
    found: Found,
    cut: Cut,
    edit: Edit,
    places: Mapping[str, Place],
    order: Sequence[str],
    explicit: Collection[str] = (),
) -> Imported:
    """What ``found`` makes of the film that is now cut as ``cut`` by ``edit``.

    ``places``: every clip with a take, also one that is left out. ``order``: the clips of the shot list. ``explicit``:
    clips whose entries state everything, even what stays as it is, because a transition that changes may have decided
    it.
    """
    return _Import(centred(found), cut, edit, places, order, explicit).result()


class _Import:
    def __init__(
        self,
        found: Found,
        cut: Cut,
        edit: Edit,
        places: Mapping[str, Place],
        order: Sequence[str],
        explicit: Collection[str],
    ) -> None:
        self._found, self._cut, self._edit = found, cut, edit
        self._places, self._order = places, order
        self._lost = list(found.ignored)
        self._new: dict[str, Showing] = {}
        self._explicit = frozenset(explicit)
        self._kept = set(found.unread)
        self._joins = {join.at: join for join in found.joins}
        self._heard = _by_clip((each.clip_id, each) for each in found.sound or ())
        self._own = _by_clip((each.media.clip_id, each) for each in cut.sound)
        self._old = {each.piece.clip_id: each for each in showings(found_of(cut).pieces)}

    def result(self) -> Imported:
        shown = self._shown()
        entries: dict[str, Data] = {}
        for clip_id in dict.fromkeys([*self._order, *self._edit.clips, *shown]):
            entries[clip_id] = self._entry(clip_id)
        return Imported(list(shown), entries, self._transitions(), list(dict.fromkeys(self._lost)))

    def _shown(self) -> dict[str, Showing]:
        """The clips in the editor's order."""
        row = showings(self._found.pieces)
        for still in (piece for piece in self._found.pieces if piece.still):
            if not any(each.start <= still.start < each.end for each in row):
                self._lost.append(f"{still.clip_id} at frame {still.start}: a still frame without the shot beside it")
                self._kept.add(still.clip_id)
        for each in row:
            piece = each.piece
            place = self._places.get(piece.clip_id)
            if place is None or piece.clip_id not in self._order:
                self._lost.append(f"{piece.clip_id} at frame {each.start}: the film has no such clip with a take")
                continue
            if piece.take != place.number:
                self._lost.append(
                    f"{piece.clip_id}: the cut has take {piece.take}, the film shows take {place.number}: choose it "
                    "with vtx take pick, and import again"
                )
            if piece.clip_id in self._new:
                self._lost.append(f"{piece.clip_id} at frame {each.start}: shown again apart from its first showing")
                continue
            self._new[piece.clip_id] = each
        return self._new

    def _entry(self, clip_id: str) -> Data:
        """The clip's new entry in the edit."""
        written = self._edit.clips.get(clip_id)
        entry: Data = written.model_dump(mode="json", by_alias=True, exclude_unset=True) if written else {}
        new, old, place = self._new.get(clip_id), self._old.get(clip_id), self._places.get(clip_id)
        if new is None or place is None:
            if old is not None and clip_id in self._order and clip_id not in self._kept:
                entry["leave_out"] = True
            return entry
        entry.pop("leave_out", None)
        if clip_id in self._explicit:
            old = None
        first, end = new.piece.first - place.head, new.piece.first + new.piece.frames - place.head
        if old is None or old.piece.first != new.piece.first:
            put(entry, "in", first, None if place.continued else 0)
        if old is None or old.piece.first + old.piece.frames != new.piece.first + new.piece.frames:
            put(entry, "out", end, place.frames)
        if old is None or (new.repeat, new.hold_first, new.hold_last) != (old.repeat, old.hold_first, old.hold_last):
            put(entry, "repeat", new.repeat, 1)
            hold = {key: value for key, value in (("first", new.hold_first), ("last", new.hold_last)) if value}
            put(entry, "hold", hold)
        self._hear(clip_id, entry, new, place)
        return entry

    def _hear(self, clip_id: str, entry: Data, new: Showing, place: Place) -> None:
        """The sound of a clip: where it begins and ends beside its picture, its level and fades."""
        if self._found.sound is None:
            return
        own, heard = self._own.get(clip_id, []), self._heard.get(clip_id, [])
        synced = [each for each in heard if self._in_sync(each, new)]
        if len(heard) > len(synced):
            self._lost.append(f"{clip_id}: its sound is not in step with its picture")
        if not synced:
            if not heard and (own or clip_id not in self._old):
                entry["mute"] = True
            return
        entry.pop("mute", None)
        if len({each.start for each in synced}) > new.repeat:
            self._lost.append(f"{clip_id}: its sound is in {len(synced)} parts; the first counts")
        if (times := len({each.start - each.first for each in synced})) < new.repeat:
            self._lost.append(f"{clip_id}: its sound is heard in {times} of the {new.repeat} times that it is shown")
            return
        before = own[0] if own and clip_id not in self._explicit else None
        rows = sorted(synced, key=lambda each: each.start), sorted(own, key=lambda each: each.start)
        sound = rows[0][0]
        offsets = self._offsets(rows[0][0], rows[0][-1], new)
        was = self._old.get(clip_id)
        old_offsets = self._offsets(rows[1][0], rows[1][-1], was) if before and was else (0, 0)
        for key, value, old in zip(("sound_in", "sound_out"), offsets, old_offsets, strict=True):
            if before is None or value != old:
                put(entry, key, value, 0)
        level = sound.gain_db
        if level is not None and (before is None or abs(level - before.gain_db) > _SAME_LEVEL):
            put(entry, "gain_db", level, 0.0)
        for key, fade, old_fade in (
            ("fade_in", sound.fade_in, before.fade_in if before else 0),
            ("fade_out", sound.fade_out, before.fade_out if before else 0),
        ):
            if fade is not None and fade != old_fade and fade != self._crossed(new, key):
                put(entry, key, fade, 0)

    def _offsets(self, first: FoundSound | Sound, last: FoundSound | Sound, showing: Showing) -> tuple[int, int]:
        """The frames by which a clip's sound begins after its picture, and ends after it.

        ``first`` and ``last`` are its sounds where it is shown more than once. A dissolve changes the beginning of the
        first and the end of the last, so there the other ends count.
        """
        if showing.repeat == 1:
            start, end = self._seen(showing)
            return first.start - start, first.end - end
        start = showing.piece.start + (showing.repeat - 1) * showing.frames
        return last.start - start, first.end - showing.piece.end

    def _in_sync(self, sound: FoundSound, new: Showing) -> bool:
        offset = new.piece.start - new.piece.first
        each_time = {offset + number * new.frames for number in range(new.repeat)}
        return sound.take == new.piece.take and sound.start - sound.first in each_time

    def _seen(self, showing: Showing) -> tuple[int, int]:
        """The frames in which a clip is seen moving, dissolves included."""
        join_at = self._joins.get if showing is self._new.get(showing.piece.clip_id) else self._cut.join_at
        into, out = join_at(showing.piece.start), join_at(showing.piece.end)
        before = into.before if into and into.kind == "dissolve" else 0
        after = out.after if out and out.kind == "dissolve" else 0
        return showing.piece.start - before, showing.piece.end + after

    def _crossed(self, new: Showing, key: str) -> int:
        """The frames of the dissolve at that end."""
        join = self._joins.get(new.start if key == "fade_in" else new.end)
        return join.frames if join and join.kind == "dissolve" else 0

    def _transitions(self) -> list[Data]:
        """The transitions of the edit: where the cut is as before they stay as they are written, then the new ones."""
        own = {(left, right): join for left, right, join in places_of_joins(self._cut.joins, self._old)}
        wanted: list[Wanted] = []
        lefts, rights = set[str](), set[str]()  # of transitions that are as before
        for left, right, join in places_of_joins(self._found.joins, self._new):
            known = own.get((left, right))
            if known and (known.kind, known.before, known.after) == (join.kind, join.before, join.after):
                lefts.add(left)
                rights.add(right)
            elif join.kind == "dissolve" and not (left and right) and (left, right) not in self._cards():
                self._lost.append(f"the dissolve at frame {join.at}: there is nothing on one side of it")
            elif left or right:
                wanted += wanted_transitions(left, right, join)
            else:
                self._lost.append(f"the transition at frame {join.at} lies at no clip of the film")
        kept: list[Data] = []
        for each in self._edit.transitions:
            data = each.model_dump(mode="json", exclude_unset=True)
            if (each.after and each.after in lefts) or (each.before and each.before in rights):
                kept.append(data)
            elif (match := next((other for other in wanted if is_transition(data, other)), None)) is not None:
                wanted.remove(match)
                kept.append(data)
        return [*kept, *(as_data(each) for each in wanted)]

    def _cards(self) -> set[tuple[str, str]]:
        """The clips beside cards in the film's own cut: before a card, and after one."""
        found = set()
        for one, other in pairwise(self._cut.picture):
            if one.media is None and other.media is not None:
                found.add(("", other.media.clip_id))
            if other.media is None and one.media is not None:
                found.add((one.media.clip_id, ""))
        return found


_Heard = TypeVar("_Heard")


def _by_clip(sounds: Iterable[tuple[str, _Heard]]) -> dict[str, list[_Heard]]:
    found: dict[str, list[_Heard]] = {}
    for clip_id, sound in sounds:
        found.setdefault(clip_id, []).append(sound)
    return found
