"""A film with everything in it, read by programs that are not ours."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kit.browser import play
from kit.movie import video_frame
from kit.readers import decoded_picture, decoded_sound, ffprobe, mediainfo
from vtx_app.cut.insert import draw
from vtx_app.cut.join import Piece, join
from vtx_app.cut.timeline import Drawn, Layer, Plain
from vtx_app.fonts import FONT
from vtx_app.media.chapters import Chapter
from vtx_app.media.codec import AAC_BLOCK, SAMPLE_RATE, samples_for
from vtx_app.media.labels import Labels
from vtx_app.media.mp4 import write_stamp
from vtx_app.media.writer import write_clip

RATE = Fraction(24000, 1001)
COLOURS = {"red": (200, 30, 30), "green": (30, 180, 30), "blue": (30, 30, 200)}
FRAMES = 30


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Red, green and blue clips and a grey card of 30 frames each; a tone; chapters, subtitles, poster, language."""
    folder = tmp_path_factory.mktemp("film")
    pieces = []
    for name, colour in COLOURS.items():
        path = folder / f"{name}.mp4"
        with write_clip(path, 320, 180, RATE) as clip:
            for _ in range(FRAMES):
                clip.picture(video_frame(np.broadcast_to(np.array(colour, np.uint8), (180, 320, 3))))
            clip.sound(np.zeros((samples_for(FRAMES, RATE), 2), np.int16))
        pieces.append(Piece(path, FRAMES))
    card = Drawn("card", FRAMES, 90, (Layer(Plain("#808080"), 0, FRAMES),))
    draw(card, folder / "card.mp4", width=320, height=180, rate=RATE, sources={}, font=FONT)
    pieces.append(Piece(folder / "card.mp4", FRAMES))
    frames = 4 * FRAMES
    tone = 0.25 * np.sin(2 * np.pi * 440 * np.arange(samples_for(frames, RATE)) / SAMPLE_RATE)
    poster = io.BytesIO()
    Image.new("RGB", (320, 180), COLOURS["red"]).save(poster, "JPEG")
    labels = Labels(
        {"title": "Colours", "creation_time": "2026-02-03T04:05:06Z"},
        "deu",
        [Chapter("Warm", 0, 60), Chapter("Kalt", 60, frames)],
        [(5, 25, "Rot."), (35, 60, "Grün,\nnoch grün."), (60, 80, "Blau.")],
        poster.getvalue(),
    )
    out = folder / "film.mp4"
    join(pieces, out, rate=RATE, sound=[np.stack([tone, tone], axis=1).astype(np.float32)], labels=labels)
    write_stamp(out, "5a" * 32)
    return out


def test_ffmpeg_decodes_all_of_it(film: Path) -> None:
    assert len(decoded_picture(film, "gray", 320, 180)) == 4 * FRAMES
    # FFmpeg before 6 plays the end of the last block of AAC, which the edit list leaves out.
    assert 0 <= len(decoded_sound(film)) - samples_for(4 * FRAMES, RATE) < AAC_BLOCK


def test_ffprobe_reads_it(film: Path) -> None:
    found = ffprobe(film)
    picture, sound, text, chapters, code, poster = found["streams"]
    assert (picture["codec_tag_string"], picture["profile"], picture["pix_fmt"]) == ("avc1", "High", "yuv420p")
    assert (picture["nb_read_packets"], picture["has_b_frames"], picture["r_frame_rate"]) == ("120", 0, "24000/1001")
    assert [picture[f"color_{part}"] for part in ("space", "transfer", "primaries", "range")] == ["bt709"] * 3 + ["tv"]
    assert picture["sample_aspect_ratio"] == "1:1"
    assert (sound["codec_name"], sound["profile"], sound["sample_rate"], sound["channels"]) == ("aac", "LC", "48000", 2)
    assert sound["duration_ts"] == samples_for(120, RATE)
    assert {stream["tags"]["language"] for stream in (picture, sound, text)} == {"deu"}
    assert (text["codec_tag_string"], chapters["codec_tag_string"], code["codec_tag_string"]) == (
        "tx3g",
        "text",
        "tmcd",
    )
    assert code["tags"]["timecode"] == "01:00:00:00"
    assert poster["disposition"]["attached_pic"] == 1
    assert {stream["start_time"] for stream in found["streams"]} == {"0.000000"}
    assert [(chapter["start_time"], chapter["tags"]["title"]) for chapter in found["chapters"]] == [
        ("0.000000", "Warm"),
        ("2.502500", "Kalt"),
    ]
    assert found["format"]["duration"] == "5.005000"
    assert found["format"]["tags"]["creation_time"] == "2026-02-03T04:05:06.000000Z"


def test_mediainfo_reads_it(film: Path) -> None:
    tracks = mediainfo(film)
    general, picture, sound, text, code = (tracks[kind] for kind in ("General", "Video", "Audio", "Text", "Other"))
    assert (general["Format"], general["Title"], general["Cover"], general["IsStreamable"]) == (
        "MPEG-4",
        "Colours",
        "Yes",
        "Yes",
    )
    assert (picture["Format"], picture["CodecID"], picture["FrameCount"]) == ("AVC", "avc1", "120")
    assert (picture["ScanType"], picture["FrameRate_Mode"]) == ("Progressive", "CFR")
    assert (sound["Format"], sound["Format_AdditionalFeatures"], sound["Channels"]) == ("AAC", "LC", "2")
    assert sound["SamplingCount"] == str(samples_for(120, RATE))
    assert {track["Language"] for track in (picture, sound, text)} == {"de"}
    assert (text["Format"], text["CodecID"], text["Events_Total"]) == ("Timed Text", "tx3g", "3")
    assert (code["Format"], code["TimeCode_FirstFrame"]) == ("QuickTime TC", "01:00:00:00")
    assert general["Duration"] == picture["Duration"] == sound["Duration"] == "5.005"


def test_a_browser_plays_picture_and_sound(film: Path) -> None:
    middles = [float((number * FRAMES + FRAMES // 2 + Fraction(1, 2)) / RATE) for number in range(4)]
    edges = [float((60 - Fraction(1, 2)) / RATE), float((60 + Fraction(1, 2)) / RATE)]  # the last green, the first blue
    played = play(film, [*middles, *edges])
    assert (played.width, played.height) == (320, 180)
    assert played.seconds == pytest.approx(5.005, abs=0.001)
    assert played.played == pytest.approx(played.seconds, abs=0.05)
    assert played.frames > 60
    assert (played.samples, played.channels) == (samples_for(120, RATE), 2)
    assert 0.2 < played.peak < 0.3
    assert played.rms == pytest.approx(0.25 / np.sqrt(2), rel=0.02)
    red, green, blue = COLOURS.values()
    for seen, wanted in zip(played.colours, [red, green, blue, (128, 128, 128), green, blue], strict=True):
        assert np.abs(np.array(seen) - wanted).max() < 12
