"""The takes of a clip as a person compares them."""

from __future__ import annotations

from dataclasses import dataclass

from vtx_app.compile.sources import spec_file
from vtx_app.plan.causes import differences
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.project.film import Film
from vtx_app.takes.records import TakeRecord, take_records

__all__ = ["TakeLine", "list_takes"]


@dataclass(frozen=True, slots=True)
class TakeLine:
    """One take: ``when`` it was rendered (UTC), how long that ``took``, its ``state`` and the keys in which it
    ``differs`` from what the clip requests."""

    digest: str
    when: str
    took: str
    seed: str
    state: str
    differs: str


def list_takes(film: Film, plan: ClipPlan) -> list[TakeLine]:
    """The takes of a clip, the oldest first."""
    return [_line(film, plan, take) for take in take_records(film.folder, plan.clip_id)]


def _line(film: Film, plan: ClipPlan, take: TakeRecord) -> TakeLine:
    causes = differences(film, plan, take)
    spec = spec_file(plan.clip.stem)
    labels = dict.fromkeys(cause.key if cause.file == spec else cause.label for cause in causes)
    return TakeLine(
        take.digest,
        take.rendered_at.replace("T", " ")[:16],
        "" if take.seconds is None else f"{take.seconds:.1f} s",
        str(take.request.get("seed", "")),
        _state(film, plan, take.digest),
        ", ".join(labels) if take.request else "its record is missing",
    )


def _state(film: Film, plan: ClipPlan, digest: str) -> str:
    choice, select = plan.choice, film.selects.get(plan.clip_id)
    states = []
    if digest == choice.shown:
        states.append("shown" if choice.state == "open" else f"{choice.state}, shown")
        if choice.out_of_date:
            states.append("out of date")
    elif digest == choice.wanted:
        states.append("what the shot requests")
    if select is not None and digest in select.rejected:
        states.append("rejected")
    if digest in dict(choice.candidates):
        states.append("to choose from")
    return ", ".join(states)
