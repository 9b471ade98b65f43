from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from kit.movie import video_frame
from vtx_app.media.writer import write_film


def _index_first(path: Path, out: Path) -> Path:
    with av.open(str(path)) as source, av.open(str(out), "w", options={"movflags": "+faststart"}) as container:
        streams = {stream.index: container.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.size:
                packet.stream = streams[packet.stream_index]
                container.mux(packet)
    return out


@pytest.fixture
def index_first() -> Callable[[Path, Path], Path]:
    """Copies a film to another file with its index before its packets."""
    return _index_first


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """30 frames of 96×64 pixels at 24000/1001, and 12,345 samples of noise."""
    with write_film(tmp_path / "film.mp4", 96, 64, Fraction(24000, 1001)) as writer:
        for shade in range(30):
            writer.picture(video_frame(np.full((64, 96, 3), shade * 8, np.uint8)))
        writer.sound(np.random.default_rng(5).integers(-999, 999, (12_345, 2), np.int16))
    return tmp_path / "film.mp4"
