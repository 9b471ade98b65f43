"""From a pydantic model to the JSON Schema that strict Structured Outputs accept, and from its answers back.

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

_FORMATS = frozenset(("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"))
_VALUES = frozenset(("enum", "const"))
_BOUNDS = frozenset(("multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"))
_KEYWORDS = {
    "string": _VALUES | {"pattern", "format"},
    "number": _VALUES | _BOUNDS,
    "integer": _VALUES | _BOUNDS,
    "boolean": _VALUES,
    "null": frozenset[str](),
}
"""The keywords of each simple type, beside ``type`` and ``description``."""
_LOOKAROUND = re.compile(r"\(\?<?[=!]")
_NULL = {"type": "null"}
_DROPPED = frozenset(("title", "default", "examples", "deprecated", "readOnly", "writeOnly", "discriminator"))
_ANCHORED = re.compile(r"\^[^|]*\$")
"""A pattern that means the same in a search and in a full match: which of them a server does is not documented."""
_LONG = 10_000
"""A greater length is no advice to a model that writes."""


def strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of ``model`` for ``strict: true``, with keys in the model's order and definitions kept.

    Raises :class:`ValueError` with the place of what strict mode can't express: a mapping with free keys, a tuple, a
    value of any type.
    """
    source = model.model_json_schema()
    definitions = {name: _strict(node, f"#/$defs/{name}") for name, node in source.pop("$defs", {}).items()}
    root = definitions[_name(source["$ref"])] if "$ref" in source else _strict(source, "#")
    schema: dict[str, Any] = _inlined(root, definitions, frozenset())
    kept = {name: _inlined(node, definitions, frozenset({name})) for name, node in definitions.items()}
    if used := _referenced(schema, kept):
        schema = {**schema, "$defs": {name: node for name, node in kept.items() if name in used}}
    return schema


def without_nulls(data: Any) -> Any:
    """``data`` without keys whose value is null, at any depth; a null in a list stays."""
    if isinstance(data, dict):
        return {key: without_nulls(value) for key, value in data.items() if value is not None}
    return [without_nulls(item) for item in data] if isinstance(data, list) else data


def _name(reference: str) -> str:
    return reference.removeprefix("#/$defs/")


def _strict(node: Any, at: str) -> dict[str, Any]:
    """One schema made strict. A ``$ref`` may still have a description; :func:`_inlined` deals with that."""
    if not isinstance(node, dict):
        raise ValueError(f"{at}: any value is allowed there; strict mode needs a type")
    node = {key: value for key, value in node.items() if key not in _DROPPED}
    description = node.pop("description", "")
    if len(parts := node.get("allOf", ())) == 1 and len(node) == 1:
        return _described(_strict(parts[0], f"{at}/allOf/0"), description)
    if "$ref" in node:
        return _described({"$ref": node["$ref"]}, description)
    branches = node.get("anyOf", node.get("oneOf"))
    if branches is not None:
        word = "anyOf" if "anyOf" in node else "oneOf"
        return _any_of([_strict(each, f"{at}/{word}/{number}") for number, each in enumerate(branches)], description)
    if "enum" in node and "type" not in node:
        return _described(_mixed_enum(node["enum"]), description)
    kind = node.get("type")
    if kind == "object":
        return _described(_object(node, at), description)
    if kind == "array":
        return _described(_array(node, at), description)
    if kind not in _KEYWORDS:
        found = ", ".join(f"{key} {value!r:.60}" for key, value in node.items()) or "schema without a type"
        raise ValueError(f"{at}: strict mode has no {found}")
    return _simple(node, kind, description)


def _described(node: dict[str, Any], text: str) -> dict[str, Any]:
    """The schema with the description ``text``, if there is one, instead of its own."""
    return {**node, "description": text} if text else node


