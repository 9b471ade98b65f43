"""What goes wrong on the way: sent again as long as it helps, then one clear line, and never a secret in it."""

from __future__ import annotations

import json
import socket

import pytest

from kit.story.calls import connect, make_brain, make_request
from kit.story.server import KEY, Fault, StoryServer
from vtx_app.errors import StoryError
from vtx_app.story.calls.client import Retries, openai_caller
from vtx_app.story.calls.server_errors import Secrets, short

AT_ONCE = {"retry-after": "0.001"}


def line(server: StoryServer, *faults: Fault, most: int = 0, key: str = KEY) -> StoryError:
    """The one line that a call ends in."""
    server.script(*faults)
    with pytest.raises(StoryError) as error:
        connect(server, {"OPENAI_API_KEY": key}, most=most).send(make_request(), None)
    text = str(error.value)
    assert "\n" not in text
    assert text.isprintable()
    assert KEY not in text
    assert error.value.__cause__ is None, "the SDK's error holds the request with its key"
    return error.value


def test_too_many_requests_are_waited_for_as_long_as_the_server_says(server: StoryServer) -> None:
    server.script(Fault(status=429, headers=AT_ONCE, code="rate_limit_exceeded"), Fault(status=503, headers=AT_ONCE))
    reply = connect(server, most=5).send(make_request(), None)
    assert json.loads(reply.text)["title"] == "A01_S01"
    assert len(server.requests) == 3


def test_faults_of_the_server_end_at_the_bound(server: StoryServer) -> None:
    error = line(server, *[Fault(status=500, headers=AT_ONCE)] * 9, most=3)
    assert str(error).endswith(
        "has a fault of its own (500): The server had an error. Run again later: what has been answered is kept"
    )
    assert not error.fatal
    assert len(server.requests) == 4


def test_a_wait_of_hours_is_not_waited(server: StoryServer) -> None:
    error = line(server, Fault(status=429, headers={"retry-after": "7200"}, message="Slow down"), most=5)
    assert "is asked too often (429): Slow down. Run again later" in str(error)
    assert not error.fatal
    assert len(server.requests) == 1


