"""Hand-overs of a real film by the real Snakemake: media once, lists with every trim, nothing of a person's lost."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path

import av
import opentimelineio as otio
import pytest

from kit.build import building, left_over
from kit.command import vtx
from kit.dtd import invalid
from kit.film import Film, write_film
from kit.readers import ffprobe

FOLDER = "renders/handover/harbour"
EDIT = """\
# the cut
clips:
  A01_S01_SH001: {out: 20, gain_db: -3}   # shorter
transitions:
  - {after: A01_S01_SH002, dissolve: 6}
"""


def folder(film: Film) -> Path:
    return film.folder / FOLDER


def identities(film: Film) -> dict[str, tuple[int, int]]:
    """The files of the media, by what changes when one is written again."""
    return {
        path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in sorted((folder(film) / "media").iterdir())
    }


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Film:
    film = write_film(tmp_path_factory.mktemp("handed"))
    film.edit("metadata.yaml", "fps: 8", "fps: 24")
    film.write("story/05_edit.yaml", EDIT)
    film.build("handover")
    return film


def names(film: Film) -> list[str]:
    return sorted(path.relative_to(folder(film)).as_posix() for path in folder(film).rglob("*") if path.is_file())


def test_the_folder_has_all_that_it_says(handed: Film) -> None:
    found = names(handed)
    assert [name for name in found if name.startswith("media/")] == [
        f"media/{clip_id}_T01.mov" for clip_id in sorted(handed.takes())
    ]
    lists = {f"harbour{suffix}" for suffix in (".otio", ".xml", ".fcpxml", ".edl", ".ale", ".srt", ".vtt")}
    assert lists | {"README.txt", "harbour.handover.json", "stems/harbour.dialogue.wav"} <= set(found)
    assert not any(".part" in name for name in found)
    text = (folder(handed) / "README.txt").read_text()
    assert all(name in text for name in lists)


def test_a_take_is_whole_and_its_list_finds_it(handed: Film) -> None:
    timeline = otio.adapters.read_from_file(str(folder(handed) / "harbour.otio"))
    clips = list(timeline.video_tracks()[0].find_clips())
    assert len(clips) == 6
    for clip in clips:
        path = folder(handed) / clip.media_reference.target_url
        with av.open(str(path)) as film:
            frames = sum(1 for _ in film.decode(video=0))
        assert frames == clip.available_range().duration.value
        tags = [stream for stream in ffprobe(path)["streams"] if stream["codec_tag_string"] == "tmcd"]
        assert len(tags[0]["tags"]["reel_name"]) == 8
    assert clips[0].source_range.duration.value == 20


@pytest.mark.parametrize("suffix", [".fcpxml", ".xml"])
def test_its_xml_keeps_to_apples_document_types(handed: Film, suffix: str) -> None:
    assert invalid((folder(handed) / f"harbour{suffix}").read_text(encoding="utf-8")) == []


def test_nothing_is_made_twice(handed: Film) -> None:
    assert handed.dry_run("handover").nothing


def test_a_trim_makes_the_lists_again_and_no_media(handed: Film) -> None:
    before, cut = identities(handed), (folder(handed) / "harbour.otio").read_bytes()
    handed.edit("story/05_edit.yaml", "out: 20", "out: 18")
    handed.build("handover")
    assert identities(handed) == before
    assert (folder(handed) / "harbour.otio").read_bytes() != cut
    handed.edit("story/05_edit.yaml", "out: 18", "out: 20")
    handed.build("handover")
    assert (folder(handed) / "harbour.otio").read_bytes() == cut


def test_a_list_that_a_person_edited_stays_beside_the_new_one(handed: Film) -> None:
    theirs = "TITLE: mine\n"
    (folder(handed) / "harbour.edl").write_text(theirs)
    assert "you edited it" in handed.build("handover")
    assert (folder(handed) / "harbour.edited1.edl").read_text() == theirs
    assert (folder(handed) / "harbour.edl").read_text().startswith("TITLE: Harbour")
    assert handed.dry_run("handover").nothing


@pytest.fixture
def unfinished(handed: Film, tmp_path: Path) -> Film:
    """The film without its hand-over."""
    shutil.copytree(handed.root, tmp_path / "film", symlinks=True)
    film = Film(tmp_path / "film")
    shutil.rmtree(folder(film))
    return film


def finishes(film: Film, done: list[str], whole: Film) -> None:
    """The next run makes what is missing, and nothing twice; all is as if nothing had happened."""
    before = {name: (folder(film) / name).stat().st_ino for name in done}
    film.build("handover")
    assert {name: (folder(film) / name).stat().st_ino for name in done} == before
    wanted = [name for name in names(whole) if ".edited" not in name]
    assert names(film) == wanted
    for name in wanted:
        if name.startswith(("media/", "stems/")):
            assert (folder(film) / name).read_bytes() == (folder(whole) / name).read_bytes()
    assert left_over(film) == []
    assert film.dry_run("handover").nothing


def test_a_killed_hand_over_goes_on_where_it_was(handed: Film, unfinished: Film) -> None:
    journal = folder(unfinished) / "harbour.handover.journal"
    with building(unfinished, "handover") as build:
        assert build.wait_until(lambda: journal.is_file() and journal.read_bytes().count(b"\n") > 1)
        build.signal(signal.SIGKILL, group=True)
    done = [json.loads(line)["name"] for line in journal.read_text().splitlines()]
    assert len(done) >= 2
    half = folder(unfinished) / "media/.A02_S01_SH002_T01.part.mov"  # of a clip that is in the film no more
    half.write_bytes(b"half")
    finishes(unfinished, done, handed)


def test_no_room_in_the_middle(handed: Film, unfinished: Film) -> None:
    media = [name for name in names(handed) if name.startswith("media/")]
    largest = max((folder(handed) / name).stat().st_size for name in media)
    stem = (folder(handed) / "stems/harbour.dialogue.wav").stat().st_size
    assert largest < stem // 2
    with building(unfinished, "handover", file_size=stem // 2) as build:
        assert build.end() == 1, build.said
    assert "File too large. Raise the limit" in build.said
    assert "Traceback" not in build.said
    there = [name for name in names(unfinished) if not name.startswith("harbour.handover")]
    assert there == media
    assert left_over(unfinished) == []
    finishes(unfinished, there, handed)


def test_alternates_come_along_and_rejected_takes_do_not(handed: Film) -> None:
    clip = "A01_S01_SH001"
    vtx(handed, "take", "reroll", "harbour", clip)
    handed.build("handover")
    handed.snakemake("final", "--scheduler", "greedy")
    handed.build("handover")
    found = [name for name in names(handed) if clip in name]
    assert found == [f"media/{clip}_T01.mov", f"media/{clip}_T02.mov"]
    record = json.loads((folder(handed) / "harbour.handover.json").read_text())
    assert set(found) <= set(record["files"])
    shown = otio.adapters.read_from_file(str(folder(handed) / "harbour.otio")).video_tracks()[0].find_clips()
    assert next(iter(shown)).name == f"{clip}_T01"
    vtx(handed, "take", "reject", "harbour", clip)
    handed.build("handover")
    assert [name for name in names(handed) if clip in name] != found
    assert f"media/{clip}_T01.mov" not in names(handed)


def test_a_rate_without_time_code_has_otio_alone(tmp_path: Path) -> None:
    film = write_film(tmp_path)
    film.edit("metadata.yaml", "fps: 8", "fps: 16")
    film.build("handover")
    lists = {path.suffix for path in folder(film).iterdir() if path.stem == "harbour"}
    assert lists == {".otio", ".srt", ".vtt"}
    assert "no time code for 16 frames per second" in (folder(film) / "README.txt").read_text()
    timeline = otio.adapters.read_from_file(str(folder(film) / "harbour.otio"))
    continued = 1  # A01_S02_SH002 does not show the frame again that the shot before it ends with
    assert timeline.video_tracks()[0].duration() == otio.opentime.RationalTime(6 * 16 - continued, 16)
