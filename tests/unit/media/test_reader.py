"""What film and sound files say of themselves, and whether they are complete."""

from __future__ import annotations

import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from kit.movie import video_frame
from vtx_app.errors import CutError, RenderError
from vtx_app.media.mp4 import read_tracks
from vtx_app.media.reader import (
    PictureFacts,
    SoundFacts,
    frame_at,
    picture_facts,
    picture_rate,
    probe,
    sound_facts,
)
from vtx_app.media.writer import write_film

NTSC = Fraction(24000, 1001)
IndexFirst = Callable[[Path, Path], Path]


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


def timed_film(path: Path, ticks: list[int], tick: Fraction, last: int | None = None) -> Path:
    """A picture whose frames are shown at ``ticks`` of ``tick`` seconds, the last one for ``last`` ticks."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"bf": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        stream.codec_context.time_base = tick
        packets = []
        for number, at in enumerate(ticks):
            frame = av.VideoFrame.from_ndarray(np.full((96, 64), number % 255, np.uint8), format="yuv420p")
            frame.pts, frame.time_base = at, tick
            packets += stream.encode(frame)
        packets += stream.encode(None)
        if last is not None:
            packets[-1].duration = last
        container.mux(packets)
    return path


@pytest.mark.parametrize("rate", [Fraction(12), Fraction(25, 2), Fraction(16), NTSC, Fraction(24), Fraction(2997, 100)])
@pytest.mark.parametrize("frames", [2, 9, 361])
def test_the_rate_of_a_take_is_exact(tmp_path: Path, rate: Fraction, frames: int) -> None:
    with write_film(tmp_path / "film.mp4", 16, 16, rate) as writer:
        for _ in range(frames):
            writer.picture(video_frame(np.zeros((16, 16, 3), np.uint8)))
    assert picture_rate(tmp_path / "film.mp4") == rate
    for name in ("film.mp4", "film.mov", "film.mkv"):
        with av.open(str(tmp_path / f"plain-{name}"), "w") as container:
            stream = container.add_stream("libx264", rate=rate)  # as other renderers do: B-frames, no durations
            stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
            for _ in range(frames):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((96, 64), np.uint8), "yuv420p")))
            container.mux(stream.encode(None))
        assert picture_rate(tmp_path / f"plain-{name}") == rate


@pytest.mark.parametrize("frames", [2, 9, 361])
@pytest.mark.parametrize("last", [2, 48])
def test_how_long_the_last_frame_lasts_does_not_count(tmp_path: Path, frames: int, last: int) -> None:
    path = timed_film(tmp_path / "film.mp4", list(range(frames)), Fraction(1, 24), last)
    with av.open(str(path)) as container:
        assert container.streams.video[0].average_rate != 24
    assert picture_rate(path) == 24


def test_stamps_of_a_coarse_clock_count_not_the_clock(tmp_path: Path) -> None:
    path = timed_film(tmp_path / "film.mp4", [round(number * 100 / 24) for number in range(361)], Fraction(1, 100))
    with av.open(str(path)) as container:
        assert container.streams.video[0].base_rate == 100
    assert picture_rate(path) == 24
    path = timed_film(tmp_path / "film.mp4", [round(number * 1000 / NTSC) for number in range(361)], Fraction(1, 1000))
    assert picture_rate(path) == NTSC


def test_a_picture_without_a_rate(tmp_path: Path) -> None:
    assert picture_rate(timed_film(tmp_path / "one.mp4", [0], Fraction(1, 24))) is None
    assert picture_rate(write_wav(tmp_path / "sound.wav", 2, 48_000, 5_000)) is None


def test_what_was_written_is_what_is_found(film: Path) -> None:
    found = probe(film)
    assert (found.frames, found.width, found.height, found.rate) == (30, 96, 64, NTSC)


def test_a_take_in_another_codec_setting_is_read_whole(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "take.mp4"), "w") as container:
        picture = container.add_stream("libx264", rate=24)
        picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        sound = container.add_stream("aac", rate=44_100, layout="mono")
        for number in range(24):
            frame = av.VideoFrame(64, 64, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([100]) * plane.buffer_size)
            frame.pts, frame.time_base = number, Fraction(1, 24)
            container.mux(picture.encode(frame))
        block = av.AudioFrame.from_ndarray(np.zeros((1, 40_000), np.float32), format="fltp", layout="mono")
        block.sample_rate, block.pts, block.time_base = 44_100, 0, Fraction(1, 44_100)
        container.mux(sound.encode(block))
        container.mux(picture.encode(None))
        container.mux(sound.encode(None))
    found = probe(tmp_path / "take.mp4")
    assert (found.frames, found.rate) == (24, 24)
    assert read_tracks(tmp_path / "take.mp4")[0].first_tick > 0


def test_a_film_without_sound_is_read_whole(tmp_path: Path) -> None:
    assert probe(make_film(tmp_path / "mute.mp4", 8, Fraction(8), None)).frames == 8


def test_a_film_cut_short_anywhere_is_never_taken_for_whole(
    film: Path, index_first: IndexFirst, tmp_path: Path
) -> None:
    for source in (film, index_first(film, tmp_path / "first.mp4")):
        whole = source.read_bytes()
        for length in sorted({0, 1, 7, 40, len(whole) - 1, *range(100, len(whole), len(whole) // 25)}):
            torn = tmp_path / "torn.mp4"
            torn.write_bytes(whole[:length])
            for read in (probe, read_tracks):
                with pytest.raises(CutError, match=r"torn\.mp4"):
                    read(torn)


def test_a_file_that_is_not_a_film_is_named(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("not a film, only words" * 50)
    with av.open(str(tmp_path / "sound.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=48_000, layout="stereo")
        block = av.AudioFrame.from_ndarray(np.zeros((2, 4096), np.float32), format="fltp", layout="stereo")
        block.sample_rate = 48_000
        container.mux(stream.encode(block))
        container.mux(stream.encode(None))
    for name, says in (("text.mp4", "not a complete film"), ("none.mp4", "No such file"), ("sound.mp4", "no picture")):
        with pytest.raises(CutError, match=says) as caught:
            probe(tmp_path / name)
        assert str(tmp_path / name) in str(caught.value)


def test_frames_are_found_by_number(tmp_path: Path) -> None:
    path = tmp_path / "steps.mp4"
    with write_film(path, 64, 32, Fraction(16)) as film:
        for level in (20, 80, 140, 200):
            film.picture(video_frame(np.full((32, 64, 3), level, np.uint8)))
    for index, level in ((0, 20), (2, 140), (3, 200), (None, 200)):
        assert abs(float(np.asarray(frame_at(path, index)).mean()) - level) < 4
    with pytest.raises(RenderError, match="4 frames"):
        frame_at(path, 4)


def test_what_is_not_a_film_is_named(tmp_path: Path) -> None:
    (tmp_path / "parent.mp4").write_bytes(b"cut short")
    for name in ("parent.mp4", "gone.mp4"):
        with pytest.raises(RenderError, match=name):
            frame_at(tmp_path / name, None)
