"""The functions of ``rules/deliver.smk``: versions of the film."""

from __future__ import annotations

from typing import Any

from vtx_app.plan.deliveries import delivery_of_file, film_deliveries
from vtx_app.project.paths import tier_of
from vtx_app.workflow.build import Build
from vtx_app.workflow.input_function import input_function

__all__ = ["DeliverRules"]


class DeliverRules:
    """Input functions of the rule ``delivery``."""

    def __init__(self, build: Build) -> None:
        self.build = build

    @input_function
    def delivery_inputs(self, wildcards: Any) -> list[str]:
        """The final and the mix, if this build makes them."""
        plan = self.build.plans.film(wildcards.project, tier_of(wildcards.tier))
        delivery = delivery_of_file(film_deliveries(plan), wildcards.file)
        self.build.force_if_stale(plan, delivery)
        return self.build.inputs(plan, delivery, delivery.parts)
