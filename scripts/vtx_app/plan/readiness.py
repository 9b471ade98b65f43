"""Whether this machine can render what a build needs, checked before its first job."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from vtx_app.errors import RenderError, SpecError, VtxError
from vtx_app.formats.renderers import RENDERERS
from vtx_app.models.locked import LockedModels
from vtx_app.plan.film_plan import TakePlan
from vtx_app.project.environment import environment_digest, has_environment
from vtx_app.project.film import Film
from vtx_app.text import shortened

__all__ = ["memory_lines", "render_faults", "require_models", "require_renderable"]

_MAX_LINES = 12


def _with_models(takes: Iterable[TakePlan]) -> list[TakePlan]:
    return [take for take in takes if RENDERERS[take.request.renderer].uses_models]


def render_faults(film: Film, takes: Sequence[TakePlan]) -> list[str]:
    """Why this machine can't render ``takes``, a line each; empty if it can."""
    faults = _environment_faults(film.folder) if takes else []
    modelled = _with_models(takes)
    if not modelled:
        return faults
    from vtx_app.render.ltx.preflight.models import PlannedTake  # films without models don't pay for it
    from vtx_app.render.ltx.preflight.problems import find_problems

    models = LockedModels(film.folder, film.lock, film.variables)
    lines = find_problems([PlannedTake(take.spec, take.request, take.slots) for take in modelled], models)
    return faults + shortened([line for line in lines if line not in faults], _MAX_LINES)


def memory_lines(film: Film, takes: Sequence[TakePlan]) -> list[str]:
    """How ``takes`` fit into this machine's GPU, a line for each memory mode; empty without a GPU, or without LTX-2."""
    modelled = _with_models(takes)
    if not modelled:
        return []
    from vtx_app.render.ltx.package import installed_for
    from vtx_app.render.ltx.preflight.gpu_memory import gpu_memory_lines
    from vtx_app.render.ltx.preflight.models import PlannedTake

    try:
        package = installed_for(film.folder)
    except (RenderError, SpecError):  # one of render_faults
        return []
    models = LockedModels(film.folder, film.lock, film.variables)
    return gpu_memory_lines([PlannedTake(take.spec, take.request, take.slots) for take in modelled], models, package)


def _environment_faults(folder: Path) -> list[str]:
    """What is wrong with the files that describe the film's own Python."""
    try:
        if has_environment(folder):
            environment_digest(folder)
    except VtxError as error:
        return str(error).splitlines()
    return []


def require_models(film: Film, take: TakePlan) -> None:
    """Raise :class:`RenderError` if the models can't render ``take``.

    Each job checks again, because it may run on another machine than the one that planned the build.
    """
    if _with_models([take]):
        from vtx_app.render.ltx.preflight.models import PlannedTake, model_problems

        models = LockedModels(film.folder, film.lock, film.variables)
        if lines := list(model_problems(PlannedTake(take.spec, take.request, take.slots), models)):
            raise RenderError("\n".join(lines))


def require_renderable(film: Film, takes: Sequence[TakePlan]) -> None:
    """Raise :class:`RenderError` if this machine can't render ``takes``."""
    if lines := render_faults(film, takes):
        raise RenderError("\n".join(lines))
