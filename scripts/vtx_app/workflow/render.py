"""The functions of ``rules/render.smk``: takes and clips."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vtx_app.formats.renderers import RENDERERS
from vtx_app.plan.clip_plan import chain_of
from vtx_app.plan.film_plan import TakePlan
from vtx_app.project.settings import app_config
from vtx_app.workflow.batches import TakeKey, in_batches, in_jobs, pending_take
from vtx_app.workflow.build import Build
from vtx_app.workflow.environments import Environments
from vtx_app.workflow.input_function import Rules, input_function
from vtx_app.workflow.snakemake_api import exit_on_error

__all__ = ["RenderRules"]


class RenderRules(Rules):
    """Input, params and resource functions of the rules ``take`` and ``clip``."""

    def __init__(self, build: Build, environments: Environments) -> None:
        super().__init__(build)
        self.environments = environments
        self._queue: dict[TakeKey, int] = {}
        self._jobs: dict[TakeKey, str] = {}

    @input_function
    def take_inputs(self, wildcards: Any) -> list[str]:
        """The take that this one continues from, and the film's Python; only what is still to be made."""
        take = self._take(wildcards)
        if take.exists():
            return []
        self.build.missing_takes[_key(wildcards)] = take
        parent = [take.parent.path.as_posix()] if take.parent and not take.parent.exists() else []
        return parent + self.environments.missing(wildcards.project)

    @input_function
    def clip_inputs(self, wildcards: Any) -> list[str]:
        """The clip's take, the film's Python, and checks that can stop the build; only what is still to be made."""
        plan = self.build.plan(wildcards)
        clip = plan.clip(wildcards.clip)
        self.build.force_if_stale(plan, clip)
        seen = chain_of(clip) if clip.delivery.match else [clip]  # its colour is matched to those takes
        take = [each.take.path.as_posix() for each in seen if not each.take.exists()]
        if plan.is_current(clip):
            return take
        return take + self.environments.missing(wildcards.project) + self.build.checks(plan)

    @input_function
    def take_tier(self, wildcards: Any) -> str:
        """The tier that requests the take."""
        return self._take(wildcards).tier

    @input_function
    def take_start(self, wildcards: Any) -> str:
        """The module of the job; if the take needs no GPU, after the module that runs it in a warm process."""
        return "vtx_app.jobs.take" if _gpus(self._take(wildcards)) else "vtx_app.jobs.warm vtx_app.jobs.take"

    @input_function
    def gpu(self, wildcards: Any) -> int:
        """GPUs that the take occupies: 1 for the ltx renderer, 0 for the animatic."""
        return _gpus(self._take(wildcards))

    @input_function
    def priority(self, wildcards: Any) -> int:
        """The take's place in the queue for the GPU, counted from its end; 1 for a take that needs no GPU.

        Clips have 0: the mix needs all takes and one core, so it is made while clips are conformed on others.
        """
        if not _gpus(self._take(wildcards)):
            return 1
        key = _key(wildcards)
        if key not in self._queue:
            takes = {key: take for key, take in self.build.takes_in_order().items() if _gpus(take)}
            order = in_batches({key: pending_take(key[0], take) for key, take in takes.items()})
            self._queue = {each: len(order) - place for place, each in enumerate(order)}
        return self._queue.get(key, 0)

    @property
    def group(self) -> Callable[[Any], str | None] | None:
        """The function that says in which job a take is rendered; None if each has one of its own."""
        with exit_on_error():
            return self.take_group if (app_config().takes_per_job or 1) > 1 else None

    @input_function
    def take_group(self, wildcards: Any) -> str | None:
        """The job that renders the take: takes with the same models and LoRAs, one after another on one GPU."""
        key = _key(wildcards)
        if key not in self._jobs:
            ordered = self.build.takes_in_order().items()
            takes = {key: pending_take(key[0], take) for key, take in ordered if key not in self._jobs}
            for number, keys in enumerate(
                in_jobs(takes, app_config().takes_per_job or 1), len(set(self._jobs.values()))
            ):
                name = f"takes{number + 1}"
                self.build.snakemake.join_group(name)
                self._jobs |= dict.fromkeys(keys, name)
        return self._jobs.get(key)

    @input_function
    def python(self, wildcards: Any) -> str:
        """The Python in which the film's takes and clips are made."""
        return self.environments.python(wildcards.project)

    @property
    def conda(self) -> str | Callable[[Any], str]:
        """The conda environment of takes and clips: the film's own, else VTX's.

        If conda makes no environments, VTX's is named for all: Snakemake looks at it for every job in any case.
        """
        return self.film_conda if self.environments.uses_conda else self.environments.vtx_conda

    @input_function
    def film_conda(self, wildcards: Any) -> str:
        """The conda environment of the film's takes and clips: its own ``env/environment.yaml``, else VTX's."""
        return self.environments.conda(wildcards.project)

    def _take(self, wildcards: Any) -> TakePlan:
        return self.build.plans.take(*_key(wildcards))


def _key(wildcards: Any) -> TakeKey:
    return wildcards.project, wildcards.clip_id, wildcards.digest


def _gpus(take: TakePlan) -> int:
    return int(RENDERERS[take.request.renderer].needs_gpu)
