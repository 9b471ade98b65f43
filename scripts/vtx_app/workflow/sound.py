"""The function of ``rules/sound.smk``: the film's mix."""

from __future__ import annotations

from typing import Any

from vtx_app.plan.pending import clips_heard
from vtx_app.workflow.build import no_specs
from vtx_app.workflow.input_function import Rules, input_function

__all__ = ["SoundRules"]


class SoundRules(Rules):
    """Input function of the rule ``mix``."""

    @input_function
    def mix_inputs(self, wildcards: Any) -> list[str]:
        """The takes heard in the film that this build renders."""
        plan = self.build.plan(wildcards)
        if plan.mix is None:
            raise no_specs(plan)
        self.build.force_if_stale(plan, plan.mix)
        return self.build.missing(plan, plan.mix, clips_heard(plan, plan.mix.plan))
