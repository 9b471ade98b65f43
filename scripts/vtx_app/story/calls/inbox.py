"""Write what a server sends to disk before reading it, so that no question is paid for twice in the same form."""

from __future__ import annotations

from dataclasses import replace

from vtx_app.story.calls.answer_store import AnswerStore, Arrival, Attempt, Attempts
from vtx_app.story.calls.api import Reply
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.shapes import ServerFault, UnreadableError, read_body

__all__ = ["AttemptsInbox"]


class AttemptsInbox:
    """The inbox of one request, which is :class:`vtx_app.story.calls.api.Inbox` for the next attempt at it.

    Writes itself to the store at each change.
    """

    def __init__(self, store: AnswerStore, request: Request) -> None:
        self._store, self._request = store, request
        self._kept: Attempts = store.attempts(request)
        self._number = -1

    @property
    def attempts(self) -> list[Attempt]:
        """The attempts, oldest first."""
        return self._kept.attempts

    @property
    def unread(self) -> dict[str, str]:
        """Form → problem, for unreadable bodies that answered the current question."""
        now = len(self.attempts)
        return {each.form: each.problem for each in self._kept.arrived if each.attempts == now and each.problem}

    def keep(self, form: str, body: str) -> None:
        """Write ``body``, in place of an earlier one in the same form."""
        now = len(self.attempts)
        same = [each for each in self._kept.arrived if (each.form, each.attempts) == (form, now)]
        self._kept.arrived = [each for each in self._kept.arrived if each not in same]
        self._kept.arrived.append(Arrival(form, now, body))
        self.save()

    def reject(self, problem: str) -> None:
        """Note that the last body can't be read."""
        self._kept.arrived[-1] = replace(self._kept.arrived[-1], problem=problem)
        self.save()

    def take(self) -> tuple[Reply, str] | None:
        """An answer from an earlier run, and its body, that was not read then: the run was killed, or this version of
        VTX can read more.
        """
        for each in self._kept.arrived:
            if each.attempts == len(self.attempts):
                try:
                    return read_body(each.body), each.body
                except (ServerFault, UnreadableError):
                    continue
        return None

    def add(self, attempt: Attempt) -> Attempt:
        """Keep ``attempt``, the answer that its body holds, and return it.

        The body is no longer apart; on the disk it stays so until the attempt is judged.
        """
        apart = [each for each in self._kept.arrived if each.body != attempt.body]
        written = len(apart) < len(self._kept.arrived)
        self._kept.arrived = apart
        self._kept.attempts.append(attempt)
        if attempt.problem is not None or not written:
            self.save()
        return attempt

    def judge(self, problem: str) -> None:
        """Note the ``problem`` with the last attempt."""
        self.attempts[-1] = replace(self.attempts[-1], problem=problem)
        self.save()

    def drop(self) -> None:
        """Forget the last attempt, so that its question is asked again."""
        self.attempts.pop()
        self.save()

    @property
    def last_body(self) -> str | None:
        """The body that arrived last."""
        return self._kept.arrived[-1].body if self._kept.arrived else None

    def save(self) -> None:
        """Write the attempts to the store. Raises :class:`vtx_app.errors.StoryError`."""
        self._store.save_attempts(self._request, self._kept)
