"""The function of ``rules/handover.smk``: the folder that an editor opens."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from vtx_app.errors import ProjectError
from vtx_app.plan.film_plan import Product
from vtx_app.workflow.input_function import Rules, input_function

__all__ = ["HandoverRules"]


class HandoverRules(Rules):
    """Input function of the rule ``handover_folder``."""

    @input_function
    def handover_inputs(self, wildcards: Any) -> list[str]:
        """The takes, the mix and the subtitles that this build makes."""
        if find_spec("opentimelineio") is None:
            raise ProjectError("OpenTimelineIO is not installed: pip install 'vtx-app[edit]'")
        from vtx_app.plan.handover import plan_handover  # other builds don't pay for it

        plan = self.build.plan(wildcards)
        handover = plan_handover(plan)
        self.build.force_if_stale(plan, handover)
        parts: list[Product] = [handover.mix, *([handover.subtitles] if handover.subtitles else [])]
        takes = self.build.missing(plan, handover, plan.clips.values())
        return [*self.build.inputs(plan, handover, parts), *takes]
