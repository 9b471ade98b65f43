"""How one block becomes the next: dissolves, dips and fades, within what the blocks have."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from vtx_app.cut.block import Block
from vtx_app.cut.trim import Fault
from vtx_app.formats.edit import Transition
from vtx_app.formats.yaml_reader import Keys
from vtx_app.text import plural

__all__ = ["join_blocks"]

_FADE = {"before": "in", "after": "out"}


def join_blocks(
    blocks: Sequence[Block],
    transitions: Sequence[Transition],
    faults: list[Fault],
    notes: list[tuple[str, Keys, str]],
) -> int:
    """Give the blocks their transitions, from the first to the last; return by how many frames they overlap.

    ``start`` of a block becomes minus the frames that it overlaps the one before. Adds what does not fit to ``faults``;
    fixed blocks get the longest that fits, and ``notes`` says so.
    """
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
        for number, each in places:
            _join(left, right, number, each, faults, notes)
    return -sum(block.start for block in blocks)


def _join(
    left: Block | None,
    right: Block | None,
    number: int,
    each: Transition,
    faults: list[Fault],
    notes: list[tuple[str, Keys, str]],
) -> None:
    kind = next(name for name in ("dissolve", "dip", "fade_in", "fade_out") if getattr(each, name))
    keys: Keys = ("transitions", number, kind)
    sides = [right] if each.fade_in else [left] if each.fade_out else [left, right]
    joined = [block for block in sides if block is not None]
    if len(joined) < len(sides):
        side = "after" if each.after else "before"
        hint = f"a fade_{_FADE[side]} needs nothing there"
        faults.append((keys, f"nothing is {side} {each.after or each.before} in the film; {hint}"))
        return
    frames: int = getattr(each, kind)
    longest = max(0, _longest(kind, joined))
    if frames <= longest:
        _apply(kind, joined, frames, each.colour)
    elif fixed := [block for block in joined if block.fixed]:
        notes.append((fixed[0].clip_id, keys, f"{plural(frames, 'frame')}: its take has room for {longest}"))
        if longest:
            _apply(kind, joined, longest, each.colour)
    else:
        faults.append((keys, _too_long(frames, longest, joined)))


def _longest(kind: str, joined: Sequence[Block]) -> int:
    """The most frames that fit where these blocks meet. A fade lies wholly in one block."""
    if kind == "dissolve":
        return _longest_dissolve(joined[0], joined[1])
    if kind == "dip":
        return min(2 * joined[0].free, 2 * joined[1].free + 1)
    return joined[0].free


def _apply(kind: str, joined: Sequence[Block], frames: int, colour: str) -> None:
    first = joined[0]
    if kind == "dissolve":
        _dissolve(first, joined[1], frames)
    elif kind == "dip":
        second = joined[1]
        first.used_out, second.used_in = (frames + 1) // 2, frames // 2
        first.to_colour, first.dip_in = (first.used_out, colour), second.used_in
    elif kind == "fade_out":
        first.to_colour, first.used_out = (frames, colour), frames
    else:
        first.from_colour, first.used_in = (frames, colour), frames


def _repeats(left: Block | None, right: Block | None) -> bool:
    """Whether both show one clip, twice in a row."""
    if left is None or right is None:
        return False
    return left.kind == right.kind == "clip" and left.clip_id == right.clip_id


def _name(block: Block) -> str:
    if block.kind == "clip":
        return block.clip_id
    return f"the {block.kind.replace('_', ' ')}" + (f" at {block.clip_id}" if block.clip_id else "")


def _too_long(frames: int, longest: int, blocks: Sequence[Block]) -> str:
    left = " and ".join(f"{_name(block)} has {max(0, block.free)}" for block in blocks)
    fits = f"at most {longest} fit" if longest else "none fit: take it out, or make another effect shorter"
    return f"{plural(frames, 'frame')}: {fits} ({left} left of its own)"


def _dissolve(left: Block, right: Block, frames: int) -> None:
    """Use spare frames as far as possible, in equal parts, then the blocks' own.

    Only the first strip of the next block can take part, because a layer fades in from its own beginning.
    """
    overlap = max(0, frames - left.tail - right.head)
    rest = frames - overlap
    low = max(0, rest - right.head, rest - (left.free - overlap))
    high = min(rest, left.tail, _free_to_come(right) - overlap)
    trail = min(max((rest + 1) // 2, low), high)
    left.trail, left.fade_out, left.used_out = trail, frames, frames - trail
    right.lead, right.fade_in, right.used_in = rest - trail, frames, trail + overlap
    right.start = -overlap


def _longest_dissolve(left: Block, right: Block) -> int:
    free = _free_to_come(right)
    if left.tail <= free and right.head <= left.free:
        return left.tail + right.head + min(free - left.tail, left.free - right.head)
    return min(left.tail, free) + min(right.head, left.free)


def _free_to_come(block: Block) -> int:
    return min(block.free, block.strips[0].frames)
