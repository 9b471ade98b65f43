"""The plan, as Snakemake's rules ask for it: which files a file is made from, and which are out of date.

Snakemake decides by time stamps and by its own records; VTX decides by content. So:

- a current input is ``ancient``: its time stamp never makes anything;
- a delivered file that is there and carries another stamp than the plan's is put on Snakemake's list of
  forced files, as if its path had been given to ``--forcerun``;
- a take that exists is never a rule's output: rule ``take`` declines it (its input can't be made), so that
  Snakemake takes it for a source file, and not even ``--forceall`` touches it;
- what a job publishes is whole (written beside, probed, renamed), so nothing is deleted after a failure and
  nothing is "incomplete" after a kill: the settings of ``--keep-incomplete`` and ``--ignore-incomplete``;
- outputs are marked ``update``, or Snakemake would delete them before a job: also a take that a killed build's
  render, or a copy, has finished since this build was planned.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snakemake.settings.types import RerunTrigger

from vtx_app.errors import PlanMovedError, ProjectError, VtxError
from vtx_app.formats.renderers import RENDERERS
from vtx_app.plan.asking import asked, input_file, require_writable, told
from vtx_app.plan.batches import TakeKey, in_batches, waiting
from vtx_app.plan.environments import CHECKOUT, Environments
from vtx_app.plan.film_plan import ActPlan, ClipPlan, FilmPlan, FinalPlan, TakePlan, is_current
from vtx_app.plan.pending import clips_for_manifest
from vtx_app.plan.planner import plan_film
from vtx_app.plan.readiness import require_renderable, write_worker_queue
from vtx_app.plan.targets import NamedTargets
from vtx_app.project.paths import TIERS, app_home, projects_root, tier_of
from vtx_app.project.settings import handed_to_jobs
from vtx_app.registry.jobs import queue_takes
from vtx_app.render.build_process import announce

if TYPE_CHECKING:
    from vtx_app.plan.story_targets import StoryTargets

__all__ = ["Graph"]

_CALLS_AT_ONCE = 4
"""Model calls at a time where ``--resources llm=N`` says nothing else."""
_DECLINED = "an existing take is never rendered again"


class Graph:
    """What the rules of ``rules/`` ask. ``workflow`` and ``checkpoints`` are Snakemake's, ``config`` is config.yaml
    with ``--config``."""

    def __init__(self, workflow: Any, config: Mapping[str, Any], checkpoints: Any) -> None:
        self.workflow = workflow
        self.environments = Environments(workflow)
        checkout = Path(workflow.main_snakefile).resolve().parent
        with told():
            require_writable(Path.cwd(), checkout)
            self.root, self.home = projects_root().as_posix(), app_home().as_posix()
        self._current: dict[Path, bool] = {}
        self._plans: dict[tuple[str, str], FilmPlan] = {}
        self._takes: dict[tuple[str, str], dict[tuple[str, str], TakePlan]] = {}
        self._queue: dict[TakeKey, int] = {}
        named = NamedTargets(workflow, checkpoints, self._film, self._forget, lambda: self.story)
        self.final_target = asked(self, named.final)
        self.draft_target = asked(self, named.draft)
        self.animatic_target = asked(self, named.animatic)
        self.clips_target = asked(self, named.clips)
        self.acts_target = asked(self, named.acts)
        self.take_inputs = asked(self, self._take_inputs)
        self.clip_inputs = asked(self, self._clip_inputs)
        self.act_inputs = asked(self, self._act_inputs)
        self.final_inputs = asked(self, self._final_inputs)
        self.story_target = asked(self, lambda _: self.story.all_files(named.default_project()))
        self.scene_inputs = asked(self, self._scene_inputs)
        self.spec_inputs = asked(self, self._spec_inputs)
        self.environment_inputs = asked(self, self.environments.inputs)
        self.conda = asked(self, self.environments.conda)
        self.python = asked(self, self.environments.python)
        self.gpu = asked(self, self._gpu)
        self.take_tier = asked(self, lambda wildcards: self._take(wildcards).tier)
        self.priority = asked(self, self._priority)
        workflow.register_envvars(*handed_to_jobs(os.environ))
        os.environ[CHECKOUT] = checkout.as_posix()
        announce(os.environ)
        os.environ["VTX_CONFIG"] = json.dumps(dict(config), default=str)  # jobs compile the same requests
        if "gpu" not in workflow.global_resources:
            workflow.register_resource("gpu", 1)  # one render a GPU, also where --resources does not say so
        if "llm" not in workflow.global_resources:
            workflow.register_resource("llm", _CALLS_AT_ONCE)

    @cached_property
    def story(self) -> StoryTargets:
        """What the story's rules ask; films that have their specs never do."""
        from vtx_app.plan.story_targets import StoryTargets

        return StoryTargets(self.workflow)

    def obey_plan(self) -> None:
        """Tell Snakemake what holds for every VTX build (these settings exist once it builds its graph)."""
        self.workflow.dag_settings.rerun_triggers = frozenset({RerunTrigger.MTIME})
        self.workflow.dag.ignore_incomplete = True
        if self.workflow.execution_settings is not None:
            self.workflow.execution_settings.keep_incomplete = True
        # What a failed job had to make over was never touched: a copy put back over it in place could only harm it.
        self.workflow.persistence.backup_output = self.workflow.persistence.restore_output = _keep
        # Each file has a lock of VTX. Snakemake's outlives a killed build, and goes when any other build ends.
        self.workflow.persistence.lock = self.workflow.persistence.noop
        # A take from a machine whose clock was ahead is no fault of the clip that is made of it.
        self.workflow.dag.check_output_mtime = _whenever

    def begin(self) -> None:
        """Before the first job of a build: what would stop its renders is told, and what they say is noted down.

        On a cluster the machine that plans may be another than those that render: there each job looks for itself.
        """
        with told():
            takes: dict[str, list[TakePlan]] = {}
            for (project, _, _), take in self._due().items():
                takes.setdefault(project, []).append(take)
            if self.workflow.local_exec:
                for project, wanted in takes.items():
                    tier = next(tier for planned, tier in self._takes if planned == project)
                    require_renderable(self._film(project, tier).film, wanted)
            write_worker_queue(takes.values())
            queue_takes({slug: [(each.clip_id, each.digest) for each in wanted] for slug, wanted in takes.items()})

    def _due(self) -> dict[TakeKey, TakePlan]:
        """The takes that this build renders, film by film as its targets name them, each in the order of its cut."""
        jobs = [job.wildcards for job in self.workflow.dag.needrun_jobs() if job.rule.name == "take"]
        due = {(each.project, each.clip_id, each.digest): self._take(each) for each in jobs}
        folders = [target.removeprefix(f"{self.root}/") for target in self.workflow.dag_settings.targets]
        places = {slug: at for at, slug in reversed([*enumerate(path.partition("/")[0] for path in folders)])}
        films = sorted(self._takes, key=lambda film: (places.get(film[0], len(places)), film))
        keys = ((slug, *take) for slug, tier in films for take in self._takes[slug, tier])
        return {key: due[key] for key in keys if key in due}

    # -- rules ---------------------------------------------------------------------------------------

    def _take_inputs(self, wildcards: Any) -> list[str]:
        """The take that this one starts from, if any; something that can't be made where the take exists."""
        plan = self._take(wildcards)
        if plan.exists():
            return [] if self._only_asked_for(plan.path) else [_DECLINED]
        parent = plan.parent
        made_of = [] if parent is None else [input_file(parent.path, parent.exists())]
        return made_of + self.environments.needed(wildcards.project)

    def _only_asked_for(self, take: Path) -> bool:
        """Whether an existing take is itself a target, and nothing is forced: then there is nothing to be done.

        So it is on a node of a cluster, whose one job finds that the take was made since the build was planned.
        """
        if not self.workflow.is_main_process:
            return True
        targets = self.workflow.dag_settings.targets
        return not self._forced and take.as_posix() in {os.path.normpath(target) for target in targets}

    def _clip_inputs(self, wildcards: Any) -> list[str]:
        """The take of a clip."""
        clip = self._plan(wildcards).clip(wildcards.clip)
        self._force_if_stale(clip)
        made_of = [input_file(clip.take.path, clip.take.exists())]
        return made_of if self.is_current(clip) else made_of + self.environments.needed(wildcards.project)

    def _act_inputs(self, wildcards: Any) -> list[str]:
        """The delivered clips of an act, in order."""
        plan = self._plan(wildcards)
        act = plan.act(wildcards.act)
        self._force_if_stale(act)
        return self._parts(act, act.clips)

    def _final_inputs(self, wildcards: Any) -> list[str]:
        """The acts of a film in order, or its clips where it has no acts; and what its manifest names besides."""
        plan = self._plan(wildcards)
        if plan.final is None:
            raise ProjectError(f"{plan.film.folder / 'prompts/clips'} has no clip specs yet")
        self._force_if_stale(plan.final)
        made_of = self._parts(plan.final, plan.final.parts)
        return made_of + [clip.path.as_posix() for clip in clips_for_manifest(plan)]

    def _parts(self, made: ActPlan | FinalPlan, parts: Iterable[ClipPlan | ActPlan]) -> list[str]:
        """What is joined. A current file asks for none of its parts to be made anew, unless something is forced."""
        every = self._forced or not self.is_current(made)
        return [input_file(part.path, current) for part in parts if (current := self.is_current(part)) or every]

    @property
    def _forced(self) -> bool:
        settings = self.workflow.dag_settings
        return bool(settings.forceall or settings.forcetargets or settings.forcerun)

    def _gpu(self, wildcards: Any) -> int:
        """GPUs that a take occupies: 1 for the ltx renderer, 0 for the animatic."""
        return int(RENDERERS[self._take(wildcards).request.renderer].needs_gpu)

    def _priority(self, wildcards: Any) -> int:
        """The place of a take in the one queue for the GPU, counted from its end; 0 for what needs no GPU."""
        if not self._gpu(wildcards):
            return 0
        key = wildcards.project, wildcards.clip_id, wildcards.digest
        if key not in self._queue:
            due = {key: take for key, take in self._due().items() if RENDERERS[take.request.renderer].needs_gpu}
            order = in_batches({key: waiting(key[0], take) for key, take in due.items()})
            self._queue = {each: len(order) - place for place, each in enumerate(order)}
        return self._queue[key]

    def stage_inputs(self, stage: str) -> Callable[[Any], list[str]]:
        """The input function of a stage of the story: the files of the stages before it."""
        return asked(self, lambda wildcards: self.story.inputs(wildcards.project, stage))

    def calls(self, stage: str) -> Callable[[Any], int]:
        """The resource function of a stage of the story: model calls at a time."""
        return asked(self, lambda wildcards: self.story.calls_at_once(wildcards.project, stage))

    def _scene_inputs(self, wildcards: Any) -> list[str]:
        """What one scene of the screenplay is made from."""
        return self.story.one_file(wildcards.project, f"story/03_screenplay/{wildcards.scene}.md", "screenplay")

    def _spec_inputs(self, wildcards: Any) -> list[str]:
        """What one clip spec is made from."""
        return self.story.one_file(wildcards.project, f"prompts/clips/{wildcards.clip}.yaml", "clips")

    # -- the plan ------------------------------------------------------------------------------------

    def _film(self, project: str, tier: str) -> FilmPlan:
        if (project, tier) not in self._takes:
            self._plans[project, tier] = plan = plan_film(project, tier)
            self._takes[project, tier] = {
                (take.clip_id, take.digest): take for clip in plan.clips.values() for take in clip.takes
            }
        return self._plans[project, tier]

    def _forget(self) -> None:
        self._takes.clear()
        self._plans.clear()

    def _plan(self, wildcards: Any) -> FilmPlan:
        return self._film(wildcards.project, tier_of(wildcards.tier))

    def _take(self, wildcards: Any) -> TakePlan:
        """The clip whose take this is, in whichever tier wants it. Raises :class:`PlanMovedError`."""
        project = wildcards.project
        trouble: VtxError | None = None
        for tier in sorted(TIERS, key=lambda tier: (project, tier) not in self._takes):  # those already planned first
            try:
                self._film(project, tier)
            except VtxError as error:
                trouble = trouble if tier == "draft" else error  # nobody need have the models of a draft
                continue
            plan = self._takes[project, tier].get((wildcards.clip_id, wildcards.digest))
            if plan is not None:
                return plan
        if trouble is not None:
            raise trouble
        raise PlanMovedError(
            f"no take {wildcards.digest[:12]}… of {wildcards.clip_id} is wanted: the specs of {project} ask for "
            "another. A take is named by the digest of what decides its pixels"
        )

    def is_current(self, made: ClipPlan | ActPlan | FinalPlan) -> bool:
        """Whether the delivered file is there and was made from just what the plan says."""
        if made.path not in self._current:
            self._current[made.path] = is_current(made)
        return self._current[made.path]

    def _force_if_stale(self, made: ClipPlan | ActPlan | FinalPlan) -> None:
        if not self.is_current(made) and made.path.exists():
            self.workflow.dag.forcefiles.add(made.path.as_posix())


def _keep(_: Path) -> bool:
    """Neither copies nor restores an output."""
    return False


async def _whenever(*_: object) -> None:
    """Does not ask whether an output is younger than its inputs."""
