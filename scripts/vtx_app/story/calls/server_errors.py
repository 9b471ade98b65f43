"""Turn a server's error, or its silence, into one line that tells the person what to do.

By the SDK's exceptions and https://developers.openai.com/api/docs/guides/error-codes. A line quotes the server's own
message where that helps, cut to 300 characters, and never holds a secret.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from vtx_app.errors import StoryError
from vtx_app.story.calls.api import Features
from vtx_app.text import plural

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAIError

__all__ = ["Secrets", "connection_error", "fallback", "one_line", "server_message", "status_error"]

_LOOKS_SECRET = (
    (re.compile(r"\b(sk|sess|rk)-[\w*.-]+"), "[key]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[^\s'\",;]+"), r"\1 [key]"),
    (re.compile(r"(?i)(authorization\W{1,4})(?!bearer\b|basic\b)[^\s'\",;]+"), r"\1[key]"),
    (re.compile(r"(?<=://)[^/\s@]+@"), ""),
)
_UNREACHABLE = frozenset(("ConnectError", "ConnectTimeout", "ProxyError", "UnsupportedProtocol", "LocalProtocolError"))
_RETRY = "Run the build again later: the answers received so far are kept"


class Secrets:
    """Texts that must not be shown or written: the key, and the password in the server's address."""

    def __init__(self, *secrets: str | None) -> None:
        self._secrets = sorted({text for text in secrets if text}, key=len, reverse=True)

    def remove(self, text: str, shortest: int = 8) -> str:
        """``text`` without the secrets of at least ``shortest`` characters: a shorter one may be an ordinary word."""
        for secret in self._secrets:
            if len(secret) >= shortest:
                text = text.replace(secret, "[key]")
        return text

    def scrub(self, text: str) -> str:
        """``text`` for a message: without the secrets and anything that looks like one."""
        text = self.remove(text, 3)
        for pattern, replacement in _LOOKS_SECRET:
            text = pattern.sub(replacement, text)
        return text


def one_line(text: str, most: int = 300) -> str:
    """``text`` on one printable line of at most ``most`` characters."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def server_message(error: OpenAIError, secrets: Secrets) -> str:
    """The server's own message in ``error``, on one line without secrets."""
    body = getattr(error, "body", None)
    message = body.get("message") or body.get("detail") if isinstance(body, dict) else body
    if not isinstance(message, str) or not message.strip():
        message = str(getattr(error, "message", error))
    return one_line(secrets.scrub(message)).rstrip(".")


def _code(error: APIStatusError) -> str:
    return f"{error.code or ''} {error.type or ''}"


def _is_unknown_model(error: APIStatusError, message: str) -> bool:
    missing = re.search(r"(?i)\bmodel\b.*(not found|not exist|unknown|no such)|(unknown|no such) model\b", message)
    return "model_not_found" in _code(error) or (error.status_code in (400, 404) and missing is not None)


def fallback(features: Features, error: APIStatusError, message: str) -> tuple[Features, str] | None:
    """The features without the one that ``error`` says the server lacks, and a note; None for any other error."""
    if error.status_code in (401, 402, 403, 429) or _is_unknown_model(error, message):
        return None
    if error.status_code in (404, 405, 501) and features.responses:
        return replace(features, responses=False), "has no Responses API; using Chat Completions"
    about = f"{message} {error.param or ''}"
    if features.schemas and re.search(r"(?i)response_format|json_schema|text\.format|structured output", about):
        if "invalid_json_schema" in _code(error) or re.search(r"(?i)invalid (json )?schema", message):
            return None
        return replace(features, schemas=False), "can't enforce a JSON Schema; sending the schema as text"
    if features.store and error.status_code in (400, 422) and re.search(r"(?i)\bstore\b", about):
        return replace(features, store=False), "doesn't know store: false; it may keep what it receives"
    return None


def status_error(error: APIStatusError, message: str, host: str, model: str, features: Features) -> StoryError:
    """The meaning of an error status; ``fatal`` if every other call would fail as well."""
    status = error.status_code
    if _is_unknown_model(error, message):
        text = f"{host} has no model {model!r} for this key ({status}): {message}"
        return StoryError(f"{text}. Name another: VTX_STORY_MODEL, or story.model in metadata.yaml", fatal=True)
    if status == 402 or re.search(r"insufficient_quota|billing|credit_balance", _code(error)):
        text = f"{host}: the account has no quota left ({status}): {message}"
        return StoryError(f"{text}. Add credit or raise its limit. {_RETRY}", fatal=True)
    if status == 401:
        text = f"{host} rejects the key in OPENAI_API_KEY (401): {message}"
        return StoryError(f"{text}. Set the right one in the environment or in config/global.env", fatal=True)
    if status == 403:
        advice = "Ask for access there, or use another key, project or model"
        return StoryError(f"{host} denies access (403): {message}. {advice}", fatal=True)
    if status in (404, 405):
        advice = "Check OPENAI_BASE_URL: it usually ends in /v1"
        return StoryError(f"{host} has no {features.endpoint} ({status}): {message}. {advice}", fatal=True)
    if status == 429:
        return StoryError(f"{host} limits the rate of calls (429): {message}. {_RETRY}")
    if status >= 500 or status == 408:
        return StoryError(f"{host} has an internal error ({status}): {message}. {_RETRY}")
    return StoryError(f"{host} rejects the request ({status}): {message}")


def connection_error(error: OpenAIError, host: str, secrets: Secrets, tries: int, timeout: float) -> StoryError:
    """The meaning of no answer, or half of one, in ``tries`` tries of ``timeout`` seconds each."""
    cause = error.__cause__
    reason = one_line(secrets.scrub(str(cause or error)), 200).rstrip(".") or type(cause).__name__
    if type(cause).__name__ in _UNREACHABLE:
        return StoryError(f"{host} can't be reached: {reason}. Check the network and OPENAI_BASE_URL", fatal=True)
    after = plural(tries, "try", "tries")
    if "Timeout" in type(error).__name__:
        return StoryError(f"{host} did not answer within {timeout:g} s ({after}). {_RETRY}")
    return StoryError(f"{host} broke off ({after}): {reason}. {_RETRY}")
