"""A take that begins before its clip, by handles or a trim: the head is cut off, picture and sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kit.conformed import NTSC, Spot, clicks, delivery, film_take, flac_take, heard_at, tone
from vtx_app.cut.conform import conform
from vtx_app.errors import CutError
from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.media.sound import fit
from vtx_app.media.writer import write_film


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
