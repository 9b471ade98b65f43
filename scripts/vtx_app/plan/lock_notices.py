"""Lines at the head of a plan: what ``film.lock.yaml`` keeps a film from, and the cost of moving it."""

from __future__ import annotations

from vtx_app.formats.film_lock import NEWEST_PROMPTS
from vtx_app.formats.pipelines import pipeline_row
from vtx_app.formats.renderers import RENDERERS
from vtx_app.models.default_negative import NEWEST_PACKAGE, package_negative
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.text import plural

__all__ = ["lock_notices"]


def lock_notices(plan: FilmPlan) -> list[str]:
    """Lines about a film for models: what its lock holds that is not the newest, or not this machine's."""
    film, lock = plan.film, plan.film.lock
    if not RENDERERS[plan.renderer].uses_models:
        return []
    extends = film.settings["negative"] == "extend" and _has_negatives(plan)
    if not lock.models:
        if extends and lock.negative_prompt is None and package_negative(film.folder) is None:
            return [
                f"  this Python has no negative prompt of ltx-pipelines: planned with that of {NEWEST_PACKAGE}; "
                "the first take locks the film to what it is rendered with"
            ]
        return []
    older = ["headings of scenes in prompts"] if lock.prompt_version < NEWEST_PROMPTS and _has_headings(plan) else []
    if extends and lock.negative_prompt is None:
        older.append("LTX-2's own negative prompt before the film's")
    if older:
        return [f"  locked before VTX had {' and '.join(older)}, so rendered without; {_move(plan)}"]
    if extends and package_negative(film.folder) not in (None, lock.negative_prompt):
        return [f"  the negative prompt of the ltx-pipelines here is not film.lock.yaml's, which counts; {_move(plan)}"]
    return []


def _has_negatives(plan: FilmPlan) -> bool:
    kinds = {(clip.take.request.pipeline, clip.take.request.generation) for clip in plan.clips.values()}
    return any(pipeline_row(*kind).accepts("negative") for kind in kinds)


def _has_headings(plan: FilmPlan) -> bool:
    return bool(plan.film.scenes) or any(clip.clip.spec.heading for clip in plan.clips.values())


def _move(plan: FilmPlan) -> str:
    """How to move the film, and the most that it costs: its takes of this tier."""
    takes = sum(clip.take.exists() for clip in plan.clips.values())
    cost = f"up to {plural(takes, 'take')} rendered again" if takes else "no take to render again"
    return f"vtx models lock {plan.film.slug} moves it ({cost})"
