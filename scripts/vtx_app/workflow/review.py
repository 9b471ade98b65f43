"""The functions of ``rules/review.smk``: subtitles, dailies, the board."""

from __future__ import annotations

from typing import Any

from vtx_app.errors import ProjectError
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
        """Nothing: the page shows what is there. But if this build is asked for the final too, that comes first."""
        plan = self.build.plan(wildcards)
        final = plan.final
        cut = final is not None and {plan.tier, final.path.as_posix()} & set(self.build.snakemake.targets)
        if cut and final is not None and not plan.is_current(final):
            return [final.path.as_posix()]
        from vtx_app.dailies.page import plan_dailies  # reads the registry, which no other rule needs

        self.build.force_if_stale(plan, plan_dailies(plan))
        return []

    @input_function
    def board_inputs(self, wildcards: Any) -> list[str]:
        """The storyboard's takes that the board shows and this build draws: it renders no others."""
        plans = self.build.plans
        board = plans.board(wildcards.project)
        sketch = plans.film(wildcards.project, "animatic")
        self.build.force_if_stale(sketch, board)
        return self.build.missing(sketch, board, board.shown)
