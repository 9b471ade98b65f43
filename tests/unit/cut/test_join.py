from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kit.joined import RATES, SILENT, cycle, film_of, length, sound_of, starts_of
from kit.movie import sound_samples, video_frame
from vtx_app.cut.join import Piece, join
from vtx_app.errors import CutError
from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.media.mp4 import read_tracks, write_stamp
from vtx_app.media.writer import write_picture


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_flash_and_beep_are_together_at_every_cut_and_at_the_1000th_clip(
    tmp_path: Path, rate: Fraction, flash: Callable[..., Piece], decode: Callable[[Path], Any]
) -> None:
    # At 30000/1001, the sound of 3 and 9 frames is no whole number of samples.
    pieces = cycle([flash(frames, rate, (16, 16)) for frames in (3, 9, 4)], 1000)
    join(pieces, tmp_path / "film.mp4", rate=rate, sound=sound_of(pieces, rate), labels=SILENT)
    film = decode(tmp_path / "film.mp4")

    flashes = [time for time, frame in zip(film.times, film.luma, strict=True) if frame.mean() > 120]
    assert flashes == [start / rate for start in starts_of(pieces)]
    assert len(film.luma) == length(pieces)
    assert len(film.sound) == samples_for(length(pieces), rate) == sound_samples(tmp_path / "film.mp4")
    beeps = beeps_in(film.sound)
    assert len(beeps) == 1000
    apart = [abs(beep - float(flash)) for beep, flash in zip(beeps, flashes, strict=True)]
    assert max(apart[1:]) < 0.0002  # the first beep is cut in half by the film's start
    # What the time stamps say and what is heard if the blocks are simply played one after another is the same.
    assert film.block_starts == [0, *itertools.accumulate(film.block_lengths[:-1])]


