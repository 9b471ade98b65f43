"""The cut as an editing program lays it out: pure data, made from the film's row of blocks and its sound.

Everything counts in frames at the film's rate. Frames of the *media* count from the first frame of a take's file, with
the handles. An editing program has no dissolve of two overlapping clips: it has a cut, with a transition over it that
uses frames of both beyond the cut. So each event ends where the next begins, and a :class:`Join` lies over the cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeVar

__all__ = ["Cut", "Event", "Join", "Laid", "Marker", "Media", "Played", "Sound", "lanes"]


@dataclass(frozen=True, slots=True)
class Media:
    """The file of one take: all its ``frames``, of which the shot's first is ``head`` and its last ``head + shot - 1``.

    ``number`` counts the takes of the clip from 1. ``digest`` names the take in the film. ``shown``: the film shows it;
    the others are alternates. ``note`` is for people.
    """

    name: str
    clip_id: str
    number: int
    digest: str
    reel: str
    frames: int
    head: int
    shot: int
    shown: bool = True
    title: str = ""
    note: str = ""

    @property
    def file(self) -> str:
        """The file, relative to the hand-over's folder. Needs no escape in a URL."""
        return f"media/{self.name}.mov"


@dataclass(frozen=True, slots=True)
class Event:
    """What is seen from film frame ``start`` on for ``frames``: of ``media`` from its frame ``first`` on.

    ``still``: that frame alone. Without media it is a card of one ``colour`` (``#rrggbb``) with ``words``.
    """

    start: int
    frames: int
    media: Media | None = None
    first: int = 0
    still: bool = False
    words: str = ""
    colour: str = "#000000"

    @property
    def end(self) -> int:
        """The film frame after its last."""
        return self.start + self.frames


@dataclass(frozen=True, slots=True)
class Join:
    """A transition over the cut at film frame ``at``: from ``before`` frames before it until ``after`` frames after it.

    ``dissolve``: one picture becomes the next. ``colour``: out to a colour in ``before`` frames, in from it (or from
    ``second``) in ``after``; at the ends of the film, and at a plain fade, one of the two is 0.
    """

    at: int
    kind: Literal["dissolve", "colour"]
    before: int
    after: int
    colour: str = "#000000"
    second: str = ""

    @property
    def frames(self) -> int:
        """The length of the transition."""
        return self.before + self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """Sound heard for ``frames`` from film frame ``start`` on: a file's, from its frame ``first`` on.

    ``fade_in`` and ``fade_out`` in frames.
    """

    start: int
    frames: int
    first: int
    gain_db: float = 0.0
    fade_in: int = 0
    fade_out: int = 0

    @property
    def end(self) -> int:
        """The film frame after its last."""
        return self.start + self.frames


@dataclass(frozen=True, slots=True)
class Sound(Played):
    """The sound of ``media``."""

    media: Media


@dataclass(frozen=True, slots=True)
class Laid(Played):
    """A file of music or effects (``file``, relative to the hand-over's folder), which has ``length`` frames."""

    file: str
    bus: Literal["music", "effects"]
    length: int


@dataclass(frozen=True, slots=True)
class Marker:
    """A mark at film frame ``at``. ``kind``: what it is about."""

    at: int
    kind: Literal["act", "scene", "note", "title"]
    name: str
    note: str = ""


@dataclass(frozen=True)
class Cut:
    """The cut of a film of ``frames`` at ``rate``, ``width`` × ``height`` pixels.

    ``picture`` has no gaps. ``media``: every take in the hand-over, those shown and the alternates. ``not_carried``:
    what no list holds, a line each.
    """

    title: str
    slug: str
    rate: Fraction
    frames: int
    width: int
    height: int
    picture: tuple[Event, ...]
    joins: tuple[Join, ...] = ()
    sound: tuple[Sound, ...] = ()
    laid: tuple[Laid, ...] = ()
    markers: tuple[Marker, ...] = ()
    media: tuple[Media, ...] = ()
    not_carried: tuple[str, ...] = ()

    @property
    def base(self) -> int:
        """The frames that a second of time code counts: 24 at 23.976."""
        return max(1, round(self.rate))

    def join_at(self, frame: int) -> Join | None:
        """The transition over the cut at ``frame``."""
        return self._joins.get(frame)

    @cached_property
    def _joins(self) -> dict[int, Join]:
        return {join.at: join for join in self.joins}


Lying = TypeVar("Lying", Sound, Laid)


def lanes(sounds: Sequence[Lying]) -> list[list[Lying]]:
    """``sounds`` on as few tracks as hold them without overlap, each in order of time."""
    found: list[list[Lying]] = []
    for sound in sorted(sounds, key=lambda each: each.start):
        lane = next((each for each in found if each[-1].end <= sound.start), None)
        if lane is None:
            found.append(lane := [])
        lane.append(sound)
    return found
