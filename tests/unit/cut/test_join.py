from __future__ import annotations

import itertools
import resource
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.movie import video_frame
from vtx_app.cut.conform import conform
from vtx_app.cut.delivery import Delivery
from vtx_app.cut.join import Chapter, join
from vtx_app.errors import CutError
from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.media.mp4 import read_tracks, top_boxes, write_stamp
from vtx_app.media.reader import probe
from vtx_app.media.writer import write_film

RATES = [Fraction(16), Fraction(24000, 1001), Fraction(30000, 1001)]


def cycle(paths: list[Path], count: int) -> list[Path]:
    return list(itertools.islice(itertools.cycle(paths), count))


def starts_of(lengths: list[int], rate: Fraction) -> list[Fraction]:
    """When each clip of ``lengths`` frames should start, in seconds."""
    return [frame / rate for frame in itertools.accumulate(lengths[:-1], initial=0)]


def flashes_and_beeps(film: Any) -> tuple[list[Fraction], list[Fraction]]:
    """Seconds at which each clip's flash is seen and its beep is heard."""
    flashes = [time for time, frame in zip(film.times, film.luma, strict=True) if frame.mean() > 120]
    loud = np.abs(film.sound[:, 0].astype(np.int32)) > 5_000
    beeps = np.flatnonzero(loud & ~np.concatenate([[False], loud[:-1]]))
    return flashes, [Fraction(int(beep), SAMPLE_RATE) for beep in beeps]


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_picture_and_sound_are_together_at_the_1000th_clip(
    tmp_path: Path, rate: Fraction, flash_and_beep: Callable[..., Path], decode: Callable[[Path], Any]
) -> None:
    # Lengths of 3 and 9 frames: at 30000/1001 their sound is 0.2 samples too long and 0.4 too short.
    clips = [flash_and_beep(tmp_path / f"{frames}.mp4", frames, rate, 16, 16) for frames in (3, 9, 4)]
    join(cycle(clips, 1000), tmp_path / "film.mp4", rate=rate, metadata={})
    film = decode(tmp_path / "film.mp4")

    lengths = ([3, 9, 4] * 334)[:1000]
    flashes, beeps = flashes_and_beeps(film)
    assert flashes == starts_of(lengths, rate)
    assert len(beeps) == 1000
    assert max(abs(beep - flash) for beep, flash in zip(beeps, flashes, strict=True)) <= Fraction(1, 2 * SAMPLE_RATE)
    assert len(film.luma) == sum(lengths)
    assert len(film.sound) == samples_for(sum(lengths), rate)
    # What the time stamps say and what is heard if the blocks are simply played one after another is the same.
    assert film.block_starts == [0, *itertools.accumulate(film.block_lengths[:-1])]


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_acts_are_joined_like_clips(
    tmp_path: Path, rate: Fraction, flash_and_beep: Callable[..., Path], decode: Callable[[Path], Any]
) -> None:
    clips = [flash_and_beep(tmp_path / f"{frames}.mp4", frames, rate) for frames in (3, 7, 1)]
    acts, lengths = [], []
    for number in range(4):
        acts.append(tmp_path / f"A{number}.mp4")
        join(cycle(clips, 7 + number), acts[-1], rate=rate, metadata={})
        lengths.append(sum(([3, 7, 1] * 4)[: 7 + number]))
    join(acts, tmp_path / "film.mp4", rate=rate, metadata={})
    film = decode(tmp_path / "film.mp4")

    flashes, beeps = flashes_and_beeps(film)
    assert len(flashes) == len(beeps) == 7 + 8 + 9 + 10
    assert max(abs(beep - flash) for beep, flash in zip(beeps, flashes, strict=True)) <= Fraction(1, SAMPLE_RATE)
    assert len(film.sound) == samples_for(sum(lengths), rate)
    assert set(starts_of(lengths, rate)) <= set(flashes)


