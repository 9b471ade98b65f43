"""A server that speaks OpenAI's language on this machine, as strictly as its documentation says the real one does.

``POST /v1/responses`` and ``POST /v1/chat/completions``, by the API's reference (openai/openai-openapi, openapi.yaml)
and the guide on Structured Outputs. Every request is held to the documented keys, types and limits, and an offence is
answered by 400 in OpenAI's form. Answers come from a ``brain``, and are held to the request's schema as well.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from jsonschema import Draft202012Validator

from kit.story.documented_subset import documented_faults
from kit.story.strict_rules import strict_faults

KEY = "sk-test-0123456789abcdefABCDEF"
Brain = Callable[[str, str, dict[str, Any]], dict[str, Any]]

_SHARED = """
    metadata top_logprobs temperature top_p user safety_identifier prompt_cache_key prompt_cache_retention
    prompt_cache_options model service_tier store stream stream_options tools tool_choice parallel_tool_calls moderation
"""
_RESPONSES = f"""{_SHARED}
    previous_response_id background max_tool_calls text prompt truncation reasoning input include instructions
    conversation context_management max_output_tokens
"""
_CHAT = f"""{_SHARED}
    messages modalities verbosity reasoning_effort max_completion_tokens frequency_penalty presence_penalty
    web_search_options response_format audio stop logit_bias logprobs max_tokens n prediction seed function_call
    functions
"""
KNOWN = {"/responses": frozenset(_RESPONSES.split()), "/chat/completions": frozenset(_CHAT.split())}


@dataclass(frozen=True)
class Fault:
    """What happens to one request instead of an answer, or on the way to it.

    ``status`` with ``headers`` and an error of ``code`` and ``message``; ``drop`` the connection; a ``body`` as it is,
    also of an error; ``refusal``; ``incomplete`` for that reason, after half of the answer; ``text`` in place of the
    brain's answer, whatever it is; an ``answer`` in its place that obeys the schema. ``gate`` is waited for before
    anything is sent.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None
    message: str = "The server had an error"
    drop: bool = False
    body: bytes | None = None
    refusal: str | None = None
    incomplete: str | None = None
    text: str | None = None
    answer: Any = None
    gate: threading.Event | None = None


@dataclass(frozen=True)
class Recorded:
    """A request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A server that speaks the API its own way, as a public report has it.

    ``refuse`` gets the number of a request (from 1), its path and body, and returns what is sent in place of an answer:
    a status and a body; None for nothing. ``dress`` gets the same and the answer, and returns the body that is sent.
    ``options`` are more of :class:`StoryServer`. A body that is ``ENDLESS`` is a space every 20 ms, for ever.
    """

    name: str
    refuse: Callable[[int, str, dict[str, Any]], tuple[int, Any] | None] = lambda number, path, body: None
    dress: Callable[[int, str, dict[str, Any], dict[str, Any]], Any] = lambda number, path, body, answer: answer
    options: Mapping[str, Any] = field(default_factory=dict)


ENDLESS = object()


