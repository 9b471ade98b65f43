"""The functions of ``rules/qc.smk``: the checks of takes."""

from __future__ import annotations

from typing import Any

from vtx_app.workflow.input_function import Rules, input_function

__all__ = ["QcRules"]

_TAKES_AT_ONCE = 2


class QcRules(Rules):
    """Input and threads functions of the rules ``check_takes`` and ``check_round``."""

    @input_function
    def inputs(self, wildcards: Any) -> list[str]:
        """The takes to be measured that this build renders."""
        plan = self.build.plan(wildcards)
        quality = self.build.quality(plan)
        self.build.force_if_stale(plan, quality)
        return [take.path.as_posix() for take in quality.unmeasured if not take.exists()]

    @input_function
    def round_inputs(self, wildcards: Any) -> list[str]:
        """The takes to be measured that this build renders before it decides which shots get another seed."""
        quality = self.build.quality(self.build.plan(wildcards))
        if quality.round != wildcards.round:
            return []  # an earlier round of this build
        return [take.path.as_posix() for take in quality.due if not take.exists()]

    @input_function
    def threads(self, wildcards: Any) -> int:
        """How many takes are measured at once."""
        plan = self.build.plan(wildcards)
        return max(1, min(_TAKES_AT_ONCE, len(self.build.quality(plan).unmeasured)))
