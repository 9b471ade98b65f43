"""The state of a clip, by the film's files and by what its jobs said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtx_app.plan.current import is_current

if TYPE_CHECKING:
    from vtx_app.plan.film_plan import ClipPlan
    from vtx_app.project.film import Film

__all__ = ["SAID_BY_JOBS", "clip_state", "is_current"]

SAID_BY_JOBS = ("queued", "rendering", "failed", "interrupted")
"""States that the newest job of a take gives its clip, as long as the take is not there."""


def clip_state(film: Film, plan: ClipPlan) -> str:
    """By the files alone: ``approved`` or ``rendered`` where the take that the film shows is there; ``rejected`` where
    a person refused the one before it, and the next is yet to be rendered; else ``planned``."""
    if plan.take.exists():
        return "approved" if plan.choice.state == "approved" else "rendered"
    select = film.selects.get(plan.clip.clip_id)
    refused = plan.clip.spec.status.state == "rejected" if select is None else bool(select.rejected)
    return "rejected" if refused else "planned"
