"""The function of ``rules/sound.smk``: the film's mix."""

from __future__ import annotations

from typing import Any

from vtx_app.errors import ProjectError
from vtx_app.plan.pending import clips_heard
from vtx_app.project.paths import tier_of
from vtx_app.workflow.build import Build
from vtx_app.workflow.input_function import input_function

__all__ = ["SoundRules"]


class SoundRules:
    """Input function of the rule ``mix``."""

    def __init__(self, build: Build) -> None:
        self.build = build

    @input_function
    def mix_inputs(self, wildcards: Any) -> list[str]:
        """The takes heard in the film that this build renders."""
        plan = self.build.plans.film(wildcards.project, tier_of(wildcards.tier))
        if plan.mix is None:
            raise ProjectError(f"{plan.film.folder / 'prompts/clips'} has no clip specs yet")
        self.build.force_if_stale(plan, plan.mix)
        return self.build.missing(plan, plan.mix, clips_heard(plan, plan.mix.plan))
