from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kit.movie import sound_samples, video_frame
from vtx_app.media.codec import BLOCK, samples_for
from vtx_app.media.mp4 import read_tracks, top_boxes
from vtx_app.media.reader import probe
from vtx_app.media.writer import write_clip, write_film

RATES = [Fraction(16), Fraction(24), Fraction(25, 2), Fraction(24000, 1001), Fraction(30000, 1001)]


def noise(samples: int, seed: int = 3) -> NDArray[np.int16]:
    return np.random.default_rng(seed).integers(-32768, 32768, (samples, 2), np.int16)


def write(path: Path, frames: int, rate: Fraction, sound: NDArray[np.int16], seed: int = 0) -> Path:
    rng = np.random.default_rng(seed)
    with write_film(path, 64, 48, rate) as film:
        for _ in range(frames):
            film.picture(video_frame(np.kron(rng.integers(0, 256, (6, 8, 3), np.uint8), np.ones((8, 8, 1), np.uint8))))
        film.sound(sound)
    return path


def heard(path: Path) -> NDArray[np.int16]:
    with av.open(str(path)) as container:
        return np.concatenate([block.to_ndarray().reshape(-1, 2) for block in container.decode(audio=0)])


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_frames_stand_exactly_at_their_times(tmp_path: Path, rate: Fraction) -> None:
    path = write(tmp_path / "film.mp4", 40, rate, noise(samples_for(40, rate)))
    with av.open(str(path)) as container:
        times = [frame.pts * frame.time_base for frame in container.decode(video=0)]
        stream = container.streams.video[0]
        assert stream.duration is not None
        assert stream.duration * stream.time_base == 40 / rate
    assert times == [frame / rate for frame in range(40)]
    assert probe(path).rate == rate


@pytest.mark.parametrize("samples", [1, 15, 16, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 4801])
def test_sound_comes_back_to_the_sample(tmp_path: Path, samples: int) -> None:
    sound = noise(samples)
    path = write(tmp_path / "film.mp4", 1, Fraction(16), sound)
    assert np.array_equal(heard(path), sound)
    assert sound_samples(path) == samples


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 6_000), min_size=1, max_size=6))
def test_sound_may_be_written_in_any_pieces(tmp_path_factory: pytest.TempPathFactory, pieces: list[int]) -> None:
    sound = noise(sum(pieces) + 1)
    path = tmp_path_factory.mktemp("pieces") / "film.mp4"
    with write_film(path, 16, 16, Fraction(16)) as film:
        film.picture(video_frame(np.zeros((16, 16, 3), np.uint8)))
        place = 0
        for piece in [*pieces, 1]:
            film.sound(sound[place : place + piece])
            place += piece
    assert np.array_equal(heard(path), sound)


# ITU-R BT.709-6, 3.2 and 4.6: Y = 16 + 219 (0.2126 R + 0.7152 G + 0.0722 B), Cb, Cr = 128 + 224 (B - Y) / 1.8556 …
@pytest.mark.parametrize(
    "rgb", [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (200, 30, 90), (12, 140, 77)]
)
def test_colours_are_bt709_at_video_levels_and_say_so(tmp_path: Path, rgb: tuple[int, int, int]) -> None:
    with write_film(tmp_path / "film.mp4", 64, 48, Fraction(16)) as film:
        film.picture(video_frame(np.full((48, 64, 3), rgb, np.uint8)))
    red, green, blue = (value / 255 for value in rgb)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    expected = [16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748]
    with av.open(str(tmp_path / "film.mp4")) as container:
        context = container.streams.video[0].codec_context
        said = (context.color_primaries, context.color_trc, context.colorspace, context.color_range)
        frame = next(container.decode(video=0))
    assert said == (1, 1, 1, 1)
    for plane, value in zip(frame.planes, expected, strict=True):
        assert np.abs(np.frombuffer(plane, np.uint8).reshape(plane.height, -1)[:, : plane.width] - value).max() <= 1.5


