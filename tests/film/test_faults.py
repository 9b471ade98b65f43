"""Faults of the machine while a film is built: one message that says what to do, and nothing is lost."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kit import warm
from kit.build import building, films, identities, left_over
from kit.film import CLIPS, Film
from vtx_app.media.reader import probe

QUAY, MARA, WHEELHOUSE, WINDOW, IVO, DREAM = CLIPS
FINAL = "renders/final/harbour.mp4"


def refused(film: Film, *words: str, file_size: int | None = None, before: Callable[[], None] | None = None) -> str:
    """What a build says that ends in a message."""
    with building(film, *(words or ("final",)), file_size=file_size, before=before) as build:
        assert build.end() == 1, build.said
    assert "Traceback" not in build.said, build.said
    assert left_over(film) == []
    return build.said


def smallest(film: Film, pattern: str) -> int:
    return min(path.stat().st_size for path in film.folder.glob(pattern))


# -- no room ---------------------------------------------------------------------------------------


def test_no_room_for_a_take(made: Film, finished: Film) -> None:
    limit = smallest(made, "renders/takes/*/*.mp4") - 1
    shutil.rmtree(made.folder / "renders")
    said = refused(made, file_size=limit)
    assert "the take can't be written to projects/harbour/renders/takes/A02_S01_SH00" in said
    assert "File too large. Raise the limit" in said
    assert "run the build again" in said
    assert films(made) == {}
    made.build()
    assert films(made) == films(finished)


def test_no_room_for_a_clip(made: Film, finished: Film) -> None:
    limit = smallest(made, "renders/clips/*.mp4") - 1
    for name in ("clips", "acts", "final"):
        shutil.rmtree(made.folder / "renders" / name)
    takes = identities(made)
    said = refused(made, file_size=limit)
    assert "mp4 can't be written to projects/harbour/renders/clips: File too large. Raise the limit" in said
    assert sorted({name.split("/")[1] for name in films(made)}) == ["takes"]
    made.build()
    assert films(made) == films(finished)
    assert identities(made) == takes


def test_no_room_for_another_cut_leaves_the_film_that_was_there(made: Film) -> None:
    before = (made.folder / FINAL).read_bytes()
    made.edit("metadata.yaml", 'title: "Harbour"', 'title: "The harbour"')
    said = refused(made, f"projects/harbour/{FINAL}", file_size=len(before) - 1)
    assert "harbour.mp4 can't be written to projects/harbour/renders/final: File too large" in said
    assert (made.folder / FINAL).read_bytes() == before
    assert probe(made.folder / FINAL).frames == 2 * 2 * 24
    made.build()
    assert (made.folder / FINAL).read_bytes() != before


# -- no right --------------------------------------------------------------------------------------


def obey_permissions() -> None:
    """Root passes by permissions; without CAP_DAC_OVERRIDE (1) and CAP_DAC_READ_SEARCH (2) it does not."""
    drop = 24  # PR_CAPBSET_DROP, prctl(2); for anyone but root there is nothing to drop
    for capability in (1, 2):
        ctypes.CDLL(None).prctl(drop, capability, 0, 0, 0)


@pytest.mark.parametrize("name", ["takes/A02_S01_SH001", "clips"])
def test_a_folder_that_can_not_be_written(made: Film, finished: Film, name: str) -> None:
    folder = made.folder / "renders" / name
    for path in made.folder.glob("renders/[acf]*/*.mp4"):
        path.unlink()
    for path in folder.glob("*.mp4"):
        path.unlink()
    folder.chmod(0o555)
    said = refused(made, before=obey_permissions)
    assert f"can't be written to projects/harbour/renders/{name}: Permission denied. Make the folder writable" in said
    folder.chmod(0o755)
    made.build()
    assert films(made) == films(finished)


# -- damage by hand --------------------------------------------------------------------------------


def cut_short(path: Path) -> bytes:
    """Leave the first two thirds of a file."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    return path.read_bytes()


def test_a_damaged_take_is_told_and_never_rendered_over(made: Film, finished: Film, tmp_path: Path) -> None:
    (take,) = (made.folder / "renders/takes/A02_S01_SH001").glob("*.mp4")
    damaged = cut_short(take)
    for name in ("clips", "acts", "final"):
        shutil.rmtree(made.folder / "renders" / name)
    said = refused(made)
    assert f"A02_S01_SH001: the take is damaged: {take.relative_to(made.root)}" in said
    assert "move it away, and the next build renders it again" in said
    assert take.read_bytes() == damaged
    take.rename(tmp_path / "away.mp4")
    made.build()
    assert films(made) == films(finished)


def test_a_clip_is_not_continued_from_a_damaged_take(made: Film) -> None:
    (take,) = (made.folder / "renders/takes/A02_S01_SH001").glob("*.mp4")
    cut_short(take)
    made.edit_clip(DREAM, "type: t2v", "continue_from: A02_S01_SH001")
    said = refused(made)
    assert f"A02_S01_SH001: the take is damaged: {take.relative_to(made.root)}" in said


def test_a_damaged_clip_is_conformed_anew(made: Film, finished: Film) -> None:
    cut_short(made.folder / f"renders/clips/{IVO}.mp4")
    takes = identities(made)
    assert made.dry_run().nothing  # the film that is there was cut when the clip was whole
    jobs = made.dry_run("clips")
    assert (jobs.takes, jobs.clips, jobs.acts, jobs.final) == ([], ["A02_S01_SH001"], [], False)
    made.build("clips")
    assert films(made) == films(finished)
    assert identities(made) == takes


# -- an edit while it builds -----------------------------------------------------------------------


def job(film: Film, name: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"vtx_app.jobs.{name}", "--project", "harbour", *words],
        cwd=film.root,
        env=warm.environment(film.environment() | {"VTX_CONFIG": "{}"}),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_spec_that_was_edited_after_the_plan(made: Film) -> None:
    (digest,) = made.takes()["A02_S01_SH001"]
    before = films(made)
    made.edit_clip(IVO, "waving", "shouting")
    for done in (
        job(made, "take", "--tier", "", "--clip", "A02_S01_SH001", "--digest", digest),
        job(made, "clip", "--tier", "", "--clip", IVO),
        job(made, "cut", "--tier", "", "--part", "A02"),
        job(made, "cut", "--tier", "", "--part", "A07"),
    ):
        assert done.returncode == 1, done.stderr
        assert "Run the build again" in done.stderr
        assert "Traceback" not in done.stderr
    assert films(made) == before
    assert left_over(made) == []


def test_the_machine_state_can_not_be_written(made: Film) -> None:
    made.edit("metadata.yaml", 'title: "Harbour"', 'title: "The harbour"')
    (made.root / ".vtx/locks").rmdir()
    (made.root / ".vtx/locks").write_text("not a folder")
    said = refused(made)
    assert "can't be written to .vtx" in said
    (made.root / ".vtx/locks").unlink()
    made.build()
