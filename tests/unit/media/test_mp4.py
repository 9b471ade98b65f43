"""The index of MP4 files, and the stamp at their end."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.errors import CutError
from vtx_app.media.mp4 import read_stamp, read_tracks, top_boxes, write_stamp

DIGEST = "0123456789abcdef" * 4
NTSC = Fraction(24000, 1001)
IndexFirst = Callable[[Path, Path], Path]


@pytest.fixture(scope="module")
def short_film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real MP4 file of eight frames."""
    path = tmp_path_factory.mktemp("film") / "a.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=8, options={"threads": "1"})
        stream.width, stream.height, stream.pix_fmt, stream.time_base = 64, 64, "yuv420p", Fraction(1, 8)
        for index in range(8):
            picture = np.full((64, 64, 3), 30 * index, np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        out.mux(stream.encode())
    return path.read_bytes()


@given(st.binary(min_size=32, max_size=32))
def test_a_stamp_reads_back(tmp_path_factory: pytest.TempPathFactory, digest: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "stamped.mp4"
    path.write_bytes(b"a film")
    write_stamp(path, digest.hex())
    assert read_stamp(path) == read_stamp(str(path)) == digest.hex()


def test_a_stamped_film_plays_as_before(tmp_path: Path, short_film: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(short_film)
    write_stamp(path, DIGEST)
    assert path.read_bytes()[: len(short_film)] == short_film
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24").mean() for frame in container.decode(video=0)]
    assert len(frames) == 8
    assert frames == sorted(frames)


def test_the_last_stamp_holds(tmp_path: Path, short_film: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(short_film)
    write_stamp(path, "f" * 64)
    write_stamp(path, DIGEST)
    assert read_stamp(path) == DIGEST


def test_a_file_without_a_stamp_has_none(tmp_path: Path, short_film: bytes) -> None:
    path = tmp_path / "a.mp4"
    for data in (b"", b"short", short_film):
        path.write_bytes(data)
        assert read_stamp(path) is None
    assert read_stamp(tmp_path / "none.mp4") is None
    assert read_stamp(tmp_path) is None
    assert read_stamp(path / "below.mp4") is None


@pytest.mark.parametrize("lost", [1, 31, 32, 55, 56, 57])
def test_a_film_that_was_cut_short_has_lost_its_stamp(tmp_path: Path, short_film: bytes, lost: int) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(short_film)
    write_stamp(path, DIGEST)
    path.write_bytes(path.read_bytes()[:-lost])
    assert read_stamp(path) is None


def test_what_stands_after_a_stamp_undoes_it(tmp_path: Path, short_film: bytes) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(short_film)
    write_stamp(path, DIGEST)
    path.write_bytes(path.read_bytes() + b"x")
    assert read_stamp(path) is None


def test_the_index_says_the_same_as_the_packets(film: Path, index_first: IndexFirst, tmp_path: Path) -> None:
    for path in (film, index_first(film, tmp_path / "first.mp4")):
        with av.open(str(path)) as container:
            extradata = container.streams.video[0].codec_context.extradata
        picture, sound = read_tracks(path)
        assert (picture.packets, picture.width, picture.height, picture.rate) == (30, 96, 64, NTSC)
        assert (picture.codec, picture.config, picture.first_tick) == ("avc1", extradata, 0)
        assert (sound.codec, sound.ticks, sound.timescale) == ("fLaC", 12_345, 48_000)
        assert sum(length for _, _, length in top_boxes(path)) == path.stat().st_size


def test_damage_in_the_index_is_a_message(film: Path) -> None:
    """Every byte of the index turned over, one at a time: read, or refused by name; never another error."""
    whole = bytearray(film.read_bytes())
    start, length = next((at, size) for kind, at, size in top_boxes(film) if kind == "moov")
    for place in range(start, start + length, 3):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        film.write_bytes(damaged)
        try:
            tracks = read_tracks(film)
        except CutError as error:
            assert str(film) in str(error)
        else:
            assert len(tracks) <= 2
