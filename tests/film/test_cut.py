"""A film with every element of the edit, built by the real Snakefile and decoded again."""

from __future__ import annotations

import json
import resource
import shutil
import signal
import subprocess
import sys
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from kit.build import Recorded, building, films, left_over
from kit.film import Film, write_film
from kit.movie import sound_samples
from vtx_app.media.codec import samples_for
from vtx_app.media.mp4 import read_tracks

FINAL = "renders/final/harbour.mp4"

EDIT = """\
version: 1
clips:
  A01_S01_SH001: {in: 1, out: 7}
  A01_S01_SH002: {hold: {first: 2, last: 3}}
  A01_S02_SH002: {repeat: 2}
  A02_S01_SH001: {in: 2}
transitions:
  - {before: A01_S01_SH001, fade_in: 3}
  - {after: A01_S01_SH001, dissolve: 2}
  - {after: A01_S02_SH001, dip: 4, colour: "#204060"}
  - {after: A02_S01_SH002, fade_out: 3}
titles:
  - {before: A01_S01_SH001, text: Harbour, frames: 6, fade: 2, size: 12}
  - {over: A01_S02_SH002, text: Noon, frames: 3, from: 2, fade: 1, size: 12}
  - {after: A01_S02_SH002, text: Later, frames: 4, size: 12}
end_card: {text: The end, frames: 5, size: 12}
end_roll: {file: story/roll.txt, frames: 9, size: 12}
"""


def write_cut_film(root: Path) -> Film:
    film = write_film(root)
    film.edit("metadata.yaml", 'title: "Harbour"', 'language: de-AT\ntitle: "Harbour"')
    film.write("story/05_edit.yaml", EDIT)
    film.write("story/roll.txt", "Mara\tAnna\nIvo\tBen\n")
    return film


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Film:
    film = write_cut_film(tmp_path_factory.mktemp("cut"))
    film.build()
    return film


def pictures(path: Path) -> NDArray[np.uint8]:
    with av.open(str(path)) as container:
        return np.array([frame.to_ndarray() for frame in container.decode(video=0)])


def timeline(film: Film) -> dict[str, list[dict[str, int]]]:
    found: dict[str, list[dict[str, int]]] = json.loads(film.read("renders/final/harbour.manifest.json"))
    return found


def test_every_frame_is_its_clips_or_its_drawn_pieces(cut: Film) -> None:
    """Frames outside of transitions and titles are, when decoded, those of the delivered clips."""
    film, manifest = pictures(cut.folder / FINAL), timeline(cut)
    covered = np.zeros(len(film), int)
    for piece in manifest["drawn"]:
        drawn = pictures(cut.folder / str(piece["file"]))
        stretch = slice(piece["in_frame"], piece["out_frame"])
        assert np.array_equal(film[stretch], drawn)
        covered[stretch] += 1
    assert covered.max() == 1
    for use in manifest["clips"]:
        clip = pictures(cut.folder / str(use["file"]))
        record = json.loads(cut.read(str(use["file"]).replace(".mp4", ".render.json")))
        first = use["first_frame"] - record["first_frame"]
        for frame in range(use["in_frame"], use["out_frame"]):
            if not covered[frame]:
                assert np.array_equal(film[frame], clip[first + frame - use["in_frame"]]), (use, frame)
    shown = {frame for use in manifest["clips"] for frame in range(use["in_frame"], use["out_frame"])}
    assert all(covered[frame] or frame in shown for frame in range(len(film)))
    assert len(film) == manifest["frames"]


