"""When a shot shows which of its pictures."""

from __future__ import annotations

from vtx_app.compile.request import RenderRequest
from vtx_app.render.animatic.reading.model import Reading

__all__ = ["CROSSFADE_SECONDS", "own_frame", "own_picture_from", "shows_people"]

CROSSFADE_SECONDS = 0.8
_CONTINUED_SECONDS = 0.35
"""How long a shot that continues another stays on that one's last frame before its own picture comes."""


def shows_people(reading: Reading) -> bool:
    """Whether somebody is seen in the shot."""
    return any(each.seen for each in reading.people)


def own_frame(request: RenderRequest) -> int:
    """The frame at which a shot that continues another shows its own picture alone."""
    stays = round((_CONTINUED_SECONDS * 2 + CROSSFADE_SECONDS) * request.rate)
    return min(stays, request.frames - 1)


def own_picture_from(request: RenderRequest, reading: Reading) -> int | None:
    """The frame from which the picture is painted from the words; None if it is a given one throughout."""
    if request.images or (request.video is not None and request.continue_from is None):
        return None
    if request.continue_from is None:
        return 0
    return own_frame(request) if shows_people(reading) else None
