"""Kills in the middle of real renders: no half take, no orphan, no lost lease, and the next build just goes on.

What renders is a fork of a process that has imported LTX-2 (:mod:`kit.warm`), but for workers and pipelines that are
killed by SIGKILL, crash, or stand still: Python has started those itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from kit.build import Build, building, left_over
from kit.ltx.film import LtxFilm, shot, write_ltx_film
from vtx_app.files import acquire_lock
from vtx_app.media.reader import probe
from vtx_app.render.gpu_lease import lease_path

CLIP = "A01_S01_SH001"
PHASES = {"load": f"{CLIP}: load", "denoise": f"{CLIP}: denoise, stage 1", "encode": f"{CLIP}: decode and write"}
COLD = {"COLD_RENDERS": "1"}
"""No forks of what renders: Python starts it."""
_ENDS_WITHIN = 60.0


def long_film(root: Path, models: dict[str, Path], seconds: float = 4.0, steps: int = 12) -> LtxFilm:
    """A film of one clip that is long enough to be caught in every phase."""
    spec = shot(CLIP, render={"duration": {"mode": "fixed", "seconds": seconds}, "steps": steps})
    return write_ltx_film(root, models, {f"{CLIP}__quay": spec})


@pytest.fixture
def film(tmp_path: Path, models: dict[str, Path]) -> LtxFilm:
    return long_film(tmp_path, models)


def renderers(film: LtxFilm) -> list[psutil.Process]:
    """Every process on this machine that renders for the film: its workers, its pipelines, its take jobs."""
    found = []
    for process in psutil.process_iter():
        try:
            words = " ".join(process.cmdline())
            mine = process.environ().get("TMPDIR") == str(film.home)
        except psutil.Error:
            continue
        if mine and ("render.ltx.worker" in words or "ltx_pipelines." in words or "jobs.take" in words):
            found.append(process)
    return found


def forks(film: LtxFilm) -> list[psutil.Process]:
    """Every process that a server of :mod:`kit.warm` forked to run in the film's folder."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if "kit.warm_server" in process.cmdline() and process.cwd() == str(film.root):
                found.append(process)
    return found


def only(film: LtxFilm, words: str) -> int:
    """The id of the film's process with ``words`` on its command line; 0 where there is none (yet)."""
    return next((process.pid for process in renderers(film) if words in " ".join(process.cmdline())), 0)


def require_clean(film: LtxFilm) -> None:
    """All that rendered has ended, the GPU can be leased, and no take is there that is not whole."""
    _, alive = psutil.wait_procs([*renderers(film), *forks(film)], timeout=_ENDS_WITHIN)
    assert [process.cmdline() for process in alive] == []
    home = Path(str(film.home)) / f"vtx-gpus-{os.getuid()}"
    path = lease_path(home, "0")
    handle = acquire_lock(path, wait=False)
    assert handle is not None
    os.close(handle)  # what stands in the file is for the next worker to see
    for take in (film.folder / "renders/takes").glob("*/*.mp4"):
        if not take.name.startswith("."):
            probe(take)


def require_goes_on(film: LtxFilm, env: dict[str, str]) -> None:
    film.build("final", env=env)
    assert probe(film.folder / "renders/final/harbour.mp4").frames == 32
    assert left_over(film) == []
    require_clean(film)
    assert list(Path(str(film.home)).glob("vtx-worker-*")) == []


def kill(build: Build, film: LtxFilm, victim: str, number: int) -> None:
    if victim == "everything":
        build.signal(number, group=True)
        return
    words = {"take": "jobs.take", "worker": "render.ltx.worker", "pipeline": "ltx_pipelines."}
    build.signal(number, to=build.process.pid if victim == "snakemake" else only(film, words[victim]))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["TERM", "KILL"])
@pytest.mark.parametrize("victim", ["take", "worker", "snakemake", "everything"])
def test_a_render_by_a_worker_is_killed_in_every_phase(film: LtxFilm, victim: str, number: int) -> None:
    env = COLD if (victim, number) == ("worker", signal.SIGKILL) else {}
    for attempt, (phase, words) in enumerate(PHASES.items()):
        film.edit_clip(f"{CLIP}__quay", f"seed: {7 + attempt}", f"seed: {8 + attempt}")  # each has a take to make
        with building(film, "final", "--resources", "gpu=1", env=env) as build:
            assert build.wait_until(seen(build, words)), f"{phase}: {build.said}"
            kill(build, film, victim, number)
            assert build.end() != 0, f"{phase}: {build.said}"
            require_clean(film)
    require_goes_on(film, {})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["TERM", "KILL"])
@pytest.mark.parametrize("victim", ["take", "pipeline", "snakemake"])
def test_a_render_by_a_process_is_killed_in_every_phase(film: LtxFilm, victim: str, number: int) -> None:
    env = {"VTX_RUNNER": "process"} | (COLD if (victim, number) == ("pipeline", signal.SIGKILL) else {})
    moments: dict[str, Callable[[Build], Callable[[], object]]] = {
        "load": lambda _: lambda: only(film, "ltx_pipelines."),
        "denoise": lambda build: seen(build, PHASES["denoise"]),
        "encode": lambda build: seen(build, PHASES["encode"]),
    }
    for attempt, (phase, moment) in enumerate(moments.items()):
        film.edit_clip(f"{CLIP}__quay", f"seed: {7 + attempt}", f"seed: {8 + attempt}")
        with building(film, "final", "--resources", "gpu=1", env=env) as build:
            assert build.wait_until(moment(build)), f"{phase}: {build.said}"
            kill(build, film, victim, number)
            assert build.end() != 0, f"{phase}: {build.said}"
            require_clean(film)
    require_goes_on(film, env)


