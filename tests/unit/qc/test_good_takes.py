"""Footage that is hard for the checks and has no fault; and faults of models as people report them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kit.checked import FRAMES, HEIGHT, RATE, WIDTH, Picture, asked, scene, voice, write_take
from vtx_app.qc.film_checks import Shown, check_film
from vtx_app.qc.measure import measure_take
from vtx_app.qc.measures import Measures
from vtx_app.qc.take_checks import check_take

SECONDS = float(FRAMES / RATE)
Shoot = Callable[[int], np.ndarray]


def lit(frame: Shoot, light: Callable[[int], float]) -> Shoot:
    return lambda number: frame(number) * light(number)


def handheld(number: int) -> np.ndarray:
    """A camera in the hand: it shakes by up to three pixels, and breathes."""
    shake = np.random.default_rng(number).integers(-3, 4, 2)
    return np.roll(scene(21, speed=0.5)(number), shake, axis=(0, 1))


def walker(number: int) -> np.ndarray:
    """One figure crosses a room in which nothing else moves, under little grain."""
    picture = scene(22, speed=0, grain=0.8)(number).copy()
    left = 10 + number * 2
    picture[40:100, left : left + 14] = (200, 180, 150)
    return picture


def rain(number: int) -> np.ndarray:
    drops = np.random.default_rng((23, number))
    picture = scene(23, speed=0.3)(number).copy()
    for x, y in drops.integers((0, 0), (WIDTH, HEIGHT - 9), (120, 2)):
        picture[y : y + 9, x] = 210
    return picture


def lamp_at_night(number: int) -> np.ndarray:
    """A small light moves through a night that is black but for it."""
    picture = np.full((HEIGHT, WIDTH, 3), 3, np.uint8)
    left = 20 + number * 2
    picture[50:62, left : left + 12] = (255, 230, 150)
    return picture


def letterboxed(number: int) -> np.ndarray:
    picture = scene(24)(number).copy()
    picture[:14] = picture[-14:] = 0
    return picture


def zoom(number: int) -> np.ndarray:
    whole, part = scene(25, speed=0)(0), 1 - number / 200
    rows = ((np.arange(HEIGHT) - HEIGHT / 2) * part + HEIGHT / 2).astype(int)
    columns = ((np.arange(WIDTH) - WIDTH / 2) * part + WIDTH / 2).astype(int)
    return whole[rows][:, columns]


def talking_head(number: int) -> np.ndarray:
    """A face in close-up: hardly anything moves but a mouth, and the grain."""
    picture = scene(26, speed=0, grain=1.0)(number).copy()
    open_ = 3 + round(3 * np.sin(number * 0.9))
    picture[70 : 70 + open_, 84:108] = 20
    return picture


GOOD: dict[str, Shoot] = {
    "handheld": handheld,
    "a walker": walker,
    "rain": rain,
    "a lamp at night": lamp_at_night,
    "bars": letterboxed,
    "a zoom": zoom,
    "a talking head": talking_head,
    "heavy grain": scene(27, grain=14),
    "grain in the dark": scene(28, brightness=0.15, grain=5, speed=1),
    "a fade in": lit(scene(29), lambda number: min(1.0, 0.1 + number / 24)),
    "a fade out": lit(scene(30), lambda number: min(1.0, (FRAMES + 3 - number) / 24)),
    "candle light": lit(
        scene(31, speed=1), lambda number: 0.8 + 0.05 * np.sin(number * 2.1) + 0.03 * np.cos(number * 5)
    ),
    "clouds pass": lit(scene(32, speed=0.5), lambda number: 0.75 + 0.25 * np.cos(number / 8)),
    "a whip pan": lambda number: scene(33)(round(number**1.4)),
    "a slow start": lambda number: scene(34, grain=1.2)(round(number**2 / FRAMES)),
    "white haze": lambda number: 190 + scene(35)(number) * 0.2,
    "silhouettes": lambda number: np.where(scene(36)(number) > 110, 225, 14),
    "an ease to a stop": lambda number: scene(37, grain=1.2)(round(FRAMES * np.sin(number / FRAMES * np.pi / 2))),
    "neon at night": lambda number: scene(38, brightness=0.3)(number) * (0.7 + 0.3 * np.sin(number / 5 + np.arange(3))),
    "a pan over stripes": lambda number: (
        90 + 60 * np.sin((np.arange(WIDTH)[None, :, None] + number * 2) / 5) * np.ones((HEIGHT, 1, 3))
    ),
}


def shoot(path: Path, frame: Shoot, sound: np.ndarray | None = None) -> Measures:
    pictures: list[Picture] = [np.asarray(frame(n)).clip(0, 255).astype(np.uint8) for n in range(FRAMES)]
    return measure_take(write_take(path, pictures, sound))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "A01_S01_SH001" / f"{'a' * 64}.mp4"


@pytest.mark.parametrize("name", GOOD)
def test_good_footage_raises_no_alarm(path: Path, name: str) -> None:
    assert [str(each) for each in check_take(shoot(path, GOOD[name]), asked())] == []


def test_a_flash_over_a_part_of_the_picture_in_the_last_second(path: Path) -> None:
    """As in Lightricks/LTX-2, issue 148."""

    def flashes(number: int) -> np.ndarray:
        picture = scene(41, speed=1)(number).copy()
        if number in (61, 62):
            picture[20:80, 60:130] = 252
        return picture

    assert [each.check for each in check_take(shoot(path, flashes), asked())] == ["glitch"]


def test_a_picture_that_moves_only_after_a_second(path: Path) -> None:
    """As in Lightricks/ComfyUI-LTXVideo, issue 384."""
    found = check_take(shoot(path, lambda number: scene(42)(max(0, number - 24))), asked())
    assert [(each.check, each.first) for each in found] == [("frozen", 0)]
    assert found[0].end in (24, 25)


@pytest.mark.parametrize("hertz", [50, 60])
@pytest.mark.parametrize("level, named", [(0.02, True), (0.0002, False)])
def test_a_hum_of_the_mains_is_named_with_its_frequency_where_it_is_heard(
    path: Path, hertz: int, level: float, named: bool
) -> None:
    time = np.arange(round(SECONDS * 48_000))[:, None] / 48_000
    hum = sum(level / n * np.sin(2 * np.pi * hertz * n * time + n) for n in range(1, 6))
    found = check_take(shoot(path, scene(43), voice(SECONDS) + hum), asked())
    assert [(each.check, f"{hertz} Hz" in each.message) for each in found] == [("hum", True)] * named


def chain(folder: Path, drift: float) -> list[Shown]:
    """Four takes, each of which starts where the one before it ends, warmer by ``drift`` levels with each link."""
    shown = []
    for number in range(4):
        clip_id = f"A01_S01_SH00{number + 1}"

        def frame(at: int, number: int = number) -> np.ndarray:
            return scene(44, speed=0.2)(number * FRAMES + at) + np.array([drift, 0, -drift]) * number

        measures = shoot(folder / clip_id / f"{'a' * 64}.mp4", frame)
        first = Shown(measures, 0, FRAMES, "A01_S01", "quay", True)
        shown.append(replace(first, parent=shown[-1].measures.clip_id, runs_on=True) if shown else first)
    return shown


def test_drift_that_grows_along_a_chain_is_named_at_its_third_link(tmp_path: Path) -> None:
    (found,) = [each for each in check_film(chain(tmp_path, 8)) if each.check == "drift"]
    assert found.clip_id == "A01_S01_SH003"
    assert "further with each link" in found.message


def test_a_chain_that_keeps_its_colour_has_no_fault(tmp_path: Path) -> None:
    assert check_film(chain(tmp_path, 0)) == []
