"""Match the items of an old and a new list: by id if they have one, else by content, in order."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from vtx_app.merge.data_merge import canonical, id_key
from vtx_app.merge.diff3 import hunks

__all__ = ["pair_items"]

# Above this many comparisons items are paired by position only.
_MOST = 2_500


def pair_items(old: list[Any], new: list[Any]) -> list[int | None]:
    """For each of the ``new`` items, the position of the ``old`` one that it equals or replaces."""
    if key := id_key(old, new):
        places: dict[Hashable, int] = {canonical(item[key]): index for index, item in enumerate(old)}
        return [places.get(canonical(item[key])) for item in new]
    found: list[int | None] = [None] * len(new)
    at = shift = 0
    for a0, a1, b0, b1 in hunks([canonical(item) for item in old], [canonical(item) for item in new]):
        found[at + shift : b0] = range(at, a0)
        for before, after in _matches(old[a0:a1], new[b0:b1]):
            found[b0 + after] = a0 + before
        at, shift = a1, b1 - a1
    found[at + shift :] = range(at, len(old))
    return found


def _matches(old: list[Any], new: list[Any]) -> list[tuple[int, int]]:
    """Pairs of positions, in order: as many as possible, and the most similar ones."""
    if len(old) == len(new) or len(old) * len(new) > _MOST:
        return list(zip(range(len(old)), range(len(new)), strict=False))
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    scores = [[_similarity(before, after) for after in new] for before in old]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + scores[i][j])
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j + 1] + scores[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _similarity(one: Any, other: Any) -> float:
    """How similar two values are; 1 or more if they have the same type."""
    if type(one) is not type(other):
        return 0.1
    left, right = _parts(one), _parts(other)
    return 1 + len(left & right) / max(1, len(left), len(right))


def _parts(value: Any) -> set[Hashable]:
    if isinstance(value, dict):
        return {part for key, each in value.items() for part in (key, (key, canonical(each)))}
    if isinstance(value, list):
        return {canonical(each) for each in value}
    return set(str(value)[:2000].split())
