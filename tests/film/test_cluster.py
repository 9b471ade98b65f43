"""A build whose jobs run on the nodes of a cluster, each by a Snakemake of its own in an environment of its own."""

from __future__ import annotations

import json
from pathlib import Path

from kit.build import identities, write_short_film
from kit.film import IDS, Film, write_film

NODES = Path(__file__).parent / "cluster"


def test_nodes_see_the_films_of_the_build_and_have_gpus_of_their_own(tmp_path: Path) -> None:
    film, note = write_short_film(tmp_path, seconds=1), tmp_path / "note"
    films = (tmp_path / "projects").rename(tmp_path / "my films")
    env = {"VTX_PROJECTS_ROOT": str(films), "PYTHONPATH": str(NODES), "NODES_NOTE": str(note)}
    takes = wanted(film, env)
    nodes = ("--executor", "nodes", "--jobs", "4", "--seconds-between-status-checks", "1")
    done = film.snakemake(*map(str, takes), *nodes, "--set-resources", "take:gpu=1", env=env)
    assert done.returncode == 0, done.stdout
    assert note.read_text(encoding="utf-8").split() == ["submitted", "submitted", "ended", "ended"]
    made = takes[0].stat().st_ino, takes[0].read_bytes()
    on_node(film, takes[0], env)  # as where another build had planned it, too
    assert (takes[0].stat().st_ino, takes[0].read_bytes()) == made


def test_takes_share_a_job_and_one_that_fails_loses_no_other(tmp_path: Path) -> None:
    """The job is killed and tried again; a take that can't be written isn't tried a third time."""
    film, asked = write_film(tmp_path), tmp_path / "asked"
    film.write("project.env", "VTX_RESOURCES=take:mem_mb=1500 clip:runtime=7\n")
    broken = film.write("renders/takes/A01_S02_SH001", "not a folder\n")  # its take can't be written there
    env = {"PYTHONPATH": str(NODES), "NODES_NOTE": str(tmp_path / "note"), "NODES_ASKED": str(asked)}
    words = ("--executor", "nodes", "--jobs", "4", "--seconds-between-status-checks", "1", "--keep-going")
    grouped = ("--config", "takes_per_job=4", "--set-resources", "take:gpu=1", "--retries", "3")
    failed = film.snakemake("clips", *words, *grouped, env=env | {"NODES_LOSE": "1"})
    assert failed.returncode != 0
    jobs = [json.loads(line) for line in asked.read_text().splitlines()]
    first, again, *others = sorted((job for job in jobs if job["job"] != "clip"), key=lambda job: -job["jobs"])
    one_by_one = {"gpu": 1, "_cores": 1, "jobs": 4}
    assert {key: first[key] for key in one_by_one} == {key: again[key] for key in one_by_one} == one_by_one
    assert [job["mem_mb"] for job in (first, again)] == [1500, 2250]  # killed, and once more with more
    assert again["runtime"] == 2 * first["runtime"] > 4 * others[0]["runtime"]
    assert [(job["jobs"], job["mem_mb"]) for job in others] == [(1, 1500), (1, 1500)]  # with other LoRAs
    assert {job["runtime"] for job in jobs if job["job"] == "clip"} == {7}
    assert set(film.takes()) == set(IDS) - {"A01_S02_SH001", "A01_S02_SH002"}  # the second continues from the first
    made = identities(film)
    broken.unlink()
    done = film.snakemake("clips", *words, "--config", "takes_per_job=4", env=env)
    assert done.returncode == 0, done.stdout
    assert made.items() <= identities(film).items()
    assert set(film.takes()) == set(IDS)


def wanted(film: Film, env: dict[str, str]) -> list[Path]:
    """The takes that a build would render."""
    words = film.dry_run("clips", env=env).text.replace("my films", "my_films").split()
    takes = {word.replace("my_films", "my films") for word in words if word.endswith(".mp4") and "/takes/" in word}
    return sorted(map(Path, takes))


def on_node(film: Film, take: Path, env: dict[str, str]) -> None:
    """Run the job that renders a take once more, with the words of Snakemake's cluster executors."""
    job = f"take:project={film.slug},clip_id={take.parent.name},digest={take.stem}"
    words = ("--target-jobs", job, "--allowed-rules", "take", "--mode", "remote")
    done = film.snakemake(*words, "--force", "--no-hooks", "--nolock", "--latency-wait", "0", env=env)
    assert done.returncode == 0, done.stdout
