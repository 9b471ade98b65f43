"""What each rule's jobs ask for: ``threads``, ``mem_mb``, ``disk_mb`` and ``runtime``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from vtx_app.errors import ProjectError, VtxError
from vtx_app.formats.renderers import RENDERERS
from vtx_app.models.locked import LockedModels
from vtx_app.plan.clip_plan import TakePlan
from vtx_app.plan.estimate import Paces
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.job_needs import (
    ENVIRONMENT,
    SMALL,
    STORY,
    VARIABLE,
    JobNeeds,
    encoding_needs,
    joining_needs,
    read_changes,
    take_needs,
    with_changes,
)
from vtx_app.project.paths import project_folder
from vtx_app.project.settings import all_variables
from vtx_app.workflow.build import Build
from vtx_app.workflow.snakemake_api import exit_on_error

__all__ = ["Needs", "NeedsRules"]

_ENCODERS = 4
"""Threads that encode a picture; with more processors, two deliveries at a time are faster than one."""

Changes = Mapping[tuple[str, str], int]


class Needs(NamedTuple):
    """The functions of one rule's ``threads``, and of its ``resources`` by their names."""

    threads: Callable[[Any], int]
    resources: dict[str, Callable[..., int]]


class NeedsRules:
    """What the jobs of each rule ask for, by the rule's name; computed once per job."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self._changes: dict[str, Changes] = {}
        self._paces: dict[tuple[str, str], Paces] = {}
        self._weights: dict[tuple[object, ...], list[int] | None] = {}
        self._functions: dict[str, Needs] = {}
        self._of: dict[str, Callable[[Any], JobNeeds]] = {
            "take": self._take,
            "clip": self._clip,
            "insert": self._insert,
            "act": self._act,
            "final_cut": self._whole_film,
            "mix": self._whole_film,
            "delivery": self._delivery,
            "poster": lambda _: SMALL,
            "subtitles": lambda _: SMALL,
            "dailies_page": self._whole_film,
            "board_pages": self._board,
            "handover_folder": self._whole_film,
            "check_round": self._whole_film,
            "check_takes": self._whole_film,
            "environment": lambda _: ENVIRONMENT,
            "story": lambda _: STORY,
        }

    def __getitem__(self, rule: str) -> Needs:
        """The functions of ``rule``; ``story`` for every rule that asks a model."""
        if rule not in self._functions:
            self._functions[rule] = self._functions_of(rule)
        return self._functions[rule]

    def _functions_of(self, rule: str) -> Needs:
        find, known = self._of[rule], dict[tuple[str, ...], JobNeeds]()

        def needs(wildcards: Any) -> JobNeeds:
            key = tuple(wildcards)
            if key not in known:
                with exit_on_error():
                    self.build.snakemake.configure()
                    known[key] = with_changes(find(wildcards), rule, self._changes_of(wildcards.project))
            return known[key]

        def threads(wildcards: Any) -> int:
            if rule == "take" and self.build.snakemake.runs_jobs_here:
                return 1  # --cores leaves the others to the clips that are conformed in the meantime
            return needs(wildcards).threads

        def mem_mb(wildcards: Any, attempt: int) -> int:
            return needs(wildcards).on_try(attempt).mem_mb

        def disk_mb(wildcards: Any) -> int:
            return needs(wildcards).disk_mb

        def runtime(wildcards: Any, attempt: int) -> int:
            return needs(wildcards).on_try(attempt).runtime

        return Needs(threads, {"mem_mb": mem_mb, "disk_mb": disk_mb, "runtime": runtime})

    def _changes_of(self, slug: str) -> Changes:
        """What the film's variables ask for instead. Raises :class:`ProjectError` for what can't be read."""
        if slug not in self._changes:
            folder = project_folder(slug)
            text = all_variables(folder).get(VARIABLE, "")
            try:
                self._changes[slug] = read_changes(text, self._of)
            except ProjectError as error:
                raise ProjectError(
                    f"{slug}: {error} ({folder / 'project.env'}, config/global.env, environment)"
                ) from None
        return self._changes[slug]

    def _take(self, wildcards: Any) -> JobNeeds:
        take = self.build.plans.take(wildcards.project, wildcards.clip_id, wildcards.digest)
        plan = self.build.plans.film(wildcards.project, take.tier)
        key = plan.film.slug, plan.tier
        if key not in self._paces:
            self._paces[key] = Paces(plan)
        seconds = self._paces[key].seconds(take.request)
        offload = plan.film.variables.get("LTX_OFFLOAD", "")
        return take_needs(take.request, self._weights_of(plan, take), offload, seconds)

    def _weights_of(self, plan: FilmPlan, take: TakePlan) -> list[int] | None:
        """The bytes of each model of the take as it is loaded; None if this machine doesn't have all of them."""
        if not RENDERERS[take.request.renderer].uses_models:
            return []
        key = plan.film.slug, frozenset(take.slots), take.request.quantization
        if key not in self._weights:
            from vtx_app.render.ltx.stored_weights import measure_weights  # films without models don't pay for it

            models = LockedModels(plan.film.folder, plan.film.lock, plan.film.variables)
            try:
                paths = {slot: models.path(slot) for slot in take.slots}
                self._weights[key] = [each.size for each in measure_weights(paths, (), take.request.quantization)]
            except (VtxError, OSError):
                self._weights[key] = None
        return self._weights[key]

    def _clip(self, wildcards: Any) -> JobNeeds:
        delivery = self.build.plan(wildcards).clip(wildcards.clip).delivery
        return encoding_needs(delivery.width, delivery.height, delivery.frames)

    def _insert(self, wildcards: Any) -> JobNeeds:
        plan = self.build.plan(wildcards)
        return encoding_needs(*plan.size, plan.insert(wildcards.piece).piece.frames)

    def _act(self, wildcards: Any) -> JobNeeds:
        plan = self.build.plan(wildcards)
        return joining_needs(float(plan.act(wildcards.act).frames / plan.rate))

    def _whole_film(self, wildcards: Any) -> JobNeeds:
        return joining_needs(self.build.plan(wildcards).running_time)

    def _board(self, wildcards: Any) -> JobNeeds:
        return joining_needs(self.build.plans.film(wildcards.project, "animatic").running_time)

    def _delivery(self, wildcards: Any) -> JobNeeds:
        from vtx_app.plan.deliveries import delivery_of_file, film_deliveries

        plan = self.build.plan(wildcards)
        picture = delivery_of_file(film_deliveries(plan), wildcards.file).deliverable.picture
        if picture is None or picture.codec == "copy":
            return joining_needs(plan.running_time)
        width, height = max(plan.size[0], picture.width or 0), max(plan.size[1], picture.height or 0)
        return encoding_needs(width, height, plan.timeline.frames, _ENCODERS)
