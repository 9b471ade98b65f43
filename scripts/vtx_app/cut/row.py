"""The film as a row of blocks: what each clip and each card shows, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vtx_app.cut.block import ENDLESS, Block, Strip, card_block
from vtx_app.cut.timeline import Footage, Material
from vtx_app.cut.transitions import join_blocks
from vtx_app.cut.trim import Fault, Trim, trim
from vtx_app.formats.edit import Edit, Title
from vtx_app.formats.yaml_reader import Keys

__all__ = ["Row", "build_row"]


@dataclass(slots=True)
class Row:
    """The blocks in order, and what else the edit led to: see :class:`vtx_app.cut.timeline.Timeline`."""

    blocks: list[Block]
    faults: list[Fault] = field(default_factory=list)
    notes: list[tuple[str, Keys, str]] = field(default_factory=list)
    torn: list[tuple[str, str]] = field(default_factory=list)
    overlapped: int = 0
    repeated: int = 0


def build_row(materials: Sequence[Material], edit: Edit, endings: Sequence[Block]) -> Row:
    """The clips that the edit shows with their cards, in order, then the ``endings``, all in their places."""
    row = Row([])
    cards = _cards(edit)
    dissolved = {(each.after, each.before) for each in edit.transitions if each.dissolve}
    left_out = edit.left_out
    shown = [material for material in materials if material.clip_id not in left_out]
    before: Material | None = None
    for material in shown:
        clip_id = material.clip_id
        row.blocks += [
            card_block(title, keys, "title", material.act) for keys, title in cards.get(("before", clip_id), ())
        ]
        parent = row.blocks[-1] if row.blocks else None
        goes_on = None
        if before is not None and before.clip_id == material.parent:
            goes_on = None if {(before.clip_id, None), (None, clip_id)} & dissolved else parent
        row.blocks += _showings(material, edit, goes_on if goes_on and goes_on.kind == "clip" else None, before, row)
        row.blocks += [
            card_block(title, keys, "title", material.act) for keys, title in cards.get(("after", clip_id), ())
        ]
        before = material
    row.blocks += endings
    row.overlapped = join_blocks(row.blocks, edit.transitions, row.faults, row.notes)
    at = 0
    for block in row.blocks:
        block.start += at  # until here: minus what it overlaps the one before
        at = block.end
    return row


def _cards(edit: Edit) -> dict[tuple[str, str], list[tuple[Keys, Title]]]:
    found: dict[tuple[str, str], list[tuple[Keys, Title]]] = {}
    for number, title in enumerate(edit.titles):
        for side in ("before", "after"):
            if clip_id := getattr(title, side):
                found.setdefault((side, clip_id), []).append((("titles", number), title))
    return found


def _showings(material: Material, edit: Edit, goes_on: Block | None, before: Material | None, row: Row) -> list[Block]:
    """The blocks of a clip. ``goes_on``: the block right before it, if that shows the clip that it continues."""
    asked = edit.of_clip(material.clip_id)
    found = trim(material, asked)
    row.faults += found.faults
    row.notes += [(material.clip_id, *note) for note in found.notes]
    if goes_on is not None and before is not None:
        found = _continued(material, edit, found, goes_on, before, row)
    clip_id, first, last = material.clip_id, found.first, found.end - 1
    strips: tuple[Strip, ...] = (
        Strip(Footage(clip_id, first, still=True), asked.hold.first),
        Strip(Footage(clip_id, first), found.end - found.first),
        Strip(Footage(clip_id, last, still=True), asked.hold.last),
    )
    head = ENDLESS if asked.hold.first else material.head + first
    tail = ENDLESS if asked.hold.last else material.frames + material.tail - found.end
    keys = ("clips", clip_id)
    strips = tuple(strip for strip in strips if strip.frames)
    return [Block(clip_id, "clip", material.act, keys, strips, material.fixed, head, tail) for _ in range(asked.repeat)]


def _continued(material: Material, edit: Edit, found: Trim, goes_on: Block, before: Material, row: Row) -> Trim:
    """The clip without the frames that the one right before it ends with; reports a chain that a trim tears."""
    asked, end = edit.of_clip(material.clip_id), goes_on.strips[-1]
    if not isinstance(end.content, Footage):
        return found
    last = end.content.first + (0 if end.content.still else end.frames - 1)
    written = "in_" in asked.model_fields_set
    if last != before.chain_end - 1 or (written and asked.in_ not in (0, material.repeated)):
        row.torn.append((before.clip_id, material.clip_id))
    elif not written and not end.content.still and not asked.hold.first:
        skipped = min(material.repeated, found.end - found.first - 1)
        row.repeated += skipped * asked.repeat
        return Trim(found.first + skipped, found.end)
    return found
