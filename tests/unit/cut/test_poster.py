from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kit.movie import video_frame
from vtx_app.cut.delivery import Delivery
from vtx_app.cut.poster import write_poster
from vtx_app.cut.poster_plan import PosterPlan
from vtx_app.errors import CutError
from vtx_app.media.writer import write_film

COLOURS = [(200, 40, 40), (40, 180, 60), (30, 60, 200)]


@pytest.fixture
def take(tmp_path: Path) -> Path:
    """Three frames of 128 × 96, each of one colour with a white left half."""
    path = tmp_path / "take.mp4"
    with write_film(path, 128, 96, Fraction(24)) as film:
        for colour in COLOURS:
            picture = np.full((96, 128, 3), colour, np.uint8)
            picture[:, :64] = 255
            film.picture(video_frame(picture))
        film.sound(np.zeros((6000, 2), np.int16))
    return path


def delivery(width: int, height: int, picture: tuple[int, int] | None = None) -> Delivery:
    return Delivery(width, height, *(picture or (width, height)), Fraction(24), 3)


def written(take: Path, index: int, shown: Delivery, out: Path) -> np.ndarray:
    plan = PosterPlan("A01_S01_SH001", take, "ab" * 32, index, shown, "Film", "AI", out)
    assert not plan.is_current()
    write_poster(plan, out)
    assert plan.is_current()
    with Image.open(out) as picture:
        assert picture.format == "JPEG"
        return np.asarray(picture.convert("RGB"), np.int16)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_it_is_that_frame_in_its_own_colours(take: Path, tmp_path: Path, index: int) -> None:
    picture = written(take, index, delivery(128, 96), tmp_path / "poster.jpg")
    assert picture.shape == (96, 128, 3)
    assert np.abs(picture[48, 100] - COLOURS[index]).max() <= 5
    assert picture[48, 20].min() >= 250


def test_it_is_cropped_and_put_on_black_as_in_the_film(take: Path, tmp_path: Path) -> None:
    picture = written(take, 1, delivery(128, 128, (96, 64)), tmp_path / "poster.jpg")
    assert picture.shape == (128, 128, 3)
    assert picture[:30].max() <= 6
    assert picture[98:].max() <= 6
    assert picture[:, :14].max() <= 6
    assert picture[64, 40].min() >= 250  # white left of the middle, colour right of it
    assert np.abs(picture[64, 90] - COLOURS[1]).max() <= 5


def test_the_same_frame_gives_the_same_bytes(take: Path, tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        written(take, 1, delivery(128, 96), tmp_path / name)
    assert (tmp_path / "a.jpg").read_bytes() == (tmp_path / "b.jpg").read_bytes()


def test_a_frame_that_is_not_there_is_told(take: Path, tmp_path: Path) -> None:
    with pytest.raises(CutError, match=r"take\.mp4: there is no frame 3 in it"):
        written(take, 3, delivery(128, 96), tmp_path / "poster.jpg")
    with pytest.raises(CutError, match=r"128×96, smaller than .* 256×96"):
        written(take, 0, delivery(256, 96), tmp_path / "poster.jpg")
    assert not (tmp_path / "poster.jpg").exists()
