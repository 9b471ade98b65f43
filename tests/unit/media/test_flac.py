from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.movie import video_frame
from vtx_app.media.codec import BLOCK
from vtx_app.media.flac import joined_info, recut, stream_info
from vtx_app.media.mp4 import read_tracks
from vtx_app.media.writer import write_film


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    with write_film(tmp_path / "clip.mp4", 16, 16, Fraction(16)) as film:
        film.picture(video_frame(np.zeros((16, 16, 3), np.uint8)))
        film.sound(np.random.default_rng(2).integers(-9_999, 9_999, (2 * BLOCK, 2), np.int16))
    return tmp_path / "clip.mp4"


@pytest.mark.parametrize("samples", [0, 1, 17, BLOCK - 1, BLOCK, BLOCK + 1])
def test_a_block_is_made_longer_or_shorter_without_loss(clip: Path, samples: int) -> None:
    with av.open(str(clip)) as container:
        stream = container.streams.audio[0]
        packet = list(container.demux(stream))[1]
        whole = np.concatenate([frame.to_ndarray().reshape(-1, 2) for frame in stream.codec_context.decode(packet)])
        blocks = recut(packet, stream.codec_context, samples)
        assert [block.pts for block in blocks] == list(range(0, samples, BLOCK))
        assert sum(block.duration or 0 for block in blocks) == samples
        decoded = [frame for block in blocks for frame in stream.codec_context.decode(block)]
    made = np.concatenate([np.empty((0, 2), np.int16), *(frame.to_ndarray().reshape(-1, 2) for frame in decoded)])
    expected = np.concatenate([whole, whole[-1:]])[:samples]
    assert np.array_equal(made, expected)


@given(st.integers(0, (1 << 36) - 1))
def test_a_joined_track_describes_the_films_sound(samples: int) -> None:
    info = joined_info(samples)
    assert stream_info(bytes(8) + info) == info
    assert int.from_bytes(info[13:18], "big") & (1 << 36) - 1 == samples


def test_the_writers_own_sound_is_the_films(clip: Path) -> None:
    config = read_tracks(clip)[1].config
    assert stream_info(config) == config[8:]
    for byte, value in ((10, 0x0A), (12, 0x00), (13, 0x70), (2, 0x7F)):
        other = bytearray(config)
        other[8 + byte] = value
        with pytest.raises(ValueError, match="48 kHz"):
            stream_info(bytes(other))
    with pytest.raises(ValueError, match="48 kHz"):
        stream_info(config[:20])
