"""Import an editor's cut into ``story/05_edit.yaml`` and the order of ``story/04_shotlist.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vtx_app.errors import ProjectError, SpecError
from vtx_app.files import display_path, write_text
from vtx_app.formats.edit import Edit
from vtx_app.formats.yaml_reader import read_yaml
from vtx_app.handover.changes import changes, found_of
from vtx_app.handover.found import Found, centred
from vtx_app.handover.model import Cut
from vtx_app.handover.showings import showings
from vtx_app.merge import rewrite_yaml
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.handover import film_cut
from vtx_app.plan.planner import plan_loaded_film
from vtx_app.project.edit_file import EDIT, edit_path, place_faults
from vtx_app.project.film import Film
from vtx_app.project.order import cut_order
from vtx_app.project.paths import SHOT_LIST, resolve_inside
from vtx_app.review.cut_changes import checked_edit, new_takes, save_edit
from vtx_app.review.cut_import import Imported, Place, import_cut
from vtx_app.review.person_file import put
from vtx_app.text import plural

__all__ = ["ListImport", "import_list", "save_import"]

_ROUNDS = 3
_FEW = 3

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ListImport:
    """What an import does. ``data``: the whole edit as its file will hold it; ``shots``: the shot list, None if its
    order stays. ``changes``: what changes in the film, and ``lost``: what the edit can't hold, a line each."""

    before: FilmPlan
    after: FilmPlan
    data: Data
    shots: Data | None
    changes: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def takes(self) -> int:
        """How many takes must be rendered for it."""
        return new_takes(self.before, self.after)


def import_list(plan: FilmPlan, found: Found) -> ListImport:
    """What the cut ``found`` makes of the film of ``plan``.

    Raises :class:`ProjectError` if the cut has no take of the film, and where the edit would no longer fit it, with
    what is in the way.
    """
    cut = film_cut(plan)
    places, order = _places(plan, cut), sorted(plan.film.order, key=lambda clip_id: plan.film.order[clip_id])
    if places.keys().isdisjoint(piece.clip_id for piece in found.pieces):
        lines = ["nothing in that cut is a take of this film, so nothing is imported", *found.ignored[:_FEW]]
        raise ProjectError("\n  ".join(lines))
    found = _levelled(found, cut)
    heads = {clip_id: place.head for clip_id, place in places.items()}
    explicit: set[str] = set()
    for _ in range(_ROUNDS):
        made = import_cut(found, cut, plan.film.edit, places, order, explicit)
        after, data, shots, lost = _made(plan, made, order)
        result = found_of(film_cut(after))
        wrong = _unlike(found, result) - explicit
        if not wrong:
            break
        explicit |= wrong
    missed = changes(result, _comparable(found, result, places), heads)
    lost = [
        *made.lost,
        *lost,
        *_gaps(found, result),
        *(f"can't be made so: {line}" for line in missed if not _is_reported(line, made)),
    ]
    return ListImport(plan, after, data, shots, tuple(changes(found_of(cut), result, heads)), tuple(lost))


def _levelled(found: Found, cut: Cut) -> Found:
    """The editor's cut, with the film's own levels where it does not say any."""
    own = {each.media.clip_id: each.gain_db for each in cut.sound}
    sound = found.sound and tuple(
        replace(each, gain_db=own.get(each.clip_id, 0.0)) if each.gain_db is None else each for each in found.sound
    )
    return replace(found, sound=sound)


def _gaps(found: Found, result: Found) -> Iterator[str]:
    """A line for each stretch in which nothing is seen, where the film has no card either."""
    cards = {(left, right) for left, right, _, _ in _empty(result)}
    for left, right, start, frames in _empty(found):
        if (left, right) not in cards:
            yield f"nothing is seen for {plural(frames, 'frame')} from frame {start} on: an edit has no gaps"


def _empty(cut: Found) -> Iterator[tuple[str, str, int, int]]:
    """The stretches of no clip: the clips before and after, start and frames."""
    left, at = "", 0
    for piece in sorted(cut.pieces, key=lambda each: each.start):
        if piece.start > at:
            yield left, piece.clip_id, at, piece.start - at
        left, at = piece.clip_id, max(at, piece.end)
    if cut.frames > at:
        yield left, "", at, cut.frames - at


def _is_reported(line: str, made: Imported) -> bool:
    """Whether ``made.lost`` already names the clip of this line."""
    return any(word.rstrip(":") and word.rstrip(":") in line for each in made.lost for word in each.split()[:1])


def _places(plan: FilmPlan, cut: Cut) -> dict[str, Place]:
    """The clips with a take in the hand-over, by id."""
    shown = {clip.clip_id: clip for clip in plan.every_clip.values()}
    return {
        media.clip_id: Place(
            media.number,
            media.head,
            shown[media.clip_id].material.frames,
            bool(shown[media.clip_id].material.repeated),
        )
        for media in cut.media
        if media.digest == shown[media.clip_id].take.digest
    }


def _comparable(found: Found, result: Found, places: Mapping[str, Place]) -> Found:
    """The editor's cut with what it leaves open filled in from ``result``, so that only what it states is compared."""
    known = tuple(piece for piece in found.pieces if piece.clip_id in places)
    sound = found.sound
    if sound is not None and result.sound is not None:
        fades = {each.clip_id: (each.fade_in, each.fade_out) for each in result.sound}
        sound = tuple(
            replace(
                each,
                fade_in=fades.get(each.clip_id, (0, 0))[0] if each.fade_in is None else each.fade_in,
                fade_out=fades.get(each.clip_id, (0, 0))[1] if each.fade_out is None else each.fade_out,
            )
            for each in sound
            if each.clip_id in places
        )
    return replace(found, pieces=known, sound=sound, frames=result.frames if known != found.pieces else found.frames)


