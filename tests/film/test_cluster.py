"""A build whose jobs run on the nodes of a cluster, each by a Snakemake of its own in an environment of its own."""

from __future__ import annotations

from pathlib import Path

from kit.build import write_short_film
from kit.film import Film

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
