"""Servers that speak OpenAI's API in their own way, each after a public report or in the same way as one.

``WORK`` are those on which a story can be written, ``END`` those on which it ends, with what its one line says.
"""

from __future__ import annotations

import json
from typing import Any

from kit.story.server import ENDLESS, KEY, Kind

PAGE = b"<!DOCTYPE html>\n<html><head><title>Open WebUI</title><script>go()</script></head><body>Sign in</body></html>"
Body = dict[str, Any]


def _held(body: Body) -> bool:
    """Whether the request asks for answers that are held to a schema."""
    return bool({"text", "response_format"} & body.keys())


def _told(body: Body) -> str:
    """Everything the request says."""
    return json.dumps(body, ensure_ascii=False)


def _in_words(body: Body) -> bool:
    return "valid against this JSON Schema" in _told(body)


def text_of(answer: Body) -> str:
    """The text of an answer in either API."""
    if "choices" in answer:
        return str(answer["choices"][0]["message"]["content"])
    return str(answer["output"][-1]["content"][0]["text"])


def with_text(answer: Body, text: str) -> Body:
    """The same answer with another text."""
    if "choices" in answer:
        answer["choices"][0]["message"]["content"] = text
    else:
        answer["output"][-1]["content"][0]["text"] = text
    return answer


def _gemini(number: int, path: str, body: Body) -> tuple[int, Any] | None:
    """openhanako#394; no /responses, and no body that says so (continue#9939)."""
    if path == "/responses":
        return 404, b""
    if "store" in body:
        said = 'Invalid JSON payload received. Unknown name "store": Cannot find field.'
        return 400, [{"error": {"code": 400, "message": said, "status": "INVALID_ARGUMENT"}}]
    return None


def _gemini_without_schema(number: int, path: str, body: Body) -> tuple[int, Any] | None:
    return _gemini(number, path, body) or _response_schema(number, path, body)


def _mistral(number: int, path: str, body: Body) -> tuple[int, Any] | None:
    """php-mistral#76: the same list under detail and message."""
    if path == "/responses":
        return 404, {"detail": "Not Found"}
    if "store" in body:
        detail = [{"type": "extra_forbidden", "loc": ["body", "store"], "msg": "Extra inputs are not permitted"}]
        return 422, {"object": "Error", "detail": detail, "message": detail, "code": 3001}
    return None


def _message_mapping(number: int, path: str, body: Body) -> tuple[int, Any] | None:
    """mistralai_client_dart#44."""
    if "store" not in body:
        return None
    detail = {"type": "extra_forbidden", "loc": ["body", "store"], "msg": "Extra inputs are not permitted"}
    return 422, {"object": "error", "message": {"detail": [detail]}, "type": "invalid_request_error"}


def _response_schema(number: int, path: str, body: Body) -> tuple[int, Any] | None:
    if not _held(body):
        return None
    said = "Invalid JSON payload received. Unknown name \"response_schema\" at 'generation_config': Cannot find field."
    return 400, [{"error": {"code": 400, "message": said, "status": "INVALID_ARGUMENT"}}]


def _prose(number: int, path: str, body: Body, answer: Body) -> Body:
    """llama.cpp#24097: 200, and the schema ignored."""
    return (
        answer if _in_words(body) else with_text(answer, "Of course! The keeper climbs the stairs. What happens next?")
    )


def _first_half(number: int, path: str, body: Body, answer: Body) -> Body:
    """bifrost#5425: HTTP 200, half an answer and finish_reason error; here for every third request."""
    if number % 3 == 2:
        answer["choices"][0]["finish_reason"] = "error"
        return with_text(answer, text_of(answer)[:20])
    return answer


def _thinking(number: int, path: str, body: Body, answer: Body) -> Body:
    """req_llm#742."""
    thoughts = {"type": "thinking", "thinking": [{"type": "text", "text": 'Perhaps {"draft": true}?'}]}
    answer["choices"][0]["message"]["content"] = [thoughts, {"type": "text", "text": text_of(answer)}]
    return answer


def _null_status(number: int, path: str, body: Body, answer: Body) -> Body:
    return answer | {"status": None}


def _done(number: int, path: str, body: Body, answer: Body) -> bytes:
    """9router#3492."""
    return b"\n\n" + json.dumps(answer).encode() + b"\n\ndata: [DONE]\n\n"


