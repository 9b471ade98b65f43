"""A job of a build as a node of a cluster runs it: by a Snakemake of its own that is told this one job."""

from __future__ import annotations

from pathlib import Path

from buildkit import identities, write_short_film
from filmkit import Film


def on_node(film: Film, clip_id: str, digest: str) -> str:
    """Run the job that renders this take, with the words of Snakemake's cluster executors; what it says."""
    job = f"take:project={film.slug},clip_id={clip_id},digest={digest}"
    words = ("--target-jobs", job, "--allowed-rules", "take", "--mode", "remote")
    done = film.snakemake(*words, "--force", "--no-hooks", "--nolock", "--latency-wait", "0")
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_a_take_that_was_made_since_the_build_was_planned_is_left_as_it_is(tmp_path: Path) -> None:
    film = write_short_film(tmp_path, seconds=1)
    clip_id, digest = wanted(film)[0]
    assert "Render" in on_node(film, clip_id, digest)
    before = identities(film)
    on_node(film, clip_id, digest)
    assert list(before) == [clip_id]
    assert identities(film) == before


def wanted(film: Film) -> list[tuple[str, str]]:
    """Clip id and digest of all takes that a build would render."""
    words = film.dry_run("clips").text.split()
    takes = [Path(word) for word in words if "/renders/takes/" in word and word.endswith(".mp4")]
    return sorted({(take.parent.name, take.stem) for take in takes})
