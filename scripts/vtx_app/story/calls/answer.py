"""Asking: a kept answer, or a call, its check, one round of repair, and the answer kept."""

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
from vtx_app.project.paths import shown
from vtx_app.story.calls.answer_store import MOST_ATTEMPTS, Answers, Attempt
from vtx_app.story.calls.client import Caller, Repair, Reply
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.server_errors import short
from vtx_app.story.calls.usage import Usage

__all__ = ["Asked", "Check", "ask", "ask_all"]

T = TypeVar("T")
Check = Callable[[Any], T]
"""Makes the value of a parsed answer, or raises :class:`ValueError` with what is wrong, in words for the model."""

_WRAPPED = re.compile(r"[^{]*(\{.*\})[^}]*", re.DOTALL)
"""Servers that hold no answer to a schema often put words or a code fence around it."""


@dataclass(frozen=True, slots=True)
class Asked(Generic[T]):
    """What came of asking: the checked ``value``; calls made for it now, and what they used (nothing, where the
    answer was kept)."""

    value: T
    called: int
    usage: Usage


def ask(request: Request, check: Check[T], answers: Answers, caller: Caller) -> Asked[T]:
    """The checked answer to ``request``: the kept one, else a new one.

    An answer that fails its check is shown to the model once, with what is wrong. Raises :class:`StoryError`, also
    without a call where the model's second answer failed in an earlier run, or it refused, or was cut off.
    """
    if (record := answers.get(request)) is None:
        with answers.lock(request):
            if (record := answers.get(request)) is None:
                return _ask(request, check, answers, caller)
    answers.tidy(request)
    try:
        return Asked(check(record["answer"]), 0, Usage())
    except ValueError as error:
        kept = shown(answers.path(request))
        raise StoryError(
            f"{request.title}: the answer kept in {kept} makes no sense: {short(str(error))}. "
            "Delete that file and the model is asked anew"
        ) from None


def _ask(request: Request, check: Check[T], answers: Answers, caller: Caller) -> Asked[T]:
    attempts = answers.attempts(request)
    called, usage = 0, Usage()
    while True:
        if attempts and attempts[-1].problem is None:
            try:
                answer = _parsed(attempts[-1].raw)
                value = check(answer)
            except ValueError as error:
                attempts[-1] = replace(attempts[-1], problem=str(error) or "it makes no sense")
                answers.keep_attempts(request, attempts)
            else:
                answers.keep(request, answer, attempts)
                return Asked(value, called, usage)
        if attempts and (attempts[-1].final or len(attempts) >= MOST_ATTEMPTS):
            raise _given_up(request, attempts, answers)
        repair = Repair(attempts[-1].raw, attempts[-1].problem or "") if attempts else None
        try:
            reply = caller.send(request, repair)
        except StoryError as error:
            raise error if error.fatal else StoryError(f"{request.title}: {error}") from None
        called, usage = called + 1, usage + reply.usage
        attempts.append(_attempt(reply))
        answers.keep_attempts(request, attempts)


def _attempt(reply: Reply) -> Attempt:
    if reply.refusal is not None:
        return Attempt(reply.refusal, f"the model refused: {reply.refusal}", reply.usage, reply.model, final=True)
    if reply.truncated is not None:
        problem = f"the answer was cut off ({reply.truncated})"
        return Attempt(reply.text, problem, reply.usage, reply.model, final=True)
    return Attempt(reply.text, None, reply.usage, reply.model)


def _parsed(raw: str) -> Any:
    """The JSON object in the model's words. Raises :class:`ValueError` with what is wrong, for the model."""
    inside = _WRAPPED.fullmatch(raw)
    text = inside[1] if inside else raw
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


def _given_up(request: Request, attempts: Sequence[Attempt], answers: Answers) -> StoryError:
    last = attempts[-1]
    why = short((last.problem or "") if last.final else f"the model's answers made no sense: {last.problem}")
    file = shown(answers.rejected(request))
    return StoryError(
        f"{request.title}: {why.rstrip('.')}. What it said is in {file}. It is not asked again until you delete that "
        "file or change what it is asked about; or write the story's file by hand"
    )


def ask_all(
    asks: Sequence[tuple[Request, Check[T]]],
    answers: Answers,
    caller: Caller,
    at_once: int,
    on_done: Callable[[Request, Asked[T]], None],
) -> list[VtxError]:
    """Ask them all, ``at_once`` at a time. ``on_done`` is called with each that is answered, as it is, in the thread
    that called. Returns what failed, in the order of ``asks``.

    A fatal failure stops those that have not begun; others stop nothing. An interrupt ends it at once: whatever is
    under way is dropped, and a build that comes after asks for that anew. A defect (``on_done``'s as well) is raised
    when what is under way has ended.
    """
    waiting = deque(enumerate(asks))
    ended: SimpleQueue[tuple[int, Asked[T] | Exception] | None] = SimpleQueue()
    stopped = threading.Event()

    def work() -> None:
        while not stopped.is_set():
            try:
                number, (request, check) = waiting.popleft()
            except IndexError:
                break
            outcome: Asked[T] | Exception
            try:
                outcome = ask(request, check, answers, caller)
            except Exception as error:  # for the calling thread to raise or return
                outcome = error
                if not isinstance(error, VtxError) or getattr(error, "fatal", False):
                    stopped.set()
            ended.put((number, outcome))
        ended.put(None)

    # Daemons: at an interrupt nobody waits for an answer that may take minutes.
    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(max(at_once, 1), len(asks)))]
    failures: dict[int, Exception] = {}
    try:
        for thread in threads:
            thread.start()
        working = len(threads)
        while working:
            result = ended.get()
            if result is None:
                working -= 1
            elif isinstance(result[1], Exception):
                failures[result[0]] = result[1]
            else:
                try:
                    on_done(asks[result[0]][0], result[1])
                except Exception as error:  # what is under way arrives and is kept first
                    failures[result[0]] = error
                    stopped.set()
    finally:
        stopped.set()
    return _failed([failures[number] for number in sorted(failures)], len(waiting))


def _failed(failures: Sequence[Exception], unasked: int) -> list[VtxError]:
    """The failures, each message once. Raises the first that is a defect."""
    told: dict[str, VtxError] = {}
    for failure in failures:
        if not isinstance(failure, VtxError):
            raise failure
        told.setdefault(str(failure), failure)
    if unasked:
        what = "1 more was" if unasked == 1 else f"{unasked} more were"
        told.setdefault("", StoryError(f"{what} not asked"))
    return list(told.values())
