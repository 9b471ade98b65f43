"""What a server's refusal, or its silence, means to the person at the build: one line, with what to do.

By the SDK's exceptions and the codes of https://developers.openai.com/api/docs/guides/error-codes. A line holds the
server's own words where they help, cut to 300 characters, and never a secret.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vtx_app.errors import StoryError
from vtx_app.story.calls.api import Way

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAIError

__all__ = ["Secrets", "lesser_way", "no_answer", "said", "short", "status_trouble"]

_SHORT = 300
_LOOKS_SECRET = (
    (re.compile(r"\b(sk|sess|rk)-[\w*.-]+"), "[key]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[^\s'\",;]+"), r"\1 [key]"),
    (re.compile(r"(?i)(authorization\W{1,4})(?!bearer\b|basic\b)[^\s'\",;]+"), r"\1[key]"),
    (re.compile(r"(?<=://)[^/\s@]+@"), ""),
)
_NEVER_THERE = frozenset(("ConnectError", "ConnectTimeout", "ProxyError", "UnsupportedProtocol", "LocalProtocolError"))
_AGAIN = "Run again later: what has been answered is kept"


class Secrets:
    """The texts that must not be shown or written: the key, and what else the server is told to know us by."""

    def __init__(self, *secrets: str | None) -> None:
        self._secrets = sorted({text for text in secrets if text}, key=len, reverse=True)

    def without(self, text: str, least: int = 8) -> str:
        """``text`` with the secrets themselves taken out, those of ``least`` characters: shorter ones are words."""
        for secret in self._secrets:
            if len(secret) >= least:
                text = text.replace(secret, "[key]")
        return text

    def scrubbed(self, text: str) -> str:
        """``text`` without them and without what looks like one, for messages."""
        text = self.without(text, 3)
        for pattern, instead in _LOOKS_SECRET:
            text = pattern.sub(instead, text)
        return text


def short(text: str, most: int = _SHORT) -> str:
    """``text`` on one line, printable, of ``most`` characters at most."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def said(error: OpenAIError, secrets: Secrets) -> str:
    """The server's own words in ``error``, fit for a message."""
    body = getattr(error, "body", None)
    words = body.get("message") or body.get("detail") if isinstance(body, dict) else body
    if not isinstance(words, str) or not words.strip():
        words = str(getattr(error, "message", error))
    return short(secrets.scrubbed(words)).rstrip(".")


def _code(error: APIStatusError) -> str:
    return f"{error.code or ''} {error.type or ''}"


def _names_model(error: APIStatusError, words: str) -> bool:
    missing = re.search(r"(?i)\bmodel\b.*(not found|not exist|unknown|no such)|(unknown|no such) model\b", words)
    return "model_not_found" in _code(error) or (error.status_code in (400, 404) and missing is not None)


def lesser_way(way: Way, error: APIStatusError, words: str) -> tuple[Way, str] | None:
    """The way to ask a server that does not know ``way``, and what to tell; None where that is not what ``error``
    (in whose ``words`` there is no secret) says.
    """
    if error.status_code in (401, 402, 403, 429) or _names_model(error, words):
        return None
    if error.status_code in (404, 405, 501) and way.responses:
        return Way(False, way.schemas, way.store), "has no Responses API; it is asked by Chat Completions"
    about = f"{words} {error.param or ''}"
    if way.schemas and re.search(r"(?i)response_format|json_schema|text\.format|structured output", about):
        if "invalid_json_schema" in _code(error) or re.search(r"(?i)invalid (json )?schema", words):
            return None
        return Way(way.responses, False, way.store), "holds no answer to a schema; it is told the schema in words"
    if way.store and error.status_code in (400, 422) and re.search(r"(?i)\bstore\b", about):
        return Way(way.responses, way.schemas, False), "does not know store: false; what it keeps is up to it"
    return None


def status_trouble(error: APIStatusError, words: str, place: str, model: str, way: Way) -> StoryError:
    """What an answer of ``place`` that is an error means. ``fatal`` where every other call would fail as well."""
    status = error.status_code
    if _names_model(error, words):
        name = f"{place} has no model {model!r} for this key ({status}): {words}"
        return StoryError(f"{name}. Name another: VTX_STORY_MODEL, or story.model in metadata.yaml", fatal=True)
    if status == 402 or re.search(r"insufficient_quota|billing|credit_balance", _code(error)):
        gone = f"{place}: the account has no quota left ({status}): {words}"
        return StoryError(f"{gone}. Add credit or raise its limit. {_AGAIN}", fatal=True)
    if status == 401:
        wrong = f"{place} refuses the key in OPENAI_API_KEY (401): {words}"
        return StoryError(f"{wrong}. Set the right one in the environment or in config/global.env", fatal=True)
    if status == 403:
        advice = "Ask for access there, or use another key, project or model"
        return StoryError(f"{place} does not permit this (403): {words}. {advice}", fatal=True)
    if status in (404, 405):
        advice = "Check OPENAI_BASE_URL: it usually ends in /v1"
        return StoryError(f"{place} has no {way.path} ({status}): {words}. {advice}", fatal=True)
    if status == 429:
        return StoryError(f"{place} is asked too often (429): {words}. {_AGAIN}")
    if status >= 500 or status == 408:
        return StoryError(f"{place} has a fault of its own ({status}): {words}. {_AGAIN}")
    return StoryError(f"{place} refuses the request ({status}): {words}")


def no_answer(error: OpenAIError, place: str, secrets: Secrets, tries: int, timeout: float) -> StoryError:
    """What it means that nothing, or half an answer, came from ``place`` in ``tries`` of ``timeout`` seconds each."""
    cause = error.__cause__
    why = short(secrets.scrubbed(str(cause or error)), 200).rstrip(".") or type(cause).__name__
    if type(cause).__name__ in _NEVER_THERE:
        return StoryError(f"{place} can't be reached: {why}. Check the network and OPENAI_BASE_URL", fatal=True)
    times = "once" if tries == 1 else f"{tries} times"
    if "Timeout" in type(error).__name__:
        return StoryError(f"{place} did not answer within {timeout:g} s, asked {times}. {_AGAIN}")
    return StoryError(f"{place} broke off, asked {times}: {why}. {_AGAIN}")
