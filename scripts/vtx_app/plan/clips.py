"""The clips of a film as the edit cuts them. Pure."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from vtx_app.cut.delivery import ChainMatch, Delivery, clip_digest
from vtx_app.cut.disclosure import disclosure_card
from vtx_app.cut.edited import build_timeline, copy_starts
from vtx_app.cut.stills import length_faults
from vtx_app.cut.timeline import Timeline
from vtx_app.cut.trim import EditFaults, trim
from vtx_app.errors import SpecError
from vtx_app.files import display_path
from vtx_app.formats.check import location
from vtx_app.formats.decode import decode
from vtx_app.formats.edit import ClipEdit, Edit
from vtx_app.formats.renderers import RENDERERS
from vtx_app.models.locked import LockedModels
from vtx_app.plan.clip_plan import ClipPlan
from vtx_app.plan.generations import require_locked_generations
from vtx_app.plan.shots import Shot, Tier
from vtx_app.project.edit_file import edit_path, joins
from vtx_app.project.film import Film
from vtx_app.project.handles import Handles
from vtx_app.project.paths import renders, resolve_inside

__all__ = ["cut_clips", "film_timeline", "plan_clips", "plan_shots", "runs"]


def plan_clips(film: Film, tier: str, models: LockedModels | None = None) -> dict[str, ClipPlan]:
    """The plans of all clips of ``film`` by file stem, in the order of the cut; by default with the film's own models.

    The film may have been read in part. Raises :class:`SpecError` and :class:`vtx_app.errors.ModelError` for clips that
    can't be rendered, or can't be cut as the edit says.
    """
    common = Tier.of(film, tier, models)
    shots = plan_shots(common)
    with _located(film):
        timelines = [build_timeline([shots[each].material for each in run], _partial(film, run)) for run in runs(film)]
    return cut_clips(common, shots, timelines)


def plan_shots(common: Tier) -> dict[str, Shot]:
    """Each clip before the edit, by its id."""
    film = common.film
    done: dict[str, Shot] = {}
    for clip in film.clips.values():
        chain = [clip]
        while (parent_id := chain[-1].spec.inputs.continue_from) and parent_id not in done:
            chain.append(film.clips[parent_id])
        for link in reversed(chain):
            if link.clip_id not in done:
                parent_id = link.spec.inputs.continue_from
                done[link.clip_id] = common.shot(link, done[parent_id] if parent_id else None)
    if common.models.compared and RENDERERS[common.renderer].uses_models:
        require_locked_generations(done.values(), common.models)
    return done


def film_timeline(common: Tier, shots: Mapping[str, Shot]) -> Timeline:
    """The whole film as the edit cuts it. Raises :class:`SpecError` with file, line and the longest that fits."""
    film = common.film
    shown = film.shown
    materials = [shots[clip_id].material for clip_id in film.clips if clip_id in shown]
    roll = _roll(film)
    card = disclosure_card(film.metadata.disclosure, common.rate, *common.size)
    with _located(film):
        timeline = build_timeline(materials, film.edit, roll, disclosure=card)
        if faults := length_faults(timeline, film.edit, common.rate):
            raise EditFaults(faults)
        return timeline


@contextlib.contextmanager
def _located(film: Film) -> Iterator[None]:
    """Raise the faults of the edit as a :class:`SpecError` with file and lines."""
    try:
        yield
    except EditFaults as error:
        path = edit_path(film.folder)
        raise SpecError([f"{location(path, *keys)}: {text}" for keys, text in error.faults]) from None


def cut_clips(common: Tier, shots: Mapping[str, Shot], timelines: Sequence[Timeline]) -> dict[str, ClipPlan]:
    """The clips as ``timelines`` show them, in the order of the film. A clip that none of them shows is cut by its own
    entry in the edit."""
    film = common.film
    shown = {clip_id: frames for timeline in timelines for clip_id, frames in timeline.shown.items()}
    keyframes = {clip_id: starts for timeline in timelines for clip_id, starts in copy_starts(timeline).items()}
    notes: dict[str, list[str]] = {}
    for timeline in timelines:
        for clip_id, keys, note in timeline.notes:
            notes.setdefault(clip_id, []).append(f"{location(edit_path(film.folder), *keys)}: {note}")
    done: dict[str, ClipPlan] = {}
    for clip_id, shot in shots.items():  # parents come first
        own = trim(shot.material, film.edit.of_clip(clip_id))
        first, end = shown.get(clip_id, (own.first, own.end))
        frames = shot.material.frames
        delivery = Delivery(
            *common.size,
            *shot.picture,
            common.rate,
            end - first,
            shot.slate,
            shot.head,
            first,
            frames if (first, end) != (0, frames) else None,
            keyframes.get(clip_id, ()),
            _match(common, shots, shot),
        )
        parent_id = shot.clip.spec.inputs.continue_from
        done[clip_id] = ClipPlan(
            shot.clip,
            shot.take,
            shot.candidates,
            done[parent_id] if parent_id else None,
            shot.choice,
            delivery,
            clip_digest(shot.choice.shown, _deciding(delivery), common.slate_font),
            film.folder / f"{renders(common.tier)}/clips/{shot.clip.stem}.mp4",
            (*shot.notes, *notes.get(clip_id, ())),
            Handles(shot.material.head + first, frames + shot.material.tail - end),
            shot.material,
        )
    return {clip.stem: done[clip.clip_id] for clip in film.clips.values()}


def _match(common: Tier, shots: Mapping[str, Shot], shot: Shot) -> ChainMatch | None:
    """What the colour of a shot that continues another is matched to. It depends on whole shots, so a trim keeps it."""
    match = common.film.edit.match
    if match.chain == "off" or not match.strength or common.sketches or not shot.clip.spec.inputs.continue_from:
        return None
    chain = [shot]
    while parent_id := chain[-1].clip.spec.inputs.continue_from:
        chain.append(shots[parent_id])
    links = ((each.take.digest, each.head or 0, each.last + 1) for each in reversed(chain))
    return ChainMatch(match.strength, tuple(links))


def _deciding(delivery: Delivery) -> Delivery:
    """The part of a delivery that decides the clip's bytes: only a slate shows where the shot begins and ends."""
    return delivery if delivery.slate else replace(delivery, head=delivery.first or None, start=0, shot=None)