def test_the_packets_are_the_same_bytes_as_in_the_clips(tmp_path: Path, flash_and_beep: Callable[..., Path]) -> None:
    rate = Fraction(16)
    clips = [flash_and_beep(tmp_path / f"{frames}.mp4", frames, rate) for frames in (3, 40)]
    for clip in clips:
        write_stamp(clip, "5a" * 32)  # what a finished clip carries at its end
    join(clips, tmp_path / "film.mp4", rate=rate, metadata={})

    def packets(path: Path, kind: str) -> list[bytes]:
        with av.open(str(path)) as container:
            return [bytes(packet) for packet in container.demux(**{kind: 0}) if packet.size]

    for kind in ("video", "audio"):
        assert packets(tmp_path / "film.mp4", kind) == [data for clip in clips for data in packets(clip, kind)]
    assert [track.codec for track in read_tracks(tmp_path / "film.mp4")] == ["avc1", "fLaC"]


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_clips_of_other_encoders_decode_to_their_own_pictures(
    tmp_path: Path, rate: Fraction, grey: Callable[..., Path], decode: Callable[[Path], Any]
) -> None:
    """Other profiles, reference counts and B-frames: each keyframe must bring its own parameter sets."""
    settings: list[dict[str, str]] = [
        {"preset": "veryfast", "bf": "0", "crf": "17"},
        {"crf": "23"},
        {"profile": "baseline", "crf": "20"},
        {"preset": "veryslow", "bf": "8", "crf": "18", "x264-params": "aud=1:keyint=5"},
    ]
    parts, levels = [], []
    for number, options in enumerate(settings * 2):
        shades = [40 + (number * 23 + frame * 5) % 180 for frame in range(11)]
        silent = grey(tmp_path / f"{number}.raw.mp4", shades, rate, **options)
        parts.append(_with_silence(silent, tmp_path / f"{number}.mp4", rate))
        levels += shades
    join(parts, tmp_path / "film.mp4", rate=rate, metadata={})
    film = decode(tmp_path / "film.mp4")

    assert len(levels) == len(film.luma)
    assert film.times == [Fraction(frame) / rate for frame in range(len(levels))]
    assert np.abs(film.luma[:, 40:].mean(axis=(1, 2)) - levels).max() < 3

    join([tmp_path / "film.mp4", parts[1]], tmp_path / "longer.mp4", rate=rate, metadata={})
    longer = decode(tmp_path / "longer.mp4")
    assert len(longer.luma) == 88 + 11
    assert np.abs(longer.luma[:, 40:].mean(axis=(1, 2)) - (levels + levels[11:22])).max() < 3

    # A player that jumps into the middle has never seen the sets of the keyframes before.
    with av.open(str(tmp_path / "film.mp4")) as container:
        stream = container.streams.video[0]
        for part in (5, 6, 7, 1):
            target = Fraction(part * 11) / rate
            container.seek(round(target / stream.time_base), stream=stream)
            frame = next(frame for frame in container.decode(stream) if frame.pts * stream.time_base >= target)
            assert abs(frame.to_ndarray()[40:64].mean() - levels[part * 11]) < 3


def test_the_sound_track_says_its_own_length_and_no_clips_checksum(
    tmp_path: Path, flash_and_beep: Callable[..., Path]
) -> None:
    rate = Fraction(30000, 1001)
    clip = flash_and_beep(tmp_path / "clip.mp4", 7, rate)
    join([clip] * 5, tmp_path / "film.mp4", rate=rate, metadata={})
    info = next(track.config[8:] for track in read_tracks(tmp_path / "film.mp4") if track.kind == "sound")
    # RFC 9639, 8.2: the number of samples is 36 bits before the checksum of 16 bytes, which 0 says is unknown.
    assert int.from_bytes(info[10:18], "big") & (1 << 36) - 1 == samples_for(35, rate)
    assert info[18:] == bytes(16)


def _with_silence(picture: Path, out: Path, rate: Fraction) -> Path:
    """``picture`` with FLAC silence beside it, packets as they are: a clip whose take came from elsewhere."""
    whole = probe(picture)
    delivery = Delivery(whole.width, whole.height, whole.width, whole.height, rate, whole.frames)
    assert conform(picture, out, delivery)
    return out


def test_chapters_title_and_dates_are_read_back(tmp_path: Path, flash_and_beep: Callable[..., Path]) -> None:
    rate = Fraction(24000, 1001)
    clips = cycle([flash_and_beep(tmp_path / "clip.mp4", 7, rate)], 6)
    chapters = [Chapter(0, 7, "Act 1: the light"), Chapter(7, 21, "Szene 2 – Ebbe 🌊"), Chapter(21, 42, "End")]
    tags = {"title": "The Lighthouse", "comment": "cut 3", "creation_time": "2026-02-03T04:05:06Z"}
    join(clips, tmp_path / "film.mp4", rate=rate, metadata=tags, chapters=chapters)

    with av.open(str(tmp_path / "film.mp4")) as container:
        found = container.chapters()
        assert container.metadata["title"] == "The Lighthouse"
        assert container.metadata["comment"] == "cut 3"
        assert container.metadata["creation_time"].startswith("2026-02-03T04:05:06")
    assert [chapter["metadata"]["title"] for chapter in found] == [chapter.title for chapter in chapters]
    spans = [
        (chapter["start"] * chapter["time_base"] * rate, chapter["end"] * chapter["time_base"] * rate)
        for chapter in found
    ]
    assert spans == [(chapter.start_frame, chapter.end_frame) for chapter in chapters]


def test_more_chapters_than_a_byte_counts(tmp_path: Path, flash_and_beep: Callable[..., Path]) -> None:
    rate = Fraction(30000, 1001)
    clips = cycle([flash_and_beep(tmp_path / "clip.mp4", 1, rate, 16, 16)], 300)
    chapters = [Chapter(number, number + 1, f"Scene {number}") for number in range(300)]
    join(clips, tmp_path / "film.mp4", rate=rate, metadata={}, chapters=chapters)
    with av.open(str(tmp_path / "film.mp4")) as container:
        found = container.chapters()
    assert [chapter["metadata"]["title"] for chapter in found] == [chapter.title for chapter in chapters]
    assert [chapter["start"] * chapter["time_base"] * rate for chapter in found] == list(range(300))