def _unlike(found: Found, result: Found) -> set[str]:
    """The clips that the film shows or plays differently than the editor's cut, and their neighbours."""
    wanted, made = ({each.piece.clip_id: each for each in showings(centred(cut).pieces)} for cut in (found, result))
    heard, played = _sounds(found), _sounds(result)
    row = list(made)
    wrong = set()
    for at, clip_id in enumerate(row):
        one, other = wanted.get(clip_id), made[clip_id]
        if one is None:
            continue
        seen = (one.piece.first, one.piece.frames, one.repeat, one.hold_first, one.hold_last)
        same = seen == (other.piece.first, other.piece.frames, other.repeat, other.hold_first, other.hold_last)
        if not same or (found.sound is not None and heard.get(clip_id) != played.get(clip_id)):
            wrong |= set(row[max(0, at - 1) : at + 2])
    return wrong


def _sounds(cut: Found) -> dict[str, set[tuple[int, int, float]]]:
    """What is heard of each clip: first frames, lengths and levels."""
    heard: dict[str, set[tuple[int, int, float]]] = {}
    for each in cut.sound or ():
        heard.setdefault(each.clip_id, set()).add((each.first, each.frames, round(each.gain_db or 0.0, 1)))
    return heard


def _made(plan: FilmPlan, made: Imported, order: list[str]) -> tuple[FilmPlan, Data, Data | None, list[str]]:
    """The film's plan, its edit and its shot list as the import makes them, and what of the order can't be imported."""
    film, lost = plan.film, list[str]()
    data: Data = (read_yaml(edit_path(film.folder)) if edit_path(film.folder).exists() else None) or {"version": 1}
    put(data, "clips", {clip_id: entry for clip_id, entry in made.clips.items() if entry})
    put(data, "transitions", made.transitions)
    new_order = _reordered(order, made.order)
    in_acts = cut_order(new_order, new_order)
    if in_acts != new_order:
        lost.append("acts follow one another in a film: clips of one that lie among another's stay in their own")
    shots = None
    if in_acts != order:
        path = resolve_inside(film.folder, SHOT_LIST)
        listed: Data = (read_yaml(path) if path.exists() else None) or {}
        if listed.get("shots"):
            places = {clip_id: place for place, clip_id in enumerate(in_acts)}
            by_id = {shot["clip_id"]: shot for shot in listed["shots"]}
            unwritten = [clip_id for clip_id in by_id if clip_id not in places]
            ids = _reordered(list(by_id), [clip_id for clip_id in in_acts if clip_id in by_id])
            shots = {**listed, "shots": [by_id[clip_id] for clip_id in ids]} if unwritten or ids else None
        else:
            lost.append(f"the order: the film has no {SHOT_LIST}, so its clips come in the order of their ids")
            in_acts = order
    edit = checked_edit(data)
    if faults := place_faults(edit, set(film.clips), in_acts):
        lines = [f"{'.'.join(map(str, keys))} in {EDIT}: {text}" for keys, text in faults]
        raise ProjectError("the rest of the edit does not fit this cut; change this first:\n" + "\n".join(lines))
    return _planned(film, edit, in_acts, plan.tier), data, shots, lost


def _planned(film: Film, edit: Edit, order: Sequence[str], tier: str) -> FilmPlan:
    rest = [clip_id for clip_id in film.clips if clip_id not in order]
    clips = {clip_id: film.clips[clip_id] for clip_id in (*order, *rest) if clip_id in film.clips}
    places = {clip_id: place for place, clip_id in enumerate(order)}
    try:
        return plan_loaded_film(replace(film, edit=edit, clips=clips, order=places), tier)
    except SpecError as error:
        raise ProjectError(f"the film can't be cut so:\n{error}") from error


def _reordered(order: Sequence[str], shown: Sequence[str]) -> list[str]:
    """``order`` with those that are ``shown`` in their new order; each of the others stays behind the one before it."""
    behind: dict[str, list[str]] = {"": []}
    last = ""
    for clip_id in order:
        if clip_id in shown:
            last = clip_id
            behind[last] = []
        else:
            behind[last].append(clip_id)
    return behind[""] + [each for clip_id in shown for each in (clip_id, *behind.get(clip_id, ()))]


def save_import(made: ListImport) -> list[str]:
    """Write the edit and the shot list, with the person's comments kept; return their paths as messages show them.

    Raises :class:`ProjectError` if one of them is no longer what the film was read with.
    """
    film, written = made.before.film, []
    if made.shots is not None:
        path: Path = resolve_inside(film.folder, SHOT_LIST)
        text = path.read_bytes().decode()
        ids = [shot["clip_id"] for shot in (read_yaml(path) or {}).get("shots", [])]
        if sorted(ids) != sorted(shot["clip_id"] for shot in made.shots["shots"]):
            raise ProjectError(f"{display_path(path)} was edited meanwhile: give the command again")
        write_text(path, rewrite_yaml(text, made.shots, display_path(path)))
        written.append(display_path(path))
    return [*written, save_edit(film, made.data)]
