from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kit.movie import video_frame
from vtx_app.cut.conform import conform
from vtx_app.cut.delivery import Delivery
from vtx_app.cut.slate_layout import Layout
from vtx_app.errors import CutError
from vtx_app.media.codec import SAMPLE_RATE, add_picture, samples_for, write_mp4
from vtx_app.media.mp4 import read_tracks
from vtx_app.media.reader import probe
from vtx_app.media.sound import fit
from vtx_app.media.writer import write_film

NTSC = Fraction(24000, 1001)


def delivery(width: int, height: int, frames: int, rate: Fraction = Fraction(16), **picture: int) -> Delivery:
    return Delivery(
        width, height, picture.get("picture_width", width), picture.get("picture_height", height), rate, frames
    )


def film_take(path: Path, width: int, height: int, frames: int, rate: Fraction) -> Path:
    """A take in the film's own setting: a horizontal ramp over luma, brighter by frame; a tone."""
    with write_film(path, width, height, rate) as film:
        for frame in range(frames):
            planes = np.full((height * 3 // 2, width), 128, np.uint8)
            planes[:height] = 40 + np.arange(width) // 2 % 100 + 4 * frame
            film.picture(av.VideoFrame.from_ndarray(planes, format="yuv420p"))
        film.sound(tone(samples_for(frames, rate)))
    return path


def tone(samples: int) -> NDArray[np.int16]:
    wave = (9_000 * np.sin(np.arange(samples) * 0.05)).astype(np.int16)
    return np.stack([wave, -wave], axis=1)


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


class Spot:
    """Burns a white square that moves with the frame's number, and remembers what it was given."""

    def __init__(self, left: int = 0, top: int = 0, width: int = 96, height: int = 64) -> None:
        self.seen: list[tuple[int, tuple[int, ...], tuple[int, ...]]] = []
        self.place = Layout(8, 8, top, 0, 1, left, top, width, height)
        self.pictures: set[tuple[int, int, int, int]] = set()

    def shrink(self, picture: av.VideoFrame, width: int, height: int) -> av.VideoFrame:
        return picture.reformat(width, height)

    def burn(
        self, y: NDArray[np.uint8], u: NDArray[np.uint8], v: NDArray[np.uint8], index: int,
        picture: tuple[int, int, int, int],
    ) -> None:  # fmt: skip
        self.pictures.add(picture)
        assert u.shape == v.shape
        self.seen.append((index, y.shape, u.shape))
        y[:16, index * 8 : index * 8 + 16] = 235


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


def aac_take(path: Path, picture: Path, samples: int, rate: int, layout: str) -> Path:
    """The picture of ``picture`` with a 440 Hz tone of ``samples`` samples in AAC."""
    with av.open(str(picture)) as source, av.open(str(path), "w") as container:
        stream = container.add_stream_from_template(source.streams.video[0])
        sound = container.add_stream("aac", rate=rate, layout=layout)
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                container.mux(packet)
        wave = (12_000 * np.sin(2 * np.pi * 440 * np.arange(samples) / rate)).astype(np.float32) / 32_768
        for start in range(0, samples, 1024):
            block = np.tile(wave[start : start + 1024], (1 if layout == "mono" else 2, 1))
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
            container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
    return path


@pytest.mark.parametrize(("rate", "layout"), [(44_100, "mono"), (24_000, "stereo"), (48_000, "stereo")])
@pytest.mark.parametrize("seconds", [Fraction(1, 2), Fraction(3, 2)])
def test_any_sound_becomes_stereo_at_48_khz_of_the_clips_length(
    tmp_path: Path, decode: Callable[[Path], Any], rate: int, layout: str, seconds: Fraction
) -> None:
    picture = film_take(tmp_path / "picture.mp4", 64, 64, 16, Fraction(16))
    take = aac_take(tmp_path / "take.mp4", picture, round(rate * seconds), rate, layout)
    assert conform(take, tmp_path / "clip.mp4", delivery(64, 64, 16))
    sound = decode(tmp_path / "clip.mp4").sound
    assert sound.shape == (SAMPLE_RATE, 2)

    # Its own tone, in its own place and loudness, in both ears; then silence where the take had no more.
    heard = min(SAMPLE_RATE, round(SAMPLE_RATE * seconds))
    expected = 12_000 * np.sin(2 * np.pi * 440 * np.arange(heard) / SAMPLE_RATE)
    middle = slice(4_000, heard - 2_000)
    for ear in (0, 1):
        assert np.abs(sound[middle, ear] - expected[middle]).max() < 900
    assert np.abs(sound[heard + 2_000 :]).max(initial=0) < 60


def clicks(events: list[int], take_rate: Fraction, seconds: Fraction, rate: int, channels: int) -> NDArray[np.int16]:
    """Sound of shape (n, ``channels``) at ``rate`` hertz: a click of 2 ms centred on the start of each frame."""
    time = np.arange(round(seconds * rate)) / rate
    wave = np.zeros(len(time))
    for event in events:
        near = np.abs(time - float(event / take_rate)) * 1000
        wave += np.where(near < 1, 20_000 * np.cos(np.pi / 2 * near) ** 2, 0)
    return np.repeat(wave.astype(np.int16)[:, None], channels, axis=1)


def flac_take(path: Path, picture: Path, sound: NDArray[np.int16], rate: int, lead: int = 0) -> Path:
    """The picture of ``picture`` with ``sound`` of shape (n, channels), which starts ``lead`` samples in."""
    layout = "mono" if sound.shape[1] == 1 else "stereo"
    with av.open(str(picture)) as source, av.open(str(path), "w", options={"strict": "-2"}) as container:
        stream = container.add_stream_from_template(source.streams.video[0])
        track = container.add_stream("flac", rate=rate, layout=layout)
        track.codec_context.format = "s16"
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                container.mux(packet)
        for start in range(0, len(sound), 4096):
            block = np.ascontiguousarray(sound[start : start + 4096]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout=layout)
            frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), lead + start
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return path


def heard_at(sound: NDArray[np.int16]) -> list[float]:
    """The seconds at which the clicks in ``sound`` (shape (n, 2), 48 kHz) are: the middle of each one's energy."""
    loud = np.abs(sound.astype(float)).sum(axis=1)
    places = np.flatnonzero(loud > 4_000)
    groups = np.split(places, np.flatnonzero(np.diff(places) > 480) + 1)
    return [float((group * loud[group]).sum() / loud[group].sum() / SAMPLE_RATE) for group in groups if len(group)]


@pytest.mark.parametrize(("hertz", "channels"), [(48_000, 2), (48_000, 1), (44_100, 2), (44_100, 1), (24_000, 2)])
@pytest.mark.parametrize(
    ("take_rate", "rate", "frames"),
    [
        (Fraction(24), NTSC, 361),
        (Fraction(30), Fraction(30000, 1001), 451),
        (Fraction(12), Fraction(25, 2), 189),
        (Fraction(24), Fraction(25), 97),
        (Fraction(16), Fraction(12), 97),
    ],
)
def test_what_is_heard_at_a_frame_of_the_take_is_heard_at_that_frame_of_the_clip(
    tmp_path: Path,
    decode: Callable[[Path], Any],
    take_rate: Fraction,
    rate: Fraction,
    frames: int,
    hertz: int,
    channels: int,
) -> None:
    picture = film_take(tmp_path / "picture.mp4", 16, 16, frames, take_rate)
    events = [1, 2, frames // 3, frames // 2, frames - 2, frames - 1]
    sound = clicks(events, take_rate, frames / take_rate, hertz, channels)
    take = flac_take(tmp_path / "take.mp4", picture, sound, hertz)
    conform(take, tmp_path / "clip.mp4", delivery(16, 16, frames, rate))
    clip = decode(tmp_path / "clip.mp4")
    assert len(clip.sound) == samples_for(frames, rate)
    assert clip.sound[:, 0].max() > 15_000
    assert np.abs(np.array(heard_at(clip.sound)) - [float(clip.times[event]) for event in events]).max() < 0.0002


@pytest.mark.parametrize("missing", [Fraction(0), Fraction(2), Fraction(-2)])
def test_sound_that_starts_late_and_ends_early_or_late_stays_with_its_frames(
    tmp_path: Path, decode: Callable[[Path], Any], missing: Fraction
) -> None:
    picture = film_take(tmp_path / "picture.mp4", 16, 16, 361, Fraction(24))
    whole = clicks([60, 300], Fraction(24), 361 / Fraction(24) - missing, 48_000, 2)
    take = flac_take(tmp_path / "take.mp4", picture, whole[96_000:], 48_000, lead=96_000)
    conform(take, tmp_path / "clip.mp4", delivery(16, 16, 361, NTSC))
    clip = decode(tmp_path / "clip.mp4")
    assert len(clip.sound) == samples_for(361, NTSC)
    assert np.abs(np.array(heard_at(clip.sound)) - [float(60 / NTSC), float(300 / NTSC)]).max() < 0.0002
    assert np.abs(clip.sound[:96_000]).max() < 60


@pytest.mark.parametrize("take_rate", [NTSC, Fraction(23_976, 1000), NTSC * Fraction(100_005, 100_000)])
def test_sound_at_the_films_rate_is_in_its_place(
    tmp_path: Path, decode: Callable[[Path], Any], take_rate: Fraction
) -> None:
    take = film_take(tmp_path / "take.mp4", 16, 16, 97, take_rate)
    noise = np.random.default_rng(3).integers(-30_000, 30_000, (samples_for(97, NTSC), 2), np.int16)
    for source in (take, flac_take(tmp_path / "noise.mp4", take, noise, 48_000)):
        conform(source, tmp_path / "clip.mp4", delivery(16, 16, 97, NTSC))
        sound, wanted = decode(tmp_path / "clip.mp4").sound, fit(decode(source).sound, samples_for(97, NTSC))
        assert sound.shape == wanted.shape
        likeness = [np.vdot(np.roll(sound[:, 0], shift).astype(float), wanted[:, 0]) for shift in range(-9, 10)]
        assert int(np.argmax(likeness)) == 9


# -- a take that begins before the clip ---------------------------------------------------------------


def coded_take(path: Path, frames: int, rate: Fraction, **options: str) -> Path:
    """A take by x264's own settings whose frame n has luma 40 + 4n; a click at every fourth frame."""
    picture = path.with_suffix(".picture.mp4")
    with av.open(str(picture), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "8", **options})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for frame in numbered_frames(frames, rate):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return flac_take(path, picture, clicks([*range(0, frames, 4)], rate, frames / rate, SAMPLE_RATE, 2), SAMPLE_RATE)


def numbered_frames(frames: int, rate: Fraction) -> Iterator[av.VideoFrame]:
    for number in range(frames):
        planes = np.full((96, 64), 128, np.uint8)
        planes[:64] = 40 + 4 * number
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts, frame.time_base = number, 1 / rate
        yield frame


def film_take_with_keyframes(path: Path, frames: int, rate: Fraction, every: int) -> Path:
    """As :func:`coded_take`, in the film's setting."""
    with write_film(path, 64, 64, rate) as film:
        for number, frame in enumerate(numbered_frames(frames, rate)):
            film.picture(frame, key=number % every == 0)
        film.sound(fit(clicks([*range(0, frames, 4)], rate, frames / rate, SAMPLE_RATE, 2), samples_for(frames, rate)))
    return path


def seen(luma: NDArray[np.uint8]) -> list[int]:
    """The number of each frame in its take."""
    return [round((frame.mean() - 40) / 4) for frame in luma]


B_FRAMES, GROUPS = {}, {"bf": "0", "g": "4", "keyint_min": "4", "sc_threshold": "0"}


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(30000, 1001), NTSC])
@pytest.mark.parametrize(
    ("options", "first", "copied"),
    [(B_FRAMES, 12, False), (GROUPS, 12, False), (None, 12, True), (None, 13, False)],
)
def test_a_head_is_cut_off_picture_and_sound(
    tmp_path: Path,
    decode: Callable[[Path], Any],
    options: dict[str, str] | None,
    first: int,
    copied: bool,
    rate: Fraction,
) -> None:
    """Its packets are copied where it is in the film's setting and a group begins with the clip."""
    take, clip = tmp_path / "take.mp4", tmp_path / "clip.mp4"
    if options is None:
        film_take_with_keyframes(take, 41, rate, 4)
    else:
        coded_take(take, 41, rate, **options)
    assert conform(take, clip, replace(delivery(64, 64, 20, rate), head=first)) is copied
    found = decode(clip)
    assert seen(found.luma) == list(range(first, first + 20))
    assert found.times == [frame / rate for frame in range(20)]
    assert len(found.sound) == samples_for(20, rate)
    # The first and the last click may be cut in two.
    expected = [float((number - first) / rate) for number in range(0, 41, 4) if first < number < first + 19]
    found_at = [at for at in heard_at(found.sound) if at > 0.01]
    assert np.abs(np.array(found_at[: len(expected)]) - expected).max() < 0.0003


