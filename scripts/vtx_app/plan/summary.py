"""What a build will do, in the words of a film-maker: the head of a dry-run and of a build."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vtx_app.plan.film_plan import FilmPlan

__all__ = ["clock", "plan_lines"]

_NAMED = 12


def clock(seconds: float) -> str:
    """``75.2`` seconds as ``1:15``; hours where there are any."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole % 3600 // 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def plan_lines(plan: FilmPlan, is_current: Callable[[Any], bool]) -> list[str]:
    """How long the film is, and which seconds of it have to be rendered or conformed anew."""
    clips = list(plan.clips.values())
    whole = float(sum(clip.delivery.frames for clip in clips) / plan.rate)
    missing = [clip for clip in clips if not clip.take.exists()]
    stale = [clip for clip in clips if not is_current(clip)]
    name = plan.film.slug + (f" ({plan.tier})" if plan.tier != "final" else "")
    head = f"{name}: {len(clips)} clips, {clock(whole)} of film, renderer {plan.renderer}"
    if not missing and not stale:
        return [f"{head}; every clip is current"]
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
