"""What building a target makes: which clips are conformed and which takes are rendered."""

from __future__ import annotations

from collections.abc import Iterable

from vtx_app.plan.film_plan import ClipPlan, FilmPlan

__all__ = ["clips_for_manifest", "clips_to_conform", "clips_to_render"]


def clips_to_conform(plan: FilmPlan, target: str) -> list[ClipPlan]:
    """The stale clips that ``target`` (final, acts, clips) needs. A current act or final needs none of its clips."""
    clips: Iterable[ClipPlan] = plan.clips.values()
    if target == "final" and (plan.final is None or plan.is_current(plan.final)):
        clips = ()
    elif target == "acts":
        clips = (clip for act in plan.acts.values() if not plan.is_current(act) for clip in act.clips)
    return [clip for clip in clips if not plan.is_current(clip)]


def clips_for_manifest(plan: FilmPlan) -> list[ClipPlan]:
    """The stale clips of current acts: the acts don't need them, but a new final's manifest lists their bytes."""
    if not plan.film.settings["acts_enabled"] or plan.final is None or plan.is_current(plan.final):
        return []
    current_acts = [act for act in plan.acts.values() if plan.is_current(act)]
    return [clip for act in current_acts for clip in act.clips if not plan.is_current(clip)]


def clips_to_render(clips: Iterable[ClipPlan]) -> list[ClipPlan]:
    """Of ``clips`` and the clips they continue from, those whose take does not exist; parents first."""
    missing: dict[str, ClipPlan] = {}
    for clip in clips:
        chain: list[ClipPlan] = []
        link: ClipPlan | None = clip
        while link is not None and not link.take.exists():
            chain.append(link)
            link = link.parent
        missing |= {each.clip_id: each for each in reversed(chain)}
    return list(missing.values())
