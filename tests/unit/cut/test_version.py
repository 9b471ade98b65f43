"""Versions of a film, decoded again: what was lossless is equal, what was cropped shows the right columns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kit.columns import FRAMES, HEIGHT, RATE, SAMPLES, WIDTH, noise, shown_columns, write_columns
from vtx_app.cut.framing import Crop, frame_of
from vtx_app.cut.version import Picture, make_sound_version, make_version
from vtx_app.errors import CutError
from vtx_app.formats.check import load_format
from vtx_app.formats.deliveries import Deliverable, Deliverables, PictureFormat
from vtx_app.media.chapters import Chapter
from vtx_app.media.labels import Labels
from vtx_app.media.version_writer import Attachment

REPO = Path(__file__).resolve().parents[3]
SHIPPED = load_format(REPO / "config/deliveries.yaml", Deliverables).deliveries


@pytest.fixture(scope="module")
def final(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of known columns."""
    return write_columns(tmp_path_factory.mktemp("final") / "film.mp4")


def picture(final: Path, wanted: PictureFormat | None, crops: tuple[Crop, ...] = ()) -> Picture:
    return Picture(final, FRAMES, RATE, frame_of(wanted or PictureFormat(codec="ffv1"), WIDTH, HEIGHT), crops)


def frames_of(path: Path, pixels: str) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        return [np.asarray(frame.to_ndarray(format=pixels)) for frame in container.decode(video=0)]


def samples_of(path: Path) -> NDArray[np.float64]:
    """The sound of a file, full scale 1, shape (n, 2)."""
    with av.open(str(path)) as container:
        blocks = [frame.to_ndarray() for frame in container.decode(audio=0)]
    found = np.concatenate([block.T if len(block) == 2 else block.reshape(-1, 2) for block in blocks])
    return found.astype(np.float64) / (1 if found.dtype == np.float32 else -float(np.iinfo(found.dtype).min))


def test_an_archive_is_the_film_without_loss(final: Path, tmp_path: Path) -> None:
    out, archive = tmp_path / "film.mkv", SHIPPED["archive"]
    files = [
        Attachment("film.srt", "application/x-subrip", "1\n00:00:00,000 --> 00:00:01,000\nNobody — today.\n".encode()),
        Attachment("film.manifest.json", "application/json", b'{"title": "Nobody"}'),
    ]
    marks = [Chapter("The quay", 0, 12), Chapter("The ferry", 12, FRAMES)]
    labels = Labels({"title": "Nobody"}, language="eng", chapters=marks)
    make_version(out, archive, picture(final, archive.picture), noise(), labels=labels, attachments=files)
    before, after = frames_of(final, "yuv420p"), frames_of(out, "yuv420p")
    assert all(np.array_equal(each, other) for each, other in zip(before, after, strict=True))
    assert np.array_equal(samples_of(out), np.concatenate([*noise()]))
    with av.open(str(out)) as container:
        attached = [each for each in container.streams if each.type == "attachment"]
        assert [(each.name, each.mimetype, bytes(each.data)) for each in attached] == [
            (each.name, each.mime_type, each.content) for each in files
        ]
        assert (container.streams.video[0].codec_context.name, container.streams.audio[0].codec_context.name) == (
            "ffv1",
            "flac",
        )
        assert container.streams.audio[0].metadata["language"] == "eng"
        found = [
            (each["metadata"]["title"], round(each["start"] * each["time_base"] * RATE))
            for each in container.chapters()
        ]
        assert found == [("The quay", 0), ("The ferry", 12)]
        config = container.streams.video[0].codec_context.extradata
    assert config  # only FFV1 from version 2 on has one


