"""How one block becomes the next: dissolves, dips and fades, within what the blocks have."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from vtx_app.cut.block import Block
from vtx_app.cut.trim import Fault
from vtx_app.formats.edit import Transition

__all__ = ["join_blocks"]

Found = tuple[int, Transition]
"""A transition and its place in the list, from 0."""


_FADE = {"before": "in", "after": "out"}


def join_blocks(blocks: Sequence[Block], transitions: Sequence[Transition]) -> tuple[list[Fault], int]:
    """Give the blocks their transitions, from the first to the last.

    Returns what does not fit, and by how many frames dissolves make the film shorter. ``start`` of a block becomes
    minus the frames that it overlaps the one before.
    """
    faults: list[Fault] = []
    after = {each.after: (number, each) for number, each in enumerate(transitions) if each.after}
    before = {each.before: (number, each) for number, each in enumerate(transitions) if each.before}
    row: list[Block | None] = [None, *blocks, None]
    for left, right in pairwise(row):
        places = []
        if left is not None and left.kind == "clip" and not _repeats(left, right) and left.clip_id in after:
            places.append(after[left.clip_id])
        if right is not None and right.kind == "clip" and not _repeats(left, right) and right.clip_id in before:
            places.append(before[right.clip_id])
        if len(places) == 2 and any(each.dissolve or each.dip for _, each in places):
            earlier, later = sorted(number for number, _ in places)
            faults.append((("transitions", later), f"transition {earlier} (from 0) is at that cut; keep one of them"))
            places = [each for each in places if each[0] == earlier]
        faults += [fault for found in places if (fault := _transition(left, right, found))]
    return faults, -sum(block.start for block in blocks)


def _transition(left: Block | None, right: Block | None, found: Found) -> Fault | None:
    number, each = found
    if each.fade_out and left is not None:
        return _fade_out(left, number, each)
    if each.fade_in and right is not None:
        return _fade_in(right, number, each)
    if left is None or right is None:
        side = "after" if each.after else "before"
        hint = f"a fade_{_FADE[side]} needs nothing there"
        kind = "dissolve" if each.dissolve else "dip"
        return ("transitions", number, kind), f"nothing is {side} {each.after or each.before} in the film; {hint}"
    if each.dissolve:
        return _dissolve(left, right, number, each.dissolve)
    return _dip(left, right, number, each)


def _repeats(left: Block | None, right: Block | None) -> bool:
    """Whether both show one clip, twice in a row."""
    if left is None or right is None:
        return False
    return left.kind == right.kind == "clip" and left.clip_id == right.clip_id


def _name(block: Block) -> str:
    if block.kind == "clip":
        return block.clip_id
    return f"the {block.kind.replace('_', ' ')}" + (f" at {block.clip_id}" if block.clip_id else "")


def _too_long(number: int, kind: str, frames: int, longest: int, blocks: Sequence[Block]) -> Fault:
    left = " and ".join(f"{_name(block)} has {max(0, block.free)}" for block in blocks)
    longest_text = f"at most {longest} fit" if longest > 0 else "none fit: take it out, or make another effect shorter"
    return ("transitions", number, kind), f"{frames} frames: {longest_text} ({left} left of its own)"


def _dissolve(left: Block, right: Block, number: int, frames: int) -> Fault | None:
    """As many frames as may be out of the spare ones, in equal parts, else the blocks' own.

    Of the block that comes, only its first strip may be in it: a layer fades in from its own beginning.
    """
    longest = _longest_dissolve(left, right)
    if frames > longest:
        return _too_long(number, "dissolve", frames, longest, (left, right))
    overlap = max(0, frames - left.tail - right.head)
    rest = frames - overlap
    low = max(0, rest - right.head, rest - (left.free - overlap))
    high = min(rest, left.tail, _free_to_come(right) - overlap)
    trail = min(max((rest + 1) // 2, low), high)
    left.trail, left.fade_out, left.used_out = trail, frames, frames - trail
    right.lead, right.fade_in, right.used_in = rest - trail, frames, trail + overlap
    right.start = -overlap
    return None


def _longest_dissolve(left: Block, right: Block) -> int:
    free = _free_to_come(right)
    if left.tail <= free and right.head <= left.free:
        return left.tail + right.head + min(free - left.tail, left.free - right.head)
    return min(left.tail, free) + min(right.head, left.free)


def _free_to_come(block: Block) -> int:
    return min(block.free, block.strips[0].frames)


def _dip(left: Block, right: Block, number: int, transition: Transition) -> Fault | None:
    frames = transition.dip or 0
    longest = min(2 * left.free, 2 * right.free + 1)
    if frames > longest:
        return _too_long(number, "dip", frames, longest, (left, right))
    left.used_out, right.used_in = (frames + 1) // 2, frames // 2
    left.to_colour, left.dip_in = (left.used_out, transition.colour), right.used_in
    return None


def _fade_out(block: Block, number: int, transition: Transition) -> Fault | None:
    frames = transition.fade_out or 0
    if frames > block.free:
        return _too_long(number, "fade_out", frames, block.free, (block,))
    block.to_colour, block.used_out = (frames, transition.colour), frames
    return None


def _fade_in(block: Block, number: int, transition: Transition) -> Fault | None:
    frames = transition.fade_in or 0
    if frames > block.free:
        return _too_long(number, "fade_in", frames, block.free, (block,))
    block.from_colour, block.used_in = (frames, transition.colour), frames
    return None
