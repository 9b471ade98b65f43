from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.render.animatic.camera import Box, Move, View, box_of, read_move, view_at

FRAMES, RATE = 49, 24.0


def boxes(move: Move, nearness: float = 0.0) -> list[Box]:
    return [box_of(view_at(move, i, FRAMES, RATE), 1600, 900, nearness, move.depth) for i in range(FRAMES)]


def middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


@pytest.mark.parametrize(
    ("words", "across", "down", "size"),
    [
        ("A slow push in on her hands", 0, 0, -1),
        ("The camera creeps closer as he sleeps", 0, 0, -1),
        ("Dolly in.", 0, 0, -1),
        ("slow zoom-in", 0, 0, -1),
        ("a long pull out over the sea", 0, 0, 1),
        ("The camera slowly pulls back", 0, 0, 1),
        ("camera pans left across the bay", -1, 0, 0),
        ("a slow pan right", 1, 0, 0),
        ("pans from left to right", 1, 0, 0),
        ("a long tilt up follows the spray", 0, -1, 0),
        ("Tilt down to the letter.", 0, 1, 0),
        ("Track left beside her at the waterline", -1, 0, 0),
        ("the camera moves with her, track right, shoulder high", 1, 0, 0),
        ("A slow crane up from the wet cobbles", 0, -1, 0),
        ("The camera descends. Crane down.", 0, 1, 0),
    ],
)
def test_the_crop_goes_where_the_words_say(words: str, across: int, down: int, size: int) -> None:
    for seed in range(4):
        found = boxes(read_move(words, 4.0, seed))
        (x0, y0), (x1, y1) = middle(found[0]), middle(found[-1])
        w0, w1 = found[0][2] - found[0][0], found[-1][2] - found[-1][0]
        for moved, wanted in ((x1 - x0, across), (y1 - y0, down), (w1 - w0, size)):
            if wanted:
                assert moved * wanted > 30
            else:
                assert abs(moved) < 2


@pytest.mark.parametrize(
    "words",
    [
        "Close shot, hold. A radio glows.",
        "Static shot of the door",
        "Hold on the lens, level and wide",
        "Locked-off wide",
    ],
)
def test_hold_holds(words: str) -> None:
    found = boxes(read_move(words, 4.0, 7))
    assert all(box == found[0] for box in found)


@pytest.mark.parametrize(
    "words",
    ["She holds a lantern and tilts her head", "He fries eggs in a pan", "a tracking number", "A boat drifts in.", ""],
)
def test_words_that_are_not_the_cameras_leave_a_slow_drift(words: str) -> None:
    for seed in range(6):
        found = boxes(read_move(words, 4.0, seed))
        (x0, y0), (x1, y1) = middle(found[0]), middle(found[-1])
        assert found[0] != found[-1]
        assert abs(x1 - x0) < 100
        assert abs(y1 - y0) < 100


def test_a_bare_pan_has_its_side_from_the_seed() -> None:
    sides = {middle(boxes(read_move("The camera pans across the room", 4.0, seed))[-1])[0] > 800 for seed in range(2)}
    assert sides == {True, False}


def test_a_handheld_camera_is_never_still_and_never_far() -> None:
    found = boxes(read_move("Handheld and close.", 4.0, 0))
    middles = [middle(box) for box in found]
    assert all(a != b for a, b in pairwise(middles))
    assert max(abs(x - 800) for x, _ in middles) < 40


def test_near_things_travel_further_when_the_camera_travels() -> None:
    move = read_move("tracking shot to the right", 5.0, 0)

    def travel(nearness: float) -> float:
        found = boxes(move, nearness)
        return middle(found[-1])[0] - middle(found[0])[0]

    assert travel(-0.8) < travel(0.0) < travel(0.9)


@given(
    st.builds(
        Move,
        *(st.builds(View, st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 0.62)) for _ in range(2)),
        depth=st.floats(0, 2),
        pace=st.sampled_from(["eased", "even", "whip"]),
        shake=st.floats(0, 0.5),
    ),
    st.integers(1, 400),
    st.data(),
    st.integers(2, 5000),
    st.integers(2, 5000),
    st.floats(-1, 1),
)
def test_no_crop_leaves_its_picture(
    move: Move, frames: int, data: st.DataObject, width: int, height: int, nearness: float
) -> None:
    index = data.draw(st.integers(0, frames - 1))
    left, top, right, bottom = box_of(view_at(move, index, frames, 24.0), width, height, nearness, move.depth)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert (right - left) / (bottom - top) == pytest.approx(width / height, rel=1e-6)


@given(st.text(max_size=300), st.floats(0.1, 30), st.integers(0, 2**64 - 1))
def test_any_words_make_a_move_within_bounds(words: str, seconds: float, seed: int) -> None:
    move = read_move(words, seconds, seed)
    for view in (move.start, move.end):
        assert -1 <= view.across <= 1
        assert -1 <= view.down <= 1
        assert 0 <= view.zoom < 0.62
