"""The status of a film, act by act: its plan, and what the newest jobs of missing takes reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any

from vtx_app.errors import RegistryError
from vtx_app.plan.cut_notices import nothing_shown
from vtx_app.plan.estimate import estimate_renders
from vtx_app.plan.film_plan import ClipPlan, FilmPlan
from vtx_app.plan.pending import clips_to_conform, clips_to_render, takes_for
from vtx_app.plan.planner import plan_film
from vtx_app.plan.quality import FilmQuality, film_quality, quality_lines
from vtx_app.plan.report import headline
from vtx_app.project.paths import app_home
from vtx_app.qc.finding import Finding
from vtx_app.registry.database import use
from vtx_app.registry.films import open_film
from vtx_app.registry.job_rows import REPORTED_STATES, failed_clips
from vtx_app.registry.renders import RenderProgress, renders_in_progress
from vtx_app.studio.film_rows import clip_state
from vtx_app.text import format_duration

__all__ = ["ActStatus", "ClipStatus", "FilmStatus", "SceneStatus", "film_status", "scene_statuses"]

Take = tuple[str, str]
"""Clip id and digest."""
Newest = Mapping[Take, tuple[str, str]]
"""State and error of the newest job of each take."""


@dataclass(frozen=True, slots=True)
class ClipStatus:
    """One clip: ``seconds`` of film, the digest of its ``take``, its ``state``, whether its approved take is
    ``out_of_date`` or its pick has ``lapsed``, the ``error`` of a failed job, the progress of its render, why its
    rendered take could ``not`` be ``conformed``, what checks found in it, and what came of its other ``seeds``."""

    clip: str
    title: str
    seconds: float
    take: str
    state: str
    picked: bool
    out_of_date: bool
    lapsed: bool
    error: str
    rendering: RenderProgress | None
    not_conformed: str = ""
    findings: tuple[Finding, ...] = ()
    seeds: str = ""

    def __str__(self) -> str:
        """``approved, out of date``; ``failed: ran out of GPU memory``; ``rendering: denoise, 2 of 8 (25 %), …``."""
        notes = {"picked": self.picked, "out of date": self.out_of_date, "its pick has lapsed": self.lapsed}
        state = ", ".join([self.state, *(note for note, holds in notes.items() if holds)])
        detail = str(self.rendering) if self.rendering else self.error
        if self.not_conformed:
            return f"{state}, failed to conform: {self.not_conformed}"
        return f"{state}: {detail}" if detail else state


@dataclass(frozen=True, slots=True)
class SceneStatus:
    """Consecutive clips of one scene."""

    scene: str
    title: str
    seconds: float
    clips: tuple[ClipStatus, ...]


@dataclass(frozen=True, slots=True)
class ActStatus:
    """Consecutive scenes of one act."""

    act: str
    seconds: float
    scenes: tuple[SceneStatus, ...]


@dataclass(frozen=True, slots=True)
class FilmStatus:
    """A film: ``lines`` of text on what a build of its final makes, ``to_render`` the clip ids of those takes.

    ``seconds_left``: how long rendering them would take, estimated from similar takes; None if that is unknown.
    """

    slug: str
    title: str
    renderer: str
    seconds: float
    acts: tuple[ActStatus, ...]
    to_render: tuple[str, ...]
    finished: bool
    lines: tuple[str, ...]
    seconds_left: float | None = None

    def data(self) -> dict[str, Any]:
        """The film as JSON data, with one list of all clips beside the acts."""
        clips = [clip for act in self.acts for scene in act.scenes for clip in scene.clips]
        data = asdict(self)
        del data["lines"]
        rendered = sum(clip.state in ("rendered", "approved") for clip in clips)
        return {**data, "rendered": rendered, "clips": [asdict(clip) for clip in clips]}


def film_status(slug: str) -> FilmStatus:
    """The status of the film ``slug`` by its present files.

    Raises :class:`vtx_app.errors.VtxError` with every fault of them.
    """
    plan = plan_film(slug, "final")
    stale = clips_to_conform(plan, "final")
    missing = clips_to_render(takes_for(plan, "final"))
    left = _seconds_left(plan, missing)
    quality = film_quality(plan)
    acts = tuple(
        ActStatus(act, sum(scene.seconds for scene in scenes), scenes)
        for act, group in groupby(scene_statuses(plan, quality), key=lambda scene: scene.scene.partition("_")[0])
        for scenes in (tuple(group),)
    )
    return FilmStatus(
        slug,
        str(plan.film.settings["title"]),
        plan.renderer,
        sum(act.seconds for act in acts),
        acts,
        tuple(clip.clip_id for clip in missing),
        plan.final is not None and plan.is_current(plan.final),
        (*headline(plan, stale, missing), *_left(left, missing), *quality_lines(quality, slug, None))
        if plan.final
        else (nothing_shown(plan),),
        left,
    )


def _seconds_left(plan: FilmPlan, missing: Sequence[ClipPlan]) -> float | None:
    """Seconds that rendering takes; None if nothing is known about even one of them."""
    cost = estimate_renders(plan, missing) if missing else None
    if cost is None:
        return 0.0
    return None if cost.unknown else round(cost.seconds, 1)


def _left(seconds: float | None, missing: Sequence[ClipPlan]) -> list[str]:
    if not missing:
        return []
    if seconds is None:
        return ["time left: unknown, no takes like these were rendered yet"]
    return [f"time left: about {format_duration(seconds)} of rendering"]


def scene_statuses(plan: FilmPlan, quality: FilmQuality | None = None) -> Iterable[SceneStatus]:
    """The scenes of a film in the order of the cut, by its files and by what its newest jobs reported.

    ``quality``: the checks of its takes, where they are known already.
    """
    quality = quality or film_quality(plan)
    findings = quality.by_clip()
    try:
        newest = use(lambda db: open_film(db, plan.film.slug))
        failed = use(lambda db: failed_clips(db, plan.film.slug, plan.tier))
    except RegistryError:  # the rest of the status does without it
        newest, failed = {}, {}
    rendering = renders_in_progress(app_home(), plan.film.slug)

    seeds = {each.clip_id: each.words for each in quality.rerolls}

    def scene_of(clip: ClipPlan) -> tuple[int, int]:
        return clip.clip.spec.act, clip.clip.spec.scene

    for (act, scene), group in groupby(plan.clips.values(), key=scene_of):
        clips = tuple(
            replace(
                found,
                not_conformed=failed[clip.clip_id]
                if clip.clip_id in failed and clip.take.exists() and not plan.is_current(clip)
                else "",
                findings=findings.get(clip.clip_id, ()),
                seeds=seeds.get(clip.clip_id, ""),
            )
            for clip in group
            for found in (_clip(plan, clip, newest, rendering),)
        )
        title = plan.film.scenes.get((act, scene), "")
        yield SceneStatus(f"A{act:02d}_S{scene:02d}", title, sum(clip.seconds for clip in clips), clips)


def _clip(plan: FilmPlan, clip: ClipPlan, newest: Newest, rendering: Mapping[Take, RenderProgress]) -> ClipStatus:
    state, error = clip_state(plan.film, clip), ""
    take, progress = (clip.clip_id, clip.take.digest), None
    if not clip.take.exists():
        reported = newest.get(take, ("", ""))
        state, error = reported if reported[0] in REPORTED_STATES else (state, error)
        if progress := rendering.get(take):
            state, error = "rendering", ""
    return ClipStatus(
        clip.clip_id,
        clip.clip.spec.title,
        round(float(clip.delivery.frames / plan.rate), 3),
        clip.take.digest,
        state,
        clip.choice.state == "picked",
        clip.choice.out_of_date,
        clip.choice.lapsed,
        error,
        progress,
    )
