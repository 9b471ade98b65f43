"""Server errors: repeated as long as that helps, then one clear line without any secret."""

from __future__ import annotations

import json
import socket

import pytest

from kit.story.calls import connect, make_brain, make_request
from kit.story.server import KEY, Fault, StoryServer
from vtx_app.errors import StoryError
from vtx_app.story.calls.client import openai_client
from vtx_app.story.calls.redaction import Secrets
from vtx_app.story.calls.server_words import one_line
from vtx_app.story.calls.tries import Retries

AT_ONCE = {"retry-after": "0.001"}


def line(server: StoryServer, *faults: Fault, most: int = 0, key: str = KEY) -> StoryError:
    """The one line in which a call ends."""
    server.script(*faults)
    with pytest.raises(StoryError) as error:
        connect(server, {"OPENAI_API_KEY": key}, most=most).send(make_request(), None)
    text = str(error.value)
    assert "\n" not in text
    assert text.isprintable()
    assert KEY not in text
    assert error.value.__cause__ is None, "the SDK's error holds the request with its key"
    return error.value


def test_rate_limit_is_waited_for(server: StoryServer) -> None:
    server.script(Fault(status=429, headers=AT_ONCE, code="rate_limit_exceeded"), Fault(status=503, headers=AT_ONCE))
    reply = connect(server, most=5).send(make_request(), None)
    assert json.loads(reply.text)["title"] == "A01_S01"
    assert len(server.requests) == 3


def test_number_of_tries_is_bounded(server: StoryServer) -> None:
    error = line(server, *[Fault(status=500, headers=AT_ONCE)] * 9, most=3)
    assert str(error).endswith(
        "has an internal error (500): The server had an error. Run the build again later: the answers received so far "
        "are kept"
    )
    assert not error.fatal
    assert len(server.requests) == 4


def test_wait_of_hours_is_an_error(server: StoryServer) -> None:
    error = line(server, Fault(status=429, headers={"retry-after": "7200"}, message="Slow down"), most=5)
    assert "limits the rate of calls (429): Slow down. Run the build again later" in str(error)
    assert not error.fatal
    assert len(server.requests) == 1


def test_dropped_connections(server: StoryServer) -> None:
    server.script(Fault(drop=True), Fault(drop=True))
    assert connect(server, most=2).send(make_request(), None).text
    error = line(server, *[Fault(drop=True)] * 3, most=2)
    assert "broke off (3 tries): " in str(error)
    assert not error.fatal


def test_wrong_key_quoted_by_the_server(server: StoryServer) -> None:
    wrong = "sk-wrong-9876543210"
    error = line(server, key=wrong)
    assert "rejects the key in OPENAI_API_KEY (401): Incorrect API key provided: [key]" in str(error)
    assert str(error).endswith("Set the right one in the environment or in config/global.env")
    assert error.fatal
    assert wrong not in str(error)


