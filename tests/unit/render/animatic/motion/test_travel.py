from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from vtx_app.render.animatic.motion.resample import PictureLayer, Planes, layer_of, opaque_layer, seen
from vtx_app.render.animatic.motion.travel import Travel

WIDTH, HEIGHT = 64, 32


def noise(seed: int, mode: str = "RGB") -> Image.Image:
    shape = (96, 160, len(mode))
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, shape, np.uint8), mode)


def a_person() -> PictureLayer:
    image = Image.new("RGBA", (160, 96), (0, 0, 0, 0))
    image.paste(noise(2, "RGBA").crop((0, 0, 40, 50)), (50, 20))
    found = layer_of(image)
    assert found is not None
    return found


def box(left: float, top: float, step: float) -> tuple[float, float, float, float]:
    return left, top, left + WIDTH * step, top + HEIGHT * step


def farthest(one: Planes, other: Planes) -> int:
    pairs = ((one.y, other.y), (one.u, other.u), (one.v, other.v))
    return max(int(np.abs(a.astype(int) - b).max()) for a, b in pairs)


@pytest.mark.parametrize("step", [1.0, 1.35])
def test_a_travel_sees_what_a_single_look_sees(step: float) -> None:
    layer = opaque_layer(noise(1))
    travel = Travel(layer, (step, step))
    for left, top in ((0.0, 0.0), (0.5, 0.0), (10.0, 3.5), (33.5, 12.0), (10.0, 3.5)):
        found = travel.seen(left * step, top * step, WIDTH, HEIGHT, None)
        assert farthest(found, seen(layer, box(left * step, top * step, step), WIDTH, HEIGHT, None)) <= 1


@pytest.mark.parametrize("step", [1.0, 1.35])
def test_a_layer_lies_over_another_as_in_a_single_look(step: float) -> None:
    back, front = opaque_layer(noise(1)), a_person()
    travel = Travel(front, (step, step))
    for across, down in ((-40, -10), (-20, 0), (-2, 6), (0, 0), (12, 20)):
        left, top = front.left + across * step, front.top + down * step
        under, expected = (seen(back, box(0, 0, step), WIDTH, HEIGHT, None) for _ in range(2))
        found = travel.seen(left, top, WIDTH, HEIGHT, under)
        assert found is under
        assert farthest(found, seen(front, box(left, top, step), WIDTH, HEIGHT, expected)) <= 1
    away = seen(back, box(0, 0, step), WIDTH, HEIGHT, None)
    assert farthest(travel.seen(900.0, 0.0, WIDTH, HEIGHT, away.copy()), away) == 0


def test_it_moves_in_steps_that_nobody_sees() -> None:
    y = np.broadcast_to((np.arange(120) * 2).astype(np.uint8), (64, 120)).copy()
    half = np.full((32, 60), 128, np.uint8)
    travel = Travel(PictureLayer(Planes(y, half, half.copy())), (1.0, 1.0))
    looks = [travel.seen(left, 8.0, WIDTH, HEIGHT, None).y[3, 5] for left in np.linspace(10, 12, 41)]
    assert np.abs(np.array(looks, float) - (np.linspace(10, 12, 41) + 5) * 2).max() <= 0.25 + 0.5
    assert len(set(looks)) >= 5


def test_beyond_the_edge_is_the_edge() -> None:
    layer = opaque_layer(noise(1))
    for left, top in ((-9.0, -6.0), (120.0, 80.0), (-900.0, 900.0)):
        found = Travel(layer, (1.0, 1.0)).seen(left, top, WIDTH, HEIGHT, None)
        assert farthest(found, seen(layer, box(left, top, 1.0), WIDTH, HEIGHT, None)) == 0


def test_an_opaque_layer_hides_what_is_under_it() -> None:
    front = layer_of(Image.new("RGBA", (160, 96), (255, 255, 255, 255)))
    assert front is not None
    under = seen(opaque_layer(noise(1)), box(0, 0, 1.0), WIDTH, HEIGHT, None)
    found = Travel(front, (1.0, 1.0)).seen(8.0, 8.0, WIDTH, HEIGHT, under)
    assert set(found.y.ravel().tolist()) == {int(front.planes.y[0, 0])}
