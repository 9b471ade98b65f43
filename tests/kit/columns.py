"""A film whose picture is ten columns of known grey, and its sound: for versions of it that are decoded again."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from vtx_app.media.codec import add_picture, samples_for, write_mp4

RATE = Fraction(24000, 1001)
FRAMES, WIDTH, HEIGHT = 30, 160, 90
SAMPLES = samples_for(FRAMES, RATE)
COLUMNS = 10


def write_columns(path: Path) -> Path:
    """Write the film's picture: noise makes every frame another."""
    greys = np.repeat(np.arange(COLUMNS) * 24 + 16, WIDTH // COLUMNS)
    with write_mp4(path, RATE) as container:
        stream = add_picture(container, WIDTH, HEIGHT, RATE)
        for index in range(FRAMES):
            noise = np.random.default_rng(index).integers(-3, 4, (HEIGHT, WIDTH))
            rgb = np.repeat((greys + noise)[:, :, None], 3, axis=2).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = index, 1 / RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def noise(samples: int = SAMPLES, block: int = 1000) -> Iterator[NDArray[np.float32]]:
    """Sound whose samples are whole numbers of 24 bits, in blocks that are no frame's length."""
    whole = np.random.default_rng(1).integers(-(2**22), 2**22, (samples, 2))
    for start in range(0, samples, block):
        yield (whole[start : start + block] / 2**23).astype(np.float32)


def shown_columns(frame: NDArray[np.uint8]) -> list[int]:
    """The numbers of the columns that a grey picture shows, from left to right, without slivers at its edges."""
    numbers = np.rint((frame.mean(axis=0) - 16) / 24).astype(int)
    runs = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1, append=numbers[-1] - 1))
    return [int(numbers[a]) for a, b in pairwise(runs) if b - a >= frame.shape[1] // 12]
