"""Ids that stay: what is written anew keeps the ids of what it stands for, and only what is new gets a new one.

A scene or a shot is known again by what it says, not by its place: the same words first, then the most alike, then
what stands between the same neighbours.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Sequence
from string import ascii_uppercase

from vtx_app.formats.clip_spec import clip_numbers
from vtx_app.formats.outline import scene_numbers

__all__ = ["align", "free_clip_id", "free_scene_id", "settled_ids"]

ALIKE = 0.6
"""Two texts with this ratio of common text (difflib's) are one scene, or one shot, in two versions."""

_COMPARED = 400

FreeId = Callable[[str | None, Collection[str]], str]
"""Makes an id: of what stands before it where something that has an id follows, of None at an end; of those used."""


def align(new: Sequence[str], old: Sequence[str], *, by_place: bool = True) -> list[int | None]:
    """For each text of ``new`` the index of the text of ``old`` that it stands for, or None; each index once."""
    found: list[int | None] = [None] * len(new)
    free = dict.fromkeys(range(len(old)))
    places: dict[str, list[int]] = {}
    for index in reversed(free):
        places.setdefault(old[index], []).append(index)
    for index, text in enumerate(new):
        if places.get(text):
            found[index] = at = places[text].pop()
            del free[at]
    for _, index, other in sorted(_alike(new, old, found, free)):
        if found[index] is None and other in free:
            found[index] = other
            del free[other]
    if by_place:
        _by_place(found, free, len(old))
    return found


def _alike(
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
            if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE:
                ratio = matcher.ratio()
                if ratio >= ALIKE:
                    pairs.append((-ratio, index, other))
    return pairs


def _by_place(found: list[int | None], free: dict[int, None], size: int) -> None:
    """What stands alone between the same neighbours, in both, is the same thing told in other words."""
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


def settled_ids(
    new: Sequence[str],
    made: Sequence[tuple[str, str]],
    written: Sequence[tuple[str, str]],
    taken: Collection[str],
    free_id: FreeId,
    *,
    by_place: bool = True,
) -> list[str]:
    """The ids of the ``new`` texts.

    ``made`` are id and text of what was generated before, ``written`` of what stands in the person's file now;
    ``taken`` are ids that nothing new may get. ``free_id`` makes a new one. Without ``by_place`` only words tell
    what is known.
    """
    known = dict(made)
    added = [(name, text) for name, text in written if name not in known]
    found = align(new, [text for _, text in made], by_place=by_place)
    ids: list[str | None] = [None if at is None else made[at][0] for at in found]
    rest = [index for index, name in enumerate(ids) if name is None]
    for index, at in zip(
        rest, align([new[index] for index in rest], [text for _, text in added], by_place=False), strict=True
    ):
        ids[index] = None if at is None else added[at][0]
    used = {*taken, *known, *(name for name, _ in written), *(name for name in ids if name)}
    settled: list[str] = []
    for place, name in enumerate(ids):
        between = settled[-1] if settled and any(ids[place:]) else None
        settled.append(name or free_id(between, used))
        used.add(settled[-1])
    return settled


def free_scene_id(act: int) -> FreeId:
    """Makes ids of new scenes of an act: the number after the highest that was ever used."""

    def free(_: str | None, used: Collection[str]) -> str:
        numbers = [scene for number, scene in map(scene_numbers, used) if number == act]
        return f"A{act:02d}_S{max(numbers, default=0) + 1:02d}"

    return free


def free_clip_id(scene_id: str) -> FreeId:
    """Makes ids of new shots of a scene: after all others the next number, between two of them a letter."""

    def free(before: str | None, used: Collection[str]) -> str:
        here = sorted(clip_numbers(name)[2:] for name in used if name.startswith(f"{scene_id}_SH"))
        last = here[-1][0] if here else 0
        if before is not None:
            shot, letter = clip_numbers(before)[2:]
            for each in ascii_uppercase[ascii_uppercase.index(letter) + 1 :] if letter else ascii_uppercase:
                if (shot, each) not in here:
                    return f"{scene_id}_SH{shot:03d}{each}"
        return f"{scene_id}_SH{last + 1:03d}"

    return free
