"""The function of the rule ``poster``."""

from __future__ import annotations

from typing import Any

from vtx_app.errors import ProjectError
from vtx_app.plan.pending import clips_for_poster
from vtx_app.project.paths import tier_of
from vtx_app.workflow.build import Build
from vtx_app.workflow.input_function import input_function

__all__ = ["PosterRules"]


class PosterRules:
    """Input function of the rule ``poster``."""

    def __init__(self, build: Build) -> None:
        self.build = build

    @input_function
    def inputs(self, wildcards: Any) -> list[str]:
        """The take that the poster is a frame of, if it is still to be rendered."""
        plan = self.build.plans.film(wildcards.project, tier_of(wildcards.tier))
        if plan.poster is None:
            raise ProjectError(f"{plan.film.folder / 'prompts/clips'} has no clip specs yet")
        self.build.force_if_stale(plan, plan.poster)
        return self.build.missing(plan, plan.poster, clips_for_poster(plan))
