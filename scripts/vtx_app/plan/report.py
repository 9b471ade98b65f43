"""What a build would render, why, and what that costs: the head of a dry-run, and ``vtx plan``."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from statistics import median
from typing import Any

from vtx_app.cut.version_record import recorded
from vtx_app.files import display_path
from vtx_app.formats.renderers import RENDERERS
from vtx_app.plan.causes import NEW, causes_of
from vtx_app.plan.clip_plan import ClipPlan
from vtx_app.plan.cut_notices import cut_data, cut_lines, cut_notices
from vtx_app.plan.estimate import Estimate, estimate_renders
from vtx_app.plan.film_plan import MOST_LINES, FilmPlan, InsertPlan
from vtx_app.plan.lint.film import Finding, lint, lint_lines
from vtx_app.plan.lock_notices import lock_notices
from vtx_app.plan.lora_notices import lora_notices
from vtx_app.plan.pending import clips_to_conform, clips_to_render, pieces_to_draw, takes_for
from vtx_app.project.paths import renders
from vtx_app.text import format_bytes, format_duration, listed, plural

__all__ = ["BuildReport", "build_report", "group_by_cause", "headline"]

_MAX_TAKES = 12
_MAX_IDS = 8
_SAMPLE_CLIPS = 30
_MINUTES_FROM_SECONDS = 90

Groups = dict[str, list[str]]


def headline(plan: FilmPlan, conform: Sequence[ClipPlan], render: Sequence[ClipPlan]) -> list[str]:
    """The film's length, the takes to render with their seconds of film, and how many clips to conform."""
    name = plan.film.slug + (f" ({plan.tier})" if plan.tier != "final" else "")
    clips = plan.clips.values()
    head = (
        f"{name}: {plural(len(clips), 'clip')}, {format_duration(plan.running_time)} of film, renderer {plan.renderer}"
    )
    if not conform and not render:
        return [f"{head}; every clip it needs is current"]
    lines = [
        f"{head}; {len(render)} to render ({plan.seconds_to_render(render):.1f} s of film), {len(conform)} to conform"
    ]
    if len(render) < len(clips):
        lines += [
            f"  render {clip.clip_id}  {plan.seconds_to_render([clip]):5.2f} s  {clip.clip.name}"
            for clip in render[:_MAX_TAKES]
        ]
        if len(render) > _MAX_TAKES:
            lines.append(f"  … and {len(render) - _MAX_TAKES} more")
    return lines


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What building a target makes, and why.

    The takes of ``render`` are rendered and the clips of ``conform`` conformed. ``causes`` maps labels to the clip ids
    that are rendered because of them, ``follow`` maps a clip to those rendered only because they continue from it.
    ``frozen`` maps approved clips that are out of date to the labels; ``lapsed`` are picks that no longer count.
    ``disk_needed`` and ``disk_free`` in bytes. ``notices``: what else the film-maker should know. ``found``: what to
    look at before rendering. ``draw``: the pieces of the cut that are drawn for ``target``.
    """

    plan: FilmPlan
    render: tuple[ClipPlan, ...]
    conform: tuple[ClipPlan, ...]
    causes: Groups
    follow: Groups
    frozen: Groups
    lapsed: tuple[str, ...]
    estimate: Estimate | None
    disk_needed: int
    disk_free: int
    notices: tuple[str, ...] = ()
    found: tuple[Finding, ...] = ()
    draw: tuple[InsertPlan, ...] = ()
    target: str = "final"

    def data(self) -> dict[str, Any]:
        """For ``--json``."""
        cost = self.estimate
        minutes = {"gpu_minutes": cost.seconds / 60 if self._on_gpu else 0.0} if cost else {}
        return {
            "slug": self.plan.film.slug,
            "tier": self.plan.tier,
            "renderer": self.plan.renderer,
            "clips": len(self.plan.clips),
            "render": _ids(self.render),
            "seconds": self.plan.seconds_to_render(self.render),
            "conform": _ids(self.conform),
            "causes": self.causes,
            "follow": self.follow,
            "frozen": self.frozen,
            "lapsed": self.lapsed,
            "estimate": asdict(cost) | minutes if cost else None,
            "disk_needed": self.disk_needed,
            "disk_free": self.disk_free,
            "notices": [line.strip() for line in self.notices],
            "lint": [asdict(each) for each in self.found],
            "cut": cut_data(self.plan, self.target, self.draw),
        }

    def lines(self, most: int | None = MOST_LINES) -> list[str]:
        """For people, without :meth:`choice_lines` and :meth:`disk_warning`; at most ``most`` lines of lint."""
        cut = cut_lines(self.plan, self.target, self.draw)
        lines = [*headline(self.plan, self.conform, self.render), *cut, *self.notices]
        if set(self.causes) != {NEW}:  # the first build needs no reason
            for label, clip_ids in sorted(self.causes.items(), key=lambda each: (-len(each[1]), each[0])):
                lines.append(f"  because of {label} → {plural(len(clip_ids), 'clip')} ({listed(clip_ids, _MAX_IDS)})")
        for clip_id, clip_ids in self.follow.items():
            verb = "follows" if len(clip_ids) == 1 else "follow"
            lines.append(
                f"  continues from {clip_id} → {plural(len(clip_ids), 'clip')} {verb} ({listed(clip_ids, _MAX_IDS)})"
            )
        lines += lint_lines(self.found, self.plan.film.slug, most)
        return lines + ([f"  {self._cost_line(self.estimate)}"] if self.estimate else [])

    def disk_warning(self) -> str | None:
        """The line that says the disk is too small, or None."""
        if self.disk_needed <= self.disk_free:
            return None
        folder = display_path(self.plan.film.folder / "renders")
        needed = f"about {format_bytes(self.disk_needed)} needed, {format_bytes(self.disk_free)} free in {folder}"
        return f"  not enough disk: {needed}: make room, or vtx gc {self.plan.film.slug}"

    def choice_lines(self) -> Iterator[str]:
        """Approvals and picks that edits have left behind."""
        for clip_id, labels in self.frozen.items():
            yield f"  approved, and out of date: {clip_id} ({', '.join(labels)}); vtx take accept or unfreeze"
        for clip_id in self.lapsed:
            yield f"  the pick of {clip_id} has lapsed: the shot was edited"

    @property
    def _on_gpu(self) -> bool:
        return RENDERERS[self.plan.renderer].needs_gpu

    def _cost_line(self, cost: Estimate) -> str:
        free = f"{format_bytes(self.disk_free)} free"
        if not cost.known:
            return f"no takes like these were rendered yet, so their time and size are unknown; {free}"
        long = cost.seconds >= _MINUTES_FROM_SECONDS
        seconds = f"{cost.seconds / 60:.0f} min" if long else f"{cost.seconds:.0f} s"
        time = f"about {seconds} of {'GPU time' if self._on_gpu else 'rendering'}"
        more = f"; {plural(cost.unknown, 'take')} of a kind with no history yet" if cost.unknown else ""
        return f"{time}, {format_bytes(self.disk_needed)} of disk ({free}){more}"


def build_report(plan: FilmPlan, target: str) -> BuildReport:
    """The report on building ``target`` (final, acts, clips) of a film."""
    conform = clips_to_conform(plan, target)
    render = clips_to_render(takes_for(plan, target))
    cost = estimate_renders(plan, render) if render else None
    causes, follow = group_by_cause(plan, render)
    frozen = {
        clip.clip_id: sorted({cause.label for cause in causes_of(plan.film, clip, plan.tier)})
        for clip in plan.clips.values()
        if clip.choice.out_of_date
    }
    lapsed = tuple(clip.clip_id for clip in plan.clips.values() if clip.choice.lapsed)
    needed = _disk_needed(plan, target, conform, render, cost)
    return BuildReport(
        plan,
        tuple(render),
        tuple(conform),
        causes,
        follow,
        frozen,
        lapsed,
        cost,
        needed,
        _disk_free(plan),
        _notices(plan),
        tuple(lint(plan, render)),
        tuple(pieces_to_draw(plan, target)),
        target,
    )


def _notices(plan: FilmPlan) -> tuple[str, ...]:
    cut = (f"  {line}" for line in cut_notices(plan))
    return (*lock_notices(plan), *lora_notices(plan.film), *cut, *_delivery_notices(plan))


def _delivery_notices(plan: FilmPlan) -> list[str]:
    if not recorded(plan.film.folder / renders(plan.tier) / "deliveries"):
        return []
    from vtx_app.plan.deliveries import delivery_notices  # films without deliveries don't pay for it

    return delivery_notices(plan)


def group_by_cause(plan: FilmPlan, clips: Iterable[ClipPlan]) -> tuple[Groups, Groups]:
    """Causes with the clips rendered because of them, and clips with those that only continue from them.

    ``clips``: parents first. A chain is listed under its first clip.
    """
    causes: Groups = {}
    follow: Groups = {}
    first: dict[str, str] = {}
    for clip in clips:
        found = causes_of(plan.film, clip, plan.tier)
        own = dict.fromkeys(cause.label for cause in found if not cause.parent)
        for label in own:
            causes.setdefault(label, []).append(clip.clip_id)
        if not own:
            parent = next(cause.parent for cause in found)
            first[clip.clip_id] = first.get(parent, parent)
            follow.setdefault(first[clip.clip_id], []).append(clip.clip_id)
    return causes, follow


def _ids(clips: Iterable[ClipPlan]) -> list[str]:
    return [clip.clip_id for clip in clips]


def _disk_needed(
    plan: FilmPlan, target: str, conform: list[ClipPlan], render: list[ClipPlan], cost: Estimate | None
) -> int:
    """Bytes of the takes, clips, acts and final that the build writes; 0 if unknown.

    A delivered frame is as large as those of existing clips, else as those of the takes.
    """
    final = target == "final" and plan.final is not None and not plan.is_current(plan.final)
    acts = [act for act in plan.acts.values() if not plan.is_current(act)] if final or target == "acts" else []
    acts = acts if plan.film.settings["acts_enabled"] else []
    written = [*conform, *(clip for act in acts for clip in act.clips), *(plan.clips.values() if final else ())]
    if not written:
        return 0
    size, frames = (cost.size, sum(clip.take.request.frames for clip in render)) if cost else (0, 0)
    existing = islice((clip for clip in plan.clips.values() if clip.path.exists()), _SAMPLE_CLIPS)
    sizes = [clip.path.stat().st_size / clip.delivery.frames for clip in existing]
    bytes_per_frame: float = median(sizes or [size / max(frames, 1)])
    delivered: int = sum(clip.delivery.frames for clip in written)
    return size + round(bytes_per_frame * delivered)


def _disk_free(plan: FilmPlan) -> int:
    renders = plan.film.folder / "renders"
    return int(shutil.disk_usage(renders if renders.exists() else plan.film.folder).free)
