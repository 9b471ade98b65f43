"""The functions of ``rules/story.smk``: which stages run, from what, and how many model calls at once.

A stale stage is forced. The stages after it run as well, and check then whether anything is left to do.
The story is imported on first use: films that have their specs never need it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vtx_app.compile.sources import spec_file
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.project.template_files import unedited_template_files
from vtx_app.workflow.build import Build
from vtx_app.workflow.input_function import Rules, input_function

if TYPE_CHECKING:
    from vtx_app.story.plan import StoryPlan

__all__ = ["StoryRules"]


class StoryRules(Rules):
    """Input and resource functions of the story's rules."""

    def __init__(self, build: Build) -> None:
        super().__init__(build)
        self._plans: dict[str, StoryPlan] = {}
        self._reported: set[str] = set()
        self._of_template: FilmPlan | None = None

    def plan(self, slug: str) -> StoryPlan:
        """The film's story plan, computed once."""
        from vtx_app.story.plan import plan_story

        if slug not in self._plans:
            self._plans[slug] = plan_story(slug)
        return self._plans[slug]

    def can_begin(self, slug: str) -> bool:
        """Whether a film without specs has a story to make them from."""
        from vtx_app.story.plan import has_story
        from vtx_app.story.story_files import StoryFiles

        return has_story(StoryFiles(slug))

    def comes_first(self, plan: FilmPlan) -> bool:
        """Whether the film has no specs yet, or only the template's, which its own story replaces.

        It stays so for that ``plan``, even after the story is made: the plan is of the specs from before.
        """
        if (plan.final is None and not plan.left_out) or plan is self._of_template:
            return True
        template = unedited_template_files(plan.film.folder)
        if not all(spec_file(stem) in template for stem in plan.every_clip):
            return False
        from vtx_app.story.story_files import StoryFiles

        if StoryFiles(plan.film.slug).writer == "hand":
            return False
        self._of_template = plan
        return True

    def report(self, slug: str) -> None:
        """Log what the build will write, once."""
        if slug not in self._reported:
            self._reported.add(slug)
            for line in self.plan(slug).lines():
                self.build.snakemake.info(line)

    def all_files(self, slug: str) -> list[str]:
        """The outputs of every stage, written by the build or by a person: the target ``story``."""
        self.report(slug)
        stages = self.plan(slug).stages.values()
        paths = [(stage, path) for stage in stages for path in _outputs(slug, stage.name)]
        return [path.as_posix() for stage, path in paths if stage.is_made or os.path.lexists(path)]

    def stage_inputs(self, stage: str) -> Callable[[Any], list[str]]:
        """The input function of a stage: outputs of the stages before it that this build writes."""
        return _Stage(self, stage).inputs

    def calls(self, stage: str) -> Callable[[Any], int]:
        """The resource function of a stage: how many model calls it may make at once; 0 if it makes none."""
        return _Stage(self, stage).calls

    @input_function
    def scene_inputs(self, wildcards: Any) -> list[str]:
        """What one scene of the screenplay is written from."""
        return self._file_inputs(wildcards.project, f"story/03_screenplay/{wildcards.scene}.md", "screenplay")

    @input_function
    def spec_inputs(self, wildcards: Any) -> list[str]:
        """What one clip spec is written from."""
        return self._file_inputs(wildcards.project, f"prompts/clips/{wildcards.clip}.yaml", "clips")

    def inputs(self, slug: str, stage: str) -> list[str]:
        """Outputs of the stages before ``stage`` that this build writes. Forces its own outputs if it is stale."""
        from vtx_app.story.stages.registry import stages_of

        plan = self.plan(slug)
        if plan.stages[stage].state == "stale":
            for path in _outputs(slug, stage):
                if path.exists():
                    self.build.snakemake.force(path)
        writer = stages_of(plan.writer).get(stage)
        needs = [plan.stages[need] for need in (writer.needs if writer else ())]
        return [path.as_posix() for need in needs if need.is_made for path in _outputs(slug, need.name)]

    def _file_inputs(self, slug: str, path: str, stage: str) -> list[str]:
        """What a single scene or spec is written from: the whole of the stages before it."""
        from vtx_app.story.story_files import StoryFiles

        files = StoryFiles(slug)
        stale_parts = self.plan(slug).stages[stage].parts
        if path.rpartition("/")[2].partition("__")[0] in stale_parts and files.exists(path):
            self.build.snakemake.force(files.path(path))
        return self.inputs(slug, stage)


class _Stage(Rules):
    """The functions of one stage's rule."""

    def __init__(self, rules: StoryRules, stage: str) -> None:
        super().__init__(rules.build)
        self.rules, self.stage = rules, stage

    @input_function
    def inputs(self, wildcards: Any) -> list[str]:
        return self.rules.inputs(wildcards.project, self.stage)

    @input_function
    def calls(self, wildcards: Any) -> int:
        plan = self.rules.plan(wildcards.project)
        may_call = plan.writer == "openai" and plan.stages[self.stage].is_made
        return self.build.snakemake.resource("llm") if may_call else 0


def _outputs(slug: str, stage: str) -> list[Path]:
    from vtx_app.story.plan import OUTPUTS
    from vtx_app.story.story_files import StoryFiles

    return [StoryFiles(slug).folder / name for name in OUTPUTS[stage]]
