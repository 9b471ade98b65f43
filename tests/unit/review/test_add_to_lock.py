"""What a film's first renders lock."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kit.film import Film as FilmFiles
from kit.locked_film import CHECKPOINT, FP8, GEMMA, film, lock_of, new_lock, old_lock
from kit.ltx.standin_package import install_standin
from kit.shot import print_of
from vtx_app.formats.film_lock import FilmLock
from vtx_app.review.relock import add_to_lock


def test_the_first_take_locks_the_film_to_its_models(files: FilmFiles) -> None:
    slots = {CHECKPOINT: print_of("a"), "path:look.safetensors": print_of("b")}
    add_to_lock(film(), slots, FP8)
    assert lock_of(files) == new_lock(slots, FP8)
    assert film().lock == lock_of(files)


def test_what_a_lock_says_stays(files: FilmFiles) -> None:
    add_to_lock(film(), {CHECKPOINT: print_of("a")}, None)
    add_to_lock(film(), {CHECKPOINT: print_of("other"), GEMMA: print_of("b")}, FP8)
    assert lock_of(files) == new_lock({CHECKPOINT: print_of("a"), GEMMA: print_of("b")})


def test_a_job_that_read_the_film_before_another_wrote_changes_nothing_of_it(files: FilmFiles) -> None:
    early = film()
    add_to_lock(film(), {CHECKPOINT: print_of("a")}, FP8)
    add_to_lock(early, {CHECKPOINT: print_of("other"), GEMMA: print_of("b")}, None)
    assert lock_of(files) == new_lock({CHECKPOINT: print_of("a"), GEMMA: print_of("b")}, FP8)


def test_a_lock_that_knows_all_is_not_written_again(files: FilmFiles) -> None:
    """A person's comments in it stay, and so does its date."""
    text = f"# ours\nversion: 1\nmodels:\n  {CHECKPOINT}: {print_of('a')}\n"
    path = files.write("film.lock.yaml", text)
    before = path.stat().st_mtime_ns
    add_to_lock(film(), {CHECKPOINT: print_of("other")}, FP8)
    assert path.read_text() == text
    assert path.stat().st_mtime_ns == before


def test_a_lock_that_a_person_began_without_models_is_completed(files: FilmFiles) -> None:
    files.write("film.lock.yaml", "version: 1\n")
    add_to_lock(film(), {CHECKPOINT: print_of("a")}, FP8)
    assert lock_of(files) == new_lock({CHECKPOINT: print_of("a")}, FP8)


LOCKS = """\
import sys
from vtx_app.review.relock import add_to_lock
from vtx_app.project.load import load_film

name, quantization, *slots = sys.argv[1:]
film = load_film("harbour")
print("read", flush=True)
sys.stdin.readline()
add_to_lock(film, dict(slot.split("=") for slot in slots), quantization or None)
"""


def test_jobs_that_lock_a_film_at_once_lose_nothing_of_each_others(files: FilmFiles) -> None:
    """All read the film before any of them writes; the first one decides what all name."""

    def own(name: str) -> str:
        return f"path:{name}.safetensors={print_of(name + ' of its own')}"

    quantizations = {"a": FP8, "b": "", "c": "nvfp4-cast", "d": "fp8-scaled-mm"}
    jobs = [
        subprocess.Popen(
            [sys.executable, "-c", LOCKS, name, quantization, f"{CHECKPOINT}={print_of(name)}", own(name)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=files.environment(),
        )
        for name, quantization in quantizations.items()
    ]
    for job in jobs:
        assert job.stdout is not None
        assert job.stdout.readline() == "read\n"
    for job in jobs:
        assert job.stdin is not None
        job.stdin.write("go\n")
        job.stdin.flush()
    assert [job.communicate() and job.returncode for job in jobs] == [0, 0, 0, 0]
    found = lock_of(files)
    first = next(name for name in quantizations if found.models[CHECKPOINT] == print_of(name))
    assert found.models == dict(own(name).split("=") for name in quantizations) | {CHECKPOINT: print_of(first)}
    assert (found.quantization or "") == quantizations[first]


def test_an_old_film_that_renders_a_new_kind_of_take_stays_as_it_was(files: FilmFiles) -> None:
    files.write("film.lock.yaml", old_lock(CHECKPOINT))
    add_to_lock(film(), {GEMMA: print_of("b")}, None)
    assert lock_of(files) == FilmLock(models={CHECKPOINT: print_of(CHECKPOINT), GEMMA: print_of("b")})
    assert (lock_of(files).prompt_version, film().lock.prompt_version) == (1, 1)


def test_what_a_person_began_a_lock_with_stays(files: FilmFiles) -> None:
    files.write("film.lock.yaml", "prompts: 1\nnegative_prompt: no people\n")
    add_to_lock(film(), {CHECKPOINT: print_of("a")}, None)
    kept: dict[str, Any] = {"prompts": 1, "negative_prompt": "no people", "generations": {}}
    assert lock_of(files) == FilmLock(models={CHECKPOINT: print_of("a")}, **kept)


def test_a_film_is_locked_to_the_negative_prompt_of_the_package(
    files: FilmFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_standin(tmp_path, monkeypatch)
    add_to_lock(film(), {CHECKPOINT: print_of("a")}, None)
    assert lock_of(files).negative_prompt == "has_subtitles, blurry, or AI artifacts."
