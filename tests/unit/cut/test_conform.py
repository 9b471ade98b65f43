"""A take becomes a clip of exactly the delivery's size, length and setting; what can be copied is not encoded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kit.conformed import NTSC, Spot, delivery, film_take, tone
from kit.movie import video_frame
from vtx_app.cut.conform import conform
from vtx_app.cut.delivery import Delivery
from vtx_app.errors import CutError
from vtx_app.media.codec import add_picture, samples_for, write_mp4
from vtx_app.media.mp4 import read_tracks
from vtx_app.media.reader import probe
from vtx_app.media.writer import write_film


def nearly(sound: NDArray[np.int16], wanted: NDArray[np.int16]) -> bool:
    """Whether sound that went through AAC is still itself: as long, in its place, and 20 dB above what was added."""
    added = sound.astype(float) - wanted
    return sound.shape == wanted.shape and np.square(added).sum() <= np.square(wanted.astype(float)).sum() / 100


def picture_packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def test_nothing_to_change_copies_picture_and_sound_exactly(tmp_path: Path, decode: Callable[[Path], Any]) -> None:
    take = film_take(tmp_path / "take.mp4", 96, 64, 17, Fraction(16))
    assert conform(take, tmp_path / "clip.mp4", delivery(96, 64, 17))
    assert probe(tmp_path / "clip.mp4").frames == 17
    assert picture_packets(tmp_path / "clip.mp4") == picture_packets(take)
    assert nearly(decode(tmp_path / "clip.mp4").sound, tone(51_000))


def test_a_tail_is_dropped_without_encoding(tmp_path: Path, decode: Callable[[Path], Any]) -> None:
    take = film_take(tmp_path / "take.mp4", 96, 64, 17, Fraction(16))
    assert conform(take, tmp_path / "clip.mp4", delivery(96, 64, 12))
    assert picture_packets(tmp_path / "clip.mp4") == picture_packets(take)[:12]
    clip = decode(tmp_path / "clip.mp4")
    assert len(clip.luma) == 12
    assert np.array_equal(clip.luma, decode(take).luma[:12])
    assert nearly(clip.sound, tone(36_000))


def test_a_take_of_24_is_a_film_of_24000_1001_by_counting_frames(tmp_path: Path, decode: Callable[[Path], Any]) -> None:
    take = film_take(tmp_path / "take.mp4", 64, 64, 25, Fraction(24))
    for name, wanted in (
        ("whole.mp4", delivery(64, 64, 25, NTSC)),
        ("matte.mp4", delivery(96, 64, 25, NTSC, picture_width=64)),
    ):
        assert conform(take, tmp_path / name, wanted) is (name == "copied.mp4")
        clip = decode(tmp_path / name)
        assert clip.times == [frame / NTSC for frame in range(25)]
        assert probe(tmp_path / name).rate == NTSC
        # The sound is as much longer as its picture: 25 frames of it, the same tone a thousandth lower.
        assert len(clip.sound) == 50_050
        expected = 9_000 * np.sin(np.arange(50_050) / 1.001 * 0.05)
        assert np.abs(clip.sound[200:-200] - np.stack([expected, -expected], axis=1)[200:-200]).max() < 300


@pytest.mark.parametrize(
    ("take", "picture", "film"),
    [
        ((128, 64), (96, 48), (96, 48)),
        ((130, 70), (96, 48), (96, 48)),  # 17 and 11 over: the crop still starts at an even pixel
        ((64, 64), (64, 48), (64, 64)),  # letterbox
        ((64, 64), (64, 64), (98, 70)),  # matte all around
        ((96, 64), (64, 64), (96, 64)),  # pillarbox of a cropped take
    ],
)
def test_the_middle_of_the_take_on_black(
    tmp_path: Path,
    decode: Callable[[Path], Any],
    take: tuple[int, int],
    picture: tuple[int, int],
    film: tuple[int, int],
) -> None:
    source = film_take(tmp_path / "take.mp4", *take, 9, Fraction(16))
    wanted = Delivery(*film, *picture, Fraction(16), 7)
    assert not conform(source, tmp_path / "clip.mp4", wanted)
    before, after = decode(source).luma[:7].astype(int), decode(tmp_path / "clip.mp4").luma.astype(int)
    assert after.shape == (7, film[1], film[0])

    left, top = ((take[axis] - picture[axis]) // 2 & ~1 for axis in (0, 1))
    x, y = ((film[axis] - picture[axis]) // 2 & ~1 for axis in (0, 1))
    expected = np.full_like(after, 16)
    expected[:, y : y + picture[1], x : x + picture[0]] = before[:, top : top + picture[1], left : left + picture[0]]
    assert np.abs(after - expected).mean() < 1.5
    shifted = np.roll(expected, 2, axis=2)
    assert np.abs(after - shifted).mean() > np.abs(after - expected).mean()


def test_a_slate_is_burned_on_the_delivered_frame(tmp_path: Path, decode: Callable[[Path], Any]) -> None:
    take = film_take(tmp_path / "take.mp4", 96, 64, 9, Fraction(16))
    spot = Spot()
    assert not conform(take, tmp_path / "clip.mp4", delivery(96, 64, 8), burner=spot)
    assert spot.seen == [(index, (64, 96), (32, 48)) for index in range(8)]
    for index, frame in enumerate(decode(tmp_path / "clip.mp4").luma):
        assert frame[4:12, index * 8 + 4 : index * 8 + 12].mean() > 225
        assert frame[40:].mean() < 150


def other_takes(folder: Path, grey: Callable[..., Path], levels: list[int]) -> dict[str, Path]:
    """Takes of the film's size and rate that were encoded in another setting."""
    plain, film = {"bf": "0"}, {"preset": "veryfast", "profile": "high", "bf": "0", "crf": "17"}
    settings = {"x264's own": {}, "no B-frames": plain, "baseline": {"profile": "baseline"}, "no colours": film}
    return {
        name: grey(folder / f"{number}.mp4", levels, NTSC, **options)
        for number, (name, options) in enumerate(settings.items())
    }