def runs(film: Film) -> Iterator[list[str]]:
    """The clips that are in the film and were read, in stretches without gaps."""
    shown = film.shown
    places = enumerate(clip_id for clip_id in film.order if clip_id in shown)
    read = [(place, clip_id) for place, clip_id in places if clip_id in film.clips]
    for _, run in groupby(enumerate(read), key=lambda each: each[1][0] - each[0]):
        yield [clip_id for _, (_, clip_id) in run]


def _partial(film: Film, run: Iterable[str]) -> Edit:
    """The part of the edit that concerns the picture of these clips alone."""
    here, edit = set(run), film.edit
    beyond = {
        number
        for number, first, second in joins(edit, film.order)
        if not (first is None or first in here) or not (second is None or second in here)
    }
    return Edit.model_construct(
        clips={clip_id: _silent(edit.of_clip(clip_id)) for clip_id in here},
        transitions=[
            each
            for number, each in enumerate(edit.transitions)
            if number not in beyond and (each.after or each.before) in here
        ],
        titles=[each for each in edit.titles if (each.before or each.after or each.over) in here],
    )


def _silent(edit: ClipEdit) -> ClipEdit:
    """``edit`` without sound, which can reach over other clips and is not in a clip's file."""
    return edit.model_copy(update={"mute": True})


def _roll(film: Film) -> list[str]:
    """The lines of the end roll's file. Raises :class:`SpecError` with the edit's line if it is not text."""
    if film.edit.end_roll is None:
        return []
    written = film.edit.end_roll.file
    path: Path = resolve_inside(film.folder, written)
    try:
        text = decode(path.read_bytes(), display_path(path))
        if "\0" in text:
            raise SpecError([f"{display_path(path)}: no text: it has zero bytes"])
        if text.split():
            return text.splitlines()
        fault = f"{written!r} has no words in it; write some, or take the roll out"
    except OSError as error:
        fault = f"{written!r}: can't be read: {error.strerror}"
    except SpecError as error:
        fault = f"{written!r} is not a text file that can be shown: {error}; save it as UTF-8 text"
    raise SpecError([f"{location(edit_path(film.folder), 'end_roll', 'file')}: {fault}"])
