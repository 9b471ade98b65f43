"""From a pydantic model to the JSON Schema that strict Structured Outputs take, and its answers back.

Strict mode knows no optional key: one that the model may leave out becomes one that may be null, and
:func:`without_nulls` takes the nulls out of an answer again. What strict mode can't enforce (lengths, say) is said in
the description, for the model to heed, and is checked by pydantic afterwards.
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
"""The keywords that strict mode knows beside ``type`` and ``description``, by type."""
_LOOKAROUND = re.compile(r"\(\?<?[=!]")
_NULL = {"type": "null"}
_DROPPED = frozenset(("title", "default", "examples", "deprecated", "readOnly", "writeOnly", "discriminator"))
_ANCHORED = re.compile(r"\^[^|]*\$")
"""A pattern that means the same searched for and matched in full: which of them a server does is not documented."""
_LONG = 10_000
"""A greater length is no advice to a model that writes."""


def strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of ``model`` for ``strict: true``: keys in the model's order, definitions kept as definitions.

    Raises :class:`ValueError` with the place for what strict mode can't express: a mapping with free keys, a tuple,
    anything at all.
    """
    source = model.model_json_schema()
    definitions = {name: _strict(node, f"#/$defs/{name}") for name, node in source.pop("$defs", {}).items()}
    root = definitions[_name(source["$ref"])] if "$ref" in source else _strict(source, "#")
    schema: dict[str, Any] = _described(root, definitions, frozenset())
    kept = {name: _described(node, definitions, frozenset({name})) for name, node in definitions.items()}
    if used := _used(schema, kept):
        schema = {**schema, "$defs": {name: node for name, node in kept.items() if name in used}}
    return schema


def without_nulls(data: Any) -> Any:
    """``data`` with every key left out whose value is null, at any depth; a null in a list stays."""
    if isinstance(data, dict):
        return {key: without_nulls(value) for key, value in data.items() if value is not None}
    return [without_nulls(item) for item in data] if isinstance(data, list) else data


def _name(reference: str) -> str:
    return reference.removeprefix("#/$defs/")


def _strict(node: Any, at: str) -> dict[str, Any]:
    """One schema made strict. A ``$ref`` may still have a description, which :func:`_described` deals with."""
    if not isinstance(node, dict):
        raise ValueError(f"{at}: anything may stand there, and strict mode needs a type")
    node = {key: value for key, value in node.items() if key not in _DROPPED}
    about = node.pop("description", "")
    if len(merged := node.get("allOf", ())) == 1 and len(node) == 1:
        return _about(_strict(merged[0], f"{at}/allOf/0"), about)
    if "$ref" in node:
        return _about({"$ref": node["$ref"]}, about)
    branches = node.get("anyOf", node.get("oneOf"))
    if branches is not None:
        word = "anyOf" if "anyOf" in node else "oneOf"
        return _any_of([_strict(each, f"{at}/{word}/{number}") for number, each in enumerate(branches)], about)
    if "enum" in node and "type" not in node:
        return _about(_mixed(node["enum"]), about)
    kind = node.get("type")
    if kind == "object":
        return _about(_object(node, at), about)
    if kind == "array":
        return _about(_array(node, at), about)
    if kind not in _KEYWORDS:
        raise ValueError(f"{at}: strict mode has no {_shown(node)}")
    return _simple(node, kind, about)


def _shown(node: Mapping[str, Any]) -> str:
    return "schema without a type" if not node else ", ".join(f"{key} {value!r:.60}" for key, value in node.items())


def _about(node: dict[str, Any], text: str) -> dict[str, Any]:
    """The schema with ``text`` as its description, if there is any: the outer one counts."""
    return {**node, "description": text} if text else node


def _any_of(branches: list[dict[str, Any]], about: str) -> dict[str, Any]:
    """One of ``branches``; a plain type or null as a list of types."""
    if len(branches) == 2 and _NULL in branches:
        kept = branches[0] if branches[1] == _NULL else branches[1]
        if kept.get("type") in _KEYWORDS.keys() - {"null"} and not {"enum", "const"} & kept.keys():
            told = "; ".join(filter(None, (about, kept.get("description"))))
            return _about({**kept, "type": [kept["type"], "null"]}, told)
    return _about({"anyOf": branches}, about)


def _mixed(values: list[Any]) -> dict[str, Any]:
    """The values of an ``enum`` without a type, one branch a type."""
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
    branches: dict[str, list[Any]] = {}
    for value in values:
        branches.setdefault(kinds[type(value)], []).append(value)
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
    """``node`` or null, which stands for the ``default``; that is said where it is not plainly nothing."""
    about = node.get("description", "")
    if default not in (None, "", [], {}):
        about = f"{about}{'; ' if about else ''}null means {json.dumps(default, ensure_ascii=False)}"
    bare = {key: value for key, value in node.items() if key != "description"}
    branches = bare.get("anyOf", [bare])
    if isinstance(bare.get("type"), list) or _NULL in branches:
        return _about(bare, about)
    return _any_of([*branches, dict(_NULL)], about)


def _array(node: Mapping[str, Any], at: str) -> dict[str, Any]:
    if "prefixItems" in node or "items" not in node:
        raise ValueError(f"{at}: a list of anything, or a tuple; strict mode needs one type of item")
    notes = ["no two the same"] if node.get("uniqueItems") else []
    kept = {key: node[key] for key in ("minItems", "maxItems") if key in node}
    return _about({"type": "array", "items": _strict(node["items"], f"{at}/items"), **kept}, "; ".join(notes))


def _simple(node: Mapping[str, Any], kind: str, about: str) -> dict[str, Any]:
    kept = {key: node[key] for key in node if key in _KEYWORDS[kind] and node[key] is not None}
    notes = []
    if not _ANCHORED.fullmatch(pattern := kept.get("pattern", "^$")) or _LOOKAROUND.search(pattern):
        notes.append(f"matches {kept.pop('pattern')}")
    if kept.get("format", "date") not in _FORMATS:
        notes.append(f"format {kept.pop('format')}")
    if least := node.get("minLength", 0):
        notes.append("not empty" if least == 1 else f"at least {least} characters")
    if (most := node.get("maxLength", _LONG)) < _LONG:
        notes.append(f"at most {most} characters")
    told = "; ".join(([about] if about else []) + notes)
    return _about({"type": kind, **kept}, told)


def _described(node: Any, definitions: Mapping[str, dict[str, Any]], inside: frozenset[str]) -> Any:
    """``node`` with each described reference replaced by a copy of its definition under that description.

    A reference can have no description beside it; one that leads back to where it stands (``inside``) loses it.
    """
    if isinstance(node, list):
        return [_described(each, definitions, inside) for each in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str) and "description" in node:
        name = _name(node["$ref"])
        if name in inside:
            return {"$ref": node["$ref"]}
        return _about(_described(definitions[name], definitions, inside | {name}), node["description"])
    return {key: _described(value, definitions, inside) for key, value in node.items()}


def _used(schema: Any, definitions: Mapping[str, Any]) -> set[str]:
    """The definitions that are referred to, by the schema or by one of them that is."""
    used: set[str] = set()
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            waiting += node.values()
            name = _name(node["$ref"]) if isinstance(node.get("$ref"), str) else ""
            if name in definitions and name not in used:
                used.add(name)
                waiting.append(definitions[name])
    return used
