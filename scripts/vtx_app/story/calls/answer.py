"""Get answers: the kept one, else a new one by a call, a check, one round of repair, and saving it."""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from vtx_app.errors import StoryError, VtxError
from vtx_app.files import display_path
from vtx_app.story.calls.answer_store import MOST_ATTEMPTS, AnswerStore, Attempt
from vtx_app.story.calls.api import Repair, Reply
from vtx_app.story.calls.client import Client
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.server_errors import one_line
from vtx_app.story.calls.usage import Usage

__all__ = ["Answer", "Check", "get_answer", "get_answers"]

T = TypeVar("T")
Check = Callable[[Any], T]
"""Returns the value of a parsed answer, or raises :class:`ValueError` with the problem, in words for the model."""

_WRAPPED = re.compile(r"[^{]*(\{.*\})[^}]*", re.DOTALL)
"""Servers that don't enforce a schema often put words or a code fence around the JSON object."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """The checked ``value``, the number of ``calls`` made for it now, and their usage: none for a kept answer."""

    value: T
    calls: int
    usage: Usage


def get_answer(request: Request, check: Check[T], store: AnswerStore, client: Client) -> Answer[T]:
    """Return the checked answer to ``request``: the kept one, else a new one.

    An answer that fails its check is shown to the model once, with the problem. Raises :class:`StoryError`; without a
    call if an earlier run ended in a second wrong answer, a refusal or a truncated answer.
    """
    if (record := store.get(request)) is None:
        with store.lock(request):
            if (record := store.get(request)) is None:
                return _new_answer(request, check, store, client)
    store.clean_up(request)
    try:
        return Answer(check(record["answer"]), 0, Usage())
    except ValueError as error:
        raise StoryError(
            f"{request.title}: the answer in {display_path(store.path(request))} is not valid: {one_line(str(error))}. "
            "Delete that file and the model is called again"
        ) from None


def _new_answer(request: Request, check: Check[T], store: AnswerStore, client: Client) -> Answer[T]:
    attempts = store.attempts(request)
    calls, usage = 0, Usage()
    while True:
        if attempts and attempts[-1].problem is None:
            try:
                answer = _parse(attempts[-1].raw)
                value = check(answer)
            except ValueError as error:
                attempts[-1] = replace(attempts[-1], problem=str(error) or "it makes no sense")
                store.save_attempts(request, attempts)
            else:
                store.save(request, answer, attempts)
                return Answer(value, calls, usage)
        if attempts and (attempts[-1].final or len(attempts) >= MOST_ATTEMPTS):
            raise _given_up(request, attempts[-1], store)
        repair = Repair(attempts[-1].raw, attempts[-1].problem or "") if attempts else None
        try:
            reply = client.send(request, repair)
        except StoryError as error:
            raise error if error.fatal else StoryError(f"{request.title}: {error}") from None
        calls, usage = calls + 1, usage + reply.usage
        attempts.append(_attempt(reply))
        store.save_attempts(request, attempts)


def _attempt(reply: Reply) -> Attempt:
    if reply.refusal is not None:
        return Attempt(reply.refusal, f"the model refused: {reply.refusal}", reply.usage, reply.model, final=True)
    if reply.truncated is not None:
        problem = f"the answer was cut off ({reply.truncated})"
        return Attempt(reply.text, problem, reply.usage, reply.model, final=True)
    return Attempt(reply.text, None, reply.usage, reply.model)


def _parse(raw: str) -> Any:
    """The JSON object in the model's text. Raises :class:`ValueError` with the problem, in words for the model."""
    wrapped = _WRAPPED.fullmatch(raw)
    text = wrapped[1] if wrapped else raw
    try:
        found = json.loads(text, parse_constant=_no_constant)
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("the answer has half a character in it (a lone surrogate, \\ud800 to \\udfff)") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"the answer is not JSON: {error}") from None
    except RecursionError:
        raise ValueError("the answer is nested too deeply") from None
    if not isinstance(found, dict):
        raise ValueError("the answer is not a JSON object")
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"the answer has {word} in it, which is not JSON")


def _given_up(request: Request, last: Attempt, store: AnswerStore) -> StoryError:
    problem = last.problem or ""
    reason = one_line(problem if last.final else f"the model's answers are not valid: {problem}")
    return StoryError(
        f"{request.title}: {reason.rstrip('.')}. Its answer is in "
        f"{display_path(store.rejected_path(request))}. "
        "The model is not called again until you delete that file or change what the call is about; or write the "
        "story's file by hand"
    )


def get_answers(
    requests: Sequence[tuple[Request, Check[T]]],
    store: AnswerStore,
    client: Client,
    parallel: int,
    on_answer: Callable[[Request, Answer[T]], None],
) -> list[VtxError]:
    """Get the answers to all ``requests``, ``parallel`` at a time, and return the failures in the order of requests.

    ``on_answer`` gets each answer when it arrives, in the calling thread. After a fatal failure no further request is
    begun; other failures stop nothing. An interrupt ends it at once: calls that are under way are lost, and the next
    build makes them again. A defect, also one of ``on_answer``, is raised once the calls under way have ended.
    """
    pending = deque(enumerate(requests))
    results: SimpleQueue[tuple[int, Answer[T] | Exception] | None] = SimpleQueue()
    stopped = threading.Event()

    def work() -> None:
        while not stopped.is_set():
            try:
                number, (request, check) = pending.popleft()
            except IndexError:
                break
            result: Answer[T] | Exception
            try:
                result = get_answer(request, check, store, client)
            except Exception as error:  # for the calling thread to raise or return
                result = error
                if not isinstance(error, VtxError) or getattr(error, "fatal", False):
                    stopped.set()
            results.put((number, result))
        results.put(None)

    # Daemons: an interrupt must not wait for an answer that may take minutes.
    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(max(parallel, 1), len(requests)))]
    failures: dict[int, Exception] = {}
    try:
        for thread in threads:
            thread.start()
        working = len(threads)
        while working:
            item = results.get()
            if item is None:
                working -= 1
            elif isinstance(item[1], Exception):
                failures[item[0]] = item[1]
            else:
                try:
                    on_answer(requests[item[0]][0], item[1])
                except Exception as error:  # the answers under way are kept first
                    failures[item[0]] = error
                    stopped.set()
    finally:
        stopped.set()
    return _unique([failures[number] for number in sorted(failures)], len(pending))


def _unique(failures: Sequence[Exception], skipped: int) -> list[VtxError]:
    """The failures, each message once, and the number of ``skipped`` requests. Raises the first defect."""
    messages: dict[str, VtxError] = {}
    for failure in failures:
        if not isinstance(failure, VtxError):
            raise failure
        messages.setdefault(str(failure), failure)
    if skipped:
        calls = "1 more call was" if skipped == 1 else f"{skipped} more calls were"
        messages.setdefault("", StoryError(f"{calls} not made"))
    return list(messages.values())
