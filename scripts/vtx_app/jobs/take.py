"""Render one take: ``python -m vtx_app.jobs.take --project lighthouse --clip A01_S01_SH001 --digest …``."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vtx_app.errors import PlanMovedError, RenderError
from vtx_app.jobs.run import run
from vtx_app.media.probe import probe
from vtx_app.plan.film_plan import ClipPlan, plan_clips
from vtx_app.project.load import load_film
from vtx_app.project.paths import TIERS
from vtx_app.render.gpu_lease import gpu_lease, lease_home, machine_gpus
from vtx_app.render.renderer import RENDERERS, Sources, load_renderer
from vtx_app.takes.store import make_take, require_whole


def render_take(options: argparse.Namespace) -> None:
    """Make the take of ``options.clip`` whose request has ``options.digest``, unless it is there."""
    plan = _planned(options.project, options.clip, options.digest)
    parent = plan.parent.take if plan.parent else None
    if parent is not None and not plan.take.exists():
        if not parent.exists():
            raise RenderError(f"{options.clip} continues from a take that is missing: {parent}. Run the build again")
        require_whole(parent)
    sources = Sources(plan.files, parent)

    def render(out: Path) -> Mapping[str, Any]:
        with _gpu(plan.request.renderer):
            return load_renderer(plan.request.renderer).render(plan.request, sources, out, _quiet)

    make_take(plan.take, plan.request, plan.digest, render, lambda part: _check(part, plan))


@contextlib.contextmanager
def _gpu(renderer: str) -> Iterator[None]:
    """Hold a GPU of this machine for a renderer that needs one, and let the process see no other.

    A renderer's module is imported in here: what a process sees of CUDA is settled once.
    """
    if not RENDERERS[renderer].needs_gpu:
        yield
        return
    with gpu_lease(lease_home(), machine_gpus(os.environ)) as name:
        os.environ["CUDA_VISIBLE_DEVICES"] = name
        yield


def _quiet(done: int, total: int) -> None:
    """Frames of a storyboard are too quick to tell one by one."""


def _planned(project: str, clip_id: str, digest: str) -> ClipPlan:
    film = load_film(project, only=[clip_id])
    for tier in sorted(TIERS):  # the animatic needs no models
        for plan in plan_clips(film, tier).values():
            if plan.clip.clip_id == clip_id and plan.digest == digest:
                return plan
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
