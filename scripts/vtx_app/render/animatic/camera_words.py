"""How a storyboard's shot is taken, for a board: size, angle and moves in words, and the moves as arrows."""

from __future__ import annotations

from vtx_app.board.model import Arrow, CameraWords
from vtx_app.compile.request import RenderRequest, fold
from vtx_app.render.animatic.reading.model import Move
from vtx_app.render.animatic.reading.reader import read_shot

__all__ = ["camera_words"]

_SIDES: dict[str, Arrow] = {"left": "left", "right": "right", "up": "up", "down": "down", "in": "in", "out": "out"}
_BY_ITSELF: dict[str, Arrow] = {"push": "in", "pull": "out", "zoom": "in"}


def camera_words(request: RenderRequest) -> CameraWords:
    """The camera of the shot of ``request``: as the shot list has it, else as it is read from the shot's words."""
    camera, staging = read_shot(request).camera, request.staging
    sizes = " to ".join(each.replace("_", " ") for each in (camera.size, camera.size_end) if each)
    framing = (camera.framing or "").replace("_", " ")
    size = fold(staging.size if staging else "") or sizes or framing
    angle = fold(staging.angle if staging else "") or (camera.angle or "")
    moves = [_words(move) for move in camera.moves] or [fold(staging.movement if staging else "")]
    words = ", ".join(filter(None, (size, angle, *moves)))
    arrows = tuple(arrow for move in camera.moves if (arrow := _arrow(move)) is not None)
    return CameraWords(words, arrows)


def _words(move: Move) -> str:
    return " ".join(filter(None, (move.pace, move.kind, move.direction or "")))


def _arrow(move: Move) -> Arrow | None:
    if move.kind == "orbit":
        return "turn_left" if move.direction == "left" else "turn_right"
    if move.direction is not None:
        return _SIDES[move.direction]
    return _BY_ITSELF.get(move.kind)