def test_yuv_frames_are_taken_as_they_are(tmp_path: Path) -> None:
    planes = np.full((72, 64), 128, np.uint8)
    planes[:48] = np.linspace(16, 235, 64).astype(np.uint8)
    with write_film(tmp_path / "film.mp4", 64, 48, Fraction(16)) as film:
        film.picture(av.VideoFrame.from_ndarray(planes, format="yuv420p"))
    with av.open(str(tmp_path / "film.mp4")) as container:
        frame = next(container.decode(video=0)).to_ndarray()
    assert np.abs(frame.astype(int) - planes).mean() < 1


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_clips_of_a_film_have_one_configuration_and_no_b_frames(tmp_path: Path, rate: Fraction) -> None:
    clips = [write(tmp_path / f"{n}.mp4", n, rate, noise(100 * n), seed=n) for n in (1, 7, 60)]
    assert len({read_tracks(clip)[0].config for clip in clips}) == 1
    for clip in clips:
        with av.open(str(clip)) as container:
            packets = [packet for packet in container.demux(video=0) if packet.size]
        assert packets[0].is_keyframe
        assert all(packet.pts == packet.dts for packet in packets)
    keys = [n for n, packet in enumerate(packets) if packet.is_keyframe]
    assert max(b - a for a, b in zip(keys, [*keys[1:], 60], strict=True)) <= 2 * rate


def test_the_same_input_gives_the_same_bytes_without_dates_or_versions(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        write(tmp_path / name, 9, Fraction(24000, 1001), noise(9 * 2002))
    data = (tmp_path / "a.mp4").read_bytes()
    assert data == (tmp_path / "b.mp4").read_bytes()
    assert b"Lavf" not in data
    with av.open(str(tmp_path / "a.mp4")) as container:
        assert "creation_time" not in container.metadata


def test_a_storyboards_clip_spends_half_the_bits_on_its_sound(tmp_path: Path) -> None:
    rates = {}
    for effort in ("full", "fast"):
        with write_clip(tmp_path / f"{effort}.mp4", 64, 48, Fraction(24), effort=effort) as film:  # type: ignore[arg-type]
            film.picture(video_frame(np.full((48, 64, 3), 90, np.uint8)))
            film.sound(noise(96_000) // 8)
        with av.open(str(tmp_path / f"{effort}.mp4")) as container:
            rates[effort] = sum(packet.size for packet in container.demux(audio=0)) * 8 / 2
    assert rates["full"] == pytest.approx(256_000, rel=0.1)
    assert rates["fast"] == pytest.approx(128_000, rel=0.1)


def test_an_exception_inside_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError), write_film(tmp_path / "film.mp4", 64, 48, Fraction(16)) as film:
        film.picture(video_frame(np.zeros((48, 64, 3), np.uint8)))
        film.sound(noise(20_000))
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_frames_and_sound_of_other_shapes_are_refused(tmp_path: Path) -> None:
    with write_film(tmp_path / "film.mp4", 64, 48, Fraction(16)) as film:
        film.picture(video_frame(np.zeros((48, 64, 3), np.uint8)))
        for frame in (av.VideoFrame(48, 64, "yuv420p"), av.VideoFrame(64, 48, "yuv444p")):
            with pytest.raises(ValueError, match=rf"{frame.width}×{frame.height} {frame.format.name}: not a frame"):
                film.picture(frame)
        for sound in (np.zeros((2, 9), np.int16), np.zeros(9, np.int16), np.zeros((9, 2), np.float32)):
            with pytest.raises(ValueError, match="int16"):
                film.sound(sound)  # type: ignore[arg-type]
    assert probe(tmp_path / "film.mp4").frames == 1
    with pytest.raises(ValueError, match="even"), write_film(tmp_path / "odd.mp4", 63, 48, Fraction(16)):
        pass
    with pytest.raises(ValueError, match="at least one frame"), write_film(tmp_path / "no.mp4", 64, 48, Fraction(16)):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


WRITE = """
import resource, sys
from fractions import Fraction
from pathlib import Path
import av
import numpy as np
from vtx_app.media.writer import write_clip, write_film
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
rng = np.random.default_rng(1)
try:
    with write_film(Path(sys.argv[1]), 64, 48, Fraction(16)) as film:
        for _ in range(40):
            film.picture(av.VideoFrame.from_ndarray(rng.integers(0, 256, (72, 64), np.uint8), format="yuv420p"))
            film.sound(rng.integers(-99, 99, (3000, 2), np.int16))
except OSError as error:
    print("refused", error.errno)
else:
    print("written")
"""


def test_a_full_disk_is_an_error_wherever_it_comes_and_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"

    def run(limit: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", WRITE, str(path), str(limit)], capture_output=True, text=True)

    whole = run(1 << 30)
    assert (whole.stdout.strip(), whole.stderr) == ("written", "")
    size = path.stat().st_size
    index = next(length for kind, _, length in top_boxes(path) if kind == "moov")
    path.unlink()
    # At once, in the packets, at the start of the index, and on its last byte.
    for limit in (20, size // 2, size - index, size - 1):
        refused = run(limit)
        assert refused.stdout.startswith("refused"), refused.stderr
        assert refused.stderr == ""
        assert not path.exists()
