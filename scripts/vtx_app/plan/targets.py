"""The named targets (final, draft, animatic, clips, acts): which film they mean, and what is said of it first."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from snakemake.logging import logger

from vtx_app.errors import ProjectError
from vtx_app.plan.film_plan import FilmPlan, FinalPlan
from vtx_app.plan.progress import Progress
from vtx_app.plan.readiness import render_faults
from vtx_app.plan.report import build_report
from vtx_app.project.settings import app_config

if TYPE_CHECKING:
    from vtx_app.plan.story_targets import StoryTargets

__all__ = ["NamedTargets"]


class NamedTargets:
    """What the rules of the ``Snakefile`` ask. ``workflow`` and ``checkpoints`` are Snakemake's.

    ``film`` plans a film in a tier, ``forget`` what it has planned; ``story`` is asked for films without specs.
    """

    def __init__(
        self,
        workflow: Any,
        checkpoints: Any,
        film: Callable[[str, str], FilmPlan],
        forget: Callable[[], None],
        story: Callable[[], StoryTargets],
    ) -> None:
        self.workflow, self.checkpoints = workflow, checkpoints
        self._film, self._forget, self._story = film, forget, story
        self._announced: set[tuple[str, str, str]] = set()
        self._progress = Progress()

    def default_project(self) -> str:
        """The film that named targets mean: ``--config project=``, else ``VTX_PROJECT``, else config.yaml."""
        config = app_config()
        slug = self._from_command_line() or os.environ.get("VTX_PROJECT") or config.project
        if slug is None:
            raise ProjectError("which film? Say it: --config project=<slug>, or VTX_PROJECT, or config/config.yaml")
        return slug

    def _from_command_line(self) -> str | None:
        given = self.workflow.config_settings.config if self.workflow.config_settings else {}
        return str(given["project"]) if "project" in given else None

    def _target(self, target: str, tier: str = "final") -> FilmPlan:
        plan = self._film(self.default_project(), tier)
        if plan.final is None:
            plan = self._after_story(plan)
        if (plan.film.slug, target, tier) not in self._announced:
            self._announced.add((plan.film.slug, target, tier))
            self._announce(plan, target)
        return plan

    def _announce(self, plan: FilmPlan, target: str) -> None:
        """The head of a dry-run, and of a build."""
        report = build_report(plan, target)
        for line in plan.warnings():
            logger.warning(line)
        for line in report.lines():
            logger.info(line)
        if shortage := report.disk_warning():
            logger.warning(shortage)
        if self.workflow.dryrun:
            for line in render_faults(plan.film, [clip.take for clip in report.render]):
                logger.warning(f"  can't be rendered here: {line}")
        else:
            self._progress.follow(report.render)

    def _after_story(self, plan: FilmPlan) -> FilmPlan:
        """The plan of a film that has no specs yet, once its story has made them (until then Snakemake waits)."""
        none_yet = ProjectError(
            f"{plan.film.folder / 'prompts/clips'} has no clip specs yet: write the first, "
            "A01_S01_SH001__<slug>.yaml, as in projects/lighthouse/prompts/clips"
        )
        story = self._story()
        if not story.can_begin(plan.film.slug):
            raise none_yet
        story.tell(plan.film.slug)
        self.checkpoints.clip_specs.get(project=plan.film.slug)
        self._forget()
        plan = self._film(plan.film.slug, plan.tier)
        if plan.final is None:
            raise none_yet
        return plan

    def final(self, _: Any) -> list[str]:
        """The final cut."""
        return [_present(self._target("final").final).path.as_posix()]

    def draft(self, _: Any) -> list[str]:
        """The film rendered small and fast, whatever the film's own renderer is."""
        return [_present(self._target("final", "draft").final).path.as_posix()]

    def animatic(self, _: Any) -> list[str]:
        """The storyboard film, whatever the film's own renderer is."""
        return [_present(self._target("final", "animatic").final).path.as_posix()]

    def clips(self, _: Any) -> list[str]:
        """Every delivered clip."""
        return [clip.path.as_posix() for clip in self._target("clips").clips.values()]

    def acts(self, _: Any) -> list[str]:
        """Every act. Raises :class:`ProjectError` where the film is cut without acts."""
        plan = self._target("acts")
        if not plan.film.settings["acts_enabled"]:
            raise ProjectError(
                f"{plan.film.slug} is cut without acts (acts_enabled: false in "
                f"{plan.film.settings.values['acts_enabled'].source}); take the target final"
            )
        return [act.path.as_posix() for act in plan.acts.values()]


def _present(final: FinalPlan | None) -> FinalPlan:
    assert final is not None, "a target's plan has clips"  # noqa: S101
    return final
