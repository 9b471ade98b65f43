"""The edit and the clips → the timeline: pure, the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from vtx_app.cut.block import Block, Strip, card_block, strips_in_film
from vtx_app.cut.pieces import act_ranges, overlays, picture_pieces
from vtx_app.cut.row import Row, build_row
from vtx_app.cut.timeline import Copied, Footage, Heard, Material, Roll, Timeline, Use
from vtx_app.cut.trim import EditFaults
from vtx_app.formats.edit import Card, ClipEdit, Edit
from vtx_app.text import plural

__all__ = ["build_timeline", "copy_starts", "film_row"]


def build_timeline(
    materials: Sequence[Material], edit: Edit, roll: Sequence[str] = (), *, disclosure: Card | None = None
) -> Timeline:
    """The film that ``edit`` makes from the clips, which are in the order of the film.

    ``roll``: the lines of the end roll's file. ``disclosure``: a card at the very end. Clips that
    the edit leaves out are ignored.

    Raises :class:`EditFaults` with everything in the edit that does not fit, and the longest that does.
    """
    row = film_row(materials, edit, roll, disclosure=disclosure)
    if not row.blocks:
        return Timeline(0, (), (), (), {})
    over = overlays(row, edit)
    if row.faults:
        raise EditFaults(row.faults)
    picture, piece_acts = picture_pieces(row, over)
    acts = act_ranges(row, picture, piece_acts)
    frames = row.blocks[-1].end
    by_id = {material.clip_id: material for material in materials}
    sound = tuple(
        heard
        for block in row.blocks
        if block.kind == "clip"
        and (heard := _heard(block, by_id[block.clip_id], edit.of_clip(block.clip_id), row, frames))
    )
    if row.faults:
        raise EditFaults(list(dict.fromkeys(row.faults)))
    return Timeline(
        frames,
        tuple(_uses(row)),
        picture,
        sound,
        acts,
        tuple(_scenes(row, by_id)),
        _shown(row),
        row.overlapped,
        row.repeated,
        tuple(row.torn),
        tuple(dict.fromkeys(row.notes)),
    )


def film_row(
    materials: Sequence[Material], edit: Edit, roll: Sequence[str] = (), *, disclosure: Card | None = None
) -> Row:
    """The row of blocks from which :func:`build_timeline` makes the film, with its faults."""
    return build_row(materials, edit, _endings(materials, edit, roll, disclosure))


def copy_starts(timeline: Timeline) -> dict[str, tuple[int, ...]]:
    """The frames of each delivered clip, except its first, at which copying of its packets begins."""
    found: dict[str, set[int]] = {}
    for piece in timeline.picture:
        if isinstance(piece, Copied) and piece.first:
            found.setdefault(piece.clip_id, set()).add(piece.first)
    return {clip_id: tuple(sorted(starts)) for clip_id, starts in found.items()}


def _endings(materials: Sequence[Material], edit: Edit, roll: Sequence[str], disclosure: Card | None) -> list[Block]:
    """The blocks after the last clip, which belong to the last act."""
    left_out = edit.left_out
    act = max((material.act for material in materials if material.clip_id not in left_out), default=None)
    if act is None:
        return []
    found = [card_block(edit.end_card, ("end_card",), "end_card", act)] if edit.end_card else []
    if edit.end_roll:
        strip = Strip(Roll(edit.end_roll, tuple(roll)), edit.end_roll.frames)
        found.append(Block("", "end_roll", act, ("end_roll",), (strip,)))
    return found + ([card_block(disclosure, (), "disclosure", act)] if disclosure else [])


def _moving(block: Block) -> tuple[Footage, int, int]:
    """The moving footage of a clip's block, from its first frame seen, and the film frames (start, end) of that."""
    for strip, start, end in strips_in_film(block):
        if isinstance(strip.content, Footage) and not strip.content.still:
            lead = block.lead if strip is block.strips[0] else 0
            return replace(strip.content, first=strip.content.first - lead), start, end
    raise AssertionError("a block of a clip has frames of it")


def _uses(row: Row) -> Iterator[Use]:
    for block in row.blocks:
        if block.kind == "clip":
            footage, start, end = _moving(block)
            yield Use(block.clip_id, footage.first, end - start, start)


def _shown(row: Row) -> dict[str, tuple[int, int]]:
    return {
        block.clip_id: (strip.content.first, strip.content.first + strip.frames)
        for block in row.blocks
        for strip in block.strips
        if isinstance(strip.content, Footage) and not strip.content.still
    }


def _scenes(row: Row, materials: Mapping[str, Material]) -> Iterator[tuple[int, int, int]]:
    blocks = [(materials[block.clip_id], block.start) for block in row.blocks if block.clip_id]
    for (act, scene), run in groupby(blocks, key=lambda each: (each[0].act, each[0].scene)):
        yield act, scene, next(run)[1]


def _heard(block: Block, material: Material, edit: ClipEdit, row: Row, frames: int) -> Heard | None:
    """The sound of one showing; adds what does not fit to the row's faults."""
    footage, start, end = _moving(block)
    if edit.mute:
        return None
    crossed_in = max(0, block.start - block.lead + block.fade_in - start) if block.fade_in else 0
    crossed_out = max(0, end - (block.end + block.trail - block.fade_out)) if block.fade_out else 0
    begins = _within(edit.sound_in, -min(start, footage.first + material.head), "sound_in", block, material, row)
    last = footage.first + end - start
    spare = min(frames - end, material.frames + material.tail - last)
    ends = -_within(-edit.sound_out, -spare, "sound_out", block, material, row)
    length = end - start + ends - begins
    keys = ("clips", block.clip_id)
    if length < 1:
        key, value = ("sound_in", edit.sound_in) if edit.sound_in > 0 else ("sound_out", edit.sound_out)
        row.faults.append(
            ((*keys, key), f"{value}: nothing is left of its sound, which is heard with {end - start} frames")
        )
        return None
    for key, value, other in (("fade_in", edit.fade_in, 0), ("fade_out", edit.fade_out, edit.fade_in)):
        if value and value > length - other:
            most = max(0, length - other)
            row.faults.append(((*keys, key), f"{plural(value, 'frame')}: its sound has {length}, so at most {most}"))
    fade_in = edit.fade_in or (0 if edit.sound_in else min(crossed_in, length))
    fade_out = min(edit.fade_out or (0 if edit.sound_out else crossed_out), length - min(fade_in, length))
    return Heard(
        block.clip_id,
        footage.first + begins,
        length,
        start + begins,
        edit.gain_db,
        fade_in,
        fade_out,
        seam_in=not fade_in,
        seam_out=not fade_out,
    )


def _within(asked: int, low: int, key: str, block: Block, material: Material, row: Row) -> int:
    """``asked``, limited to what exists: at least ``low``. Negative: beyond the picture."""
    if asked >= low:
        return asked
    value, limit = (asked, low) if key == "sound_in" else (-asked, -low)
    there = "so much sound is there, inside the film"
    if material.fixed:
        row.notes.append((block.clip_id, ("clips", block.clip_id, key), f"{value}: {limit}, {there}"))
    else:
        most = "at least" if key == "sound_in" else "at most"
        row.faults.append((("clips", block.clip_id, key), f"{value}: {most} {limit}, {there}"))
    return low
