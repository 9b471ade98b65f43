"""Reading the body of an answer in each shape in which a public report has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtx_app.story.calls.api import Reply
from vtx_app.story.calls.shapes import SHAPES, ServerFault, UnreadableError, read_body
from vtx_app.story.calls.usage import Usage

G = '{"title": "a", "beats": null}'
DRAFT = 'maybe {"draft": true}?'


def chat(**message: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}]}


def item(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}], **more}


def output(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"status": "completed", "output": list(items), **more}


def event(data: Any) -> str:
    return f"data: {json.dumps(data)}\n\n"


THOUGHT = {"type": "thinking", "thinking": [{"type": "text", "text": DRAFT}]}
READ: dict[str, Any] = {
    "chat": chat(content=G),
    "no index, no role": {"choices": [{"message": {"content": G}}]},
    "a list of thoughts and text": chat(content=[THOUGHT, {"type": "text", "text": G}]),
    "text in two parts": chat(content=[{"type": "text", "text": G[:9]}, {"type": "text", "text": G[9:]}]),
    "thoughts between the parts": chat(
        content=[{"type": "text", "text": G[:9]}, {"type": "thinking", "thinking": []}, {"type": "text", "text": G[9:]}]
    ),
    "thoughts as text": chat(content=[{"type": "thinking", "thinking": DRAFT}, {"type": "text", "text": G}]),
    "parts without a type": chat(content=["", {"text": G}]),
    "an object": chat(content=json.loads(G)),
    "reasoning_content": chat(content=None, reasoning_content=G),
    "reasoning": chat(content="", reasoning=G),
    "thoughts and an answer": chat(content=G, reasoning_content=DRAFT),
    "an answer only in the thoughts": chat(content=[{"type": "thinking", "thinking": [{"type": "text", "text": G}]}]),
    "a tool's arguments": chat(content=None, tool_calls=[{"function": {"name": "json", "arguments": G}}]),
    "a tool's arguments as an object": chat(content=None, tool_calls=[{"function": {"arguments": json.loads(G)}}]),
    "a function's arguments": chat(content=None, function_call={"name": "json", "arguments": G}),
    "the second choice": {"choices": [{"message": {"content": None}}, {"message": {"content": G}}]},
    "a legacy completion": {"choices": [{"text": G, "finish_reason": "stop"}]},
    "responses": output(item(G)),
    "status null": output(item(G), status=None),
    "no status": {"output": [item(G)]},
    "no type of the message": output({"role": "assistant", "content": [{"type": "output_text", "text": G}]}),
    "content as text": output({"type": "message", "content": G}),
    "output_text alone": output(output_text=G),
    "the same twice": output(item(G), item(G)),
    "the same twice in two phases": output(item(G, phase="commentary"), item(G, phase="final_answer")),
    "commentary first": output(item(DRAFT, phase="commentary"), item(G, phase="final_answer")),
    "commentary beside a message without a phase": output(item(DRAFT, phase="commentary"), item(G)),
    "only commentary": output(item(G, phase="commentary")),
    "reasoning before it": output(
        {"type": "reasoning", "content": [{"type": "reasoning_text", "text": DRAFT}]}, item(G)
    ),
    "only in the reasoning": output({"type": "reasoning", "content": [{"type": "reasoning_text", "text": G}]}),
    "a function call": output({"type": "function_call", "name": "json", "arguments": G}),
    "failed_generation": {"error": {"code": "json_validate_failed", "failed_generation": G}},
    "Anthropic": {"type": "message", "role": "assistant", "content": [THOUGHT, {"type": "text", "text": G}]},
    "Ollama": {"model": "m", "message": {"role": "assistant", "content": G}, "done": True, "done_reason": "stop"},
    "Gemini": {"candidates": [{"content": {"parts": [{"text": DRAFT, "thought": True}, {"text": G}]}}]},
}


@pytest.mark.parametrize("data", READ.values(), ids=READ)
def test_shapes(data: dict[str, Any]) -> None:
    reply = read_body(json.dumps(data))
    assert (reply.text, reply.refusal, reply.truncated) == (G, None, None)


BODIES = {
    "the end of a stream": json.dumps(chat(content=G)) + "\n\ndata: [DONE]\n\n",
    "its end without a space": json.dumps(chat(content=G)) + "\ndata:[DONE]",
    "blank lines first": " \n\n\n" + json.dumps(chat(content=G)),
    "comments first": ": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n" + json.dumps(chat(content=G)),
    "a byte order mark": "\ufeff" + json.dumps(output(item(G))),
    "a stream": ": hello\n\n"
    + event({"choices": [{"delta": {"role": "assistant", "content": ""}}]})
    + event({"choices": [{"delta": {"content": G[:9]}}]})
    + "data: \n\n"
    + event({"choices": [{"delta": {"content": G[9:], "reasoning_content": None}}]})
    + event({"choices": [{"delta": {}, "finish_reason": "stop"}], "model": "m"})
    + event({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}})
    + "data: [DONE]\n",
    "a stream of responses": "event: response.created\n"
    + event({"type": "response.created", "response": {"status": "in_progress", "output": []}})
    + "event: response.completed\n"
    + event({"type": "response.completed", "response": output(item(G))}),
    "a stream of parts": event({"choices": [{"delta": {"content": [THOUGHT]}}]})
    + event({"choices": [{"delta": {"content": [{"type": "text", "text": G}]}}]}),
    "a stream that is one whole answer": event(chat(content=G)) + "data: [DONE]\n",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_is_around_the_json(body: str) -> None:
    assert read_body(body).text == G


def test_usage_and_model_of_a_stream() -> None:
    reply = read_body(BODIES["a stream"])
    assert (reply.usage, reply.model) == (Usage(3, 0, 4), "m")


@pytest.mark.parametrize(
    ("reason", "truncated"),
    [
        ("length", "length"),
        ("max_tokens", "max_tokens"),
        ("model_length", "model_length"),
        ("MAX_TOKENS", "max_tokens"),
        ("content_filter", "content_filter"),
        ("SAFETY", "content_filter"),
        ("sensitive", "content_filter"),
        ("stop", None),
        ("end_turn", None),
        ("eos", None),
        (None, None),
    ],
)
def test_why_it_stopped(reason: str | None, truncated: str | None) -> None:
    data = chat(content=G[:5])
    data["choices"][0]["finish_reason"] = reason
    assert read_body(json.dumps(data)).truncated == truncated


def test_incomplete_response() -> None:
    data = output(item(G[:5]), status="incomplete", incomplete_details={"reason": "max_output_tokens"})
    assert read_body(json.dumps(data)).truncated == "max_output_tokens"
    assert read_body(json.dumps(data | {"incomplete_details": None})).truncated == "incomplete"


def test_refusals() -> None:
    refusal = {"type": "refusal", "refusal": "I can't."}
    bodies = [
        chat(content=None, refusal="I can't."),
        output({"type": "message", "content": [refusal]}),
        {"role": "assistant", "content": [{"type": "text", "text": "I can't."}], "stop_reason": "refusal"},
    ]
    assert [read_body(json.dumps(each)).refusal for each in bodies] == ["I can't."] * 3


FAULTS = {
    "a text": {"error": "Unexpected endpoint or method. (POST /v1/responses)"},
    "a mapping": {"error": {"message": "Provider returned error", "code": 502}},
    "a list": [{"error": {"message": "Quota"}}],
    "a failed response": {"status": "failed", "error": {"message": "It broke."}, "output": [item(G)]},
    "a list of errors": {"success": False, "errors": [{"code": 1, "message": "It broke."}], "result": {}},
    "an object that is an error": {"object": "error", "message": "It broke.", "code": 400},
    "a detail": {"detail": "Not Found"},
    "a message": {"code": 20015, "message": "The parameter is invalid.", "data": None},
    "an error in the choice": {
        "choices": [{"error": {"code": 502, "message": "It broke."}, "message": {"content": G}}]
    },
    "finish_reason error": {"choices": [{"message": {"content": G[:9]}, "finish_reason": "error"}]},
    "network_error": {"choices": [{"message": {"content": G[:9]}, "finish_reason": "network_error"}]},
    "no resource": {"choices": [{"message": {"content": ""}, "finish_reason": "insufficient_system_resource"}]},
    "an empty failed_generation": {"error": {"message": "Failed to generate JSON.", "failed_generation": ""}},
}


@pytest.mark.parametrize("data", FAULTS.values(), ids=FAULTS)
def test_faults_of_the_server(data: Any) -> None:
    with pytest.raises(ServerFault) as error:
        read_body(json.dumps(data))
    assert not error.value.page


@pytest.mark.parametrize(
    "body",
    ["<!DOCTYPE html><html></html>", "\n<html lang='en'>", "<!-- a --> <HTML>", "<head><title>x</title></head>"],
)
def test_pages(body: str) -> None:
    with pytest.raises(ServerFault) as error:
        read_body(body)
    assert error.value.page


def test_a_stream_that_tells_an_error() -> None:
    with pytest.raises(ServerFault, match="overloaded"):
        read_body(event({"choices": [{"delta": {"content": "a"}}]}) + event({"error": {"message": "overloaded"}}))


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "null",
        "5",
        "[]",
        "{}",
        "OK",
        "[" * 100_000,
        '{"result": "G"}',
        '{"output": [{}]}',
        '{"output": {}}',
        '{"choices": []}',
        '{"choices": [5]}',
        '{"choices": [{"message": {"content": 5}}]}',
        '{"output": [{"type": "message", "content": [{"type": "output_text", "text": 5}]}]}',
        "data: [DONE]\n",
        "data: {\n",
        'data: {"choices": ["x"]}\n',
        'data: {"choices": [{"delta": {"content": 5}}]}\n',
        json.dumps(chat(content=G)) + " and more",
    ],
    ids=lambda body: body[:50],
)
def test_other_forms(body: str) -> None:
    with pytest.raises(UnreadableError):
        read_body(body)


def _places(data: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    for key in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield from _places(data[key], (*at, key))


JUNK = ["null", "true", "5", '""', r'"\ud800"', '"<html>"', "[]", "[[]]", "[null]", "{}", '{"type": "text"}']


@given(st.sampled_from([*READ.values(), *FAULTS.values()]), st.data())
@settings(max_examples=200, deadline=None)
def test_any_damage_leaves_an_answer_a_fault_or_another_form(whole: Any, data: st.DataObject) -> None:
    damaged = [json.loads(json.dumps(whole))]
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(list(_places(damaged))[1:]))
        inner: Any = damaged
        for key in way:
            inner = inner[key]
        inner[last] = json.loads(data.draw(st.sampled_from(JUNK)))
    text = json.dumps(damaged[0])
    for body in (text, event(damaged[0])):
        try:
            reply = read_body(body)
        except (ServerFault, UnreadableError):
            continue
        for part in (reply.text, reply.refusal or "", reply.truncated or "", reply.model):
            part.encode()  # a file can hold it


def test_an_answer_without_text_is_read() -> None:
    """The model is told that it said nothing."""
    for data in (chat(content=None), chat(content=""), output(item(""))):
        assert read_body(json.dumps(data)) == Reply("", None, None, Usage(), "")


def test_each_shape_names_its_source() -> None:
    for shape in SHAPES:
        assert shape.__doc__
        assert (
            "#" in shape.__doc__ or "OpenAI" in shape.__doc__ or "own" in shape.__doc__ or "Anthropic" in shape.__doc__
        )
