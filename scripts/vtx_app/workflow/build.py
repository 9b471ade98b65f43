"""What all rules of one build share: Snakemake, the films' plans, their Pythons."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vtx_app.compile.request import RenderRequest
from vtx_app.errors import ProjectError
from vtx_app.formats.renderers import RENDERERS
from vtx_app.plan.clip_plan import ClipPlan, TakePlan
from vtx_app.plan.cut_notices import nothing_shown
from vtx_app.plan.film_plan import FilmPlan, Product
from vtx_app.plan.plans import Plans
from vtx_app.plan.readiness import require_renderable
from vtx_app.project.paths import app_home, projects_root, tier_of
from vtx_app.project.settings import app_config
from vtx_app.project.signing import signatory
from vtx_app.registry.jobs import queue_takes
from vtx_app.render.build_process import FORCED, VARIABLE
from vtx_app.workflow.batches import TakeKey
from vtx_app.workflow.snakemake_api import Snakemake, exit_on_error

if TYPE_CHECKING:
    from vtx_app.plan.quality import FilmQuality

__all__ = ["Build", "no_specs", "require_no_braces", "require_writable"]

_DEFAULT_CALLS = 4
"""Model calls at a time unless ``--resources llm=N`` says otherwise."""


class Build:
    """One run of Snakemake over any number of films. ``workflow`` is the global of that name in a Snakefile."""

    def __init__(self, workflow: Any) -> None:
        self.snakemake = Snakemake(workflow)
        self.plans = Plans()
        self.missing_takes: dict[TakeKey, TakePlan] = {}
        """The takes that this build renders, in the order in which Snakemake asked for them."""
        self.later_takes: dict[TakeKey, TakePlan] = {}
        """Those that it renders once takes that they continue are checked."""
        self._warned: set[str] = set()
        self._quality: dict[int, tuple[FilmPlan, FilmQuality]] = {}
        with exit_on_error():
            require_writable(Path.cwd(), self.snakemake.checkout)
            require_no_braces(self.snakemake.checkout, projects_root(), app_home())
            self.root, self.home = projects_root().as_posix(), app_home().as_posix()
        self.snakemake.default_resource("gpu", 1)  # one render per GPU, even without --resources
        self.snakemake.default_resource("llm", _DEFAULT_CALLS)
        self.snakemake.begin_with(self.begin)

    def begin(self) -> None:
        """Check that the takes can be rendered before the first job starts, and queue them.

        On a cluster other machines render, so there each job checks for itself. Sets ``VTX_FORCED`` for jobs.
        """
        os.environ[FORCED] = str(int(self.snakemake.forces_anything))
        self.snakemake.pick_from_many()
        with exit_on_error():
            ordered = self._in_order(self.later_takes | self.missing_takes)
            takes: dict[str, list[TakePlan]] = {}
            for (slug, _, _), take in ordered.items():
                takes.setdefault(slug, []).append(take)
            if fault := self.no_gpu(list(ordered.values())):
                raise ProjectError(fault)
            if self.snakemake.runs_jobs_here:
                for slug, missing in takes.items():
                    require_renderable(self.plans.film(slug, missing[0].tier).film, missing)
            _write_prompts([take.request for take in ordered.values()])
            queue_takes({slug: [(take.clip_id, take.digest) for take in missing] for slug, missing in takes.items()})

    def default_project(self) -> str:
        """The film that named targets mean: ``--config project=``, else ``VTX_PROJECT``, else config.yaml."""
        given = self.snakemake.config_from_command_line("project")
        slug = given or os.environ.get("VTX_PROJECT") or app_config().project
        if slug is None:
            raise ProjectError("which film? Name it: --config project=<slug>, or VTX_PROJECT, or config/config.yaml")
        return slug

    def is_asked_for(self, target: str, plan: FilmPlan, product: Product) -> bool:
        """Whether the command line names ``product`` of the film: by its path, or by the named ``target``."""
        names = self.snakemake.targets
        return product.path.as_posix() in names or (target in names and self.default_project() == plan.film.slug)

    def plan(self, wildcards: Any) -> FilmPlan:
        """The plan of the film and tier that a rule's wildcards name."""
        return self.plans.film(wildcards.project, tier_of(wildcards.tier))

    def no_gpu(self, takes: Sequence[TakePlan]) -> str:
        """Why ``takes`` can't be rendered with ``--resources gpu=0``; ``""`` if they can.

        Snakemake would render them all at once: it lowers what a job asks for to what there is.
        """
        count = sum(RENDERERS[take.request.renderer].needs_gpu for take in takes)
        if not count or not self.snakemake.runs_jobs_here or self.snakemake.resource("gpu") > 0:
            return ""
        takes_need = "1 take needs" if count == 1 else f"{count} takes need"
        return f"--resources gpu=0, and {takes_need} a GPU: gpu=1, or the storyboard: snakemake animatic"

    def takes_in_order(self) -> dict[TakeKey, TakePlan]:
        """The takes that this build renders: film by film as the targets name them, each in the order of its cut."""
        return self._in_order(self.missing_takes)

    def _in_order(self, takes: Mapping[TakeKey, TakePlan]) -> dict[TakeKey, TakePlan]:
        folders = [target.removeprefix(f"{self.root}/") for target in self.snakemake.targets]
        places = {slug: at for at, slug in reversed([*enumerate(path.partition("/")[0] for path in folders)])}
        plans = sorted(self.plans.known(), key=lambda plan: (places.get(plan.film.slug, len(places)), plan.film.slug))
        keys = (
            (plan.film.slug, take.clip_id, take.digest)
            for plan in plans
            for clip in plan.every_clip.values()
            for take in clip.takes
        )
        return {key: takes[key] for key in keys if key in takes}

    def inputs(self, plan: FilmPlan, product: Product, parts: Iterable[Product]) -> list[str]:
        """The paths of those ``parts`` of ``product`` that this build makes.

        They are the stale parts of a stale product. If anything is forced, they are all parts, so that ``--forcerun
        clip`` finds the clips.
        """
        forced = self.snakemake.forces_anything
        if not forced and plan.is_current(product):
            return []
        return [part.path.as_posix() for part in parts if forced or not plan.is_current(part)] + self.checks(plan)

    def missing(self, plan: FilmPlan, product: Product, clips: Iterable[ClipPlan]) -> list[str]:
        """The takes of ``clips`` that ``product`` is made from and this build renders, by path."""
        if not self.snakemake.forces_anything and plan.is_current(product):
            return []
        return [clip.take.path.as_posix() for clip in clips if not clip.take.exists()] + self.checks(plan)

    def quality(self, plan: FilmPlan) -> FilmQuality:
        """The checks of the film's takes, as they were when the plan was made."""
        from vtx_app.plan.quality import film_quality  # films without checks don't pay for it

        if id(plan) not in self._quality:
            self._quality[id(plan)] = plan, film_quality(plan)
        return self._quality[id(plan)][1]

    def checks(self, plan: FilmPlan) -> list[str]:
        """The report on the checks, if it can stop this build: then nothing is made from takes before it exists."""
        if plan.film.metadata.qc.policy == "warn" or plan.is_current(quality := self.quality(plan)):
            return []
        return [quality.path.as_posix()]

    def require_signatory(self) -> None:
        """Raise :class:`ProjectError` if this machine can't sign the film that it is to make; a dry-run warns instead.

        On a cluster other machines sign, so there each job finds out for itself.
        """
        try:
            if self.snakemake.runs_jobs_here:
                signatory()
        except ProjectError as error:
            if not self.snakemake.dry_run:
                raise
            if str(error) not in self._warned:
                self._warned.add(str(error))
                self.snakemake.warning(f"  can't be signed here: {error}")

    def force_if_stale(self, plan: FilmPlan, product: Product) -> None:
        """Have Snakemake make an existing file again if it is not what the plan says."""
        if not plan.is_current(product) and product.path.exists():
            self.snakemake.force(product.path)


