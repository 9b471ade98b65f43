"""A server's own words, from wherever they are in its answer, without the request's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vtx_app.story.calls.server_words import codes_in, is_page, one_line, without_request, words_of

EXTRA = [{"type": "extra_forbidden", "loc": ["body", "store"], "msg": "Extra inputs are not permitted", "input": False}]
SAID = "body.store: Extra inputs are not permitted (extra_forbidden)"
WORDS: list[tuple[Any, str]] = [
    ({"error": {"message": "No.", "type": "a", "code": "b", "param": "c"}}, "No."),
    (
        [{"error": {"code": 400, "message": 'Unknown name "store": Cannot find field.'}}],
        'Unknown name "store": Cannot find field.',
    ),
    ({"detail": EXTRA}, SAID),
    ({"object": "Error", "detail": EXTRA, "message": EXTRA, "code": 3001}, SAID),
    ({"object": "error", "message": {"detail": EXTRA}}, SAID),
    ({"object": "error", "message": json.dumps({"detail": EXTRA}), "code": "1000"}, SAID),
    ({"error": "Unexpected endpoint"}, "Unexpected endpoint"),
    ({"errors": [{"message": "One."}, {"message": "Two."}]}, "One.: Two."),
    (
        {"error": {"message": "Provider returned error", "metadata": {"raw": '{"error": {"message": "Too busy"}}'}}},
        "Provider returned error: Too busy",
    ),
    (
        {"error": {"message": "Provider returned error", "metadata": {"raw": "Too busy"}}},
        "Provider returned error: Too busy",
    ),
    ({"error": {"message": '{"error": {"code": 404, "message": "models/x is not found"}}'}}, "models/x is not found"),
    ({"error": "invalid_client", "error_description": "No such client"}, "invalid_client: No such client"),
    ({"status": "failure", "message": "openrouter error: No.", "error": {"message": "No."}}, "openrouter error: No."),
    ({"msg": "busy"}, "busy"),
    ({"unheard": "of"}, '{"unheard": "of"}'),
    ({}, ""),
    ([], ""),
    ("no JSON at all", "no JSON at all"),
    ("<html><head><title>502 Bad &amp; Gateway</title></head><body>nginx</body></html>", "502 Bad & Gateway"),
    ("<html><body><h1>404 Not Found</h1><p>nginx</p></body></html>", "404 Not Found"),
    ("<!doctype html><body><script>let a = '<b>'</script><p>Sign <b>in</b></p></body>", "Sign in"),
    ("<html></html>", "a web page without a title"),
    ("<p>Too <b>many</b> requests &amp; more</p>", "Too  many  requests & more"),
    ("the tag <think> and a < b > c", "the tag <think> and a < b > c"),
    ({"error": {"message": "<html><title>Too many</title></html>"}}, "Too many"),
]


@pytest.mark.parametrize(("body", "words"), WORDS, ids=lambda value: str(value)[:40])
def test_words(body: Any, words: str) -> None:
    assert words_of(body if isinstance(body, str) else json.dumps(body)) == words


def test_a_body_without_an_end_is_harmless() -> None:
    deep = '{"error":' * 3000 + '"no"' + "}" * 3000
    assert isinstance(words_of(deep), str)
    assert words_of("") == ""


def test_codes() -> None:
    body = {"error": {"message": "m", "type": "t", "code": "c", "param": None, "innererror": {"code": 7}}, "ok": True}
    assert codes_in(json.dumps(body)) == "c t 7"
    assert codes_in(json.dumps([{"error": {"code": 400, "status": "INVALID"}}])) == "400 INVALID"
    assert codes_in("<html>") == ""


def test_pages_are_known_by_their_first_tag() -> None:
    assert is_page("<!DOCTYPE HTML PUBLIC>")
    assert not is_page('{"a": "<html>"}')
    assert not is_page("<think>")


BRIEF = "Inès counts to twelve without looking. The beam crosses her face, and Ruß says nothing at all to Übermut."
SENT = json.dumps({"brief": f"{BRIEF}\nThen the lamp room is dark for a very long time."}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (f"can't parse: {BRIEF}", "can't parse: …."),
        (f"can't parse: {SENT}", "can't parse: {"),
        (f"can't parse: {json.dumps(SENT)}", "can't parse: "),
        (f"can't parse: {json.dumps(BRIEF)} at 5", "can't parse: "),
        ("Unknown name store: Cannot find field.", "Unknown name store: Cannot find field."),
    ],
)
def test_nothing_of_the_request_is_repeated(words: str, left: str) -> None:
    shown = without_request(words, SENT, "You write scenes.")
    assert shown.startswith(left)
    for word in ("twelve", "crosses", "Übermut", "\\u00dc", "lamp room"):
        assert word not in shown


def test_one_line() -> None:
    assert one_line("a\x1b[31m\n\n b\u202e\tc") == "a [31m b c"
    assert one_line("é" * 400) == "é" * 299 + "…"
    assert one_line("word " * 3, 9) == "word wor…"
