"""Render one take: ``python -m vtx_app.jobs.take --project harbour --tier final --clip A01_S01_SH001 --digest …``."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vtx_app.errors import PlanMovedError, RenderError
from vtx_app.formats.generations import GENERATIONS
from vtx_app.formats.renderers import RENDERERS
from vtx_app.jobs.run import run
from vtx_app.media.reader import probe
from vtx_app.models.locked import LockedModels
from vtx_app.plan.film_plan import TakePlan
from vtx_app.plan.planner import plan_clips, tier_renderer
from vtx_app.plan.readiness import require_models
from vtx_app.project.film import Film
from vtx_app.project.load import load_film
from vtx_app.registry.jobs import record_job
from vtx_app.render.gpu_lease import gpu_lease, lease_home
from vtx_app.render.gpus import visible_gpus
from vtx_app.render.renderer import Sources, load_renderer
from vtx_app.review.relock import add_to_lock
from vtx_app.takes.store import make_take, require_whole


def render_take(options: argparse.Namespace) -> None:
    """Render the take of ``options.clip`` whose request has ``options.digest``, unless it exists."""
    with record_job("take", options.project, options.clip, options.digest):
        film = load_film(options.project, only=[options.clip])
        _render(film, _planned_take(film, options.tier, options.clip, options.digest), options.log)


def _planned_take(film: Film, tier: str, clip_id: str, digest: str) -> TakePlan:
    for clip in plan_clips(film, tier).values():
        for take in clip.takes if clip.clip_id == clip_id else ():
            if take.digest == digest:
                return take
    unlocked = not film.lock.models and RENDERERS[tier_renderer(film, tier)].uses_models
    or_else = (
        "; if nothing was edited, this job's Python has another ltx-pipelines than the build's" if unlocked else ""
    )
    raise PlanMovedError(
        f"{clip_id} was edited after this build was planned, and no longer requests the take {digest[:12]}…. "
        f"Run the build again{or_else}"
    )


def _render(film: Film, take: TakePlan, log: Path | None) -> None:
    parent = take.parent.path if take.parent else None
    if parent is not None and not take.exists():
        if not parent.exists():
            raise RenderError(f"{take.clip_id} continues from a missing take: {parent}. Run the build again")
        require_whole(parent)
    models = LockedModels(film.folder, film.lock, film.variables)

    def render(out: Path) -> Mapping[str, Any]:
        require_models(film, take)
        places = {slot: models.path(slot) for slot in take.slots}
        sources = Sources(take.files, parent, places, take.slots, log, film.variables)
        with _gpu(take.request.renderer):
            return load_renderer(take.request.renderer).render(take.request, sources, out, _no_progress)

    rendered = make_take(take.path, take.request, take.sources.texts(), render, lambda part: _check(part, take))
    if rendered and take.slots:
        lock_take(film, take)


def lock_take(film: Film, take: TakePlan) -> None:
    """Lock the film to what its rendered ``take`` was made with."""
    request = take.request
    generations = {request.pipeline: request.generation or 1} if request.pipeline in GENERATIONS else {}
    add_to_lock(film, take.slots, request.quantization, generations)


@contextlib.contextmanager
def _gpu(renderer: str) -> Iterator[None]:
    """Hold a GPU for a renderer that needs one and doesn't lease one itself; hide the other GPUs from it.

    The renderer's module is imported inside: CUDA fixes the visible devices once per process.
    """
    if not RENDERERS[renderer].needs_gpu or RENDERERS[renderer].leases:
        yield
        return
    with gpu_lease(lease_home(), visible_gpus(os.environ)) as name:
        os.environ["CUDA_VISIBLE_DEVICES"] = name
        yield


def _no_progress(done: int, total: int) -> None:
    """The frames of a storyboard are too quick to report one by one."""


def _check(part: Path, take: TakePlan) -> None:
    """The rendered file is complete and matches the request. Raises :class:`RenderError`."""
    request = take.request
    found = probe(part)
    if (found.frames, found.width, found.height) != (request.frames, request.width, request.height):
        raise RenderError(
            f"{take.clip_id}: {request.renderer} rendered {found.frames} frames of {found.width}×{found.height}, "
            f"but {request.frames} of {request.width}×{request.height} were requested"
        )


if __name__ == "__main__":
    sys.exit(run(render_take, "Render one take.", ["tier", "clip", "digest"]))
