"""The functions of ``rules/review.smk``: subtitles, dailies, the board."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vtx_app.errors import ProjectError
from vtx_app.plan.film_plan import FilmPlan, Product
from vtx_app.workflow.input_function import Rules, input_function

__all__ = ["ReviewRules"]


class ReviewRules(Rules):
    """Input functions of the rules ``subtitles``, ``dailies_page`` and ``board_pages``."""

    @input_function
    def subtitle_inputs(self, wildcards: Any) -> list[str]:
        """The takes in which somebody speaks that this build renders."""
        plan = self.build.plan(wildcards)
        subtitles = plan.subtitles
        if subtitles is None:
            raise ProjectError(f"nothing is said in {plan.film.slug}, so it has no subtitles")
        self.build.force_if_stale(plan, subtitles)
        spoken = [clip for clip in plan.clips.values() if clip.clip_id in subtitles.clips]
        return self.build.missing(plan, subtitles, spoken)

    @input_function
    def dailies_inputs(self, wildcards: Any) -> list[str]:
        """What else this build is asked for, if the page shows or counts it and it is stale. Otherwise nothing: the
        page shows what is there."""
        plan = self.build.plan(wildcards)
        first = [
            product.path.as_posix()
            for target, of, product in self._shown(plan)
            if self.build.is_asked_for(target, plan, product) and not of.is_current(product)
        ]
        if not first:
            from vtx_app.dailies.page import plan_dailies  # reads the registry, which no other rule needs

            self.build.force_if_stale(plan, plan_dailies(plan))
        return first

    def _shown(self, plan: FilmPlan) -> Iterator[tuple[str, FilmPlan, Product]]:
        """What the page shows of the film and can wait for: the target, the plan and the product."""
        asked = " ".join(self.build.snakemake.targets)
        if plan.final is not None:
            yield plan.tier, plan, plan.final
        if "qc" in asked and plan.final is not None and plan.film.metadata.qc.policy == "warn":  # others stop a build
            yield "qc", plan, self.build.quality(plan)
        if "board" in asked:
            sketch = self.build.plans.film(plan.film.slug, "animatic")
            if sketch.final is not None:
                yield "board", sketch, self.build.plans.board(plan.film.slug)

    @input_function
    def board_inputs(self, wildcards: Any) -> list[str]:
        """The storyboard's takes that the board shows and this build draws: it renders no others."""
        plans = self.build.plans
        board = plans.board(wildcards.project)
        sketch = plans.film(wildcards.project, "animatic")
        self.build.force_if_stale(sketch, board)
        return self.build.missing(sketch, board, board.shown)
