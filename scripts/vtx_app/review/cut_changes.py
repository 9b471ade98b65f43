"""Trim a shot: change its entry in ``story/05_edit.yaml`` and nothing else, and report what must be made again."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vtx_app.cut.trim import trim
from vtx_app.errors import ProjectError, SpecError
from vtx_app.files import display_path, write_text
from vtx_app.formats.check import fault_messages, load_format
from vtx_app.formats.edit import Edit
from vtx_app.formats.yaml_reader import read_yaml
from vtx_app.merge import rewrite_yaml
from vtx_app.plan.clip_plan import ClipPlan
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.planner import plan_loaded_film
from vtx_app.project.edit_file import EDIT, edit_path
from vtx_app.project.film import Film
from vtx_app.project.new import TEMPLATE
from vtx_app.review.person_file import hold_file
from vtx_app.text import format_duration, plural

__all__ = ["CutChange", "checked_edit", "lock_edit", "new_takes", "save_edit", "trim_clip"]

_HEADER = "# The edit: what happens after the takes. Nothing in it renders a take. Yours to edit.\nversion: 1\n"

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CutChange:
    """A film before and after the trim of one clip. ``data``: the whole edit as its file will hold it."""

    clip_id: str
    before: FilmPlan
    after: FilmPlan
    data: Data

    @property
    def clip(self) -> ClipPlan:
        """The clip as it is cut after the change."""
        return next(clip for clip in self.after.every_clip.values() if clip.clip_id == self.clip_id)

    @property
    def takes(self) -> int:
        """How many takes must be rendered for it."""
        return new_takes(self.before, self.after)

    def made_again(self) -> list[str]:
        """What must be made again: clips, drawn pieces, acts, the sound, the subtitles and the final."""
        old, new = self.before, self.after
        old_clips = {stem: clip.stamp for stem, clip in old.clips.items()}
        clips = [clip.clip_id for stem, clip in new.clips.items() if old_clips.get(stem) != clip.stamp]
        pieces = [name for name, each in new.inserts.items() if _stamp(old.inserts.get(name)) != each.stamp]
        acts = [name for name, act in new.acts.items() if _stamp(old.acts.get(name)) != act.stamp]
        return [
            *(["the clip"] if clips == [self.clip_id] else [f"clip {clip_id}" for clip_id in clips]),
            *([plural(len(pieces), "drawn piece")] if pieces else []),
            *([f"act{'s' if len(acts) > 1 else ''} {', '.join(acts)}"] if acts else []),
            *(["the sound"] if _stamp(old.mix) != _stamp(new.mix) else []),
            *(["the subtitles"] if new.subtitles and _stamp(old.subtitles) != new.subtitles.stamp else []),
            *(["the final"] if _stamp(old.final) != _stamp(new.final) else []),
        ]

    def torn(self) -> list[tuple[str, str]]:
        """The clips (parent, child) that no longer run on into each other."""
        return [chain for chain in self.after.timeline.torn if chain not in self.before.timeline.torn]

    def lines(self) -> list[str]:
        """What the change does, for people."""
        made = self.made_again()
        lines = [f"{plural(self.takes, 'take')} to render; made again: {', '.join(made) or 'nothing'}"]
        frames = self.after.timeline.frames - self.before.timeline.frames
        if frames:
            how = f"{abs(frames) / float(self.after.rate):.2f} s {'longer' if frames > 0 else 'shorter'}"
            lines.append(f"the film is {how}: {format_duration(self.after.running_time)}")
        lines += [
            f"{child} continues {parent}, but no longer runs on from it: one of them is trimmed where they meet"
            for parent, child in self.torn()
        ]
        own = trim(self.clip.material, self.after.film.edit.of_clip(self.clip_id))
        return lines + [f"{keys[-1]} {text}; it is shown as far as that" for keys, text in own.notes]


def new_takes(before: FilmPlan, after: FilmPlan) -> int:
    """How many takes ``after`` shows that ``before`` doesn't."""
    known = {clip.take.path for clip in before.every_clip.values()}
    return len({clip.take.path for clip in after.every_clip.values()} - known)


def _stamp(product: Any) -> str:
    return "" if product is None else str(product.stamp)


@contextlib.contextmanager
def lock_edit(folder: Path) -> Iterator[None]:
    """Hold the film's edit from reading to writing it. Raises :class:`ProjectError` if ``folder`` can't be written."""
    with hold_file(folder, EDIT, "edit"):
        yield


def trim_clip(
    plan: FilmPlan, clip: ClipPlan, *, first: int | None = None, end: int | None = None, forget: Collection[str] = ()
) -> CutChange:
    """Show a shot from frame ``first`` up to ``end``, as ``in`` and ``out`` count in :class:`vtx_app.formats.edit.
    ClipEdit`; None leaves it as it is. ``forget``: the keys to remove.

    Raises :class:`ProjectError` if the take is too short for that, with its length, and if the rest of the edit no
    longer fits.
    """
    data, entry = _entry(plan.film, clip.clip_id)
    for key in forget:
        entry.pop(key, None)
    if first is not None:
        entry["in"] = first
        if not first:
            del entry["in"]
    if end is not None:
        entry["out"] = end
    edit = checked_edit(_with_entry(data, clip.clip_id, entry))
    own = trim(clip.material, edit.of_clip(clip.clip_id))
    if own.faults and any(key in entry for key in ("in", "out")):
        raise ProjectError("\n".join(f"{clip.clip_id}: {keys[-1]}: {text}" for keys, text in own.faults))
    try:
        after = plan_loaded_film(replace(plan.film, edit=edit), plan.tier)
    except SpecError as error:
        raise ProjectError(f"{clip.clip_id}: the rest of the edit does not fit then:\n{error}") from error
    return CutChange(clip.clip_id, plan, after, data)


def _entry(film: Film, clip_id: str) -> tuple[Data, Data]:
    """The edit's data, and its entry for the clip."""
    path = edit_path(film.folder)
    data: Data = (read_yaml(path) if path.exists() else None) or {"version": 1}
    return data, dict((data.get("clips") or {}).get(clip_id) or {})


def _with_entry(data: Data, clip_id: str, entry: Data) -> Data:
    """Put the clip's ``entry`` into ``data``; an empty one is removed."""
    clips = {**(data.get("clips") or {}), clip_id: entry}
    if not entry:
        del clips[clip_id]
    data["clips"] = clips
    if not clips:
        del data["clips"]
        data.setdefault("version", 1)  # an empty mapping is not an edit
    return data


def checked_edit(data: Data) -> Edit:
    """``data`` as an edit. Raises :class:`ProjectError` with a line per fault."""
    try:
        return Edit.model_validate(data)
    except ValidationError as error:
        raise ProjectError("\n".join(fault_messages(error, Edit, EDIT, {}))) from None


def save_edit(film: Film, data: Data) -> str:
    """Write the edit, with the person's comments kept, and return its path as messages show it.

    A film without one gets the template's. Raises :class:`ProjectError` if the file is no longer what ``film`` was
    loaded with.
    """
    path = edit_path(film.folder)
    name = display_path(path)
    exists = path.exists()
    if (load_format(path, Edit) if exists else Edit()) != film.edit:
        raise ProjectError(f"{name} was edited meanwhile: read it, and give the command again")
    text = path.read_bytes().decode() if exists else _new_text(film.slug)
    write_text(path, rewrite_yaml(text, data, name, keep=True))
    return name


def _new_text(slug: str) -> str:
    """The template's edit, in which everything is a comment."""
    try:
        return (TEMPLATE / EDIT).read_text(encoding="utf-8").replace("new_film", slug)
    except OSError:
        return _HEADER
