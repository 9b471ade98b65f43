"""Three-way merge of sequences: what one side changed is that side's, what both changed differently is a conflict.

difflib finds each side's changes against the base; changes that overlap are taken together. The merge3 package does the
same, but it is under the GPL and doesn't say where unchanged lines stand in ``mine``.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

__all__ = ["Region", "hunks", "includes_changes", "regions"]

# Above this many elements difflib may ignore frequent ones: exact answers would take minutes.
_EXACT = 2_000

Hunk = tuple[int, int, int, int]
Kind = Literal["nobody", "mine", "theirs", "both", "conflict"]


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the three sequences, as slices, and who changed it; ``both``: in the same way."""

    kind: Kind
    base: slice
    mine: slice
    theirs: slice

    @property
    def spans(self) -> tuple[slice, slice, slice]:
        """The slices of base, mine and theirs."""
        return self.base, self.mine, self.theirs


def hunks(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Hunk]:
    """The changes in order: ``old[a:b]`` became ``new[c:d]``. Two hunks never touch."""
    start, shorter = 0, min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    a, b = old[start : len(old) - end], new[start : len(new) - end]
    found: list[Hunk] = []
    for kind, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=len(a) + len(b) > _EXACT).get_opcodes():
        if kind != "equal":
            found.append((a0 + start, a1 + start, b0 + start, b1 + start))
    low = -1
    for place, hunk in enumerate(found):
        high = found[place + 1][0] - 1 if place + 1 < len(found) else len(old)
        found[place] = _centred(hunk, old, new, low + 1, high)
        low = found[place][1]
    return found


def _centred(hunk: Hunk, old: Sequence[Hashable], new: Sequence[Hashable], low: int, high: int) -> Hunk:
    """A pure insertion or deletion, moved to the middle of its equivalent places.

    Both sides then agree on its place, and a new paragraph touches neither the one above nor the one below.
    """
    a0, a1, b0, b1 = hunk
    if a0 < a1 and b0 < b1:
        return hunk
    side, start, end = (new, b0, b1) if a0 == a1 else (old, a0, a1)
    up = down = 0
    while a0 - up > low and side[start - up - 1] == side[end - up - 1]:
        up += 1
    while a1 + down < high and side[start + down] == side[end + down]:
        down += 1
    by = (up + down + 1) // 2 - up
    return a0 + by, a1 + by, b0 + by, b1 + by


def regions(
    base: Sequence[Hashable], mine: Sequence[Hashable], theirs: Sequence[Hashable], *, touching: bool = False
) -> Iterator[Region]:
    """The three sequences, region by region.

    Changes of the two sides that only touch are a conflict; with ``touching`` they stand side by side, an insertion
    before a replacement at the same place. Two insertions at one place are always one region.
    """
    ours, others = hunks(base, mine), hunks(base, theirs)
    i = j = 0  # the next hunk of each side
    b = m = t = 0  # where the next region begins in base, mine and theirs
    while i < len(ours) or j < len(others):
        first = min(ours[i : i + 1] + others[j : j + 1])
        low, high = first[0], first[1]
        i0, j0 = i, j
        while True:
            if i < len(ours) and (ours[i] is first or _meet(ours[i], low, high, touching)):
                high, i = max(high, ours[i][1]), i + 1
            elif j < len(others) and (others[j] is first or _meet(others[j], low, high, touching)):
                high, j = max(high, others[j][1]), j + 1
            else:
                break
        if b < low:
            same = low - b
            yield Region("nobody", slice(b, low), slice(m, m + same), slice(t, t + same))
            b, m, t = low, m + same, t + same
        mine_end = m + high - low + sum(map(_growth, ours[i0:i]))
        theirs_end = t + high - low + sum(map(_growth, others[j0:j]))
        kind: Kind
        if j == j0:
            kind = "mine"
        elif i == i0:
            kind = "theirs"
        else:
            kind = "both" if list(mine[m:mine_end]) == list(theirs[t:theirs_end]) else "conflict"
        yield Region(kind, slice(low, high), slice(m, mine_end), slice(t, theirs_end))
        b, m, t = high, mine_end, theirs_end
    if b < len(base):
        yield Region("nobody", slice(b, len(base)), slice(m, len(mine)), slice(t, len(theirs)))


def includes_changes(base: Sequence[Hashable], mine: Sequence[Hashable], theirs: Sequence[Hashable]) -> bool:
    """Whether ``mine`` is ``theirs`` but for changes that touch none of the changes from ``base`` to ``theirs``."""
    changed = [(c, d) for _, _, c, d in hunks(base, theirs)]
    spans = sorted([*changed, *((a, b) for a, b, _, _ in hunks(theirs, mine))])
    return bool(changed) and all(before[1] < after[0] for before, after in pairwise(spans))


def _meet(hunk: Hunk, low: int, high: int, touching: bool) -> bool:
    start, end = hunk[0], hunk[1]
    if start == end == low == high:
        return True
    return (start < high and low < end) if touching else (start <= high and low <= end)


def _growth(hunk: Hunk) -> int:
    return (hunk[3] - hunk[2]) - (hunk[1] - hunk[0])
