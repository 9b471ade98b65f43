"""Which lesser way a failure leads to, by the words of public reports."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from kit.story.calls import make_request
from vtx_app.story.calls.api import Features, Repair, form_of, request_body
from vtx_app.story.calls.failures import Failure, of_body
from vtx_app.story.calls.ladder import is_no_model, is_no_quota, is_policy, next_step, simpler_step
from vtx_app.story.calls.redaction import Secrets
from vtx_app.story.calls.server_errors import failure_error, may_pass

ALL = Features()
CHAT = Features(responses=False)


def failure(status: int, said: Any, wait: float | None = None) -> Failure:
    """The failure of a call, whose body says this."""
    body = said if isinstance(said, str) else json.dumps(said)
    return replace(of_body(body, Secrets(), make_request()), status=status, wait=wait)


def error(message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, **more}}


SCHEMA = [
    (400, error("Failed to initialize samplers: failed to parse grammar", code=400)),
    (400, error("json schema grammar conversion failed: ...")),
    (400, {"object": "error", "message": "The provided JSON schema contains features not supported by xgrammar."}),
    (400, error("Grammar error: Unimplemented keys: ['propertyNames']")),
    (400, error("guided_json is not supported")),
    (500, error("failed to load model vocabulary required for format")),
    (400, error("This response_format type is unavailable now", type="invalid_request_error")),
    (422, error("response_format.type `json_schema` is unavailable now at line 1 column 12440")),
    (400, error("The compiled grammar is too large, which would cause performance issues.")),
    (400, error("The specified schema produces a constraint that has too many states for serving.")),
    (
        400,
        [error("Invalid JSON payload received. Unknown name \"response_schema\" at 'generation_config': Cannot find")],
    ),
    (400, error('Unknown name "responseJsonSchema": Cannot find field.')),
    (400, error("Invalid schema for response_format 'scene'", code="invalid_json_schema", param="text.format.schema")),
    (404, error("No endpoints found that can handle the requested parameters.", code=404)),
    (400, error("Structured outputs are not available for this model")),
    (400, error("Failed to validate JSON.", code="json_validate_failed")),
    (200, error("'response_format.type' must be 'text'")),
    (422, {"detail": [{"type": "extra_forbidden", "loc": ["body", "response_format"], "msg": "Extra inputs"}]}),
]


@pytest.mark.parametrize(("status", "said"), SCHEMA, ids=lambda value: str(value)[:70])
def test_the_schema_in_words(status: int, said: Any) -> None:
    for features in (ALL, CHAT):
        step = next_step(features, failure(status, said))
        assert step is not None
        assert step.features == replace(features, schemas=False)
    words = replace(CHAT, schemas=False)
    step = next_step(words, failure(status, said))
    assert step is None or not step.features.store


STORE = [
    (
        400,
        [error('Invalid JSON payload received. Unknown name "store": Cannot find field.', status="INVALID_ARGUMENT")],
    ),
    (400, [error('Unknown name "metadata": Cannot find field.\nUnknown name "store": Cannot find field.')]),
    (422, {"detail": [{"type": "extra_forbidden", "loc": ["body", "store"], "msg": "Extra inputs are not permitted"}]}),
    (422, {"message": {"detail": [{"type": "extra_forbidden", "loc": ["body", "store"], "msg": "Extra inputs"}]}}),
    (400, error("[{'type': 'extra_forbidden', 'loc': ('body', 'store'), 'msg': 'Extra inputs are not permitted'}]")),
    (400, error("Unknown parameter: 'store'.", param="store", code="unknown_parameter")),
    (400, error("Unrecognized request argument supplied: store")),
    (400, error("store: Extra inputs are not permitted")),
]


@pytest.mark.parametrize(("status", "said"), STORE, ids=lambda value: str(value)[:70])
def test_without_store(status: int, said: Any) -> None:
    step = next_step(CHAT, failure(status, said))
    assert step is not None
    assert step.features == replace(CHAT, store=False)
    assert next_step(step.features, failure(status, said)) is None


ENDPOINT = [
    (500, error("not implemented", type="new_api_error", code="convert_request_failed")),
    (501, error("Not Implemented")),
    (
        400,
        error("The responses operation does not work with the specified model, gpt-35.", code="OperationNotSupported"),
    ),
    (200, {"error": "Unexpected endpoint or method. (POST /v1/responses)"}),
    (404, error("Invalid URL (POST /v1/responses)")),
    (404, "404 page not found"),
    (404, {"detail": "Not Found"}),
    (405, {"detail": "Method Not Allowed"}),
    (404, ""),
    (400, ""),
    (200, "<!doctype html><title>Open WebUI</title>"),
    (404, "<html><title>404 Not Found</title></html>"),
    (422, {"detail": [{"type": "missing", "loc": ["body", "messages"], "msg": "Field required"}]}),
    (400, error("Responses API is not supported for this provider")),
    (400, error("Unsupported legacy protocol: please use /v1/chat/completions instead")),
    (400, [error('Unknown name "instructions": Cannot find field.')]),
]


@pytest.mark.parametrize(("status", "said"), ENDPOINT, ids=lambda value: str(value)[:70])
def test_chat_completions(status: int, said: Any) -> None:
    step = next_step(ALL, failure(status, said))
    assert step is not None
    assert step.features == CHAT


def test_other_parts_of_chat_completions() -> None:
    system = next_step(CHAT, failure(400, error("System role not supported")))
    assert system is not None
    assert system.features == replace(CHAT, system=False)
    roles = error("Conversation roles must alternate user/assistant/user/assistant/...")
    assert next_step(CHAT, failure(500, roles)) == system
    named = error(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    )
    longer = next_step(CHAT, failure(400, named))
    assert longer is not None
    assert longer.features == replace(CHAT, long_name=True)
    assert next_step(longer.features, failure(400, named)) is None


NO_STEP = [
    (401, error("Incorrect API key for response_format")),
    (403, error("json_schema needs another plan")),
    (429, error("Rate limit of grammar requests")),
    (402, ""),
    (429, error("You exceeded your current quota", code="insufficient_quota")),
    (400, error("The maximum context length is 128000 tokens", code="context_length_exceeded")),
    (500, error("The server had an error")),
    (502, "<html><title>502 Bad Gateway</title></html>"),
    (503, error("Overloaded")),
    (404, error("The API deployment for this resource does not exist.", code="DeploymentNotFound")),
    (404, [error("models/gpt-9 is not found for API version v1main, or is not supported for generateContent.")]),
    (404, error("No endpoints available matching your guardrail restrictions and data policy", code=404)),
    (404, error("No endpoints found for nousresearch/hermes-3-llama-3.1-405b:free.", code=404)),
    (404, error('model "qwen3" not found, try pulling it first')),
]


@pytest.mark.parametrize(("status", "said"), NO_STEP, ids=lambda value: str(value)[:70])
def test_what_no_other_way_changes(status: int, said: Any) -> None:
    assert next_step(ALL, failure(status, said)) is None


MODEL = [
    *[each for each in NO_STEP if each[0] == 404 and "data policy" not in str(each)],
    (400, error("The requested model 'gpt-9' does not exist.")),
    (400, error("qwen/qwen9 is not a valid model ID")),
    (400, error("The model `mixtral` has been decommissioned", code="model_decommissioned")),
    (403, error("Project does not have access to model `gpt-9`", code="model_not_found")),
    (200, {"error": "No models loaded. Please load a model in the developer page."}),
    (503, error("No available channel for model gpt-9", code="model_not_found")),
]


@pytest.mark.parametrize(("status", "said"), MODEL, ids=lambda value: str(value)[:70])
def test_a_model_that_is_not_there(status: int, said: Any) -> None:
    failed = failure(status, said)
    assert is_no_model(failed)
    assert not may_pass(failed)
    told = failure_error(failed, "host", "gpt-9", "/responses")
    assert told.fatal
    assert str(told).startswith("host has no model 'gpt-9' for this key")
    assert failed.words in str(told)


def test_a_policy_of_the_account() -> None:
    for words in (
        "matching your data policy (Paid model training)",
        "matching your guardrail restrictions and data policy",
    ):
        failed = failure(404, error(f"No endpoints found {words}. Configure: https://openrouter.ai/settings/privacy"))
        assert is_policy(failed)
        assert "OPENAI_BASE_URL" not in str(failure_error(failed, "host", "m", "/responses"))


QUOTA = [
    (429, error("You exceeded your current quota, please check your plan", code="insufficient_quota"), None),
    (402, error("Insufficient Balance"), None),
    (400, error("Your credit balance is too low to access the API."), None),
    (429, error("Payment required"), None),
    (403, {"error": {"message": "Insufficient credits. Add more credits", "code": 402}}, None),
]


@pytest.mark.parametrize(("status", "said", "wait"), QUOTA, ids=lambda value: str(value)[:70])
def test_an_account_that_cannot_pay_is_not_asked_again(status: int, said: Any, wait: float | None) -> None:
    assert is_no_quota(failure(status, said, wait))
    assert not may_pass(failure(status, said, wait))


def test_a_rate_that_is_called_a_quota_passes() -> None:
    said = "You exceeded your current quota, please check your plan and billing details. Please retry in 18.5s."
    failed = of_body(
        json.dumps([{"error": {"code": 429, "message": said, "status": "RESOURCE_EXHAUSTED"}}]),
        Secrets(),
        make_request(),
    )
    assert (failed.status, failed.wait) == (429, 18.5)
    assert not is_no_quota(failed)
    assert may_pass(failed)
    assert not may_pass(replace(failed, wait=7200.0))


@pytest.mark.parametrize(
    ("status", "passes"),
    [
        (200, True),
        (400, False),
        (408, True),
        (409, True),
        (422, False),
        (425, True),
        (429, True),
        (500, True),
        (501, False),
    ],
)
def test_what_may_pass(status: int, passes: bool) -> None:
    failed = Failure(status, "No.")
    assert may_pass(failed) == passes
    assert may_pass(replace(failed, again=not passes)) == (not passes)


def test_every_way_down_ends() -> None:
    features, ways = ALL, []
    while (step := simpler_step(features)) is not None:
        features = step.features
        ways.append(form_of(features, None, None))
    assert ways == ["/chat/completions, schema", "/chat/completions, words"]
    assert form_of(ALL, Repair("", ""), 800) == "/responses, schema, repair, 800 tokens"


def test_bodies_of_the_lesser_ways() -> None:
    request = make_request()
    words = request_body(request, None, replace(ALL, words=True), 800)
    assert words["text"]["format"]["type"] == "json_schema"
    assert "valid against this JSON Schema, which is called scene" in words["instructions"]
    assert words["max_output_tokens"] == 800
    plain = request_body(request, None, replace(CHAT, schemas=False, store=False, system=False), 800)
    assert plain.keys() == {"model", "messages", "max_tokens"}
    (message,) = plain["messages"]
    assert message["role"] == "user"
    assert message["content"].startswith("You write scenes.")
    assert message["content"].endswith("Write A01_S01.")
    assert request_body(request, None, replace(CHAT, long_name=True), 800)["max_completion_tokens"] == 800
    assert not {"max_tokens", "max_output_tokens"} & request_body(request, None, CHAT).keys()
