"""Room tone under the gaps of a scene, as it is heard in the mix."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kit.sounds import SECOND, Shot, decibels, film_of, noise, rms, take_file, tone
from vtx_app.cut.timeline import Heard
from vtx_app.media.codec import samples_for
from vtx_app.sound.mix import stem
from vtx_app.sound.mix_plan import MixPlan
from vtx_app.sound.room import room_loop

ROOM = 0.002


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a voice in a room; only the second half second has nothing but room."""
    sound = noise(2, ROOM)
    sound[: SECOND // 2] += tone(0.5, 300, 0.1)
    sound[SECOND:] += tone(1, 300, 0.1)
    return take_file(tmp_path_factory.mktemp("takes") / "spoken.mp4", sound, frames=48)


def dialogue(plan: MixPlan) -> np.ndarray:
    return np.concatenate(list(stem(plan, "dialogue", 0.0)))


def test_a_still_frame_in_a_scene_sounds_like_its_room(spoken: Path) -> None:
    plan = film_of([Shot(spoken, 48, gap=240), Shot(spoken, 48)], room_tone=True)
    sound = dialogue(plan)
    gap = sound[samples_for(48, plan.rate) + 400 : samples_for(288, plan.rate) - 400]
    assert decibels(rms(gap) / ROOM) == pytest.approx(0, abs=1)
    levels = [decibels(rms(gap[at : at + 4_800]) / ROOM) for at in range(0, len(gap) - 4_800, 4_800)]
    assert max(levels) - min(levels) < 2.5  # neither pulse nor hole
    assert np.abs(np.diff(gap, axis=0)).max() < 10 * ROOM  # no click
    spectrum = np.abs(np.fft.rfft(gap[:, 0]))
    assert spectrum.max() < 12 * np.sqrt(np.mean(spectrum**2))  # nothing of the voice, and no hum of its own


def test_without_room_tone_the_gap_is_silent(spoken: Path) -> None:
    plan = film_of([Shot(spoken, 48, gap=24), Shot(spoken, 48)])
    assert not dialogue(plan)[samples_for(48, plan.rate) : samples_for(72, plan.rate)].any()


def test_a_seam_does_not_fall_below_the_room(spoken: Path) -> None:
    plan = film_of([Shot(spoken, 18), Shot(spoken, 12, first=12), Shot(spoken, 12, first=12)], room_tone=True)
    cut = samples_for(30, plan.rate)
    hole = dialogue(replace(plan, room_tone=False, runs=()))[cut - 100 : cut + 100]
    filled = dialogue(plan)[cut - 100 : cut + 100]
    assert decibels(rms(hole) / ROOM) < -10
    assert decibels(rms(filled) / ROOM) == pytest.approx(0, abs=2.5)


def test_a_muted_clip_has_the_room_of_its_scene_and_no_other(spoken: Path) -> None:
    other = [Shot(spoken, 24, scene="A01_S02", mute=True)]
    plan = film_of([Shot(spoken, 48), Shot(spoken, 24, mute=True), *other], room_tone=True)
    sound = dialogue(plan)
    muted = sound[samples_for(48, plan.rate) + 400 : samples_for(72, plan.rate) - 400]
    assert decibels(rms(muted) / ROOM) == pytest.approx(0, abs=1)
    assert not sound[samples_for(72, plan.rate) :].any()


def test_a_room_is_never_digital_silence(tmp_path: Path) -> None:
    sound = noise(3, ROOM)
    sound[SECOND // 2 : 2 * SECOND] = 0
    take = take_file(tmp_path / "take.mp4", sound, frames=72)
    plan = film_of([Shot(take, 72, gap=48)], room_tone=True)
    gap = dialogue(plan)[samples_for(72, plan.rate) + 400 : -400]
    assert decibels(rms(gap) / ROOM) == pytest.approx(0, abs=1)


def test_one_scene_fades_into_the_next_with_their_dissolve(spoken: Path, tmp_path: Path) -> None:
    louder = take_file(tmp_path / "louder.mp4", noise(2, 10 * ROOM), frames=48)
    plan = film_of([Shot(spoken, 48, gap=24), Shot(louder, 48, scene="A01_S02")], room_tone=True)
    first, second = plan.runs
    heard = (plan.heard[0], Heard(plan.heard[1].clip_id, 0, 48, 60, fade_in=12))
    plan = replace(plan, frames=108, heard=heard, runs=(first, replace(second, start=60, end=108)))
    sound = dialogue(plan)
    assert -4 < decibels(rms(sound[samples_for(66, plan.rate) :][:2_400]) / (10 * ROOM)) < 0
    assert decibels(rms(sound[samples_for(59, plan.rate) :][:1_900]) / ROOM) == pytest.approx(0, abs=1)


def test_a_loop_meets_its_beginning_without_a_click() -> None:
    quiet = noise(0.5, 0.01).astype(np.float32)
    twice = np.concatenate([room_loop(quiet)] * 2)
    middle = len(twice) // 2
    around = np.abs(np.diff(twice[middle - 2_000 : middle + 2_000], axis=0)).max()
    assert around <= np.abs(np.diff(twice[: middle - 2_000], axis=0)).max()
