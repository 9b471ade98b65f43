"""Render one take: ``python -m vtx_app.jobs.take --project lighthouse --clip A01_S01_SH001 --digest …``."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vtx_app.errors import PlanMovedError, RenderError, VtxError
from vtx_app.formats.renderers import RENDERERS
from vtx_app.jobs.run import run
from vtx_app.media.reader import probe
from vtx_app.models.locked import LockedModels
from vtx_app.plan.film_plan import ClipPlan, plan_clips
from vtx_app.plan.readiness import require_models
from vtx_app.plan.relock import add_to_lock
from vtx_app.project.film import Film
from vtx_app.project.load import load_film
from vtx_app.project.paths import TIERS
from vtx_app.registry.job_states import job
from vtx_app.render.gpu_lease import gpu_lease, lease_home
from vtx_app.render.gpus import visible_gpus
from vtx_app.render.renderer import Sources, load_renderer
from vtx_app.takes.store import make_take, require_whole


def render_take(options: argparse.Namespace) -> None:
    """Make the take of ``options.clip`` whose request has ``options.digest``, unless it is there."""
    with job("take", options.project, options.clip, options.digest):
        _render_take(options)


def _render_take(options: argparse.Namespace) -> None:
    film, plan = _planned(options.project, options.clip, options.digest)
    parent = plan.parent.take if plan.parent else None
    if parent is not None and not plan.take.exists():
        if not parent.exists():
            raise RenderError(f"{options.clip} continues from a take that is missing: {parent}. Run the build again")
        require_whole(parent)
    models = LockedModels(film.folder, film.lock, film.variables)

    def render(out: Path) -> Mapping[str, Any]:
        require_models(film, plan)
        places = {slot: models.place(slot) for slot in plan.slots}
        sources = Sources(plan.files, parent, places, plan.slots, options.log, film.variables)
        with _gpu(plan.request.renderer):
            return load_renderer(plan.request.renderer).render(plan.request, sources, out, _quiet)

    if make_take(plan.take, plan.request, plan.sources, render, lambda part: _check(part, plan)) and plan.slots:
        add_to_lock(film, plan.slots, plan.request.quantization)


@contextlib.contextmanager
def _gpu(renderer: str) -> Iterator[None]:
    """Hold a GPU of this machine for a renderer that needs one and has no lease of its own; let it see no other.

    A renderer's module is imported in here: what a process sees of CUDA is settled once.
    """
    if not RENDERERS[renderer].needs_gpu or RENDERERS[renderer].leases:
        yield
        return
    with gpu_lease(lease_home(), visible_gpus(os.environ)) as name:
        os.environ["CUDA_VISIBLE_DEVICES"] = name
        yield


def _quiet(done: int, total: int) -> None:
    """Frames of a storyboard are too quick to tell one by one."""


def _planned(project: str, clip_id: str, digest: str) -> tuple[Film, ClipPlan]:
    """The clip's plan in whichever tier has that digest. A tier that can't be planned here does not hide another."""
    film = load_film(project, only=[clip_id])
    trouble: VtxError | None = None
    for tier in TIERS:
        try:
            plans = plan_clips(film, tier).values()
        except VtxError as error:
            trouble = trouble if tier == "draft" else error  # nobody need have the models of a draft
            continue
        for plan in plans:
            for take in plan.renderable() if plan.clip.clip_id == clip_id else ():
                if take.digest == digest:
                    return film, take
    if trouble is not None:
        raise trouble
    raise PlanMovedError(
        f"{clip_id} was changed after this build was planned: its take {digest[:12]}… is no longer what the specs "
        "ask for. Run the build again"
    )


def _check(part: Path, plan: ClipPlan) -> None:
    """The rendered file is whole and is what was asked for. Raises :class:`RenderError`."""
    request = plan.request
    found = probe(part)
    if (found.frames, found.width, found.height) != (request.frames, request.width, request.height):
        raise RenderError(
            f"{plan.clip.clip_id}: {request.renderer} made {found.frames} frames of {found.width}×{found.height}; "
            f"asked for were {request.frames} of {request.width}×{request.height}"
        )


if __name__ == "__main__":
    sys.exit(run(render_take, "Render one take.", ["clip", "digest"]))
