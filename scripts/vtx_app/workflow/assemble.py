"""The functions of ``rules/assemble.smk``: drawn pieces, acts, the final cut and its poster."""

from __future__ import annotations

from typing import Any

from vtx_app.errors import SpecError
from vtx_app.plan.clip_plan import chain_of
from vtx_app.plan.film_plan import FilmPlan
from vtx_app.plan.pending import clips_for_manifest, clips_for_poster, clips_heard
from vtx_app.plan.words_on_picture import word_faults
from vtx_app.project.signing import is_signed
from vtx_app.workflow.build import Build, no_specs
from vtx_app.workflow.input_function import Rules, input_function

__all__ = ["AssembleRules"]


class AssembleRules(Rules):
    """Input functions of the rules ``insert``, ``act``, ``final_cut`` and ``poster``."""

    def __init__(self, build: Build) -> None:
        super().__init__(build)
        self._checked: list[FilmPlan] = []

    @input_function
    def insert_inputs(self, wildcards: Any) -> list[str]:
        """The takes seen in the drawn piece that this build renders."""
        plan = self.build.plan(wildcards)
        insert = plan.insert(wildcards.piece)
        self.build.force_if_stale(plan, insert)
        if not plan.is_current(insert):
            self._require_words_that_fit(plan)
        matched = [link for clip in insert.clips for link in (chain_of(clip) if clip.delivery.match else [clip])]
        return self.build.missing(plan, insert, {link.clip_id: link for link in matched}.values())

    @input_function
    def act_inputs(self, wildcards: Any) -> list[str]:
        """The clips and drawn pieces of the act that this build makes, and the takes of its sound that it renders.

        The take of a clip that is made comes before that clip, so it is not named a second time.
        """
        plan = self.build.plan(wildcards)
        act = plan.act(wildcards.act)
        self.build.force_if_stale(plan, act)
        parts = self.build.inputs(plan, act, act.parts)
        made = set(parts)
        heard = [clip for clip in clips_heard(plan, act.mix) if clip.path.as_posix() not in made]
        return parts + self.build.missing(plan, act, heard)

    @input_function
    def final_inputs(self, wildcards: Any) -> list[str]:
        """What this build makes of the film's parts (acts, or clips and drawn pieces), its mix, poster and subtitles,
        and the stale clips that the manifest lists."""
        plan = self.build.plan(wildcards)
        if plan.final is None:
            raise no_specs(plan)
        self.build.force_if_stale(plan, plan.final)
        listed = [clip.path.as_posix() for clip in clips_for_manifest(plan)]
        if not plan.is_current(plan.final) and is_signed(plan.film, plan.tier):
            self.build.require_signatory()
        products = [product for product in (*plan.final.parts, plan.mix, plan.poster, plan.subtitles) if product]
        inputs = self.build.inputs(plan, plan.final, products)
        return list(dict.fromkeys(inputs + listed))

    @input_function
    def poster_inputs(self, wildcards: Any) -> list[str]:
        """The take that the poster is a frame of, if it is still to be rendered."""
        plan = self.build.plan(wildcards)
        if plan.poster is None:
            raise no_specs(plan)
        self.build.force_if_stale(plan, plan.poster)
        return self.build.missing(plan, plan.poster, clips_for_poster(plan))

    def _require_words_that_fit(self, plan: FilmPlan) -> None:
        """Raise :class:`SpecError` if words of the edit don't fit; each plan is looked at once."""
        if any(plan is checked for checked in self._checked):
            return
        if faults := word_faults(plan):
            raise SpecError(faults)
        self._checked.append(plan)
