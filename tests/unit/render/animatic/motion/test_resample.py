from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from vtx_app.render.animatic.motion.resample import (
    PictureLayer,
    Planes,
    blend,
    layer_of,
    opaque_layer,
    reduced,
    seen,
    to_frame,
)


def ramp(width: int = 64, height: int = 32) -> PictureLayer:
    """Luma that rises by 2 for each pixel to the right."""
    y = np.broadcast_to((np.arange(width) * 2 + 20).astype(np.uint8), (height, width)).copy()
    half = np.full((height // 2, width // 2), 128, np.uint8)
    return PictureLayer(Planes(y, half, half.copy()))


def test_the_whole_picture_at_its_own_size_is_itself() -> None:
    layer = ramp()
    found = seen(layer, (0.0, 0.0, 64.0, 32.0), 64, 32, None)
    assert np.array_equal(found.y, layer.planes.y)
    assert found.y is not layer.planes.y


@pytest.mark.parametrize("shift", [0.25, 0.5, 3.75])
def test_a_part_of_a_pixel_counts(shift: float) -> None:
    found = seen(ramp(), (shift, 0.0, shift + 32, 16.0), 32, 16, None)
    expected = (np.arange(32) + shift) * 2 + 20
    assert np.abs(found.y[3].astype(float) - expected).max() <= 0.6


def test_half_the_width_is_twice_as_large() -> None:
    found = seen(ramp(), (16.0, 8.0, 32.0, 16.0), 32, 16, None)
    assert np.abs(found.y[4].astype(float) - ((np.arange(32) + 0.5) / 2 - 0.5 + 16) * 2 - 20).max() <= 1.0


def test_beyond_the_edge_is_the_edge() -> None:
    found = seen(ramp(), (-8.0, -4.0, 24.0, 12.0), 32, 16, None)
    assert set(found.y[:, 0].tolist()) == {20}


def test_a_layer_covers_what_is_under_it_only_where_it_is() -> None:
    image = Image.new("RGBA", (64, 32), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (20, 10, 30, 20))
    front = layer_of(image)
    assert front is not None
    assert front.planes.y.shape[0] < 32
    under = seen(ramp(), (0.0, 0.0, 64.0, 32.0), 64, 32, None)
    before = under.y.copy()
    found = seen(front, (0.0, 0.0, 64.0, 32.0), 64, 32, under)
    assert (found.y[12:18, 22:28] > 230).all()
    assert np.array_equal(found.y[:, :18], before[:, :18])
    assert np.array_equal(found.y[:, 32:], before[:, 32:])
    away = seen(front, (40.0, 0.0, 60.0, 10.0), 64, 32, seen(ramp(), (0.0, 0.0, 64.0, 32.0), 64, 32, None))
    assert np.array_equal(away.y, before)


def test_an_empty_layer_is_none() -> None:
    assert layer_of(Image.new("RGBA", (16, 8), (0, 0, 0, 0))) is None


def test_half_of_each_picture() -> None:
    one, other = Planes(*(np.full((4, 4), 40, np.uint8),) * 3), Planes(*(np.full((4, 4), 80, np.uint8),) * 3)
    assert blend(one, other, 0.5).y.tolist() == np.full((4, 4), 60).tolist()


def test_colours_are_bt709_at_video_levels() -> None:
    frame = to_frame(opaque_layer(Image.new("RGB", (8, 4), (255, 255, 255))).planes)
    assert (frame.format.name, frame.width, frame.height) == ("yuv420p", 8, 4)
    assert abs(int(np.frombuffer(frame.planes[0], np.uint8)[0]) - 235) <= 1
    blue = opaque_layer(Image.new("RGB", (8, 4), (0, 0, 255))).planes
    assert abs(int(blue.y[0, 0]) - 32) <= 1  # 16 + 219 × 0.0722


@pytest.mark.parametrize("place", [(7, 5, 20, 12), (0, 0, 63, 31), (61, 29, 63, 31), None])
def test_an_image_is_reduced_as_pillow_does_it(place: tuple[int, int, int, int] | None) -> None:
    image = Image.new("RGBA", (64, 32), (0, 0, 0, 0))
    if place is not None:
        ImageDraw.Draw(image).ellipse(place, fill=(200, 90, 30, 170))
    assert reduced(image, 2).tobytes() == image.reduce(2).tobytes()
