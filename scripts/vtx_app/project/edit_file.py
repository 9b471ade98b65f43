"""The film's edit, ``story/05_edit.yaml``: read, and checked against the film's clips and files."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from vtx_app.errors import SpecError
from vtx_app.formats.check import did_you_mean, load_format, location
from vtx_app.formats.edit import Edit, Music
from vtx_app.formats.yaml_reader import Keys
from vtx_app.project.named_files import file_fault, font_fault
from vtx_app.project.paths import resolve_inside

__all__ = ["EDIT", "edit_path", "joins", "place_faults", "read_edit", "with_joined"]

EDIT = "story/05_edit.yaml"

Fault = tuple[Keys, str]
"""The keys of a value, and what is wrong with it."""


def edit_path(folder: Path) -> Path:
    """The edit of the film in ``folder``. Raises :class:`vtx_app.errors.ProjectError` for a link out of the film."""
    return resolve_inside(folder, EDIT)


def read_edit(folder: Path, specs: Collection[str], order: Collection[str], faults: list[str]) -> Edit:
    """The edit, or an empty one if there is no file. Adds a line to ``faults`` for each thing that is wrong with it.

    ``specs`` are the ids of all clips of the film in ``folder``, ``order`` of those in its shot list.
    """
    path = edit_path(folder)
    if not os.path.lexists(path):
        return Edit.model_construct()  # needs no validator, which takes milliseconds to build
    try:
        edit = load_format(path, Edit)
    except SpecError as error:
        faults += error.problems
        return Edit()
    found = [*place_faults(edit, specs, order), *_file_faults(edit, folder)]
    faults += [f"{location(path, *keys)}: {message}" for keys, message in found]
    return edit


def place_faults(edit: Edit, specs: Collection[str], order: Collection[str]) -> list[Fault]:
    """Entries of the edit at a clip that does not exist, and two at one place. Arguments as for :func:`read_edit`."""
    return [*_clip_faults(edit, specs, order), *_place_faults(edit), *_nothing_left(edit, order)]


def joins(edit: Edit, order: Iterable[str]) -> Iterator[tuple[int, str | None, str | None]]:
    """Each dissolve and dip by its number in the edit, with the clips before and after it.

    ``order``: the film's clips as they are cut, including those that the edit leaves out. None stands for the film's
    beginning or end.
    """
    left_out = edit.left_out
    shown = [clip_id for clip_id in order if clip_id not in left_out]
    after = dict(pairwise(shown))
    before = {second: first for first, second in after.items()}
    for number, each in enumerate(edit.transitions):
        if each.dissolve or each.dip:
            if each.after:
                yield number, each.after, after.get(each.after)
            elif each.before:
                yield number, before.get(each.before), each.before


def with_joined(clip_ids: Iterable[str], edit: Edit, order: Sequence[str]) -> list[str]:
    """``clip_ids`` with those that transitions join them to: where one is cut depends on what the other has.

    ``order``: the film's clips as they are cut, including those that the edit leaves out.
    """
    joined: dict[str, set[str]] = {}
    for _, first, second in joins(edit, order):
        if first and second:
            joined.setdefault(first, set()).add(second)
            joined.setdefault(second, set()).add(first)
    found = dict.fromkeys(clip_ids)
    pending = deque(found)
    while pending:
        more = [clip_id for clip_id in sorted(joined.get(pending.popleft(), ())) if clip_id not in found]
        found |= dict.fromkeys(more)
        pending += more
    return list(found)


def _clip_faults(edit: Edit, specs: Collection[str], order: Collection[str]) -> Iterator[Fault]:
    """Clips that are not there, and places at clips that are not in the film."""
    for clip_id in edit.clips:
        if clip_id not in specs:
            yield ("clips", clip_id), _no_spec(clip_id, specs)
    for keys, clip_id in _places(edit):
        if clip_id not in specs:
            yield keys, _no_spec(clip_id, specs)
        elif clip_id not in order:
            yield keys, f"{clip_id} is not in the film: story/04_shotlist.yaml does not list it"
        elif clip_id in edit.clips and edit.clips[clip_id].leave_out:
            yield keys, f"{clip_id} is not in the film: clips.{clip_id}.leave_out; take out one of the two"


def _nothing_left(edit: Edit, order: Collection[str]) -> Iterator[Fault]:
    if order and edit.left_out.issuperset(order):
        last = [clip_id for clip_id in edit.clips if clip_id in order][-1]
        yield ("clips", last, "leave_out"), f"no clip is left: all {len(order)} of the film are left out; show one"


def _no_spec(clip_id: str, specs: Collection[str]) -> str:
    return f"no clip {clip_id} in prompts/clips{did_you_mean(clip_id, specs)}"


def _places(edit: Edit) -> Iterator[tuple[Keys, str]]:
    """Every clip at which the edit places something, with the keys of the entry."""
    for number, transition in enumerate(edit.transitions):
        for key in ("after", "before"):
            if clip_id := getattr(transition, key):
                yield ("transitions", number, key), clip_id
    for number, title in enumerate(edit.titles):
        for key in ("before", "after", "over"):
            if clip_id := getattr(title, key):
                yield ("titles", number, key), clip_id
    for key, number, sound in _sounds(edit):
        for name, place in (("from", sound.from_), ("to", sound.to)):
            if place and ":" not in place:
                yield (key, number, name), place
    if edit.poster:
        yield ("poster", "clip"), edit.poster.clip


def _sounds(edit: Edit) -> Iterator[tuple[str, int, Music]]:
    for key, entries in (("music", edit.music), ("effects", edit.effects)):
        for number, sound in enumerate(entries):
            yield key, number, sound


def _place_faults(edit: Edit) -> Iterator[Fault]:
    """Sides of clips at which the edit places two transitions."""
    taken: dict[tuple[str, str], int] = {}
    for number, transition in enumerate(edit.transitions):
        side = "after" if transition.after else "before"
        place = side, transition.after or transition.before or ""
        if place in taken:
            yield ("transitions", number), f"transition {taken[place]} (from 0) is {side} {place[1]} already; keep one"
        taken.setdefault(place, number)


def _file_faults(edit: Edit, folder: Path) -> Iterator[Fault]:
    files: list[tuple[Keys, str]] = [((key, number, "file"), sound.file) for key, number, sound in _sounds(edit)]
    if edit.end_roll:
        files.append((("end_roll", "file"), edit.end_roll.file))
    for keys, written in files:
        if message := file_fault(written, folder) or _made_fault(written, folder):
            yield keys, message
    if edit.font and (message := font_fault(edit.font, folder)):
        yield ("font",), message


def _made_fault(written: str, folder: Path) -> str | None:
    """What is wrong with a file that this film's build makes: a film that contains itself would never be current."""
    parts = (folder / written).resolve().relative_to(folder.resolve()).parts
    if parts[0] == "renders" and "takes" not in parts[1:3]:
        return f"{written!r} is made of this edit; copy it to inputs/ and name the copy"
    return None
