"""Divides the picture of a row of blocks into pieces: copied ones, and drawn ones where there are effects."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vtx_app.cut.block import Block, Face, strips_in_film
from vtx_app.cut.row import Row
from vtx_app.cut.timeline import Copied, Drawn, Footage, Layer, Plain, Roll, Words
from vtx_app.formats.edit import Edit, Lettering, Title
from vtx_app.formats.yaml_reader import Keys
from vtx_app.text import plural

__all__ = ["Overlay", "act_ranges", "lettering", "overlays", "picture_pieces"]


@dataclass(frozen=True, slots=True)
class _Effect:
    """Film frames ``start`` up to ``end`` that are drawn, and the name of their piece."""

    start: int
    end: int
    act: int
    name: str


@dataclass(frozen=True, slots=True)
class Overlay:
    """Words over the picture from film frame ``start`` on. They begin in ``act`` and belong to ``clip_id``."""

    clip_id: str
    act: int
    start: int
    words: Lettering


@dataclass(frozen=True, slots=True)
class _Seen:
    """Something in the picture from film frame ``start`` up to ``end``."""

    content: Footage | Plain | Words | Roll
    start: int
    end: int
    fade_in: int = 0
    fade_out: int = 0


def lettering(words: Lettering) -> Lettering:
    """The words alone, without the place of a title."""
    return Lettering.model_construct(**{name: getattr(words, name) for name in Lettering.model_fields})


def picture_pieces(row: Row, over: Sequence[Overlay]) -> tuple[tuple[Copied | Drawn, ...], dict[str, int]]:
    """The pieces of the film in order, without gaps, and the act of each drawn one by its name."""
    drawn, acts = _drawn(row, over)
    starts = [piece.start for piece in drawn]
    pieces: list[Copied | Drawn] = list(drawn)
    for block in row.blocks:
        at = block.start
        for strip in block.strips:
            start, end, content = at, at + strip.frames, strip.content
            at = end
            if not isinstance(content, Footage) or content.still:
                continue
            free = start
            for number in range(max(0, bisect_right(starts, start) - 1), bisect_left(starts, end)):
                piece = drawn[number]
                if free < piece.start:
                    pieces.append(Copied(content.clip_id, free - start, piece.start - free, free))
                free = max(free, piece.start + piece.frames)
            if free < end:
                pieces.append(Copied(content.clip_id, free - start, end - free, free))
    return tuple(sorted(pieces, key=lambda piece: piece.start)), acts


def _drawn(row: Row, over: Sequence[Overlay]) -> tuple[list[Drawn], dict[str, int]]:
    below = [each for block in row.blocks for each in _seen(block)]
    colours = list(_colours(row.blocks))
    words = [
        _Seen(Words(each.words), each.start, each.start + each.words.frames, each.words.fade, each.words.fade)
        for each in sorted(over, key=lambda each: each.start)
    ]
    runs = _merged(
        [*_effects(row.blocks), *(_Effect(*_spread(each), each.act, f"{each.clip_id}__title") for each in over)]
    )
    names: set[str] = set()
    drawn, acts = [], {}
    tracks = [_Track(below), _Track(colours), _Track(words)]
    for run in runs:
        name = _unique(run.name, names)
        layers = [layer for track in tracks for layer in track.layers(run.start, run.end)]
        drawn.append(Drawn(name, run.end - run.start, run.start, tuple(layers)))
        acts[name] = run.act
    return drawn, acts


def _spread(over: Overlay) -> tuple[int, int]:
    return over.start, over.start + over.words.frames


def _unique(name: str, names: set[str]) -> str:
    found, number = name, 1
    while found in names:
        number += 1
        found = f"{name}_{number}"
    names.add(found)
    return found


def _effects(blocks: Sequence[Block]) -> Iterator[_Effect]:
    """The effects, block by block, in a fixed order of kinds."""
    for block in blocks:
        base = f"{block.clip_id}__" if block.clip_id else ""
        if block.kind != "clip":
            yield _Effect(block.start - block.lead, block.end + block.trail, block.act, f"{base}{block.kind}")
        for strip, start, end in strips_in_film(block):
            if isinstance(strip.content, Footage) and strip.content.still:
                yield _Effect(start, end, block.act, f"{base}hold")
        if block.fade_out:
            end = block.end + block.trail
            yield _Effect(end - block.fade_out, end, block.act, f"{base}dissolve")
        if block.from_colour[0]:
            yield _Effect(block.start, block.start + block.from_colour[0], block.act, f"{base}fade_in")
        if block.to_colour[0]:
            kind = "fade_out" if block.dip_in is None else "dip"
            start, end = block.end - block.to_colour[0], block.end + (block.dip_in or 0)
            yield _Effect(start, end, block.act, f"{base}{kind}")


def _merged(effects: Iterable[_Effect]) -> list[_Effect]:
    """Effects that overlap, or that meet inside an act, as one."""
    found: list[_Effect] = []
    last_act = 0
    for effect in sorted(effects, key=lambda each: (each.start, each.act)):
        if found and (effect.start < found[-1].end or (effect.start == found[-1].end and effect.act == last_act)):
            before = found.pop()
            effect_end = max(before.end, effect.end)
            last_act = max(last_act, effect.act)
            found.append(_Effect(before.start, effect_end, before.act, before.name))
        else:
            found.append(effect)
            last_act = effect.act
    return found


def _seen(block: Block) -> Iterator[_Seen]:
    for number, (strip, start, end) in enumerate(strips_in_film(block)):
        fade = block.fade_in if number == 0 else 0
        content = strip.content
        if isinstance(content, Face):
            yield _Seen(Plain(content.background), start, end, fade)
            opening = max(fade, content.words.fade)
            closing = min(content.words.fade, end - start - opening)
            yield _Seen(Words(lettering(content.words)), start, end, opening, closing)
        elif isinstance(content, Footage) and not content.still and number == 0:
            yield _Seen(Footage(content.clip_id, content.first - block.lead), start, end, fade)
        else:
            yield _Seen(content, start, end, fade)


def _colours(blocks: Sequence[Block]) -> Iterator[_Seen]:
    for block in blocks:
        frames, colour = block.from_colour
        if frames:
            yield _Seen(Plain(colour), block.start, block.start + frames, 0, frames)
        frames, colour = block.to_colour
        if frames:
            dip_in = block.dip_in or 0
            yield _Seen(Plain(colour), block.end - frames, block.end + dip_in, frames, dip_in)


class _Track:
    """The contents of one track in order of their start; only a few of them overlap at any frame."""

    def __init__(self, seen: list[_Seen]) -> None:
        self._seen = seen
        latest = 0
        self._latest: list[int] = []  # the last frame of all up to each one
        for each in seen:
            latest = max(latest, each.end)
            self._latest.append(latest)

    def layers(self, start: int, end: int) -> Iterator[Layer]:
        """What is seen in the film frames ``start`` up to ``end``, from the lowest to the highest."""
        for number in range(bisect_right(self._latest, start), len(self._seen)):
            each = self._seen[number]
            if each.start >= end:
                break
            if each.end > start:
                first, last = max(start, each.start), min(end, each.end)
                content = each.content
                if isinstance(content, Footage) and not content.still:
                    content = Footage(content.clip_id, content.first + first - each.start)
                fade_in = each.fade_in if first == each.start else 0
                fade_out = each.fade_out if last == each.end else 0
                yield Layer(content, first - start, last - first, fade_in, fade_out)


def overlays(row: Row, edit: Edit) -> list[Overlay]:
    """The titles over clips, in their places. Adds to the row's faults those that do not fit on their clip."""
    first: dict[str, Block] = {}
    frames: dict[str, int] = {}
    for block in row.blocks:
        if block.kind == "clip":
            first.setdefault(block.clip_id, block)
            frames[block.clip_id] = frames.get(block.clip_id, 0) + block.frames
    found = []
    for number, title in enumerate(edit.titles):
        if title.over not in first:
            continue
        block = first[title.over]
        left, words = frames[block.clip_id] - title.from_, lettering(title)
        if title.frames > left:
            text = _too_long(title, left, block)
            keys: Keys = ("titles", number, "frames" if left > 0 else "from")
            if left < 1 or not block.fixed:
                row.faults.append((keys, text))
                continue
            row.notes.append((block.clip_id, keys, text))
            words = words.model_copy(update={"frames": left, "fade": min(title.fade, left // 2)})
        found.append(Overlay(block.clip_id, block.act, block.start + title.from_, words))
    return found


def _too_long(title: Title, left: int, block: Block) -> str:
    if left > 0:
        return f"{plural(title.frames, 'frame')} from frame {title.from_} of {block.clip_id}: at most {left} fit"
    return f"{title.from_}: {block.clip_id} has {left + title.from_} frames as it is cut"


def act_ranges(row: Row, pieces: Sequence[Copied | Drawn], acts: dict[str, int]) -> dict[str, tuple[int, int]]:
    """The film frames (start, end) of each act by name. An act that other acts' pieces leave nothing of is a fault."""
    end = pieces[-1].start + pieces[-1].frames
    starts: dict[int, int] = {}
    for block in row.blocks:
        starts.setdefault(block.act, block.start)
    for piece in pieces:
        if isinstance(piece, Drawn):
            for act, start in starts.items():
                if act > acts[piece.name] and piece.start <= start < piece.start + piece.frames:
                    starts[act] = piece.start + piece.frames
    numbers = list(starts)
    ranges = {}
    for number, after in zip(numbers, [*numbers[1:], None], strict=True):
        stop = end if after is None else starts[after]
        start = 0 if number == numbers[0] else starts[number]
        ranges[f"A{number:02d}"] = (start, stop)
        if stop <= start:
            row.faults.append(
                (("transitions",), f"act {number} has no frame of its own: effects join all of it to others")
            )
    return ranges
