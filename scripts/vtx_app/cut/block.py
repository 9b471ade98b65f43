"""A block: what one clip or one card shows. The film is a row of blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vtx_app.cut.timeline import Footage, Roll
from vtx_app.formats.edit import Card, Lettering, Title
from vtx_app.formats.yaml_reader import Keys

__all__ = ["ENDLESS", "Block", "Face", "Strip", "card_block", "strips_in_film"]

ENDLESS = 10**9
"""The spare frames of a still: no limit."""


@dataclass(frozen=True, slots=True)
class Face:
    """A card: words on one colour (``#rrggbb``)."""

    words: Lettering
    background: str


@dataclass(frozen=True, slots=True)
class Strip:
    """``frames`` of one source."""

    content: Footage | Face | Roll
    frames: int


@dataclass(slots=True)
class Block:
    """One showing of a clip with its still frames, or a card, or the roll: ``strips`` one after another.

    ``clip_id`` is the clip that it shows, precedes or follows (``""`` at the end of the film); ``kind`` is ``clip`` or
    the kind of card. ``keys`` locate it in the edit. ``fixed``: if its take has too few frames, the edit gives way.
    ``head`` and ``tail``: spare frames.

    The other fields place it in the film. ``start`` is the film frame of its first own frame. Spare frames show it
    ``lead`` frames earlier and ``trail`` frames longer. Over the first ``fade_in`` of all these frames it dissolves in,
    and over the last ``fade_out`` the next one does. ``from_colour`` and ``to_colour`` are its fades; ``dip_in`` turns
    the fade at its end into a dip, which covers that many frames of the next block. ``used_in`` and ``used_out``: own
    frames that transitions use.
    """

    clip_id: str
    kind: str
    act: int
    keys: Keys
    strips: tuple[Strip, ...]
    fixed: bool = False
    head: int = 0
    tail: int = 0
    start: int = 0
    lead: int = 0
    trail: int = 0
    fade_in: int = 0
    fade_out: int = 0
    from_colour: tuple[int, str] = (0, "")
    to_colour: tuple[int, str] = (0, "")
    dip_in: int | None = None
    used_in: int = 0
    used_out: int = 0

    @property
    def frames(self) -> int:
        """Its own frames."""
        return sum(strip.frames for strip in self.strips)

    @property
    def end(self) -> int:
        """The film frame after its last own one."""
        return self.start + self.frames

    @property
    def free(self) -> int:
        """Own frames that no transition uses."""
        return self.frames - self.used_in - self.used_out


def card_block(card: Title | Card, keys: Keys, kind: str, act: int) -> Block:
    """A card as a block. ``keys`` locate it in the edit."""
    clip_id = (card.before or card.after or "") if isinstance(card, Title) else ""
    return Block(clip_id, kind, act, keys, (Strip(Face(card, card.background), card.frames),), False, ENDLESS, ENDLESS)


def strips_in_film(block: Block) -> Iterator[tuple[Strip, int, int]]:
    """Each strip with the film frames (start, end) in which it is seen, spare frames at the block's ends included."""
    at = block.start
    last = len(block.strips) - 1
    for number, strip in enumerate(block.strips):
        start = at - (block.lead if number == 0 else 0)
        at += strip.frames
        yield strip, start, at + (block.trail if number == last else 0)
