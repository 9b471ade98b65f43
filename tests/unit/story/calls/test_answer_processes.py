"""Real processes, killed at any moment, interrupted, or two at once: an answer that arrived is paid for once."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.film import TESTS
from kit.processes import Start, next_line, starting
from kit.story.calls import Paid, check_scene, connect, make_request
from kit.story.server import Fault, StoryServer
from vtx_app.story.calls.answer import get_answer
from vtx_app.story.calls.answer_store import AnswerStore

ENVIRONMENT = {"PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])}
HEAD = """
import sys
from pathlib import Path
from kit.story.calls import Paid, check_scene, connect, make_request
from vtx_app.story.calls.answer import get_answer, get_answers
from vtx_app.story.calls.answer_store import AnswerStore
store, client = AnswerStore(Path(sys.argv[1])), connect(sys.argv[2])
"""
ONE_CALL = f"""{HEAD}
print(get_answer(make_request(), check_scene, store, client).calls, flush=True)
"""
STOPS_IN_CHECK = f"""{HEAD}
def check(answer):
    print("arrived", flush=True)
    sys.stdin.read()
get_answer(make_request(), check, store, client)
"""
FOUR_CALLS = """
requests = [(make_request(f"A01_S0{number}"), check_scene) for number in range(4)]
print("begins", flush=True)
get_answers(requests, store, client, 2, lambda request, answer: None)
"""
FOUR_REPORTED_CALLS = f"""{HEAD}
class Reporting:
    max_tokens = None

    def send(self, request, repair, inbox):
        try:
            return plain.send(request, repair, inbox)
        finally:
            print("ended", flush=True)

plain, client = client, Reporting()
{FOUR_CALLS}
"""
FORKS = f"""{HEAD}
import json, os, signal
import openai

def kill_before(step):
    left = step

    def hook(event, arguments):
        nonlocal left
        if event in ("open", "os.rename", "os.link", "os.remove") and sys.argv[1] in str(arguments[0]):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)

for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        exec(json.loads(line))
        os._exit(0)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""
"""Runs each program that it reads in a fork of itself, with everything imported already."""


@pytest.fixture
def start(store: AnswerStore) -> Iterator[Start]:
    """Starts Python programs that end with the test."""
    with starting(ENVIRONMENT) as begin:
        yield lambda program, url: begin(program, store.folder, url)


def write_line(process: subprocess.Popen[str], program: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{json.dumps(program)}\n")
    process.stdin.flush()


def files(store: AnswerStore) -> list[str]:
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


def test_kill_between_arrival_and_check(server: StoryServer, store: AnswerStore, start: Start) -> None:
    process = start(STOPS_IN_CHECK, server.url)
    assert next_line(process) == "arrived"
    process.kill()
    process.wait()
    assert files(store) == [f"{make_request().key}.rejected.json"]
    answer = get_answer(make_request(), check_scene, store, connect(server))
    assert (answer.calls, answer.value.title, len(server.requests)) == (0, "A01_S01", 1)
    assert files(store) == [f"{make_request().key}.json"]


def test_kill_in_the_repair(server: StoryServer, store: AnswerStore, start: Start) -> None:
    gate = threading.Event()
    server.script(Fault(answer={"title": "", "beats": None}), Fault(gate=gate))
    process = start(ONE_CALL, server.url)
    for _ in range(2):
        assert server.arrived.acquire(timeout=600)
    process.kill()
    process.wait()
    gate.set()
    answer = get_answer(make_request(), check_scene, store, connect(server))
    assert (answer.calls, len(server.requests)) == (1, 3)
    assert len(server.requests[2].body["input"]) == 3, "the next run continues with the repair"


def test_two_processes_at_once(server: StoryServer, store: AnswerStore, start: Start) -> None:
    gate = threading.Event()
    server.script(Fault(gate=gate))
    first = start(ONE_CALL, server.url)
    assert server.arrived.acquire(timeout=600)
    second = start(ONE_CALL, server.url)
    assert second.stderr is not None
    assert second.stderr.readline() == "another run is requesting shotlist A01_S01; waiting for its answer\n"
    gate.set()
    assert (next_line(first), next_line(second)) == ("1", "0")
    assert (first.wait(), second.wait(), len(server.requests)) == (0, 0, 1)
    assert files(store) == [f"{make_request().key}.json"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_interrupt_waits_for_no_answer(
    server: StoryServer, store: AnswerStore, start: Start, number: signal.Signals
) -> None:
    gate = threading.Event()
    server.script(Fault(gate=gate), Fault(gate=gate))
    process = start(FOUR_REPORTED_CALLS, server.url)
    assert next_line(process) == "begins"
    for _ in range(2):
        assert server.arrived.acquire(timeout=600)
    process.send_signal(number)
    assert process.wait() in (-number, 1)
    gate.set()
    output, errors = process.communicate()
    assert output == "", "it waited for no call to end"
    assert ("KeyboardInterrupt" in errors) == (number == signal.SIGINT)
    assert "Fatal Python error" not in errors
    assert files(store) == []
    assert len(server.requests) == 2


def test_kill_before_each_step_on_the_disk(tmp_path: Path, store: AnswerStore, start: Start) -> None:
    """A successful repair is killed before each open, rename, link and removal of a file, and then run to its end:
    every file under its real name is complete, and no answer that had been written is paid for again."""
    process = start(FORKS, "http://unused")
    for step in range(99):
        folder, bill = store.folder / str(step), tmp_path / f"bill{step}"
        folder.mkdir()
        get = f"get_answer(make_request(), check_scene, AnswerStore(Path({str(folder)!r})), Paid({str(bill)!r}))"
        write_line(process, f"kill_before({step})\n{get}")
        next_line(process)
        status = int(next_line(process))
        assert status in (0, -signal.SIGKILL)
        paid = len(bill.read_text()) if bill.exists() else 0
        written = [json.loads(path.read_bytes()) for path in folder.rglob("[!.]*.json")]
        arrived = max((len(each.get("attempts", [1, 2])) for each in written), default=0)
        assert paid - arrived in (0, 1), "only what was on its way to the disk can be lost"
        get_answer(make_request(), check_scene, AnswerStore(folder), Paid(str(bill)))
        assert len(bill.read_text()) == paid + 2 - arrived
        assert [path.name for path in folder.rglob("*") if path.is_file()] == [f"{make_request().key}.json"]
        if status == 0:
            break
    assert step > 15


def test_kill_at_each_arrival_leaves_complete_files(server: StoryServer, store: AnswerStore, start: Start) -> None:
    """Killed whenever a request arrives: the answers that are there can be read, and the others are called for."""
    process = start(FORKS, server.url)
    for _ in range(4):
        write_line(process, FOUR_CALLS)
        lines = [next_line(process) for _ in range(2)]
        lines.remove("begins")
        assert server.arrived.acquire(timeout=600)
        with contextlib.suppress(ProcessLookupError):  # it may have come to its end just now
            os.kill(int(lines[0]), signal.SIGKILL)
        next_line(process)
        for path in store.folder.rglob("[!.]*.json"):
            json.loads(path.read_bytes())
        if len(list(store.folder.rglob("[!.]*.json"))) == 4:
            break
    titles = [
        get_answer(make_request(f"A01_S0{number}"), check_scene, store, connect(server)).value.title
        for number in range(4)
    ]
    assert titles == ["A01_S00", "A01_S01", "A01_S02", "A01_S03"]
    assert len(files(store)) == 4
