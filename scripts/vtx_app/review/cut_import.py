"""A cut that an editor sends back → the film's edit and the order of its shot list.

The cut is compared with the film's own, as it was handed over. What is the same stays as the person wrote it, and what
the edit can't hold is reported. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from vtx_app.formats.edit import Edit
from vtx_app.handover.changes import found_of
from vtx_app.handover.found import Found, FoundSound, centred
from vtx_app.handover.model import Cut, Join, Sound
from vtx_app.handover.showings import Showing, showings

__all__ = ["Imported", "Place", "import_cut"]

Data = dict[str, Any]


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
        for each in showings(self._found.pieces):
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
            if old is not None and clip_id in self._order:
                entry["leave_out"] = True
            return entry
        entry.pop("leave_out", None)
        if clip_id in self._explicit:
            old = None
        first, end = new.piece.first - place.head, new.piece.first + new.piece.frames - place.head
        if old is None or old.piece.first != new.piece.first:
            _set(entry, "in", first, None if place.continued else 0)
        if old is None or old.piece.first + old.piece.frames != new.piece.first + new.piece.frames:
            _set(entry, "out", end, place.frames)
        if old is None or (new.repeat, new.hold_first, new.hold_last) != (old.repeat, old.hold_first, old.hold_last):
            _set(entry, "repeat", new.repeat, 1)
            hold = {key: value for key, value in (("first", new.hold_first), ("last", new.hold_last)) if value}
            _set(entry, "hold", hold, {})
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
            if own or clip_id not in self._old:
                entry["mute"] = True
            return
        entry.pop("mute", None)
        if len({each.start for each in synced}) > new.repeat:
            self._lost.append(f"{clip_id}: its sound is in {len(synced)} parts; the first counts")
        before = own[0] if own and clip_id not in self._explicit else None
        rows = sorted(synced, key=lambda each: each.start), sorted(own, key=lambda each: each.start)
        sound = rows[0][0]
        offsets = self._offsets(rows[0][0], rows[0][-1], new)
        was = self._old.get(clip_id)
        old_offsets = self._offsets(rows[1][0], rows[1][-1], was) if before and was else (0, 0)
        for key, value, old in zip(("sound_in", "sound_out"), offsets, old_offsets, strict=True):
            if before is None or value != old:
                _set(entry, key, value, 0)
        if before is None or abs(sound.gain_db - before.gain_db) > _A_HUNDREDTH:
            _set(entry, "gain_db", sound.gain_db, 0.0)
        for key, fade, old_fade in (
            ("fade_in", sound.fade_in, before.fade_in if before else 0),
            ("fade_out", sound.fade_out, before.fade_out if before else 0),
        ):
            if fade is not None and fade != old_fade and fade != self._crossed(new, key):
                _set(entry, key, fade, 0)

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
        own = {(left, right): join for left, right, join in _places_of_joins(self._cut.joins, self._old)}
        wanted: list[_Wanted] = []
        lefts, rights = set[str](), set[str]()  # of transitions that are as before
        for left, right, join in _places_of_joins(self._found.joins, self._new):
            known = own.get((left, right))
            if known and (known.kind, known.before, known.after) == (join.kind, join.before, join.after):
                lefts.add(left)
                rights.add(right)
            elif left or right:
                wanted += _wanted(left, right, join)
            else:
                self._lost.append(f"the transition at frame {join.at} lies at no clip of the film")
        kept: list[Data] = []
        for each in self._edit.transitions:
            data = each.model_dump(mode="json", exclude_unset=True)
            if (each.after and each.after in lefts) or (each.before and each.before in rights):
                kept.append(data)
            elif (match := next((other for other in wanted if _says(data, other)), None)) is not None:
                wanted.remove(match)
                kept.append(data)
        return [*kept, *(_as_data(each) for each in wanted)]


_A_HUNDREDTH = 0.0051

_Heard = TypeVar("_Heard")


def _by_clip(sounds: Iterable[tuple[str, _Heard]]) -> dict[str, list[_Heard]]:
    found: dict[str, list[_Heard]] = {}
    for clip_id, sound in sounds:
        found.setdefault(clip_id, []).append(sound)
    return found


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A transition between ``left`` and ``right`` (``""``: none), in the edit's words."""

    left: str
    right: str
    kind: str
    frames: int
    colour: str


def _wanted(left: str, right: str, join: Join) -> Iterator[_Wanted]:
    if join.kind == "dissolve":
        yield _Wanted(left, right, "dissolve", join.frames, "#000000")
    elif join.before and join.after and left and right and not join.second and join.before - join.after in (0, 1):
        yield _Wanted(left, right, "dip", join.frames, join.colour)
    else:
        if join.before and left:
            yield _Wanted(left, right, "fade_out", join.before, join.colour)
        if join.after and right:
            yield _Wanted(left, right, "fade_in", join.after, join.second or join.colour)


def _places_of_joins(joins: Sequence[Join], shown: Mapping[str, Showing]) -> Iterator[tuple[str, str, Join]]:
    ends = {each.end: clip_id for clip_id, each in shown.items()}
    starts = {each.start: clip_id for clip_id, each in shown.items()}
    for join in joins:
        yield ends.get(join.at, ""), starts.get(join.at, ""), join


def _is_at(data: Data, left: str, right: str) -> bool:
    """Whether an entry of the edit is at the cut between two clips."""
    after, before = data.get("after"), data.get("before")
    return bool((after and after == left) or (before and before == right))


def _says(data: Data, wanted: _Wanted) -> bool:
    """Whether an entry of the edit means that transition."""
    sides = {"fade_in": ("", wanted.right), "fade_out": (wanted.left, "")}
    colour = data.get("colour", "#000000")
    same = data.get(wanted.kind) == wanted.frames and colour == wanted.colour
    return same and _is_at(data, *sides.get(wanted.kind, (wanted.left, wanted.right)))


def _as_data(wanted: _Wanted) -> Data:
    side = {"before": wanted.right} if wanted.kind == "fade_in" or not wanted.left else {"after": wanted.left}
    colour = {} if wanted.colour == "#000000" else {"colour": wanted.colour}
    return {**side, wanted.kind: wanted.frames, **colour}


def _set(entry: Data, key: str, value: Any, usual: Any) -> None:
    """Set ``key``, or remove it if ``value`` is the ``usual`` one."""
    entry[key] = value
    if value == usual:
        del entry[key]
