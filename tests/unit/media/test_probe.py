from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from vtx_app.errors import CutError
from vtx_app.media.mp4 import read_tracks, top_boxes
from vtx_app.media.reader import probe
from vtx_app.media.writer import write_film

RATE = Fraction(24000, 1001)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    with write_film(tmp_path / "film.mp4", 96, 64, RATE) as writer:
        for shade in range(30):
            writer.picture(np.full((64, 96, 3), shade * 8, np.uint8))
        writer.sound(np.random.default_rng(5).integers(-999, 999, (12_345, 2), np.int16))
    return tmp_path / "film.mp4"


def index_first(path: Path, out: Path) -> Path:
    with av.open(str(path)) as source, av.open(str(out), "w", options={"movflags": "+faststart"}) as container:
        streams = {stream.index: container.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.size:
                packet.stream = streams[packet.stream_index]
                container.mux(packet)
    return out


def test_what_was_written_is_what_is_found(film: Path) -> None:
    found = probe(film)
    assert (found.frames, found.width, found.height, found.rate) == (30, 96, 64, RATE)
    assert (found.samples, found.audio_codec, found.sample_rate, found.channels) == (12_345, "flac", 48_000, 2)
    assert found.video_codec == "h264"
    assert found.extradata[0] == 1


def test_the_index_says_the_same_as_the_packets(film: Path, tmp_path: Path) -> None:
    for path in (film, index_first(film, tmp_path / "first.mp4")):
        found = probe(path)
        picture, sound = read_tracks(path)
        assert (picture.packets, picture.width, picture.height, picture.rate) == (30, 96, 64, RATE)
        assert (picture.codec, picture.config, picture.first_tick) == ("avc1", found.extradata, 0)
        assert (sound.codec, sound.ticks, sound.timescale) == ("fLaC", found.samples, 48_000)
        assert sum(length for _, _, length in top_boxes(path)) == path.stat().st_size


def test_sound_of_a_codec_with_priming_is_counted_without_it(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "take.mp4"), "w") as container:
        picture = container.add_stream("libx264", rate=24)
        picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        sound = container.add_stream("aac", rate=44_100, layout="mono")
        for number in range(24):
            frame = av.VideoFrame(64, 64, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([100]) * plane.buffer_size)
            frame.pts, frame.time_base = number, Fraction(1, 24)
            container.mux(picture.encode(frame))
        block = av.AudioFrame.from_ndarray(np.zeros((1, 40_000), np.float32), format="fltp", layout="mono")
        block.sample_rate, block.pts, block.time_base = 44_100, 0, Fraction(1, 44_100)
        container.mux(sound.encode(block))
        container.mux(picture.encode(None))
        container.mux(sound.encode(None))
    found = probe(tmp_path / "take.mp4")
    assert (found.frames, found.rate) == (24, 24)
    assert (found.samples, found.audio_codec, found.sample_rate, found.channels) == (40_000, "aac", 44_100, 1)
    assert read_tracks(tmp_path / "take.mp4")[0].first_tick > 0


def test_a_film_without_sound(tmp_path: Path) -> None:
    with write_film(tmp_path / "mute.mp4", 16, 16, Fraction(16), sound=False) as writer:
        writer.picture(np.zeros((16, 16, 3), np.uint8))
    found = probe(tmp_path / "mute.mp4")
    assert (found.frames, found.samples, found.audio_codec, found.sample_rate, found.channels) == (1, 0, None, 0, 0)


def test_a_film_cut_short_anywhere_is_never_taken_for_whole(film: Path, tmp_path: Path) -> None:
    for source in (film, index_first(film, tmp_path / "first.mp4")):
        whole = source.read_bytes()
        for length in sorted({0, 1, 7, 40, len(whole) - 1, *range(100, len(whole), len(whole) // 25)}):
            torn = tmp_path / "torn.mp4"
            torn.write_bytes(whole[:length])
            for read in (probe, read_tracks):
                with pytest.raises(CutError, match=r"torn\.mp4"):
                    read(torn)


def test_a_file_that_is_not_a_film_is_named(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("not a film, only words" * 50)
    with av.open(str(tmp_path / "sound.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=48_000, layout="stereo")
        block = av.AudioFrame.from_ndarray(np.zeros((2, 4096), np.float32), format="fltp", layout="stereo")
        block.sample_rate = 48_000
        container.mux(stream.encode(block))
        container.mux(stream.encode(None))
    for name, says in (("text.mp4", "not a complete film"), ("none.mp4", "No such file"), ("sound.mp4", "no picture")):
        with pytest.raises(CutError, match=says) as caught:
            probe(tmp_path / name)
        assert str(tmp_path / name) in str(caught.value)


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
