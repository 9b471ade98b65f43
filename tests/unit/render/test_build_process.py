"""A build is a process: alive or ended, never mistaken for another one with its number."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.processes import Process, Start, next_line, starting
from vtx_app.render.build_process import VARIABLE, BuildProcess, announce, this_build

STANDS = "import sys; print('here', flush=True); sys.stdin.readline()"
WAITS = """
import sys
from vtx_app.render.build_process import BuildProcess

build = BuildProcess.parse(sys.argv[1])
print("waits", flush=True)
build.wait()
print("alive" if build.alive() else "ended", flush=True)
"""
ANNOUNCES = """
import os, subprocess, sys
from vtx_app.render.build_process import announce

print(announce(os.environ), os.environ["VTX_BUILD"], flush=True)
if len(sys.argv) > 2:
    subprocess.run([sys.executable, "-c", sys.argv[1], *sys.argv[1:-1]], check=True)
"""
LONG = 600.0
"""Seconds: what is waited for happens at once, and a test that fails should end."""


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts Python with a program and arguments; returns when it has printed its first line."""
    with starting() as begin:

        def start(code: str, *arguments: str) -> Process:
            process = begin(code, *arguments)
            assert next_line(process)
            return process

        yield start


def of(pid: int) -> BuildProcess:
    found = BuildProcess.of(pid)
    assert found is not None
    return found


def test_a_process_is_alive_until_it_ends(start: Start) -> None:
    process = start(STANDS)
    build = of(process.pid)
    assert build.alive()
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and nobody has waited for it
    assert not build.alive()
    assert BuildProcess.of(process.pid) is None
    process.communicate()
    assert not build.alive()
    assert BuildProcess.of(process.pid) is None


def test_a_process_with_a_number_used_again_is_another_one() -> None:
    here = of(os.getpid())
    assert here.alive()
    assert not BuildProcess(here.pid, str(int(here.began) - 1)).alive()


def test_two_processes_of_the_same_moment_are_two(start: Start) -> None:
    one, other = of(start(STANDS).pid), of(start(STANDS).pid)
    assert one != other and str(one) != str(other)


@given(st.integers(0, 2**40), st.text(min_size=1))
def test_a_process_is_read_as_it_is_written(pid: int, began: str) -> None:
    build = BuildProcess(pid, began)
    assert BuildProcess.parse(str(build)) == build


@pytest.mark.parametrize("text", ["", "12", "12-", "-5", "x-5", "1.5-5", " 1-5", "+1-5"])
def test_a_text_that_names_no_process(text: str) -> None:
    assert BuildProcess.parse(text) is None


def test_a_watched_handle_becomes_readable_when_the_process_ends(start: Start) -> None:
    process = start(STANDS)
    with of(process.pid).watched() as handle:
        assert handle is not None
        assert select.select([handle], [], [], 0)[0] == []
        process.kill()
        assert select.select([handle], [], [], LONG)[0] == [handle]
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(handle)


def test_a_process_that_has_ended_has_no_handle(start: Start) -> None:
    process = start(STANDS)
    build = of(process.pid)
    process.kill()
    process.communicate()
    with build.watched() as handle:
        assert handle is None
    build.wait()


def test_waiting_ends_with_the_process(start: Start) -> None:
    process = start(STANDS)
    waiting = start(WAITS, str(of(process.pid)))
    process.kill()
    assert next_line(waiting) == "ended"


def test_an_announced_build_is_that_of_all_it_starts() -> None:
    """Three processes, each started by the one before: the first is the build of all."""
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    argv = [sys.executable, "-c", ANNOUNCES, ANNOUNCES, "once", "twice"]
    lines = subprocess.run(argv, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(lines) == 3
    assert len({word for line in lines for word in line.split()}) == 1


def test_announcing_replaces_a_stranger(start: Start) -> None:
    here = of(os.getpid())
    process = start(STANDS)  # runs, and is nobody that this process was started by
    stranger = str(of(process.pid))
    above = of(os.getppid())
    old = str(BuildProcess(above.pid, above.began + "0"))  # another one, which had the number before
    for named in (stranger, old, "nonsense", ""):
        environment = {VARIABLE: named}
        assert announce(environment) == here
        assert environment == {VARIABLE: str(here)}
    environment = {}
    assert announce(environment) == here
    assert environment == {VARIABLE: str(here)}


def test_announcing_keeps_the_build_above() -> None:
    above = of(os.getppid())
    environment = {VARIABLE: str(above)}
    assert announce(environment) == above
    assert environment == {VARIABLE: str(above)}


def test_a_job_belongs_to_the_build_that_is_named_and_runs(start: Start) -> None:
    process = start(STANDS)
    build = of(process.pid)
    assert this_build({VARIABLE: str(build)}) == build
    process.kill()
    process.communicate()
    here = of(os.getpid())
    for environment in ({VARIABLE: str(build)}, {VARIABLE: "nonsense"}, {VARIABLE: ""}, {}):
        before = dict(environment)
        assert this_build(environment) == here
        assert environment == before
