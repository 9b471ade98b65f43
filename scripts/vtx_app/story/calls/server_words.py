"""Find a server's own words about a failure in the body of its answer.

OpenAI's form is ``{"error": {"message", "type", "code", "param"}}``. Others: a list of those (Gemini, openhanako#394),
``{"detail": [{"type", "loc", "msg"}]}`` (FastAPI, Mistral: php-mistral#76), that under ``message`` or in it as text
(platform-docs-public#7), a text under ``error`` (Ollama, LM Studio: lmstudio-bug-tracker#618), the real reason as text
in ``metadata.raw`` (OpenRouter), or a web page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

__all__ = ["codes_in", "is_page", "one_line", "without_request", "words_of"]

_WORDS = ("error", "errors", "message", "msg", "detail", "error_description", "error_message", "reason")
_WORDS_INSIDE = ("metadata", "raw")
"""Where OpenRouter puts the words of the server behind it."""
_CODES = ("code", "type", "status", "param", "error_code")
_PAGE = re.compile(r"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(
    r"</?(a|b|br|center|code|div|em|font|h[1-6]|hr|i|li|ol|p|pre|small|span|strong|table|td|tr|ul)\b[^<>]*>",
    re.IGNORECASE,
)
_DEEPEST = 6
_SHARED = 24
"""Letters and digits: if the server's words share a passage of this length with the request, it is a quotation."""
_LONGEST = 4_000


def one_line(text: str, most: int = 300) -> str:
    """``text`` on one printable line of at most ``most`` characters."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def is_page(text: str) -> bool:
    """Whether the body of an answer is a web page."""
    return bool(_PAGE.match(text))


def words_of(body: str) -> str:
    """The server's words in the body of its answer; its text, if there are none in the known places."""
    data = _parsed(body)
    found = list(dict.fromkeys(_words(data, 0))) if isinstance(data, dict | list) else [_plain(body)]
    kept = [each for each in found if not any(each != other and each in other for other in found)]
    return ": ".join(kept) if kept else ("" if data in ({}, [], None) else _plain(body))


def codes_in(body: str) -> str:
    """Every code, type, status and parameter that the body names, with a space between them."""
    return " ".join(_codes(_parsed(body), 0))


def without_request(words: str, *sent: str) -> str:
    """``words`` without what they quote from the texts that were ``sent``, the film's brief for example."""
    words = _unescaped(words[:_LONGEST])
    places = [number for number, each in enumerate(words) if each.isalnum()]
    bare = "".join(words[number] for number in places)
    source = "\n".join("".join(each for each in text if each.isalnum()) for text in map(_unescaped, sent))
    quoted: list[tuple[int, int]] = []
    start = 0
    while start + _SHARED <= len(bare):
        end = start + _SHARED
        if bare[start:end] not in source:
            start += 1
            continue
        while end < len(bare) and bare[start : end + 1] in source:
            end += 1
        quoted.append((places[start], places[end - 1] + 1))
        start = end
    for begin, end in reversed(quoted):
        words = f"{words[:begin]}…{words[end:]}"
    return words


def _unescaped(text: str) -> str:
    """``text`` with JSON's escapes resolved, as far as they matter to a comparison of letters."""
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda each: chr(int(each[1], 16)), text)
    return re.sub(r"\\[nrt\"\\/]", " ", text)


def _parsed(text: str) -> Any:
    if text.lstrip()[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return text


def _words(data: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(data, str):
        inner = _parsed(data)
        if inner is not data:
            yield from _words(inner, depth + 1)
        elif data.strip():
            yield _plain(data)
    elif isinstance(data, list):
        for each in data:
            yield from _words(each, depth + 1)
    elif isinstance(data, dict):
        if isinstance(data.get("msg"), str) and isinstance(data.get("loc"), list):
            place = ".".join(str(each) for each in data["loc"])
            yield f"{place}: {data['msg']} ({data.get('type')})"
            return
        for key in (*_WORDS, *_WORDS_INSIDE):
            if key in data:
                yield from _words(data[key], depth + 1)


def _codes(data: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        for each in data:
            yield from _codes(each, depth + 1)
    elif isinstance(data, dict):
        for key in _CODES:
            if isinstance(data.get(key), str | int) and not isinstance(data[key], bool):
                yield str(data[key])
        for value in data.values():
            yield from _codes(value, depth + 1)
    elif isinstance(data, str) and (inner := _parsed(data)) is not data:
        yield from _codes(inner, depth + 1)


def _plain(text: str) -> str:
    """``text`` without HTML: a web page is known by its title."""
    if not is_page(text):
        return unescape(_TAG.sub(" ", text)).strip() if _TAG.search(text) else text.strip()
    for tag in ("title", "h1", "body"):
        if found := re.search(rf"<{tag}\b[^>]*>(.*?)</{tag}\s*>", text, re.IGNORECASE | re.DOTALL):
            bare = re.sub(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", " ", found[1], flags=re.IGNORECASE | re.DOTALL)
            if words := " ".join(unescape(bare).split()):
                return words
    return "a web page without a title"
