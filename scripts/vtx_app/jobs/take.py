"""Render one take: ``python -m vtx_app.jobs.take --project lighthouse --clip A01_S01_SH001 --digest …``."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vtx_app.build.plan import ClipPlan, plan_clips
from vtx_app.errors import PlanMovedError, RenderError
from vtx_app.files import locked
from vtx_app.jobs.run import run
from vtx_app.media.probe import probe
from vtx_app.project.film import load_film
from vtx_app.project.paths import TIERS, app_home
from vtx_app.render.renderer import RENDERERS, Sources, load_renderer
from vtx_app.takes.store import make_take


def render_take(options: argparse.Namespace) -> None:
    """Make the take of ``options.clip`` whose request has ``options.digest``, unless it is there."""
    plan = _planned(options.project, options.clip, options.digest)
    parent = plan.parent.take if plan.parent else None
    if parent is not None and not parent.exists():
        raise RenderError(f"{options.clip} continues from a take that is missing: {parent}. Run the build again")
    sources = Sources(plan.files, parent)

    def render(out: Path) -> Mapping[str, Any]:
        renderer = load_renderer(plan.request.renderer)
        gpu = RENDERERS[plan.request.renderer].needs_gpu
        lease = locked(app_home() / "locks" / "gpu.lock", "the GPU is rendering another take; waiting for it")
        with lease if gpu else contextlib.nullcontext():
            return renderer.render(plan.request, sources, out, _quiet)

    make_take(plan.take, plan.request, plan.digest, render, lambda part: _check(part, plan))


def _quiet(done: int, total: int) -> None:
    """Frames of a storyboard are too quick to tell one by one."""


def _planned(project: str, clip_id: str, digest: str) -> ClipPlan:
    film = load_film(project, only=[clip_id])
    for tier in TIERS:
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
