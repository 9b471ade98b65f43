"""Getting many answers at once: parallel calls are bounded, and a failure stops no other, unless it is fatal."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from kit.story.calls import TWELVE, NoCalls, Scene, check_scene, connect, make_brain, make_request
from kit.story.server import Fault, StoryServer
from vtx_app.errors import SpecError, StoryError, VtxError
from vtx_app.story.calls.answer import Answer, Check, get_answers
from vtx_app.story.calls.answer_store import AnswerStore
from vtx_app.story.calls.api import Inbox, Repair, Reply
from vtx_app.story.calls.client import Client
from vtx_app.story.calls.request import Request

REQUEST = make_request()


def get_all(
    requests: list[Request], store: AnswerStore, client: Client, parallel: int = 4, check: Check[Any] = check_scene
) -> tuple[dict[str, Answer[Any]], list[VtxError]]:
    answers: dict[str, Answer[Any]] = {}

    def on_answer(request: Request, answer: Answer[Any]) -> None:
        assert threading.current_thread() is threading.main_thread()
        answers[request.subject] = answer

    failures = get_answers([(request, check) for request in requests], store, client, parallel, on_answer)
    return answers, failures


@pytest.mark.parametrize("parallel", [1, 3, 12, 99])
def test_number_of_parallel_calls(store: AnswerStore, parallel: int) -> None:
    bound = min(parallel, 12)
    gate = threading.Event()
    with StoryServer(make_brain) as server:
        server.script(*[Fault(gate=gate)] * bound)

        def open_gate() -> None:
            for _ in range(bound):
                server.arrived.acquire()
            gate.set()

        threading.Thread(target=open_gate, daemon=True).start()
        answers, failures = get_all(TWELVE, store, connect(server), parallel)
        assert not failures
        assert {subject: answer.value.title for subject, answer in answers.items()} == {
            request.subject: request.subject for request in TWELVE
        }
        assert (server.most_at_once, len(server.requests)) == (bound, 12)
    again, _ = get_all(TWELVE, store, NoCalls(), parallel)
    assert {answer.calls for answer in again.values()} == {0}


def test_no_requests(store: AnswerStore) -> None:
    assert get_all([], store, NoCalls()) == ({}, [])


def test_zero_parallel_calls_mean_one(server: StoryServer, store: AnswerStore) -> None:
    assert len(get_all(TWELVE[:2], store, connect(server), 0)[0]) == 2


def test_failure_lets_the_others_continue(server: StoryServer, store: AnswerStore) -> None:
    def check(answer: Any) -> Scene:
        scene = check_scene(answer)
        if scene.title in ("A01_S03", "A01_S07"):
            raise ValueError(f"{scene.title} again")
        return scene

    answers, failures = get_all(TWELVE, store, connect(server), check=check)
    assert len(answers) == 10
    assert [str(failure).partition(". ")[0] for failure in failures] == [
        "shotlist A01_S03: the model's answers are not valid: A01_S03 again",
        "shotlist A01_S07: the model's answers are not valid: A01_S07 again",
    ]


def test_fatal_failure_stops_further_calls(server: StoryServer, store: AnswerStore) -> None:
    answers, failures = get_all(TWELVE, store, connect(server, {"OPENAI_API_KEY": "sk-wrong-1234567890"}), 2)
    assert not answers
    assert 1 <= len(server.requests) <= 2
    assert len(failures) == 2, "each message comes once"
    assert "rejects the key" in str(failures[0])
    assert str(failures[1]) == f"{12 - len(server.requests)} more calls were not made"


def test_fatal_failure_keeps_answers_under_way(server: StoryServer, store: AnswerStore) -> None:
    gate, both = threading.Event(), threading.Event()
    server.script(Fault(gate=gate), Fault(status=401, gate=both))

    class GateOpener:
        """Opens the gate after the fatal failure."""

        max_tokens = None

        def __init__(self, client: Client) -> None:
            self.client = client

        def send(self, request: Request, repair: Repair | None, inbox: Inbox | None = None) -> Reply:
            try:
                return self.client.send(request, repair, inbox)
            except StoryError:
                gate.set()
                raise

    def wait_for_both() -> None:
        for _ in range(2):
            server.arrived.acquire()
        both.set()

    threading.Thread(target=wait_for_both, daemon=True).start()
    answers, failures = get_all(TWELVE[:4], store, GateOpener(connect(server)), 2)
    assert len(answers) + len(failures) >= 2
    assert len(answers) >= 1
    for subject in answers:
        assert store.path(make_request(subject)).exists()
    assert any("(401)" in str(failure) for failure in failures)


def fail_second(error: Exception) -> Check[Scene]:
    def check(answer: Any) -> Scene:
        if answer["title"] == "A01_S02":
            raise error
        return check_scene(answer)

    return check


def test_message_is_returned(server: StoryServer, store: AnswerStore) -> None:
    error = SpecError(["the file is broken"])
    assert get_all(TWELVE[:4], store, connect(server), 1, fail_second(error))[1] == [error]
    assert len(server.requests) == 4


def test_defect_is_raised(server: StoryServer, store: AnswerStore) -> None:
    with pytest.raises(ZeroDivisionError):
        get_all(TWELVE[:4], store, connect(server), 1, fail_second(ZeroDivisionError("a defect")))
    assert len(server.requests) == 2


def test_defect_of_the_callback_stops_further_calls(server: StoryServer, store: AnswerStore) -> None:
    def on_answer(request: Request, answer: Answer[Any]) -> None:
        raise ZeroDivisionError(request.subject)

    with pytest.raises(ZeroDivisionError):
        get_answers([(request, check_scene) for request in TWELVE], store, connect(server), 2, on_answer)
    assert len(server.requests) == sum(store.path(request).exists() for request in TWELVE)


def test_equal_requests_are_one_call(server: StoryServer, store: AnswerStore) -> None:
    answers, failures = get_all([REQUEST, REQUEST, REQUEST], store, connect(server), 3)
    assert (len(server.requests), len(answers), failures) == (1, 1, [])


def test_locks_are_released(server: StoryServer, store: AnswerStore) -> None:
    get_all(TWELVE, store, connect(server))
    assert not list((Path(os.environ["VTX_APP_HOME"]) / "locks").iterdir())