def _write_prompts(requests: Iterable[RenderRequest]) -> None:
    """Write down the prompts that the build's workers will need, so that they encode them all in one go."""
    modelled = [request for request in requests if RENDERERS[request.renderer].uses_models]
    if modelled:
        from vtx_app.render.ltx.pending_prompts import pending_prompts_path, write_pending_prompts

        write_pending_prompts(pending_prompts_path(app_home(), os.environ[VARIABLE]), modelled)


def no_specs(plan: FilmPlan) -> ProjectError:
    """The error for a film that has nothing to build from."""
    return ProjectError(nothing_shown(plan))


def require_no_braces(*folders: Path) -> None:
    """Raise :class:`ProjectError` for a folder with a brace in its path, which Snakemake takes for a wildcard."""
    for folder in folders:
        if {"{", "}"} & set(str(folder)):
            raise ProjectError(
                f"{str(folder)!r}: Snakemake takes braces in a path for wildcards; build in a folder without them"
            )


def require_writable(folder: Path, checkout: Path) -> None:
    """Raise :class:`ProjectError` if ``folder`` can't hold Snakemake's state, which would end in a traceback.

    The message shows how to build in a folder of one's own from a read-only ``checkout``.
    """
    state = folder / ".snakemake"
    if not os.access(state if state.exists() else folder, os.W_OK):
        config, *linked = (shlex.quote(f"{checkout}/{name}") for name in ("config", "Snakefile", "rules", "envs"))
        raise ProjectError(
            f"{folder} can't be written to, and a build keeps its state there. Build in a folder of your own, with "
            f"VTX_PROJECTS_ROOT set to where the films are: cp -r {config} . && ln -s {' '.join(linked)} ."
        )