def _events(number: int, path: str, body: Body, answer: Body) -> bytes:
    """openai-go#227: a stream that nobody asked for, with its comments."""
    text = text_of(answer)
    pieces: list[Body] = [{"choices": [{"index": 0, "delta": {"content": each}}]} for each in (text[:9], text[9:])]
    pieces.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": answer["usage"]})
    events = "".join(f"data: {json.dumps(each)}\n\n" for each in pieces)
    return f": OPENROUTER PROCESSING\n\n{events}data: [DONE]\n\n".encode()


def _failed_generation(number: int, path: str, body: Body, answer: Body) -> Body:
    """langchain#31459; sent with 200 here, with 400 in the tests of the client."""
    error = {
        "message": "Failed to generate JSON.",
        "code": "json_validate_failed",
        "failed_generation": text_of(answer),
    }
    return {"error": error}


def _think(number: int, path: str, body: Body, answer: Body) -> Body:
    return with_text(answer, f'<think>\nmaybe {{"draft": true}}?\n</think>\n\n{text_of(answer)}')


def _note(number: int, path: str, body: Body, answer: Body) -> Body:
    return with_text(
        answer, f'```json\n{text_of(answer)}\n```\nNote: {{curly}} words and {{"a": 1}} stand for nothing.'
    )


def _twice(number: int, path: str, body: Body, answer: Body) -> Body:
    """req_llm#618."""
    answer["output"].append(answer["output"][-1])
    return answer


def _commentary(number: int, path: str, body: Body, answer: Body) -> Body:
    """langchain4j#6403."""
    final = answer["output"][-1]
    first = {**final, "phase": "commentary", "content": [{"type": "output_text", "text": 'First {"draft": 1}.'}]}
    answer["output"][-1:] = [first, final | {"phase": "final_answer"}]
    return answer


def _reasoning(number: int, path: str, body: Body, answer: Body) -> Body:
    """vllm#19839."""
    message = answer["choices"][0]["message"]
    message["reasoning_content"], message["content"] = message["content"], None
    return answer


def _tool(number: int, path: str, body: Body, answer: Body) -> Body:
    message = answer["choices"][0]["message"]
    call = {"id": "1", "type": "function", "function": {"name": "json_tool_call", "arguments": message["content"]}}
    message["tool_calls"], message["content"] = [call], None
    return answer


def _on_responses(status: int, said: Any) -> Any:
    return lambda number, path, body: (status, said) if path == "/responses" else None


def _on_schema(status: int, said: Any) -> Any:
    return lambda number, path, body: (status, said) if _held(body) else None


def _quoting(number: int, path: str, body: Body) -> tuple[int, Any]:
    said = body["input"] if path == "/responses" else body["messages"]
    return 400, {"error": {"message": f"Can't take {said[-1]['content']} from {KEY}: <b>no</b>"}}


def _always(status: int, said: Any) -> Any:
    return lambda number, path, body: (status, said)


def _control_once(number: int, path: str, body: Body, answer: Body) -> Body:
    """Every text of an answer has half a letter in it, until that is complained about."""
    repaired = "That answer can't be used" in _told(body)
    return answer if repaired else with_text(answer, json.dumps(_with_nul(json.loads(text_of(answer)))))


def _with_nul(made: Any) -> Any:
    if isinstance(made, dict):
        return {key: _with_nul(value) for key, value in made.items()}
    if isinstance(made, list):
        return [_with_nul(each) for each in made]
    return f"{made}\0fc" if isinstance(made, str) and " " in made else made


