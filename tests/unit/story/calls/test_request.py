"""The key of a request depends on what decides the answer, and on nothing else."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from vtx_app.story.calls.request import Request

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
PLAIN = Request("shotlist", "A01_S01", "gpt-4.1", "Café.", "Write é.", "shots", SCHEMA)


def changed(**fields: Any) -> Request:
    names = ("stage", "subject", "model", "instructions", "input", "schema_name", "schema")
    return Request(**{**{name: getattr(PLAIN, name) for name in names}, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"stage": "clips"},
        {"subject": "A02_S09"},
        {"schema_name": "others"},
        {"instructions": "Cafe\u0301."},
        {"input": "Write e\u0301."},
        {"schema": dict(reversed(SCHEMA.items()))},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_fields_that_do_not_change_the_key(fields: dict[str, Any]) -> None:
    assert changed(**fields).key == PLAIN.key


@pytest.mark.parametrize(
    "fields",
    [
        {"model": "gpt-4.1-mini"},
        {"instructions": "Café"},
        {"input": "write é."},
        {"schema": {**SCHEMA, "required": []}},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_fields_that_change_the_key(fields: dict[str, Any]) -> None:
    assert changed(**fields).key != PLAIN.key


def test_golden_key() -> None:
    """Kept answers are found by their key: if this fails, every film pays for its story again."""
    assert PLAIN.key == "89dea25f65ed31cbf3d370b65cb94501863da0d1fa077012e66c730f24f98def"


def test_fields_are_not_concatenated() -> None:
    assert changed(instructions="a", input="b").key != changed(instructions="ab", input="").key


def test_lone_surrogate_has_a_key() -> None:
    assert changed(input="\ud800").key != changed(input="\ud801").key


@pytest.mark.parametrize(("subject", "title"), [("A01_S01", "shotlist A01_S01"), ("", "shotlist")])
def test_title_is_stage_and_subject(subject: str, title: str) -> None:
    assert changed(subject=subject).title == title


def test_schema_may_be_any_mapping() -> None:
    assert changed(schema=MappingProxyType(SCHEMA)).key == PLAIN.key