def test_a_head_and_a_crop_and_a_slate_are_one_encoding(tmp_path: Path, decode: Callable[[Path], Any]) -> None:
    take = coded_take(tmp_path / "take.mp4", 41, Fraction(24))
    spot = Spot()
    wanted = replace(delivery(96, 64, 9, Fraction(24), picture_width=64, picture_height=48), head=30)
    assert not conform(take, tmp_path / "clip.mp4", wanted, burner=spot)
    assert [index for index, *_ in spot.seen] == list(range(9))
    assert seen(decode(tmp_path / "clip.mp4").luma[:, 24:40, 40:56]) == list(range(30, 39))


def test_a_head_at_another_rate_ends_with_the_frame_before_the_clip(
    tmp_path: Path, decode: Callable[[Path], Any]
) -> None:
    picture = film_take(tmp_path / "picture.mp4", 16, 16, 97, Fraction(24))
    sound = clicks([5, 12, 40, 71, 80], Fraction(24), Fraction(97, 24), 48_000, 2)
    take = flac_take(tmp_path / "take.mp4", picture, sound, 48_000)
    conform(take, tmp_path / "clip.mp4", replace(delivery(16, 16, 60, NTSC), head=12))
    clip = decode(tmp_path / "clip.mp4")
    assert len(clip.sound) == samples_for(60, NTSC)
    assert (
        np.abs(np.array(heard_at(clip.sound))[1:] - [float((event - 12) / NTSC) for event in (40, 71)]).max() < 0.0002
    )


