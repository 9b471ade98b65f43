"""Asking: nothing is paid for twice, wrong answers are repaired once, and what is under way is bounded."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.story.calls import Scene, check_scene, connect, make_brain, make_request
from kit.story.server import KEY, Fault, StoryServer
from vtx_app.errors import SpecError, StoryError, VtxError
from vtx_app.story.calls.answer import Asked, Check, ask, ask_all
from vtx_app.story.calls.answer_store import Answers
from vtx_app.story.calls.client import Caller, Repair, Reply
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.usage import Usage

REQUEST = make_request()
EMPTY = Fault(answer={"title": "", "beats": None})
TWELVE = [make_request(f"A01_S{number:02}") for number in range(1, 13)]


class NeverAsked:
    """A caller that nobody may call."""

    def send(self, request: Request, repair: Repair | None) -> Reply:
        raise AssertionError(f"{request.title} was asked")


def failed(request: Request, answers: Answers, caller: Caller, check: Check[Any] = check_scene) -> StoryError:
    with pytest.raises(StoryError) as error:
        ask(request, check, answers, caller)
    assert "\n" not in str(error.value)
    return error.value


def kept(answers: Answers, request: Request = REQUEST) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(answers.path(request).read_bytes())
    return record


def test_an_answer_is_asked_for_once(server: StoryServer, answers: Answers) -> None:
    first = ask(REQUEST, check_scene, answers, connect(server))
    assert (first.value, first.called) == (Scene(title="A01_S01"), 1)
    assert first.usage == Usage.of(kept(answers)["usage"]) != Usage()
    again = ask(REQUEST, check_scene, answers, NeverAsked())
    assert again == Asked(Scene(title="A01_S01"), 0, Usage())
    assert len(server.requests) == 1


def test_what_does_not_decide_the_answer_asks_nothing_anew(server: StoryServer, answers: Answers) -> None:
    ask(REQUEST, check_scene, answers, connect(server))
    assert ask(make_request(subject="A07_S07", input=REQUEST.input), check_scene, answers, NeverAsked()).called == 0
    changed = make_request(instructions="You write scenes. Short ones.")
    assert ask(changed, check_scene, answers, connect(server)).called == 1


def test_an_answer_that_makes_no_sense_is_repaired(server: StoryServer, answers: Answers) -> None:
    server.script(EMPTY)
    asked = ask(REQUEST, check_scene, answers, connect(server))
    assert (asked.value.title, asked.called) == ("A01_S01", 2)
    said = server.requests[1].body["input"]
    assert said[1] == {"role": "assistant", "content": '{"title": "", "beats": null}'}
    assert "the title is empty; give the scene a title" in said[2]["content"]
    record = kept(answers)
    assert record["answer"] == {"title": "A01_S01", "beats": None}
    assert record["repaired"] == [
        {"answer": '{"title": "", "beats": null}', "problem": "the title is empty; give the scene a title"}
    ]
    assert Usage.of(record["usage"]) == asked.usage
    assert not answers.rejected(REQUEST).exists()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the answer is not JSON"),
        ('{"title": "a", "beats": ', "the answer is not JSON"),
        ("I would rather not.", "the answer is not JSON"),
        ("[]", "the answer is not a JSON object"),
        ('"title"', "the answer is not a JSON object"),
        ("[" * 100_000, "the answer is nested too deeply"),
        ('{"title": NaN, "beats": null}', "the answer has NaN in it"),
        ('{"title": "\\ud800", "beats": null}', "half a character"),
        ('{"title": 5, "beats": null}', "title"),
        ('{"title": "a", "beats": null, "more": 1}', "more"),
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_answer_at_all_is_repaired_too(
    server: StoryServer, answers: Answers, text: str, problem: str
) -> None:
    server.script(Fault(text=text))
    assert ask(REQUEST, check_scene, answers, connect(server)).called == 2
    assert problem in kept(answers)["repaired"][0]["problem"]


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"title": "a", "beats": null}\n```',
        '```\n{"title": "a"}\n```\n',
        'Here it is:\n\n{"title": "a"}\n\nI hope it helps.',
        '  {"title": "a"}\n',
    ],
)
def test_words_and_fences_around_an_answer_are_no_fault(server: StoryServer, answers: Answers, text: str) -> None:
    server.script(Fault(text=text))
    asked = ask(REQUEST, check_scene, answers, connect(server))
    assert (asked.value.title, asked.called) == ("a", 1)


def test_twice_wrong_is_told_and_not_asked_again(server: StoryServer, answers: Answers) -> None:
    server.script(EMPTY, EMPTY)
    error = failed(REQUEST, answers, connect(server))
    assert str(error).startswith("shotlist A01_S01: the model's answers made no sense: the title is empty; give the")
    assert f"{REQUEST.key}.rejected.json" in str(error)
    assert "until you delete that file or change what it is asked about" in str(error)
    assert not error.fatal
    assert str(failed(REQUEST, answers, NeverAsked())) == str(error)
    attempts = json.loads(answers.rejected(REQUEST).read_bytes())["attempts"]
    assert [each["raw"] for each in attempts] == ['{"title": "", "beats": null}'] * 2
    assert all(each["problem"] and each["usage"]["output"] for each in attempts)
    assert not answers.path(REQUEST).exists()
    answers.rejected(REQUEST).unlink()
    assert ask(REQUEST, check_scene, answers, connect(server)).called == 1


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            Fault(refusal="I can't help\nwith it."),
            "shotlist A01_S01: the model refused: I can't help with it. What",
        ),
        (Fault(incomplete="max_output_tokens"), "shotlist A01_S01: the answer was cut off (max_output_tokens). What"),
    ],
    ids=["refused", "cut off"],
)
def test_a_refusal_and_an_answer_cut_off_are_not_repaired(
    server: StoryServer, answers: Answers, fault: Fault, told: str
) -> None:
    server.script(fault)
    error = failed(REQUEST, answers, connect(server))
    assert str(error).startswith(told)
    assert str(failed(REQUEST, answers, NeverAsked())) == str(error)
    assert len(server.requests) == 1
    (attempt,) = json.loads(answers.rejected(REQUEST).read_bytes())["attempts"]
    assert attempt["raw"] in ("I can't help\nwith it.", '{"title": "A01_S01"'[: len(attempt["raw"])])


def test_a_fault_between_the_rounds_costs_no_answer(server: StoryServer, answers: Answers) -> None:
    """The first answer had arrived: a later run begins with the repair."""
    server.script(EMPTY, Fault(status=500))
    error = failed(REQUEST, answers, connect(server))
    assert str(error).startswith("shotlist A01_S01: 127.0.0.1:")
    asked = ask(REQUEST, check_scene, answers, connect(server))
    assert (asked.called, asked.value.title) == (1, "A01_S01")
    assert [len(each.body["input"]) for each in server.requests] == [1, 3, 3]
    assert Usage.of(kept(answers)["usage"]).input > asked.usage.input


def test_a_defect_in_the_check_costs_no_answer(server: StoryServer, answers: Answers) -> None:
    def broken(answer: Any) -> Scene:
        raise KeyError(answer["title"])

    with pytest.raises(KeyError, match="A01_S01"):
        ask(REQUEST, broken, answers, connect(server))
    assert ask(REQUEST, check_scene, answers, NeverAsked()) == Asked(Scene(title="A01_S01"), 0, Usage())


def test_a_kept_answer_that_a_newer_check_refuses_is_told(server: StoryServer, answers: Answers) -> None:
    ask(REQUEST, check_scene, answers, connect(server))

    def stricter(answer: Any) -> Scene:
        raise ValueError("a scene needs beats")

    error = failed(REQUEST, answers, NeverAsked(), stricter)
    assert "makes no sense: a scene needs beats. Delete that file and the model is asked anew" in str(error)
    assert answers.path(REQUEST).name in str(error)


def test_a_damaged_answer_asks_nothing(server: StoryServer, answers: Answers) -> None:
    ask(REQUEST, check_scene, answers, connect(server))
    answers.path(REQUEST).write_bytes(answers.path(REQUEST).read_bytes()[:-20])
    assert "not whole JSON" in str(failed(REQUEST, answers, NeverAsked()))
    other = make_request("A01_S02")
    answers.rejected(other).write_bytes(b"{")
    assert "not whole JSON" in str(failed(other, answers, NeverAsked()))


def test_answers_that_cannot_be_written_are_not_asked_for(answers: Answers) -> None:
    (answers.folder / "story").mkdir()
    (answers.folder / "story" / ".answers").write_text("in the way", encoding="utf-8")
    error = failed(REQUEST, answers, NeverAsked())
    assert "shotlist A01_S01: " in str(error)


def test_a_disk_that_is_full_is_fatal(server: StoryServer, answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("vtx_app.story.calls.answer_store.write_text", full)
    error = failed(REQUEST, answers, connect(server))
    assert error.fatal
    assert "shotlist A01_S01: the answer can't be written to " in str(error)
    assert "No space left on device. Make room there" in str(error)


def test_a_place_for_locks_that_cannot_be_made_is_fatal(answers: Answers, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way", encoding="utf-8")
    error = failed(REQUEST, answers, NeverAsked())
    assert error.fatal


def test_a_link_to_a_film_is_the_film(server: StoryServer, answers: Answers, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(answers.folder)
    with answers.lock(REQUEST):
        (lock,) = (tmp_path / "home" / "locks").iterdir()
    with Answers(tmp_path / "link").lock(REQUEST):
        assert lock.exists()


def test_a_fault_of_the_disk_in_a_check_is_the_checks_own(server: StoryServer, answers: Answers) -> None:
    def check(answer: Any) -> Scene:
        raise FileNotFoundError("a file of the film")

    with pytest.raises(FileNotFoundError):
        ask(REQUEST, check, answers, connect(server))


def test_no_secret_gets_into_a_file(server: StoryServer, answers: Answers, tmp_path: Path) -> None:
    server.script(
        Fault(text=json.dumps({"title": f"{KEY} is what I was told", "beats": None})),
        Fault(refusal=f"Not with {KEY}"),
        Fault(text=KEY),
        Fault(status=400, message=f"{KEY} and Bearer {KEY}"),
    )
    requests = TWELVE[:6]
    for request in requests:
        try:
            ask(request, check_scene, answers, connect(server))
        except StoryError as error:
            assert KEY not in str(error)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 5
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert KEY not in text
        assert "127.0.0.1" not in text


# Many at a time.


def all_of(
    requests: list[Request], answers: Answers, caller: Caller, at_once: int = 4, check: Check[Any] = check_scene
) -> tuple[dict[str, Asked[Any]], list[VtxError]]:
    done: dict[str, Asked[Any]] = {}

    def on_done(request: Request, asked: Asked[Any]) -> None:
        assert threading.current_thread() is threading.main_thread()
        done[request.subject] = asked

    failures = ask_all([(request, check) for request in requests], answers, caller, at_once, on_done)
    return done, failures


@pytest.mark.parametrize("at_once", [1, 3, 12, 99])
def test_so_many_are_under_way_and_no_more(answers: Answers, at_once: int) -> None:
    bound = min(at_once, 12)
    gate = threading.Event()
    with StoryServer(make_brain) as server:
        server.script(*[Fault(gate=gate)] * bound)

        def open_gate() -> None:
            for _ in range(bound):
                server.arrived.acquire()
            gate.set()

        threading.Thread(target=open_gate, daemon=True).start()
        done, failures = all_of(TWELVE, answers, connect(server), at_once)
        assert not failures
        assert {subject: asked.value.title for subject, asked in done.items()} == {
            request.subject: request.subject for request in TWELVE
        }
        assert (server.most_at_once, len(server.requests)) == (bound, 12)
    again, _ = all_of(TWELVE, answers, NeverAsked(), at_once)
    assert {asked.called for asked in again.values()} == {0}


def test_nothing_to_ask(answers: Answers) -> None:
    assert all_of([], answers, NeverAsked()) == ({}, [])


def test_none_at_once_is_one(server: StoryServer, answers: Answers) -> None:
    assert len(all_of(TWELVE[:2], answers, connect(server), 0)[0]) == 2


def test_a_failure_lets_the_others_go_on(server: StoryServer, answers: Answers) -> None:
    def check(answer: Any) -> Scene:
        scene = check_scene(answer)
        if scene.title in ("A01_S03", "A01_S07"):
            raise ValueError(f"{scene.title} again")
        return scene

    done, failures = all_of(TWELVE, answers, connect(server), check=check)
    assert len(done) == 10
    assert [str(failure).partition(". ")[0] for failure in failures] == [
        "shotlist A01_S03: the model's answers made no sense: A01_S03 again",
        "shotlist A01_S07: the model's answers made no sense: A01_S07 again",
    ]


def test_a_fatal_failure_stops_what_has_not_begun(server: StoryServer, answers: Answers) -> None:
    done, failures = all_of(TWELVE, answers, connect(server, {"OPENAI_API_KEY": "sk-wrong-1234567890"}), 2)
    assert not done
    assert 1 <= len(server.requests) <= 2
    assert len(failures) == 2, "the same line is told once"
    assert "refuses the key" in str(failures[0])
    assert str(failures[1]) == f"{12 - len(server.requests)} more were not asked"


def test_what_is_under_way_at_a_fatal_failure_is_kept(server: StoryServer, answers: Answers) -> None:
    gate, seen = threading.Event(), threading.Event()
    server.script(Fault(gate=gate), Fault(status=401, gate=seen))

    class Watching:
        """Opens the gate once the fatal failure is known."""

        def __init__(self, caller: Caller) -> None:
            self.caller = caller

        def send(self, request: Request, repair: Repair | None) -> Reply:
            try:
                return self.caller.send(request, repair)
            except StoryError:
                gate.set()
                raise

    def both_arrived() -> None:
        for _ in range(2):
            server.arrived.acquire()
        seen.set()

    threading.Thread(target=both_arrived, daemon=True).start()
    done, failures = all_of(TWELVE[:4], answers, Watching(connect(server)), 2)
    assert len(done) + len(failures) >= 2
    assert len(done) >= 1
    for subject in done:
        assert answers.path(make_request(subject)).exists()
    assert any("(401)" in str(failure) for failure in failures)


@pytest.mark.parametrize("error", [ZeroDivisionError("a defect"), SpecError(["the file is broken"])])
def test_a_defect_is_raised_and_a_message_returned(server: StoryServer, answers: Answers, error: Exception) -> None:
    def check(answer: Any) -> Scene:
        if answer["title"] == "A01_S02":
            raise error
        return check_scene(answer)

    asks: list[tuple[Request, Check[Any]]] = [(request, check) for request in TWELVE[:4]]
    run: Callable[[], list[VtxError]] = lambda: ask_all(asks, answers, connect(server), 1, lambda *_: None)  # noqa: E731
    if isinstance(error, SpecError):
        assert run() == [error]
        assert len(server.requests) == 4
    else:
        with pytest.raises(ZeroDivisionError):
            run()
        assert len(server.requests) == 2


def test_a_caller_that_can_do_nothing_with_an_answer_stops_the_others(server: StoryServer, answers: Answers) -> None:
    def on_done(request: Request, asked: Asked[Any]) -> None:
        raise ZeroDivisionError(request.subject)

    with pytest.raises(ZeroDivisionError):
        ask_all([(request, check_scene) for request in TWELVE], answers, connect(server), 2, on_done)
    assert len(server.requests) == sum(answers.path(request).exists() for request in TWELVE)


def test_the_same_twice_in_one_go_is_asked_once(server: StoryServer, answers: Answers) -> None:
    done, failures = all_of([REQUEST, REQUEST, REQUEST], answers, connect(server), 3)
    assert (len(server.requests), len(done), failures) == (1, 1, [])


def test_locks_are_gone_afterwards(server: StoryServer, answers: Answers) -> None:
    all_of(TWELVE, answers, connect(server))
    assert not list((Path(os.environ["VTX_APP_HOME"]) / "locks").iterdir())
