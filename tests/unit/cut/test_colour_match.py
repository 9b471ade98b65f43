"""Shots of a chain are brought to the colour of its first: measured in the clips, decoded again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.checked import FRAMES, HEIGHT, RATE, WIDTH, Picture, scene, write_take
from vtx_app.cut.colour_match import Correction
from vtx_app.cut.conform import conform
from vtx_app.cut.delivery import Delivery
from vtx_app.qc.chain_match import Look, chain_correction, look_of
from vtx_app.qc.colour import delta_e, spread_ratio
from vtx_app.qc.measure import measure_take
from vtx_app.qc.measures import Colour

DELIVERY = Delivery(WIDTH, HEIGHT, WIDTH, HEIGHT, RATE, FRAMES)
LEVELS = st.floats(20, 230)
COLOURS = st.builds(Colour, LEVELS, LEVELS, LEVELS, st.floats(0, 80))
LOOKS = st.tuples(COLOURS, COLOURS, COLOURS)


def drifted(number: int) -> Picture:
    """The first shot's picture, warmer, brighter and flatter, from its end on."""
    picture = scene(speed=0.2)(FRAMES + number).astype(float)
    return np.asarray(((picture - 120) * 0.88 + 120 + [16, 8, 0]).clip(0, 255), np.uint8)


def take(folder: Path, name: str, picture: Callable[[int], Picture]) -> Path:
    return write_take(folder / f"A01_S01_SH00{name}" / f"{name * 64}.mp4", map(picture, range(FRAMES)))


def look(path: Path) -> Look:
    return look_of(measure_take(path), 0, FRAMES)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("chain")
    return take(folder, "1", scene(speed=0.2)), take(folder, "2", drifted)


def test_a_drifted_shot_comes_to_the_first_and_its_seam_grows_smaller(chain: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = (look(path) for path in chain)
    out = tmp_path / "A01_S01_SH002" / "clip.mp4"
    out.parent.mkdir()
    assert not conform(chain[1], out, DELIVERY, correction=chain_correction([first, second], 1.0))
    matched = look(out)
    assert delta_e(first[0], second[0]) > 5 > 2 * delta_e(first[0], matched[0])
    assert delta_e(first[2], matched[1]) < delta_e(first[2], second[1]) / 2
    assert spread_ratio(first[0], matched[0]) < 1.04 < 1.1 < spread_ratio(first[0], second[0])
    assert abs(matched[0].y - first[0].y) < 1


def test_half_of_it_leaves_half(chain: tuple[Path, Path]) -> None:
    first, second = (look(path) for path in chain)
    half = chain_correction([first, second], 0.5)
    assert half.y == pytest.approx((first[0].y - second[0].y) / 2)


def test_a_shot_that_looks_the_same_is_copied_as_before(chain: tuple[Path, Path], tmp_path: Path) -> None:
    same = look(chain[0])
    correction = chain_correction([same, same], 1.0)
    assert correction.is_none
    plain, matched = tmp_path / "plain.mp4", tmp_path / "matched.mp4"
    assert conform(chain[0], plain, DELIVERY)
    assert conform(chain[0], matched, DELIVERY, correction=None if correction.is_none else correction)
    assert plain.read_bytes() == matched.read_bytes()


@given(st.lists(LOOKS, min_size=2, max_size=5), st.floats(0, 1))
def test_no_shot_moves_further_than_was_asked_and_no_seam_grows(looks: list[Look], strength: float) -> None:
    first, (mean, start, _) = looks[0][0], looks[-1]
    before, found = chain_correction(looks[:-1], strength), chain_correction(looks, strength)
    for move, wanted in ((found.y, first.y - mean.y), (found.u, first.u - mean.u), (found.v, first.v - mean.v)):
        assert 0 <= move * np.sign(wanted) <= min(12, strength * abs(wanted)) + 1e-9
    assert 1 / 1.2 - 1e-9 <= found.gain <= 1.2 + 1e-9
    end = looks[-2][2]
    seams = [
        (before.luma(end.y), start.y, found.luma(start.y)),
        (end.u + before.u, start.u, start.u + found.u),
        (end.v + before.v, start.v, start.v + found.v),
    ]
    assert all(abs(after - was) <= abs(raw - was) + 1e-9 for was, raw, after in seams)


def test_drift_within_a_shot_makes_no_jump_where_it_begins() -> None:
    still = Colour(100, 128, 128, 40)
    warm = replace(still, y=108, v=136)
    found = chain_correction([(still, still, still), (warm, still, replace(still, y=116, v=144))], 1.0)
    assert found == Correction(108, 1.0, 0.0, 0.0, 0.0)
