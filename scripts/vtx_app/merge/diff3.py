"""Three-way merge of sequences: where only one side changed, that side; where both did, and not alike, a conflict.

difflib finds the changes of each side against the base, and changes that overlap are taken together. The merge3
package does the same, but under the GPL, and without saying where the lines that nobody changed stand in ``mine``.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

__all__ = ["Region", "holds", "hunks", "regions"]

# Above this many elements difflib may take common elements for noise: exact answers would take minutes.
_EXACT = 2_000

Hunk = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of all three sequences, as slices, and who changed it. ``both`` changed it to the same."""

    kind: Literal["nobody", "mine", "theirs", "both", "conflict"]
    base: slice
    mine: slice
    theirs: slice


def hunks(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Hunk]:
    """What changed, in order: ``old[a:b]`` became ``new[c:d]``. Two hunks never touch."""
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
    """What was only put in or taken out, in the middle of the places where it could be as well.

    So both sides say it alike, and a new paragraph touches neither that above nor that below.
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
    """All of the three sequences, region by region.

    Changes of the two sides that only touch are a conflict, or with ``touching`` stand side by side: an insertion
    before what is replaced at the same place. Two insertions at one place are one region whichever is asked for.
    """
    ours, others = hunks(base, mine), hunks(base, theirs)
    i = j = 0  # the hunks that are dealt with
    at, to_mine, to_theirs = 0, 0, 0  # the place in base, and how far mine and theirs are shifted there
    while i < len(ours) or j < len(others):
        first = min(ours[i : i + 1] + others[j : j + 1])
        low, high = first[0], first[1]
        m0, t0 = i, j
        while True:
            if i < len(ours) and (_meet(ours[i], low, high, touching) or (i == m0 and ours[i] is first)):
                high, i = max(high, ours[i][1]), i + 1
            elif j < len(others) and (_meet(others[j], low, high, touching) or (j == t0 and others[j] is first)):
                high, j = max(high, others[j][1]), j + 1
            else:
                break
        if at < low:
            yield _region("nobody", at, low, to_mine, to_mine, to_theirs, to_theirs)
        mine_after = to_mine + sum(_growth(hunk) for hunk in ours[m0:i])
        theirs_after = to_theirs + sum(_growth(hunk) for hunk in others[t0:j])
        kind: Literal["mine", "theirs", "both", "conflict"]
        if j == t0:
            kind = "mine"
        elif i == m0:
            kind = "theirs"
        else:
            same = list(mine[low + to_mine : high + mine_after]) == list(theirs[low + to_theirs : high + theirs_after])
            kind = "both" if same else "conflict"
        yield _region(kind, low, high, to_mine, mine_after, to_theirs, theirs_after)
        at, to_mine, to_theirs = high, mine_after, theirs_after
    if at < len(base):
        yield _region("nobody", at, len(base), to_mine, to_mine, to_theirs, to_theirs)


def holds(base: Sequence[Hashable], mine: Sequence[Hashable], theirs: Sequence[Hashable]) -> bool:
    """Whether ``mine`` is ``theirs`` with changes that touch nothing that theirs changed: they are merged already."""
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


def _region(
    kind: Literal["nobody", "mine", "theirs", "both", "conflict"],
    low: int,
    high: int,
    m0: int,
    m1: int,
    t0: int,
    t1: int,
) -> Region:
    return Region(kind, slice(low, high), slice(low + m0, high + m1), slice(low + t0, high + t1))
