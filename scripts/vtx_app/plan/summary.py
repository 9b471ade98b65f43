"""What a build will do, in the words of a film-maker: the head of a dry-run and of a build."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from vtx_app.plan.film_plan import ClipPlan, FilmPlan
from vtx_app.text import format_duration

__all__ = [
    "IsCurrent",
    "clips_for_manifest",
    "clips_to_conform",
    "head_lines",
    "plan_lines",
    "takes_to_render",
]

_NAMED = 12

IsCurrent = Callable[[Any], bool]


def clips_to_conform(plan: FilmPlan, target: str, is_current: IsCurrent) -> list[ClipPlan]:
    """The clips that building ``target`` (final, acts, clips) makes: a current act or film asks for none."""
    clips: Iterable[ClipPlan] = plan.clips.values()
    if target == "final" and is_current(plan.final):
        clips = ()
    elif target == "acts":
        clips = (clip for act in plan.acts.values() if not is_current(act) for clip in act.clips)
    return [clip for clip in clips if not is_current(clip)]


def clips_for_manifest(plan: FilmPlan, is_current: IsCurrent) -> list[ClipPlan]:
    """The clips that a film's acts do not ask for, being current, and its manifest does: it has the bytes of each."""
    if not plan.film.settings["acts_enabled"] or is_current(plan.final):
        return []
    return [clip for act in plan.acts.values() if is_current(act) for clip in act.clips if not is_current(clip)]


def takes_to_render(clips: Iterable[ClipPlan]) -> list[ClipPlan]:
    """Of these clips, and of those they continue from, the ones whose take is missing; parents first."""
    wanted: dict[str, ClipPlan] = {}
    for clip in clips:
        chain: list[ClipPlan] = []
        link: ClipPlan | None = clip
        while link is not None and not link.take.exists():
            chain.append(link)
            link = link.parent
        wanted |= {each.clip.clip_id: each for each in reversed(chain)}
    return list(wanted.values())


def plan_lines(plan: FilmPlan, target: str, is_current: IsCurrent) -> list[str]:
    """How long the film is, and which seconds of it building ``target`` renders and conforms anew."""
    stale = clips_to_conform(plan, target, is_current)
    return head_lines(plan, stale, takes_to_render(stale))


def head_lines(plan: FilmPlan, stale: Sequence[ClipPlan], missing: Sequence[ClipPlan]) -> list[str]:
    """The same, of the clips that are conformed anew and the takes that are rendered."""
    clips = list(plan.clips.values())
    name = plan.film.slug + (f" ({plan.tier})" if plan.tier != "final" else "")
    head = f"{name}: {len(clips)} clips, {_film_time(clips, plan)} of film, renderer {plan.renderer}"
    if not stale:
        return [f"{head}; every clip it needs is current"]
    seconds = float(sum(clip.delivery.frames for clip in missing) / plan.rate)
    lines = [f"{head}; {len(missing)} to render ({seconds:.1f} s of film), {len(stale)} to conform"]
    if len(missing) < len(clips):
        lines += [
            f"  render {clip.clip.clip_id}  {float(clip.delivery.frames / plan.rate):5.2f} s  {clip.clip.name}"
            for clip in missing[:_NAMED]
        ]
        if len(missing) > _NAMED:
            lines.append(f"  … and {len(missing) - _NAMED} more")
    return lines


def _film_time(clips: Iterable[ClipPlan], plan: FilmPlan) -> str:
    return format_duration(float(sum(clip.delivery.frames for clip in clips) / plan.rate))