def test_connections_that_drop(server: StoryServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openai._base_client.time.sleep", lambda seconds: None)
    server.script(Fault(drop=True), Fault(drop=True))
    assert connect(server, most=2).send(make_request(), None).text
    error = line(server, *[Fault(drop=True)] * 3, most=2)
    assert "broke off, asked 3 times" in str(error)
    assert not error.fatal


def test_a_wrong_key_that_the_server_says_back(server: StoryServer) -> None:
    wrong = "sk-wrong-9876543210"
    error = line(server, key=wrong)
    assert "refuses the key in OPENAI_API_KEY (401): Incorrect API key provided: [key]" in str(error)
    assert str(error).endswith("Set the right one in the environment or in config/global.env")
    assert error.fatal
    assert wrong not in str(error)


FATAL = [
    (403, "unsupported_country_region_territory", "Country not supported", "does not permit this (403): Country not"),
    (404, "model_not_found", "The model `gpt-9` does not exist", "has no model 'gpt-4.1' for this key (404)"),
    (
        400,
        "model_not_found",
        "The requested model 'gpt-9' does not exist.",
        "has no model 'gpt-4.1' for this key (400)",
    ),
    (404, None, "model 'gpt-9' not found, try pulling it first", "has no model 'gpt-4.1' for this key (404)"),
    (404, None, "The model `gpt-9` does not exist.", "has no model 'gpt-4.1' for this key (404)"),
    (429, "insufficient_quota", "You exceeded your current quota", "has no quota left (429): You exceeded"),
    (402, None, "Payment required", "has no quota left (402): Payment required"),
]


@pytest.mark.parametrize(("status", "code", "message", "told"), FATAL)
def test_what_would_stop_every_other_call_is_fatal(
    server: StoryServer, status: int, code: str | None, message: str, told: str
) -> None:
    error = line(server, Fault(status=status, code=code, message=message))
    assert told in str(error)
    assert error.fatal
    assert len(server.requests) == 1, "an unknown model is no reason to ask in another way"


def test_a_server_that_has_neither_endpoint() -> None:
    with StoryServer(make_brain, no_responses=True) as server:
        server.script(None, Fault(status=404, message="File Not Found"))
        error = line(server)
    assert "has no /chat/completions (404): File Not Found. Check OPENAI_BASE_URL: it usually ends in /v1" in str(error)
    assert error.fatal


OTHERS = [
    (
        400,
        "context_length_exceeded",
        "The maximum context length is 128000 tokens",
        "refuses the request (400)",
    ),
    (
        400,
        "invalid_json_schema",
        "Invalid schema for response_format 'scene': no",
        "refuses the request (400)",
    ),
    (409, None, "Conflict", "refuses the request (409): Conflict"),
    (503, None, "Overloaded", "has a fault of its own (503): Overloaded"),
]


@pytest.mark.parametrize(("status", "code", "message", "told"), OTHERS)
def test_what_is_wrong_with_one_call_is_not_fatal(
    server: StoryServer, status: int, code: str | None, message: str, told: str
) -> None:
    error = line(server, Fault(status=status, code=code, message=message))
    assert told in str(error)
    assert not error.fatal
    assert len(server.requests) == 1


BODIES = [
    (b"{", "what it sent is not JSON"),
    (b"\xff\xfe", "what it sent is not JSON"),
    (b"[" * 100_000, "recursion"),
    (b"null", "an answer of another form"),
    (b"[]", "an answer of another form"),
    (b"{}", "an answer of another form"),
    (b'{"output": [{}]}', "an answer of another form"),
    (b'{"output": [{"type": "message", "content": [{"type": "output_text", "text": 5}]}]}', "of another form"),
    (b'{"status": "failed", "error": {"code": "server_error", "message": "It broke."}}', "failed: It broke."),
    (b'{"status": "failed", "error": null}', "failed: it is not said why"),
    (b'{"status": "cancelled"}', "cancelled: it is not said why"),
]


@pytest.mark.parametrize(("body", "told"), BODIES, ids=lambda value: repr(value)[:60])
def test_an_answer_that_is_none(server: StoryServer, body: bytes, told: str) -> None:
    error = line(server, Fault(body=body))
    assert f"127.0.0.1:{server.url.rpartition(':')[2][:-3]} gave no answer: " in str(error)
    assert told in str(error)
    assert not error.fatal


def test_an_answer_of_chat_completions_that_is_none() -> None:
    with StoryServer(make_brain, no_responses=True) as server:
        error = line(server, Fault(), Fault(body=b'{"choices": []}'))
    assert "an answer of another form" in str(error)


def unused_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def test_a_server_that_is_not_there() -> None:
    base = f"http://keeper:lighthouse-9@127.0.0.1:{unused_port()}/v1"
    caller = openai_caller({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": base}, retries=Retries(most=0))
    with pytest.raises(StoryError, match=r"^127\.0\.0\.1:\d+ can't be reached: .*refused.*Check the network") as error:
        caller.send(make_request(), None)
    assert error.value.fatal
    assert "lighthouse" not in str(error.value)


def test_a_server_that_does_not_answer_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        variables = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": base}
        caller = openai_caller(variables, retries=Retries(most=0, timeout=0.05))
        with pytest.raises(StoryError, match=r"did not answer within 0\.05 s, asked once\. Run again later") as error:
            caller.send(make_request(), None)
    assert not error.value.fatal


LEAKS = [
    f"key {KEY} is wrong",
    f"Incorrect API key provided: {KEY[:8]}***********{KEY[-4:]}.",
    f"{{'Authorization': 'Bearer {KEY}'}}",
    "Authorization: Bearer abcdefgh12345678",
    "authorization=abcdefgh12345678",
    "Proxy-Authorization: Basic YWJjOmRlZg==",
    "GET http://keeper:lighthouse-9@host/v1 failed",
    "the password is lighthouse-9",
    "sess-abcdefgh12345678 has ended",
]


@pytest.mark.parametrize("text", LEAKS)
def test_no_secret_gets_into_a_message(server: StoryServer, text: str) -> None:
    shown = Secrets(KEY, "lighthouse-9", "", None).scrubbed(text)
    for secret in (KEY[3:9], KEY[-4:], "abcdefgh", "YWJj", "lighthouse", "keeper:"):
        assert secret not in shown
    told = line(server, Fault(status=400, message=text))
    assert KEY[-4:] not in str(told)


def test_the_password_of_the_base_url_is_a_secret() -> None:
    with StoryServer(make_brain, key=None) as server:
        server.script(Fault(status=400, message="the password is lighthouse-9"))
        base = server.url.replace("//", "//keeper:lighthouse-9@")
        with pytest.raises(StoryError, match=r"^127\.0\.0\.1:\d+ refuses the request \(400\): the password is \[key\]"):
            connect(base).send(make_request(), None)


def test_a_short_key_is_kept_out_of_messages_and_not_out_of_stories() -> None:
    secrets = Secrets("oak")
    assert secrets.scrubbed("the key oak is wrong") == "the key [key] is wrong"
    assert secrets.without("an oak on the cliff") == "an oak on the cliff"


def test_words_are_cut_to_one_printable_line() -> None:
    assert short("a\x1b[31m\n\n b\u202e\tc") == "a [31m b c"
    assert short("é" * 400) == "é" * 299 + "…"
    assert short("word " * 3, 9) == "word wor…"


def test_long_words_of_the_server_are_cut(server: StoryServer) -> None:
    text = str(line(server, Fault(status=400, message="no\x1b[2J\r\n" * 5000)))
    assert len(text) < 400
    assert text.isprintable()


def test_an_answer_that_says_the_key_back_is_cleaned(server: StoryServer) -> None:
    server.script(Fault(text=json.dumps({"title": KEY})), Fault(refusal=f"Not with {KEY}"))
    caller = connect(server)
    assert json.loads(caller.send(make_request(), None).text) == {"title": "[key]"}
    assert caller.send(make_request(), None).refusal == "Not with [key]"
