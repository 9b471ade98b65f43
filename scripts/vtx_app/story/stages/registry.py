"""Which writer makes which stage. A stage that no writer makes is a person's."""

from __future__ import annotations

from functools import cache

from vtx_app.story.stage import Stage

__all__ = ["stages_of"]

Stages = list[type[Stage]]


@cache
def stages_of(writer: str) -> dict[str, Stage]:
    """The stages that ``writer`` (openai, fountain, hand) makes, by name, each after those it needs."""
    # Imported on first use: most plans of a film read no story.
    from vtx_app.story.stages.bibles import ModelBibles, RuleBibles
    from vtx_app.story.stages.clips import ModelClips, RuleClips
    from vtx_app.story.stages.outline import ModelOutline, RuleOutline
    from vtx_app.story.stages.screenplay import ModelScreenplay, RuleScreenplay
    from vtx_app.story.stages.shotlist import ModelShotList, RuleShotList
    from vtx_app.story.stages.treatment import ModelTreatment

    by_model: Stages = [ModelOutline, ModelTreatment, ModelBibles, ModelScreenplay, ModelShotList, ModelClips]
    by_rule: Stages = [RuleBibles, RuleShotList, RuleClips]
    screenplay: Stages = [RuleOutline, RuleScreenplay]
    stages = {"openai": by_model, "fountain": [*screenplay, *by_rule], "hand": by_rule}
    return {stage.name: stage() for stage in stages[writer]}
