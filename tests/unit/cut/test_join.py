from __future__ import annotations

import io
import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from kit.movie import sound_samples, video_frame
from vtx_app.cut.join import Piece, join
from vtx_app.errors import CutError
from vtx_app.media.chapters import Chapter
from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.media.labels import Labels
from vtx_app.media.mp4 import read_tracks, top_boxes, write_stamp
from vtx_app.media.writer import write_picture

RATES = [Fraction(16), Fraction(24000, 1001), Fraction(30000, 1001)]
SILENT = Labels()


def cycle(pieces: list[Piece], count: int) -> list[Piece]:
    return list(itertools.islice(itertools.cycle(pieces), count))


def length(pieces: list[Piece]) -> int:
    return sum(piece.frames for piece in pieces)


def starts_of(pieces: list[Piece]) -> list[int]:
    """The film's frame at which each piece starts."""
    return list(itertools.accumulate((piece.frames for piece in pieces[:-1]), initial=0))


def sound_of(pieces: list[Piece], rate: Fraction, block: int = 5_000) -> Iterator[NDArray[np.float32]]:
    """A click at the first frame of each piece, in blocks; 3 ms long, its middle at the frame's time."""
    samples = samples_for(length(pieces), rate)
    middles = [samples_for(start, rate) for start in starts_of(pieces)]
    shape = np.cos(np.linspace(-np.pi / 2, np.pi / 2, 145)) ** 2 * 0.6
    for first in range(0, samples, block):
        sound = np.zeros((min(block, samples - first), 2), np.float32)
        for start in [middle - 72 - first for middle in middles if -73 < middle - first < block + 72]:
            heard = slice(max(start, 0), min(start + len(shape), len(sound)))
            sound[heard] = shape[heard.start - start : heard.stop - start, np.newaxis]
        yield sound


def silence(pieces: list[Piece], rate: Fraction) -> list[NDArray[np.float32]]:
    return [np.zeros((samples_for(length(pieces), rate), 2), np.float32)]


def film_of(out: Path, pieces: list[Piece], rate: Fraction, labels: Labels = SILENT) -> Path:
    join(pieces, out, rate=rate, sound=silence(pieces, rate), labels=labels)
    return out


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


# -- what a film says of itself ----------------------------------------------------------------------


def test_chapters_title_and_dates_are_read_back(tmp_path: Path, flash: Callable[..., Piece]) -> None:
    rate = Fraction(24000, 1001)
    pieces = cycle([flash(7, rate)], 6)
    chapters = [Chapter("Act 1: the light", 0, 7), Chapter("Szene 2 – Ebbe 🌊", 7, 21), Chapter("End", 21, 42)]
    tags = {"title": "The Lighthouse", "comment": "cut 3", "creation_time": "2026-02-03T04:05:06Z"}
    film_of(tmp_path / "film.mp4", pieces, rate, Labels(tags, chapters=chapters))

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
    assert spans == [(chapter.start, chapter.end) for chapter in chapters]


def test_more_chapters_than_a_byte_counts(tmp_path: Path, flash: Callable[..., Piece]) -> None:
    rate = Fraction(30000, 1001)
    pieces = cycle([flash(1, rate, (16, 16))], 300)
    chapters = [Chapter(f"Scene {number}", number, number + 1) for number in range(300)]
    film_of(tmp_path / "film.mp4", pieces, rate, Labels(chapters=chapters))
    with av.open(str(tmp_path / "film.mp4")) as container:
        found = container.chapters()
    assert [chapter["metadata"]["title"] for chapter in found] == [chapter.title for chapter in chapters]
    assert [chapter["start"] * chapter["time_base"] * rate for chapter in found] == list(range(300))


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_subtitles_stand_at_their_frames(tmp_path: Path, flash: Callable[..., Piece], rate: Fraction) -> None:
    subtitles = [(3, 20, "Hallo\nWört"), (30, 60, "- Ja?\n- 日本語 👋"), (60, 61, "x" * 70_000), (90, 100, "& <b>…")]
    film_of(tmp_path / "film.mp4", [flash(100, rate)], rate, Labels(language="deu", subtitles=subtitles))
    with av.open(str(tmp_path / "film.mp4")) as container:
        (stream,) = container.streams.subtitles
        assert stream.codec_context.name == "mov_text"
        shown = []
        for packet in container.demux(stream):
            text = bytes(packet)[2 : 2 + int.from_bytes(bytes(packet)[:2], "big")]
            if text:
                frames = (
                    packet.pts * packet.time_base * rate,
                    (packet.pts + packet.duration) * packet.time_base * rate,
                )
                shown.append((*frames, text.decode()))
        assert {stream.language for stream in (*container.streams.video, *container.streams.audio, stream)} == {"deu"}
    assert shown == [(start, end, text[:65_535]) for start, end, text in subtitles]


