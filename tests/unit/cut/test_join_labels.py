"""What a joined film says of itself: chapters, subtitles, time code, poster."""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from kit.joined import RATES, cycle, film_of, sound_of
from vtx_app.cut.join import Piece, join
from vtx_app.media.chapters import Chapter
from vtx_app.media.labels import Labels
from vtx_app.media.mp4 import read_tracks, top_boxes


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
