"""A fault of each kind is found, at its frames, and good takes have none."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from kit.checked import FRAMES, RATE, asked, plain, scene, voice, write_take
from vtx_app.errors import CutError
from vtx_app.qc.finding import Finding
from vtx_app.qc.measure import measure_take
from vtx_app.qc.take_checks import check_take

SECONDS = float(FRAMES / RATE)


def faults(take: Path, **changed: object) -> list[Finding]:
    return check_take(measure_take(take), asked(**changed))


def names(take: Path, **changed: object) -> list[str]:
    return [each.check for each in faults(take, **changed)]


@pytest.fixture
def take(tmp_path: Path) -> Path:
    return tmp_path / "A01_S01_SH001" / f"{'a' * 64}.mp4"


SCENES = [
    *({"seed": seed} for seed in range(6)),
    {"seed": 7, "speed": 0.4},
    {"seed": 8, "speed": 12},
    {"seed": 9, "speed": 25},
    {"seed": 10, "brightness": 0.12},
    {"seed": 11, "brightness": 0.08, "speed": 1},
    {"seed": 12, "grain": 6},
    {"seed": 13, "grain": 0.6, "speed": 1},
    {"seed": 14, "speed": 0, "grain": 2},
]


@pytest.mark.parametrize("kind", SCENES, ids=str)
def test_a_good_take_has_no_fault(take: Path, kind: dict[str, float]) -> None:
    frame = scene(**kind)  # type: ignore[arg-type]
    write_take(take, map(frame, range(FRAMES)), voice(SECONDS, pitch=90 + 10 * kind["seed"]))
    assert faults(take) == []


def test_a_take_that_brightens_and_dims_slowly_is_good(take: Path) -> None:
    frame = scene(3)
    lights = 0.6 + 0.4 * np.sin(np.arange(FRAMES) / 12)
    write_take(take, (np.asarray(frame(n) * lights[n], np.uint8) for n in range(FRAMES)))
    assert faults(take) == []


def test_black_at_the_start(take: Path) -> None:
    frame = scene()
    write_take(take, (plain(0) if n < 12 else frame(n) for n in range(FRAMES)))
    (found,) = [each for each in faults(take) if each.check == "black"]
    assert (found.first, found.end) == (0, 12)
    assert "in its first 0.50 s" in found.message


def test_one_colour_all_over(take: Path) -> None:
    write_take(take, (plain(120) for _ in range(FRAMES)))
    assert "black" in names(take)


@pytest.mark.parametrize("first, end", [(0, 20), (20, 50), (52, FRAMES), (0, FRAMES)])
def test_frozen_at_the_head_in_the_middle_at_the_tail_and_all_of_it(take: Path, first: int, end: int) -> None:
    frame = scene()
    write_take(take, (frame(first if first <= n < end else n) for n in range(FRAMES)))
    found = [each for each in faults(take) if each.check == "frozen"]
    assert [(each.first, each.end) for each in found] == [(first, end)]


def test_a_frozen_start_that_the_film_does_not_show_is_no_fault(take: Path) -> None:
    frame = scene()
    write_take(take, (frame(max(0, n - 20)) for n in range(FRAMES)))
    assert names(take) == names(take, first=8) == ["frozen"]
    assert names(take, first=14) == []


def test_a_storyboard_may_stand_still(take: Path) -> None:
    frame = scene()
    write_take(take, (frame(0) for _ in range(FRAMES)))
    assert names(take, drawn=True) == []


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_flash(take: Path, length: int) -> None:
    frame = scene()
    write_take(take, (plain(250) if 30 <= n < 30 + length else frame(n) for n in range(FRAMES)))
    assert [(each.check, each.first, each.end) for each in faults(take)] == [("flash", 30, 30 + length)]


def test_a_cut_inside_a_shot(take: Path) -> None:
    first, second = scene(1), scene(2)
    write_take(take, ((first if n < 31 else second)(n) for n in range(FRAMES)))
    assert [(each.check, each.first) for each in faults(take)] == [("cut", 31)]


def test_a_cut_in_the_dark(take: Path) -> None:
    first, second = scene(1, brightness=0.3, speed=0.5), scene(2, brightness=0.3, speed=0.5)
    write_take(take, ((first if n < 31 else second)(n) for n in range(FRAMES)))
    assert [(each.check, each.first) for each in faults(take)] == [("cut", 31)]


@pytest.mark.parametrize("by", [18, -18])
def test_a_glitch_in_the_last_second(take: Path, by: int) -> None:
    frame = scene(speed=1)

    def picture(number: int) -> np.ndarray:
        return np.asarray((frame(number).astype(int) + (by if number >= 60 else 0)).clip(0, 255), np.uint8)

    write_take(take, map(picture, range(FRAMES)))
    assert [(each.check, each.first) for each in faults(take)] == [("glitch", 60)]
    assert names(take, end=58) == []


def test_the_wrong_size_rate_and_count(take: Path) -> None:
    frame = scene()
    write_take(take, map(frame, range(48)), rate=Fraction(16))
    messages = [each.message for each in faults(take, width=640) if each.check == "file"]
    assert messages == [
        "its picture has 192×112 pixels, not 640×112",
        "it has 48 frames, not 72",
        "it has 16 frames per second, not 24",
    ]


def test_24_is_not_23_976(take: Path) -> None:
    write_take(take, map(scene(), range(FRAMES)))
    assert names(take, rate=Fraction(24000, 1001)) == ["file"]


@pytest.mark.parametrize("seconds", [SECONDS - 0.3, SECONDS + 0.3])
def test_sound_of_another_length_than_the_picture(take: Path, seconds: float) -> None:
    write_take(take, map(scene(), range(FRAMES)), voice(seconds))
    assert names(take) == ["length"]


def test_silence_where_words_are_spoken(take: Path) -> None:
    write_take(take, map(scene(), range(FRAMES)), np.zeros((FRAMES * 2000, 2)))
    assert names(take) == ["silence"]
    assert names(take, speaks=False) == []


def test_clipping(take: Path) -> None:
    write_take(take, map(scene(), range(FRAMES)), (voice(SECONDS, 1.0) * 2).clip(-1, 1))
    assert names(take) == ["clipping"]


def test_a_loud_voice_is_no_clipping(take: Path) -> None:
    sound = voice(SECONDS)
    write_take(take, map(scene(), range(FRAMES)), sound / np.abs(sound).max() * 0.999)
    assert names(take) == []


@pytest.mark.parametrize("hertz", [50, 60])
def test_hum(take: Path, hertz: int) -> None:
    sound = voice(SECONDS)
    t = np.arange(len(sound))[:, None] / 48_000
    hum = sum(0.01 / n * np.sin(2 * np.pi * hertz * n * t + n) for n in (1, 2, 3))
    write_take(take, map(scene(), range(FRAMES)), sound + hum)
    (found,) = faults(take)
    assert (found.check, f"{hertz} Hz" in found.message) == ("hum", True)


def test_a_bass_note_is_no_hum(take: Path) -> None:
    t = np.arange(round(SECONDS * 48_000))[:, None] / 48_000
    note = sum(0.1 / n * np.sin(2 * np.pi * 55 * n * t) for n in range(1, 6))
    write_take(take, map(scene(), range(FRAMES)), voice(SECONDS) + note)
    assert names(take) == []


def test_a_take_that_cannot_be_decoded_is_named(take: Path) -> None:
    write_take(take, map(scene(), range(FRAMES)))
    take.write_bytes(take.read_bytes()[:2000])
    with pytest.raises(CutError, match=str(take)):
        measure_take(take)
