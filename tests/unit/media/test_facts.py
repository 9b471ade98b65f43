"""What a film or sound file says of itself."""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from vtx_app.errors import CutError
from vtx_app.media.reader import PictureFacts, SoundFacts, picture_facts, sound_facts

NTSC = Fraction(24000, 1001)


def make_film(path: Path, frames: int, rate: Fraction, seconds: float | None = 1.0, channels: int = 2) -> Path:
    """A film of 96×64 pixels, with sound unless ``seconds`` is None."""
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=rate, options={"bf": "2"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        sound = film.add_stream("aac", rate=48_000, layout="mono" if channels == 1 else "stereo") if seconds else None
        for number in range(frames):
            pixels = np.full((64, 96, 3), number * 3 % 255, np.uint8)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        film.mux(stream.encode(None))
        if sound is not None and seconds is not None:
            for start in range(0, round(seconds * 48_000), 1024):
                samples = np.zeros((channels, min(1024, round(seconds * 48_000) - start)), np.float32)
                block = av.AudioFrame.from_ndarray(samples, format="fltp", layout=sound.layout.name)
                block.sample_rate, block.pts, block.time_base = 48_000, start, Fraction(1, 48_000)
                film.mux(sound.encode(block))
            film.mux(sound.encode(None))
    return path


def write_wav(path: Path, channels: int, rate: int, samples: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(2 * channels * samples))
    return path


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])  # Matroska does not say how many frames it has
@pytest.mark.parametrize(("frames", "rate"), [(17, Fraction(24)), (33, NTSC), (9, Fraction(25, 2))])
def test_the_picture_of_a_film(tmp_path: Path, suffix: str, frames: int, rate: Fraction) -> None:
    path = make_film(tmp_path / f"film.{suffix}", frames, rate)
    found = picture_facts(path)
    assert (found.frames, found.width, found.height) == (frames, 96, 64)
    assert abs(found.rate - rate) < Fraction(1, 20)
    if suffix != "mkv":
        assert found == PictureFacts(frames, 96, 64, rate)


@pytest.mark.parametrize(("channels", "rate", "samples"), [(1, 8_000, 12_000), (2, 44_100, 44_100), (6, 48_000, 4_800)])
def test_the_sound_of_a_sound_file(tmp_path: Path, channels: int, rate: int, samples: int) -> None:
    found = sound_facts(write_wav(tmp_path / "sound.wav", channels, rate, samples))
    assert found.channels == channels
    assert found.seconds == pytest.approx(samples / rate, abs=1e-4)


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_sound_of_a_film(tmp_path: Path, suffix: str, channels: int) -> None:
    found = sound_facts(make_film(tmp_path / f"film.{suffix}", 8, Fraction(8), 1.5, channels))
    assert isinstance(found, SoundFacts)
    assert found.channels == channels
    assert found.seconds == pytest.approx(1.5, abs=0.05)


def test_a_film_has_no_sound_and_a_sound_no_picture(tmp_path: Path) -> None:
    mute = make_film(tmp_path / "mute.mp4", 8, Fraction(8), None)
    assert picture_facts(mute).frames == 8
    with pytest.raises(CutError, match=r"mute\.mp4: there is no sound in it"):
        sound_facts(mute)
    with pytest.raises(CutError, match=r"sound\.wav: there is no picture in it"):
        picture_facts(write_wav(tmp_path / "sound.wav", 2, 8_000, 8_000))


@pytest.mark.parametrize("name", ["none.mp4", "text.mp4", "torn.mp4"])
def test_what_can_t_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.mp4").write_text("not a film" * 50)
    whole = make_film(tmp_path / "film.mp4", 17, Fraction(24)).read_bytes()
    (tmp_path / "torn.mp4").write_bytes(whole[: len(whole) // 2])
    for facts in (picture_facts, sound_facts):
        with pytest.raises(CutError) as caught:
            facts(tmp_path / name)
        assert str(caught.value).startswith(f"{tmp_path / name}: ")