def test_a_take_in_another_setting_is_encoded_in_the_films(
    tmp_path: Path, grey: Callable[..., Path], decode: Callable[[Path], Any]
) -> None:
    levels = [40 + 7 * frame for frame in range(25)]
    clips = [tmp_path / "own.mp4"]
    assert conform(film_take(tmp_path / "own.take.mp4", 64, 64, 25, NTSC), clips[0], delivery(64, 64, 25, NTSC))
    for name, take in other_takes(tmp_path, grey, levels).items():
        for frames in (25, 20):
            clips.append(tmp_path / f"{name} {frames}.mp4")
            assert not conform(take, clips[-1], delivery(64, 64, frames, NTSC)), name
            clip = decode(clips[-1])
            assert clip.times == [frame / NTSC for frame in range(frames)]
            assert np.abs(clip.luma[:, 40:].mean(axis=(1, 2)) - levels[:frames]).max() < 2
            assert not clip.sound.any()
            assert len(clip.sound) == samples_for(frames, NTSC)
    pictures = [read_tracks(clip)[0] for clip in clips]
    assert {picture.codec for picture in pictures} == {"avc1"}
    assert len({picture.config for picture in pictures}) == 1


def test_a_group_longer_than_two_seconds_is_encoded_again(tmp_path: Path) -> None:
    """In the film's own setting but for its keyframes: a player would seek slowly."""
    take, clip = tmp_path / "take.mp4", tmp_path / "clip.mp4"
    with write_mp4(take, Fraction(16)) as container:
        stream = add_picture(container, 64, 64, Fraction(16))
        stream.codec_context.gop_size = 300
        for number in range(60):
            frame = av.VideoFrame.from_ndarray(np.full((96, 64), 128, np.uint8), format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 16)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert keyframes(take) == [0]
    assert not conform(take, clip, delivery(64, 64, 60))
    assert keyframes(clip) == [0, 32]
    assert conform(take, clip, delivery(64, 64, 32))
    assert keyframes(clip) == [0]


def keyframes(path: Path) -> list[int]:
    picture = read_tracks(path)[0]
    return [number for number in range(picture.packets) if picture.is_keyframe(number)]


def test_keyframes_stand_where_the_film_begins_to_copy(tmp_path: Path, decode: Callable[[Path], Any]) -> None:
    take, clip = film_take(tmp_path / "take.mp4", 64, 64, 20, Fraction(16)), tmp_path / "clip.mp4"
    wanted = replace(delivery(64, 64, 15), head=2, start=1, keyframes=(4, 9))
    assert not conform(take, clip, wanted)
    assert {0, 4, 9} <= set(keyframes(clip))
    assert np.abs(decode(clip).luma.astype(int) - decode(take).luma[3:18]).mean() < 1
    # A take that has them there is copied.
    again = tmp_path / "again.mp4"
    assert conform(clip, again, replace(delivery(64, 64, 11), start=4, keyframes=(0, 5)))
    assert picture_packets(again) == picture_packets(clip)[4:]


