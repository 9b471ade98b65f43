"""What is repeated and for how long: at once an end where waiting changes nothing, a bound by the clock elsewhere."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from kit.film import TESTS
from kit.story.calls import connect, make_brain, make_request
from kit.story.server import ENDLESS, Fault, Kind, StoryServer
from vtx_app.errors import StoryError
from vtx_app.story.calls.client import openai_client
from vtx_app.story.calls.tries import Retries

CERTIFICATE = TESTS / "kit/story/self_signed.pem"
"""Of 127.0.0.1, with its key, for a hundred years; signed by itself."""
ENDLESS_SPACES = Kind("spaces for ever", lambda number, path, body: (200, ENDLESS))


class Plain(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        message = {"type": "message", "content": [{"type": "output_text", "text": "{}"}]}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"output": [message]}).encode())


@pytest.fixture
def tls() -> Iterator[str]:
    """The address of a server with a certificate that it signed itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with HTTPServer(("127.0.0.1", 0), Plain) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def pauses(url: str, most: int = 5) -> tuple[StoryError, list[float]]:
    """The error in which a call ends, and the pauses before."""
    slept: list[float] = []
    client = openai_client({"OPENAI_BASE_URL": url}, retries=Retries(most=most, pause=slept.append))
    with pytest.raises(StoryError) as error:
        client.send(make_request(), None)
    return error.value, slept


def test_a_certificate_that_cannot_be_verified(tls: str) -> None:
    error, slept = pauses(tls)
    assert error.fatal
    assert str(error).startswith("the certificate of 127.0.0.1:")
    assert "self-signed certificate" in str(error)
    assert str(error).endswith("Set SSL_CERT_FILE to a file with the certificate of whoever signed it")
    assert slept == []


def test_ssl_cert_file_is_heeded(tls: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    assert connect(tls).send(make_request(), None).text == "{}"


def test_a_server_without_tls(server: StoryServer) -> None:
    error, slept = pauses(server.url.replace("http:", "https:"))
    assert error.fatal
    assert "speaks no TLS" in str(error)
    assert str(error).endswith("Write http:// in OPENAI_BASE_URL")
    assert slept == []


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, {"message": "You exceeded your current quota", "code": "insufficient_quota"}),
        (429, {"message": "Your balance is used up", "type": "insufficient_balance"}),
        (402, {"message": "Add credits"}),
        (503, {"message": "No available channel for model gpt-4.1", "code": "model_not_found"}),
    ],
)
def test_what_waiting_cannot_change_is_asked_once(server: StoryServer, status: int, error: dict[str, str]) -> None:
    server.script(Fault(status=status, body=json.dumps({"error": error}).encode()))
    told, slept = pauses_with_key(server)
    assert told.fatal
    assert slept == []
    assert len(server.requests) == 1


def pauses_with_key(server: StoryServer, **how: Any) -> tuple[StoryError, list[float]]:
    slept: list[float] = []
    variables = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": server.key or ""}
    client = openai_client(variables, retries=Retries(**{"most": 5, "pause": slept.append} | how))
    with pytest.raises(StoryError) as error:
        client.send(make_request(), None)
    return error.value, slept


def test_pauses_grow_unless_the_server_names_one(server: StoryServer) -> None:
    headers: list[dict[str, str]] = [
        {},
        {"retry-after": "7"},
        {"retry-after-ms": "250"},
        {"retry-after": "soon"},
        {},
        {},
    ]
    server.script(*[Fault(status=500, headers=each) for each in headers])
    assert pauses_with_key(server)[1] == [0.5, 7, 0.25, 4, 8]


def test_a_pause_is_told_where_it_is_long(server: StoryServer) -> None:
    reports: list[str] = []
    server.script(Fault(status=429, headers={"retry-after": "60"}, message="Slow down"))
    connect(server, most=1, report=reports.append).send(make_request(), None)
    (line,) = reports
    assert line.endswith("limits the rate of calls (429): Slow down; next try in 60 s")


def test_all_tries_together_are_bounded(server: StoryServer) -> None:
    server.script(*[Fault(status=500, headers={"retry-after": "100"})] * 9)
    assert pauses_with_key(server, timeout=30)[1] == []


def test_the_server_says_whether_to_ask_again(server: StoryServer) -> None:
    server.script(Fault(status=500, headers={"x-should-retry": "false"}))
    assert pauses_with_key(server)[1] == []
    server.script(*[Fault(status=400, headers={"x-should-retry": "true"}, message="Try")] * 2)
    assert pauses_with_key(server, most=1)[1] == [0.5]


def test_spaces_for_ever_end_by_the_clock() -> None:
    with StoryServer(make_brain, kind=ENDLESS_SPACES) as server:
        client = connect(server, most=1, timeout=0.3)
        with pytest.raises(StoryError, match=r"did not answer within 0\.3 s \(2 tries\)") as error:
            client.send(make_request(), None)
        for _ in range(2):  # on a busy machine, a request arrives when nobody waits for its answer any more
            assert server.arrived.acquire(timeout=600)
    assert not error.value.fatal
    assert len(server.requests) == 2


def test_a_server_that_is_slow_but_alive_is_waited_for(server: StoryServer) -> None:
    reports: list[str] = []
    gate = threading.Event()
    server.script(Fault(gate=gate))

    def report(line: str) -> None:
        reports.append(line)
        gate.set()

    assert connect(server, notice=0.05, report=report).send(make_request(), None).text
    assert len(server.requests) == 1
    host = server.url.removeprefix("http://").removesuffix("/v1")
    assert all(line.startswith(f"still waiting for {host}, shotlist A01_S01, ") for line in reports)
    assert all(line.endswith(" s") for line in reports)
