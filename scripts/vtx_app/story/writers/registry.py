"""Who writes which stage. A stage that a writer does not write is a person's."""

from __future__ import annotations

from functools import cache

from vtx_app.story.stage import Stage

__all__ = ["stages_of"]


@cache
def stages_of(writer: str) -> dict[str, Stage]:
    """The stages that ``writer`` (openai, fountain, hand) makes, by name, each after those it needs."""
    stages = _by_model() if writer == "openai" else _by_rule(with_screenplay=writer == "fountain")
    return {stage.name: stage for stage in stages}


def _by_model() -> list[Stage]:
    from vtx_app.story.writers.openai.bibles import BiblesByModel
    from vtx_app.story.writers.openai.clips import ClipsByModel
    from vtx_app.story.writers.openai.outline import OutlineByModel
    from vtx_app.story.writers.openai.screenplay import ScreenplayByModel
    from vtx_app.story.writers.openai.shotlist import ShotListByModel
    from vtx_app.story.writers.openai.treatment import TreatmentByModel

    return [
        OutlineByModel(),
        TreatmentByModel(),
        BiblesByModel(),
        ScreenplayByModel(),
        ShotListByModel(),
        ClipsByModel(),
    ]


def _by_rule(*, with_screenplay: bool) -> list[Stage]:
    from vtx_app.story.writers.rule.bibles import BiblesOfScreenplay
    from vtx_app.story.writers.rule.clips import ClipsByRule
    from vtx_app.story.writers.rule.outline import OutlineOfScreenplay
    from vtx_app.story.writers.rule.screenplay import ScenesOfScreenplay
    from vtx_app.story.writers.rule.shotlist import ShotListByRule

    split: list[Stage] = [OutlineOfScreenplay(), ScenesOfScreenplay()] if with_screenplay else []
    return [*split, BiblesOfScreenplay(), ShotListByRule(), ClipsByRule()]
