"""Getting one answer: none is paid for twice, and wrong ones are repaired once."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from kit.story.calls import TWELVE, NoCalls, Scene, check_scene, connect, make_brain, make_request
from kit.story.server import KEY, Fault, StoryServer
from vtx_app.errors import StoryError
from vtx_app.story.calls.answer import Answer, Check, get_answer
from vtx_app.story.calls.answer_store import AnswerStore, Attempt, Attempts
from vtx_app.story.calls.api import Reply
from vtx_app.story.calls.client import Client
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.usage import Usage

REQUEST = make_request()
EMPTY = Fault(answer={"title": "", "beats": None})


def error_of(request: Request, store: AnswerStore, client: Client, check: Check[Any] = check_scene) -> StoryError:
    with pytest.raises(StoryError) as error:
        get_answer(request, check, store, client)
    assert "\n" not in str(error.value)
    return error.value


def saved(store: AnswerStore, request: Request = REQUEST) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(store.path(request).read_bytes())
    return record


def test_one_call_for_each_answer(server: StoryServer, store: AnswerStore) -> None:
    first = get_answer(REQUEST, check_scene, store, connect(server))
    assert (first.value, first.calls) == (Scene(title="A01_S01"), 1)
    assert first.usage == Usage.from_json(saved(store)["usage"]) != Usage()
    again = get_answer(REQUEST, check_scene, store, NoCalls())
    assert again == Answer(Scene(title="A01_S01"), 0, Usage())
    assert len(server.requests) == 1


def test_only_what_decides_the_answer_makes_a_new_call(server: StoryServer, store: AnswerStore) -> None:
    get_answer(REQUEST, check_scene, store, connect(server))
    renamed = make_request(subject="A07_S07", input=REQUEST.input)
    assert get_answer(renamed, check_scene, store, NoCalls()).calls == 0
    changed = make_request(instructions="You write scenes. Short ones.")
    assert get_answer(changed, check_scene, store, connect(server)).calls == 1


def test_invalid_answer_is_repaired(server: StoryServer, store: AnswerStore) -> None:
    server.script(EMPTY)
    answer = get_answer(REQUEST, check_scene, store, connect(server))
    assert (answer.value.title, answer.calls) == ("A01_S01", 2)
    messages = server.requests[1].body["input"]
    assert messages[1] == {"role": "assistant", "content": '{"title": "", "beats": null}'}
    assert "the title is empty; give the scene a title" in messages[2]["content"]
    record = saved(store)
    assert record["answer"] == {"title": "A01_S01", "beats": None}
    assert record["repaired"] == [
        {"answer": '{"title": "", "beats": null}', "problem": "the title is empty; give the scene a title"}
    ]
    assert Usage.from_json(record["usage"]) == answer.usage
    assert not store.rejected_path(REQUEST).exists()


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
def test_malformed_answer_is_repaired(server: StoryServer, store: AnswerStore, text: str, problem: str) -> None:
    server.script(Fault(text=text))
    assert get_answer(REQUEST, check_scene, store, connect(server)).calls == 2
    assert problem in saved(store)["repaired"][0]["problem"]


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"title": "a", "beats": null}\n```',
        '```\n{"title": "a"}\n```\n',
        'Here it is:\n\n{"title": "a"}\n\nI hope it helps.',
        '  {"title": "a"}\n',
    ],
)
def test_words_and_fences_around_the_json_are_accepted(server: StoryServer, store: AnswerStore, text: str) -> None:
    server.script(Fault(text=text))
    answer = get_answer(REQUEST, check_scene, store, connect(server))
    assert (answer.value.title, answer.calls) == ("a", 1)


def test_second_invalid_answer_is_an_error_without_further_calls(server: StoryServer, store: AnswerStore) -> None:
    server.script(EMPTY, EMPTY)
    error = error_of(REQUEST, store, connect(server))
    assert str(error).startswith("shotlist A01_S01: the model's answers are not valid: the title is empty; give the")
    assert f"{REQUEST.key}.rejected.json" in str(error)
    assert "until you delete that file or change what the call is about" in str(error)
    assert not error.fatal
    assert str(error_of(REQUEST, store, NoCalls())) == str(error)
    attempts = json.loads(store.rejected_path(REQUEST).read_bytes())["attempts"]
    assert [each["raw"] for each in attempts] == ['{"title": "", "beats": null}'] * 2
    assert all(each["problem"] and each["usage"]["output"] for each in attempts)
    assert not store.path(REQUEST).exists()
    store.rejected_path(REQUEST).unlink()
    assert get_answer(REQUEST, check_scene, store, connect(server)).calls == 1


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault(refusal="I can't help\nwith it."), "shotlist A01_S01: the model refused: I can't help with it. Its"),
        (
            Fault(incomplete="max_output_tokens"),
            "shotlist A01_S01: the answer was cut off (max_output_tokens). Allow a longer answer by story.max_tokens "
            "in metadata.yaml, or VTX_STORY_MAX_TOKENS: as many as the model can write. Its answer is in ",
        ),
    ],
    ids=["refused", "cut off"],
)
def test_refusal_and_truncated_answer_are_not_repaired(
    server: StoryServer, store: AnswerStore, fault: Fault, message: str
) -> None:
    server.script(fault)
    error = error_of(REQUEST, store, connect(server))
    assert str(error).startswith(message)
    assert str(error_of(REQUEST, store, NoCalls())) == str(error)
    assert len(server.requests) == 1
    (attempt,) = json.loads(store.rejected_path(REQUEST).read_bytes())["attempts"]
    assert attempt["raw"] in ("I can't help\nwith it.", '{"title": "A01_S01"'[: len(attempt["raw"])])


def test_a_longer_answer_is_asked_for_once_it_is_allowed(server: StoryServer, store: AnswerStore) -> None:
    server.script(Fault(incomplete="max_output_tokens"), Fault(incomplete="max_output_tokens"))
    error_of(REQUEST, store, connect(server))
    error = error_of(REQUEST, store, connect(server, max_tokens=800))
    assert "VTX_STORY_MAX_TOKENS: more than the 800 of now. Its answer is in" in str(error)
    assert "max_output_tokens" not in server.requests[0].body
    assert server.requests[1].body["max_output_tokens"] == 800
    for same in (800, 700):
        no_calls = NoCalls()
        no_calls.max_tokens = same
        error_of(REQUEST, store, no_calls)
    assert get_answer(REQUEST, check_scene, store, connect(server, max_tokens=900)).calls == 1
    assert get_answer(REQUEST, check_scene, store, NoCalls()).calls == 0, "the limit is not in the request's key"


def test_a_whole_answer_that_was_cut_off_after_its_end_is_taken(server: StoryServer, store: AnswerStore) -> None:
    """A grammar without an end lets a model write spaces to the limit (vllm#38696)."""
    good = json.dumps({"title": "a", "beats": None})
    server.script(Fault(text=f"{good}{' ' * (len(good) + 9)}", incomplete="max_output_tokens"))
    assert get_answer(REQUEST, check_scene, store, connect(server)).value.title == "a"


def test_what_arrived_is_on_the_disk_before_it_is_read(
    server: StoryServer, store: AnswerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(body: str) -> Reply:
        raise ZeroDivisionError(body)

    monkeypatch.setattr("vtx_app.story.calls.client.read_body", broken)
    with pytest.raises(ZeroDivisionError):
        get_answer(REQUEST, check_scene, store, connect(server))
    record = json.loads(store.rejected_path(REQUEST).read_bytes())
    assert (record["attempts"], [each["form"] for each in record["arrived"]]) == ([], ["/responses, schema"])
    answer = get_answer(REQUEST, check_scene, store, NoCalls())
    assert (answer.value.title, answer.calls) == ("A01_S01", 0)
    assert saved(store)["usage"]["output"] > 0, "what it cost is known as well"
    assert not store.rejected_path(REQUEST).exists()


def test_an_answer_that_an_older_version_rejected_is_found(server: StoryServer, store: AnswerStore) -> None:
    raw = '<think>{"draft": true}</think>{"title": "a", "beats": null}'
    old = [Attempt(raw, "the answer is not JSON", Usage(1, 0, 2), "m"), Attempt("", "not JSON", Usage(1, 0, 2), "m")]
    store.save_attempts(REQUEST, Attempts(old))
    answer = get_answer(REQUEST, check_scene, store, NoCalls())
    assert (answer.value.title, answer.calls) == ("a", 0)
    assert saved(store)["usage"] == {"input": 2, "cached": 0, "output": 4}


def test_body_of_every_rejected_answer_is_kept(server: StoryServer, store: AnswerStore) -> None:
    server.script(EMPTY, Fault(text="prose"))
    error_of(REQUEST, store, connect(server))
    attempts = store.attempts(REQUEST).attempts
    assert [json.loads(each.body or "")["object"] for each in attempts] == ["response"] * 2
    assert store.attempts(REQUEST).arrived == []


def test_what_the_model_wrote_is_read_from_a_refused_request(store: AnswerStore) -> None:
    """Groq's json_validate_failed (langchain#31459): the answer is in the error, and was paid for."""
    for text, calls in (('{"title": "a", "beats": null}', 1), ('{"title": ""}', 2)):
        error = {"message": "Failed to generate JSON.", "code": "json_validate_failed", "failed_generation": text}
        with StoryServer(make_brain) as server:
            server.script(Fault(status=400, body=json.dumps({"error": error}).encode()))
            request = make_request(f"A0{calls}_S01")
            assert get_answer(request, check_scene, store, connect(server)).calls == calls
            assert len(server.requests) == calls


def test_a_schema_that_is_ignored_is_said_in_words_from_then_on(store: AnswerStore) -> None:
    reports: list[str] = []
    with StoryServer(make_brain, unheld=True) as server:
        server.script(Fault(text="Once upon a time."))
        client = connect(server, report=reports.append)
        assert [get_answer(each, check_scene, store, client).calls for each in TWELVE[:3]] == [2, 1, 1]
    told = ["valid against this JSON Schema" in each.body["instructions"] for each in server.requests]
    assert told == [False, True, True, True]
    assert all("text" in each.body for each in server.requests), "it may hold to the schema after all"
    (line,) = reports
    assert line.endswith("doesn't hold answers to a JSON Schema; sending the schema as text too")


def test_a_fault_of_meaning_needs_no_schema_in_words(server: StoryServer, store: AnswerStore) -> None:
    server.script(EMPTY)
    get_answer(REQUEST, check_scene, store, connect(server))
    assert "JSON Schema" not in json.dumps([each.body["instructions"] for each in server.requests])


def test_a_control_character_is_repaired(server: StoryServer, store: AnswerStore) -> None:
    server.script(Fault(text='{"title": "Leuchtt\\u0000fcrm", "beats": null}'))
    assert get_answer(REQUEST, check_scene, store, connect(server)).calls == 2
    assert "the control character U+0000 in it: 'Leuchtt\\x00fcrm'" in saved(store)["repaired"][0]["problem"]


def test_server_error_before_the_repair_keeps_the_first_answer(server: StoryServer, store: AnswerStore) -> None:
    """The first answer had arrived: the next run begins with the repair."""
    server.script(EMPTY, Fault(status=500))
    error = error_of(REQUEST, store, connect(server))
    assert str(error).startswith("shotlist A01_S01: 127.0.0.1:")
    answer = get_answer(REQUEST, check_scene, store, connect(server))
    assert (answer.calls, answer.value.title) == (1, "A01_S01")
    assert [len(each.body["input"]) for each in server.requests] == [1, 3, 3]
    assert Usage.from_json(saved(store)["usage"]).input > answer.usage.input


def test_defect_in_the_check_keeps_the_answer(server: StoryServer, store: AnswerStore) -> None:
    def broken(answer: Any) -> Scene:
        raise KeyError(answer["title"])

    with pytest.raises(KeyError, match="A01_S01"):
        get_answer(REQUEST, broken, store, connect(server))
    assert get_answer(REQUEST, check_scene, store, NoCalls()) == Answer(Scene(title="A01_S01"), 0, Usage())


def test_kept_answer_that_fails_a_newer_check_is_an_error(server: StoryServer, store: AnswerStore) -> None:
    get_answer(REQUEST, check_scene, store, connect(server))

    def stricter(answer: Any) -> Scene:
        raise ValueError("a scene needs beats")

    error = error_of(REQUEST, store, NoCalls(), stricter)
    assert "is not valid: a scene needs beats. Delete that file and the model is called again" in str(error)
    assert store.path(REQUEST).name in str(error)


def test_damaged_answer_makes_no_call(server: StoryServer, store: AnswerStore) -> None:
    get_answer(REQUEST, check_scene, store, connect(server))
    store.path(REQUEST).write_bytes(store.path(REQUEST).read_bytes()[:-20])
    assert "not complete JSON" in str(error_of(REQUEST, store, NoCalls()))
    other = make_request("A01_S02")
    store.rejected_path(other).write_bytes(b"{")
    assert "not complete JSON" in str(error_of(other, store, NoCalls()))


def test_no_call_if_the_answer_cannot_be_written(store: AnswerStore) -> None:
    (store.folder / "story").mkdir()
    (store.folder / "story" / ".answers").write_text("in the way", encoding="utf-8")
    error = error_of(REQUEST, store, NoCalls())
    assert "shotlist A01_S01: " in str(error)


def test_full_disk_is_fatal(server: StoryServer, store: AnswerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    error = error_of(REQUEST, store, connect(server))
    assert error.fatal
    assert "shotlist A01_S01: the answer can't be written to " in str(error)
    assert "No space left on device. Make room there" in str(error)


def test_missing_folder_for_locks_is_fatal(store: AnswerStore, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way", encoding="utf-8")
    error = error_of(REQUEST, store, NoCalls())
    assert error.fatal


def test_a_film_and_a_link_to_it_share_their_locks(store: AnswerStore, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(store.folder)
    with store.lock(REQUEST):
        (lock,) = (tmp_path / "home" / "locks").iterdir()
    with AnswerStore(tmp_path / "link").lock(REQUEST):
        assert lock.exists()


def test_disk_error_inside_a_check_is_raised_unchanged(server: StoryServer, store: AnswerStore) -> None:
    def check(answer: Any) -> Scene:
        raise FileNotFoundError("a file of the film")

    with pytest.raises(FileNotFoundError):
        get_answer(REQUEST, check, store, connect(server))


def test_no_secret_gets_into_a_file(server: StoryServer, store: AnswerStore, tmp_path: Path) -> None:
    server.script(
        Fault(text=json.dumps({"title": f"{KEY} is what I was told", "beats": None})),
        Fault(refusal=f"Not with {KEY}"),
        Fault(text=KEY),
        Fault(status=400, message=f"{KEY} and Bearer {KEY}"),
    )
    for request in TWELVE[:6]:
        try:
            get_answer(request, check_scene, store, connect(server))
        except StoryError as error:
            assert KEY not in str(error)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 5
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert KEY not in text
        assert "127.0.0.1" not in text
