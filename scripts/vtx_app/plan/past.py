"""Takes that were rendered before: a film's own by their records, those of other films by the registry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from vtx_app.plan.film_plan import ClipPlan, FilmPlan
from vtx_app.takes.past import Kind, Past
from vtx_app.takes.records import TakeRecord, take_records

__all__ = ["own_past"]

_ENOUGH = 30
"""Takes of a kind from which on more would tell nothing new."""


def own_past(plan: FilmPlan, takes: list[ClipPlan], wanted: set[Kind]) -> list[Past]:
    """The film's takes of the ``wanted`` kinds, as many as tell; first those of the clips of ``takes``."""
    found: list[Past] = []
    counted: Counter[Kind] = Counter()
    for each in _of_film(plan, takes):
        if each.kind in wanted and counted[each.kind] < _ENOUGH:
            found.append(each)
            counted[each.kind] += 1
            if all(counted[kind] >= _ENOUGH for kind in wanted):
                break
    return found


def _of_film(plan: FilmPlan, takes: list[ClipPlan]) -> Iterator[Past]:
    if not (plan.film.folder / "renders/takes").is_dir():
        return
    clip_ids = dict.fromkeys([*(take.clip.clip_id for take in takes), *plan.film.clips])
    for clip_id in clip_ids:
        for record in reversed(take_records(plan.film.folder, clip_id)):
            if past := _past(record):
                yield past


def _past(take: TakeRecord) -> Past | None:
    said, frames, seconds = take.request, take.request.get("frames"), take.seconds
    if not isinstance(frames, int) or frames < 1 or seconds is None:
        return None
    width, height = said.get("width", 0), said.get("height", 0)
    kind = (str(said.get("renderer")), str(said.get("pipeline")), width, height)
    return Past(kind, frames, seconds, take.size, str(take.record.get("gpu", "")), take.rendered_at)
