"""What a build would render, because of what, and what that costs: the head of a dry-run, and ``vtx plan``.

Made of the same plan as the build (:mod:`vtx_app.plan.summary`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import islice
from statistics import median
from typing import Any

from vtx_app.formats.renderers import RENDERERS
from vtx_app.plan.causes import NEW, causes_of
from vtx_app.plan.estimate import Estimate, estimate, kind_of
from vtx_app.plan.film_plan import ClipPlan, FilmPlan
from vtx_app.plan.past import own_past
from vtx_app.plan.summary import IsCurrent, clips_to_conform, head_lines, takes_to_render
from vtx_app.project.paths import shown
from vtx_app.takes.past import Kind, Past
from vtx_app.text import format_bytes, plural

__all__ = ["Bill", "bill_of", "grouped"]

_NAMED = 8
_ENOUGH = 30
_LONG = 90

Groups = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Bill:
    """``takes`` are rendered and ``conform`` made anew. ``causes`` are labels with the clip ids that are rendered
    because of them, ``follow`` clips with those that only go on from them; ``frozen`` are approved and out of date,
    ``lapsed`` picks that the edited shot no longer asks for. ``disk_needed`` and ``disk_free`` in bytes."""

    plan: FilmPlan
    takes: tuple[ClipPlan, ...]
    conform: tuple[ClipPlan, ...]
    causes: Groups
    follow: Groups
    frozen: Groups
    lapsed: tuple[str, ...]
    estimate: Estimate | None
    disk_needed: int
    disk_free: int

    def data(self) -> dict[str, Any]:
        """For scripts."""
        cost = self.estimate
        minutes = {"gpu_minutes": cost.seconds / 60 if self._on_gpu else 0.0} if cost else {}
        return {
            "slug": self.plan.film.slug,
            "tier": self.plan.tier,
            "renderer": self.plan.renderer,
            "clips": len(self.plan.clips),
            "render": _ids(self.takes),
            "seconds": float(sum(take.delivery.frames for take in self.takes) / self.plan.rate),
            "conform": _ids(self.conform),
            "causes": self.causes,
            "follow": self.follow,
            "frozen": self.frozen,
            "lapsed": self.lapsed,
            "estimate": asdict(cost) | minutes if cost else None,
            "disk_needed": self.disk_needed,
            "disk_free": self.disk_free,
        }

    def lines(self) -> list[str]:
        """For people, who are told of what is frozen elsewhere (:meth:`frozen_lines`)."""
        lines = head_lines(self.plan, self.conform, self.takes)
        if set(self.causes) != {NEW}:  # else nothing was ever rendered, and nobody asks why
            for label, clip_ids in sorted(self.causes.items(), key=lambda each: (-len(each[1]), each[0])):
                lines.append(f"  because of {label} → {plural(len(clip_ids), 'clip')} ({_named(clip_ids)})")
        for clip_id, clip_ids in self.follow.items():
            verb = "follows" if len(clip_ids) == 1 else "follow"
            lines.append(f"  goes on from {clip_id} → {plural(len(clip_ids), 'clip')} {verb} ({_named(clip_ids)})")
        return lines + ([f"  {self._cost(self.estimate)}"] if self.estimate else [])

    def shortage(self) -> str | None:
        """The line that says that the disk is too small; None where it is not."""
        if self.disk_needed <= self.disk_free:
            return None
        where = shown(self.plan.film.folder / "renders")
        needed = f"about {format_bytes(self.disk_needed)} needed, {format_bytes(self.disk_free)} free in {where}"
        return f"  not enough disk: {needed}: make room, or vtx gc {self.plan.film.slug}"

    def frozen_lines(self) -> list[str]:
        """What a person chose, and edits have left behind."""
        frozen = [
            f"  approved, and out of date: {clip_id} ({', '.join(labels)}); vtx take accept or unfreeze"
            for clip_id, labels in self.frozen.items()
        ]
        return [*frozen, *(f"  the pick of {clip_id} has lapsed: the shot was edited" for clip_id in self.lapsed)]

    @property
    def _on_gpu(self) -> bool:
        return RENDERERS[self.plan.renderer].needs_gpu

    def _cost(self, cost: Estimate) -> str:
        free = f"{format_bytes(self.disk_free)} free"
        if not cost.known:
            return f"no history yet of takes like these: their time and size are not known; {free}"
        seconds = f"{cost.seconds:.0f} s" if cost.seconds < _LONG else f"{cost.seconds / 60:.0f} min"
        time = f"about {seconds} of {'GPU time' if self._on_gpu else 'rendering'}"
        takes = plural(cost.unknown, "take")
        more = f"; {takes} of a kind with no history yet" if cost.unknown else ""
        return f"{time}, {format_bytes(self.disk_needed)} of disk ({free}){more}"


def _ids(clips: Iterable[ClipPlan]) -> list[str]:
    return [clip.clip.clip_id for clip in clips]


def _named(clip_ids: list[str]) -> str:
    return ", ".join(clip_ids[:_NAMED]) + (", …" if len(clip_ids) > _NAMED else "")


def grouped(plan: FilmPlan, takes: Iterable[ClipPlan]) -> tuple[Groups, Groups]:
    """Causes with the clips rendered because of them; and clips with those that only go on from them, chain by chain.

    ``takes``: parents first.
    """
    causes: Groups = {}
    follow: Groups = {}
    first: dict[str, str] = {}
    for take in takes:
        clip_id, found = take.clip.clip_id, causes_of(plan.film, take, plan.tier)
        own = dict.fromkeys(cause.label for cause in found if not cause.parent)
        for label in own:
            causes.setdefault(label, []).append(clip_id)
        if not own:
            parent = next(cause.parent for cause in found)
            first[clip_id] = first.get(parent, parent)
            follow.setdefault(first[clip_id], []).append(clip_id)
    return causes, follow


def bill_of(plan: FilmPlan, target: str, is_current: IsCurrent) -> Bill:
    """The bill of building ``target`` (final, acts, clips) of a film."""
    stale = clips_to_conform(plan, target, is_current) if plan.clips else []
    takes = takes_to_render(stale)
    cost = _estimate(plan, takes) if takes else None
    causes, follow = grouped(plan, takes)
    frozen = {
        clip.clip.clip_id: sorted({cause.label for cause in causes_of(plan.film, clip, plan.tier)})
        for clip in plan.clips.values()
        if clip.choice.out_of_date
    }
    lapsed = tuple(clip.clip.clip_id for clip in plan.clips.values() if clip.choice.lapsed)
    needed = _disk_needed(plan, target, is_current, stale, takes, cost)
    return Bill(plan, tuple(takes), tuple(stale), causes, follow, frozen, lapsed, cost, needed, _disk_free(plan))


def _estimate(plan: FilmPlan, takes: list[ClipPlan]) -> Estimate:
    wanted = {kind_of(take.request) for take in takes}

    def elsewhere(kinds: set[Kind]) -> list[Past]:
        from vtx_app.registry.past_takes import takes_of_others  # SQLite, which most dry-runs do without

        return takes_of_others(plan.film.slug, kinds)

    return estimate([take.request for take in takes], own_past(plan, takes, wanted), elsewhere)


def _disk_needed(
    plan: FilmPlan,
    target: str,
    is_current: IsCurrent,
    stale: list[ClipPlan],
    takes: list[ClipPlan],
    cost: Estimate | None,
) -> int:
    """Bytes of the takes, and of the clips, acts and final that are made anew; 0 where that is not known.

    A clip is as large as those that are there, else as its take.
    """
    joined = [plan.final] if target == "final" and plan.final and not is_current(plan.final) else []
    acts = [act for act in plan.acts.values() if not is_current(act)] if joined or target == "acts" else []
    acts = acts if plan.film.settings["acts_enabled"] else []
    if not stale and not joined and not acts:
        return 0
    made = [*stale, *(clip for act in acts for clip in act.clips), *(plan.clips.values() if joined else ())]
    size, frames = (cost.size, sum(take.request.frames for take in takes)) if cost else (0, 0)
    sizes = islice(((clip, clip.path) for clip in plan.clips.values() if clip.path.exists()), _ENOUGH)
    a_frame: float = median(
        [path.stat().st_size / clip.delivery.frames for clip, path in sizes] or [size / max(frames, 1)]
    )
    frames_made: int = sum(clip.delivery.frames for clip in made)
    return size + round(a_frame * frames_made)


def _disk_free(plan: FilmPlan) -> int:
    renders = plan.film.folder / "renders"
    return int(shutil.disk_usage(renders if renders.exists() else plan.film.folder).free)
