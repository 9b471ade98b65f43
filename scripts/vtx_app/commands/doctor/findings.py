"""What the doctor finds, and what it examines: one film, or the machine alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from vtx_app.errors import VtxError
from vtx_app.text import plural

if TYPE_CHECKING:
    from vtx_app.project.film import Film

__all__ = ["Finding", "State", "Subject", "load_subject", "problems"]

State = Literal["ok", "note", "problem"]
_MAX_FAULTS = 5
"""Faults of one kind that are shown; more would hide the rest."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what it is ``about``, its ``state``, ``what`` was found, and what to do.

    A ``problem`` prevents the film's build, or all of VTX; a ``note`` does not.
    """

    about: str
    state: State
    what: str
    advice: str = ""


@dataclass(slots=True)
class Subject:
    """What is examined: one film, or the machine alone.

    ``uses_models``: takes are missing that a model renders; ``slots`` are its variables. ``writes_story``: a model has
    to write the story first. ``findings``: what the film's own files show.
    """

    film: Film | None = None
    uses_models: bool = False
    slots: set[str] = field(default_factory=set)
    writes_story: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def if_missing(self) -> State:
        """The state of a missing thing that only rendering with a model needs."""
        return "problem" if self.uses_models else "note"


def problems(about: str, error: VtxError) -> Iterator[Finding]:
    """The first lines of an error's message, a problem each."""
    for line in list(dict.fromkeys(str(error).splitlines()))[:_MAX_FAULTS]:
        yield Finding(about, "problem", line)


def load_subject(slug: str | None) -> Subject:
    """Read the film as far as possible, and find what prevents its build. Raises :class:`VtxError` for an unknown
    film."""
    from vtx_app.formats.renderers import RENDERERS
    from vtx_app.plan.cut_notices import nothing_shown
    from vtx_app.plan.pending import clips_to_render
    from vtx_app.plan.planner import plan_film, tier_renderer
    from vtx_app.plan.readiness import memory_lines, render_faults
    from vtx_app.project.load import load_film
    from vtx_app.project.notices import film_notices
    from vtx_app.project.paths import project_folder
    from vtx_app.story.plan import has_story, plan_story
    from vtx_app.story.story_files import StoryFiles

    subject = Subject()
    if slug is None:
        return subject
    project_folder(slug)
    try:
        subject.film = load_film(slug, only=())
        subject.uses_models = RENDERERS[tier_renderer(subject.film, "final")].uses_models
        plan = plan_film(slug, "final")
        missing = [clip.take for clip in clips_to_render(plan.clips.values())]
        if plan.clips:
            subject.uses_models = any(RENDERERS[take.request.renderer].uses_models for take in missing)
            subject.slots = {slot for take in missing for slot in take.slots}
            summary = f"{slug}: {plural(len(plan.clips), 'clip')}, renderer {plan.renderer}, {len(missing)} to render"
            finding = Finding("film", "ok", summary)
        elif plan.left_out:
            finding = Finding("film", "problem", nothing_shown(plan), "add clips to it")
        elif has_story(StoryFiles(slug)):
            subject.writes_story = any(stage.calls for stage in plan_story(slug).stages.values())
            finding = Finding("film", "ok", f"{slug}: no clip specs yet, a build makes its story first")
        else:
            what = f"{slug}: no clip specs, and no story to make them from"
            finding = Finding("film", "problem", what, "write a brief")
        faults = render_faults(plan.film, missing)
        memory = [
            Finding("gpu", "note" if "may not fit" in line else "ok", line) for line in memory_lines(plan.film, missing)
        ]
    except VtxError as error:
        subject.findings += problems("film", error)
        return subject
    if faults:
        what = f"{slug} can't be rendered here"
        subject.findings += [Finding("film", "problem", what, fault) for fault in faults[:_MAX_FAULTS]]
    else:
        notes = [Finding("film", "note", line) for line in film_notices(plan.film)] if plan.clips else []
        subject.findings += [finding, *notes, *memory]
    return subject
