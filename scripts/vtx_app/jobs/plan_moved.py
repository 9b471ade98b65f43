"""Errors of a job whose film was edited after the build was planned."""

from __future__ import annotations

from collections.abc import Iterable

from vtx_app.errors import PlanMovedError
from vtx_app.plan.film_plan import Product

__all__ = ["no_longer_there", "not_rendered", "require_current"]


def not_rendered(clip_id: str) -> PlanMovedError:
    """The error for a clip that now shows a take which the build did not render."""
    return PlanMovedError(
        f"{clip_id} was edited after this build was planned: its take is not rendered yet. Run the build again"
    )


def no_longer_there(slug: str, part: str = "any clips") -> PlanMovedError:
    """The error for a film that no longer has the ``part`` that the job makes."""
    return PlanMovedError(f"{slug} no longer has {part}. Run the build again")


def require_current(parts: Iterable[Product]) -> None:
    """Raise :class:`PlanMovedError` unless the files of all ``parts`` were made from what the film says now."""
    for part in parts:
        if not part.is_current():
            raise PlanMovedError(f"{part.path} is out of date: the film was edited meanwhile. Run the build again")
