"""What goes over the wire, and what comes back, in both of OpenAI's ways of asking.

Responses: https://developers.openai.com/api/reference/resources/responses (``text.format``, ``status`` and
``incomplete_details``, ``output`` of messages with ``output_text`` or ``refusal``). Chat Completions, which other
servers speak: https://developers.openai.com/api/reference/resources/chat (``response_format``, ``finish_reason``,
``message.refusal``). Nothing is left with the server where it can be asked not to: ``store: false``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from vtx_app.story.calls.request import Request
from vtx_app.story.calls.usage import Usage

__all__ = ["Repair", "Reply", "Way", "asking", "reply_of"]


@dataclass(frozen=True, slots=True)
class Repair:
    """The model's own answer, ``raw``, and the ``problem`` with it, for the model to mend."""

    raw: str
    problem: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: ``text``, or why there is none: the words of a ``refusal``, or the reason for which it was
    ``truncated`` (``max_output_tokens``, ``length``, ``content_filter``). ``model`` as the server calls it.
    """

    text: str
    refusal: str | None
    truncated: str | None
    usage: Usage
    model: str


@dataclass(frozen=True, slots=True)
class Way:
    """How a server is asked. What it turns out not to know is left out from then on: the Responses endpoint
    (``responses``), answers held to a schema (``schemas``), the parameter ``store``."""

    responses: bool = True
    schemas: bool = True
    store: bool = True

    @property
    def path(self) -> str:
        """The endpoint, after the server's base URL."""
        return "/responses" if self.responses else "/chat/completions"


def asking(request: Request, repair: Repair | None, way: Way) -> dict[str, Any]:
    """The body of the call."""
    told = request.instructions if way.schemas else f"{request.instructions}\n\n{_plain_words(request)}"
    said = [{"role": "user", "content": request.input}]
    if repair is not None:
        said += [
            {"role": "assistant", "content": repair.raw or "(nothing)"},
            {"role": "user", "content": _repair_words(repair)},
        ]
    body: dict[str, Any] = {"model": request.model}
    form = {"name": request.schema_name, "schema": dict(request.schema), "strict": True}
    if way.responses:
        body |= {"instructions": told, "input": said}
        if way.schemas:
            body["text"] = {"format": {"type": "json_schema", **form}}
    else:
        body["messages"] = [{"role": "system", "content": told}, *said]
        if way.schemas:
            body["response_format"] = {"type": "json_schema", "json_schema": form}
    if way.store:
        body["store"] = False
    return body


def _plain_words(request: Request) -> str:
    schema = json.dumps(dict(request.schema), ensure_ascii=False, separators=(",", ":"))
    return (
        "Answer with one JSON object and nothing else: no words around it, no code fence. "
        f"It must be valid against this JSON Schema, which is called {request.schema_name}:\n{schema}"
    )


def _repair_words(repair: Repair) -> str:
    return f"That answer can't be used:\n{repair.problem}\n\nGive the whole answer again with that put right."


def reply_of(data: Any, way: Way) -> Reply:
    """The server's answer out of the body that it sent. Raises :class:`ValueError` for what is no answer."""
    try:
        return _of_responses(data) if way.responses else _of_chat(data)
    except (AttributeError, IndexError, KeyError, TypeError):
        raise ValueError("an answer of another form than the API's documentation says") from None


def _of_responses(data: dict[str, Any]) -> Reply:
    status = data.get("status", "completed")
    if status not in ("completed", "incomplete"):
        raise ValueError(f"{status}: {(data.get('error') or {}).get('message') or 'it is not said why'}")
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


def _of_chat(data: dict[str, Any]) -> Reply:
    choice = data["choices"][0]
    ended = choice.get("finish_reason")
    return Reply(
        text=_text(choice["message"].get("content")),
        refusal=_text(choice["message"].get("refusal")) or None,
        truncated=ended if ended in ("length", "content_filter") else None,
        usage=_usage(data.get("usage"), "prompt", "completion"),
        model=_text(data.get("model")),
    )


def _text(value: Any) -> str:
    """Text that can be written to a file: half a character (a lone surrogate) becomes a question mark."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError
    return value.encode("utf-8", "replace").decode("utf-8")


def _usage(said: Any, sent: str, written: str) -> Usage:
    """The tokens, as far as the server counts them."""

    def count(value: Any) -> int:
        return value if type(value) is int and value >= 0 else 0

    if not isinstance(said, dict):
        return Usage()
    details = said.get(f"{sent}_tokens_details")
    return Usage(
        input=count(said.get(f"{sent}_tokens")),
        cached=count(details.get("cached_tokens")) if isinstance(details, dict) else 0,
        output=count(said.get(f"{written}_tokens")),
    )
