"""Which writer makes which stage. A stage that no writer makes is a person's."""

from __future__ import annotations

from functools import cache

from vtx_app.story.stage import Stage

__all__ = ["stages_of"]


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

    by_model: list[Stage] = [
        ModelOutline(),
        ModelTreatment(),
        ModelBibles(),
        ModelScreenplay(),
        ModelShotList(),
        ModelClips(),
    ]
    by_rule: list[Stage] = [RuleBibles(), RuleShotList(), RuleClips()]
    screenplay: list[Stage] = [RuleOutline(), RuleScreenplay()]
    stages = {"openai": by_model, "fountain": [*screenplay, *by_rule], "hand": by_rule}[writer]
    return {stage.name: stage for stage in stages}
