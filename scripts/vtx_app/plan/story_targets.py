"""The story, as Snakemake's rules ask for it: which stages run, from what, and how many model calls at once.

A stage that is out of date is put on Snakemake's list of forced files, a current one is ``ancient``, as in
:mod:`vtx_app.plan.graph`. What follows from a stale stage runs after it, and looks then whether anything is to be done.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from snakemake.io import ancient
from snakemake.logging import logger

from vtx_app.story.plan import OUTPUTS, StagePlan, StoryPlan, has_story, plan_story
from vtx_app.story.stages.registry import stages_of
from vtx_app.story.story_files import StoryFiles

__all__ = ["StoryTargets"]


class StoryTargets:
    """What the rules of ``rules/story.smk`` ask. ``workflow`` is Snakemake's."""

    def __init__(self, workflow: Any) -> None:
        self.workflow = workflow
        self._plans: dict[str, StoryPlan] = {}
        self._told: set[str] = set()

    def plan(self, slug: str) -> StoryPlan:
        """The film's story plan, made once a run and told once."""
        if slug not in self._plans:
            self._plans[slug] = plan_story(slug)
        return self._plans[slug]

    def can_begin(self, slug: str) -> bool:
        """Whether a film without specs goes through its story first."""
        return has_story(StoryFiles(slug))

    def tell(self, slug: str) -> None:
        """Say what will be done, once."""
        if slug not in self._told:
            self._told.add(slug)
            for line in self.plan(slug).lines():
                logger.info(line)

    def all_files(self, slug: str) -> list[Any]:
        """What ``snakemake story`` makes: the outputs of every stage, those that a person wrote as they are."""
        self.tell(slug)
        return [each for stage in self.plan(slug).stages.values() for each in self._outputs(slug, stage)]

    def inputs(self, slug: str, stage: str) -> list[Any]:
        """What the stage is made from. Puts the stage's own outputs on the forced list where it is out of date."""
        plan = self.plan(slug)
        folder = StoryFiles(slug).folder
        if plan.stages[stage].state == "stale":
            for path in self._paths(folder, stage):
                if path.exists():
                    self.workflow.dag.forcefiles.add(path.as_posix())
        writes = stages_of(plan.writer).get(stage)
        needs = writes.needs if writes else ()
        return [each for need in needs for each in self._outputs(slug, plan.stages[need])]

    def one_file(self, slug: str, path: str, stage: str) -> list[Any]:
        """What a single scene or spec is made from: the whole of the stages before it."""
        sources = StoryFiles(slug)
        due = self.plan(slug).stages[stage].parts
        if path.rpartition("/")[2].partition("__")[0] in due and sources.exists(path):
            self.workflow.dag.forcefiles.add(sources.path(path).as_posix())
        return self.inputs(slug, stage)

    def calls_at_once(self, slug: str, stage: str) -> int:
        """How many model calls the stage may make at a time; 0 for one that makes none."""
        plan = self.plan(slug)
        may_call = plan.writer == "openai" and plan.stages[stage].is_made
        allowed = self.workflow.global_resources["llm"]  # a number, or since Snakemake 9.25 one in a Resource
        return int(getattr(allowed, "value", allowed)) if may_call else 0

    def _outputs(self, slug: str, stage: StagePlan) -> Iterable[Any]:
        for path in self._paths(StoryFiles(slug).folder, stage.name):
            if stage.is_made:
                yield path.as_posix()
            elif os.path.lexists(path):
                yield ancient(path.as_posix())

    def _paths(self, folder: Path, stage: str) -> list[Path]:
        return [folder / name for name in OUTPUTS[stage]]
