"""The bodies of requests and replies in both of OpenAI's APIs.

Responses: https://developers.openai.com/api/reference/resources/responses (``text.format``, ``status`` and
``incomplete_details``, ``output`` of messages with ``output_text`` or ``refusal``). Chat Completions, which other
servers speak: https://developers.openai.com/api/reference/resources/chat (``response_format``, ``finish_reason``,
``message.refusal``). ``store: false`` asks the server to keep nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from vtx_app.story.calls.request import Request
from vtx_app.story.calls.usage import Usage

__all__ = ["Features", "Repair", "Reply", "parse_reply", "request_body"]


@dataclass(frozen=True, slots=True)
class Repair:
    """The model's own answer, ``raw``, and the ``problem`` with it, for the model to fix."""

    raw: str
    problem: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The ``text`` of an answer, or why there is none: the words of a ``refusal``, or the reason why it was
    ``truncated`` (``max_output_tokens``, ``length``, ``content_filter``). ``model`` is the server's name for it.
    """

    text: str
    refusal: str | None
    truncated: str | None
    usage: Usage
    model: str


@dataclass(frozen=True, slots=True)
class Features:
    """What a server supports: the Responses endpoint, answers held to a JSON Schema, the parameter ``store``."""

    responses: bool = True
    schemas: bool = True
    store: bool = True

    @property
    def endpoint(self) -> str:
        """The path after the server's base URL."""
        return "/responses" if self.responses else "/chat/completions"


def request_body(request: Request, repair: Repair | None, features: Features) -> dict[str, Any]:
    """The body of a call."""
    instructions = request.instructions if features.schemas else f"{request.instructions}\n\n{_schema_text(request)}"
    messages = [{"role": "user", "content": request.input}]
    if repair is not None:
        messages += [
            {"role": "assistant", "content": repair.raw or "(nothing)"},
            {"role": "user", "content": _repair_text(repair)},
        ]
    body: dict[str, Any] = {"model": request.model}
    schema = {"name": request.schema_name, "schema": dict(request.schema), "strict": True}
    if features.responses:
        body |= {"instructions": instructions, "input": messages}
        if features.schemas:
            body["text"] = {"format": {"type": "json_schema", **schema}}
    else:
        body["messages"] = [{"role": "system", "content": instructions}, *messages]
        if features.schemas:
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
    if features.store:
        body["store"] = False
    return body


def _schema_text(request: Request) -> str:
    schema = json.dumps(dict(request.schema), ensure_ascii=False, separators=(",", ":"))
    return (
        "Answer with one JSON object and nothing else: no words around it, no code fence. "
        f"It must be valid against this JSON Schema, which is called {request.schema_name}:\n{schema}"
    )


def _repair_text(repair: Repair) -> str:
    return f"That answer can't be used:\n{repair.problem}\n\nGive the whole answer again with that put right."


def parse_reply(data: Any, features: Features) -> Reply:
    """Read the body of a reply. Raises :class:`ValueError` if it is none."""
    try:
        return _from_responses(data) if features.responses else _from_chat(data)
    except (AttributeError, IndexError, KeyError, TypeError):
        raise ValueError("it is not in the form that the API documents") from None


def _from_responses(data: dict[str, Any]) -> Reply:
    status = data.get("status", "completed")
    if status not in ("completed", "incomplete"):
        raise ValueError(f"{status}: {(data.get('error') or {}).get('message') or 'no reason given'}")
    contents = [each for item in data["output"] if item["type"] == "message" for each in item["content"]]
    refusals = [each["refusal"] for each in contents if each["type"] == "refusal"]
    truncated = None
    if status == "incomplete":
        truncated = _text((data.get("incomplete_details") or {}).get("reason")) or "incomplete"
    return Reply(
        text=_text("".join(each["text"] for each in contents if each["type"] == "output_text")),
        refusal=_text("\n".join(refusals)) if refusals else None,
        truncated=truncated,
        usage=_usage(data.get("usage"), "input", "output"),
        model=_text(data.get("model")),
    )


def _from_chat(data: dict[str, Any]) -> Reply:
    choice = data["choices"][0]
    reason = choice.get("finish_reason")
    return Reply(
        text=_text(choice["message"].get("content")),
        refusal=_text(choice["message"].get("refusal")) or None,
        truncated=reason if reason in ("length", "content_filter") else None,
        usage=_usage(data.get("usage"), "prompt", "completion"),
        model=_text(data.get("model")),
    )


def _text(value: Any) -> str:
    """Text that can be written to a file: a lone surrogate becomes a question mark."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError
    return value.encode("utf-8", "replace").decode("utf-8")


def _usage(data: Any, sent: str, written: str) -> Usage:
    """The tokens, as far as the server counts them; ``sent`` and ``written`` are the API's names for them."""

    def count(value: Any) -> int:
        return value if type(value) is int and value >= 0 else 0

    if not isinstance(data, dict):
        return Usage()
    details = data.get(f"{sent}_tokens_details")
    return Usage(
        input=count(data.get(f"{sent}_tokens")),
        cached=count(details.get("cached_tokens")) if isinstance(details, dict) else 0,
        output=count(data.get(f"{written}_tokens")),
    )
