"""Music and effects in the mix: where they lie, their fades, and how music steps back under speech."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.sounds import SECOND, Shot, decibels, decoded, film_of, noise, rms, sound_file, take_file, tone
from vtx_app.errors import CutError
from vtx_app.media.codec import samples_for
from vtx_app.models.fingerprint import file_sha256
from vtx_app.sound.laid_sound import ducking_db
from vtx_app.sound.mix import mix, stem
from vtx_app.sound.mix_plan import MixPlan, stretch
from vtx_app.sound.score import Ducking, Laid


def laid(path: Path, start: int, frames: int, **changes: object) -> Laid:
    given = Laid("music", path, file_sha256(path), start, frames, 0.0, 0.0, 0, 0, False, None)
    return replace(given, **changes)  # type: ignore[arg-type]


def heard(plan: MixPlan, name: str = "music") -> np.ndarray:
    return np.concatenate(list(stem(plan, name, 0.0)))  # type: ignore[arg-type]


def test_a_damaged_file_is_named_and_nobody_is_told_to_make_it_again(tmp_path: Path, take: Path) -> None:
    theme = sound_file(tmp_path / "theme.m4a", noise(4, 0.1), codec="aac")
    data = bytearray(theme.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 5_000] = b"\xa5" * 5_000
    theme.write_bytes(data)
    plan = replace(film_of([Shot(take, 192)]), laid=(laid(theme, 0, 96),))
    with pytest.raises(CutError, match=r"theme\.m4a: this music can't be decoded to its end; put an intact file"):
        heard(plan)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds with a voice from 3 s to 5 s, and a pause of a third of a second in it."""
    sound = noise(8, 0.0005)
    sound[3 * SECOND : 5 * SECOND] += tone(2, 250, 0.1)
    sound[4 * SECOND : 4 * SECOND + SECOND // 3] = 0
    return take_file(tmp_path_factory.mktemp("takes") / "take.mp4", sound, frames=192)


@pytest.fixture(scope="module")
def theme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sound_file(tmp_path_factory.mktemp("audio") / "theme.wav", tone(8, 1000, 0.1), codec="pcm_s16le")


def test_a_file_lies_where_it_is_put_and_begins_where_it_should(take: Path, theme: Path) -> None:
    plan = film_of([Shot(take, 192)], laid=(laid(theme, 48, 24, skip=1.5, gain_db=-6.0),))
    sound, file = heard(plan), decoded(theme)
    start, end = samples_for(48, plan.rate), samples_for(72, plan.rate)
    assert not sound[:start].any()
    assert not sound[end:].any()
    part = file[round(1.5 * SECOND) :][: end - start] * 10 ** (-6 / 20)
    assert np.abs(sound[start + 400 : end - 400] - part[400:-400]).max() < 1e-6
    assert np.abs(np.diff(sound, axis=0)).max() <= np.abs(np.diff(part, axis=0)).max() * 1.05  # no click at its ends


def test_what_begins_with_its_file_keeps_its_attack(take: Path, tmp_path: Path) -> None:
    hit = sound_file(tmp_path / "hit.flac", np.full((4_800, 2), 0.5))
    plan = film_of([Shot(take, 192)], laid=(laid(hit, 10, 2, bus="effects"),))
    assert heard(plan, "effects")[samples_for(10, plan.rate)].tolist() == [0.5, 0.5]


@pytest.mark.parametrize(("seconds", "skip"), [(0.75, 0.0), (0.75, 0.5), (31, 1.0)])
def test_a_loop_goes_on_until_its_end(take: Path, tmp_path: Path, seconds: float, skip: float) -> None:
    """From its beginning, whether it is short enough to be kept or decoded again."""
    file = decoded(sound_file(tmp_path / "loop.flac", noise(seconds, 0.1)))
    again = round(3 * seconds * 24)
    plan = film_of([Shot(take, 1, gap=again)], laid=(laid(tmp_path / "loop.flac", 0, again, skip=skip, loop=True),))
    wanted = np.concatenate([file[round(skip * SECOND) :], *[file] * 3])
    sound = heard(plan)[: samples_for(again, plan.rate)]
    assert np.array_equal(sound[1_000:-1_000], wanted[1_000 : len(sound) - 1_000])


def test_fades_are_as_long_as_they_should_be(take: Path, theme: Path) -> None:
    plan = film_of([Shot(take, 192)], laid=(laid(theme, 0, 192, fade_in=48, fade_out=24),))
    sound = heard(plan)
    assert decibels(rms(sound[SECOND - 240 : SECOND + 240]) / rms(sound[3 * SECOND :][:4800])) == pytest.approx(
        -3, abs=0.2
    )
    assert rms(sound[samples_for(190, plan.rate) :]) < rms(sound[3 * SECOND :][:4800]) / 8


def test_music_steps_back_by_as_much_and_as_fast_as_it_should(take: Path, theme: Path) -> None:
    duck = Ducking(by_db=12.0, attack=0.5, release=1.0)
    plan = film_of([Shot(take, 192)], laid=(laid(theme, 0, 192, duck=duck),))
    sound = heard(plan)
    full = 0.1 / np.sqrt(2)
    levels = [decibels(rms(sound[at : at + 480]) / full) for at in range(0, len(sound) - 480, 480)]

    def level(second: float) -> float:
        return levels[round(second * 100)]

    assert level(2.4) == pytest.approx(0, abs=0.2)
    assert level(2.75) == pytest.approx(-6, abs=0.7)  # half of the way down
    assert [level(second) for second in (3.05, 3.9, 4.2, 4.9)] == pytest.approx([-12] * 4, abs=0.2)
    assert level(5.5) == pytest.approx(-6, abs=0.7)
    assert level(6.1) == pytest.approx(0, abs=0.2)


def test_music_does_not_step_back_where_nobody_has_a_line(take: Path, theme: Path) -> None:
    duck = Ducking(by_db=12.0, attack=0.5, release=1.0)
    plan = film_of([Shot(take, 192, speaks=False)], laid=(laid(theme, 0, 192, duck=duck),))
    assert np.array_equal(heard(plan)[:-400], decoded(theme)[:-400])


@given(
    spans=st.lists(st.integers(0, 400_000), min_size=2, max_size=8, unique=True).map(
        lambda points: [*zip(sorted(points)[::2], sorted(points)[1::2], strict=False)]
    ),
    cut=st.integers(1, 399_999),
)
def test_ducking_is_the_same_however_the_film_is_divided_and_never_more_than_asked(
    spans: list[tuple[int, int]], cut: int
) -> None:
    duck = Ducking(9.0, 0.2, 0.8)
    whole = ducking_db(duck, spans, 0, 400_000)
    parts = np.concatenate([ducking_db(duck, spans, 0, cut), ducking_db(duck, spans, cut, 400_000)])
    assert np.allclose(whole, parts)
    assert whole.max() <= 9.0
    assert all((whole[first:end] == 9.0).all() for first, end in spans if end > first)
    assert np.abs(np.diff(whole)).max() <= 9.0 / (0.2 * SECOND) * 1.001


def test_music_goes_on_in_an_act_where_the_film_has_come_to(take: Path, theme: Path) -> None:
    plan = film_of([Shot(take, 96), Shot(take, 96, first=96, scene="A02_S01")], laid=(laid(theme, 24, 168),))
    act = heard(stretch(plan, 96, 192))
    film = heard(plan)[samples_for(96, plan.rate) :]
    assert len(act) == len(film)
    assert np.abs(act[400:-400] - film[400:-400]).max() < 1e-6


@pytest.mark.parametrize(("channels", "rate"), [(1, 44_100), (2, 22_050), (6, 48_000)])
def test_any_layout_and_rate(take: Path, tmp_path: Path, channels: int, rate: int) -> None:
    sound = np.zeros((2 * rate, channels))
    sound[:, min(2, channels - 1)] = tone(2, 440, 0.2, rate=rate)[:, 0]  # the middle, or the last
    path = sound_file(tmp_path / "file.wav", sound, rate=rate, codec="pcm_s16le")
    plan = film_of([Shot(take, 192)], laid=(laid(path, 0, 48),))
    found = heard(plan)[4_000:80_000]
    left, right = rms(found[:, :1]), rms(found[:, 1:])
    wanted = {1: (1, 1), 2: (0, 1), 6: (np.sqrt(0.5), np.sqrt(0.5))}[channels]
    assert (left, right) == pytest.approx(tuple(0.2 / np.sqrt(2) * each for each in wanted), rel=0.02, abs=1e-4)


def test_stems_with_music_add_up_to_the_mix(take: Path, theme: Path, tmp_path: Path) -> None:
    duck = Ducking(9.0, 0.2, 0.8)
    parts = (laid(theme, 12, 150, duck=duck, fade_in=12), laid(theme, 30, 20, bus="effects", gain_db=-9.0))
    plan = film_of([Shot(take, 192)], laid=parts, loudness=-30.0, rate=Fraction(24_000, 1001))
    report = mix(plan, tmp_path / "mix.flac")
    assert report.limited_seconds == 0
    total = sum(heard(plan, name) for name in ("dialogue", "music", "effects")) * 10 ** (report.gain_db / 20)
    assert np.abs(total - decoded(tmp_path / "mix.flac")).max() < 2.2 / 2**23
