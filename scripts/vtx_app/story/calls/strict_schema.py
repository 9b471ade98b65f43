"""From a format to the JSON Schema that strict Structured Outputs accept, and from its answers back.

Strict mode has no optional keys: such a key becomes one that may be null, and :func:`without_nulls` removes the nulls
from an answer. What strict mode can't enforce (lengths, for example) is added to the description as advice for the
model, and pydantic checks it afterwards. Supported keywords:
https://developers.openai.com/api/docs/guides/structured-outputs#supported-schemas
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

__all__ = ["strict_schema", "without_nulls"]

_BOUNDS = ("multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum")
_KEYWORDS = {"string": ("enum", "pattern"), "number": _BOUNDS, "integer": ("const", *_BOUNDS), "boolean": ()}
"""The keywords of each simple type that formats use, beside ``type`` and ``description``."""
_NULL = {"type": "null"}
_ANCHORED = re.compile(r"\^[^|]*\$")
"""A pattern that means the same in a search and in a full match: which of them a server does is not documented."""
_LONG = 10_000
"""A greater length is not advice to a model that writes."""


def strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of ``model`` for ``strict: true``, with keys in the model's order and definitions kept.

    Raises :class:`ValueError` with the place of what strict mode can't express, a mapping with free keys, or of what
    no format has needed yet.
    """
    source = model.model_json_schema()
    definitions = {name: _strict(node, f"#/$defs/{name}") for name, node in source.pop("$defs", {}).items()}
    schema: dict[str, Any] = _inlined(_strict(source, "#"), definitions)
    kept = {name: _inlined(node, definitions) for name, node in definitions.items()}
    used = _referenced(schema, kept)
    return {**schema, "$defs": {name: node for name, node in kept.items() if name in used}} if used else schema


def without_nulls(data: Any) -> Any:
    """``data`` without keys whose value is null, at any depth; a null in a list stays."""
    if isinstance(data, dict):
        return {key: without_nulls(value) for key, value in data.items() if value is not None}
    return [without_nulls(item) for item in data] if isinstance(data, list) else data


def _strict(node: Mapping[str, Any], at: str) -> dict[str, Any]:
    """One schema made strict. A ``$ref`` may still have a description; :func:`_inlined` deals with that."""
    description, kind = node.get("description", ""), node.get("type")
    if "$ref" in node:
        return _described({"$ref": node["$ref"]}, description)
    if "anyOf" in node:
        branches = [_strict(each, f"{at}/anyOf/{number}") for number, each in enumerate(node["anyOf"])]
        return _any_of(branches, description)
    if kind == "object" and node.get("additionalProperties") is False:
        properties = {
            key: made if key in node.get("required", ()) else _nullable(made, inner.get("default"))
            for key, inner in node["properties"].items()
            for made in [_strict(inner, f"{at}/properties/{key}")]
        }
        closed = {"required": list(properties), "additionalProperties": False}
        return _described({"type": "object", "properties": properties, **closed}, description)
    if kind == "array" and "items" in node:
        return _described({"type": "array", "items": _strict(node["items"], f"{at}/items")}, description)
    if kind == "null":
        return dict(_NULL)
    if kind not in _KEYWORDS:
        raise ValueError(f"{at}: strict mode has no mapping with free keys, and no format needed any other kind yet")
    return _simple(node, kind, description)


def _described(node: dict[str, Any], text: str) -> dict[str, Any]:
    """The schema with the description ``text``, if there is one, instead of its own."""
    return {**node, "description": text} if text else node


def _any_of(branches: list[dict[str, Any]], description: str) -> dict[str, Any]:
    """One of ``branches``; a simple type or null becomes a list of types."""
    if len(branches) == 2 and _NULL in branches:
        kept = branches[0] if branches[1] == _NULL else branches[1]
        if kept.get("type") in _KEYWORDS and not {"enum", "const"} & kept.keys():
            texts = "; ".join(filter(None, (description, kept.get("description"))))
            return _described({**kept, "type": [kept["type"], "null"]}, texts)
    return _described({"anyOf": branches}, description)


def _nullable(node: dict[str, Any], default: Any) -> dict[str, Any]:
    """``node`` or null, which means the ``default``; the description says so unless that is empty."""
    description = node.get("description", "")
    if default not in (None, "", [], {}):
        description = f"{description}{'; ' if description else ''}null means {json.dumps(default, ensure_ascii=False)}"
    bare = {key: value for key, value in node.items() if key != "description"}
    branches = bare.get("anyOf", [bare])
    if isinstance(bare.get("type"), list) or _NULL in branches:
        return _described(bare, description)
    return _any_of([*branches, dict(_NULL)], description)


def _simple(node: Mapping[str, Any], kind: str, description: str) -> dict[str, Any]:
    kept = {key: node[key] for key in node if key in _KEYWORDS[kind]}
    notes = [description] if description else []
    if not _ANCHORED.fullmatch(kept.get("pattern", "^$")):
        notes.append(f"matches {kept.pop('pattern')}")
    if least := node.get("minLength", 0):
        notes.append("not empty" if least == 1 else f"at least {least} characters")
    if (most := node.get("maxLength", _LONG)) < _LONG:
        notes.append(f"at most {most} characters")
    return _described({"type": kind, **kept}, "; ".join(notes))


def _inlined(node: Any, definitions: Mapping[str, dict[str, Any]]) -> Any:
    """``node`` with each described reference replaced by a copy of its definition under that description.

    Strict mode allows no description beside a reference.
    """
    if isinstance(node, list):
        return [_inlined(each, definitions) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node and "description" in node:
        return _described(_inlined(definitions[_name(node)], definitions), node["description"])
    return {key: _inlined(value, definitions) for key, value in node.items()}


def _name(node: Mapping[str, Any]) -> str:
    return str(node["$ref"]).removeprefix("#/$defs/")


def _referenced(schema: Any, definitions: Mapping[str, Any]) -> set[str]:
    """The definitions that the schema refers to, directly or by another definition."""
    if isinstance(schema, dict) and "$ref" in schema:
        return {_name(schema)} | _referenced(definitions[_name(schema)], definitions)
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    return set().union(*(_referenced(each, definitions) for each in inner))
