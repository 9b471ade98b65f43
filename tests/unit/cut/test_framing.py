"""What narrow versions show: the shape's arithmetic, and each frame's position in a cut with dissolves and cards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.cut.framing import Crop, crops, frame_of
from vtx_app.cut.timeline import Copied, Drawn, Footage, Layer, Plain
from vtx_app.formats.deliveries import PictureFormat

EVEN = st.integers(16, 4096).map(lambda size: size * 2)
SHAPE = st.sampled_from(["9:16", "1:1", "4:5", "16:9", "64:27", "3:1000"])


def h264(**keys: object) -> PictureFormat:
    return PictureFormat.model_validate({"codec": "h264", **keys})


@given(width=EVEN, height=EVEN, shape=SHAPE, position=st.floats(0, 1))
def test_the_stretch_is_as_large_as_fits_and_lies_inside(width: int, height: int, shape: str, position: float) -> None:
    framing = frame_of(h264(aspect=shape), width, height)
    crop = framing.crop_width, framing.crop_height
    assert crop[0] == width or crop[1] == height
    assert all(size >= 2 and size % 2 == 0 for size in (*crop, framing.width, framing.height))
    left, top = framing.left(width, position), framing.top(height)
    assert left % 2 == top % 2 == 0
    assert 0 <= left <= width - crop[0]
    assert 0 <= top <= height - crop[1]
    across, down = map(int, shape.split(":"))
    assert abs(crop[0] * down - crop[1] * across) <= 2 * max(across, down) or min(crop) == 2


@pytest.mark.parametrize(
    ("keys", "film", "size"),
    [
        ({}, (1920, 800), (1920, 800)),
        ({"height": 720}, (1920, 1080), (1280, 720)),
        ({"height": 720}, (854, 480), (854, 480)),
        ({"height": 720, "enlarge": True}, (640, 360), (1280, 720)),
        ({"width": 320}, (640, 360), (320, 180)),
        ({"aspect": "9:16", "width": 1080, "enlarge": True}, (1920, 800), (1080, 1920)),
        ({"aspect": "9:16", "width": 1080}, (1920, 800), (450, 800)),
        ({"aspect": "1:1", "width": 1080, "enlarge": True}, (854, 480), (1080, 1080)),
    ],
)
def test_sizes(keys: dict[str, object], film: tuple[int, int], size: tuple[int, int]) -> None:
    framing = frame_of(h264(**keys), *film)
    assert (framing.width, framing.height) == size


def test_the_edges_and_the_middle() -> None:
    framing = frame_of(h264(aspect="1:1"), 400, 200)
    assert [framing.left(400, position) for position in (0, 0.5, 1)] == [0, 100, 200]


def test_each_clip_has_its_own_position_and_neighbours_of_one_are_one_entry() -> None:
    pieces = [Copied("a", 0, 5, 0), Copied("b", 0, 5, 5), Copied("c", 0, 5, 10)]
    assert crops(pieces, {"a": 0.0, "b": 0.0}) == (Crop(0, 0.0), Crop(10, 0.5))


def test_the_stretch_moves_while_one_clip_becomes_the_next() -> None:
    layers = (Layer(Footage("a", 5), 0, 3), Layer(Footage("b", 0), 0, 3, fade_in=3))
    pieces = [Copied("a", 0, 5, 0), Drawn("a__dissolve", 3, 5, layers), Copied("b", 3, 5, 8)]
    found = crops(pieces, {"a": 0.0, "b": 1.0})
    assert found == (Crop(0, 0.0), Crop(5, 0.25), Crop(6, 0.5), Crop(7, 0.75), Crop(8, 1.0))


def test_a_card_shows_the_middle_and_a_still_frame_its_clip() -> None:
    card = Drawn("card", 2, 0, (Layer(Plain("#000000"), 0, 2),))
    still = Drawn("a__still", 2, 2, (Layer(Footage("a", 0, still=True), 0, 2),))
    assert crops([card, still], {"a": 0.2}) == (Crop(0, 0.5), Crop(2, 0.2))
