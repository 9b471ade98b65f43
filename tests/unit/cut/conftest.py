"""Small real films for the tests of the cut: made with the film's own writer, read back by decoding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kit.movie import video_frame
from vtx_app.cut.join import Piece
from vtx_app.media.codec import SAMPLE_RATE
from vtx_app.media.writer import write_picture


@dataclass
class Decoded:
    """A whole film, decoded: luma (frames, height, width), its times in seconds, sound (n, 2), its first times."""

    luma: NDArray[np.uint8]
    times: list[Fraction]
    sound: NDArray[np.int16]
    block_starts: list[int]
    block_lengths: list[int]


def _decode(path: Path) -> Decoded:
    luma, times, sound, starts, lengths = [], [], [], [], []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            assert not frame.is_corrupt
            luma.append(frame.to_ndarray()[: frame.height].copy())
            times.append(frame.pts * frame.time_base)
    with av.open(str(path)) as container:
        if container.streams.audio:
            for block in container.decode(audio=0):
                starts.append(round(block.pts * block.time_base * SAMPLE_RATE))
                lengths.append(block.samples)
                samples = block.to_ndarray()
                floats = block.format.name == "fltp"
                sound.append(np.rint(samples.T * 32_767).astype(np.int16) if floats else samples.reshape(-1, 2))
    heard = np.concatenate(sound) if sound else np.empty((0, 2), np.int16)
    return Decoded(np.array(luma), times, heard, starts, lengths)


def _grey(path: Path, levels: list[int], rate: Fraction, width: int = 64, height: int = 64, **options: str) -> Path:
    """An H.264 file by x264's own settings (``options``), frame n filled with luma ``levels[n]``; no sound."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        rng = np.random.default_rng(7)
        for number, level in enumerate(levels):
            planes = np.full((height * 3 // 2, width), 128, np.uint8)
            planes[:height] = level
            planes[height // 4 : height // 2] += rng.integers(0, 3, (height // 2 - height // 4, width), np.uint8)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture
def decode() -> Callable[[Path], Decoded]:
    return _decode


@pytest.fixture
def grey() -> Callable[..., Path]:
    return _grey


@pytest.fixture
def flash(tmp_path: Path) -> Callable[..., Piece]:
    """A clip that is white in its first frame, and in its frame ``key``, a keyframe; black elsewhere."""

    def make(frames: int, rate: Fraction, size: tuple[int, int] = (64, 64), key: int = 0, name: str = "") -> Piece:
        path = tmp_path / (name or f"{frames}_{key}.mp4")
        with write_picture(path, *size, rate) as film:
            for frame in range(frames):
                shade = 255 if frame in (0, key) else 0
                film.picture(video_frame(np.full((size[1], size[0], 3), shade, np.uint8)), key=frame == key)
        return Piece(path, frames)

    return make
