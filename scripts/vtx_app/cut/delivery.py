"""What a clip must be like when it is delivered, and the digest that says whether it already is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction

from vtx_app.compile.request import Line, canonical_json

__all__ = ["CONFORM_VERSION", "Delivery", "SlateText", "clip_digest"]

CONFORM_VERSION = 1
"""Raised when the same take and delivery would give another clip."""


@dataclass(frozen=True, slots=True)
class SlateText:
    """The words burned into a storyboard clip. Not part of the take: a new title renders nothing."""

    clip_id: str
    title: str
    beats: tuple[str, ...]
    dialogue: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivered clip: the film's ``width`` × ``height`` pixels and ``rate``, exactly ``frames`` frames.

    ``picture_width`` × ``picture_height`` is the clip's own picture, cropped from the middle of the take
    and set on black in the middle of the film's frame where it is smaller than it.
    """

    width: int
    height: int
    picture_width: int
    picture_height: int
    rate: Fraction
    frames: int
    slate: SlateText | None = None


def clip_digest(take_digest: str, delivery: Delivery, slate_font: str = "") -> str:
    """The digest (64 hex digits) of the clip that ``delivery`` makes of the take: its stamp.

    ``slate_font``: the SHA-256 of the font that the slate is drawn with, where the film brings one.
    """
    text = f"clip/{CONFORM_VERSION}:{take_digest}:{canonical_json(delivery)}"
    text += f":{slate_font}" if slate_font and delivery.slate else ""
    return hashlib.sha256(text.encode()).hexdigest()
