"""The functions of the Snakefile: the named targets, the film they mean, and the report that comes first.

What only some targets need is imported by those: every dry-run waits for what is imported here.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vtx_app.dailies.paths import page_path
from vtx_app.errors import ProjectError
from vtx_app.plan.cut_notices import nothing_shown
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.pending import clips_to_render, has_checks, pieces_to_draw
from vtx_app.plan.readiness import memory_lines, render_faults
from vtx_app.plan.report import build_report, headline
from vtx_app.plan.sound_notices import sound_lines
from vtx_app.plan.words_on_picture import word_notes
from vtx_app.project.paths import project_folder
from vtx_app.project.settings import app_config
from vtx_app.workflow.build import Build
from vtx_app.workflow.input_function import Rules, input_function
from vtx_app.workflow.progress import Progress
from vtx_app.workflow.story import StoryRules

if TYPE_CHECKING:
    from vtx_app.plan.quality import FilmQuality

__all__ = ["Targets"]


class Targets(Rules):
    """Input functions of the named targets. ``checkpoints`` is the global of that name in a Snakefile."""

    def __init__(self, build: Build, story: StoryRules, checkpoints: Any) -> None:
        super().__init__(build)
        self.story, self.checkpoints = story, checkpoints
        self._reported: set[tuple[str, str, str]] = set()
        self._rounds: set[Path] = set()
        self._progress = Progress()

    @input_function
    def final_target(self, _: Any) -> list[str]:
        """The final cut, and its subtitles."""
        return self._final("final")

    @input_function
    def draft_target(self, _: Any) -> list[str]:
        """The film rendered small and fast, whatever its own renderer is."""
        return self._final("draft")

    @input_function
    def animatic_target(self, _: Any) -> list[str]:
        """The storyboard film, whatever the film's own renderer is."""
        return self._final("animatic")

    @input_function
    def clips_target(self, _: Any) -> list[str]:
        """Every delivered clip."""
        return [clip.path.as_posix() for clip in self._plan("clips").clips.values()]

    @input_function
    def acts_target(self, _: Any) -> list[str]:
        """Every act. Raises :class:`ProjectError` if the film is cut without acts."""
        plan = self._plan("acts")
        if not plan.film.settings["acts_enabled"]:
            raise ProjectError(
                f"{plan.film.slug} is cut without acts (acts_enabled: false in "
                f"{plan.film.settings.values['acts_enabled'].source}); use the target final"
            )
        return [act.path.as_posix() for act in plan.acts.values()]

    @input_function
    def deliver_target(self, _: Any) -> list[str]:
        """The deliveries that ``--config delivery=`` names; if it names none, :class:`ProjectError` lists them."""
        from vtx_app.plan.deliveries import plan_delivery
        from vtx_app.plan.delivery_size import delivery_lines, disk_warning
        from vtx_app.project.deliveries import chosen_deliveries, load_deliveries

        slug = self.build.default_project()
        wanted = chosen_deliveries(load_deliveries(project_folder(slug)), app_config().delivery, slug)
        plan = self._plan("final")
        files = [file for each in wanted for file in plan_delivery(each, plan)]
        states = [(file, plan.is_current(file)) for file in files]
        for line in delivery_lines(states, plan.timeline.frames, plan.rate):
            self.build.snakemake.info(line)
        stale = [file for file, current in states if not current]
        free = shutil.disk_usage(plan.film.folder).free
        if warning := disk_warning(stale, plan.timeline.frames, plan.rate, free):
            self.build.snakemake.warning(warning)
        return [file.path.as_posix() for file in files]

    @input_function
    def dailies_target(self, _: Any) -> str:
        """The page of the dailies. It shows what is there, so a film of which nothing is rendered has one too."""
        return page_path(project_folder(self.build.default_project()), "final").as_posix()

    @input_function
    def handover_target(self, _: Any) -> list[str]:
        """The folder that an editor opens."""
        from vtx_app.plan.handover import plan_handover

        return [plan_handover(self._plan("handover")).path.as_posix()]

    @input_function
    def qc_target(self, _: Any) -> list[str]:
        """The report on the checks of the film's takes."""
        return [self.build.quality(self._plan("qc")).path.as_posix()]

    @input_function
    def board_target(self, _: Any) -> str:
        """The storyboard on paper: what a client looks at. It renders nothing on a GPU."""
        plan = self._planned("animatic")
        board = self.build.plans.board(plan.film.slug)
        if (plan.film.slug, "board", plan.tier) not in self._reported:
            self._reported.add((plan.film.slug, "board", plan.tier))
            render = [] if plan.is_current(board) else clips_to_render(board.shown)
            for line in headline(plan, [], render):
                self.build.snakemake.info(line)
            if board.note:
                self.build.snakemake.warning(f"  the board shows the storyboard alone: {board.note}")
            self._progress.follow([] if self.build.snakemake.dry_run else render)
        return board.path.as_posix()

    @input_function
    def story_target(self, _: Any) -> list[str]:
        """Every file of the story."""
        return self.story.all_files(self.build.default_project())

    def _final(self, tier: str) -> list[str]:
        plan = self._plan("final", tier)
        assert plan.final is not None, "the plan of a target has clips"  # noqa: S101
        subtitles = [plan.subtitles.path.as_posix()] if plan.subtitles else []
        return [plan.final.path.as_posix(), *subtitles]

    def _plan(self, target: str, tier: str = "final") -> FilmPlan:
        """The film's plan, after its report."""
        plan = self._planned(tier)
        if (plan.film.slug, target, tier) not in self._reported:
            self._reported.add((plan.film.slug, target, tier))
            self._report(plan, target)
        return self._checked(plan)

    def _checked(self, plan: FilmPlan) -> FilmPlan:
        """The film's plan once takes that fail a check have given way to other seeds; until then Snakemake waits."""
        while plan.film.metadata.qc.policy == "reroll" and (quality := self.build.quality(plan)).round:
            self.build.later_takes |= {
                (plan.film.slug, take.clip_id, take.digest): take for take in quality.unmeasured if not take.exists()
            }
            if not quality.round_path.exists():
                tier = "" if plan.tier == "final" else f"{plan.tier}/"
                self.checkpoints.check_round.get(project=plan.film.slug, tier=tier, round=quality.round)
            self._report_round(quality)
            self.build.plans.forget()
            plan = self.build.plans.film(plan.film.slug, plan.tier)
            if self.build.quality(plan).round == quality.round:
                break  # left by a build that was stopped, and its measurements are gone: the report measures again
            self._progress.follow([] if self.build.snakemake.dry_run else build_report(plan, "qc").render)
        return plan

    def _report_round(self, quality: FilmQuality) -> None:
        """Report what a round of checks on another machine decided. A job on this machine has reported it itself."""
        path = quality.round_path
        if self.build.snakemake.runs_jobs_here or path in self._rounds:
            return
        self._rounds.add(path)
        for line in path.read_text(encoding="utf-8").splitlines():
            self.build.snakemake.info(line)

    def _planned(self, tier: str) -> FilmPlan:
        plan = self.build.plans.film(self.build.default_project(), tier)
        if self.story.comes_first(plan):
            plan = self._plan_after_story(plan)
        if plan.final is None:
            raise ProjectError(nothing_shown(plan))
        return plan

    def _report(self, plan: FilmPlan, target: str) -> None:
        """The head of a dry-run, and of a build."""
        snakemake, report = self.build.snakemake, build_report(plan, target)
        for line in plan.warnings():
            snakemake.warning(line)
        for line in report.lines():
            snakemake.info(line)
        if snakemake.forces_takes:
            slug = plan.film.slug
            snakemake.warning(f"  takes that exist are never rendered again; for others: vtx take reroll {slug} <clip>")
        if warning := report.disk_warning():
            snakemake.warning(warning)
        if has_checks(plan):
            from vtx_app.plan.quality import quality_lines

            for line in quality_lines(self.build.quality(plan), plan.film.slug):
                snakemake.warning(line)
        if snakemake.dry_run:
            takes = [clip.take for clip in report.render]
            for line in memory_lines(plan.film, takes):
                snakemake.info(f"  {line}")
            for line in sound_lines(plan):
                snakemake.info(f"  {line}")
            for line in word_notes(plan) if pieces_to_draw(plan, target) else ():
                snakemake.warning(f"  {line}")
            for line in filter(None, [self.build.no_gpu(takes), *render_faults(plan.film, takes)]):
                snakemake.warning(f"  can't be rendered here: {line}")
        else:
            self._progress.follow(report.render)

    def _plan_after_story(self, plan: FilmPlan) -> FilmPlan:
        """The plan of a film without specs, once the checkpoint has written them; until then Snakemake waits."""
        no_specs = ProjectError(
            f"{plan.film.folder / 'prompts/clips'} has no clip specs yet: write the first, "
            "A01_S01_SH001__<slug>.yaml, as in projects/lighthouse/prompts/clips"
        )
        slug = plan.film.slug
        if not self.story.can_begin(slug):
            raise no_specs
        self.story.report(slug)
        self.checkpoints.clip_specs.get(project=slug)
        self.build.plans.forget()
        plan = self.build.plans.film(slug, plan.tier)
        if plan.final is None:
            raise no_specs
        return plan
