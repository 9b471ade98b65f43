"""Read the body of an answer by trying the shapes that servers send, in order.

OpenAI's own are Responses (https://developers.openai.com/api/reference/resources/responses) and Chat Completions
(https://developers.openai.com/api/reference/resources/chat). Every other shape cites a public report.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from vtx_app.story.calls.api import Reply
from vtx_app.story.calls.objects import has_object
from vtx_app.story.calls.server_words import is_page
from vtx_app.story.calls.usage import Usage

__all__ = ["SHAPES", "ServerFault", "UnreadableError", "read_body"]

_BLANK = "\ufeff \t\r\n"
_CUT = frozenset(("length", "max_tokens", "model_length", "model_context_window_exceeded", "max_output_tokens"))
_FILTERED = frozenset(("content_filter", "safety", "sensitive", "recitation", "prohibited_content", "blocklist"))
_BROKEN = frozenset(("error", "network_error", "insufficient_system_resource", "abort", "cancelled", "failed"))
"""Reasons to stop other than "stop" (genkit#6259, MacPaw/OpenAI#312, vercel/ai and Mistral's "model_length")."""


class ServerFault(Exception):
    """A 200 whose body reports a failure of the server, or is a web page (``page``)."""

    def __init__(self, body: str, *, page: bool = False) -> None:
        super().__init__(body)
        self.body, self.page = body, page


class UnreadableError(ValueError):
    """A body of no known shape."""


def read_body(body: str) -> Reply:
    """The answer in ``body``. Raises :class:`ServerFault` and :class:`UnreadableError`."""
    if is_page(body):
        raise ServerFault(body, page=True)
    if not body.strip():
        raise ServerFault('{"error": "an empty answer"}')
    data = _decoded(body)
    for shape in SHAPES:
        try:
            if (reply := shape(data)) is not None:
                return reply
        except (AttributeError, IndexError, KeyError, TypeError):
            continue
    raise UnreadableError("it is not in a form that is known")


def _decoded(body: str) -> Any:
    """The JSON of a body.

    Blank lines and comments that keep the connection alive may come before it (openai-go#227, omlx#2066), and the end
    of a stream, ``data: [DONE]``, after it (9router#3492). The body may also be an unrequested stream of events.
    """
    text = body.lstrip(_BLANK)
    while text.startswith(":"):
        text = text.partition("\n")[2].lstrip(_BLANK)
    if text.startswith(("data:", "event:", "id:")):
        try:
            return _from_events(text)
        except (AttributeError, TypeError):
            raise UnreadableError("it is a stream of events in a form that is not known") from None
    try:
        data, end = json.JSONDecoder(strict=False).raw_decode(text)
    except json.JSONDecodeError as error:
        raise UnreadableError(f"it is not JSON: {error}") from None
    except RecursionError:
        raise UnreadableError("it is nested too deeply") from None
    if not re.fullmatch(r"\s*(data:\s*\[DONE\]\s*)?", text[end:]):
        raise UnreadableError("it is not JSON: there is more after its end")
    return data


def _from_events(text: str) -> Any:
    """The answer that a stream of server-sent events adds up to."""
    chat: dict[str, Any] = {"choices": [{"message": {"content": "", "reasoning_content": ""}}]}
    choice, seen = chat["choices"][0], False
    for line in text.splitlines():
        if not line.startswith("data:") or (data := line[5:].strip()) in ("", "[DONE]"):
            continue
        try:
            event = json.loads(data, strict=False)
        except (ValueError, RecursionError):
            raise UnreadableError("it is a stream of events, and one of them is not JSON") from None
        if not isinstance(event, dict):
            continue
        if isinstance(event.get("response"), dict) and event.get("type") != "response.created":
            chat, seen = event["response"], seen or "output" in event["response"]
        if event.get("error"):
            return event
        for each in event.get("choices") or ():
            seen = True
            delta = each.get("delta") or each.get("message") or {}
            content, thoughts = _parts(delta.get("content"))
            choice["message"]["content"] += content
            choice["message"]["reasoning_content"] += thoughts or _text(delta.get("reasoning_content"))
            choice["finish_reason"] = each.get("finish_reason") or choice.get("finish_reason")
        chat |= {key: event[key] for key in ("model", "usage") if event.get(key)}
    if not seen:
        raise UnreadableError("it is a stream of events without an answer in it")
    return chat


def failed_generation(data: Any) -> Reply | None:
    """A 400 that holds what the model wrote: Groq's ``json_validate_failed`` (langchain#31459)."""
    error = data["error"]
    text = error["failed_generation"]
    return Reply(_text(text), None, None, Usage(), "") if isinstance(text, str) and text.strip() else None


def error_body(data: Any) -> Reply | None:
    """An error sent as 200: a text (lmstudio-bug-tracker#618), OpenRouter's ``{"error": {"code": 502}}`` (aider#3550),
    a list of errors, a failed response, ``{"success": false}``."""
    first = data[0] if isinstance(data, list) and data else data
    if not isinstance(first, dict):
        return None
    failed = first.get("status") in ("failed", "cancelled") or first.get("object") == "error"
    failed = failed or first.get("success") is False or bool(first.get("errors"))
    answered = first.get("choices") or first.get("output") or first.get("content")
    is_error = any(first.get(key) for key in ("error", "detail", "msg")) or isinstance(first.get("message"), str)
    if failed or (is_error and not answered):
        raise ServerFault(
            json.dumps(first if is_error else {**first, "reason": f"{first.get('status')}: no reason given"})
        )
    return None


def responses(data: Any) -> Reply | None:
    """OpenAI's Responses; ``status`` may be null. Among several messages the final answer counts, not the
    commentary before it, and among equals the first (langchain4j#6403, req_llm#618); without any, the thoughts."""
    items = [each for each in data["output"] if isinstance(each, dict)]
    messages = [each for each in items if each.get("type", "message") == "message" and "content" in each]
    thoughts = ["".join(_parts(each.get("content"))) for each in items if each.get("type") == "reasoning"]
    called = [_argument(each.get("arguments")) for each in items if each.get("type") == "function_call"]
    if not any((messages, *called, *thoughts, data.get("output_text"))):
        return None
    final = [each for each in messages if each.get("phase") == "final_answer"]
    final = final or [each for each in messages if each.get("phase") in (None, "")] or messages
    texts = list(dict.fromkeys(_parts(each["content"])[0] for each in final))
    answer = "\n".join(filter(None, texts)) or _text(data.get("output_text"))
    details = data.get("incomplete_details") or {}
    truncated = _text(details.get("reason")) or "incomplete" if data.get("status") == "incomplete" else None
    refusals = [_text(part["refusal"]) for each in messages for part in _refusals(each["content"])]
    return _reply(data, _likeliest(answer, *called, *thoughts), "\n".join(refusals) if refusals else None, truncated)


def chat(data: Any) -> Reply | None:
    """Chat Completions. ``content`` may be a list of thoughts and text (Mistral: req_llm#742), null with the answer in
    ``reasoning_content`` or ``reasoning`` (vllm#19839, QwenLM/Qwen3#1297), or the answer may be a tool's argument."""
    choices = [each for each in data["choices"] if isinstance(each, dict)]
    choice = next((each for each in choices if _content(each)), choices[0])
    message = choice.get("message") or choice
    reason = _name(choice.get("finish_reason")).casefold()
    if reason in _BROKEN or choice.get("error"):
        words = choice.get("error") or f"it stopped in the middle of its answer ({reason})"
        raise ServerFault(json.dumps({"error": words}))
    text, thoughts = _parts(_content(choice))
    kept = [_text(message.get(key)) for key in ("reasoning_content", "reasoning") if isinstance(message.get(key), str)]
    called = [each.get("function") or {} for each in message.get("tool_calls") or ()]
    called.append(message.get("function_call") or {})
    answer = _likeliest(text, *(_argument(each.get("arguments")) for each in called), thoughts, *kept)
    return _reply(data, answer, _text(message.get("refusal")) or None, _truncated(reason))


def messages(data: Any) -> Reply | None:
    """Anthropic's Messages, which a gateway may hand through as it is: ``content`` of ``thinking`` and ``text``."""
    if not isinstance(data["content"], list | str) or data.get("role") != "assistant":
        return None
    text, thoughts = _parts(data["content"])
    reason = _name(data.get("stop_reason"))
    refusal = text or "no reason given" if reason == "refusal" else None
    return _reply(data, _likeliest(text, thoughts), refusal, _truncated(reason))


def native(data: Any) -> Reply | None:
    """Ollama's own ``{"message": {"content"}, "done_reason"}``, and Gemini's ``candidates`` of ``parts``."""
    if "candidates" in data:
        candidate = data["candidates"][0]
        parts = candidate["content"]["parts"]
        text = "".join(_text(part.get("text")) for part in parts if not part.get("thought"))
        reason = _name(candidate.get("finishReason")).casefold()
        model = _name(data.get("modelVersion"))
    else:
        text, reason = _text(data["message"]["content"]), _name(data.get("done_reason"))
        model = _name(data.get("model"))
    return Reply(text, None, _truncated(reason), Usage(), model)


SHAPES: tuple[Callable[[Any], Reply | None], ...] = (failed_generation, error_body, responses, chat, messages, native)
"""Each returns the answer, or None (or fails on a key) if the body has another shape."""


def _reply(data: dict[str, Any], text: str, refusal: str | None, truncated: str | None) -> Reply:
    return Reply(text, refusal, truncated, _usage(data.get("usage")), _name(data.get("model")))


def _likeliest(answer: str, *others: str) -> str:
    """The first text that holds a whole object, else the answer."""
    return next((text for text in (answer, *others) if text and has_object(text)), answer)


def _truncated(reason: str) -> str | None:
    """Why an answer was cut off, by the reason why the server stopped; None if it wasn't."""
    return "content_filter" if reason in _FILTERED else reason if reason in _CUT else None


def _content(choice: dict[str, Any]) -> Any:
    message = choice.get("message")
    return message.get("content") if isinstance(message, dict) else choice.get("text")


def _parts(content: Any) -> tuple[str, str]:
    """The text and the thoughts of a message's content: a text, an object, or a list of parts."""
    if content is None or isinstance(content, str):
        return _text(content), ""
    if isinstance(content, dict) and "type" not in content:
        return _argument(content), ""
    text, thoughts = [], []
    for part in content if isinstance(content, list) else [content]:
        if isinstance(part, str):
            text.append(part)
        elif part.get("type") in ("thinking", "reasoning", "reasoning_text"):
            inner = part.get("thinking") or part.get("text") or ""
            thoughts.append(inner if isinstance(inner, str) else _parts(inner)[0])
        elif part.get("type") != "refusal":
            text.append(_text(part.get("text")))
    return _text("".join(text)), _text("".join(thoughts))


def _refusals(content: Any) -> list[dict[str, Any]]:
    return [part for part in content if part.get("type") == "refusal"] if isinstance(content, list) else []


def _argument(value: Any) -> str:
    """A tool's arguments as text: some servers send them as an object."""
    return _text(json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value)


def _name(value: Any) -> str:
    return _text(value) if isinstance(value, str) else ""


def _text(value: Any) -> str:
    """Text that can be written to a file: a lone surrogate becomes a question mark."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError
    return value.encode("utf-8", "replace").decode("utf-8")


def _usage(data: Any) -> Usage:
    """The tokens, as far as the server counts them, by the names of either API."""

    def count(value: Any) -> int:
        return value if type(value) is int and value >= 0 else 0

    if not isinstance(data, dict):
        return Usage()
    sent, written = ("input", "output") if "input_tokens" in data else ("prompt", "completion")
    details = data.get(f"{sent}_tokens_details")
    return Usage(
        input=count(data.get(f"{sent}_tokens")),
        cached=count(details.get("cached_tokens")) if isinstance(details, dict) else 0,
        output=count(data.get(f"{written}_tokens")),
    )