def seen(build: Build, words: str) -> Callable[[], object]:
    return lambda: words in build.said


def test_a_worker_that_crashes_fails_its_take_alone_and_says_why(tmp_path: Path, models: dict[str, Path]) -> None:
    film = long_film(tmp_path, models)
    film.write("prompts/clips/A01_S01_SH002__next.yaml", shot("A01_S01_SH002"))
    film.write("prompts/clips/A01_S01_SH003__last.yaml", shot("A01_S01_SH003"))
    with building(film, "final", "--resources", "gpu=1", "--keep-going", env=COLD) as build:
        assert build.wait_until(seen(build, PHASES["denoise"])), build.said
        kill(build, film, "worker", signal.SIGKILL)
        assert build.end() != 0
    assert "the render worker ended in the middle of this take" in build.said
    assert "Traceback" not in build.said
    assert sorted(film.records()) == ["A01_S01_SH002", "A01_S01_SH003"]  # by a new worker
    require_clean(film)


def test_a_worker_without_work_ends_and_the_next_take_starts_another(film: LtxFilm) -> None:
    film.build("final", env={"VTX_WORKER_IDLE_SECONDS": "0.2"})
    require_clean(film)


def test_two_builds_share_no_gpu(tmp_path: Path, models: dict[str, Path]) -> None:
    one, two = long_film(tmp_path / "one", models), long_film(tmp_path / "two", models, seconds=2.0)
    two.home = one.home
    with building(one, "clips", "--resources", "gpu=1") as first:
        assert first.wait_until(seen(first, PHASES["load"])), first.said
        with building(two, "clips", "--resources", "gpu=1") as second:
            waiting = "every GPU is rendering another take; waiting for one"
            assert second.wait_until(seen(second, waiting)), second.said
            assert len([process for process in renderers(one) if "ltx.worker" in " ".join(process.cmdline())]) == 1
            assert first.end() == 0, first.said
            assert second.end() == 0, second.said
    require_clean(one)


def test_builds_take_turns_at_a_gpu(tmp_path: Path, models: dict[str, Path]) -> None:
    one, two = long_film(tmp_path / "one", models, seconds=2.0), long_film(tmp_path / "two", models, seconds=2.0)
    two.home = one.home
    for number in (2, 3, 4):
        one.write(f"prompts/clips/A01_S01_SH00{number}__more.yaml", shot(f"A01_S01_SH00{number}"))
    words, env = ("clips", "--until", "take", "--resources", "gpu=1"), {"VTX_WORKER_TURN_SECONDS": "0"} | COLD
    with building(one, *words, env=env) as first:
        assert first.wait_until(seen(first, PHASES["load"])), first.said
        (worker,) = (process for process in renderers(one) if "ltx.worker" in " ".join(process.cmdline()))
        worker.suspend()  # else the small models may have rendered all before the second build asks
        with building(two, *words, env=env) as second:
            assert second.wait_until(seen(second, "has its turn")), second.said
            worker.resume()
            assert f"Another build (process {first.process.pid}) has its turn, of at least 0:00 minutes" in second.said
            assert second.end() == 0, second.said
            assert 1 <= len(one.takes()) < 4, first.said
            assert first.end() == 0, first.said
    assert len(one.takes()) == 4
    require_clean(one)


def test_a_worker_without_work_makes_way_for_another_build(tmp_path: Path, models: dict[str, Path]) -> None:
    one, two = long_film(tmp_path / "one", models, seconds=1.0), long_film(tmp_path / "two", models, seconds=1.0)
    two.home = one.home
    with building(one, "clips", "--resources", "gpu=1", cold=True) as first:  # a fork that stands still may be hung up
        assert first.wait_until(one.takes), first.said
        first.signal(signal.SIGSTOP)  # its worker is alive, and has nothing to do
        two.build("clips")
        first.signal(signal.SIGCONT)
        assert first.end() == 0, first.said
    require_clean(one)


def test_two_gpus_render_two_takes_at_once(tmp_path: Path, models: dict[str, Path]) -> None:
    film = long_film(tmp_path, models, steps=20)
    film.write("prompts/clips/A01_S01_SH002__next.yaml", shot("A01_S01_SH002", render={"steps": 20}))
    env = {"CUDA_VISIBLE_DEVICES": "3,5"}
    with building(film, "clips", "--resources", "gpu=2", env=env) as build:
        assert build.wait_until(lambda: all(f"A01_S01_SH00{n}: load" in build.said for n in (1, 2))), build.said
        workers = [process for process in renderers(film) if "ltx.worker" in " ".join(process.cmdline())]
        assert sorted(process.environ()["CUDA_VISIBLE_DEVICES"] for process in workers) == ["3", "5"]
        assert build.end() == 0, build.said
    require_clean(film)