FATAL = [
    (403, "unsupported_country_region_territory", "Country not supported", "denies access (403): Country not"),
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


@pytest.mark.parametrize(("status", "code", "message", "text"), FATAL)
def test_errors_of_every_call_are_fatal(
    server: StoryServer, status: int, code: str | None, message: str, text: str
) -> None:
    error = line(server, Fault(status=status, code=code, message=message))
    assert text in str(error)
    assert error.fatal
    assert len(server.requests) == 1, "an unknown model is no reason for a fallback"


def test_server_without_either_endpoint() -> None:
    with StoryServer(make_brain, no_responses=True) as server:
        server.script(None, Fault(status=404, message="File Not Found"))
        error = line(server)
    assert "has no /chat/completions (404): File Not Found. Check OPENAI_BASE_URL: it usually ends in /v1" in str(error)
    assert error.fatal


NOT_FATAL = [
    (
        400,
        "context_length_exceeded",
        "The maximum context length is 128000 tokens",
        "rejects the request (400)",
    ),
    (409, None, "Conflict", "rejects the request (409): Conflict"),
    (503, None, "Overloaded", "has an internal error (503): Overloaded"),
]


@pytest.mark.parametrize(("status", "code", "message", "text"), NOT_FATAL)
def test_errors_of_one_call_are_not_fatal(
    server: StoryServer, status: int, code: str | None, message: str, text: str
) -> None:
    error = line(server, Fault(status=status, code=code, message=message))
    assert text in str(error)
    assert not error.fatal
    assert len(server.requests) == 1


UNREADABLE = [
    (b"{", "it is not JSON"),
    (b"\xff\xfe", "it is not JSON"),
    (b"[" * 100_000, "it is nested too deeply"),
    (b"null", "it is not in a form that is known"),
    (b"[]", "it is not in a form that is known"),
    (b"{}", "it is not in a form that is known"),
    (b'{"output": [{}]}', "it is not in a form that is known"),
    (b'{"choices": []}', "it is not in a form that is known"),
    (
        b'{"output": [{"type": "message", "content": [{"type": "output_text", "text": 5}]}]}',
        "not in a form that is known",
    ),
]


@pytest.mark.parametrize(("body", "text"), UNREADABLE, ids=lambda value: repr(value)[:60])
def test_unreadable_answer_is_asked_for_in_each_other_form(server: StoryServer, body: bytes, text: str) -> None:
    error = line(server, *[Fault(body=body)] * 3, most=5)
    assert f"127.0.0.1:{server.url.rpartition(':')[2][:-3]} sent an answer in a form that VTX can't read: " in str(
        error
    )
    assert text in str(error)
    assert "later" not in str(error), "it will be the same"
    assert not error.fatal
    assert [(each.path, bool({"text", "response_format"} & each.body.keys())) for each in server.requests] == [
        ("/responses", True),
        ("/chat/completions", True),
        ("/chat/completions", False),
    ]


FAULTS = [
    (
        b'{"status": "failed", "error": {"code": "server_error", "message": "It broke."}}',
        "It broke. Run the build again",
    ),
    (b'{"status": "failed", "error": null}', "failed: no reason given. Run the build again later"),
    (b'{"status": "cancelled"}', "cancelled: no reason given. Run the build again later"),
    (
        b'{"error": {"message": "Provider returned error", "code": 502}}',
        "has an internal error (502): Provider returned",
    ),
    (b"  ", "an empty answer. Run the build again later"),
]


@pytest.mark.parametrize(("body", "text"), FAULTS, ids=lambda value: repr(value)[:60])
def test_fault_told_with_200_is_repeated(server: StoryServer, body: bytes, text: str) -> None:
    error = line(server, *[Fault(body=body)] * 4, most=3)
    assert text in str(error)
    assert not error.fatal
    assert len(server.requests) == 4
    server.script(Fault(body=body))
    assert connect(server, most=1).send(make_request(), None).text


def test_server_is_down() -> None:
    with socket.socket() as taken:  # nobody listens there, and nobody else can
        taken.bind(("127.0.0.1", 0))
        base = f"http://keeper:lighthouse-9@127.0.0.1:{taken.getsockname()[1]}/v1"
        client = openai_client({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": base}, retries=Retries(most=0))
        message = r"^127\.0\.0\.1:\d+ can't be reached: .*refused.*Check the network"
        with pytest.raises(StoryError, match=message) as error:
            client.send(make_request(), None)
    assert error.value.fatal
    assert "lighthouse" not in str(error.value)


def test_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        variables = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": base}
        client = openai_client(variables, retries=Retries(most=0, timeout=0.05))
        with pytest.raises(
            StoryError, match=r"did not answer within 0\.05 s \(1 try\)\. Run the build again later.*VTX_STORY_TIMEOUT"
        ) as error:
            client.send(make_request(), None)
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
    scrubbed = Secrets(KEY, "lighthouse-9", "", None).scrub(text)
    for secret in (KEY[3:9], KEY[-4:], "abcdefgh", "YWJj", "lighthouse", "keeper:"):
        assert secret not in scrubbed
    assert KEY[-4:] not in str(line(server, Fault(status=400, message=text)))


def test_password_in_the_base_url_is_a_secret() -> None:
    with StoryServer(make_brain, key=None) as server:
        server.script(Fault(status=400, message="the password is lighthouse-9"))
        base = server.url.replace("//", "//keeper:lighthouse-9@")
        with pytest.raises(StoryError, match=r"^127\.0\.0\.1:\d+ rejects the request \(400\): the password is \[key\]"):
            connect(base).send(make_request(), None)


def test_one_line() -> None:
    assert one_line("a\x1b[31m\n\n b\u202e\tc") == "a [31m b c"
    assert one_line("é" * 400) == "é" * 299 + "…"
    assert one_line("word " * 3, 9) == "word wor…"


def test_long_server_message_is_cut(server: StoryServer) -> None:
    text = str(line(server, Fault(status=400, message="no\x1b[2J\r\n" * 5000)))
    assert len(text) < 400
    assert text.isprintable()


def test_key_is_removed_from_answers(server: StoryServer) -> None:
    server.script(Fault(text=json.dumps({"title": KEY})), Fault(refusal=f"Not with {KEY}"))
    client = connect(server)
    assert json.loads(client.send(make_request(), None).text) == {"title": "[key]"}
    assert client.send(make_request(), None).refusal == "Not with [key]"
