"""Whether a delivered file is what the plan says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vtx_app.media.stamp import read_stamp

if TYPE_CHECKING:
    from vtx_app.plan.film_plan import ActPlan, ClipPlan, FinalPlan

__all__ = ["is_current"]


def is_current(made: ClipPlan | ActPlan | FinalPlan) -> bool:
    """Whether the delivered file is there, and what belongs to it, and was made from just what the plan says."""
    manifest = getattr(made, "manifest", None)
    return read_stamp(made.path) == made.stamp and (manifest is None or manifest.exists())