def beeps_in(sound: NDArray[np.int16]) -> list[float]:
    """The seconds at which the clicks of :func:`sound_of` have their middle."""
    loud = np.abs(sound[:, 0].astype(float))
    places = np.flatnonzero(loud > 4_000)
    groups = np.split(places, np.flatnonzero(np.diff(places) > 480) + 1)
    return [float((group * loud[group]).sum() / loud[group].sum() / SAMPLE_RATE) for group in groups]


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_a_film_joined_from_acts_has_the_picture_of_one_joined_from_clips(
    tmp_path: Path, rate: Fraction, flash: Callable[..., Piece]
) -> None:
    clips = [flash(frames, rate, key=frames // 2) for frames in (3, 7, 12)]
    parts = [[*clips, Piece(clips[2].path, 5, 6)], [Piece(clips[1].path, 2), *clips]]
    acts = [Piece(film_of(tmp_path / f"A{number}.mp4", part, rate), length(part)) for number, part in enumerate(parts)]
    of_acts = film_of(tmp_path / "of_acts.mp4", acts, rate)
    of_clips = film_of(tmp_path / "of_clips.mp4", [piece for part in parts for piece in part], rate)
    assert of_acts.read_bytes() == of_clips.read_bytes()


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_packets_are_those_of_the_stretches(ranges_of: tuple[Path, ...], data: st.DataObject) -> None:
    """Of any keyframe and any length: the same bytes, each frame at its place."""
    pieces = []
    for path in data.draw(st.lists(st.sampled_from(ranges_of), min_size=1, max_size=5)):
        track = read_tracks(path)[0]
        first = data.draw(st.sampled_from([n for n in range(track.packets) if track.is_keyframe(n)]))
        pieces.append(Piece(path, data.draw(st.integers(1, track.packets - first)), first))
    out = ranges_of[0].parent / "film.mp4"
    film_of(out, pieces, Fraction(24000, 1001))
    wanted = [data for piece in pieces for data in packets(piece.path)[piece.first : piece.first + piece.frames]]
    assert packets(out) == wanted
    picture, sound = read_tracks(out)[:2]
    assert (picture.codec, sound.codec, picture.packets) == ("avc1", "mp4a", length(pieces))
    assert picture.rate == Fraction(24000, 1001)
    assert all(picture.is_keyframe(start) for start in starts_of(pieces))


@pytest.fixture(scope="module")
def ranges_of(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Clips of 1, 12 and 60 frames of noise, with keyframes in their middle."""
    folder, rng = tmp_path_factory.mktemp("clips"), np.random.default_rng(2)
    paths = []
    for frames in (1, 12, 60):
        paths.append(folder / f"{frames}.mp4")
        with write_picture(paths[-1], 32, 32, Fraction(24000, 1001)) as film:
            for number in range(frames):
                shade = rng.integers(0, 9, (32, 32, 3), np.uint8) + 100
                film.picture(video_frame(shade), key=number % 7 == 5)
        write_stamp(paths[-1], "5a" * 32)  # what a finished clip carries at its end
    return tuple(paths)


def test_frames_that_are_copied_are_those_of_the_clip_when_decoded(
    tmp_path: Path, ranges_of: tuple[Path, ...], decode: Callable[[Path], Any]
) -> None:
    pieces = [Piece(ranges_of[2], 9, 19), Piece(ranges_of[1], 4, 5), Piece(ranges_of[2], 60)]
    film = decode(film_of(tmp_path / "film.mp4", pieces, Fraction(24000, 1001)))
    clips = {path: decode(path).luma for path in ranges_of}
    wanted = np.concatenate([clips[piece.path][piece.first : piece.first + piece.frames] for piece in pieces])
    assert np.array_equal(film.luma, wanted)


@pytest.mark.parametrize("samples", [-1, 1, 1024])
def test_sound_of_another_length_than_the_picture_is_refused(
    tmp_path: Path, flash: Callable[..., Piece], samples: int
) -> None:
    rate, pieces = Fraction(16), [flash(40, Fraction(16))]
    sound = np.zeros((samples_for(40, rate) + samples, 2), np.float32)
    with pytest.raises(CutError, match="not 120000; mix it again"):
        join(pieces, tmp_path / "film.mp4", rate=rate, sound=[sound[:9_000], sound[9_000:]], labels=SILENT)
    assert not (tmp_path / "film.mp4").exists()


def test_the_sound_comes_back(tmp_path: Path, flash: Callable[..., Piece], decode: Callable[[Path], Any]) -> None:
    """Whatever the blocks that it comes in; int16 and float32 alike."""
    rate, pieces = Fraction(30000, 1001), [flash(31, Fraction(30000, 1001))]
    time = np.arange(samples_for(31, rate)) / SAMPLE_RATE
    tones = np.stack([9_000 * np.sin(2_000 * time), 5_000 * np.sin(5_000 * time)], axis=1).astype(np.int16)
    for sound in (tones, (tones / 32_768).astype(np.float32)):
        for block in (1, 777, 1024, 10_000, len(tones)) if sound is tones else (999,):
            blocks = (sound[at : at + block] for at in range(0, len(sound), block))
            join(pieces, tmp_path / "film.mp4", rate=rate, sound=blocks, labels=SILENT)
            heard = decode(tmp_path / "film.mp4").sound
            assert heard.shape == tones.shape
            assert np.abs(heard[50:-50].astype(int) - tones[50:-50]).max() < 300


def test_a_part_that_does_not_fit_is_named_and_nothing_is_written(
    tmp_path: Path, flash: Callable[..., Piece], grey: Callable[..., Path]
) -> None:
    rate = Fraction(16)
    good = flash(8, rate)
    whole = good.path.read_bytes()
    (tmp_path / "torn.mp4").write_bytes(whole[: len(whole) * 2 // 3])
    (tmp_path / "text.mp4").write_text("not a film at all, but long enough to be taken for one")
    bad = {
        flash(4, rate, (96, 64), name="wide.mp4"): "96×64",
        flash(4, Fraction(24), name="fast.mp4"): "24 frames per second",
        Piece(grey(tmp_path / "other.mp4", [50] * 4, rate, bf="0"), 4): "conform it again",
        Piece(grey(tmp_path / "b.mp4", list(range(50, 90)), rate), 40): "not stored in the order",
        Piece(tmp_path / "torn.mp4", 4): "cut short",
        Piece(tmp_path / "text.mp4", 4): "",
        Piece(tmp_path / "missing.mp4", 4): "No such file",
        Piece(good.path, 9): "8 frames, not 0 to 8",
        Piece(good.path, 8, 1): "8 frames, not 1 to 8",
        Piece(good.path, 7, 1): "frame 1 is no keyframe",
        Piece(good.path, 0): "8 frames",
    }
    for part, says in bad.items():
        with pytest.raises(CutError) as caught:
            film_of(tmp_path / "film.mp4", [good, part], rate)
        assert str(part.path) in str(caught.value)
        assert says in str(caught.value)
        assert not (tmp_path / "film.mp4").exists()
    with pytest.raises(CutError, match="nothing to join"):
        join([], tmp_path / "film.mp4", rate=rate, sound=[], labels=SILENT)


def test_a_part_with_its_index_first_that_was_cut_short_is_named(tmp_path: Path, flash: Callable[..., Piece]) -> None:
    rate = Fraction(16)
    act = film_of(tmp_path / "act.mp4", [flash(40, rate)], rate)
    act.write_bytes(act.read_bytes()[:-10])
    with pytest.raises(CutError, match=r"act\.mp4: the file was cut short"):
        film_of(tmp_path / "film.mp4", [Piece(act, 40)], rate)


def test_a_full_disk_is_an_error_and_leaves_no_film(tmp_path: Path, flash: Callable[..., Piece]) -> None:
    clip = flash(48, Fraction(24), name="clip.mp4")
    program = """
import resource, sys
from fractions import Fraction
from pathlib import Path
import numpy as np
from vtx_app.cut.join import Piece, join
from vtx_app.media.labels import Labels
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
noise = np.random.default_rng(1).normal(0, 0.1, (48_000 * 40, 2)).astype(np.float32)
try:
    join([Piece(folder / "clip.mp4", 48)] * 20, folder / "film.mp4", rate=Fraction(24), sound=[noise], labels=Labels())
except OSError as error:
    print("refused", error.errno)
"""

    def run(limit: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", program, str(tmp_path), str(limit)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert run(100_000_000).stdout == ""
    whole = (tmp_path / "film.mp4").stat().st_size
    assert whole > clip.path.stat().st_size
    # In the packets, and in the very last bytes of the index.
    for limit in (whole // 3, whole - 1):
        done = run(limit)
        assert done.stdout.startswith("refused"), done.stderr
        assert done.stderr == ""
        assert not (tmp_path / "film.mp4").exists()
