from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.subtitles.subtitle import AssSubtitle
from hypothesis import given
from hypothesis import strategies as st

from vtx_app.errors import SpecError
from vtx_app.media.subtitles import Subtitle, read_srt, srt_text, webvtt_text

HOSTILE = [
    "a --> b",
    "<i>not</i> a tag & <script>",
    "{\\an8}up",
    "3 < 4",
    "שלום עולם",
    "👩‍👧 da",
    "00:00:01,000 --> 00:00:02,000",
    "7",
]


def shown(*texts: str) -> list[Subtitle]:
    """Subtitles of a second each, half a second apart."""
    return [Subtitle(Fraction(at * 3, 2), Fraction(at * 3, 2) + 1, text) for at, text in enumerate(texts)]


def demuxed(path: Path) -> list[tuple[Fraction, Fraction, str]]:
    """Start, end and text of every packet that FFmpeg finds in a subtitle file."""
    with av.open(str(path)) as container:
        stream = container.streams.subtitles[0]
        return [
            (packet.pts * stream.time_base, (packet.pts + packet.duration) * stream.time_base, bytes(packet).decode())
            for packet in container.demux(stream)
            if packet.pts is not None and packet.duration is not None and stream.time_base is not None
        ]


def test_ffmpeg_reads_times_and_words_of_both(tmp_path: Path) -> None:
    subtitles = shown("Nobody today.", "- Two\n- lines", *HOSTILE)
    srt, vtt = tmp_path / "film.srt", tmp_path / "film.vtt"
    srt.write_text(srt_text(subtitles), encoding="utf-8")
    vtt.write_text(webvtt_text(subtitles, "en-GB"), encoding="utf-8")
    for path in (srt, vtt):
        found = demuxed(path)
        assert [(start, end) for start, end, _ in found] == [(each.start, each.end) for each in subtitles]
        assert [text for _, _, text in found][:2] == ["Nobody today.", "- Two\n- lines"]
        assert len(found) == len(subtitles)


def test_what_looks_like_a_tag_is_seen_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    path.write_text(srt_text(shown("<i>not</i> a tag", "{\\an8}up", "3 < 4")), encoding="utf-8")
    with av.open(str(path)) as container:
        stream = container.streams.subtitles[0]
        found = [each for packet in container.demux(stream) for each in stream.codec_context.decode2(packet) or ()]
    words = [each.ass.decode().split(",", 8)[-1] for each in found if isinstance(each, AssSubtitle)]
    assert words == ["‹i›not‹/i› a tag", "(\\an8}up", "3 < 4"]


def test_webvtt_says_its_language_and_who_speaks() -> None:
    text = webvtt_text(
        [
            Subtitle(Fraction(0), Fraction(1), "Nobody.", ("Mara & <co>",)),
            Subtitle(Fraction(2), Fraction(3), "- Who?\n- I.", ("Mara", "Ivo")),
        ],
        "nb",
    )
    assert text.startswith("WEBVTT\n\nNOTE language:nb\n\n")
    assert "<v Mara &amp; &lt;co&gt;>Nobody.</v>\n" in text
    assert "<v Mara>- Who?</v>\n<v Ivo>- I.</v>\n" in text


@given(st.lists(st.sampled_from([*HOSTILE, "plain", "two\nlines"]), max_size=6))
def test_webvtt_has_an_arrow_in_times_alone(texts: list[str]) -> None:
    text = webvtt_text(shown(*texts), "en")
    assert text.count("-->") == len(texts)
    assert text.count("\n\n") == len(texts) + 1


@given(
    st.lists(st.tuples(st.integers(1, 90_000_000), st.integers(500, 7000), st.sampled_from(["a", "b\nc"])), max_size=8)
)
def test_a_file_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[int, int, str]]
) -> None:
    subtitles, at = [], 0
    for gap, length, text in drawn:
        subtitles.append(Subtitle(Fraction(at + gap, 1000), Fraction(at + gap + length, 1000), text))
        at += gap + length
    path = tmp_path_factory.mktemp("srt") / "film.srt"
    path.write_text(srt_text(subtitles), encoding="utf-8")
    assert read_srt(path) == subtitles


def test_times_are_rounded_down_to_a_millisecond() -> None:
    third = Fraction(1, 3)
    assert "00:00:00,333 --> 01:00:00,666" in srt_text([Subtitle(third, 3600 + 2 * third, "x")])


def test_a_file_by_a_person_is_read(tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    path.write_bytes(
        b"\xef\xbb\xbf2\r\n00:00:05.000 --> 00:00:09,500 X1:10\r\n<i>Later,</i>\r\n{\\an8}at sea\r\n\r\n\r\n"
        b"00:00:01,000 --> 00:00:06,000\r\nFirst\r\n\r\n3\r\n00:00:05,000 --> 00:00:06,000\r\nand\r\n"
    )
    assert read_srt(path) == [
        Subtitle(Fraction(1), Fraction(5), "First"),
        Subtitle(Fraction(5), Fraction(19, 2), "Later,\nat sea\nand"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1\nhello\n", r"film.srt:1: '1': expected 00:00:01,000 --> "),
        ("1\n00:00:01,000 --> 00:00:02,000\na\n\nb\n", r"film.srt:5: 'b': expected"),
        ("00:00:02,000 --> 00:00:02,000\na\n", r"film.srt:1: it ends at 00:00:02,000, which is not after its start"),
        (b"00:00:01,000 --> 00:00:02,000\n\xff\n", r"film.srt:2: not UTF-8 text"),
    ],
)
def test_what_is_no_subrip_is_told_with_its_line(tmp_path: Path, text: str | bytes, told: str) -> None:
    path = tmp_path / "film.srt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SpecError, match=told):
        read_srt(path)