class _RefusedError(Exception):
    def __init__(self, status: int, message: str, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        kind = "server_error" if status >= 500 else "invalid_request_error"
        self.body = {"error": {"message": message, "type": kind, "param": param, "code": code}}


class StoryServer:
    """Use it as a context: ``with StoryServer(brain) as server: … server.url``.

    ``models`` are those it has. ``no_responses`` and ``no_schemas`` make it one of the servers that know only Chat
    Completions, or no ``json_schema``; ``unheld`` takes that, and holds no answer to it; ``kind`` speaks the API in a
    way of its own. ``requests`` is what arrived, ``most_at_once`` how many were under way together.
    """

    def __init__(
        self,
        brain: Brain,
        *,
        key: str | None = KEY,
        models: tuple[str, ...] = ("gpt-4.1", "gpt-4.1-mini"),
        no_responses: bool = False,
        no_schemas: bool = False,
        no_store: bool = False,
        unheld: bool = False,
        kind: Kind | None = None,
        port: int = 0,
    ) -> None:
        self.brain, self.key, self.models = brain, key, models
        self.no_responses, self.no_schemas, self.no_store = no_responses, no_schemas, no_store
        self.unheld = unheld
        self.kind = kind or Kind("as documented")
        self.ended = threading.Event()
        self.requests: list[Recorded] = []
        self.refused: list[str] = []
        self.most_at_once = 0
        self.arrived = threading.Semaphore(0)
        """Released once for each request that has arrived whole."""
        self._at_once = 0
        self._faults: deque[Fault | None] = deque()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        """What OPENAI_BASE_URL is set to."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def script(self, *faults: Fault | None) -> None:
        """The next requests meet these, one each, in the order in which they arrive; None meets nothing."""
        self._faults.extend(faults)

    def __enter__(self) -> StoryServer:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self._http.shutdown()
        self._http.server_close()

    @contextlib.contextmanager
    def under_way(self, recorded: Recorded) -> Iterator[Fault]:
        """One request at work; yields what is to happen to it."""
        with self._lock:
            self.requests.append(recorded)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            fault = (self._faults.popleft() if self._faults else None) or Fault()
        self.arrived.release()
        try:
            if fault.gate is not None:
                fault.gate.wait(600)
            yield fault
        finally:
            with self._lock:
                self._at_once -= 1

    def answer(self, path: str, headers: Mapping[str, str], body: dict[str, Any], fault: Fault) -> dict[str, Any]:
        """The body of the answer. Raises :class:`_RefusedError` for what the API would not take."""
        self._authorised(headers)
        if fault.status != 200:
            raise _RefusedError(fault.status, fault.message, fault.code)
        if (self.no_responses and path == "/responses") or path not in KNOWN:
            raise _RefusedError(404, f"Invalid URL (POST /v1{path})")
        told, said, form = _checked(path, body, self.models, no_store=self.no_store)
        if form is not None and self.no_schemas:
            name = "text.format" if path == "/responses" else "response_format"
            raise _RefusedError(
                400, f"Invalid parameter: '{name}' of type 'json_schema' is not supported with this model.", None, name
            )
        name, schema = (form["name"], form["schema"]) if form else _schema_in_words(told)
        made = fault.answer if fault.answer is not None else self.brain(name, said, schema)
        if schema and not self.unheld:
            Draft202012Validator(schema).validate(made)
        text = json.dumps(made, ensure_ascii=False) if fault.text is None else fault.text
        if fault.incomplete:
            text = text[: len(text) // 2]
        usage = (len(json.dumps(body)) // 4 + 1, 0, len(text) // 4 + 1)
        if len(self.requests) > 1 and usage[0] > 1024:
            usage = (usage[0], usage[0] // 128 * 128 // 2, usage[2])
        number = next(self._numbers)
        return (_response if path == "/responses" else _completion)(number, body, text, fault, usage)

    def _authorised(self, headers: Mapping[str, str]) -> None:
        given = headers.get("authorization", "")
        if self.key is not None and given != f"Bearer {self.key}":
            shown = given.removeprefix("Bearer ")
            raise _RefusedError(
                401,
                f"Incorrect API key provided: {shown}. You can find your API key at "
                "https://platform.openai.com/account/api-keys.",
                "invalid_api_key",
            )


def _must(holds: bool, message: str, param: str | None = None, code: str | None = None) -> None:
    if not holds:
        raise _RefusedError(400, message, code, param)


def _checked(
    path: str, body: dict[str, Any], models: tuple[str, ...], *, no_store: bool
) -> tuple[str, str, dict[str, Any] | None]:
    """The instructions, what the user said, and the form of the answer, None where none is asked for."""
    for key in body:
        known = key in KNOWN[path] and not (no_store and key == "store")
        _must(known, f"Unknown parameter: '{key}'.", key, "unknown_parameter")
    _must(isinstance(body.get("model"), str), "Missing required parameter: 'model'.", "model")
    if body["model"] not in models:
        told = f"The model `{body['model']}` does not exist or you do not have access to it."
        raise _RefusedError(404, told, "model_not_found", "model")
    _must(no_store or body.get("store") is False, "This server keeps nothing: store must be false", "store")
    if path == "/responses":
        told = body.get("instructions", "")
        _must(isinstance(told, str), "Invalid type for 'instructions': expected a string", "instructions")
        messages = body.get("input")
        messages = [{"role": "user", "content": messages}] if isinstance(messages, str) else messages
        text = body.get("text", {})
        _must(isinstance(text, dict) and text.keys() <= {"format", "verbosity"}, "Invalid 'text'", "text")
        form = text.get("format")
        roles = {"user", "assistant", "system", "developer"}
    else:
        messages = body.get("messages")
        form = body.get("response_format")
        roles = {"user", "assistant", "system", "developer", "tool"}
        if isinstance(form, dict) and form.get("type") == "json_schema":
            _must(form.keys() == {"type", "json_schema"}, "Invalid 'response_format'", "response_format")
            form = {"type": "json_schema", **form["json_schema"]}
    _must(isinstance(messages, list) and bool(messages), "Missing the messages", "input")
    assert messages
    for each in messages:
        _must(isinstance(each, dict) and each.keys() <= {"role", "content", "type"}, "Invalid message", "input")
        _must(each["role"] in roles and isinstance(each["content"], str), "Invalid message", "input")
    if path != "/responses":
        told = "\n".join(each["content"] for each in messages if each["role"] in ("system", "developer"))
    said = "\n\n".join(each["content"] for each in messages if each["role"] == "user")
    _must(bool(said), "There is no message of the user", "input")
    return told, said, None if form is None else _form(form)


def _form(form: dict[str, Any]) -> dict[str, Any]:
    _must(isinstance(form, dict) and form.get("type") == "json_schema", "Invalid format", "text.format")
    _must(form.keys() <= {"type", "name", "schema", "strict", "description"}, "Unknown parameter", "text.format")
    _must(
        re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", str(form.get("name", ""))) is not None,
        "Invalid 'text.format.name': it does not match the pattern '^[a-zA-Z0-9_-]+$'.",
        "text.format.name",
    )
    _must(form.get("strict") is True, "strict must be true", "text.format.strict")
    schema = form.get("schema")
    if not isinstance(schema, dict):
        raise _RefusedError(400, "Missing required parameter: 'text.format.schema'.", None, "text.format.schema")
    faults = [*strict_faults(schema), *documented_faults(schema)]
    _must(
        not faults,
        f"Invalid schema for response_format '{form['name']}': {'; '.join(faults)}",
        "text.format.schema",
        "invalid_json_schema",
    )
    return form


def _schema_in_words(told: str) -> tuple[str, dict[str, Any]]:
    """The schema that the instructions tell in words, where they do."""
    found = re.search(r"called ([\w-]{1,64}):\n(\{.*\})\s*\Z", told, re.DOTALL)
    return (found[1], json.loads(found[2])) if found else ("", {})


def _response(
    number: int, body: dict[str, Any], text: str, fault: Fault, usage: tuple[int, int, int]
) -> dict[str, Any]:
    content = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    status = "incomplete" if fault.incomplete else "completed"
    if fault.refusal:
        content = {"type": "refusal", "refusal": fault.refusal}
    message = {"id": f"msg_{number:08}", "type": "message", "role": "assistant", "status": status, "content": [content]}
    thought = {"id": f"rs_{number:08}", "type": "reasoning", "summary": []}
    sent, cached, written = usage
    return {
        "id": f"resp_{number:08}",
        "object": "response",
        "created_at": 1_790_000_000 + number,
        "status": status,
        "error": None,
        "incomplete_details": {"reason": fault.incomplete} if fault.incomplete else None,
        "instructions": body.get("instructions"),
        "metadata": {},
        "model": f"{body['model']}-2025-04-14",
        "output": [thought, message],
        "parallel_tool_calls": True,
        "store": body.get("store", True),
        "temperature": 1.0,
        "text": body.get("text", {"format": {"type": "text"}}),
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": {
            "input_tokens": sent,
            "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": 0},
            "output_tokens": written,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": sent + written,
        },
    }


def _completion(
    number: int, body: dict[str, Any], text: str, fault: Fault, usage: tuple[int, int, int]
) -> dict[str, Any]:
    ended = {"max_output_tokens": "length", None: "stop"}.get(fault.incomplete, fault.incomplete)
    sent, cached, written = usage
    message = {"role": "assistant", "content": None if fault.refusal else text, "refusal": fault.refusal}
    return {
        "id": f"chatcmpl-{number:08}",
        "object": "chat.completion",
        "created": 1_790_000_000 + number,
        "model": f"{body['model']}-2025-04-14",
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": ended}],
        "usage": {
            "prompt_tokens": sent,
            "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
            "completion_tokens": written,
            "completion_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": sent + written,
        },
    }


def _handler(server: StoryServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            path = self.path.removeprefix("/v1")
            try:
                body = json.loads(raw)
            except ValueError:
                body = None
            with server.under_way(Recorded(path, headers, body if isinstance(body, dict) else {})) as fault:
                if fault.drop:
                    self.close_connection = True
                    with contextlib.suppress(OSError):
                        self.connection.shutdown(socket.SHUT_RDWR)
                    return
                status, extra = 200, fault.headers
                try:
                    json_sent = headers.get("content-type", "").partition(";")[0] == "application/json"
                    _must(isinstance(body, dict) and json_sent, "We could not parse the JSON body of your request.")
                    number = len(server.requests)
                    refusal = server.kind.refuse(number, path, body)
                    if refusal is None:
                        answer = server.answer(path, headers, body, fault)
                        refusal = 200, server.kind.dress(number, path, body, answer)
                    status, said = refusal
                    if said is ENDLESS:
                        self.send_spaces()
                        return
                    sent = said if isinstance(said, bytes) else json.dumps(said).encode()
                    sent = sent if fault.body is None else fault.body
                except _RefusedError as error:
                    status, sent = error.status, json.dumps(error.body).encode() if fault.body is None else fault.body
                    server.refused.append(str(error))
                except Exception as error:  # the test's own brain: let the test see it
                    told = f"the brain's answer is none: {type(error).__name__}: {error}"
                    status, sent = 400, json.dumps({"error": {"message": told}}).encode()
                    server.refused.append(told)
                with contextlib.suppress(OSError):  # whoever asked may be gone
                    self.send_response(status)
                    for name, value in {
                        "content-type": "application/json",
                        "content-length": str(len(sent)),
                        "x-request-id": f"req_{len(server.requests)}",
                        **extra,
                    }.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(sent)

        def send_spaces(self) -> None:
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.end_headers()
                while not server.ended.wait(0.02):
                    self.wfile.write(b" ")

    return Handler