def test_sound_that_ends_in_the_head_leaves_silence(tmp_path: Path, decode: Callable[[Path], Any]) -> None:
    picture = film_take(tmp_path / "picture.mp4", 16, 16, 41, Fraction(24))
    take = flac_take(tmp_path / "take.mp4", picture, tone(10_000), 48_000)
    conform(take, tmp_path / "clip.mp4", replace(delivery(16, 16, 20, Fraction(24)), head=12))
    sound = decode(tmp_path / "clip.mp4").sound
    assert len(sound) == 40_000
    assert np.abs(sound).max() < 60


@pytest.mark.parametrize("options", [B_FRAMES, GROUPS])
@pytest.mark.parametrize("head", [12, 60])
def test_a_take_that_ends_before_the_clip_does_is_named(tmp_path: Path, options: dict[str, str], head: int) -> None:
    take = coded_take(tmp_path / "take.mp4", 41, Fraction(24), **options)
    with pytest.raises(CutError, match=f"the take has 41 frames, the clip needs {head + 30}"):
        conform(take, tmp_path / "clip.mp4", replace(delivery(64, 64, 30, Fraction(24)), head=head))
    assert not (tmp_path / "clip.mp4").exists()


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


@given(st.integers(0, 60), st.integers(0, 60))
def test_sound_is_cut_or_filled_to_length_and_otherwise_left_alone(have: int, want: int) -> None:
    sound = np.arange(1, 2 * have + 1, dtype=np.int16).reshape(-1, 2)
    fitted = fit(sound, want)
    kept = min(have, want)
    assert fitted.shape == (want, 2)
    assert np.array_equal(fitted[:kept], sound[:kept])
    assert not fitted[kept:].any()
    assert not fit(None, want).any()
    assert len(fit(None, want)) == want