def test_a_trim_does_not_move_the_words_of_the_slate(tmp_path: Path) -> None:
    take = film_take(tmp_path / "take.mp4", 96, 64, 40, Fraction(16))
    for head, start in ((None, 5), (8, 5), (8, -3)):
        spot = Spot()
        wanted = replace(delivery(96, 64, 9), head=head, start=start, shot=20)
        conform(take, tmp_path / "clip.mp4", wanted, burner=spot)
        assert [index for index, *_ in spot.seen] == list(range(start, start + 9))


def test_a_clip_that_begins_before_its_take_is_refused(tmp_path: Path) -> None:
    take = film_take(tmp_path / "take.mp4", 96, 64, 9, Fraction(16))
    with pytest.raises(CutError, match="3 frames before its take"):
        conform(take, tmp_path / "clip.mp4", replace(delivery(96, 64, 5), head=2, start=-5))


def test_full_levels_become_video_levels(tmp_path: Path, decode: Callable[[Path], Any]) -> None:
    with av.open(str(tmp_path / "take.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=16, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        stream.codec_context.color_range = 2
        stream.codec_context.colorspace = 1
        for number in range(4):
            planes = np.full((96, 64), 128, np.uint8)
            planes[:64] = 255 if number % 2 else 0
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.color_range, frame.pts, frame.time_base = 2, number, Fraction(1, 16)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert not conform(tmp_path / "take.mp4", tmp_path / "clip.mp4", delivery(64, 64, 4))
    means = decode(tmp_path / "clip.mp4").luma.mean(axis=(1, 2))
    assert np.abs(means - [16, 235, 16, 235]).max() < 3


def test_a_take_that_does_not_do_is_named(tmp_path: Path) -> None:
    take = film_take(tmp_path / "take.mp4", 96, 64, 9, Fraction(16))
    whole = take.read_bytes()
    (tmp_path / "torn.mp4").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.mp4").write_text("no film")
    with write_film(tmp_path / "noise.mp4", 96, 64, Fraction(16)) as film:
        film.picture(video_frame(np.zeros((64, 96, 3), np.uint8)))
        film.sound(np.zeros((3000, 2), np.int16))
    out = tmp_path / "clip.mp4"
    for source, wanted, says in (
        (take, delivery(96, 64, 10), "has 9 frames, the clip needs 10"),
        (take, delivery(96, 64, 10, picture_height=48), "has 9 frames, the clip needs 10"),
        (take, delivery(98, 64, 9), "smaller than the clip's picture of 98×64"),
        (take, delivery(96, 66, 9), "smaller"),
        (tmp_path / "torn.mp4", delivery(96, 64, 9), "torn.mp4"),
        (tmp_path / "text.mp4", delivery(96, 64, 9), "text.mp4"),
        (tmp_path / "none.mp4", delivery(96, 64, 9), "none.mp4: can't be read: No such file"),
    ):
        with pytest.raises(CutError) as caught:
            conform(source, out, wanted)
        assert str(source) in str(caught.value)
        assert says in str(caught.value)
        assert not out.exists()
    for wanted, says in (
        (delivery(95, 64, 9), "even"),
        (delivery(96, 64, 0), "at least one"),
        (delivery(64, 64, 9, picture_width=96), "does not fit"),
    ):
        with pytest.raises(CutError, match=says):
            conform(take, out, wanted)


@pytest.mark.parametrize("picture", [96, 64])
def test_a_full_disk_is_an_error_and_leaves_no_clip(tmp_path: Path, picture: int) -> None:
    film_take(tmp_path / "take.mp4", 96, 64, 33, Fraction(16))
    program = """
import resource, sys
from fractions import Fraction
from pathlib import Path
from vtx_app.cut.conform import conform
from vtx_app.cut.delivery import Delivery
resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))
folder = Path(sys.argv[1])
try:
    conform(folder / "take.mp4", folder / "clip.mp4", Delivery(96, 64, int(sys.argv[2]), 64, Fraction(16), 33))
except OSError as error:
    print("refused", error.errno)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), str(picture)], capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("refused"), done.stderr
    assert done.stderr == ""
    assert not (tmp_path / "clip.mp4").exists()


def test_the_same_take_gives_the_same_bytes(tmp_path: Path) -> None:
    take = film_take(tmp_path / "take.mp4", 96, 64, 9, NTSC)
    for wanted in (delivery(96, 64, 8, NTSC), delivery(64, 64, 8, NTSC), delivery(98, 64, 8, NTSC, picture_width=96)):
        clips = [tmp_path / name for name in ("a.mp4", "b.mp4")]
        for clip in clips:
            conform(take, clip, wanted)
        assert clips[0].read_bytes() == clips[1].read_bytes()
