"""A shot's takes as a person compares them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from vtx_app.compile.sources import spec_file
from vtx_app.plan.causes import differences
from vtx_app.plan.film_plan import ClipPlan
from vtx_app.project.film import Film
from vtx_app.takes.records import TakeRecord, take_records

__all__ = ["Listed", "listed"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One take: ``when`` (UTC) and how long it ``took`` to render, ``state`` in words, and where it ``differs``."""

    digest: str
    when: str
    took: str
    seed: str
    state: str
    differs: str

    def data(self) -> dict[str, Any]:
        """For scripts."""
        return asdict(self)


def listed(film: Film, plan: ClipPlan) -> list[Listed]:
    """The takes of a clip, the oldest first."""
    return [_listed(film, plan, take) for take in take_records(film.folder, plan.clip_id)]


def _listed(film: Film, plan: ClipPlan, take: TakeRecord) -> Listed:
    causes = differences(film, plan, take)
    own = spec_file(plan.clip.stem)
    labels = dict.fromkeys(cause.key if cause.file == own else cause.label for cause in causes)
    differs = ", ".join(labels) if take.request else "its record is missing"
    return Listed(
        take.digest,
        take.rendered_at.replace("T", " ")[:16],
        "" if take.seconds is None else f"{take.seconds:.1f} s",
        str(take.request.get("seed", "")),
        _state(film, plan, take.digest),
        differs,
    )


def _state(film: Film, plan: ClipPlan, digest: str) -> str:
    choice, select = plan.choice, film.selects.get(plan.clip_id)
    words = []
    if digest == choice.shown:
        words.append(
            "approved, shown" if choice.state == "approved" else f"{choice.state}, shown".removeprefix("open, ")
        )
        if choice.out_of_date:
            words.append("out of date")
    elif digest == choice.wanted:
        words.append("what the shot asks for")
    if select is not None and digest in select.rejected:
        words.append("rejected")
    if digest in dict(choice.candidates):
        words.append("to choose from")
    return ", ".join(words)
