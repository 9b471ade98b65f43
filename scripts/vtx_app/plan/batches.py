"""The order in which takes wait for the GPU: those that share models and LoRAs one after the other, whichever film
they belong to, so that models are loaded seldom."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from vtx_app.plan.film_plan import TakePlan

__all__ = ["TakeKey", "Waiting", "in_batches", "waiting"]

TakeKey = tuple[str, str, str]
"""A take by its film, clip id and digest."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A take that is to be rendered: its ``kind`` (what must be loaded for it), and the take that it starts from."""

    kind: Hashable
    parent: TakeKey | None = None


def waiting(slug: str, plan: TakePlan) -> Waiting:
    """What the take of ``plan`` needs."""
    request, parent = plan.request, plan.parent
    kind = (request.renderer, request.pipeline, request.models, request.loras, request.quantization)
    return Waiting(kind, (slug, parent.clip_id, parent.digest) if parent else None)


def in_batches(takes: Mapping[TakeKey, Waiting]) -> list[TakeKey]:
    """``takes`` in the order to render them: every take after the one it starts from, and each kind in as few runs as
    chains allow. What is left open by that stands as it was given.

    A kind of which no take waits for another kind is next: it is then done with. If there is none, the next is the
    kind behind which the longest chain of others waits.
    """
    place = {key: at for at, key in enumerate(takes)}
    children: dict[TakeKey, list[TakeKey]] = {key: [] for key in takes}
    ready: dict[Hashable, list[tuple[int, TakeKey]]] = {}
    blocked: Counter[Hashable] = Counter()  # how often a kind must wait for another one
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


def _changes_behind(
    takes: Mapping[TakeKey, Waiting], children: Mapping[TakeKey, Sequence[TakeKey]], roots: Sequence[TakeKey]
) -> dict[TakeKey, int]:
    """How often the kind changes, at most, along the chains that go on from each take."""
    downwards = list(roots)
    for key in downwards:
        downwards += children[key]
    behind: dict[TakeKey, int] = {}
    for key in reversed(downwards):
        behind[key] = max(
            (behind[child] + (takes[child].kind != takes[key].kind) for child in children[key]), default=0
        )
    return behind
