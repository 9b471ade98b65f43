"""The client against a server as strict as OpenAI's documentation: requests, replies and fallbacks."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import Any

import pytest

from kit.story.calls import connect, make_brain, make_request
from kit.story.server import KEY, Fault, StoryServer
from vtx_app.errors import StoryError
from vtx_app.story.calls.api import Repair, Reply
from vtx_app.story.calls.client import openai_client
from vtx_app.story.calls.usage import Usage

REPAIR = Repair('{"title": "", "beats": null}', "the title is empty")


def test_call_follows_the_documentation(server: StoryServer) -> None:
    request = make_request()
    reply = connect(server).send(request, None)
    assert json.loads(reply.text) == {"title": "A01_S01", "beats": None}
    assert (reply.refusal, reply.truncated, reply.model) == (None, None, "gpt-4.1-2025-04-14")
    assert reply.usage.input > 0 < reply.usage.output
    (sent,) = server.requests
    assert sent.path == "/responses"
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.headers["connection"] == "close"
    assert sent.body == {
        "model": "gpt-4.1",
        "instructions": "You write scenes.",
        "input": [{"role": "user", "content": "Write A01_S01."}],
        "text": {"format": {"type": "json_schema", "name": "scene", "schema": request.schema, "strict": True}},
        "store": False,
    }
    keys = list(sent.body["text"]["format"]["schema"]["properties"])
    assert keys == ["title", "beats"], "answers come in the order of the schema's keys"


def test_repair_holds_the_answer_and_the_problem(server: StoryServer) -> None:
    connect(server).send(make_request(), REPAIR)
    first, own, problem = server.requests[0].body["input"]
    assert first == {"role": "user", "content": "Write A01_S01."}
    assert own == {"role": "assistant", "content": REPAIR.raw}
    assert (problem["role"], REPAIR.problem in problem["content"]) == ("user", True)
    connect(server).send(make_request(), Repair("", "the answer is not JSON"))
    assert server.requests[1].body["input"][1]["content"], "servers may refuse an empty message"


@pytest.mark.parametrize("names", [("OPENAI_ORG", "OPENAI_PROJECT"), ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID")])
def test_organization_and_project_are_sent(server: StoryServer, names: tuple[str, str]) -> None:
    connect(server, dict(zip(names, ("org-one", "proj-two"), strict=True))).send(make_request(), None)
    headers = server.requests[0].headers
    assert (headers["openai-organization"], headers["openai-project"]) == ("org-one", "proj-two")


def test_empty_variables_are_not_sent(server: StoryServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "")
    connect(server, {"OPENAI_ORG": " ", "OPENAI_PROJECT": "", "OPENAI_ORG_ID": ""}).send(make_request(), None)
    assert not {"openai-organization", "openai-project"} & server.requests[0].headers.keys()


def test_cached_tokens_are_counted(server: StoryServer) -> None:
    client = connect(server)
    request = make_request(instructions="You write scenes. " * 600)
    assert client.send(request, None).usage.cached == 0
    again = client.send(request, None).usage
    assert 0 < again.cached < again.input


def test_fallback_to_chat_completions() -> None:
    reports: list[str] = []
    with StoryServer(make_brain, no_responses=True) as server:
        client = connect(server, report=reports.append)
        for subject in ("A01_S01", "A01_S02"):
            reply = client.send(make_request(subject), None)
            assert json.loads(reply.text)["title"] == subject
            assert (reply.model, reply.usage.input > 0 < reply.usage.output) == ("gpt-4.1-2025-04-14", True)
        client.send(make_request(), REPAIR)
    assert [each.path for each in server.requests] == ["/responses", *["/chat/completions"] * 3]
    assert len(reports) == 1
    assert reports[0].endswith("has no Responses API; using Chat Completions")
    body = server.requests[1].body
    assert body["messages"][0] == {"role": "system", "content": "You write scenes."}
    assert body["response_format"]["json_schema"]["strict"] is True
    assert body["store"] is False
    assert [each["role"] for each in server.requests[3].body["messages"]] == ["system", "user", "assistant", "user"]


@pytest.mark.parametrize("no_responses", [False, True], ids=["Responses", "Chat Completions"])
def test_fallback_to_a_schema_in_words(no_responses: bool) -> None:
    reports: list[str] = []
    with StoryServer(make_brain, no_schemas=True, no_responses=no_responses) as server:
        client = connect(server, report=reports.append)
        for subject in ("A01_S01", "A01_S02"):
            assert json.loads(client.send(make_request(subject), None).text)["title"] == subject
    assert len(server.requests) == 3 + no_responses
    assert len(reports) == 1 + no_responses
    assert not {"text", "response_format"} & server.requests[-1].body.keys()


def test_fallback_without_store() -> None:
    reports: list[str] = []
    with StoryServer(make_brain, no_store=True) as server:
        client = connect(server, report=reports.append)
        for subject in ("A01_S01", "A01_S02"):
            client.send(make_request(subject), None)
    assert ["store" in each.body for each in server.requests] == [True, False, False]
    assert len(reports) == 1


@pytest.mark.parametrize(
    "message",
    [
        "'response_format.type' must be 'text'",
        "Invalid parameter: 'text.format' of type 'json_schema' is not supported with this model.",
        'response_format type must be one of "text" or "json_object", but got: json_schema',
        "Structured outputs are not available for this model",
    ],
)
@pytest.mark.parametrize("status", [400, 422, 500])
def test_messages_of_servers_without_schemas(server: StoryServer, message: str, status: int) -> None:
    server.script(Fault(status=status, message=message))
    reply = connect(server).send(make_request(), None)
    assert json.loads(reply.text)["title"] == "A01_S01"
    assert "text" not in server.requests[1].body


def test_parallel_calls_report_a_missing_feature_once() -> None:
    reports: list[str] = []
    gate = threading.Event()
    with StoryServer(make_brain, no_responses=True) as server:
        server.script(*[Fault(gate=gate)] * 6)
        client = connect(server, report=reports.append)
        replies: list[Reply] = []
        threads = [
            threading.Thread(
                target=lambda subject: replies.append(client.send(make_request(subject), None)), args=[name]
            )
            for name in "abcdef"
        ]
        for thread in threads:
            thread.start()
        for _ in threads:
            assert server.arrived.acquire(timeout=600)
        gate.set()
        for thread in threads:
            thread.join()
    assert sorted(json.loads(reply.text)["title"] for reply in replies) == list("abcdef")
    assert (len(reports), server.most_at_once) == (1, 6)


@pytest.mark.parametrize("no_responses", [False, True], ids=["Responses", "Chat Completions"])
def test_refusal_and_truncated_answer(no_responses: bool) -> None:
    with StoryServer(make_brain, no_responses=no_responses) as server:
        client = connect(server)
        client.send(make_request(), None)
        server.script(Fault(refusal="I can't write that."), Fault(incomplete="max_output_tokens"))
        server.script(Fault(incomplete="content_filter"))
        refused, cut, filtered = [client.send(make_request(), None) for _ in range(3)]
    assert (refused.refusal, refused.text, refused.truncated) == ("I can't write that.", "", None)
    assert (cut.truncated, cut.refusal) == ("length" if no_responses else "max_output_tokens", None)
    assert cut.text == '{"title": "A01_S01"'[: len(cut.text)] != ""
    assert filtered.truncated == "content_filter"
    assert refused.usage.input > 0


def test_reply_without_usage(server: StoryServer) -> None:
    message = {"type": "message", "content": [{"type": "output_text", "text": "{}"}]}
    server.script(Fault(body=json.dumps({"output": [message]}).encode()))
    assert connect(server).send(make_request(), None) == Reply("{}", None, None, Usage(), "")


def test_lone_surrogate_is_replaced(server: StoryServer) -> None:
    server.script(Fault(text="{\ud800"))
    assert connect(server).send(make_request(), None).text == "{?"


@pytest.mark.parametrize("name", ["", "OPENAI_API_KEY"])
@pytest.mark.parametrize("url", ["", "https://api.openai.com/v1", "https://eu.api.openai.com/v1"])
def test_missing_key(name: str, url: str) -> None:
    client = openai_client({"OPENAI_BASE_URL": url, name: " "})
    with pytest.raises(StoryError, match=r"OPENAI_API_KEY is not set.*config/global\.env.*by hand") as error:
        client.send(make_request(), None)
    assert error.value.fatal
    assert "\n" not in str(error.value)


def test_other_servers_need_no_key() -> None:
    with StoryServer(make_brain, key=None) as server:
        assert connect(server, {"OPENAI_API_KEY": ""}).send(make_request(), None).text
        assert server.requests[0].headers["authorization"] == "Bearer none"


@pytest.mark.parametrize("key", ["sk-with space", "sk-ünicode", '"sk-\n"'])
def test_malformed_key(key: str) -> None:
    with pytest.raises(StoryError, match="OPENAI_API_KEY has characters that no key has") as error:
        openai_client({"OPENAI_API_KEY": key}).send(make_request(), None)
    assert error.value.fatal
    assert "sk-" not in str(error.value)


@pytest.mark.parametrize("url", ["localhost:8000/v1", "ftp://host/v1", "http://", "http://a b/v1", "http://h:port/v1"])
def test_malformed_base_url(url: str) -> None:
    with pytest.raises(StoryError, match="OPENAI_BASE_URL: expected a URL") as error:
        openai_client({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": url}).send(make_request(), None)
    assert error.value.fatal


def test_sdk_is_imported_by_the_first_call_only() -> None:
    """The import takes a second."""
    program = (
        "import sys; from vtx_app.story.calls import answer, client, usage; "
        "client.openai_client({'OPENAI_API_KEY': 'sk-12345678'}); print('openai' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_tests_own_server_refuses_what_is_not_documented(server: StoryServer) -> None:
    from openai import OpenAI, OpenAIError

    sdk = OpenAI(api_key=KEY, base_url=server.url, max_retries=0)
    good = make_request()
    form: dict[str, Any] = {"type": "json_schema", "name": "scene", "schema": good.schema, "strict": True}
    whole: dict[str, Any] = {"model": "gpt-4.1", "input": "Write it.", "store": False, "text": {"format": form}}
    sdk.responses.create(**whole)
    loose = {**good.schema, "additionalProperties": True}
    broken: list[dict[str, Any]] = [
        {"store": True},
        {"store": None},
        {"model": 5},
        {"model": "gpt-none"},
        {"input": []},
        {"input": [{"role": "robot", "content": "a"}]},
        {"input": [{"role": "user", "content": "a", "name": "b"}]},
        {"instructions": 5},
        {"extra_body": {"response_format": form}},
        {"extra_body": {"seed": 1}},
        {"text": {"form": form}},
        {"text": {"format": {**form, "name": "a scene"}}},
        {"text": {"format": {**form, "name": "a" * 65}}},
        {"text": {"format": {**form, "strict": False}}},
        {"text": {"format": {**form, "schema": loose}}},
        {"text": {"format": {**form, "schema": []}}},
        {"text": {"format": {**form, "type": "json_object"}}},
    ]
    for change in broken:
        with pytest.raises(OpenAIError):
            sdk.responses.create(**{**whole, **change})
    assert len(server.refused) == len(broken)
    server.brain = lambda name, said, schema: {"title": 5, "beats": None}
    with pytest.raises(OpenAIError, match="the brain's answer is none"):
        sdk.responses.create(**whole)
    sdk.close()
