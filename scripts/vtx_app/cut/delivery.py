"""What a delivered clip must be, and the digest that tells whether it is up to date."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction

from vtx_app.compile.request import Line, canonical_json

__all__ = ["CONFORM_VERSION", "STORYBOARD_VERSION", "ChainMatch", "Delivery", "SlateText", "clip_digest"]

CONFORM_VERSION = 2
"""Increased when the same take and delivery give another clip."""

STORYBOARD_VERSION = 2
"""Increased when only clips with a slate change, which are encoded otherwise than others."""


@dataclass(frozen=True, slots=True)
class SlateText:
    """The text burned into a storyboard clip. It is not part of the take: a new title renders nothing. Nothing of it
    says where the clip is in the film, which would make every clip after a trim stale: a review version shows that.

    ``style``: None is all of it, ``small`` clip id, title and time code alone. ``take``: what the take is called.
    """

    clip_id: str
    title: str
    beats: tuple[str, ...]
    dialogue: tuple[Line, ...]
    style: str | None = None
    take: str | None = None


@dataclass(frozen=True, slots=True)
class ChainMatch:
    """The clip's colour is brought to that of its chain's first shot, by the part ``strength`` of the difference.

    ``links``: the shots from the first to the clip's own, each its take's digest and the frames of the take that it is,
    first and end. ``version``: raised when the same takes would be matched otherwise.
    """

    strength: float
    links: tuple[tuple[str, int, int], ...]
    version: int = 1


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivered clip: the film's ``width`` × ``height`` pixels and ``rate``, exactly ``frames`` frames.

    Its shot begins after the first ``head`` frames of its take (None: with the take) and has ``shot`` frames (None: it
    ends with the clip). The clip begins with the shot's frame ``start``, negative in the head. ``keyframes`` are frames
    of the clip that are keyframes: a film may begin to copy there. Its first frame is always one.
    ``picture_width`` × ``picture_height`` is the clip's own picture, cropped from the middle of the take and centred on
    black if it is smaller than the film. ``match``: what its colour is brought to; None: it is the take's.
    """

    width: int
    height: int
    picture_width: int
    picture_height: int
    rate: Fraction
    frames: int
    slate: SlateText | None = None
    head: int | None = None
    start: int = 0
    shot: int | None = None
    keyframes: tuple[int, ...] = ()
    match: ChainMatch | None = None

    @property
    def first(self) -> int:
        """The frame of the take (from 0) that is the clip's first."""
        return (self.head or 0) + self.start

    @property
    def last(self) -> int:
        """The frame of the take (from 0) that is the clip's last."""
        return self.first + self.frames - 1

    @property
    def shot_frames(self) -> int:
        """Frames of the shot, whatever the clip shows of it."""
        return self.start + self.frames if self.shot is None else self.shot


def clip_digest(take_digest: str, delivery: Delivery, slate_font: str = "") -> str:
    """The digest (64 hex digits) of the clip that ``delivery`` makes from the take: its stamp.

    ``slate_font`` is the SHA-256 of the film's own slate font, if it has one.
    """
    text = f"clip/{CONFORM_VERSION}:{take_digest}:{canonical_json(delivery)}"
    if delivery.slate:
        text += f":storyboard/{STORYBOARD_VERSION}:{slate_font}"
    return hashlib.sha256(text.encode()).hexdigest()