def test_chapters_outside_of_the_film_are_refused(tmp_path: Path, flash_and_beep: Callable[..., Path]) -> None:
    clip = flash_and_beep(tmp_path / "clip.mp4", 3, Fraction(16))
    with pytest.raises(ValueError, match="3 frames"):
        join([clip], tmp_path / "film.mp4", rate=Fraction(16), metadata={}, chapters=[Chapter(0, 4, "x")])
    assert not (tmp_path / "film.mp4").exists()


def test_the_index_comes_first_and_the_bytes_are_always_the_same(
    tmp_path: Path, flash_and_beep: Callable[..., Path]
) -> None:
    rate = Fraction(30000, 1001)
    clips = cycle([flash_and_beep(tmp_path / f"{frames}.mp4", frames, rate) for frames in (3, 9)], 12)
    for name in ("a.mp4", "b.mp4"):
        join(clips, tmp_path / name, rate=rate, metadata={"title": "x"}, chapters=[Chapter(0, 72, "all")])
    kinds = [kind for kind, _, _ in top_boxes(tmp_path / "a.mp4")]
    assert kinds.index("moov") < kinds.index("mdat")
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_a_part_that_does_not_fit_is_named_and_nothing_is_written(
    tmp_path: Path, flash_and_beep: Callable[..., Path], grey: Callable[..., Path]
) -> None:
    rate = Fraction(16)
    good = flash_and_beep(tmp_path / "good.mp4", 4, rate)
    with write_film(tmp_path / "short.mp4", 64, 64, rate) as film:
        for _ in range(4):
            film.picture(video_frame(np.zeros((64, 64, 3), np.uint8)))
        film.sound(np.zeros((5, 2), np.int16))
    whole = good.read_bytes()
    (tmp_path / "torn.mp4").write_bytes(whole[: len(whole) * 2 // 3])
    (tmp_path / "text.mp4").write_text("not a film at all, but long enough to be taken for one")
    bad = {
        flash_and_beep(tmp_path / "wide.mp4", 4, rate, width=96): "96×64",
        flash_and_beep(tmp_path / "fast.mp4", 4, Fraction(24)): "24 frames per second",
        grey(tmp_path / "mute.mp4", [50] * 4, rate): "0 sound tracks",
        tmp_path / "short.mp4": "5 samples",
        tmp_path / "torn.mp4": "cut short",
        tmp_path / "text.mp4": "",
        tmp_path / "missing.mp4": "No such file",
    }
    for part, says in bad.items():
        with pytest.raises(CutError) as caught:
            join([good, part], tmp_path / "film.mp4", rate=rate, metadata={})
        assert str(part) in str(caught.value)
        assert says in str(caught.value)
        assert not (tmp_path / "film.mp4").exists()
    with pytest.raises(CutError, match="nothing to join"):
        join([], tmp_path / "film.mp4", rate=rate, metadata={})


def test_a_part_with_its_index_first_that_was_cut_short_is_named(
    tmp_path: Path, flash_and_beep: Callable[..., Path]
) -> None:
    rate = Fraction(16)
    join([flash_and_beep(tmp_path / "clip.mp4", 40, rate)], tmp_path / "act.mp4", rate=rate, metadata={})
    whole = (tmp_path / "act.mp4").read_bytes()
    (tmp_path / "act.mp4").write_bytes(whole[:-10])
    with pytest.raises(CutError, match=r"act\.mp4: the file was cut short"):
        join([tmp_path / "act.mp4"], tmp_path / "film.mp4", rate=rate, metadata={})


def test_a_full_disk_is_an_error_and_leaves_no_film(tmp_path: Path, flash_and_beep: Callable[..., Path]) -> None:
    flash_and_beep(tmp_path / "clip.mp4", 48, Fraction(24))
    size = (tmp_path / "clip.mp4").stat().st_size
    program = """
import resource, sys
from fractions import Fraction
from pathlib import Path
from vtx_app.cut.join import join
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    join([folder / "clip.mp4"] * 20, folder / "film.mp4", rate=Fraction(24), metadata={})
except OSError as error:
    print("refused", error.errno)
"""
    # In the packets, and in the very last bytes of the index.
    join([tmp_path / "clip.mp4"] * 20, tmp_path / "whole.mp4", rate=Fraction(24), metadata={})
    for limit in (size * 5, (tmp_path / "whole.mp4").stat().st_size - 1):
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path), str(limit)], capture_output=True, text=True, check=False
        )
        assert done.stdout.startswith("refused"), done.stderr
        assert done.stderr == ""
        assert not (tmp_path / "film.mp4").exists()
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != size * 5


@given(
    st.lists(st.integers(1, 400), min_size=1, max_size=300),
    st.sampled_from([*RATES, Fraction(24), Fraction(25, 2), Fraction(60000, 1001)]),
)
def test_no_place_is_ever_more_than_half_a_sample_off_and_no_clip_more_than_one(
    lengths: list[int], rate: Fraction
) -> None:
    place = 0
    for frames in lengths:
        start, end = samples_for(place, rate), samples_for(place + frames, rate)
        assert abs(start - place * SAMPLE_RATE / rate) <= Fraction(1, 2)
        assert abs((end - start) - samples_for(frames, rate)) <= 1
        place += frames