def _any_of(branches: list[dict[str, Any]], description: str) -> dict[str, Any]:
    """One of ``branches``; a simple type or null becomes a list of types."""
    if len(branches) == 2 and _NULL in branches:
        kept = branches[0] if branches[1] == _NULL else branches[1]
        if kept.get("type") in _KEYWORDS.keys() - {"null"} and not {"enum", "const"} & kept.keys():
            texts = "; ".join(filter(None, (description, kept.get("description"))))
            return _described({**kept, "type": [kept["type"], "null"]}, texts)
    return _described({"anyOf": branches}, description)


def _mixed_enum(values: list[Any]) -> dict[str, Any]:
    """The values of an ``enum`` without a type, as one branch for each type."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
    branches: dict[str, list[Any]] = {}
    for value in values:
        branches.setdefault(names[type(value)], []).append(value)
    return {
        "anyOf": [dict(_NULL) if kind == "null" else {"type": kind, "enum": each} for kind, each in branches.items()]
    }


def _object(node: Mapping[str, Any], at: str) -> dict[str, Any]:
    if node.get("additionalProperties", False) is not False or "patternProperties" in node:
        raise ValueError(f"{at}: a mapping with free keys; strict mode needs every key (make it a list of pairs)")
    properties = {}
    for key, inner in node.get("properties", {}).items():
        made = _strict(inner, f"{at}/properties/{key}")
        default = inner.get("default") if isinstance(inner, dict) else None
        properties[key] = made if key in node.get("required", ()) else _nullable(made, default)
    if not properties:
        raise ValueError(f"{at}: an object without keys; strict mode needs properties")
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


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


def _array(node: Mapping[str, Any], at: str) -> dict[str, Any]:
    if "prefixItems" in node or "items" not in node:
        raise ValueError(f"{at}: a list of anything, or a tuple; strict mode needs one type of item")
    unique = "no two the same" if node.get("uniqueItems") else ""
    kept = {key: node[key] for key in ("minItems", "maxItems") if key in node}
    return _described({"type": "array", "items": _strict(node["items"], f"{at}/items"), **kept}, unique)


def _simple(node: Mapping[str, Any], kind: str, description: str) -> dict[str, Any]:
    kept = {key: node[key] for key in node if key in _KEYWORDS[kind] and node[key] is not None}
    notes = [description] if description else []
    if not _ANCHORED.fullmatch(pattern := kept.get("pattern", "^$")) or _LOOKAROUND.search(pattern):
        notes.append(f"matches {kept.pop('pattern')}")
    if kept.get("format", "date") not in _FORMATS:
        notes.append(f"format {kept.pop('format')}")
    if least := node.get("minLength", 0):
        notes.append("not empty" if least == 1 else f"at least {least} characters")
    if (most := node.get("maxLength", _LONG)) < _LONG:
        notes.append(f"at most {most} characters")
    return _described({"type": kind, **kept}, "; ".join(notes))


def _inlined(node: Any, definitions: Mapping[str, dict[str, Any]], inside: frozenset[str]) -> Any:
    """``node`` with each described reference replaced by a copy of its definition under that description.

    Strict mode allows no description beside a reference; a recursive one (``inside`` itself) loses its description.
    """
    if isinstance(node, list):
        return [_inlined(each, definitions, inside) for each in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str) and "description" in node:
        name = _name(node["$ref"])
        if name in inside:
            return {"$ref": node["$ref"]}
        return _described(_inlined(definitions[name], definitions, inside | {name}), node["description"])
    return {key: _inlined(value, definitions, inside) for key, value in node.items()}


def _referenced(schema: Any, definitions: Mapping[str, Any]) -> set[str]:
    """The definitions that the schema refers to, directly or by another definition."""
    found: set[str] = set()
    pending = [schema]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending += node
        elif isinstance(node, dict):
            pending += node.values()
            name = _name(node["$ref"]) if isinstance(node.get("$ref"), str) else ""
            if name in definitions and name not in found:
                found.add(name)
                pending.append(definitions[name])
    return found
