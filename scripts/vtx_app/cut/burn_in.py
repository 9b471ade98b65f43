"""What a review version says above its picture, for each stretch of the film. Pure.

It is drawn on the finished film, not on its clips: a clip that said where in the film it is would be made again with
every trim before it, and could say only one place of two where it is shown twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vtx_app.cut.framing import opacity
from vtx_app.cut.timeline import Copied, Drawn, Footage, Timeline
from vtx_app.formats.deliveries import BurnIn

__all__ = ["BurnedIn", "Seen", "Stretch", "stretches"]


@dataclass(frozen=True, slots=True)
class Seen:
    """From film frame ``start`` on, ``clip_id`` is seen (``""``: no clip, but a card) from its shot's frame ``first``
    on; ``still``: that frame alone."""

    start: int
    clip_id: str = ""
    first: int = 0
    still: bool = False

    def shot_frame(self, frame: int) -> int:
        """The shot's frame that is seen in the film's frame ``frame``."""
        return self.first if self.still else self.first + frame - self.start


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is seen, with the clip's ``title`` and what its ``take`` is called."""

    seen: Seen
    title: str = ""
    take: str = ""


@dataclass(frozen=True, slots=True)
class BurnedIn:
    """``fields`` are shown, the film's ``version`` among them; ``font`` is the SHA-256 of the film's own (``""``: the
    bundled one)."""

    fields: tuple[BurnIn, ...]
    version: str
    stretches: tuple[Stretch, ...]
    font: str = ""


def stretches(timeline: Timeline, titles: Mapping[str, str], takes: Mapping[str, str]) -> tuple[Stretch, ...]:
    """The film as it is seen; titles and takes by clip id. In a dissolve the clip that is seen better counts."""
    return tuple(Stretch(each, titles.get(each.clip_id, ""), takes.get(each.clip_id, "")) for each in _seen(timeline))


def _seen(timeline: Timeline) -> Iterator[Seen]:
    last: Seen | None = None
    for each in _runs(timeline.picture, timeline.shown):
        runs_on = (
            last is not None
            and (last.clip_id, last.still) == (each.clip_id, each.still)
            and (not each.clip_id or last.shot_frame(each.start) == each.first)
        )
        if not runs_on:
            yield each
            last = each


def _runs(picture: Sequence[Copied | Drawn], shown: Mapping[str, tuple[int, int]]) -> Iterator[Seen]:
    for piece in picture:
        if isinstance(piece, Copied):
            yield Seen(piece.start, piece.clip_id, shown[piece.clip_id][0] + piece.first)
        else:
            yield from (_drawn(piece, frame) for frame in range(piece.frames))


def _drawn(piece: Drawn, frame: int) -> Seen:
    for layer in reversed(piece.layers):
        content = layer.content
        if isinstance(content, Footage) and opacity(layer, frame) >= 0.5:
            first = content.first if content.still else content.first + frame - layer.at
            return Seen(piece.start + frame, content.clip_id, first, content.still)
    return Seen(piece.start + frame)
