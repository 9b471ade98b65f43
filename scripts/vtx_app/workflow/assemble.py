"""The functions of ``rules/assemble.smk``: acts and the final cut."""

from __future__ import annotations

from typing import Any

from vtx_app.errors import ProjectError
from vtx_app.plan.pending import clips_for_manifest
from vtx_app.project.paths import tier_of
from vtx_app.workflow.build import Build
from vtx_app.workflow.input_function import input_function

__all__ = ["AssembleRules"]


class AssembleRules:
    """Input functions of the rules ``act`` and ``final_cut``."""

    def __init__(self, build: Build) -> None:
        self.build = build

    @input_function
    def act_inputs(self, wildcards: Any) -> list[str]:
        """The clips of the act that this build conforms."""
        plan = self.build.plans.film(wildcards.project, tier_of(wildcards.tier))
        act = plan.act(wildcards.act)
        self.build.force_if_stale(plan, act)
        return self.build.inputs(plan, act, act.clips)

    @input_function
    def final_inputs(self, wildcards: Any) -> list[str]:
        """The acts (or clips, without acts) that this build makes, and the stale clips that the manifest lists."""
        plan = self.build.plans.film(wildcards.project, tier_of(wildcards.tier))
        if plan.final is None:
            raise ProjectError(f"{plan.film.folder / 'prompts/clips'} has no clip specs yet")
        self.build.force_if_stale(plan, plan.final)
        listed = [clip.path.as_posix() for clip in clips_for_manifest(plan)]
        return self.build.inputs(plan, plan.final, plan.final.parts) + listed
