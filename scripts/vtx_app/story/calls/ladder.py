"""When a server rejects a request's form and waiting won't help: the next simpler form to try at once.

The steps are data: what the server lacks, the words that say so (from public reports), and the note for the person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from vtx_app.story.calls.api import Features
from vtx_app.story.calls.failures import Failure

__all__ = ["MISUSED", "Step", "is_no_endpoint", "is_no_model", "is_no_quota", "is_policy", "next_step", "simpler_step"]


@dataclass(frozen=True, slots=True)
class Step:
    """A step to a simpler form: its ``features``, and a ``note`` for the person."""

    features: Features
    note: str


@dataclass(frozen=True, slots=True)
class _Lack:
    """What a server may lack: the ``feature``, its value without it, the ``signs`` of that and its ``note``."""

    feature: str
    without: Any
    signs: re.Pattern[str]
    note: str


def _signs(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE | re.DOTALL)


_ELSEWHERE = r"unexpected endpoint|invalid url|unknown (request )?(url|endpoint|path|route)|method not allowed"
_CHAT = "using Chat Completions"
_TEXT = "sending the schema as text"
_REFUSED = (
    r"(unknown|unsupported|unrecogni[sz]ed|unexpected|extra|not (supported|permitted|allowed)|forbidden|cannot find"
    r"|invalid)"
)
_LACKS = (
    _Lack("long_name", True, _signs(r"max_tokens.{0,80}max_completion_tokens"), "wants max_completion_tokens"),
    _Lack(
        "store",
        False,
        _signs(rf"\bstore\b.{{0,60}}\b{_REFUSED}", rf"\b{_REFUSED}\b.{{0,60}}\bstore\b"),
        "doesn't know store: false; it may keep what it receives",
    ),
    _Lack(
        "schemas",
        False,
        _signs(
            r"response_?(format|schema|json_?schema)|json_?schema|text\.format|structured.?output|output_config",
            r"grammar|guided.?(json|decoding)|required for format|json_validate_failed",
            r"schema.{0,60}(too (many|complex|large|deep)|unsupported|not supported|invalid)|invalid (json )?schema",
            r"can handle the requested parameters|support the (provided|requested) parameters",
        ),
        f"can't hold answers to this JSON Schema; {_TEXT}",
    ),
    _Lack(
        "responses",
        False,
        _signs(
            _ELSEWHERE,
            r"not.?implemented|convert_request_failed|unimplemented|operationnotsupported|operation does not work",
            r"\bresponses?\b.{0,60}(not (supported|available|enabled|found)|unsupported)",
            r"unsupported.{0,40}\bresponses\b|missing.{0,40}messages|messages.{0,40}(required|missing)",
            rf"\b{_REFUSED}\b.{{0,60}}\b(instructions|input)\b|\b(instructions|input)\b.{{0,30}}\b{_REFUSED}",
            r"chat.?completions? (only|instead|api)|use .{0,30}chat/completions",
        ),
        f"has no Responses API; {_CHAT}",
    ),
    _Lack(
        "system",
        False,
        _signs(r"system (role|message)s?.{0,40}(not|un)\s?(be )?(supported|allowed)|roles must alternate"),
        "takes no system message; sending the instructions as the user's",
    ),
)
"""store: Gemini (openhanako#394), Mistral (php-mistral#76). schemas: llama.cpp ("failed to parse grammar",
llama.cpp#19051), vLLM ("not supported by xgrammar", vllm#26421), Ollama ("failed to load model vocabulary required for
format", TuriX-CUA#26), DeepSeek ("This response_format type is unavailable now", inspect_ai#4916), Anthropic ("The
compiled grammar is too large", vercel/ai#13789), OpenRouter ("that can handle the requested parameters"). responses:
new-api ("not implemented", QuantumNous/new-api#4534), Azure ("OperationNotSupported", OpenHands#1113), LM Studio
("Unexpected endpoint or method", lmstudio-bug-tracker#618). system: Gemma's template in vLLM and llama.cpp.
max_completion_tokens: OpenAI's reasoning models (gollm#33)."""

_MODEL = _signs(
    r"model_not_found|deploymentnotfound|deployment.{0,60}does not exist|model_decommissioned|model_not_available",
    r"\bmodels?\b.{0,120}\b(not found|not exist|unknown|no such|decommissioned|deprecated|not a valid|not available)\b",
    r"\b(unknown|no such|invalid) model\b|not a valid model|no endpoints found for|no models? (is )?loaded",
)
"""Azure (chatbox#646), Gemini ("models/x is not found", continue#9939), OpenRouter, Ollama, LM Studio."""
_NO_MODEL = (200, 400, 403, 404, 410, 422, 503)
_POLICY = _signs(r"data policy|guardrail restrictions|settings/privacy|privacy setting|no allowed providers")
"""OpenRouter (truefoundry/models#826)."""
_QUOTA = _signs(
    r"insufficient.?(quota|balance|credit|fund)|credit_balance|billing_(hard|not)|payment required|credit balance",
    r"(quota|credits?|balance).{0,30}(exhausted|used up|too low)|add (more )?credits",
)
_SETTLED = (401, 402, 403, 429)
"""What no other form changes: the key, the account, its rights and its rate."""
MISUSED = (400, 404, 405, 415, 422, 501)
"""Status codes of a request that the server doesn't take as it is."""


def is_no_endpoint(failure: Failure) -> bool:
    """Whether the server has nothing, or only a web page, at that address."""
    if failure.page:
        return failure.status < 500
    return failure.status in (404, 405) or (failure.status == 200 and bool(re.search(_ELSEWHERE, failure.words, re.I)))


def is_no_quota(failure: Failure) -> bool:
    """Whether the account can't pay. Gemini's "You exceeded your current quota … retry in 18 s" is a rate."""
    return failure.status == 402 or (failure.wait is None and _QUOTA.search(failure.about) is not None)


def is_policy(failure: Failure) -> bool:
    """Whether a setting of the account excludes every server of the model."""
    return failure.status in (400, 403, 404) and _POLICY.search(failure.words) is not None


def is_no_model(failure: Failure) -> bool:
    """Whether the server doesn't have the model."""
    return failure.status in _NO_MODEL and bool(_MODEL.search(failure.about))


def next_step(features: Features, failure: Failure) -> Step | None:
    """The next simpler form after ``failure``; None if no other form can help, or waiting may.

    If the server's words name what it lacks, drop that. If they name nothing, fall back to Chat Completions when the
    address has no Responses API, a web page came back, or the server refused without a reason.
    """
    if failure.status in _SETTLED or is_no_quota(failure) or is_policy(failure):
        return None
    named = [each for each in _LACKS if _may_drop(features, each) and each.signs.search(failure.about)]
    if is_no_model(failure) and not (named and named[0].feature != "responses"):
        return None
    if named:
        return _down(features, named[0])
    silent = failure.status in MISUSED and (not failure.words or failure.status in (404, 405, 501))
    if features.responses and (silent or (failure.page and failure.status < 500)):
        return Step(replace(features, responses=False), f"has no Responses API; {_CHAT}")
    return None


def simpler_step(features: Features) -> Step | None:
    """The next simpler form after an answer that can't be read."""
    if features.responses:
        return Step(replace(features, responses=False), f"answers in a form that VTX can't read; {_CHAT}")
    if features.schemas:
        return Step(replace(features, schemas=False), f"answers in a form that VTX can't read; {_TEXT}")
    return None


def _may_drop(features: Features, lack: _Lack) -> bool:
    if lack.feature in ("system", "long_name") and features.responses:
        return False
    return bool(getattr(features, lack.feature) != lack.without)


def _down(features: Features, lack: _Lack) -> Step:
    change: dict[str, Any] = {lack.feature: lack.without}
    return Step(replace(features, **change), lack.note)
