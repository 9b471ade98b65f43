"""The client of a language model: OpenAI's SDK, also for other servers that speak OpenAI's API.

The SDK repeats a call by itself after a dropped connection, a timeout, 408, 409, 429 and 5xx. It waits as long as the
server's ``Retry-After`` says, up to two minutes (beyond that it gives up; versions before 3 ignore it), else from half
a second up to eight: ``_should_retry`` and ``_calculate_retry_timeout`` in its ``_base_client.py``.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from vtx_app.errors import StoryError
from vtx_app.files import report as print_report
from vtx_app.story.calls.api import Features, Repair, Reply, parse_reply, request_body
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.server_errors import (
    Secrets,
    connection_error,
    fallback,
    one_line,
    server_message,
    status_error,
)

if TYPE_CHECKING:
    from openai import OpenAI

__all__ = ["Client", "Retries", "openai_client"]

_OPENAI = "https://api.openai.com/v1"
_LONGEST_RETRY_AFTER = 120.0
_CONNECT_TIMEOUT = 10.0


class Client(Protocol):
    """Answers requests, also from many threads at once."""

    def send(self, request: Request, repair: Repair | None) -> Reply:
        """Make one call. Raises :class:`StoryError` if nothing arrived that is worth keeping."""


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a failed call is repeated, and how many seconds each try waits for the server's next bytes."""

    most: int = 5
    timeout: float = 300.0

    @property
    def longest(self) -> float:
        """The most seconds that a call takes on a server that sends its answer in one piece: every try times out, and
        every pause is the longest that a server may ask for. 40 minutes by default.
        """
        return (self.most + 1) * self.timeout + self.most * _LONGEST_RETRY_AFTER


def openai_client(
    variables: Mapping[str, str], *, retries: Retries | None = None, report: Callable[[str], None] = print_report
) -> Client:
    """A client of the server named in ``variables``: OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_PROJECT, OPENAI_ORG (or
    OPENAI_PROJECT_ID, OPENAI_ORG_ID, the SDK's names), each of which may be missing or empty.

    Connects on the first call, so that kept answers can be read without a key. Calls ``report`` once for each feature
    that the server turns out to lack.
    """
    return _OpenAIClient(variables, retries or Retries(), report)


def _parse_url(base: str) -> tuple[str, str | None]:
    """Host and port of a base URL, and the password in it; an empty host if it is no URL."""
    if re.fullmatch(r"(?i)https?://([^\s/@]*@)?[\w.:\[\]-]+(/\S*)?", base):
        with contextlib.suppress(ValueError):
            parts = urlsplit(base)
            return f"{parts.hostname}{f':{parts.port}' if parts.port else ''}", parts.password
    return "", None


class _OpenAIClient:
    def __init__(self, variables: Mapping[str, str], retries: Retries, report: Callable[[str], None]) -> None:
        def value(*names: str) -> str | None:
            return next((text for name in names if (text := variables.get(name, "").strip())), None)

        self._key = value("OPENAI_API_KEY")
        self._base = value("OPENAI_BASE_URL") or _OPENAI
        self._project = value("OPENAI_PROJECT", "OPENAI_PROJECT_ID")
        self._organization = value("OPENAI_ORG", "OPENAI_ORG_ID")
        self._retries = retries
        self._report = report
        self._lock = threading.Lock()
        self._connection: OpenAI | None = None
        self._features = Features()
        self._host, password = _parse_url(self._base)
        self._secrets = Secrets(self._key, password)

    def send(self, request: Request, repair: Repair | None) -> Reply:
        """As in :class:`Client`."""
        with self._lock:
            if self._connection is None:
                self._connection = self._connect()
        while True:
            if reply := self._send_with(self._features, self._connection, request, repair):
                return reply

    def _send_with(
        self, features: Features, connection: OpenAI, request: Request, repair: Repair | None
    ) -> Reply | None:
        """The reply; None if the server lacks one of ``features``, which is then switched off."""
        from openai import APIStatusError, OpenAIError

        endpoint: Any = connection.responses if features.responses else connection.chat.completions
        try:
            response = endpoint.with_raw_response.create(**request_body(request, repair, features))
            reply = parse_reply(json.loads(response.http_response.content), features)
        except APIStatusError as error:
            message = server_message(error, self._secrets)
            fewer = fallback(features, error, message)
            if fewer is None:
                raise status_error(error, message, self._host, request.model, features) from None
            with self._lock:
                if self._features == features:
                    self._features = fewer[0]
                    self._report(f"{self._host} {fewer[1]}")
            return None
        except OpenAIError as error:
            tries = self._retries.most + 1
            raise connection_error(error, self._host, self._secrets, tries, self._retries.timeout) from None
        except (ValueError, RecursionError) as error:
            reason = "it is not JSON" if isinstance(error, json.JSONDecodeError | UnicodeDecodeError) else str(error)
            reason = one_line(self._secrets.scrub(reason)).rstrip(".").rstrip(".")
            raise StoryError(f"{self._host} sent no valid answer: {reason}. Run the build again later") from None
        clean = self._secrets.remove
        refusal = None if reply.refusal is None else clean(reply.refusal)
        return replace(reply, text=clean(reply.text), refusal=refusal, model=clean(reply.model))

    def _connect(self) -> OpenAI:
        if not self._host:
            raise StoryError("OPENAI_BASE_URL: expected a URL, as in http://localhost:8000/v1", fatal=True)
        if self._key is None and re.search(r"(^|\.)api\.openai\.com(:|$)", self._host):
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
            timeout=Timeout(self._retries.timeout, connect=min(_CONNECT_TIMEOUT, self._retries.timeout)),
            max_retries=self._retries.most,
            default_headers={"Connection": "close"},  # minutes pass between calls: an open one may be gone by then
        )
        # The SDK replaces None by the process environment's value, which may be empty.
        connection.organization, connection.project = self._organization, self._project
        return connection
