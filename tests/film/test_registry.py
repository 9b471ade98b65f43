"""The registry beside real builds: it follows them, finds those that were killed, and may go at any moment."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
import yaml

from kit.build import SHORT_IDS, Recorded, building, films, write_short_film
from kit.command import listed_films, start, vtx, vtx_json
from kit.film import IDS, Film

CLIP = "A02_S01_SH001"


def standing(film: Film) -> dict[str, tuple[str, str]]:
    """(state, error) of every clip."""
    status = vtx_json(film, "projects", "status", film.slug)
    return {clip["clip"]: (clip["state"], clip["error"]) for clip in status["clips"]}


@pytest.fixture
def record(tmp_path: Path) -> Recorded:
    return Recorded(tmp_path / "record")


def test_a_killed_build_is_found_and_gone_on_with_beside_another_film(tmp_path: Path, record: Recorded) -> None:
    film = write_short_film(tmp_path / "film", seconds=2)
    other = write_short_film(film.root, "ferry", seconds=1)
    env = record.environment(still=True, gpu=True) | {"CUDA_VISIBLE_DEVICES": "0", "TMPDIR": str(tmp_path)}
    with building(film, "final", env=env) as build:
        assert build.wait_until(record.standing), build.said
        clip_id, _ = record.standing() or ("", 0)
        (waiting,) = set(SHORT_IDS) - {clip_id}
        assert standing(film) == {clip_id: ("rendering", ""), waiting: ("queued", "")}
        build.signal(signal.SIGKILL, group=True)
    found = vtx_json(film, "registry", "sync")["interrupted"]
    assert sorted(each["subject"] for each in found) == SHORT_IDS
    assert standing(film) == {
        clip_id: ("interrupted", "its process was killed"),
        waiting: ("interrupted", "its build ended before it"),
    }
    assert listed_films(film)["harbour"]["interrupted"] == 2
    assert "interrupted" in vtx(film, "projects", "list")
    said = vtx(film, "resume", "--yes", env=record.environment())
    assert said.count("$ snakemake projects/harbour/renders/final/harbour.mp4 projects/ferry/renders/final/ferry") == 1
    assert all(line["finished"] for line in listed_films(film).values())
    assert set(standing(film).values()) == {("rendered", "")}
    assert (other.folder / "renders/final/ferry.mp4").exists()
    assert "nothing is unfinished" in vtx(film, "resume", "--yes")


def test_resume_beside_a_build_waits_for_it_and_renders_nothing_twice(tmp_path: Path, record: Recorded) -> None:
    film = write_short_film(tmp_path / "film", seconds=2)
    with building(film, "final", env=record.environment(still=True)) as build:
        assert build.wait_until(record.standing), build.said
        clip_id, pid = record.standing() or ("", 0)
        resumed = start(film, "resume", "--yes", env=record.environment())
        assert resumed.stdout is not None
        assert any(f"another build is rendering {clip_id}; waiting for it" in line for line in resumed.stdout)
        assert standing(film)[clip_id] == ("rendering", "")
        build.signal(signal.SIGCONT, to=pid)
        said, _ = resumed.communicate()
        assert (build.end(), resumed.returncode) == (0, 0), build.said + said
    assert record.ended() == SHORT_IDS
    assert listed_films(film)["harbour"]["finished"]


def test_the_registry_is_deleted_in_the_middle_of_a_build(tmp_path: Path, record: Recorded) -> None:
    film = write_short_film(tmp_path / "film", seconds=2)
    with building(film, "final", env=record.environment(still=True)) as build:
        assert build.wait_until(record.standing), build.said
        vtx(film, "projects", "list")
        _, pid = record.standing() or ("", 0)
        for path in (film.root / ".vtx").glob("registry*"):
            path.unlink()
        build.signal(signal.SIGCONT, to=pid)
        assert build.end() == 0, build.said
    assert "registry.sqlite" not in build.said
    assert listed_films(film)["harbour"]["finished"]
    assert film.dry_run("final").nothing


def test_what_a_build_makes_does_not_depend_on_the_registry(tmp_path: Path) -> None:
    film, other = (write_short_film(tmp_path / name, seconds=1) for name in ("with", "without"))
    vtx(film, "registry", "sync")
    film.build()
    (other.root / ".vtx").mkdir()
    (other.root / ".vtx/registry.sqlite").mkdir()  # no registry can be there
    said = other.build()
    assert "registry.sqlite" not in said
    assert films(film) == films(other)


def test_a_job_that_fails_is_told_with_its_error(film: Film) -> None:
    vtx(film, "registry", "sync")
    broken = film.write(f"renders/takes/{CLIP}", "a file where a folder should be")
    done = film.snakemake("clips", "--keep-going", "--scheduler", "greedy")
    assert done.returncode != 0
    state, error = standing(film)[CLIP]
    assert state == "failed"
    assert error
    assert error in done.stdout
    assert listed_films(film)["harbour"]["failed"] == 1
    broken.unlink()
    film.build("clips")
    assert listed_films(film)["harbour"]["failed"] == 0
    assert standing(film)[CLIP] == ("rendered", "")


def test_two_desks_and_a_build_write_at_once(film: Film) -> None:
    vtx(film, "registry", "sync")
    with building(film, "final") as build:
        while build.read(0.005) and build.process.poll() is None:
            desks = [start(film, "registry", "sync", "--json"), start(film, "projects", "list", "--json")]
            for desk in desks:
                said, _ = desk.communicate()
                assert desk.returncode == 0, said
                json.loads(said)
        assert build.end() == 0, build.said
    assert "database is locked" not in build.said
    assert not list((film.root / ".vtx").glob("*damaged*"))
    line = listed_films(film)["harbour"]
    assert (line["rendered"], line["to_render"], line["finished"]) == (6, 0, True)
    assert [each["clip"] for each in vtx_json(film, "projects", "status", "harbour")["clips"]] == IDS

    takes = film.folder / "renders/takes" / CLIP
    others = ["a" * 64, "b" * 64, "c" * 64]
    for digest in others:
        (takes / f"{digest}.mp4").write_bytes(b"another take")
    words = [("reject", "harbour", CLIP, digest[:9]) for digest in others] + [("note", "harbour", CLIP, "softer")]
    for desk in [start(film, "take", *each) for each in words]:
        said, _ = desk.communicate()
        assert desk.returncode == 0, said
    select = yaml.safe_load(film.read(f"review/selects/{CLIP}.yaml"))
    assert sorted(select["rejected"]) == others
    assert film.read(f"review/notes/{CLIP}.md").endswith(" UTC\n\nsofter\n")


def test_a_new_film_builds_its_storyboard_at_once(film: Film) -> None:
    title = "Nobody \"Today\" 🎬: 'no'"
    said = vtx(film, "projects", "new", "ferry", "--title", title)
    new = Film(film.root, "ferry")
    (command,) = [line.strip() for line in said.splitlines() if line.startswith("  snakemake ")]
    new.write("project.env", "PROJECT_WIDTH=256\nPROJECT_HEIGHT=144\n")
    done = film.snakemake(*command.split()[1:], "--scheduler", "greedy")
    assert done.returncode == 0, done.stdout
    assert (new.folder / "renders/animatic/final/ferry.mp4").exists()
    manifest = json.loads(new.read("renders/animatic/final/ferry.manifest.json"))
    assert (manifest["title"], len(manifest["clips"])) == (title, 2)


@pytest.mark.parametrize("words", [("registry", "sync"), ("projects", "list")])
def test_a_sync_in_the_middle_of_a_render_disturbs_nothing(
    tmp_path: Path, record: Recorded, words: tuple[str, str]
) -> None:
    film = write_short_film(tmp_path / "film", seconds=2)
    with building(film, "clips", env=record.environment(still=True)) as build:
        assert build.wait_until(record.standing), build.said
        clip_id, pid = record.standing() or ("", 0)
        vtx(film, *words)
        assert standing(film)[clip_id][0] == "rendering"
        build.signal(signal.SIGCONT, to=pid)
        assert build.end() == 0, build.said
    assert set(standing(film).values()) == {("rendered", "")}
