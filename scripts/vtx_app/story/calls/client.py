"""The client of a language model: OpenAI's SDK, also for other servers that speak OpenAI's API.

It repeats what OpenAI's SDK would repeat (``_should_retry`` in its ``_base_client.py``): a dropped connection, a
timeout, 408, 409, 429 and 5xx, with the server's ``Retry-After`` up to two minutes. It does so itself because the SDK
also repeats what waiting can't change, such as an account without quota, and bounds only the wait for the next byte.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from vtx_app.errors import StoryError
from vtx_app.files import report as print_report
from vtx_app.story.calls.api import Features, Inbox, Repair, Reply, form_of, request_body
from vtx_app.story.calls.failures import Failure, of_body, of_status
from vtx_app.story.calls.ladder import MISUSED, Step, next_step, simpler_step
from vtx_app.story.calls.redaction import Secrets
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.server import Server, parse_url
from vtx_app.story.calls.server_errors import (
    connection_error,
    failure_error,
    is_certificate_fault,
    may_pass,
    timeout_error,
    unreadable_error,
)
from vtx_app.story.calls.shapes import ServerFault, UnreadableError, read_body
from vtx_app.story.calls.tries import Retries, within

if TYPE_CHECKING:
    from openai import OpenAI

__all__ = ["Client", "openai_client"]

_OPENAI = "https://api.openai.com/v1"
_CONNECT_TIMEOUT = 10.0
_MOST_BYTES = 2**25
_IGNORES_SCHEMA = "doesn't hold answers to a JSON Schema; sending the schema as text too"


class Client(Protocol):
    """Answers requests, also from many threads at once. ``max_tokens`` is the longest answer, None for no limit."""

    max_tokens: int | None

    def send(self, request: Request, repair: Repair | None, inbox: Inbox | None = None) -> Reply:
        """Make one call, and give what arrives to ``inbox`` before reading it. Raises :class:`StoryError` without an
        answer.
        """


def openai_client(
    variables: Mapping[str, str],
    *,
    max_tokens: int | None = None,
    retries: Retries | None = None,
    report: Callable[[str], None] = print_report,
) -> Client:
    """A client of the server named in ``variables``: OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_PROJECT, OPENAI_ORG (or
    OPENAI_PROJECT_ID, OPENAI_ORG_ID, the SDK's names), each of which may be missing or empty.

    Connects on the first call, so that kept answers can be read without a key. Calls ``report`` once for each feature
    that the server turns out to lack, and while it waits.
    """
    return _OpenAIClient(variables, max_tokens, retries or Retries(), report)


@dataclass(eq=False)
class _Missed(Exception):
    """A try without an answer, with its ``error``.

    ``step``: to a simpler form. ``again``: the same request may succeed after ``wait`` seconds. ``restart``: the server
    may have been replaced.
    """

    error: StoryError
    step: Step | None = None
    again: bool = False
    wait: float | None = None
    restart: bool = False


class _OpenAIClient:
    def __init__(
        self, variables: Mapping[str, str], max_tokens: int | None, retries: Retries, report: Callable[[str], None]
    ) -> None:
        def value(*names: str) -> str | None:
            return next((text for name in names if (text := variables.get(name, "").strip())), None)

        self.max_tokens = max_tokens
        self._key = value("OPENAI_API_KEY")
        self._base = value("OPENAI_BASE_URL") or _OPENAI
        self._project = value("OPENAI_PROJECT", "OPENAI_PROJECT_ID")
        self._organization = value("OPENAI_ORG", "OPENAI_ORG_ID")
        self._retries = retries
        self._report = report
        self._lock = threading.Lock()
        self._connection: OpenAI | None = None
        host, password, path = parse_url(self._base)
        self._server = Server(host, path, report)
        self._secrets = Secrets(self._key, password)

    def send(self, request: Request, repair: Repair | None, inbox: Inbox | None = None) -> Reply:
        """As in :class:`Client`."""
        end, tries = time.monotonic() + self._retries.longest, 0
        while True:
            features = self._features(request, repair)
            tries += 1
            try:
                reply = self._try(request, repair, features, inbox, tries)
            except _Missed as missed:
                delay = self._retries.delay(tries, missed.wait)
                left = end - time.monotonic() - self._retries.timeout
                if missed.step is not None and left > 0:
                    self._server.move(request.model, features, missed.step)
                    tries = 0
                elif missed.again and tries <= self._retries.most and delay < left:
                    self._pause(delay, missed.error)
                elif missed.restart and self._server.forget(request.model, features):
                    tries = 0
                else:
                    raise missed.error from None
            else:
                self._server.worked(request.model, features)
                return reply

    def _features(self, request: Request, repair: Repair | None) -> Features:
        """What the server supports, judged by its earlier answers."""
        features = self._server.features(request.model)
        if repair is not None and repair.off_schema and features.schemas and not features.words:
            self._server.move(request.model, features, Step(replace(features, words=True), _IGNORES_SCHEMA))
            features = self._server.features(request.model)
        return features

    def _pause(self, seconds: float, error: StoryError) -> None:
        if seconds >= self._retries.notice:
            self._report(f"{str(error).partition('. ')[0]}; next try in {seconds:.0f} s")
        self._retries.pause(seconds)

    def _try(
        self, request: Request, repair: Repair | None, features: Features, inbox: Inbox | None, tries: int
    ) -> Reply:
        """One try. Raises :class:`_Missed`."""
        from openai import APIStatusError, OpenAIError

        host = self._server.host
        form = form_of(features, repair, self.max_tokens)
        if inbox is not None and form in inbox.unread:
            raise _Missed(unreadable_error(host, inbox.unread[form]), simpler_step(features))
        body = request_body(request, repair, features, self.max_tokens)
        refused: Failure | None = None
        seconds = self._retries.timeout

        def waiting(passed: float) -> None:
            self._report(f"still waiting for {host}, {request.title}, {passed:.0f} s")

        try:
            text = within(seconds, lambda given_up: self._post(features, body, given_up), self._retries.notice, waiting)
        except TimeoutError:
            raise _Missed(timeout_error(host, tries, seconds), again=True) from None
        except APIStatusError as error:
            text = self._secrets.remove(error.response.text)
            refused = of_status(error, self._secrets, request)
            if "failed_generation" not in text:
                raise self._missed(refused, request, features) from None
        except (OpenAIError, ConnectionError) as error:
            lost = connection_error(error, host, self._secrets, tries)
            raise _Missed(lost, again=not is_certificate_fault(error)) from None
        else:
            text = self._secrets.remove(text)
        if inbox is not None:
            inbox.keep(form, text)
        try:
            return read_body(text)
        except ServerFault as fault:
            failure = refused or of_body(fault.body, self._secrets, request)
            raise self._missed(failure, request, features) from None
        except UnreadableError as error:
            if inbox is not None:
                inbox.reject(str(error))
            raise _Missed(unreadable_error(host, str(error)), simpler_step(features)) from None

    def _missed(self, failure: Failure, request: Request, features: Features) -> _Missed:
        return _Missed(
            failure_error(failure, self._server.host, request.model, features.endpoint),
            next_step(features, failure),
            again=may_pass(failure),
            wait=failure.wait,
            restart=failure.status in MISUSED or failure.status == 200,
        )

    def _post(self, features: Features, body: Mapping[str, Any], given_up: threading.Event) -> str:
        """The body of the server's answer, read in pieces so that reading stops when the caller gives up."""
        with self._lock:
            if self._connection is None:
                self._connection = self._connect()
        endpoint: Any = self._connection.responses if features.responses else self._connection.chat.completions
        pieces: list[bytes] = []
        with endpoint.with_streaming_response.create(**body) as response:
            try:
                for piece in response.iter_bytes():
                    pieces.append(piece)
                    if given_up.is_set():
                        break
                    if sum(map(len, pieces)) > _MOST_BYTES:
                        raise ConnectionError(f"more than {_MOST_BYTES >> 20} MiB")
            except Exception as error:  # the SDK doesn't wrap its HTTP library's
                raise ConnectionError(str(error) or type(error).__name__) from error
        return b"".join(pieces).decode("utf-8", "replace")

    def _connect(self) -> OpenAI:
        host = self._server.host
        if not host:
            raise StoryError("OPENAI_BASE_URL: expected a URL, as in http://localhost:8000/v1", fatal=True)
        if self._key is None and re.search(r"(^|\.)api\.openai\.com(:|$)", host):
            raise StoryError(
                "OPENAI_API_KEY is not set, and the story is to be written by a model: set it in the environment or "
                "in config/global.env, or write the story's files by hand",
                fatal=True,
            )
        if self._key is not None and not (self._key.isascii() and self._key.isprintable() and " " not in self._key):
            raise StoryError("OPENAI_API_KEY has characters that no key has: copy it again", fatal=True)
        from openai import OpenAI, Timeout

        connection = OpenAI(
            api_key=self._key or "none",
            base_url=self._base,
            organization=self._organization,
            project=self._project,
            timeout=Timeout(self._retries.timeout + _CONNECT_TIMEOUT, connect=_CONNECT_TIMEOUT),  # longer than a try
            max_retries=0,
            default_headers={"Connection": "close"},  # minutes pass between calls: an open one may be gone by then
        )
        # The SDK replaces None by the process environment's value, which may be empty.
        connection.organization, connection.project = self._organization, self._project
        return connection
