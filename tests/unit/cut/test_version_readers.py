"""Versions as other programs see them: ffprobe and mediainfo read them, ffmpeg decodes them, Chromium plays them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kit.browser import play
from kit.columns import FRAMES, HEIGHT, RATE, SAMPLES, WIDTH, noise, write_columns
from kit.readers import decoded_picture, decoded_sound, ffprobe, mediainfo
from vtx_app.cut.framing import frame_of
from vtx_app.cut.version import Picture, make_sound_version, make_version
from vtx_app.formats.check import load_format
from vtx_app.formats.deliveries import Deliverables
from vtx_app.media.chapters import Chapter
from vtx_app.media.labels import Labels
from vtx_app.media.version_writer import Attachment

REPO = Path(__file__).resolve().parents[3]
SHIPPED = load_format(REPO / "config/deliveries.yaml", Deliverables).deliveries
LABELS = Labels({"title": "Nobody"}, language="eng", time_code="01:00:00:00")
CHAPTERS = [Chapter("The quay", 0, 12), Chapter("The ferry", 12, FRAMES)]
FILES = [Attachment("film.srt", "application/x-subrip", b"1\n"), Attachment("a.json", "application/json", b"{}")]


@pytest.fixture(scope="module")
def final(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_columns(tmp_path_factory.mktemp("final") / "film.mp4")


def made(final: Path, folder: Path, name: str) -> Path:
    deliverable = SHIPPED[name]
    path = folder / f"film{deliverable.suffix}"
    if deliverable.picture is None:
        make_sound_version(path, deliverable, noise(), SAMPLES)
        return path
    picture = Picture(final, FRAMES, RATE, frame_of(deliverable.picture, WIDTH, HEIGHT))
    labels = replace(LABELS, chapters=CHAPTERS if deliverable.chapters else [])
    files = FILES if deliverable.attach else []
    make_version(path, deliverable, picture, noise(), labels=labels, attachments=files)
    return path


def test_a_broadcast_master(final: Path, tmp_path: Path) -> None:
    path = made(final, tmp_path, "broadcast")
    picture, sound = ffprobe(path)["streams"][:2]
    assert (picture["codec_name"], picture["profile"], picture["pix_fmt"]) == ("prores", "HQ", "yuv422p10le")
    assert (picture["avg_frame_rate"], picture["nb_read_packets"]) == ("24000/1001", str(FRAMES))
    tags = [picture[key] for key in ("color_space", "color_transfer", "color_primaries", "field_order")]
    assert tags == ["bt709", "bt709", "bt709", "progressive"]
    assert picture["sample_aspect_ratio"] == "1:1"
    assert (sound["codec_name"], sound["sample_rate"], sound["channels"]) == ("pcm_s24le", "48000", 2)
    assert sound["duration_ts"] == SAMPLES
    tracks = mediainfo(path)
    assert tracks["Video"]["Format_Profile"] == "422 HQ"
    assert tracks["Other"]["TimeCode_FirstFrame"] == "01:00:00:00"
    assert len(decoded_picture(path, "gray", WIDTH, HEIGHT)) == FRAMES
    assert np.array_equal(decoded_sound(path), np.concatenate([*noise()]))


def test_an_archive(final: Path, tmp_path: Path) -> None:
    path = made(final, tmp_path, "archive")
    tracks = mediainfo(path)
    assert (tracks["Video"]["Format"], tracks["Video"]["Format_Version"]) == ("FFV1", "3.4")
    assert "Per slice" in str(tracks["Video"])
    assert (tracks["Audio"]["Format"], tracks["Audio"]["BitDepth"]) == ("FLAC", "24")
    assert "film.srt" in str(tracks["General"])
    found = ffprobe(path)
    assert [each["tags"]["title"] for each in found["chapters"]] == ["The quay", "The ferry"]
    before = decoded_picture(final, "yuv420p", WIDTH, HEIGHT)
    assert np.array_equal(decoded_picture(path, "yuv420p", WIDTH, HEIGHT), before)
    assert np.array_equal(decoded_sound(path), np.concatenate([*noise()]))


def test_stems(final: Path, tmp_path: Path) -> None:
    path = made(final, tmp_path, "stems")
    (sound,) = ffprobe(path)["streams"]
    assert (sound["codec_name"], sound["sample_rate"], sound["duration_ts"]) == ("pcm_f32le", "48000", SAMPLES)
    assert mediainfo(path)["General"]["Format"] == "Wave"


@pytest.mark.parametrize("name", ["web", "vertical"])
def test_a_browser_plays_picture_and_sound(final: Path, tmp_path: Path, name: str) -> None:
    path = made(final, tmp_path, name)
    picture = ffprobe(path)["streams"][0]
    played = play(path, [0.5])
    assert (played.width, played.height) == (picture["width"], picture["height"])
    assert played.seconds == pytest.approx(float(FRAMES / RATE), abs=0.03)
    assert played.played == pytest.approx(played.seconds, abs=0.01)
    assert played.frames == FRAMES
    assert played.colours[0] == pytest.approx([125, 125, 125], abs=8)
    assert (played.samples, played.channels) == (SAMPLES, 2)
    assert played.rms == pytest.approx(
        float(np.sqrt(np.mean(np.concatenate([*noise()]) ** 2))), rel=0.3
    )  # AAC leaves out what is highest
    assert played.sound_bytes > 1000
