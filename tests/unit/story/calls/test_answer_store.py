"""The answer store: complete files that are found again; a damaged one is an error, not a new call."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from kit.story.calls import make_request
from vtx_app.errors import StoryError
from vtx_app.story.calls.answer_store import AnswerStore, Arrival, Attempt, Attempts
from vtx_app.story.calls.usage import Usage

REQUEST = make_request()
FIRST = Attempt("not é JSON", "the answer is not JSON", Usage(100, 0, 20), "gpt-4.1-2025-04-14")
GOOD = Attempt('{"title": "é"}', None, Usage(150, 64, 30), "gpt-4.1-2025-04-14")


def files(store: AnswerStore) -> list[str]:
    return sorted(path.relative_to(store.folder).as_posix() for path in store.folder.rglob("*") if path.is_file())


def test_record_of_an_answer(store: AnswerStore) -> None:
    store.save_attempts(REQUEST, Attempts([FIRST, GOOD]))
    store.save(REQUEST, {"title": "é"}, [FIRST, GOOD])
    assert files(store) == [f"story/.answers/shotlist/{REQUEST.key}.json"]
    text = store.path(REQUEST).read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert "é" in text
    assert (
        store.get(REQUEST)
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


def test_saved_answer_never_changes(store: AnswerStore) -> None:
    store.save(REQUEST, {"title": "one"}, [GOOD])
    before = store.path(REQUEST).read_bytes()
    store.save(REQUEST, {"title": "two"}, [GOOD])
    assert store.path(REQUEST).read_bytes() == before
    assert len(files(store)) == 1


def test_saved_attempts_are_read_back(store: AnswerStore) -> None:
    assert (store.attempts(REQUEST), store.get(REQUEST)) == (Attempts(), None)
    final = Attempt("", "the answer was cut off (length)", Usage(), "", final=True, cut=0, body="{}")
    arrived = [Arrival("/responses, schema, repair", 3, "{", "it is not JSON"), Arrival("/responses, words", 3, "")]
    store.save_attempts(REQUEST, Attempts([FIRST, GOOD, final], arrived))
    assert store.attempts(REQUEST) == Attempts([FIRST, GOOD, final], arrived)
    assert files(store) == [f"story/.answers/shotlist/{REQUEST.key}.rejected.json"]
    first = json.loads(store.rejected_path(REQUEST).read_text(encoding="utf-8"))["attempts"][0]
    assert first.keys() == {"raw", "problem", "final", "model", "usage"}


def test_one_file_for_each_request(store: AnswerStore) -> None:
    store.save(REQUEST, {}, [GOOD])
    assert store.get(make_request("A01_S02")) is None
    assert store.get(make_request(stage="clips")) is None
    assert store.get(make_request(input="Write A01_S01.", subject="A09_S09")) is not None


def damaged(store: AnswerStore, path: Path, content: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with pytest.raises(StoryError) as error:
        store.get(REQUEST) if path == store.path(REQUEST) else store.attempts(REQUEST)
    text = str(error.value)
    assert path.name in text
    assert text.startswith("shotlist A01_S01: ")
    assert text.endswith("Restore it, or delete it and the model is called again")
    assert not error.value.fatal
    assert path.read_bytes() == content
    return text


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"null", b"[]", b"{}", b'{"version": 1}', b"[" * 100_000])
def test_damaged_answer_is_an_error(store: AnswerStore, content: bytes) -> None:
    damaged(store, store.path(REQUEST), content)


def saved_bytes(store: AnswerStore, **changed: Any) -> bytes:
    store.save(REQUEST, {"title": "t"}, [GOOD])
    record = json.loads(store.path(REQUEST).read_bytes()) | changed
    return json.dumps({key: value for key, value in record.items() if value is not ...}).encode()


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"version": 2}, "expected an answer, version 1"),
        ({"answer": ...}, "expected an answer, version 1"),
        ({"input": "Write another."}, "its input differs from the request's"),
        ({"model": None}, "its model differs from the request's"),
        ({"instructions": 5}, "its instructions differs from the request's"),
        ({"usage": ...}, "usage is not input, cached and output tokens"),
        ({"usage": {"input": "many", "cached": 0, "output": 0}}, "usage is not in whole tokens"),
        ({"usage": {"input": -1, "cached": 0, "output": 0}}, "usage is not in whole tokens"),
    ],
)
def test_answer_to_another_request_is_an_error(store: AnswerStore, changed: dict[str, Any], problem: str) -> None:
    assert problem in damaged(store, store.path(REQUEST), saved_bytes(store, **changed))


def test_every_truncated_answer_is_an_error(store: AnswerStore) -> None:
    whole = saved_bytes(store)
    for size in range(0, len(whole) - 1, 7):
        damaged(store, store.path(REQUEST), whole[:size])


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        {},
        {"attempts": None},
        {"attempts": [5]},
        {"attempts": [{}]},
        {"attempts": [{**asdict(GOOD), "raw": 5}]},
        {"attempts": [{**asdict(GOOD), "usage": {}}]},
        {"attempts": [{**asdict(GOOD), "final": "no"}]},
        {"attempts": [{**asdict(GOOD), "more": 1}]},
        {"attempts": [{**asdict(GOOD), "cut": "no"}]},
        {"attempts": [], "arrived": [{}]},
        {"attempts": [], "arrived": [{"form": "", "attempts": 0, "body": None, "problem": None}]},
    ],
    ids=repr,
)
def test_damaged_attempts_are_an_error(store: AnswerStore, record: Any) -> None:
    damaged(store, store.rejected_path(REQUEST), json.dumps(record).encode())


def test_folder_in_place_of_an_answer_is_an_error(store: AnswerStore) -> None:
    store.path(REQUEST).mkdir(parents=True)
    with pytest.raises(StoryError, match=r"can't be used: Is a directory"):
        store.get(REQUEST)


def test_composed_and_decomposed_unicode_are_one_request(store: AnswerStore) -> None:
    composed, apart = make_request(input="é"), make_request(input="e\u0301")
    store.save(composed, {"title": "t"}, [GOOD])
    assert store.get(apart) == store.get(composed) is not None
