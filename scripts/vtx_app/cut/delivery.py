"""What a delivered clip must be, and the digest that tells whether it is up to date."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction

from vtx_app.compile.request import Line, canonical_json

__all__ = ["CONFORM_VERSION", "Delivery", "SlateText", "clip_digest"]

CONFORM_VERSION = 1
"""Increased when the same take and delivery give another clip."""


@dataclass(frozen=True, slots=True)
class SlateText:
    """The text burned into a storyboard clip. It is not part of the take: a new title renders nothing."""

    clip_id: str
    title: str
    beats: tuple[str, ...]
    dialogue: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivered clip: the film's ``width`` × ``height`` pixels and ``rate``, exactly ``frames`` frames.

    It begins after the first ``head`` frames of its take (None: with the take).
    ``picture_width`` × ``picture_height`` is the clip's own picture, cropped from the middle of the take and centred on
    black if it is smaller than the film.
    """

    width: int
    height: int
    picture_width: int
    picture_height: int
    rate: Fraction
    frames: int
    slate: SlateText | None = None
    head: int | None = None

    @property
    def first(self) -> int:
        """The frame of the take (from 0) that is the clip's first."""
        return self.head or 0

    @property
    def last(self) -> int:
        """The frame of the take (from 0) that is the clip's last."""
        return self.first + self.frames - 1


def clip_digest(take_digest: str, delivery: Delivery, slate_font: str = "") -> str:
    """The digest (64 hex digits) of the clip that ``delivery`` makes from the take: its stamp.

    ``slate_font`` is the SHA-256 of the film's own slate font, if it has one.
    """
    text = f"clip/{CONFORM_VERSION}:{take_digest}:{canonical_json(delivery)}"
    text += f":{slate_font}" if slate_font and delivery.slate else ""
    return hashlib.sha256(text.encode()).hexdigest()
