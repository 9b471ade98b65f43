"""The plans of all films in one run, each computed once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from vtx_app.errors import ModelError, PlanMovedError, ProjectError, VtxError
from vtx_app.plan.clip_plan import TakePlan
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.planner import plan_film
from vtx_app.project.paths import TIERS

if TYPE_CHECKING:
    from vtx_app.plan.board import BoardPlan

__all__ = ["Plans"]


class Plans:
    """Films' plans by slug and tier. Films that nobody asks for are not read."""

    def __init__(self) -> None:
        self._plans: dict[tuple[str, str], FilmPlan] = {}
        self._takes: dict[tuple[str, str], dict[tuple[str, str], TakePlan]] = {}
        self._boards: dict[str, BoardPlan] = {}

    def film(self, slug: str, tier: str) -> FilmPlan:
        """The plan of the film ``slug`` in ``tier``. Raises :class:`VtxError` with every fault in its files."""
        if (slug, tier) not in self._plans:
            plan = self._plans[slug, tier] = plan_film(slug, tier)
            takes = (take for clip in plan.every_clip.values() for take in clip.takes)
            self._takes[slug, tier] = {(take.clip_id, take.digest): take for take in takes}
        return self._plans[slug, tier]

    def board(self, slug: str) -> BoardPlan:
        """The board of the film ``slug``.

        Raises :class:`VtxError` with every fault in its files, :class:`ProjectError` if there is no clip in it.
        """
        if slug not in self._boards:
            from vtx_app.plan.board import plan_board  # other builds don't pay for it

            sketch, own, note = self.film(slug, "animatic"), None, ""
            if not sketch.clips:
                raise ProjectError(f"there is no clip in {slug}, so there is nothing for a board to show")
            try:
                own = self.film(slug, "final")
            except ModelError as error:
                note = str(error)
            self._boards[slug] = plan_board(sketch, own, note)
        return self._boards[slug]

    def take(self, slug: str, clip_id: str, digest: str) -> TakePlan:
        """The take with that digest, in the first tier that requests it.

        A take asked for by its path alone doesn't say its tier; tiers that are planned already come first. Raises
        :class:`PlanMovedError` if no tier requests it, or the fault that kept a tier from being planned.
        """
        for tier in TIERS:
            if take := self._takes.get((slug, tier), {}).get((clip_id, digest)):
                return take
        fault: VtxError | None = None
        for tier in TIERS:
            try:
                self.film(slug, tier)
            except VtxError as error:
                fault = fault if tier == "draft" else error  # the models of a draft are optional
                continue
            if take := self._takes[slug, tier].get((clip_id, digest)):
                return take
        raise fault or PlanMovedError(
            f"no clip requests the take {digest[:12]}… of {clip_id}: the specs of {slug} request another. "
            "A take is named by the digest of what decides its pixels"
        )

    def known(self) -> Iterable[FilmPlan]:
        """The plans computed so far."""
        return self._plans.values()

    def forget(self) -> None:
        """Plan again from the files, which a job of this build has changed."""
        self._plans.clear()
        self._takes.clear()
        self._boards.clear()
