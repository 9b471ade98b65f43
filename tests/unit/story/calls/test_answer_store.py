"""The store: whole files, found again, and a damaged one told instead of paid for anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit.story.calls import make_request
from vtx_app.errors import StoryError
from vtx_app.story.calls.answer_store import Answers, Attempt
from vtx_app.story.calls.usage import Usage

REQUEST = make_request()
FIRST = Attempt("not é JSON", "the answer is not JSON", Usage(100, 0, 20), "gpt-4.1-2025-04-14")
GOOD = Attempt('{"title": "é"}', None, Usage(150, 64, 30), "gpt-4.1-2025-04-14")


def files(answers: Answers) -> list[str]:
    return sorted(path.relative_to(answers.folder).as_posix() for path in answers.folder.rglob("*") if path.is_file())


def test_a_kept_answer_says_all_that_it_was_made_of(answers: Answers) -> None:
    answers.keep_attempts(REQUEST, [FIRST, GOOD])
    answers.keep(REQUEST, {"title": "é"}, [FIRST, GOOD])
    assert files(answers) == [f"story/.answers/shotlist/{REQUEST.key}.json"]
    text = answers.path(REQUEST).read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert "é" in text
    assert (
        answers.get(REQUEST)
        == json.loads(text)
        == {
            "version": 1,
            "stage": "shotlist",
            "subject": "A01_S01",
            "model": "gpt-4.1",
            "reported_model": "gpt-4.1-2025-04-14",
            "instructions": "You write scenes.",
            "input": "Write A01_S01.",
            "answer": {"title": "é"},
            "usage": {"input": 250, "cached": 64, "output": 50},
            "repaired": [{"answer": "not é JSON", "problem": "the answer is not JSON"}],
        }
    )


def test_a_kept_answer_never_changes(answers: Answers) -> None:
    answers.keep(REQUEST, {"title": "one"}, [GOOD])
    before = answers.path(REQUEST).read_bytes()
    answers.keep(REQUEST, {"title": "two"}, [GOOD])
    assert answers.path(REQUEST).read_bytes() == before
    assert len(files(answers)) == 1


def test_attempts_are_found_again(answers: Answers) -> None:
    assert (answers.attempts(REQUEST), answers.get(REQUEST)) == ([], None)
    final = Attempt("", "the answer was cut off (length)", Usage(), "", final=True)
    answers.keep_attempts(REQUEST, [FIRST, GOOD, final])
    assert answers.attempts(REQUEST) == [FIRST, GOOD, final]
    assert files(answers) == [f"story/.answers/shotlist/{REQUEST.key}.rejected.json"]
    first = json.loads(answers.rejected(REQUEST).read_text(encoding="utf-8"))["attempts"][0]
    assert first.keys() == {"raw", "problem", "final", "model", "usage"}


def test_other_requests_have_other_files(answers: Answers) -> None:
    answers.keep(REQUEST, {}, [GOOD])
    assert answers.get(make_request("A01_S02")) is None
    assert answers.get(make_request(stage="clips")) is None
    assert answers.get(make_request(input="Write A01_S01.", subject="A09_S09")) is not None


def damaged(answers: Answers, path: Path, content: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with pytest.raises(StoryError) as error:
        answers.get(REQUEST) if path == answers.path(REQUEST) else answers.attempts(REQUEST)
    text = str(error.value)
    assert path.name in text
    assert text.startswith("shotlist A01_S01: ")
    assert text.endswith("Put back what was there, or delete it and the model is asked anew")
    assert not error.value.fatal
    assert path.read_bytes() == content
    return text


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"null", b"[]", b"{}", b'{"version": 1}', b"[" * 100_000])
def test_a_damaged_answer_is_told(answers: Answers, content: bytes) -> None:
    damaged(answers, answers.path(REQUEST), content)


def kept(answers: Answers, **changed: Any) -> bytes:
    answers.keep(REQUEST, {"title": "t"}, [GOOD])
    record = json.loads(answers.path(REQUEST).read_bytes()) | changed
    return json.dumps({key: value for key, value in record.items() if value is not ...}).encode()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"version": 2}, "expected an answer, version 1"),
        ({"answer": ...}, "expected an answer, version 1"),
        ({"input": "Write another."}, "its input is not what is asked"),
        ({"model": None}, "its model is not what is asked"),
        ({"instructions": 5}, "its instructions is not what is asked"),
        ({"usage": ...}, "usage is not input, cached and output tokens"),
        ({"usage": {"input": "many", "cached": 0, "output": 0}}, "usage is not in whole tokens"),
        ({"usage": {"input": -1, "cached": 0, "output": 0}}, "usage is not in whole tokens"),
    ],
)
def test_an_answer_to_something_else_is_told(answers: Answers, changed: dict[str, Any], why: str) -> None:
    assert why in damaged(answers, answers.path(REQUEST), kept(answers, **changed))


def test_every_cut_of_an_answer_is_told(answers: Answers) -> None:
    whole = kept(answers)
    for size in range(0, len(whole) - 1, 7):
        damaged(answers, answers.path(REQUEST), whole[:size])


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        {},
        {"attempts": None},
        {"attempts": [5]},
        {"attempts": [{}]},
        {"attempts": [{**GOOD.record(), "raw": 5}]},
        {"attempts": [{**GOOD.record(), "usage": {}}]},
        {"attempts": [{**GOOD.record(), "final": "no"}]},
        {"attempts": [{**GOOD.record(), "more": 1}]},
    ],
    ids=repr,
)
def test_damaged_attempts_are_told(answers: Answers, record: Any) -> None:
    damaged(answers, answers.rejected(REQUEST), json.dumps(record).encode())


def test_a_folder_in_the_place_of_an_answer_is_told(answers: Answers) -> None:
    answers.path(REQUEST).mkdir(parents=True)
    with pytest.raises(StoryError, match=r"can't be used: Is a directory"):
        answers.get(REQUEST)


def test_an_answer_in_composed_letters_is_the_same_answer(answers: Answers) -> None:
    composed, apart = make_request(input="é"), make_request(input="e\u0301")
    answers.keep(composed, {"title": "t"}, [GOOD])
    assert answers.get(apart) == answers.get(composed) is not None
