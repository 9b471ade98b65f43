"""What rendering would cost in time and disk, from what takes of the same kind cost before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from vtx_app.compile.request import RenderRequest
from vtx_app.plan.film_plan import ClipPlan, FilmPlan
from vtx_app.takes.records import Kind, RenderCost, TakeRecord, take_records

__all__ = ["Estimate", "Paces", "estimate", "estimate_renders", "kind_of"]

_SAMPLE_TAKES = 30
"""More takes of one kind would not improve the estimate."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """``seconds`` of rendering and ``size`` in bytes of ``known`` takes; ``unknown`` takes have no history."""

    seconds: float
    size: int
    known: int
    unknown: int


class Paces:
    """How long a film's takes need to render, by kind. Each kind is looked up once."""

    def __init__(self, plan: FilmPlan) -> None:
        self._plan = plan
        self._known: dict[Kind, dict[int, float]] = {}

    def seconds(self, request: RenderRequest) -> float | None:
        """The seconds of wall time that a take like this took, on the GPU that rendered the newest; None if unknown."""
        kind = kind_of(request)
        if kind not in self._known:
            found = _own_history(self._plan, (), {kind}) or _of_others(self._plan, {kind})
            self._known[kind] = _medians(_on_current_gpu(found), lambda each: each.seconds).get(kind, {})
        return _interpolate(request.frames, self._known[kind]) if self._known[kind] else None


def estimate_renders(plan: FilmPlan, clips: Sequence[ClipPlan]) -> Estimate:
    """What rendering the takes of ``clips`` would cost, by the film's own history, else by that of other films."""

    requests = [clip.take.request for clip in clips]
    own = _own_history(plan, clips, set(map(kind_of, requests)))
    return estimate(requests, own, lambda kinds: _of_others(plan, kinds))


def kind_of(request: RenderRequest) -> Kind:
    """The kind of the request's take."""
    return (request.renderer, request.pipeline, request.width, request.height)


def estimate(
    requests: Iterable[RenderRequest], own: Iterable[RenderCost], elsewhere: Callable[[set[Kind]], Iterable[RenderCost]]
) -> Estimate:
    """What rendering takes would cost: by the film's ``own`` history, and by ``elsewhere`` for kinds it lacks."""
    requested = [(kind_of(request), request.frames) for request in requests]
    history = list(own)
    if lacking := {kind for kind, _ in requested} - {each.kind for each in history}:
        history += elsewhere(lacking)
    seconds = _medians(_on_current_gpu(history), lambda each: each.seconds)
    sizes = _medians(history, lambda each: each.size)
    known = [(kind, frames) for kind, frames in requested if kind in seconds]
    return Estimate(
        sum(_interpolate(frames, seconds[kind]) for kind, frames in known),
        round(sum(_interpolate(frames, sizes[kind]) for kind, frames in known if kind in sizes)),
        len(known),
        len(requested) - len(known),
    )


def _of_others(plan: FilmPlan, kinds: set[Kind]) -> list[RenderCost]:
    from vtx_app.registry.past_takes import takes_of_others  # imports SQLite, which most dry-runs don't need

    return takes_of_others(plan.film.slug, kinds)


def _own_history(plan: FilmPlan, clips: Iterable[ClipPlan], kinds: set[Kind]) -> list[RenderCost]:
    """Up to :data:`_SAMPLE_TAKES` of the film's takes of each kind, those of ``clips`` first."""
    found: list[RenderCost] = []
    counted: Counter[Kind] = Counter()
    for each in _film_history(plan, clips):
        if each.kind in kinds and counted[each.kind] < _SAMPLE_TAKES:
            found.append(each)
            counted[each.kind] += 1
            if all(counted[kind] >= _SAMPLE_TAKES for kind in kinds):
                break
    return found


def _film_history(plan: FilmPlan, clips: Iterable[ClipPlan]) -> Iterator[RenderCost]:
    if not (plan.film.folder / "renders/takes").is_dir():
        return
    for clip_id in dict.fromkeys([*(clip.clip_id for clip in clips), *plan.film.clips]):
        for record in reversed(take_records(plan.film.folder, clip_id, recorded=True)):
            if past := _past(record):
                yield past


def _past(take: TakeRecord) -> RenderCost | None:
    request, frames, seconds = take.request, take.request.get("frames"), take.seconds
    if not isinstance(frames, int) or frames < 1 or seconds is None:
        return None
    width, height = request.get("width", 0), request.get("height", 0)
    kind = (str(request.get("renderer")), str(request.get("pipeline")), width, height)
    return RenderCost(kind, frames, seconds, take.size, str(take.record.get("gpu", "")), take.rendered_at)


def _on_current_gpu(history: list[RenderCost]) -> Iterable[RenderCost]:
    """The takes rendered on the same GPU as the newest of their kind; times of other GPUs don't compare."""
    newest: dict[Kind, RenderCost] = {}
    for each in history:
        newest[each.kind] = max(each, newest.get(each.kind, each), key=lambda take: take.rendered_at)
    return (each for each in history if each.gpu == newest[each.kind].gpu)


def _medians(
    history: Iterable[RenderCost], value: Callable[[RenderCost], float | None]
) -> dict[Kind, dict[int, float]]:
    """The median value by kind and number of frames."""
    found: dict[Kind, dict[int, list[float]]] = {}
    for each in history:
        if (known := value(each)) is not None:
            found.setdefault(each.kind, {}).setdefault(each.frames, []).append(known)
    return {kind: {frames: median(values) for frames, values in lengths.items()} for kind, lengths in found.items()}


def _interpolate(frames: int, known: Mapping[int, float]) -> float:
    """The value for a take of ``frames``: linear between two known lengths, proportional beyond them."""
    if frames in known:
        return known[frames]
    shorter = max((each for each in known if each < frames), default=None)
    longer = min((each for each in known if each > frames), default=None)
    if shorter is not None and longer is not None:
        share = (frames - shorter) / (longer - shorter)
        return known[shorter] + share * (known[longer] - known[shorter])
    nearest = shorter or longer
    assert nearest is not None, "every kind has at least one take"  # noqa: S101
    return known[nearest] / nearest * frames
