"""Bodies of requests for both of OpenAI's APIs, and the parts of a reply that VTX uses.

Responses: https://developers.openai.com/api/reference/resources/responses (``text.format``, ``max_output_tokens``).
Chat Completions, which other servers speak: https://developers.openai.com/api/reference/resources/chat
(``response_format``). ``store: false`` asks the server to keep nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from vtx_app.story.calls.request import Request
from vtx_app.story.calls.usage import Usage

__all__ = ["Features", "Inbox", "Repair", "Reply", "form_of", "request_body"]


@dataclass(frozen=True, slots=True)
class Repair:
    """The model's own answer, ``raw``, and the ``problem`` for it to fix.

    ``off_schema``: the answer doesn't fit the schema, so the server doesn't enforce it.
    """

    raw: str
    problem: str
    off_schema: bool = False


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


class Inbox(Protocol):
    """Keeps everything that arrives for one question before VTX reads it.

    ``unread``: form → problem, where a body that arrived earlier can't be read.
    """

    @property
    def unread(self) -> Mapping[str, str]: ...

    def keep(self, form: str, body: str) -> None:
        """Write ``body``, the answer to the question in ``form``, to the disk."""

    def reject(self, problem: str) -> None:
        """Note that the last body can't be read, so that the question is not asked again in that form."""


@dataclass(frozen=True, slots=True)
class Features:
    """What a server supports: the Responses endpoint, answers held to a JSON Schema, the parameter ``store``.

    ``words``: send the schema in words too, because the server accepts one and doesn't enforce it. ``system``: Chat
    Completions take a system message. ``long_name``: they want ``max_completion_tokens``, not ``max_tokens``.
    """

    responses: bool = True
    schemas: bool = True
    store: bool = True
    words: bool = False
    system: bool = True
    long_name: bool = False

    @property
    def endpoint(self) -> str:
        """The path after the server's base URL."""
        return "/responses" if self.responses else "/chat/completions"


def form_of(features: Features, repair: Repair | None, max_tokens: int | None) -> str:
    """What decides the form of a server's answer: ``/responses, schema, 8000 tokens``."""
    parts = [features.endpoint, "schema" if features.schemas else "words", "repair" if repair else ""]
    return ", ".join(filter(None, [*parts, f"{max_tokens} tokens" if max_tokens else ""]))


def request_body(
    request: Request, repair: Repair | None, features: Features, max_tokens: int | None = None
) -> dict[str, Any]:
    """The body of a call; ``max_tokens`` limits the answer, None for the server's own limit."""
    in_words = features.words or not features.schemas
    instructions = f"{request.instructions}\n\n{_schema_text(request)}" if in_words else request.instructions
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
        if features.system:
            messages = [{"role": "system", "content": instructions}, *messages]
        else:
            messages[0] = {"role": "user", "content": f"{instructions}\n\n{request.input}"}
        body["messages"] = messages
        if features.schemas:
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
    if features.store:
        body["store"] = False
    if max_tokens:
        name = "max_completion_tokens" if features.long_name else "max_tokens"
        body["max_output_tokens" if features.responses else name] = max_tokens
    return body


def _schema_text(request: Request) -> str:
    schema = json.dumps(dict(request.schema), ensure_ascii=False, separators=(",", ":"))
    return (
        "Answer with one JSON object and nothing else: no words around it, no code fence. "
        f"It must be valid against this JSON Schema, which is called {request.schema_name}:\n{schema}"
    )


def _repair_text(repair: Repair) -> str:
    return f"That answer can't be used:\n{repair.problem}\n\nGive the whole answer again with that put right."
