"""What a build would render, by cause, and what that costs: the head of a dry-run, and ``vtx plan``.

Made of the same plan as the build (:func:`vtx_app.plan.summary.takes_to_render`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from vtx_app.media.stamp import read_stamp
from vtx_app.plan.causes import NEW, causes_of
from vtx_app.plan.estimate import Estimate, History
from vtx_app.plan.film_plan import ClipPlan, FilmPlan, plan_film
from vtx_app.plan.summary import clips_to_conform, takes_to_render
from vtx_app.takes.records import TakeRecord, take_records

__all__ = ["Bill", "bill_of", "cause_lines", "grouped"]

_NAMED = 8


@dataclass(frozen=True, slots=True)
class Bill:
    """``causes`` are labels with the clip ids that are rendered because of them; ``frozen`` are approved and out of
    date; ``conform`` are clips made anew of takes that are there or will be. Seconds of film."""

    slug: str
    tier: str
    clips: int
    render: tuple[str, ...]
    seconds: float
    conform: int
    causes: dict[str, list[str]]
    frozen: dict[str, list[str]]
    lapsed: tuple[str, ...]
    estimate: Estimate | None
    disk_free: int
    notes: tuple[str, ...] = field(default=())

    def data(self) -> dict[str, Any]:
        """For scripts."""
        return {**asdict(self), "estimate": asdict(self.estimate) if self.estimate else None}

    def lines(self) -> list[str]:
        """For people."""
        name = self.slug + (f" ({self.tier})" if self.tier != "final" else "")
        lines = [
            f"{name}: {len(self.render)} of {self.clips} takes to render ({self.seconds:.1f} s of film), "
            f"{self.conform} clips to conform"
        ]
        lines += cause_lines(self.causes)
        lines += [
            f"  approved, and out of date: {clip_id} ({', '.join(labels)}); vtx take accept or unfreeze"
            for clip_id, labels in self.frozen.items()
        ]
        lines += [f"  the pick of {clip_id} has lapsed: the shot was edited" for clip_id in self.lapsed]
        if self.render and self.estimate is not None:
            lines.append(f"  {self.estimate.words()}; {self.disk_free / 1e9:.0f} GB free")
        return [*lines, *self.notes]


def cause_lines(causes: dict[str, list[str]]) -> list[str]:
    """A line for each cause; none for a film of which nothing was ever rendered.

    ``  prompts/characters.yaml: characters.ines.description changed → 3 clips (A01_S01_SH002, …)``."""
    lines: list[str] = []
    if set(causes) == {NEW}:
        return lines
    for label, clip_ids in sorted(causes.items(), key=lambda each: (-len(each[1]), each[0])):
        named = ", ".join(clip_ids[:_NAMED]) + (", …" if len(clip_ids) > _NAMED else "")
        lines.append(f"  because of {label} → {len(clip_ids)} clip{'s' if len(clip_ids) != 1 else ''} ({named})")
    return lines


def grouped(plan: FilmPlan, takes: Iterable[ClipPlan]) -> dict[str, list[str]]:
    """Labels of causes with the clips that each is a cause for. What only goes on from another clip stands last."""
    found: dict[str, list[str]] = {}
    for take in takes:
        causes = causes_of(plan.film, take)
        own = [cause for cause in causes if not cause.key.startswith("goes on from")]
        for cause in own or causes:
            found.setdefault(cause.label, []).append(take.clip.clip_id)
    return found


def bill_of(slug: str, tier: str) -> Bill:
    """The bill of building the film's final in ``tier``. Raises :class:`vtx_app.errors.VtxError`."""
    plan = plan_film(slug, tier)

    def is_current(made: Any) -> bool:
        return read_stamp(made.path) == made.stamp and (not hasattr(made, "manifest") or made.manifest.exists())

    stale = clips_to_conform(plan, "final", is_current) if plan.final else []
    takes = takes_to_render(stale)
    frozen = {
        clip.clip.clip_id: sorted({cause.label for cause in causes_of(plan.film, clip)})
        for clip in plan.clips.values()
        if clip.choice.out_of_date
    }
    disk = os.statvfs(plan.film.folder)
    return Bill(
        slug,
        tier,
        len(plan.clips),
        tuple(take.clip.clip_id for take in takes),
        float(sum(take.delivery.frames for take in takes) / plan.rate),
        len(stale),
        grouped(plan, takes),
        frozen,
        tuple(clip.clip.clip_id for clip in plan.clips.values() if clip.choice.lapsed),
        History(_past(plan)).estimate(takes) if takes else None,
        disk.f_bavail * disk.f_frsize,
    )


def _past(plan: FilmPlan) -> Sequence[TakeRecord]:
    return [record for clip in plan.clips.values() for record in take_records(plan.film.folder, clip.clip.clip_id)]
