from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from vtx_app.errors import CutError
from vtx_app.media.codec import samples_for
from vtx_app.media.frames import read_frames

RATE = Fraction(24000, 1001)
FRAMES = 90

CODECS: dict[str, tuple[str, str, dict[str, str]]] = {
    "groups of 10": ("libx264", "mp4", {"g": "10", "bf": "0"}),
    "B-frames, closed": ("libx264", "mp4", {"g": "12", "bf": "3", "x264-params": "open-gop=0:b-adapt=0"}),
    "B-frames, open": ("libx264", "mp4", {"g": "12", "bf": "3", "x264-params": "open-gop=1:b-adapt=0"}),
    "no keyframe but the first": ("libx264", "mp4", {"g": "900"}),
    "intra refresh": ("libx264", "mp4", {"g": "12", "bf": "0", "x264-params": "intra-refresh=1"}),
    "Matroska": ("libx264", "mkv", {"g": "10"}),
    "MPEG-4": ("mpeg4", "mp4", {"g": "10"}),
}


def film_of(path: Path, codec: str, options: dict[str, str]) -> Path:
    """Frames of one grey each, on which noise moves, so that a wrong reference would be seen."""
    rng = np.random.default_rng(3)
    noise = rng.integers(0, 30, (64, 64 + FRAMES), np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for number in range(FRAMES):
            planes = np.full((96, 64), 128, np.uint8)
            planes[:64] = 20 + 2 * number + noise[:, number : number + 64]
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, 1 / RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("name", CODECS)
def test_any_stretch_is_what_decoding_from_the_start_gives(tmp_path: Path, name: str) -> None:
    codec, suffix, options = CODECS[name]
    path = film_of(tmp_path / f"film.{suffix}", codec, options)
    with av.open(str(path)) as container:
        whole = [frame.to_ndarray() for frame in container.decode(video=0)]
    assert len(whole) == FRAMES
    for first, count in [
        (0, 5),
        (1, 1),
        (9, 2),
        (10, 1),
        (11, 30),
        (35, 3),
        (36, 1),
        (47, 2),
        (88, 2),
        (89, 9),
        (95, 3),
    ]:
        found = [frame.to_ndarray() for frame in read_frames(path, first, count)]
        assert len(found) == len(whole[first : first + count])
        assert all(np.array_equal(a, b) for a, b in zip(found, whole[first : first + count], strict=True)), first


def test_only_the_last_group_is_decoded(tmp_path: Path) -> None:
    """What lies before its keyframe may even be damaged."""
    path = film_of(tmp_path / "film.mp4", *CODECS["groups of 10"][::2])
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        start, size = packets[20].pos, packets[20].size
    data = bytearray(path.read_bytes())
    data[start + 8 : start + size] = bytes(size - 8)
    path.write_bytes(data)
    assert [round(frame.to_ndarray()[:64].mean() - 34.5) // 2 for frame in read_frames(path, 85, 5)] == [*range(85, 90)]


def test_a_file_without_picture_is_named(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "sound.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=48_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(
            np.zeros((2, samples_for(2, RATE)), np.float32), format="fltp", layout="stereo"
        )
        frame.sample_rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(CutError, match=r"sound\.mp4: there is no picture"):
        next(read_frames(tmp_path / "sound.mp4", 0, 1))
    with pytest.raises(CutError, match=r"none\.mp4"):
        next(read_frames(tmp_path / "none.mp4", 3, 1))
