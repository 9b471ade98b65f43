"""Ids that stay: new versions of scenes and shots keep the ids of the old ones, and only new ones get new ids.

A scene or a shot is recognised by its text, not by its position: equal text first, then the most similar, then what
stands alone between the same neighbours.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Sequence
from string import ascii_uppercase

from vtx_app.formats.clip_spec import clip_numbers
from vtx_app.formats.outline import scene_numbers

__all__ = ["align", "assign_ids", "new_clip_id", "new_scene_id"]

SIMILAR = 0.6
"""Two texts with this ratio of common text (difflib's) are two versions of one scene or shot."""

_COMPARED = 400
"""Characters."""

NewId = Callable[[str | None, Collection[str]], str]
"""Makes an id from the id before it, None unless an item with an id follows, and from the ids in use."""


def align(new: Sequence[str], old: Sequence[str], *, by_place: bool = True) -> list[int | None]:
    """For each text of ``new``, the index of its old version in ``old``, or None; each index at most once."""
    found: list[int | None] = [None] * len(new)
    free = dict.fromkeys(range(len(old)))
    places: dict[str, list[int]] = {}
    for index in reversed(free):
        places.setdefault(old[index], []).append(index)
    for index, text in enumerate(new):
        if places.get(text):
            found[index] = at = places[text].pop()
            del free[at]
    for _, index, other in sorted(_similar_pairs(new, old, found, free)):
        if found[index] is None and other in free:
            found[index] = other
            del free[other]
    if by_place:
        _align_by_place(found, free, len(old))
    return found


def _similar_pairs(
    new: Sequence[str], old: Sequence[str], found: Sequence[int | None], free: Collection[int]
) -> list[tuple[float, int, int]]:
    pairs = []
    for other in free:
        matcher = difflib.SequenceMatcher(autojunk=False)
        matcher.set_seq2(old[other][:_COMPARED])
        for index, text in enumerate(new):
            if found[index] is not None:
                continue
            matcher.set_seq1(text[:_COMPARED])
            if matcher.real_quick_ratio() >= SIMILAR and matcher.quick_ratio() >= SIMILAR:
                ratio = matcher.ratio()
                if ratio >= SIMILAR:
                    pairs.append((-ratio, index, other))
    return pairs


def _align_by_place(found: list[int | None], free: dict[int, None], size: int) -> None:
    """Align what stands between the same neighbours in both lists: it is the same thing in other words."""
    start, before = 0, -1
    for index in range(len(found) + 1):
        here = found[index] if index < len(found) else size
        if here is None:
            continue
        gap = [other for other in range(before + 1, here) if other in free]
        for place, other in zip(range(start, index), gap, strict=False):
            found[place] = other
            del free[other]
        start, before = index + 1, here


def assign_ids(
    new: Sequence[str],
    made: Sequence[tuple[str, str]],
    written: Sequence[tuple[str, str]],
    taken: Collection[str],
    new_id: NewId,
    *,
    by_place: bool = True,
) -> list[str]:
    """The ids of the ``new`` texts.

    ``made`` are id and text of what was generated before, ``written`` of what the person's file holds now, ``taken``
    ids that nothing new may get. ``new_id`` makes an id. Without ``by_place`` only the texts decide.
    """
    known = dict(made)
    added = [(name, text) for name, text in written if name not in known]
    found = align(new, [text for _, text in made], by_place=by_place)
    ids: list[str | None] = [None if at is None else made[at][0] for at in found]
    rest = [index for index, name in enumerate(ids) if name is None]
    aligned = align([new[index] for index in rest], [text for _, text in added], by_place=False)
    for index, at in zip(rest, aligned, strict=True):
        ids[index] = None if at is None else added[at][0]
    used = {*taken, *known, *(name for name, _ in written), *(name for name in ids if name)}
    assigned: list[str] = []
    for place, name in enumerate(ids):
        before = assigned[-1] if assigned and any(ids[place:]) else None
        assigned.append(name or new_id(before, used))
        used.add(assigned[-1])
    return assigned


def new_scene_id(act: int) -> NewId:
    """Makes ids of new scenes of an act: the number after the highest one in use."""

    def make(_: str | None, used: Collection[str]) -> str:
        numbers = [scene for number, scene in map(scene_numbers, used) if number == act]
        return f"A{act:02d}_S{max(numbers, default=0) + 1:02d}"

    return make


def new_clip_id(scene_id: str) -> NewId:
    """Makes ids of new shots of a scene: the next number at the end, a letter between two shots."""

    def make(before: str | None, used: Collection[str]) -> str:
        here = sorted(clip_numbers(name)[2:] for name in used if name.startswith(f"{scene_id}_SH"))
        last = here[-1][0] if here else 0
        if before is not None:
            shot, letter = clip_numbers(before)[2:]
            for each in ascii_uppercase[ascii_uppercase.index(letter) + 1 :] if letter else ascii_uppercase:
                if (shot, each) not in here:
                    return f"{scene_id}_SH{shot:03d}{each}"
        return f"{scene_id}_SH{last + 1:03d}"

    return make