CHAT = {"no_responses": True}
WORK: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("F1 a list of errors", _gemini, options={"no_store": True}),
        Kind("F1 extra_forbidden", _mistral, options={"no_store": True}),
        Kind("F1 message is a mapping", _message_mapping, options={"no_store": True}),
        Kind("F1 no response_schema", _response_schema),
        Kind("F1 all at once", _gemini_without_schema, options={"no_store": True}),
        Kind("F2 schema ignored", dress=_prose, options={"unheld": True}),
        Kind("F3 content is a list", dress=_thinking, options=CHAT),
        Kind("F3 status null", dress=_null_status),
        Kind("F3 [DONE] at the end", dress=_done),
        Kind("F3 a stream of events", dress=_events, options=CHAT),
        Kind("F3 failed_generation", dress=_failed_generation, options=CHAT),
        Kind("F4 thoughts", dress=_think),
        Kind("F4 a note with braces", dress=_note, options=CHAT),
        Kind("F4 the message twice", dress=_twice),
        Kind("F4 commentary", dress=_commentary),
        Kind("F5 reasoning_content", dress=_reasoning, options=CHAT),
        Kind("F5 a tool's argument", dress=_tool, options=CHAT),
        Kind(
            "F7 not implemented",
            _on_responses(500, {"error": {"message": "not implemented", "code": "convert_request_failed"}}),
        ),
        Kind(
            "F7 OperationNotSupported",
            _on_responses(
                400,
                {
                    "error": {
                        "code": "OperationNotSupported",
                        "message": "The responses operation does not work with the specified model, gpt-4.1. "
                        "Please choose different model and try again.",
                    }
                },
            ),
        ),
        Kind(
            "F7 unexpected endpoint",
            _on_responses(200, {"error": "Unexpected endpoint or method. (POST /v1/responses)"}),
        ),
        Kind("F7 a web page for /responses", _on_responses(200, PAGE)),
        Kind(
            "F7 failed to parse grammar",
            _on_schema(
                400,
                {
                    "error": {
                        "code": 400,
                        "message": "Failed to initialize samplers: failed to parse grammar",
                        "type": "invalid_request_error",
                    }
                },
            ),
        ),
        Kind(
            "F7 not supported by xgrammar",
            _on_schema(
                400,
                {
                    "object": "error",
                    "message": "The provided JSON schema contains features not supported by xgrammar.",
                    "type": "BadRequestError",
                    "code": 400,
                },
            ),
        ),
        Kind(
            "F7 no vocabulary for format",
            _on_schema(500, {"error": {"message": "failed to load model vocabulary required for format"}}),
        ),
        Kind("F13 a control character", dress=_control_once, options={"unheld": True}),
    )
}
NO_DEPLOYMENT = "The API deployment for this resource does not exist."
NO_MODEL = "models/gpt-4.1 is not found for API version v1main, or is not supported for generateContent."
NO_ENDPOINT = "No endpoints available matching your guardrail restrictions and data policy."
END: dict[str, tuple[Kind, str]] = {
    kind.name: (kind, says)
    for kind, says in (
        (
            Kind(
                "F8 DeploymentNotFound",
                _always(404, {"error": {"code": "DeploymentNotFound", "message": NO_DEPLOYMENT}}),
            ),
            "has no model 'gpt-4.1' for this key (404): The API deployment for this resource does not exist. Name",
        ),
        (
            Kind("F8 models/x", _always(404, [{"error": {"code": 404, "message": NO_MODEL, "status": "NOT_FOUND"}}])),
            "has no model 'gpt-4.1' for this key (404): models/gpt-4.1 is not found for API version v1main",
        ),
        (
            Kind("F8 data policy", _always(404, {"error": {"message": NO_ENDPOINT, "code": 404}})),
            "excludes the model 'gpt-4.1' (404): No endpoints available matching your guardrail restrictions and data",
        ),
        (
            Kind("F9 an error with 200", _always(200, {"error": {"message": "No credit left here", "code": 402}})),
            "the account has no quota left (402): No credit left here",
        ),
        (
            Kind("F9 no such address, with 200", _always(200, {"error": "Unexpected endpoint or method. (POST /x)"})),
            "has no /chat/completions: Unexpected endpoint or method. (POST /x). Check OPENAI_BASE_URL: it usually",
        ),
        (
            Kind(
                "F9 a bad request, with 200",
                _always(200, {"error": {"message": "No.", "type": "invalid_request_error"}}),
            ),
            "rejects the request (400): No",
        ),
        (
            Kind("F9 a web page", _always(200, PAGE)),
            "answers /chat/completions with a web page: Open WebUI. Check OPENAI_BASE_URL: it usually ends in /v1",
        ),
        (
            Kind(
                "F10 no quota",
                _always(429, {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}),
            ),
            "the account has no quota left (429): You exceeded your current quota. Add credit",
        ),
        (
            Kind("F1 the request and the key in the words", _quoting),
            "rejects the request (400): Can't take { \"… } from [key]: no",
        ),
        (Kind("F11 spaces for ever", _always(200, ENDLESS)), "did not answer within 0.2 s"),
        (Kind("F3 another form", dress=lambda *_: {"result": "G"}), "in a form that VTX can't read"),
    )
}
HALF = Kind("F6 half an answer", dress=_first_half, options=CHAT)
