"""The state of a clip by the film's files alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vtx_app.plan.film_plan import ClipPlan
    from vtx_app.project.film import Film

__all__ = ["clip_state"]


def clip_state(film: Film, plan: ClipPlan) -> str:
    """By the files alone: ``approved`` or ``rendered`` where the take that the film shows is there; ``rejected`` where
    a person refused the one before it, and the next is yet to be rendered; else ``planned``."""
    if plan.take.exists():
        return "approved" if plan.choice.state == "approved" else "rendered"
    select = film.selects.get(plan.clip_id)
    refused = plan.clip.spec.status.state == "rejected" or (select is not None and select.rejected)
    return "rejected" if refused else "planned"
