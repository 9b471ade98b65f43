"""Get answers: the kept one, else a new one by a call, a check, one round of repair, and saving it."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from vtx_app.errors import StoryError, VtxError
from vtx_app.files import display_path
from vtx_app.story.calls.answer_store import MOST_ATTEMPTS, AnswerStore, Attempt
from vtx_app.story.calls.api import Repair, Reply
from vtx_app.story.calls.client import Client
from vtx_app.story.calls.inbox import AttemptsInbox
from vtx_app.story.calls.objects import answer_objects, is_off_schema, require_sound
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.server_words import one_line
from vtx_app.story.calls.usage import Usage

__all__ = ["Answer", "Check", "get_answer", "get_answers"]

T = TypeVar("T")
Check = Callable[[Any], T]
"""Returns the value of a parsed answer, or raises :class:`ValueError` with the problem, in words for the model."""

_CUT_OFF = "the answer was cut off"


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
    inbox = AttemptsInbox(store, request)
    calls, usage = 0, Usage()
    judged: list[Attempt] = inbox.attempts  # a newer VTX may find the answer in what an older one rejected
    while True:
        if (found := inbox.take()) is not None:
            judged = [inbox.add(_attempt(*found, client.max_tokens))]
        for attempt in reversed(judged):
            try:
                answer, value = _parse(attempt.raw, check)
            except ValueError as error:
                if attempt.problem is None:
                    inbox.judge(str(error) or "it makes no sense")
            else:
                store.save(request, answer, [*(each for each in inbox.attempts if each is not attempt), attempt])
                return Answer(value, calls, usage)
        last = inbox.attempts[-1] if inbox.attempts else None
        if last is not None and _may_be_longer(last, client.max_tokens):
            inbox.drop()
            judged = []
            continue
        if last is not None and (last.final or len(inbox.attempts) >= MOST_ATTEMPTS):
            raise _given_up(request, last, store)
        repair = Repair(last.raw, last.problem or "", is_off_schema(last.raw, request.schema)) if last else None
        try:
            reply = client.send(request, repair, inbox)
        except StoryError as error:
            raise _not_answered(request, error, inbox, store) from None
        calls, usage = calls + 1, usage + reply.usage
        judged = [inbox.add(_attempt(reply, inbox.last_body, client.max_tokens))]


def _attempt(reply: Reply, body: str | None, max_tokens: int | None) -> Attempt:
    if reply.refusal is not None:
        problem = f"the model refused: {reply.refusal}"
        return Attempt(reply.refusal, problem, reply.usage, reply.model, final=True, body=body)
    if reply.truncated is not None:
        problem = f"{_CUT_OFF} ({reply.truncated})"
        cut = None if reply.truncated == "content_filter" else max_tokens or 0
        return Attempt(reply.text, problem, reply.usage, reply.model, final=True, cut=cut, body=body)
    return Attempt(reply.text, None, reply.usage, reply.model, body=body)


def _may_be_longer(attempt: Attempt, max_tokens: int | None) -> bool:
    """Whether ``attempt`` was cut off at a limit that no longer holds."""
    if not attempt.final or attempt.cut is None:
        return False
    return (max_tokens or 0) > attempt.cut or (not max_tokens and attempt.cut > 0)


def _parse(raw: str, check: Check[T]) -> tuple[Any, T]:
    """The first object in the model's text that passes the check, and its value.

    Raises :class:`ValueError` with the problem of the longest object, in words for the model.
    """
    problems: dict[int, str] = {}
    for found in answer_objects(raw):
        try:
            require_sound(found)
            return found, check(found)
        except ValueError as error:
            problems.setdefault(len(json.dumps(found)), str(error))
    raise ValueError(problems[max(problems)])


def _given_up(request: Request, last: Attempt, store: AnswerStore) -> StoryError:
    problem = last.problem or ""
    reason = one_line(problem if last.final else f"the model's answers are not valid: {problem}")
    longer = ""
    if last.cut is not None:
        limit = f"more than the {last.cut:,} of now" if last.cut else "as many as the model can write"
        longer = f"Allow a longer answer by story.max_tokens in metadata.yaml, or VTX_STORY_MAX_TOKENS: {limit}. "
    return StoryError(
        f"{request.title}: {reason.rstrip('.')}. {longer}Its answer is in "
        f"{display_path(store.rejected_path(request))}. "
        "The model is not called again until you delete that file or change what the call is about; or write the "
        "story's file by hand"
    )


def _not_answered(request: Request, error: StoryError, inbox: AttemptsInbox, store: AnswerStore) -> StoryError:
    if inbox.unread:
        kept = f"It is kept in {display_path(store.rejected_path(request))}"
        advice = "and not asked for again until you delete that file. Use another server or model"
        return StoryError(f"{request.title}: {str(error).rstrip('.')}. {kept}, {advice}")
    return error if error.fatal else StoryError(f"{request.title}: {error}")


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
