"""The one door to a model: OpenAI's SDK, which other servers that speak OpenAI's language are asked by as well.

The SDK sends a call again by itself after a dropped connection, a time-out, 408, 409, 429 and 5xx. It waits as long
as the server's ``Retry-After`` says, up to two minutes (beyond that it gives up; versions before 3 wait by their own
measure), else from half a second up to eight: ``_should_retry`` and ``_calculate_retry_timeout`` of its
``_base_client.py``.
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
from vtx_app.files import report
from vtx_app.story.calls.api import Repair, Reply, Way, asking, reply_of
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.server_errors import Secrets, lesser_way, no_answer, said, short, status_trouble

if TYPE_CHECKING:
    from openai import OpenAI

__all__ = ["Caller", "Repair", "Reply", "Retries", "openai_caller"]

_OPENAI = "https://api.openai.com/v1"
_LONGEST_RETRY_AFTER = 120.0
_CONNECT = 10.0


class Caller(Protocol):
    """Whoever answers requests. Many threads may ask at once."""

    def send(self, request: Request, repair: Repair | None) -> Reply:
        """Ask, once. Raises :class:`StoryError` where nothing arrived that is to be kept."""


@dataclass(frozen=True, slots=True)
class Retries:
    """How long one call is tried: ``most`` times more after the first, each waiting ``timeout`` seconds for the
    server's next word."""

    most: int = 5
    timeout: float = 300.0

    @property
    def longest(self) -> float:
        """Seconds after which a call has ended at the latest, from a server that sends its answer in one piece:
        every try times out, and every pause is the longest that a server may ask for. 40 minutes as set above.
        """
        return (self.most + 1) * self.timeout + self.most * _LONGEST_RETRY_AFTER


def openai_caller(
    variables: Mapping[str, str], *, retries: Retries | None = None, say: Callable[[str], None] = report
) -> Caller:
    """Asks the server that ``variables`` name: OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_PROJECT, OPENAI_ORG (or
    OPENAI_PROJECT_ID, OPENAI_ORG_ID, as the SDK calls them), each of which may be missing or empty.

    Connects with the first call: without a key, what was answered before can still be read. ``say`` is told once of
    each thing that the server turns out not to know.
    """
    return _Door(variables, retries or Retries(), say)


def _place(base: str) -> tuple[str, str | None]:
    """Host and port of a base URL, as messages show it, and the password in it; no host where it is no URL."""
    if re.fullmatch(r"(?i)https?://([^\s/@]*@)?[\w.:\[\]-]+(/\S*)?", base):
        with contextlib.suppress(ValueError):
            parts = urlsplit(base)
            return f"{parts.hostname}{f':{parts.port}' if parts.port else ''}", parts.password
    return "", None


class _Door:
    def __init__(self, variables: Mapping[str, str], retries: Retries, say: Callable[[str], None]) -> None:
        def value(*names: str) -> str | None:
            return next((text for name in names if (text := variables.get(name, "").strip())), None)

        self._key = value("OPENAI_API_KEY")
        self._base = value("OPENAI_BASE_URL") or _OPENAI
        self._project = value("OPENAI_PROJECT", "OPENAI_PROJECT_ID")
        self._organization = value("OPENAI_ORG", "OPENAI_ORG_ID")
        self._retries = retries
        self._say = say
        self._lock = threading.Lock()
        self._client: OpenAI | None = None
        self._way = Way()
        self._place, password = _place(self._base)
        self._secrets = Secrets(self._key, password)

    def send(self, request: Request, repair: Repair | None) -> Reply:
        """As in :class:`Caller`."""
        client = self._connected()
        while True:
            way = self._way
            reply = self._sent(client, way, request, repair)
            if reply is not None:
                return reply

    def _sent(self, client: OpenAI, way: Way, request: Request, repair: Repair | None) -> Reply | None:
        """The reply; None where the server does not know ``way`` and another is now set."""
        from openai import APIStatusError, OpenAIError

        endpoint: Any = client.responses if way.responses else client.chat.completions
        try:
            response = endpoint.with_raw_response.create(**asking(request, repair, way))
            reply = reply_of(json.loads(response.http_response.content), way)
        except APIStatusError as error:
            words = said(error, self._secrets)
            if (lesser := lesser_way(way, error, words)) is None:
                raise status_trouble(error, words, self._place, request.model, way) from None
            self._settle_for(way, *lesser)
            return None
        except OpenAIError as error:
            tries = self._retries.most + 1
            raise no_answer(error, self._place, self._secrets, tries, self._retries.timeout) from None
        except (ValueError, RecursionError) as error:
            why = "what it sent is not JSON" if isinstance(error, json.JSONDecodeError | UnicodeDecodeError) else error
            words = short(self._secrets.scrubbed(str(why)))
            raise StoryError(f"{self._place} gave no answer: {words}. Run again later") from None
        clean = self._secrets.without
        refusal = None if reply.refusal is None else clean(reply.refusal)
        return replace(reply, text=clean(reply.text), refusal=refusal, model=clean(reply.model))

    def _settle_for(self, way: Way, lesser: Way, what: str) -> None:
        with self._lock:
            if self._way == way:
                self._way = lesser
                self._say(f"{self._place} {what}")

    def _connected(self) -> OpenAI:
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> OpenAI:
        if not self._place:
            raise StoryError("OPENAI_BASE_URL: expected a URL, as in http://localhost:8000/v1", fatal=True)
        if self._key is None and re.search(r"(^|\.)api\.openai\.com(:|$)", self._place):
            raise StoryError(
                "OPENAI_API_KEY is not set, and the story is to be written by a model: set it in the environment or "
                "in config/global.env, or write the story's files by hand",
                fatal=True,
            )
        if self._key is not None and not (self._key.isascii() and self._key.isprintable() and " " not in self._key):
            raise StoryError("OPENAI_API_KEY has characters that no key has: copy it again", fatal=True)
        from openai import OpenAI, Timeout

        client = OpenAI(
            api_key=self._key or "none",
            base_url=self._base,
            organization=self._organization,
            project=self._project,
            timeout=Timeout(self._retries.timeout, connect=min(_CONNECT, self._retries.timeout)),
            max_retries=self._retries.most,
            default_headers={"Connection": "close"},  # minutes lie between calls: one kept open may be gone by then
        )
        # Given as None they are looked up in the process environment, where they may be set to nothing.
        client.organization, client.project = self._organization, self._project
        return client
