from __future__ import annotations

from itertools import pairwise

import pytest

from vtx_app.render.animatic.motion.camera import CameraMove, View, plan_move, view_at, within_picture
from vtx_app.render.animatic.reading.model import Camera, Move

ASPECT = 16 / 9
MIDDLE = (ASPECT / 2, 0.4)


def planned(*moves: Move, heads: tuple[tuple[float, float, float, float], ...] = (), **more: object) -> CameraMove:
    return plan_move(Camera("medium", moves=moves, **more), ASPECT, heads, MIDDLE, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "direction", "dx", "dy", "size"),
    [
        ("pan", "left", -1, 0, 0),
        ("pan", "right", 1, 0, 0),
        ("track", "left", -1, 0, 0),
        ("tilt", "up", 0, -1, 0),
        ("tilt", "down", 0, 1, 0),
        ("crane", "up", 0, -1, 0),
        ("push", "in", 0, 0, -1),
        ("pull", "out", 0, 0, 1),
        ("zoom", "in", 0, 0, -1),
        ("zoom", "out", 0, 0, 1),
        ("hold", None, 0, 0, 0),
    ],
)
def test_a_move_goes_where_it_says_over_the_whole_shot(kind: str, direction: str, dx: int, dy: int, size: int) -> None:
    move = planned(Move(kind, direction))  # type: ignore[arg-type]
    views = [view_at(move, index, 49, 24) for index in range(49)]
    for value, sign in ((lambda v: v.x, dx), (lambda v: v.size, size)):
        steps = [value(b) - value(a) for a, b in pairwise(views)]
        assert all(step * sign > 0 for step in steps) if sign else all(abs(step) < 0.02 for step in steps)
    if not size:
        assert (views[-1].y - views[0].y) * dy > 0.2 if dy else views[-1].y == views[0].y
    assert views[0] == move.start and views[-1] == move.end


def test_nothing_is_said_and_nothing_moves() -> None:
    assert planned().still
    assert planned(Move("hold")).still


def test_from_medium_to_wide_begins_inside_the_wide_view() -> None:
    move = planned(size_end="wide")
    assert move.start.size < 0.5 and move.end.size == 1.0


def test_a_hand_shakes_a_little_and_all_the_time() -> None:
    move = planned(Move("handheld"))
    views = [view_at(move, index, 97, 24) for index in range(97)]
    assert all(a != b for a, b in pairwise(views))
    assert max(abs(view.x - ASPECT / 2) for view in views) < 0.06


@pytest.mark.parametrize("kind", ["pan", "track", "tilt", "crane", "push", "pull", "handheld", "orbit"])
def test_the_stage_covers_every_view_of_a_move(kind: str) -> None:
    move = planned(Move(kind))  # type: ignore[arg-type]
    stage = move.stage(ASPECT)
    for index in range(97):
        left, top, right, bottom = view_at(move, index, 97, 24).box(ASPECT)
        assert left >= stage.left - 1e-9 and top >= stage.top - 1e-9
        assert right <= stage.right + 1e-9 and bottom <= stage.bottom + 1e-9


@pytest.mark.parametrize("kind", ["pan", "track", "tilt", "crane", "push", "pull", "handheld", "zoom"])
def test_a_move_in_a_given_picture_stays_inside_it(kind: str) -> None:
    move = within_picture(planned(Move(kind)), ASPECT)  # type: ignore[arg-type]
    for index in range(97):
        left, top, right, bottom = view_at(move, index, 97, 24).box(ASPECT)
        assert left >= -1e-9 and right <= ASPECT + 1e-9 and top >= -1e-9 and bottom <= 1 + 1e-9


def test_a_fast_pan_is_sudden() -> None:
    move = planned(Move("pan", "left", "fast"))
    steps = [a.x - b.x for a, b in pairwise(view_at(move, index, 49, 24) for index in range(49))]
    assert max(steps) > 4 * sum(steps) / len(steps)
    assert View(0, 0).box(2.0) == (-1.0, -0.5, 1.0, 0.5)
