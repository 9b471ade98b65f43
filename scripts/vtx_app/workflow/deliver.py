"""The functions of ``rules/deliver.smk``: versions of the film."""

from __future__ import annotations

from typing import Any

from vtx_app.workflow.input_function import Rules, input_function

__all__ = ["DeliverRules"]


class DeliverRules(Rules):
    """Input functions of the rule ``delivery``."""

    @input_function
    def delivery_inputs(self, wildcards: Any) -> list[str]:
        """The final and the mix, if this build makes them."""
        from vtx_app.plan.deliveries import delivery_of_file, film_deliveries

        plan = self.build.plan(wildcards)
        delivery = delivery_of_file(film_deliveries(plan), wildcards.file)
        self.build.force_if_stale(plan, delivery)
        return self.build.inputs(plan, delivery, delivery.parts)
