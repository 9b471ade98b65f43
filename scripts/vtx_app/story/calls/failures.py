"""A failed call as plain data: from an error of OpenAI's SDK, or from a 200 whose body reports a failure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vtx_app.story.calls.redaction import Secrets
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.server_words import codes_in, is_page, one_line, without_request, words_of

if TYPE_CHECKING:
    from openai import APIStatusError

__all__ = ["Failure", "of_body", "of_status"]

_LONGEST_WAIT = 120.0
"""Seconds. If a server asks for a longer wait, the call fails until the next build (as in OpenAI's SDK)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What a server said instead of an answer.

    ``status`` is that of HTTP, for a 200 the one in its body, else 200. ``words`` are the server's own on one line,
    without secrets and without the request's text; ``codes`` every code and type in the body. ``wait`` is how many
    seconds the server asks to wait, ``again`` its word on whether to ask again; None if it says nothing.
    """

    status: int
    words: str
    codes: str = ""
    page: bool = False
    wait: float | None = None
    again: bool | None = None

    @property
    def about(self) -> str:
        """Words and codes, to search in."""
        return f"{self.words} {self.codes}"

    @property
    def quote(self) -> str:
        """The words for a message."""
        return self.words or "no reason given"

    @property
    def too_long(self) -> bool:
        """Whether the server asks for a longer wait than a build makes."""
        return self.wait is not None and self.wait > _LONGEST_WAIT


def of_status(error: APIStatusError, secrets: Secrets, request: Request) -> Failure:
    """The failure that an error status means."""
    body = error.response.text
    hint = error.response.headers.get("x-should-retry")
    wait = _seconds(error.response.headers.get("retry-after-ms"), 0.001)
    if wait is None:
        wait = _seconds(error.response.headers.get("retry-after"), 1)
    return _failure(error.status_code, body, secrets, request, wait, {"true": True, "false": False}.get(hint or ""))


def of_body(body: str, secrets: Secrets, request: Request) -> Failure:
    """The failure that the body of a 200 reports."""
    return _failure(200, body, secrets, request, None, None)


def _failure(
    status: int, body: str, secrets: Secrets, request: Request, wait: float | None, again: bool | None
) -> Failure:
    words = without_request(words_of(body), request.input, request.instructions)
    codes = codes_in(body)
    if status == 200 and (code := re.search(r"\b[45]\d\d\b", codes)):
        status = int(code[0])
    elif status == 200 and re.search(r"(?i)invalid_request|invalid_argument|bad_?request", codes):
        status = 400
    if wait is None and (asked := re.search(r"(?i)(?:retry|try again) in ([\d.]+) ?s", words)):
        wait = _seconds(asked[1], 1)  # Gemini says it in words
    return Failure(status, one_line(secrets.scrub(words)).rstrip(". "), codes, is_page(body), wait, again)


def _seconds(text: str | None, unit: float) -> float | None:
    """A number of seconds; None for anything else, a date for example."""
    try:
        value = float(text or "") * unit
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
