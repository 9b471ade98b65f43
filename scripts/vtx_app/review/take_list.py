"""The takes of a clip as a person compares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vtx_app.compile.sources import spec_file
from vtx_app.plan.causes import differences
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.project.film import Film
from vtx_app.takes.records import TakeRecord, take_records

__all__ = ["TakeLine", "list_takes"]

_KIND = ("renderer", "pipeline", "width", "height")
"""What takes of one tier have in common, and those of others mostly don't."""


@dataclass(frozen=True, slots=True)
class TakeLine:
    """One take, in the file at ``path``: the ``tiers`` that it could be shown in, ``when`` it was rendered (UTC), how
    long that ``took``, its ``state`` and the keys in which it ``differs`` from what the clip requests there."""

    digest: str
    tiers: tuple[str, ...]
    when: str
    took: str
    seed: str
    state: str
    differs: str
    path: str = ""


def list_takes(film: Film, plans: Mapping[str, ClipPlan]) -> list[TakeLine]:
    """The takes of a clip, the oldest first. ``plans``: the clip in every tier that can be planned here, by tier."""
    clip_id = next(iter(plans.values())).clip_id
    return [_line(film, plans, take) for take in take_records(film.folder, clip_id)]


def _line(film: Film, plans: Mapping[str, ClipPlan], take: TakeRecord) -> TakeLine:
    tiers = tuple(tier for tier, plan in plans.items() if _belongs(plan, take))
    plan = plans[tiers[0] if tiers else next(iter(plans))]
    causes = differences(film, plan, take)
    spec = spec_file(plan.clip.stem)
    labels = dict.fromkeys(cause.key if cause.file == spec else cause.label for cause in causes)
    return TakeLine(
        take.digest,
        tiers,
        take.rendered_at.replace("T", " ")[:16],
        "" if take.seconds is None else f"{take.seconds:.1f} s",
        str(take.request.get("seed", "")),
        _states(film, plans, take.digest),
        ", ".join(labels) if take.request else "its record is missing",
        take.path.as_posix(),
    )


def _belongs(plan: ClipPlan, take: TakeRecord) -> bool:
    """Whether the take is of the kind that the clip requests, or is chosen for it."""
    alike = all(take.request.get(name) == getattr(plan.choice.request, name) for name in _KIND)
    return alike or take.digest == plan.choice.shown


def _states(film: Film, plans: Mapping[str, ClipPlan], digest: str) -> str:
    """The states of a take in the tiers, each named with its tiers unless it is the same in all that show takes."""
    by_state: dict[str, list[str]] = {}
    for tier, plan in plans.items():
        if state := _state(plan, digest):
            by_state.setdefault(state, []).append(tier)
    states = [state if "final" in tiers else f"{'/'.join(tiers)}: {state}" for state, tiers in by_state.items()]
    select = film.selects.get(next(iter(plans.values())).clip_id)
    if select is not None:
        states += ["rejected"] * (digest in select.rejected) + ["failed a check"] * (digest in select.failed)
    return "; ".join(states)


def _state(plan: ClipPlan, digest: str) -> str:
    choice = plan.choice
    states = []
    if digest == choice.shown:
        states.append("shown" if choice.state == "open" else f"{choice.state}, shown")
        if choice.out_of_date:
            states.append("out of date")
    elif digest == choice.wanted:
        states.append("what the shot requests")
    if digest in dict(choice.candidates):
        states.append("to choose from")
    return ", ".join(states)
