from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from vtx_app.media.sound import read_sound

NTSC = Fraction(24000, 1001)


def sound_file(path: Path, sound: NDArray[np.int16], rate: int, lead: int = 0, codec: str = "flac") -> Path:
    """A file of nothing but ``sound``, shape (n, channels) at ``rate`` hertz, which starts ``lead`` samples in."""
    layout = "mono" if sound.shape[1] == 1 else "stereo"
    with av.open(str(path), "w", options={"strict": "-2"}) as container:
        track = container.add_stream(codec, rate=rate, layout=layout)
        track.codec_context.format = "s16" if codec == "flac" else "fltp"
        for start in range(0, len(sound), 1024):
            block = sound[start : start + 1024]
            samples = block.reshape(1, -1) if codec == "flac" else (block.T / 32_768).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(samples), format=track.codec_context.format.name, layout=layout
            )
            frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), lead + start
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    return path


def click(at: float, seconds: float, rate: int, channels: int) -> NDArray[np.int16]:
    """A click of 4 ms whose middle is ``at`` seconds."""
    near = np.abs(np.arange(round(seconds * rate)) / rate - at) * 500
    wave = np.where(near < 1, 20_000 * np.cos(np.pi / 2 * near) ** 2, 0).astype(np.int16)
    return np.repeat(wave[:, None], channels, axis=1)


def heard_at(sound: NDArray[np.int16]) -> float:
    """The seconds at which the one click in ``sound`` is, shape (n, 2) at 48 kHz."""
    loud = np.where(np.abs(sound) > 2_000, np.abs(sound), 0).sum(axis=1).astype(float)
    return float((np.arange(len(loud)) * loud).sum() / loud.sum() / 48_000)


@pytest.mark.parametrize(
    ("rate", "late"), [(48_000, 0.000_16), (44_100, 0.000_18), (24_000, 0.000_32), (8_000, 0.000_95)]
)
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("speed", [NTSC / 24, 24 / NTSC, Fraction(25, 24), Fraction(3, 4)])
def test_after_15_seconds_the_sound_is_as_near_as_is_promised(
    tmp_path: Path, rate: int, late: float, channels: int, speed: Fraction
) -> None:
    path = sound_file(tmp_path / "sound.mp4", click(14.9, 15, rate, channels), rate)
    sound = read_sound(path, speed=speed)
    assert sound is not None
    assert abs(heard_at(sound) - 14.9 / speed) < late / min(1, speed) + 0.000_02
    assert abs(len(sound) / 48_000 - 15 / speed) < late / min(1, speed) + 0.000_15
    assert np.array_equal(sound[:, 0], sound[:, 1])
    assert sound.max() > 18_000


@pytest.mark.parametrize("speed", [Fraction(1), NTSC / 24, Fraction(25, 24)])
@pytest.mark.parametrize("codec", ["flac", "aac"])
def test_a_late_start_is_as_much_later_as_the_sound_is_slower(tmp_path: Path, codec: str, speed: Fraction) -> None:
    path = sound_file(tmp_path / "sound.mp4", click(1, 3, 44_100, 1), 44_100, lead=4 * 44_100, codec=codec)
    sound = read_sound(path, speed=speed)
    assert sound is not None
    assert abs(heard_at(sound) - 5 / speed) < 0.0002


def test_at_its_own_speed_sound_is_read_as_it_is(tmp_path: Path) -> None:
    noise = np.random.default_rng(4).integers(-32_768, 32_767, (30_000, 2), np.int16)
    for channels in (1, 2):
        path = sound_file(tmp_path / "sound.mp4", noise[:, :channels], 48_000)
        for sound in (read_sound(path), read_sound(path, speed=Fraction(1))):
            assert sound is not None
            assert np.array_equal(sound, np.broadcast_to(noise[:, :channels], (30_000, 2)))
