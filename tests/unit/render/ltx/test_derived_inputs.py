"""Derived inputs are exactly what was in the take."""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from vtx_app.errors import CutError, RenderError
from vtx_app.media.reader import picture_rate
from vtx_app.render.ltx.derived_inputs import stereo_sound, write_frame, write_tail

FRAMES = 20


def write_take(
    path: Path, frames: int = FRAMES, rate: Fraction = Fraction(24), colours: tuple[int, int] = (2, 1)
) -> Path:
    """A take of noise in colours of its own for each frame, with B-frames, as renderers write them."""
    random = np.random.default_rng(3)
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=rate, options={"crf": "10", "bf": "3"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        stream.codec_context.colorspace, stream.codec_context.color_range = colours
        for number in range(frames):
            pixels = random.integers(0, 60, (64, 96, 3)) + np.array([number * 9, 190 - number * 9, number * 5])
            film.mux(stream.encode(av.VideoFrame.from_ndarray(pixels.astype(np.uint8), format="rgb24")))
        film.mux(stream.encode(None))
    return path


def decoded(path: Path, format: str = "yuv420p") -> list[NDArray[np.uint8]]:
    """The pixels of every frame, in the order they are shown."""
    with av.open(str(path)) as film:
        frames = [(frame.pts, frame.to_ndarray(format=format)) for frame in film.decode(video=0)]
    assert [pts for pts, _ in frames] == sorted({pts for pts, _ in frames if pts is not None})
    return [pixels for _, pixels in frames]


@pytest.fixture
def take(tmp_path: Path) -> Path:
    return write_take(tmp_path / "take.mp4")


@pytest.mark.parametrize("number", [0, 7, FRAMES - 1])
def test_a_picture_is_the_requested_frame(take: Path, tmp_path: Path, number: int) -> None:
    write_frame(take, number, tmp_path / "first.png")
    with Image.open(tmp_path / "first.png") as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (96, 64))
        pixels = np.asarray(picture).astype(int)
    distances = [np.abs(pixels - frame).max() for frame in decoded(take, "rgb24")]
    assert distances[number] <= 2
    assert all(distance > 8 for index, distance in enumerate(distances) if index != number)


def test_a_missing_frame_is_refused(take: Path, tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=rf"has {FRAMES} frames, there is no frame {FRAMES}"):
        write_frame(take, FRAMES, tmp_path / "first.png")
    with pytest.raises(RenderError, match=r"none\.mp4: the film is missing"):
        write_frame(tmp_path / "none.mp4", 0, tmp_path / "first.png")
    assert not (tmp_path / "first.png").exists()


@pytest.mark.parametrize(("frame", "frames"), [(8, 9), (FRAMES - 1, 17), (FRAMES - 1, FRAMES), (5, 1)])
def test_a_tail_is_frame_for_frame_what_was_there(take: Path, tmp_path: Path, frame: int, frames: int) -> None:
    write_tail(take, frame, frames, tmp_path / "tail.mp4")
    expected, found = decoded(take)[frame - frames + 1 : frame + 1], decoded(tmp_path / "tail.mp4")
    assert len(found) == len(expected) == frames
    for one, other in zip(expected, found, strict=True):
        assert np.array_equal(one, other)


def test_a_tail_has_no_gaps_whatever_the_take_s_rate(tmp_path: Path) -> None:
    take = write_take(tmp_path / "take.mp4", rate=Fraction(24000, 1001))
    write_tail(take, 10, 9, tmp_path / "tail.mp4")
    assert picture_rate(tmp_path / "tail.mp4") == 24
    assert len(decoded(tmp_path / "tail.mp4")) == 9


@pytest.mark.parametrize("colours", [(1, 1), (1, 2), (5, 1), (2, 0)])  # BT.709 or 601, limited or full; unsaid
def test_a_tail_keeps_what_its_colours_mean(tmp_path: Path, colours: tuple[int, int]) -> None:
    take = write_take(tmp_path / "take.mp4", colours=colours)
    write_tail(take, 8, 9, tmp_path / "tail.mp4")
    with av.open(str(take)) as before, av.open(str(tmp_path / "tail.mp4")) as after:
        was, found = (next(film.decode(video=0)) for film in (before, after))
        assert (found.colorspace, found.color_range) == (was.colorspace, was.color_range)
        assert (int(was.colorspace), int(was.color_range)) == colours
    for one, other in zip(decoded(take, "rgb24")[:9], decoded(tmp_path / "tail.mp4", "rgb24"), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize(("frame", "frames"), [(FRAMES, 9), (FRAMES + 50, 9), (7, 9), (0, 2)])
def test_a_take_that_is_too_short_for_its_tail_is_refused(take: Path, tmp_path: Path, frame: int, frames: int) -> None:
    with pytest.raises(RenderError) as caught:
        write_tail(take, frame, frames, tmp_path / "tail.mp4")
    assert str(caught.value).startswith(f"{take}: ")
    assert str(frames if frame < FRAMES else frame) in str(caught.value)


def test_a_take_that_can_t_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "take.mp4").write_bytes(b"no film" * 100)
    with pytest.raises(CutError, match=r"take\.mp4: not a complete film"):
        write_tail(tmp_path / "take.mp4", 8, 9, tmp_path / "tail.mp4")


# -- sound ---------------------------------------------------------------------------------------------


def write_sound(path: Path, channels: int, rate: int = 48_000, seconds: float = 0.5) -> NDArray[np.int16]:
    """A WAV with a tone of its own for each channel; returns the samples, a row each."""
    times = np.arange(round(rate * seconds))
    samples = np.stack([np.sin(times / (9 + 4 * channel)) * 9000 for channel in range(channels)], axis=1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return samples.astype(np.int16)


def test_sound_in_stereo_is_taken_as_it_is(tmp_path: Path) -> None:
    write_sound(tmp_path / "sound.wav", 2, 44_100)
    assert stereo_sound(tmp_path / "sound.wav", tmp_path / "made.wav") == tmp_path / "sound.wav"
    assert not (tmp_path / "made.wav").exists()


def test_sound_in_mono_is_heard_on_both_ears(tmp_path: Path) -> None:
    samples = write_sound(tmp_path / "sound.wav", 1)
    assert stereo_sound(tmp_path / "sound.wav", tmp_path / "made.wav") == tmp_path / "made.wav"
    with wave.open(str(tmp_path / "made.wav")) as made:
        assert (made.getnchannels(), made.getsampwidth(), made.getframerate()) == (2, 2, 48_000)
        found = np.frombuffer(made.readframes(made.getnframes()), "<i2").reshape(-1, 2)
    assert np.array_equal(found, np.repeat(samples, 2, axis=1))


@pytest.mark.parametrize(("channels", "rate"), [(1, 24_000), (6, 48_000)])
def test_other_sound_becomes_stereo_of_the_same_length(tmp_path: Path, channels: int, rate: int) -> None:
    write_sound(tmp_path / "sound.wav", channels, rate)
    made = stereo_sound(tmp_path / "sound.wav", tmp_path / "made.wav")
    with wave.open(str(made)) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 48_000)
        assert abs(file.getnframes() - 24_000) < 50
        assert np.abs(np.frombuffer(file.readframes(24_000), "<i2")).max() > 3000


def test_a_file_without_sound_is_refused(take: Path, tmp_path: Path) -> None:
    with pytest.raises(CutError, match=r"take\.mp4: there is no sound in it"):
        stereo_sound(take, tmp_path / "made.wav")
    assert not (tmp_path / "made.wav").exists()
