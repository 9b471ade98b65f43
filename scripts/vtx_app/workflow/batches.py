"""The queue for the GPU: takes that share models and LoRAs run one after another, whichever film they belong to.

So models are loaded as rarely as chains allow.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from vtx_app.plan.film_plan import TakePlan

__all__ = ["PendingTake", "TakeKey", "in_batches", "in_jobs", "pending_take"]

TakeKey = tuple[str, str, str]
"""A take by its film, clip id and digest."""


@dataclass(frozen=True, slots=True)
class PendingTake:
    """A take to render: its ``kind`` (what must be loaded for it), and the take it continues from."""

    kind: Hashable
    parent: TakeKey | None = None


def pending_take(slug: str, take: TakePlan) -> PendingTake:
    """The entry of ``take`` in the queue."""
    request, parent = take.request, take.parent
    kind = (request.renderer, request.pipeline, request.models, request.loras, request.quantization)
    return PendingTake(kind, (slug, parent.clip_id, parent.digest) if parent else None)


def in_batches(takes: Mapping[TakeKey, PendingTake]) -> list[TakeKey]:
    """``takes`` in the order to render them: parents before children, and each kind in as few runs as chains allow.

    Otherwise the given order is kept. The next kind is one whose takes all are ready, because it is then finished; if
    there is none, the one that the longest chain of other kinds depends on.
    """
    place = {key: at for at, key in enumerate(takes)}
    children: dict[TakeKey, list[TakeKey]] = {key: [] for key in takes}
    ready: dict[Hashable, list[tuple[int, TakeKey]]] = {}
    blocked: Counter[Hashable] = Counter()  # takes of a kind that depend on another kind
    for key, take in takes.items():
        if take.parent is None or take.parent not in takes:
            ready.setdefault(take.kind, []).append((place[key], key))
            continue
        children[take.parent].append(key)
        blocked[take.kind] += takes[take.parent].kind != take.kind
    behind = _changes_behind(takes, children, [key for run in ready.values() for _, key in run])

    def turn(kind: Hashable) -> tuple[bool, int, int]:
        return blocked[kind] > 0, *min((-behind[key], at) for at, key in ready[kind])

    order: list[TakeKey] = []
    while ready:
        kind = min(ready, key=turn)
        run = ready.pop(kind)
        heapq.heapify(run)
        while run:
            _, key = heapq.heappop(run)
            order.append(key)
            for child in children[key]:
                theirs = takes[child].kind
                blocked[theirs] -= theirs != kind
                heapq.heappush(run if theirs == kind else ready.setdefault(theirs, []), (place[child], child))
    return order


def in_jobs(takes: Mapping[TakeKey, PendingTake], most: int) -> list[list[TakeKey]]:
    """``takes`` in the order to render them, cut into jobs of at most ``most`` takes of one kind.

    No job waits for a later one, and so none for itself.
    """
    runs = groupby(in_batches(takes), key=lambda key: takes[key].kind)
    return [job for _, run in runs for job in _pieces(run, most)]


def _pieces(keys: Iterator[TakeKey], most: int) -> Iterator[list[TakeKey]]:
    while piece := list(islice(keys, most)):
        yield piece


def _changes_behind(
    takes: Mapping[TakeKey, PendingTake], children: Mapping[TakeKey, Sequence[TakeKey]], roots: Sequence[TakeKey]
) -> dict[TakeKey, int]:
    """The most changes of kind along the chains that continue from each take."""
    downwards = list(roots)
    for key in downwards:
        downwards += children[key]
    behind: dict[TakeKey, int] = {}
    for key in reversed(downwards):
        behind[key] = max(
            (behind[child] + (takes[child].kind != takes[key].kind) for child in children[key]), default=0
        )
    return behind
