"""Where a film stands, act by act: its plan, with what the newest jobs of takes that are not there said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from vtx_app.errors import RegistryError
from vtx_app.plan.film_plan import ClipPlan, FilmPlan
from vtx_app.plan.pending import clips_to_conform, clips_to_render
from vtx_app.plan.planner import plan_film
from vtx_app.plan.report import headline
from vtx_app.project.paths import app_home
from vtx_app.registry.db import use
from vtx_app.registry.job_rows import SAID_BY_JOBS
from vtx_app.registry.queries import look_at
from vtx_app.registry.rendering import Rendering, rendering_now
from vtx_app.studio.states import clip_state

__all__ = ["Act", "Clip", "Scene", "Standing", "standing"]

Take = tuple[str, str]
"""Clip id and digest."""


@dataclass(frozen=True, slots=True)
class _Jobs:
    """What jobs said of takes: state and error, and where those are that are being rendered."""

    said: Mapping[Take, tuple[str, str]]
    rendering: Mapping[Take, Rendering]


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip: ``seconds`` of film, the digest of its ``take``, its ``state``, whether its
    approved take is ``out_of_date`` or its pick has ``lapsed``, the ``error`` of a job that failed, and where its
    render is (``rendering``), if that is said."""

    clip: str
    title: str
    seconds: float
    take: str
    state: str
    picked: bool
    out_of_date: bool
    lapsed: bool
    error: str
    rendering: Rendering | None

    def words(self) -> str:
        """``approved, out of date``; ``failed: ran out of GPU memory``; ``rendering: denoise, 2 of 8 (25 %), …``."""
        more = {"picked": self.picked, "out of date": self.out_of_date, "its pick has lapsed": self.lapsed}
        said = ", ".join([self.state, *(word for word, holds in more.items() if holds)])
        more_said = self.rendering.words() if self.rendering else self.error
        return f"{said}: {more_said}" if more_said else said


@dataclass(frozen=True, slots=True)
class Scene:
    """A run of clips of one scene, as they are cut."""

    scene: str
    title: str
    seconds: float
    clips: tuple[Clip, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """A run of scenes of one act."""

    act: str
    seconds: float
    scenes: tuple[Scene, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A film: ``lines`` for a person of what building its final makes, ``to_render`` the clip ids of those takes."""

    slug: str
    title: str
    renderer: str
    seconds: float
    acts: tuple[Act, ...]
    to_render: tuple[str, ...]
    finished: bool
    lines: tuple[str, ...]

    def data(self) -> dict[str, Any]:
        """For scripts: the clips once more in one list, in the order of the cut."""
        clips = [clip for act in self.acts for scene in act.scenes for clip in scene.clips]
        told = asdict(self)
        del told["lines"]
        rendered = sum(clip.state in ("rendered", "approved") for clip in clips)
        return {**told, "rendered": rendered, "clips": [asdict(clip) for clip in clips]}


def standing(slug: str) -> Standing:
    """The film ``slug`` as its files are now. Raises :class:`vtx_app.errors.VtxError` with every fault of them."""
    plan = plan_film(slug, "final")
    rendering = rendering_now(app_home(), slug)
    try:
        jobs = _Jobs(use(lambda db: look_at(db, slug)), rendering)
    except RegistryError:  # what jobs said is not needed to tell the rest
        jobs = _Jobs({}, rendering)
    stale = clips_to_conform(plan, "final")
    missing = clips_to_render(stale)
    acts = tuple(
        Act(act, sum(scene.seconds for scene in scenes), scenes)
        for act, group in groupby(_scenes(plan, jobs), key=lambda scene: scene.scene.partition("_")[0])
        for scenes in (tuple(group),)
    )
    return Standing(
        slug,
        str(plan.film.settings["title"]),
        plan.renderer,
        sum(act.seconds for act in acts),
        acts,
        tuple(clip.clip_id for clip in missing),
        plan.final is not None and plan.is_current(plan.final),
        tuple(headline(plan, stale, missing)) if plan.final else (f"{slug}: no clip specs yet",),
    )


def _scenes(plan: FilmPlan, jobs: _Jobs) -> Iterable[Scene]:
    def of(clip: ClipPlan) -> tuple[int, int]:
        return clip.clip.spec.act, clip.clip.spec.scene

    for (act, scene), group in groupby(plan.clips.values(), key=of):
        clips = tuple(_clip(plan, clip, jobs) for clip in group)
        title = plan.film.scenes.get((act, scene), "")
        yield Scene(f"A{act:02d}_S{scene:02d}", title, sum(clip.seconds for clip in clips), clips)


def _clip(plan: FilmPlan, clip: ClipPlan, jobs: _Jobs) -> Clip:
    state, error = clip_state(plan.film, clip), ""
    take, rendering = (clip.clip_id, clip.take.digest), None
    if not clip.take.exists():
        said = jobs.said.get(take, ("", ""))
        state, error = said if said[0] in SAID_BY_JOBS else (state, error)
        if rendering := jobs.rendering.get(take):
            state, error = "rendering", ""
    return Clip(
        clip.clip_id,
        clip.clip.spec.title,
        round(float(clip.delivery.frames / plan.rate), 3),
        clip.take.digest,
        state,
        clip.choice.state == "picked",
        clip.choice.out_of_date,
        clip.choice.lapsed,
        error,
        rendering,
    )
