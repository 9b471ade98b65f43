"""A take as a QuickTime file for editing programs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from kit.numbered_takes import seen_numbers, write_numbered
from kit.readers import ffprobe
from kit.shot import write_movie
from vtx_app.errors import CutError
from vtx_app.formats.time_code import film_time_code
from vtx_app.media.codec import samples_for
from vtx_app.media.editing_file import write_editing_file
from vtx_app.media.sound import read_sound
from vtx_app.media.sound_blocks import sound_blocks

RATES = [Fraction(24_000, 1001), Fraction(25), Fraction(30_000, 1001), Fraction(50), Fraction(60_000, 1001)]


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as film:
        return [bytes(packet) for packet in film.demux(film.streams.video[0]) if packet.size]


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_the_picture_is_copied_and_the_sound_is_kept(rate: Fraction, tmp_path: Path) -> None:
    take, out = tmp_path / "take.mp4", tmp_path / "take.mov"
    write_numbered(take, (64, 48), 20, round(rate))
    code = film_time_code(0, rate)
    write_editing_file(take, out, rate=rate, frames=20, time_code=code, reel="101001A1")
    assert packets(out) == packets(take)
    assert seen_numbers(out) == list(range(20))
    facts = ffprobe(out)
    by_kind = {stream["codec_type"]: stream for stream in facts["streams"]}
    assert by_kind["audio"]["codec_name"] == "pcm_s24le"
    assert by_kind["audio"]["sample_rate"] == "48000"
    assert Fraction(by_kind["video"]["avg_frame_rate"]) == rate
    assert by_kind["data"]["codec_tag_string"] == "tmcd"
    assert by_kind["data"]["tags"]["timecode"] == code
    assert code == ("01:00:00;00" if rate in (RATES[2], RATES[4]) else "01:00:00:00")
    assert by_kind["data"]["tags"]["reel_name"] == "101001A1"
    assert sum(map(len, sound_blocks(out))) == samples_for(20, rate)


def test_samples_of_a_take_stay_as_they_are(tmp_path: Path) -> None:
    take, out = tmp_path / "take.mp4", tmp_path / "take.mov"
    write_numbered(take, (64, 48), 12, 24)
    write_editing_file(take, out, rate=Fraction(24), frames=12, time_code="", reel="101001A1")
    before, after = read_sound(take), read_sound(out)
    assert before is not None
    assert np.array_equal(before, after)
    assert all(stream["codec_type"] != "data" for stream in ffprobe(out)["streams"])


def test_pictures_stored_in_another_order_stay_in_theirs(tmp_path: Path) -> None:
    take, out = tmp_path / "take.mp4", tmp_path / "take.mov"
    with av.open(str(take), "w") as film:
        stream = film.add_stream("libx264", rate=24, options={"bf": "3", "b-adapt": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for number in range(24):
            film.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((96, 64), 10 * number, np.uint8), "yuv420p")))
        film.mux(stream.encode(None))
    write_editing_file(take, out, rate=Fraction(24), frames=24, time_code="01:00:00:00", reel="X")
    with av.open(str(take)) as one, av.open(str(out)) as two:
        first, second = ([frame.to_ndarray()[0, 0] for frame in film.decode(video=0)] for film in (one, two))
    assert first == second
    assert len(second) == 24


def test_the_same_take_gives_the_same_bytes(tmp_path: Path) -> None:
    take = tmp_path / "take.mp4"
    write_numbered(take, (64, 48), 8, 24)
    for name in ("one.mov", "two.mov"):
        write_editing_file(take, tmp_path / name, rate=Fraction(24), frames=8, time_code="01:00:00:00", reel="R")
    assert (tmp_path / "one.mov").read_bytes() == (tmp_path / "two.mov").read_bytes()


def test_a_short_take_is_told(tmp_path: Path) -> None:
    take, out = tmp_path / "take.mp4", tmp_path / "take.mov"
    write_movie(take, 6)
    with pytest.raises(CutError, match="has 6 frames, not 9"):
        write_editing_file(take, out, rate=Fraction(8), frames=9, time_code="", reel="R")
    assert not out.exists()
