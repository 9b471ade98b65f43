"""What rendering would cost: minutes and disk, from what takes of the same kind took before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from vtx_app.compile.request import RenderRequest
from vtx_app.takes.past import Kind, Past

__all__ = ["Estimate", "estimate", "kind_of"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """``seconds`` of rendering and ``size`` in bytes of ``known`` takes; ``unknown`` are of a kind never rendered."""

    seconds: float
    size: int
    known: int
    unknown: int


def kind_of(request: RenderRequest) -> Kind:
    """The kind of the request's take."""
    return (request.renderer, request.pipeline, request.width, request.height)


def estimate(
    requests: Iterable[RenderRequest], own: Iterable[Past], elsewhere: Callable[[set[Kind]], Iterable[Past]]
) -> Estimate:
    """What rendering takes would cost, by the film's ``own`` takes, and by those ``elsewhere`` for kinds it has not."""
    wanted = [(kind_of(request), request.frames) for request in requests]
    past = list(own)
    if lacking := {kind for kind, _ in wanted} - {each.kind for each in past}:
        past += elsewhere(lacking)
    seconds = _by_kind(_on_the_gpu_in_use(past), lambda each: each.seconds)
    sizes = _by_kind(past, lambda each: each.size)
    known = [(kind, frames) for kind, frames in wanted if kind in seconds]
    return Estimate(
        sum(_at(frames, seconds[kind]) for kind, frames in known),
        round(sum(_at(frames, sizes[kind]) for kind, frames in known if kind in sizes)),
        len(known),
        len(wanted) - len(known),
    )


def _on_the_gpu_in_use(past: list[Past]) -> Iterable[Past]:
    """Of each kind the takes from the GPU that rendered the newest of them: another one's times tell nothing."""
    newest: dict[Kind, Past] = {}
    for each in past:
        newest[each.kind] = max(each, newest.get(each.kind, each), key=lambda take: take.rendered_at)
    return (each for each in past if each.gpu == newest[each.kind].gpu)


def _by_kind(past: Iterable[Past], value: Callable[[Past], float | None]) -> dict[Kind, dict[int, float]]:
    """Of each kind, and each number of frames, the median."""
    found: dict[Kind, dict[int, list[float]]] = {}
    for each in past:
        if (known := value(each)) is not None:
            found.setdefault(each.kind, {}).setdefault(each.frames, []).append(known)
    return {kind: {frames: median(values) for frames, values in lengths.items()} for kind, lengths in found.items()}


def _at(frames: int, known: Mapping[int, float]) -> float:
    """The value for a take of so many frames: between two known lengths on the line, beyond them in proportion."""
    if frames in known:
        return known[frames]
    shorter = max((each for each in known if each < frames), default=None)
    longer = min((each for each in known if each > frames), default=None)
    if shorter is not None and longer is not None:
        share = (frames - shorter) / (longer - shorter)
        return known[shorter] + share * (known[longer] - known[shorter])
    nearest = shorter or longer
    assert nearest is not None, "a kind is known by a take"  # noqa: S101
    return known[nearest] / nearest * frames