@pytest.mark.parametrize("language", ["", "deu", "zho"])
def test_chapters_and_time_code_have_the_language_of_the_film(
    tmp_path: Path, flash: Callable[..., Piece], language: str
) -> None:
    labels = Labels(language=language, chapters=[Chapter("Eins", 0, 9)])
    film_of(tmp_path / "film.mp4", [flash(9, Fraction(24))], Fraction(24), labels)
    with av.open(str(tmp_path / "film.mp4")) as container:
        found = [(stream.type, stream.language or "und") for stream in container.streams]
    assert sorted(found) == [(kind, language or "und") for kind in ("audio", "data", "data", "video")]


def test_a_film_without_words_has_no_track_for_them(tmp_path: Path, flash: Callable[..., Piece]) -> None:
    film_of(tmp_path / "film.mp4", [flash(9, Fraction(16))], Fraction(16))
    with av.open(str(tmp_path / "film.mp4")) as container:
        assert [stream.type for stream in container.streams] == ["video", "audio"]
        assert container.streams.video[0].language in (None, "und")


@pytest.mark.parametrize(
    ("rate", "code"),
    [
        (Fraction(24), "01:00:00:00"),
        (Fraction(25), "01:00:00:00"),
        (Fraction(60), "01:00:00:00"),
        (Fraction(24000, 1001), "01:00:00:00"),
        (Fraction(30000, 1001), "01:00:00;00"),
        (Fraction(60000, 1001), "01:00:00;00"),
        (Fraction(16), None),
        (Fraction(25, 2), None),
    ],
    ids=str,
)
def test_the_time_code_starts_at_an_hour(
    tmp_path: Path, flash: Callable[..., Piece], rate: Fraction, code: str | None
) -> None:
    film_of(tmp_path / "film.mp4", [flash(9, rate)], rate)
    with av.open(str(tmp_path / "film.mp4")) as container:
        assert container.streams.video[0].metadata.get("timecode") == code
        assert len(container.streams.data) == (1 if code else 0)


def test_the_poster_comes_back_to_the_byte(tmp_path: Path, flash: Callable[..., Piece]) -> None:
    jpeg = io.BytesIO()
    Image.new("RGB", (320, 180), (200, 10, 10)).save(jpeg, "JPEG")
    rate, pieces = Fraction(24), [flash(30, Fraction(24))]
    subtitles = [(3, 9, "Ahoy")]
    film_of(tmp_path / "film.mp4", pieces, rate, Labels(poster=jpeg.getvalue(), subtitles=subtitles))
    with av.open(str(tmp_path / "film.mp4")) as container:
        picture, poster = container.streams.video
        assert picture.codec_context.name == "h264"
        assert bytes(next(packet for packet in container.demux(poster) if packet.size)) == jpeg.getvalue()
    assert [track.kind for track in read_tracks(tmp_path / "film.mp4")] == ["picture", "sound"]
    assert b"covr" in (tmp_path / "film.mp4").read_bytes()


@pytest.mark.parametrize("chapter", [(0, 4), (-1, 2), (2, 2)])
def test_chapters_outside_of_the_film_are_refused(
    tmp_path: Path, flash: Callable[..., Piece], chapter: tuple[int, int]
) -> None:
    with pytest.raises(ValueError, match="3 frames"):
        film_of(tmp_path / "x.mp4", [flash(3, Fraction(16))], Fraction(16), Labels(chapters=[Chapter("x", *chapter)]))
    assert not (tmp_path / "x.mp4").exists()


def test_the_index_comes_first_and_the_bytes_are_always_the_same(tmp_path: Path, flash: Callable[..., Piece]) -> None:
    rate = Fraction(30000, 1001)
    pieces = cycle([flash(frames, rate) for frames in (3, 9)], 12)
    labels = Labels({"title": "x"}, "fra", [Chapter("all", 0, 72)], [(5, 9, "Oui")], b"\xff\xd8\xff\xd9")
    for name in ("a.mp4", "b.mp4"):
        join(pieces, tmp_path / name, rate=rate, sound=sound_of(pieces, rate), labels=labels)
    kinds = [kind for kind, _, _ in top_boxes(tmp_path / "a.mp4")]
    assert kinds.index("moov") < kinds.index("mdat")
    whole = (tmp_path / "a.mp4").read_bytes()
    assert whole == (tmp_path / "b.mp4").read_bytes()
    assert not [name for name in (b"Lavf", b"Lavc") if name in whole]


# -- what can't be joined ----------------------------------------------------------------------------


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
