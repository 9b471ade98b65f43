"""Camera moves: from which part of the stage to which, over the whole length of a shot.

Views are measured in frame heights on the stage, as the shot's people and set are (:mod:`..staging.lens`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vtx_app.render.animatic.reading.model import Camera
from vtx_app.render.animatic.staging.lens import SCALES, Stage

__all__ = ["Box", "CameraMove", "View", "plan_move", "view_at", "within_picture"]

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in frame heights."""

DEEPEST = 0.4
"""The smallest part of the stage's frame that a move shows: nearer, a painting has no more detail."""

_PUSH = 0.62
_SIDEWAYS = 0.42
"""Shares of the frame: how near a push goes, how far a pan goes."""

_MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class View:
    """What the camera sees: its middle, and its height in frame heights."""

    x: float
    y: float
    size: float = 1.0

    def box(self, aspect: float) -> Box:
        """The edges of what is seen."""
        half = self.size / 2
        return self.x - half * aspect, self.y - half, self.x + half * aspect, self.y + half


@dataclass(frozen=True, slots=True)
class CameraMove:
    """A move from one view to another. ``parallax`` is how much slower far layers move than the subject (0: a pan or
    a zoom, which turn or magnify without moving the camera); ``follow``: the subject moves along with the camera, and
    the background goes by. ``shake`` of a hand, in frame heights."""

    start: View
    end: View
    parallax: float = 0.0
    follow: bool = False
    fast: bool = False
    shake: float = 0.0

    @property
    def still(self) -> bool:
        return self.start == self.end and not self.shake

    def stage(self, aspect: float) -> Stage:
        """All that the move shows, with a margin for the hand."""
        boxes = [view.box(aspect) for view in (self.start, self.end)]
        spare = self.shake * 2.2 + (0.02 if self.parallax else 0.0)
        return Stage(
            aspect,
            min(0.0, *(each[0] for each in boxes)) - spare * aspect,
            min(0.0, *(each[1] for each in boxes)) - spare,
            max(aspect, *(each[2] for each in boxes)) + spare * aspect,
            max(1.0, *(each[3] for each in boxes)) + spare,
        )


def plan_move(camera: Camera, aspect: float, heads: Sequence[Box], focus: tuple[float, float], hand: int,
              *, walking: bool = False, seconds: float = 4.0, top: float | None = None) -> CameraMove:  # fmt: skip
    """The move that ``camera`` names, from and to framings that hold all ``heads``.

    ``focus`` is where a push goes when nobody is seen; ``hand`` (-1 or 1) decides the side of a bare "pan". A tilt or
    a crane without people climbs to ``top``, the upper end of what the shot is of.
    """
    home = View(aspect / 2, 0.5)
    move = CameraMove(home, home)
    kinds = {each.kind: each for each in camera.moves}
    sideways = next((kinds[kind] for kind in ("pan", "track", "orbit") if kind in kinds), None)
    updown = next((kinds[kind] for kind in ("tilt", "crane") if kind in kinds), None)
    nearer = next((kinds[kind] for kind in ("push", "pull", "zoom") if kind in kinds), None)
    reach = min(1.0, max(0.5, seconds / 4.0))
    pace = next((each.pace for each in camera.moves if each.pace), "")
    reach *= 0.85 if pace == "slow" else 1.0
    if sideways is not None and sideways.direction in (None, "left", "right"):
        side = {"left": -1, "right": 1}.get(sideways.direction or "", hand)
        away = _SIDEWAYS * aspect * reach / 2
        parallax = {"track": 0.4, "orbit": 0.6}.get(sideways.kind, 0.0)
        move = _shifted(move, side * away, 0.0, parallax)
        move = replace(move, follow=sideways.kind == "track" and walking)
    if updown is not None:
        side = -1 if (updown.direction or "up") in ("up", "in") else 1
        away = (0.36 if updown.kind == "tilt" else 0.26) * reach
        if top is not None and not heads and top - 0.2 < -0.05:
            high = replace(move.start, y=0.5 + top - 0.2)
            ends = (move.start, high) if side < 0 else (high, move.start)
            move = replace(move, start=ends[0], end=ends[1])
        else:
            move = _shifted(move, 0.0, side * away, 0.3 if updown.kind == "crane" else 0.0)
            if heads:  # a tilt ends on the people, a crane leaves them or comes to them
                back = side * away if updown.kind == "crane" and side < 0 else -side * away
                move = replace(move, start=replace(move.start, y=move.start.y + back),
                               end=replace(move.end, y=move.end.y + back))  # fmt: skip
    if (
        nearer is None
        and (sideways is None or sideways.direction in ("left", "right", None))
        and camera.size_end
        and camera.size
    ):
        nearer_end = SCALES[camera.size_end] / SCALES[camera.size]
        move = _zoomed(move, 1 / nearer_end, heads, focus, aspect)
    elif nearer is not None or (sideways is not None and sideways.direction in ("in", "out")):
        direction = (nearer or sideways).direction if (nearer or sideways) else None  # type: ignore[union-attr]
        kind = nearer.kind if nearer else ""
        out = kind == "pull" or direction == "out"
        near = 1 - (1 - _PUSH) * reach
        if camera.size and camera.size_end and camera.size != camera.size_end:
            ratio = SCALES[camera.size_end] / SCALES[camera.size]
            near = max(DEEPEST, min(ratio, 1 / ratio))
        move = _zoomed(move, 1 / near if out else near, heads, focus, aspect)
    if heads:
        move = _holding(move, heads, aspect)
    shake = 0.012 if "handheld" in kinds else 0.0
    return replace(move, shake=shake, fast=pace == "fast")


