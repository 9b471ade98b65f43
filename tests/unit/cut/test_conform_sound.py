"""Sound of any rate and layout becomes a clip's: stereo at 48 kHz, as long as its picture, each sound at its frame."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.conformed import NTSC, clicks, delivery, film_take, flac_take, heard_at
from vtx_app.cut.conform import conform
from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.media.sound import fit


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
