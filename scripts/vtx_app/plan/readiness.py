"""Whether this machine can render what a build wants, asked before its first job."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from vtx_app.errors import RenderError, VtxError
from vtx_app.formats.renderers import RENDERERS
from vtx_app.models.locked import LockedModels
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.project.environment import environment_digest, has_environment
from vtx_app.project.film import Film
from vtx_app.project.paths import app_home
from vtx_app.render.build_process import VARIABLE

__all__ = ["note_takes", "require_models", "require_renderable", "unrenderable"]

_SHOWN = 12


def _by_models(takes: Iterable[ClipPlan]) -> list[ClipPlan]:
    return [take for take in takes if RENDERERS[take.request.renderer].uses_models]


def unrenderable(film: Film, takes: Sequence[ClipPlan]) -> list[str]:
    """Why takes can't be rendered on this machine, a line each; none where nothing stands against them."""
    wanted = _by_models(takes)
    unmakeable = _environment_faults(film.folder) if takes else []
    if not wanted:
        return unmakeable
    from vtx_app.render.ltx.preflight.models import PlannedTake  # films without models don't pay for it
    from vtx_app.render.ltx.preflight.problems import find_problems

    models = LockedModels(film.folder, film.lock, film.variables)
    lines = find_problems([PlannedTake(take.clip.name, take.request, take.slots) for take in wanted], models)
    more = len(lines) - _SHOWN
    return unmakeable + lines[:_SHOWN] + ([f"… and {more} more"] if more > 0 else [])


def _environment_faults(folder: Path) -> list[str]:
    """What is wrong with the files that the film's own Python is made from."""
    try:
        if has_environment(folder):
            environment_digest(folder)
    except VtxError as error:
        return str(error).splitlines()
    return []


def require_models(film: Film, take: ClipPlan) -> None:
    """Raise :class:`RenderError` where a take's models are not fit to render it.

    For its job, which may run on another machine than the one that planned the build.
    """
    if _by_models([take]):
        from vtx_app.render.ltx.preflight.models import PlannedTake, model_problems

        models = LockedModels(film.folder, film.lock, film.variables)
        if lines := list(model_problems(PlannedTake(take.clip.name, take.request, take.slots), models)):
            raise RenderError("\n".join(lines))


def require_renderable(film: Film, takes: Sequence[ClipPlan]) -> None:
    """Raise :class:`RenderError` where takes can't be rendered on this machine."""
    if lines := unrenderable(film, takes):
        raise RenderError("\n".join(lines))


def note_takes(films: Iterable[Sequence[ClipPlan]]) -> None:
    """Leave word for the build's workers of what is to be rendered: prompts are encoded in one go."""
    requests = [take.request for takes in films for take in _by_models(takes)]
    if requests:
        from vtx_app.render.ltx.pending_prompts import pending_prompts_path, write_pending_prompts

        write_pending_prompts(pending_prompts_path(app_home(), os.environ[VARIABLE]), requests)