def _shifted(move: CameraMove, across: float, down: float, parallax: float) -> CameraMove:
    start = replace(move.start, x=move.start.x - across, y=move.start.y - down)
    end = replace(move.end, x=move.end.x + across, y=move.end.y + down)
    return replace(move, start=start, end=end, parallax=max(move.parallax, parallax))


def _zoomed(
    move: CameraMove, ratio: float, heads: Sequence[Box], focus: tuple[float, float], aspect: float
) -> CameraMove:
    """``ratio`` < 1 goes nearer, > 1 away; the far view is the one already framed."""
    near = max(DEEPEST, min(ratio, 1 / ratio))
    x, y = focus
    if heads:
        x = sum((left + right) / 2 for left, _, right, _ in heads) / len(heads)
        y = sum(top * 0.4 + bottom * 0.6 for _, top, _, bottom in heads) / len(heads) + 0.04
    far = move.start if ratio < 1 else move.end
    half = near / 2
    target = View(
        min(far.x + (1 - near) * aspect / 2, max(far.x - (1 - near) * aspect / 2, x)),
        min(far.y + 0.5 - half, max(far.y - 0.5 + half, y)),
        near,
    )
    return replace(move, end=target) if ratio < 1 else replace(move, start=target)


def _holding(move: CameraMove, heads: Sequence[Box], aspect: float) -> CameraMove:
    """``move`` with both its ends changed as little as holds all ``heads``; between them nothing can leave, since
    every edge moves in a straight line."""
    left, top = min(each[0] for each in heads), min(each[1] for each in heads)
    right, bottom = max(each[2] for each in heads), max(each[3] for each in heads)

    def held(view: View) -> View:
        need = max((right - left) / aspect, bottom - top) * (1 + 2 * _MARGIN)
        size = max(view.size, min(1.0, need))
        margin = _MARGIN * size
        half_x, half_y = size * aspect / 2 - margin, size / 2 - margin
        x = _between(view.x, right - half_x, left + half_x)
        y = _between(view.y, bottom - half_y, top + half_y)
        return View(x, y, size)

    return replace(move, start=held(move.start), end=held(move.end))


def _between(value: float, low: float, high: float) -> float:
    return (low + high) / 2 if low > high else min(high, max(low, value))


def within_picture(move: CameraMove, aspect: float) -> CameraMove:
    """``move`` made so small that all of it is inside one frame: of a given picture there is no more."""
    stage = move.stage(aspect)
    share = min(1.0, aspect / stage.width, 1.0 / stage.height)
    if share == 1.0 and stage.left >= 0 and stage.top >= 0:
        return replace(move, parallax=0.0)

    def inside(view: View) -> View:
        x = aspect / 2 + (view.x - (stage.left + stage.right) / 2) * share
        y = 0.5 + (view.y - (stage.top + stage.bottom) / 2) * share
        size = view.size * share
        half = size / 2
        return View(_between(x, half * aspect, aspect - half * aspect), _between(y, half, 1 - half), size)

    return replace(
        move, start=inside(move.start), end=inside(move.end), parallax=0.0, follow=False, shake=move.shake * share
    )


def _eased(t: float, fast: bool) -> float:
    if fast:
        t = min(1.0, max(0.0, (t - 0.3) / 0.35))
        return t * t * t * (t * (6 * t - 15) + 10)
    soft = t * t * (3 - 2 * t)
    return 0.65 * soft + 0.35 * t


def view_at(move: CameraMove, index: int, frames: int, rate: float) -> View:
    """What is seen in frame ``index`` of ``frames`` at ``rate`` frames per second."""
    t = _eased(index / (frames - 1) if frames > 1 else 0.0, move.fast)
    a, b = move.start, move.end
    x, y, size = a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t, a.size + (b.size - a.size) * t
    if move.shake:
        s = index / rate * math.tau
        x += move.shake * (math.sin(0.61 * s) + 0.6 * math.sin(1.47 * s + 1.0) + 0.25 * math.sin(3.1 * s))
        y += move.shake * (math.sin(0.83 * s + 2.0) + 0.6 * math.sin(1.71 * s) + 0.25 * math.sin(3.7 * s + 0.5))
    return View(x, y, size)
