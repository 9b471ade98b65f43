"""Finding the answer in a model's text: every way in which a public report has it wrapped."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kit.story.calls import make_request
from vtx_app.story.calls.objects import answer_objects, has_object, is_off_schema, require_sound

GOOD = {"title": "a", "beats": ["{", "}", '"']}
G = json.dumps(GOOD)
WRAPPED = [
    G,
    f"  {G}\n",
    f"```json\n{G}\n```",
    f"Here it is:\n\n{G}\n\nI hope it helps.",
    f"{G}\n\ndata: [DONE]\n",
    f'<think>maybe {{"draft": true}}?</think>\n{G}',
    f'maybe {{"draft": true}}?\n</think>\n\n{G}',
    f'[THINK]{{"title": "draft", "beats": null}}[/THINK]{G}',
    f'<|channel|>analysis<|message|>{{"a": 1}}<|end|><|start|>assistant<|channel|>final<|message|>{G}<|return|>',
    f"<|channel|>final <|constrain|>json<|message|>{G}",
    f'analysisWe need {{"a": 1}}.assistantfinal{G}',
    f'<|channel>thought\n{{"a": 1}}<channel|>{G}',
    f"[{G}]",
    json.dumps(G),
    f"{G}\nNote: {{curly}} braces.",
]


@pytest.mark.parametrize("text", WRAPPED, ids=lambda text: text[:40])
def test_the_answer_comes_first(text: str) -> None:
    assert answer_objects(text)[0] == GOOD
    assert has_object(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{G}{G}", [GOOD]),
        (f'{{"note": 1}} {G}', [{"note": 1}, GOOD]),
        (f"{{not this}} {G}", [GOOD]),
        (f'{{"unclosed": "quote {G}', [GOOD]),
        (f'{{"scene": {G}}}', [{"scene": GOOD}, GOOD]),
        (f"<think>{G}</think>\nThere it is.", [GOOD]),
        ('{"title": "two\nlines"}', [{"title": "two\nlines"}]),
    ],
)
def test_objects_in_order(text: str, found: list[dict[str, Any]]) -> None:
    assert answer_objects(text) == found


def test_a_text_of_nothing_but_braces_is_given_up_on() -> None:
    for piece in ("{x ", '{"a": 1 {', '{"a": {}} ', '{" '):
        assert len(answer_objects(f"{G}{piece * 100_000}")) <= 4
    assert not has_object(f"{'{x ' * 100_000}")
    assert has_object(f"{'{x ' * 100_000}{G}"), "what can't begin an object is passed over"


@pytest.mark.parametrize("end", range(1, len(G)))
def test_an_answer_that_was_cut_off_has_no_whole_object(end: int) -> None:
    outer = f'{{"scene": {G}, "more": {{"title": "b"}}, "last'
    assert not has_object(G[:end])
    assert not has_object(outer[: len(outer) - end % 20]), "the objects inside it are no answers"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not JSON"),
        ("I would rather not.", "not JSON"),
        (G[:-1], "not JSON"),
        ("[]", "not a JSON object"),
        ('"title"', "not a JSON object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
    ],
    ids=lambda text: text[:20],
)
def test_no_object_is_a_problem_in_words(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        answer_objects(text)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("Leuchtt\0fcrm", r"U\+0000 in it: 'Leuchtt\\x00fcrm'"),
        ("\x1b[31m", r"U\+001B"),
        ("a\x7f", r"U\+007F"),
        ("\x9b2J", r"U\+009B"),
        ("\ud800", "half a character"),
        (float("nan"), "NaN"),
        (float("-inf"), "Infinity"),
    ],
    ids=ascii,
)
def test_what_no_story_can_hold(value: Any, problem: str) -> None:
    for made in (value, [value], {"a": [{"b": value}]}):
        with pytest.raises(ValueError, match=problem):
            require_sound(made)


def test_a_control_character_in_a_key() -> None:
    with pytest.raises(ValueError, match="control character"):
        require_sound({"ti\0tle": ""})


@pytest.mark.parametrize("text", ["a\tb\r\nc", "Türme\x85\u2028", "👩‍🚀", "\u202eRTL"])
def test_white_space_and_every_script_are_sound(text: str) -> None:
    require_sound({"a": [text, 1, 2.5, None, True]})


def test_an_answer_off_the_schema() -> None:
    schema = make_request().schema
    assert not is_off_schema(f"Sure: {json.dumps({'title': '', 'beats': None})}", schema)
    assert is_off_schema('{"title": 5, "beats": null}', schema)
    assert is_off_schema('{"title": "a"}', schema)
    assert is_off_schema("prose", schema)
