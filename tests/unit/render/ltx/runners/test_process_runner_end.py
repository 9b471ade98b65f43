"""A process for each call never outlives its job or its build."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from kit.ltx.process_place import HERE, LONG, Place
from kit.ltx.standin_package import python_path, write_standin
from vtx_app.errors import RenderError
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.gpu_lease import gpu_lease
from vtx_app.render.ltx.runners.process_runner import ProcessRunner
from vtx_app.render.ltx.worker.protocol import call_to_json

JOB = """
import json, signal, sys
from pathlib import Path
from vtx_app.errors import RenderError
from vtx_app.render.build_process import BuildProcess
from vtx_app.render.ltx.runners.process_runner import ProcessRunner
from vtx_app.render.ltx.worker.protocol import call_from_json

signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
call = call_from_json(json.loads(sys.argv[1]))
build = BuildProcess.parse(sys.argv[3])
runner = ProcessRunner(Path(sys.argv[2]), ["0"], build, stop_seconds=float(sys.argv[4]))
try:
    runner.run(call, lambda step: print(step.done, step.of, flush=True))
except RenderError as error:
    print(error, flush=True)
    sys.exit(1)
"""
Process = subprocess.Popen[str]


@dataclass
class Job:
    """A process that has a take rendered, in the middle of it."""

    process: Process
    place: Place
    render: BuildProcess

    def rest(self) -> str:
        """Return what it prints until it ends."""
        return self.process.communicate(timeout=LONG)[0]

    def require_no_render(self) -> None:
        """Its render ends, or has ended."""
        with self.render.watched() as handle:
            if handle is not None:
                assert select.select([handle], [], [], LONG)[0], "the render goes on"
        assert not self.render.alive()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Job]]:
    """Starts a job whose render hangs, for this process's build or another; returns when half a file is written."""
    environment = os.environ | {"PYTHONPATH": python_path(write_standin(tmp_path / "standin"))}
    started: list[Process] = []

    def start(do: str = "hang", build: BuildProcess | None = HERE, patience: float = LONG, deaf: bool = False) -> Job:
        place = Place(tmp_path, gpu="0")
        call = json.dumps(call_to_json(place.call(do)))
        argv = [sys.executable, "-c", JOB, call, str(place.leases), str(build), str(patience)]
        before = partial(signal.signal, signal.SIGINT, signal.SIG_IGN) if deaf else None
        started.append(subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment, preexec_fn=before))
        assert started[-1].stdout is not None
        assert [started[-1].stdout.readline() for _ in range(3)] == ["0 2\n", "1 2\n", "2 2\n"]
        (note,) = place.notes()
        render = BuildProcess.of(note["pid"])
        assert render is not None
        assert place.out.exists()
        return Job(started[-1], place, render)

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("deaf", [False, True], ids=["", "in a build that was started in the background"])
def test_a_terminated_job_ends_its_render_and_leaves_nothing(start: Callable[..., Job], deaf: bool) -> None:
    job = start(deaf=deaf)
    job.process.terminate()
    job.rest()
    assert job.process.returncode == 128 + signal.SIGTERM
    assert not job.render.alive()
    job.place.require_nothing()
    assert (job.place.folder / "notes.interrupted").exists()  # interrupted first, so that it can clean up


def test_a_render_that_ignores_the_signal_is_killed(start: Callable[..., Job]) -> None:
    job = start("deaf", patience=0.1)
    job.process.terminate()
    job.rest()
    assert not job.render.alive()
    job.place.require_nothing()
    assert not (job.place.folder / "notes.interrupted").exists()


def test_a_killed_job_takes_its_render_with_it(start: Callable[..., Job]) -> None:
    job = start("deaf")
    job.process.kill()
    job.rest()
    job.require_no_render()
    with gpu_lease(job.place.leases, ["0"]) as name:
        assert name == "0"


def test_the_end_of_the_build_is_the_end_of_its_renders(start: Callable[..., Job]) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as build:
        job = start(build=BuildProcess.of(build.pid))
        build.kill()
        assert job.rest() == "the build of this take has ended\n"
    assert job.process.returncode == 1
    assert not job.render.alive()
    job.place.require_nothing()


def test_a_build_is_known_by_more_than_its_number(place: Place) -> None:
    """A build that ended, and whose number another process has: nothing is rendered for it."""
    gone = BuildProcess(os.getpid(), "0")
    runner = ProcessRunner(place.leases, ["0"], gone)
    with pytest.raises(RenderError, match="the build of this take has ended"):
        runner.run(place.call("hang"), place.steps.append)
    place.require_nothing()
