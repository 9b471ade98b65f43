"""Real processes: killed at any moment, interrupted, or two at once. An answer that arrived is paid for once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kit.film import TESTS
from kit.story.calls import Paid, check_scene, connect, make_request
from kit.story.server import Fault, StoryServer
from vtx_app.story.calls.answer import ask
from vtx_app.story.calls.answer_store import Answers

ENVIRONMENT = {"PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])}
HEAD = """
import sys
from pathlib import Path
from kit.story.calls import check_scene, connect, make_request
from vtx_app.story.calls.answer_store import Answers
from vtx_app.story.calls.answer import ask, ask_all
answers, caller = Answers(Path(sys.argv[1])), connect(sys.argv[2])
"""
ASKS = f"""{HEAD}
print(ask(make_request(), check_scene, answers, caller).called, flush=True)
"""
STOPS_IN_CHECK = f"""{HEAD}
def check(answer):
    print("arrived", flush=True)
    sys.stdin.read()
ask(make_request(), check, answers, caller)
"""
ASKS_FOUR = f"""{HEAD}
class Telling:
    def send(self, request, repair):
        try:
            return caller.send(request, repair)
        finally:
            print("ended", flush=True)

asks = [(make_request(f"A01_S0{{number}}"), check_scene) for number in range(4)]
print("begins", flush=True)
ask_all(asks, answers, Telling(), 2, lambda request, asked: None)
"""

Start = Callable[[str, StoryServer], "subprocess.Popen[str]"]

ENDS_AT_A_STEP = f"""{HEAD}
import os, signal
from kit.story.calls import Paid
left = int(sys.argv[3])

def step(event, words):
    global left
    if event in ("open", "os.rename", "os.link", "os.remove") and str(answers.folder) in str(words[0]):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(step)
ask(make_request(), check_scene, answers, Paid(sys.argv[2]))
"""


@pytest.fixture
def start(answers: Answers) -> Iterator[Start]:
    """Starts Python programs that end with the test."""
    running: list[subprocess.Popen[str]] = []

    def run(program: str, server: StoryServer) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(answers.folder), server.url],
            env=os.environ | ENVIRONMENT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def files(answers: Answers) -> list[str]:
    return sorted(path.name for path in answers.folder.rglob("*") if path.is_file())


def test_killed_between_arrival_and_use(server: StoryServer, answers: Answers, start: Start) -> None:
    process = start(STOPS_IN_CHECK, server)
    assert line(process) == "arrived"
    process.kill()
    process.wait()
    assert files(answers) == [f"{make_request().key}.rejected.json"]
    asked = ask(make_request(), check_scene, answers, connect(server))
    assert (asked.called, asked.value.title, len(server.requests)) == (0, "A01_S01", 1)
    assert files(answers) == [f"{make_request().key}.json"]


def test_killed_in_the_repair(server: StoryServer, answers: Answers, start: Start) -> None:
    gate = threading.Event()
    server.script(Fault(answer={"title": "", "beats": None}), Fault(gate=gate))
    process = start(ASKS, server)
    for _ in range(2):
        assert server.arrived.acquire(timeout=60)
    process.kill()
    process.wait()
    gate.set()
    asked = ask(make_request(), check_scene, answers, connect(server))
    assert (asked.called, len(server.requests)) == (1, 3)
    assert len(server.requests[2].body["input"]) == 3, "it goes on with the repair"


def test_two_processes_at_once(server: StoryServer, answers: Answers, start: Start) -> None:
    gate = threading.Event()
    server.script(Fault(gate=gate))
    first = start(ASKS, server)
    assert server.arrived.acquire(timeout=60)
    second = start(ASKS, server)
    assert second.stderr is not None
    assert second.stderr.readline() == "another run asks for shotlist A01_S01; waiting for its answer\n"
    gate.set()
    assert (line(first), line(second)) == ("1", "0")
    assert (first.wait(), second.wait(), len(server.requests)) == (0, 0, 1)
    assert files(answers) == [f"{make_request().key}.json"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_an_interrupt_waits_for_no_answer(
    server: StoryServer, answers: Answers, start: Start, number: signal.Signals
) -> None:
    gate = threading.Event()
    server.script(Fault(gate=gate), Fault(gate=gate))
    process = start(ASKS_FOUR, server)
    assert line(process) == "begins"
    for _ in range(2):
        assert server.arrived.acquire(timeout=60)
    process.send_signal(number)
    assert process.wait() in (-number, 1)
    gate.set()
    said, complaints = process.communicate()
    assert said == "", "it waited for no call to end"
    assert ("KeyboardInterrupt" in complaints) == (number == signal.SIGINT)
    assert "Fatal Python error" not in complaints
    assert files(answers) == []
    assert len(server.requests) == 2


def test_killed_before_each_step_on_the_disk(tmp_path: Path) -> None:
    """A repair that succeeds, killed before every single file is opened, named or removed, and then run to its end:
    every file that has its name is whole, and no answer that had been written down is paid for again."""
    for steps in range(99):
        folder, bill = tmp_path / str(steps) / "film", tmp_path / str(steps) / "bill"
        folder.mkdir(parents=True)
        words = [sys.executable, "-c", ENDS_AT_A_STEP, str(folder), str(bill), str(steps)]
        ended = subprocess.run(words, env=os.environ | ENVIRONMENT, capture_output=True).returncode
        assert ended in (0, -signal.SIGKILL)
        paid = len(bill.read_text()) if bill.exists() else 0
        written = [json.loads(path.read_bytes()) for path in folder.rglob("[!.]*.json")]
        arrived = max((len(each.get("attempts", [1, 2])) for each in written), default=0)
        assert paid - arrived in (0, 1), "only what was on its way to the disk can be lost"
        ask(make_request(), check_scene, Answers(folder), Paid(str(bill)))
        assert len(bill.read_text()) == paid + 2 - arrived
        assert [path.name for path in folder.rglob("*") if path.is_file()] == [f"{make_request().key}.json"]
        if ended == 0:
            break
    assert steps > 15


def test_killed_anywhere_leaves_only_whole_files(server: StoryServer, answers: Answers, start: Start) -> None:
    """Killed as each of the requests arrives; what is there afterwards can be read, and the rest is asked for."""
    for _ in range(4):
        process = start(ASKS_FOUR, server)
        assert line(process) == "begins"
        arrived = server.arrived.acquire(timeout=60)
        process.kill()
        process.wait()
        assert arrived
        for path in answers.folder.rglob("[!.]*.json"):
            json.loads(path.read_bytes())
        if len(list(answers.folder.rglob("[!.]*.json"))) == 4:
            break
    asked = [
        ask(make_request(f"A01_S0{number}"), check_scene, answers, connect(server)).value.title for number in range(4)
    ]
    assert asked == ["A01_S00", "A01_S01", "A01_S02", "A01_S03"]
    assert len(files(answers)) == 4