def test_picture_and_sound_have_their_exact_lengths_in_one_setting(cut: Film) -> None:
    frames = int(timeline(cut)["frames"])  # type: ignore[call-overload]
    assert sound_samples(cut.folder / FINAL) == samples_for(frames, Fraction(8))
    acts = [read_tracks(path)[0].packets for path in sorted(cut.folder.glob("renders/acts/*.mp4"))]
    assert sum(acts) == frames
    kinds = ("clips", "inserts", "acts", "final")
    tracks = [read_tracks(path) for kind in kinds for path in cut.folder.glob(f"renders/{kind}/*.mp4")]
    assert {track[0].codec for track in tracks} == {"avc1"}
    assert len({track[0].config for track in tracks}) == 1
    assert {track.codec for each in tracks for track in each[1:]} == {"mp4a"}
    assert [len(read_tracks(path)) for path in cut.folder.glob("renders/inserts/*.mp4")] == [1] * len(
        timeline(cut)["drawn"]
    )


def test_the_final_says_what_it_is(cut: Film) -> None:
    with av.open(str(cut.folder / FINAL)) as container:
        assert container.metadata["title"] == "Harbour"
        assert {stream.language for stream in (container.streams.video[0], container.streams.audio[0])} == {"deu"}
        found = [chapter["start"] * chapter["time_base"] * 8 for chapter in container.chapters()]
    assert found == [chapter["in_frame"] for chapter in timeline(cut)["chapters"]]


def test_its_date_is_that_of_the_newest_take(cut: Film) -> None:
    (cut.folder / FINAL).unlink()
    cut.build(env={"SOURCE_DATE_EPOCH": ""})
    records = [json.loads(path.read_text()) for path in cut.folder.glob("renders/takes/*/*.json")]
    with av.open(str(cut.folder / FINAL)) as container:
        created = datetime.fromisoformat(container.metadata["creation_time"])
    assert created == max(datetime.fromisoformat(record["rendered_at"]) for record in records)


# -- killed, and no room -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Film:
    film = write_cut_film(tmp_path_factory.mktemp("undisturbed"))
    film.build()
    return film


@pytest.fixture
def taken(undisturbed: Film, tmp_path: Path) -> Film:
    """The film with its takes, and nothing made of them."""
    film = write_cut_film(tmp_path / "film")
    shutil.copytree(undisturbed.folder / "renders/takes", film.folder / "renders/takes")
    return film


@pytest.mark.parametrize("kind", ["inserts", "acts", "final"])
def test_killed_while_it_draws_or_joins(taken: Film, undisturbed: Film, tmp_path: Path, kind: str) -> None:
    record = Recorded(tmp_path / "record")
    with building(taken, "final", env=record.environment(before=f"*/renders/{kind}/*.mp4")) as build:
        assert build.wait_until(record.standing), build.said
        build.signal(signal.SIGKILL, group=True)
        build.end()
    assert left_over(taken)
    right = films(undisturbed)
    assert [name for name, data in films(taken).items() if data != right[name]] == []
    taken.build()
    assert films(taken) == right
    assert left_over(taken) == []


@pytest.mark.parametrize(
    ("made", "job"),
    [
        ("inserts/A01_S02_SH002__title", ("insert", "--insert", "A01_S02_SH002__title")),
        ("acts/A02", ("cut", "--part", "A02")),
        ("final/harbour", ("cut", "--part", "final")),
    ],
)
def test_no_room_for_a_piece_an_act_or_the_film(
    taken: Film, undisturbed: Film, made: str, job: tuple[str, ...]
) -> None:
    shutil.copytree(undisturbed.folder / "renders", taken.folder / "renders", dirs_exist_ok=True)
    path = taken.folder / f"renders/{made}.mp4"
    limit = path.stat().st_size - 1
    path.unlink()

    def run(size: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", f"vtx_app.jobs.{job[0]}", "--project", "harbour", "--tier", "final", *job[1:]],
            cwd=taken.root,
            env=taken.environment(),
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        )

    done = run(limit)
    assert done.returncode == 1, done.stderr
    assert "can't be written to projects/harbour/renders/" in done.stderr
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert not path.exists()
    assert left_over(taken) == []
    assert run(10**9).returncode == 0
    assert films(taken) == films(undisturbed)
