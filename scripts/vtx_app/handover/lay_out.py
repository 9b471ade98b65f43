"""The film's row of blocks and its sound → the cut as an editing program lays it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from vtx_app.cut.block import Block, Face, strips_in_film
from vtx_app.cut.row import Row
from vtx_app.cut.timeline import Footage, Heard, Roll
from vtx_app.formats.edit import Edit
from vtx_app.handover.model import Cut, Event, Join, Laid, Marker, Media, Sound

__all__ = ["Format", "lay_out"]

_BLACK = "#000000"


@dataclass(frozen=True, slots=True)
class Format:
    """The film: its names, ``rate`` in frames per second and size in pixels."""

    title: str
    slug: str
    rate: Fraction
    width: int
    height: int


def lay_out(
    form: Format,
    row: Row,
    heard: Sequence[Heard],
    shown: Mapping[str, Media],
    *,
    edit: Edit,
    laid: Sequence[Laid] = (),
    markers: Sequence[Marker] = (),
    media: Sequence[Media] = (),
) -> Cut:
    """The cut of the blocks of ``row``, which have no faults. ``shown``: the take of each clip, by its id.

    ``media`` are all takes of the hand-over. Raises :class:`KeyError` for a clip that is not in ``shown``.
    """
    joins = tuple(_joins(row.blocks))
    cuts = [0, *(_cut_after(left, right) for left, right in pairwise(row.blocks))]
    ends = [*cuts[1:], row.blocks[-1].end if row.blocks else 0]
    picture: list[Event] = []
    for block, start, end in zip(row.blocks, cuts, ends, strict=True):
        picture += _events(block, start, end, shown)
    sound = tuple(_sound(each, shown[each.clip_id]) for each in heard)
    marks = sorted([*markers, *_titles(edit, row)], key=lambda mark: mark.at)
    return Cut(
        form.title,
        form.slug,
        form.rate,
        ends[-1],
        form.width,
        form.height,
        tuple(picture),
        joins,
        sound,
        tuple(laid),
        tuple(marks),
        tuple(media),
        tuple(_not_carried(edit, picture)),
    )


def _cut_after(left: Block, right: Block) -> int:
    """The film frame at which one block becomes the next: in a dissolve its middle, the later half being longer."""
    if right.fade_in:
        return right.start - right.lead + right.fade_in // 2
    return left.end


def _joins(blocks: Sequence[Block]) -> Iterator[Join]:
    row: list[Block | None] = [None, *blocks, None]
    for left, right in pairwise(row):
        at = right.start if left is None and right else left.end if right is None and left else 0
        if left and right:
            at = _cut_after(left, right)
            if right.fade_in:
                yield Join(at, "dissolve", right.fade_in // 2, right.fade_in - right.fade_in // 2)
                continue
        out, out_colour = left.to_colour if left else (0, "")
        into, in_colour = right.from_colour if right else (0, "")
        if left and left.dip_in is not None:
            into, in_colour = left.dip_in, out_colour
        if out or into:
            second = in_colour if out and into and in_colour != out_colour else ""
            yield Join(at, "colour", out, into, out_colour or in_colour or _BLACK, second)


def _events(block: Block, start: int, end: int, shown: Mapping[str, Media]) -> Iterator[Event]:
    """The events of a block between the cuts at its ends."""
    for strip, first, last in strips_in_film(block):
        low, high = max(start, first), min(end, last)
        if low >= high:
            continue
        content = strip.content
        if isinstance(content, Footage):
            media = shown[content.clip_id]
            lead = block.lead if strip is block.strips[0] else 0
            offset = 0 if content.still else low - first - lead
            yield Event(low, high - low, media, media.head + content.first + offset, content.still)
        elif isinstance(content, Face):
            yield Event(low, high - low, words=content.words.text, colour=content.background)
        elif isinstance(content, Roll):
            yield Event(low, high - low, words=content.roll.file, colour=content.roll.background)


def _sound(heard: Heard, media: Media) -> Sound:
    return Sound(
        media,
        start=heard.start,
        frames=heard.frames,
        first=media.head + heard.first,
        gain_db=heard.gain_db,
        fade_in=heard.fade_in,
        fade_out=heard.fade_out,
    )


def _titles(edit: Edit, row: Row) -> Iterator[Marker]:
    """A mark where words lie over a clip."""
    starts: dict[str | None, int] = {}
    for block in row.blocks:
        if block.kind == "clip":
            starts.setdefault(block.clip_id, block.start)
    for title in edit.titles:
        if title.over in starts:
            words = " ".join(title.text.split())[:80]
            yield Marker(starts[title.over] + title.from_, "title", words, f"{title.frames} frames")


def _not_carried(edit: Edit, picture: Sequence[Event]) -> Iterator[str]:
    """What no list holds, a line each."""
    if any(title.over for title in edit.titles):
        yield "words over the picture: each is a marker; the film has them drawn"
    if any(event.media is None for event in picture):
        yield "the words of cards and of the end roll: their time is kept as plain colour or a gap"
    if any(entry.loop for entry in (*edit.music, *edit.effects)):
        yield "sound that loops: it is laid once; repeat it"
    if any(entry.duck for entry in (*edit.music, *edit.effects)):
        yield "music that steps back while somebody speaks: stems/ has it done"
    if edit.sound.level == "scene":
        yield "the levels of scenes, room tone and the loudness of the whole: stems/ and the mix have them"
