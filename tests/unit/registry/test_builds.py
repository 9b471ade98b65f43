"""Locks of builds: cleared where nobody holds them any more, respected where somebody does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from vtx_app.errors import ProjectError
from vtx_app.registry.builds import LivingBuild, _owner, clear_stale_locks, living_builds, sign_locks
from vtx_app.render.build_process import BuildProcess

HARBOUR = ["projects/harbour"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start something that is called snakemake, in a folder, and wait until it runs."""
    script = tmp_path / "bin" / "snakemake"
    script.parent.mkdir()
    script.write_text("import time\nprint('up', flush=True)\ntime.sleep(60)\n")
    every: list[subprocess.Popen[bytes]] = []

    def run(*words: str, cwd: Path) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, str(script), *words], cwd=cwd, stdout=subprocess.PIPE)
        every.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        return process

    yield run
    for process in every:
        process.kill()
        process.communicate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "films"
    made.mkdir()
    return made


def lock(folder: Path, *paths: str, name: str = "0.output.lock", age: float = 0) -> Path:
    path = folder / ".snakemake" / "locks" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(paths) + "\n", encoding="utf-8", errors="surrogateescape")
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_the_locks_of_a_build_that_is_no_more_are_removed(folder: Path, start: Callable[..., object]) -> None:
    assert clear_stale_locks(folder, HARBOUR) == 0
    locks = [lock(folder, "projects/harbour/x.mp4"), lock(folder, "a", name="0.input.lock")]
    start("final", cwd=folder.parent)  # somewhere else
    assert clear_stale_locks(folder, HARBOUR) == 2
    assert not [path for path in locks if path.exists()]


def test_a_build_at_work_is_respected_and_named(folder: Path, start: Callable[..., subprocess.Popen[bytes]]) -> None:
    process = start("final", "--cores", "2", cwd=folder)
    path = lock(folder, "projects/harbour/renders/final/harbour.mp4")
    said = (
        rf"another build is at work on these films: process {process.pid}, since \d\d:\d\d: snakemake final --cores 2;"
    )
    with pytest.raises(ProjectError, match=said):
        clear_stale_locks(folder, HARBOUR)
    assert path.exists()
    process.kill()
    process.wait()
    assert clear_stale_locks(folder, HARBOUR) == 1


def test_of_two_locks_the_one_that_is_older_than_every_build_is_stale(
    folder: Path, start: Callable[..., object]
) -> None:
    old = lock(folder, "projects/harbour/renders/final/harbour.mp4", age=3600)
    start("final", cwd=folder)
    living = lock(folder, "projects/ferry/renders/final/ferry.mp4", name="1.output.lock")
    assert clear_stale_locks(folder, HARBOUR) == 1
    assert (old.exists(), living.exists()) == (False, True)
    with pytest.raises(ProjectError, match="another build"):
        clear_stale_locks(folder, ["projects/ferry"])


def sign(path: Path, host: str, process: BuildProcess | str | None) -> None:
    path.with_suffix(".owner").write_text(f"{host} {process}\n")


def test_a_signed_lock_is_its_builds_whatever_the_clock_says(folder: Path, start: Callable[..., Any]) -> None:
    process = start("final", cwd=folder)
    mine = lock(folder, "projects/harbour/x.mp4", age=86400)  # the clock was put forward since
    sign(mine, os.uname().nodename, BuildProcess.of(process.pid))
    dead = lock(folder, "projects/ferry/x.mp4", name="1.output.lock", age=-3600)  # and back again
    sign(dead, os.uname().nodename, f"{process.pid}-1")  # a number that is used again
    os.utime(dead.with_suffix(".owner"), (dead.stat().st_mtime,) * 2)
    with pytest.raises(
        ProjectError, match=f"process {process.pid}, since .*: snakemake final; wait until it has ended"
    ):
        clear_stale_locks(folder, HARBOUR)
    assert clear_stale_locks(folder, ["projects/ferry"]) == 1
    assert not list(dead.parent.glob("1.*"))


def test_a_process_signs_its_own_locks(folder: Path) -> None:
    path = lock(folder, "projects/harbour/x.mp4")
    sign_locks([str(path), str(folder / "no such folder/0.input.lock")])
    with pytest.raises(ProjectError, match=f"these films: process {os.getpid()}; wait"):
        clear_stale_locks(folder, HARBOUR)


def test_a_build_of_another_machine_is_respected_and_named(folder: Path) -> None:
    path = lock(folder, "projects/harbour/x.mp4")
    sign(path, "render-box", "4711-99")
    with pytest.raises(ProjectError, match=r"process 4711 of render-box; look there, .*: snakemake --unlock"):
        clear_stale_locks(folder, HARBOUR)
    assert path.exists()


@pytest.mark.parametrize("text", [b"", b"host", b"host x-y", b"\xff\xfe 1-1"])
def test_a_word_that_can_t_be_read_is_none(folder: Path, text: bytes) -> None:
    lock(folder, "projects/harbour/x.mp4").with_suffix(".owner").write_bytes(text)
    assert clear_stale_locks(folder, HARBOUR) == 1


def test_a_word_that_is_older_than_the_lock_is_of_another_build(folder: Path) -> None:
    path = lock(folder, "projects/harbour/x.mp4")
    sign(path, os.uname().nodename, BuildProcess.of(os.getpid()))
    os.utime(path.with_suffix(".owner"), (0, 0))
    assert clear_stale_locks(folder, HARBOUR) == 1


def test_a_build_of_another_user_may_hold_that_users_locks_alone(folder: Path) -> None:
    path = lock(folder, "projects/harbour/x.mp4")
    for user, holds in ((os.getuid(), True), (os.getuid() + 1, False)):
        build = LivingBuild(1, 0.0, ("final",), user)
        assert bool(_owner(path, [build])) is holds


def test_a_name_that_only_begins_the_same_is_another_film(folder: Path, start: Callable[..., object]) -> None:
    start("final", cwd=folder)
    lock(folder, "projects/harbour-2/renders/final/harbour-2.mp4", "\udcff")
    assert clear_stale_locks(folder, HARBOUR) == 0


def test_those_that_only_look_hold_nothing(folder: Path, start: Callable[..., object]) -> None:
    start("-n", "final", cwd=folder)
    start("--unlock", cwd=folder)
    assert living_builds(folder) == []


def test_what_is_only_called_so_is_no_build(folder: Path) -> None:
    with subprocess.Popen(["sleep", "60"], cwd=folder) as process:
        assert living_builds(folder) == []
        process.kill()
    words = [sys.executable, "-c", "input()", "a", "b", "snakemake"]
    with subprocess.Popen(words, cwd=folder, stdin=subprocess.PIPE) as process:
        assert living_builds(folder) == []
        process.communicate(b"\n")


def test_it_is_known_as_a_module_too(folder: Path) -> None:
    (folder / "snakemake.py").write_text("print('up', flush=True)\ninput()\n")
    words = [sys.executable, "-m", "snakemake", "clips"]
    with subprocess.Popen(words, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        (build,) = living_builds(folder)
        assert (build.pid, build.words) == (process.pid, ("clips",))
        assert abs(build.began - time.time()) < 30
        process.communicate(b"\n")