def remainder(data: bytes) -> int:
    """The CRC of RFC 9043, 4.9.3: polynomial 0x04C11DB7, highest bit first, from 0; 0 for a slice that is whole."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x104C11DB7 if value >> 31 else 0)) & 0xFFFFFFFF
    return value


def test_every_slice_of_an_archive_carries_its_checksum(final: Path, tmp_path: Path) -> None:
    out, archive = tmp_path / "film.mkv", SHIPPED["archive"]
    make_version(out, archive, picture(final, archive.picture), noise(), labels=Labels())
    with av.open(str(out)) as container:
        packet = next(bytes(each) for each in container.demux(video=0) if each.size)
    slices = []
    while packet:  # from the last: each ends in its size in 3 bytes, a status and the checksum (RFC 9043, 4.9)
        size = int.from_bytes(packet[-8:-5], "big") + 8
        slices.append(packet[-size:])
        packet = packet[:-size]
    assert len(slices) == 4
    assert [remainder(each) for each in slices] == [0, 0, 0, 0]
    assert remainder(slices[0][:50] + bytes([slices[0][50] ^ 1]) + slices[0][51:]) != 0


def test_a_broadcast_master_is_prores_close_to_the_film(final: Path, tmp_path: Path) -> None:
    out, broadcast = tmp_path / "film.mov", SHIPPED["broadcast"]
    labels = Labels({"title": "Nobody"}, time_code="01:00:00:00")
    make_version(out, broadcast, picture(final, broadcast.picture), noise(), labels=labels)
    for before, after in zip(frames_of(final, "yuv444p"), frames_of(out, "yuv444p"), strict=True):
        error = np.mean((before.astype(float) - after.astype(float)) ** 2)
        assert 10 * np.log10(255**2 / error) > 42
    assert np.array_equal(samples_of(out), np.concatenate([*noise()]))
    with av.open(str(out)) as container:
        stream, heard = container.streams.video[0], container.streams.audio[0]
        context = stream.codec_context
        assert (context.name, context.codec_tag, context.pix_fmt) == ("prores", "apch", "yuv422p10le")
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)
        assert (stream.frames, stream.average_rate, stream.metadata["timecode"]) == (FRAMES, RATE, "01:00:00:00")
        assert (heard.codec_context.name, heard.duration) == ("pcm_s24le", SAMPLES)


def test_a_narrow_version_shows_each_clip_s_part(final: Path, tmp_path: Path) -> None:
    """Three clips: at the left edge, in the middle, at the right edge. 9:16 of 160 × 90 is 50 pixels: three columns."""
    out, vertical = tmp_path / "film.mp4", SHIPPED["vertical"]
    vertical = vertical.model_copy(
        update={"picture": PictureFormat(codec="h264", crf=8, aspect="9:16", width=144, enlarge=True)}
    )
    crops = Crop(0, 0.0), Crop(10, 0.5), Crop(20, 1.0)
    make_version(out, vertical, picture(final, vertical.picture, crops), noise(), labels=Labels())
    found = frames_of(out, "gray")
    assert len(found) == FRAMES
    assert {frame.shape for frame in found} == {(256, 144)}
    left, middle, right = [shown_columns(frame) for frame in (found[9], found[10], found[29])]
    assert left == [0, 1, 2]
    assert middle in ([4, 5], [3, 4, 5, 6])
    assert right == [7, 8, 9]
    assert shown_columns(found[0]) == left
    assert shown_columns(found[19]) == middle
    assert shown_columns(found[20]) == right


@pytest.mark.parametrize("name", ["web", "vertical", "square"])
def test_a_version_for_players_is_as_long_as_the_film_to_the_sample(final: Path, tmp_path: Path, name: str) -> None:
    out, deliverable = tmp_path / "film.mp4", SHIPPED[name]
    assert deliverable.picture is not None
    small = deliverable.picture.model_copy(update={"enlarge": False})
    deliverable = deliverable.model_copy(update={"picture": small})
    make_version(out, deliverable, picture(final, small), noise(), labels=Labels())
    assert len(samples_of(out)) == SAMPLES
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.codec_tag, context.profile, context.pix_fmt) == (
            "h264",
            "avc1",
            "High",
            "yuv420p",
        )
        assert (stream.frames, stream.start_time, stream.sample_aspect_ratio) == (FRAMES, 0, 1)
        keyframes = [each.pts for each in container.demux(stream) if each.is_keyframe]
        assert keyframes[0] == 0


@pytest.mark.parametrize("bits", [16, 24, 32])
def test_sound_alone(tmp_path: Path, bits: int) -> None:
    out = tmp_path / "film.music.wav"
    stems = SHIPPED["stems"]
    deliverable = stems.model_copy(update={"sound": stems.sound.model_copy(update={"bits": bits})})
    make_sound_version(out, deliverable, noise(5000), 5000)
    wanted = np.concatenate([*noise(5000)])
    found = samples_of(out)
    assert found.shape == wanted.shape
    if bits == 16:
        assert 0 < np.abs(found - wanted).max() <= 1.51 / 2**15  # dithered: at most one and a half steps
    else:
        assert np.array_equal(found, wanted)


def loud(bits: int) -> Deliverable:
    stems = SHIPPED["stems"]
    return stems.model_copy(update={"sound": stems.sound.model_copy(update={"bits": bits})})


def test_what_is_beyond_full_scale_is_kept_in_floating_point_and_refused_elsewhere(tmp_path: Path) -> None:
    blocks = [np.full((100, 2), 1.5, np.float32)]
    make_sound_version(tmp_path / "a.wav", loud(32), blocks, 100)
    assert np.array_equal(samples_of(tmp_path / "a.wav"), blocks[0])
    with pytest.raises(CutError, match=r"reaches 3\.5 dB above full scale, which 24 bits can't hold: declare bits: 32"):
        make_sound_version(tmp_path / "b.wav", loud(24), blocks, 100)
    assert not (tmp_path / "b.wav").exists()


@pytest.mark.parametrize("samples", [SAMPLES - 1, SAMPLES + 1, 0])
def test_sound_of_another_length_is_refused(final: Path, tmp_path: Path, samples: int) -> None:
    web = SHIPPED["web"]
    with pytest.raises(CutError, match=f"the sound has {samples} samples, the picture lasts"):
        make_version(tmp_path / "film.mp4", web, picture(final, web.picture), noise(samples), labels=Labels())
    assert [*tmp_path.iterdir()] == []


def test_a_film_of_another_length_is_refused(final: Path, tmp_path: Path) -> None:
    web = SHIPPED["web"]
    longer = replace(picture(final, web.picture), frames=FRAMES + 1)
    with pytest.raises(CutError, match=f"it has {FRAMES} of {FRAMES + 1} frames; make it again"):
        make_version(tmp_path / "film.mp4", web, longer, noise(), labels=Labels())
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("name", ["web", "broadcast"])
def test_subtitles_are_shown_from_frame_to_frame(final: Path, tmp_path: Path, name: str) -> None:
    deliverable = SHIPPED[name]
    out = tmp_path / f"film{deliverable.suffix}"
    texts = [(3, 9, "Nobody today."), (12, FRAMES, "Nobody\nat all — ?")]
    labels = Labels(language="eng", subtitles=texts)
    make_version(out, deliverable, picture(final, deliverable.picture), noise(), labels=labels)
    with av.open(str(out)) as container:
        stream = container.streams.subtitles[0]
        assert stream.metadata["language"] == "eng"
        found = []
        for packet in container.demux(stream):
            if packet.size > 2 and packet.pts is not None:
                first = round(packet.pts * packet.time_base * RATE)
                end = round((packet.pts + (packet.duration or 0)) * packet.time_base * RATE)
                found.append((first, end, bytes(packet)[2:].decode()))
    assert found == texts


@pytest.mark.parametrize(("language", "number"), [("eng", 0), ("deu", 2), ("swe", 5), ("zho", 19), ("hrv", 18)])
def test_a_mov_file_numbers_its_language(final: Path, tmp_path: Path, language: str, number: int) -> None:
    """QuickTime File Format, Language Code Values: in the media header of each track, behind its times and length."""
    out, broadcast = tmp_path / "film.mov", SHIPPED["broadcast"]
    labels = Labels(language=language, time_code="01:00:00:00")
    make_version(out, broadcast, picture(final, broadcast.picture), noise(), labels=labels)
    headers = out.read_bytes().split(b"mdhd")[1:]
    assert [int.from_bytes(header[20:22], "big") for header in headers] == [number] * 3


def test_a_wav_file_has_room_to_grow_beyond_4_gib(tmp_path: Path) -> None:
    """RF64 (EBU Tech 3306): the header has a chunk of the size of ``ds64``, into which a longer file's size goes."""
    out = tmp_path / "a.wav"
    make_sound_version(out, SHIPPED["stems"], noise(100), 100)
    head = out.read_bytes().partition(b"data")[0]
    assert head.startswith(b"RIFF")
    assert b"JUNK" + (28).to_bytes(4, "little") in head
