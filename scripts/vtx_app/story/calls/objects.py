"""Find the JSON objects in a model's answer, which may have words around them if the server enforces no schema."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["answer_objects", "has_object", "is_off_schema", "require_sound"]

_THOUGHTS_END = re.compile(
    r"</think(?:ing)?>|</reasoning>|\[/THINK\]|<channel\|>"
    r"|<\|channel\|>final\s*(?:<\|constrain\|>\s*\w*\s*)?<\|message\|>|assistantfinal",
    re.IGNORECASE,
)
"""Where a model stops thinking: Qwen and DeepSeek (vllm#21130; the opening tag may be part of the prompt), Mistral,
Gemma, gpt-oss with its markers (TensorRT-LLM#9256) and without them (Augustas11/macprovider#743)."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
"""Control characters but white space: ``Leuchtt\\u0000fcrm`` is what becomes of ``Leuchtturm`` with an umlaut."""
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BEGIN = re.compile(r"\{\s*[\"}]")
_MOST = 200
"""The most opening braces to try."""
_UNFINISHED = re.compile(r"[\w.+-]*\s*\Z")
_DECODER = json.JSONDecoder(strict=False)  # small models write line ends into strings as they are (langchain#31459)


def answer_objects(text: str) -> list[dict[str, Any]]:
    """The objects that may be the answer, the likeliest first.

    Objects after the model's thoughts come before the others, a whole object before a single named one inside it
    (``{"scene": {…}}``). If there is none, raises :class:`ValueError` with the problem in words for the model.
    """
    found = _likely(text)
    if not found:
        raise ValueError(_problem(text))
    inner = [next(iter(each.values())) for each in found if len(each) == 1]
    return found + [each for each in inner if isinstance(each, dict)]


def has_object(text: str) -> bool:
    """Whether there is a whole object in ``text``."""
    return bool(_likely(text))


def is_off_schema(text: str, schema: Mapping[str, Any]) -> bool:
    """Whether no object in ``text`` fits the schema, which shows that the server doesn't enforce it."""
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(dict(schema))
    return not any(validator.is_valid(each) for each in _likely(text))


def require_sound(value: Any) -> None:
    """Raise :class:`ValueError`, in words for the model, for a text or number in ``value`` that no file can hold."""
    for each in _leaves(value):
        if isinstance(each, float) and not math.isfinite(each):
            word = "NaN" if math.isnan(each) else "Infinity"
            raise ValueError(f"the answer has {word} in it, which is not JSON")
        if isinstance(each, str):
            if _SURROGATE.search(each):
                raise ValueError("the answer has half a character in it (a lone surrogate, \\ud800 to \\udfff)")
            if control := _CONTROLS.search(each):
                around = ascii(each[max(control.start() - 20, 0) : control.end() + 20])
                code = f"U+{ord(control[0]):04X}"
                raise ValueError(f"the answer has the control character {code} in it: {around}; write the letter meant")


def _leaves(value: Any) -> Iterator[Any]:
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            pending += [*each.values(), *each]
        elif isinstance(each, list):
            pending += each
        else:
            yield each


def _likely(text: str) -> list[dict[str, Any]]:
    text = _unquoted(text)
    after = 0
    for end in _THOUGHTS_END.finditer(text):
        after = end.end()
    found = _objects(text, after)
    return found + [each for each in (_objects(text, 0) if after else []) if each not in found]


def _unquoted(text: str) -> str:
    """The content of a text that is one JSON string: an answer encoded twice."""
    if text.strip().startswith('"'):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return text
        return found if isinstance(found, str) else text
    return text


def _objects(text: str, start: int) -> list[dict[str, Any]]:
    """The whole objects from ``start`` on, without the parts of one that was cut off."""
    found: list[dict[str, Any]] = []
    for _ in range(_MOST):
        if (begin := _BEGIN.search(text, start)) is None:
            break
        try:
            value, start = _DECODER.raw_decode(text, begin.start())
        except json.JSONDecodeError as error:
            if error.msg.startswith("Unterminated string") or _UNFINISHED.match(text, error.pos):
                break
            start = begin.start() + 1
        except RecursionError:
            break
        else:
            if value not in found:
                found.append(value)
    return found


def _problem(text: str) -> str:
    try:
        json.loads(text[max(text.find("{"), 0) :], strict=False)
    except json.JSONDecodeError as error:
        return f"the answer is not JSON: {error}"
    except RecursionError:
        return "the answer is nested too deeply"
    return "the answer is not a JSON object"
