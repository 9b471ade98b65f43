"""Any sound as float samples, and its length."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from kit.sounds import decoded, noise, rms, sound_file, take_file, tone
from vtx_app.errors import CutError
from vtx_app.media.sound import read_sound
from vtx_app.media.sound_blocks import sound_blocks
from vtx_app.media.sound_length import sound_length


@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize("codec", ["flac", "pcm_s16le"])
def test_16_bit_sound_is_read_as_it_is(tmp_path: Path, sides: int, codec: str) -> None:
    sound = np.rint(noise(0.7, 0.1, sides=sides) * 32_768) / 32_768
    suffix = "flac" if codec == "flac" else "wav"
    found = decoded(sound_file(tmp_path / f"sound.{suffix}", sound, codec=codec))
    assert found.dtype == np.float32
    assert np.array_equal(found, np.broadcast_to(sound, found.shape))


@pytest.mark.parametrize("speed", [Fraction(1), Fraction(24_000, 24_024), Fraction(25, 24)])
@pytest.mark.parametrize(("rate", "codec"), [(48_000, "flac"), (44_100, "flac"), (48_000, "aac")])
def test_it_agrees_with_what_clips_are_conformed_from(tmp_path: Path, speed: Fraction, rate: int, codec: str) -> None:
    path = take_file(tmp_path / "take.mp4", tone(2, 300, 0.2, rate=rate), frames=48, rate=rate, codec=codec)
    found = np.concatenate(list(sound_blocks(path, speed=speed)))
    other = read_sound(path, speed=speed)
    assert other is not None
    assert abs(len(found) - len(other)) <= 2
    both = min(len(found), len(other)) - 50
    assert rms(found[50:both] - other[50:both] / 32_768) < 1e-4


def test_a_file_without_sound_has_none(tmp_path: Path) -> None:
    assert list(sound_blocks(take_file(tmp_path / "take.mp4", None, frames=3))) == []


def test_lengths_are_those_of_the_samples(tmp_path: Path) -> None:
    sound = noise(1.25, 0.1)
    for name, codec in (("a.flac", "flac"), ("a.wav", "pcm_s16le"), ("a.mka", "flac")):
        path = sound_file(tmp_path / name, sound, codec=codec)
        assert float(sound_length(path)) == pytest.approx(1.25, abs=0.001)
    with pytest.raises(CutError, match=r"no\.wav"):
        sound_length(tmp_path / "no.wav")


def test_a_wave_file_that_was_cut_short_is_as_long_as_what_is_left(tmp_path: Path) -> None:
    path = sound_file(tmp_path / "a.wav", noise(1, 0.1), codec="pcm_s16le")
    path.write_bytes(path.read_bytes()[: -48_000 * 2])
    assert float(sound_length(path)) == pytest.approx(0.5, abs=0.001)
