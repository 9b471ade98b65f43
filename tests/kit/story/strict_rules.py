"""The rules of OpenAI's Structured Outputs for a schema that is sent with ``strict: true``.

From https://developers.openai.com/api/docs/guides/structured-outputs#supported-schemas (read in 2026): the types,
the keywords of each, an object at the root, every object closed and every key of it required, and the limits on
size. What the page leaves open is taken in its narrowest sense. Three rules are the server's own, in its words:
``$ref cannot have keywords``, ``reference can only point to definitions defined at the top level of the schema``
and ``regex lookaround is not supported``; and an object must have a key, as OpenAI's SDK for Java checks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = [
    "FORMATS",
    "KEYWORDS",
    "LOOKAROUND",
    "MANY_ENUM_VALUES",
    "MAX_ENUM_CHARACTERS",
    "MAX_ENUM_VALUES",
    "MAX_LEVELS",
    "MAX_NAME_CHARACTERS",
    "MAX_PROPERTIES",
    "strict_faults",
]

MAX_PROPERTIES = 5000
MAX_LEVELS = 10
MAX_NAME_CHARACTERS = 120_000
"""Of all names of properties and definitions, and values of ``enum`` and ``const``, together."""
MAX_ENUM_VALUES = 1000
MANY_ENUM_VALUES = 250
"""An ``enum`` of text with more values than this has :data:`MAX_ENUM_CHARACTERS` for all of them."""
MAX_ENUM_CHARACTERS = 15_000

FORMATS = frozenset(("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"))
_VALUES = frozenset(("enum", "const"))
_BOUNDS = frozenset(("multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"))
KEYWORDS: Mapping[str, frozenset[str]] = {
    "string": _VALUES | {"pattern", "format"},
    "number": _VALUES | _BOUNDS,
    "integer": _VALUES | _BOUNDS,
    "boolean": _VALUES,
    "null": frozenset(),
    "array": frozenset(("items", "minItems", "maxItems")),
    "object": frozenset(("properties", "required", "additionalProperties")),
}
"""What may stand beside ``type`` and ``description``, by type."""
LOOKAROUND = re.compile(r"\(\?<?[=!]")

_KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def strict_faults(schema: Any) -> list[str]:
    """Every breach of the rules, a line each that begins with its place (``#/properties/title``); none if it obeys."""
    if not isinstance(schema, dict):
        return ["#: not an object"]
    return [*_root(schema), *_limits(schema)]


def _root(schema: dict[str, Any]) -> Iterator[str]:
    if schema.get("type") != "object":
        yield "#: the root must be of type object"
    if "anyOf" in schema:
        yield "#: the root must not be anyOf"
    definitions = schema.get("$defs", {})
    if not isinstance(definitions, dict):
        yield "#/$defs: not an object"
        definitions = {}
    known = {"#"} | {f"#/$defs/{name}" for name in definitions}
    yield from _node({key: value for key, value in schema.items() if key != "$defs"}, "#", known)
    for name, node in definitions.items():
        yield from _node(node, f"#/$defs/{name}", known)


def _node(node: Any, at: str, known: set[str]) -> Iterator[str]:
    if not isinstance(node, dict):
        yield f"{at}: not an object"
        return
    if "$ref" in node:
        if others := sorted(node.keys() - {"$ref"}):
            yield f"{at}: $ref cannot have keywords {', '.join(others)}"
        if node["$ref"] not in known:
            yield f"{at}: a reference must lead to # or to a definition at the root"
        return
    if not isinstance(node.get("description", ""), str):
        yield f"{at}: description must be text"
    if "anyOf" in node:
        yield from _any_of(node, at, known)
    elif (kind := _kind(node.get("type"))) is None:
        yield f"{at}: type must be one of {', '.join(KEYWORDS)}, or a list of one of them and null"
    else:
        if others := sorted(node.keys() - KEYWORDS[kind] - {"type", "description"}):
            yield f"{at}: unsupported beside type {kind}: {', '.join(others)}"
        yield from _of_kind(node, kind, at, known)


def _any_of(node: dict[str, Any], at: str, known: set[str]) -> Iterator[str]:
    if others := sorted(node.keys() - {"anyOf", "description"}):
        yield f"{at}: unsupported beside anyOf: {', '.join(others)}"
    branches = node["anyOf"]
    if not isinstance(branches, list) or not branches:
        yield f"{at}: anyOf must be a list that is not empty"
        return
    for number, branch in enumerate(branches):
        yield from _node(branch, f"{at}/anyOf/{number}", known)


def _kind(written: Any) -> str | None:
    """The type that is not null, or null; None where ``written`` is no supported type."""
    if isinstance(written, list):
        kinds = [kind for kind in written if kind != "null"]
        return _kind(kinds[0]) if len(written) == 2 and len(kinds) == 1 else None
    return written if isinstance(written, str) and written in KEYWORDS else None


def _of_kind(node: dict[str, Any], kind: str, at: str, known: set[str]) -> Iterator[str]:
    if kind == "object":
        yield from _object(node, at, known)
    elif kind == "array":
        for key in ("minItems", "maxItems"):
            if key in node and not (type(node[key]) is int and node[key] >= 0):
                yield f"{at}: {key} must be a whole number"
        if "items" not in node:
            yield f"{at}: an array needs items"
        else:
            yield from _node(node["items"], f"{at}/items", known)
    else:
        yield from _values(node, at)
    for key in sorted(_BOUNDS & node.keys()):
        if isinstance(node[key], bool) or not isinstance(node[key], int | float):
            yield f"{at}: {key} must be a number"
    if "format" in node and node["format"] not in FORMATS:
        yield f"{at}: unsupported format {node['format']!r}"
    if "pattern" in node:
        yield from _pattern(node["pattern"], at)


def _object(node: dict[str, Any], at: str, known: set[str]) -> Iterator[str]:
    if node.get("additionalProperties") is not False:
        yield f"{at}: additionalProperties must be false"
    properties = node.get("properties")
    if not isinstance(properties, dict) or not properties:
        yield f"{at}: an object needs properties"
        return
    required = node.get("required")
    if not isinstance(required, list) or sorted(map(str, required)) != sorted(properties):
        yield f"{at}: required must list every key once"
    for key, each in properties.items():
        yield from _node(each, f"{at}/properties/{key}", known)


def _values(node: dict[str, Any], at: str) -> Iterator[str]:
    kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
    for word in sorted(_VALUES & node.keys()):
        values = node[word] if word == "enum" else [node[word]]
        if not isinstance(values, list) or not values:
            yield f"{at}: enum must be a list that is not empty"
        elif not all(any(_is(value, kind) for kind in kinds) for value in values):
            yield f"{at}: {word} has a value of another type"


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _pattern(pattern: Any, at: str) -> Iterator[str]:
    try:
        re.compile(pattern)
    except (re.error, TypeError):
        yield f"{at}: pattern is not a regular expression"
        return
    if LOOKAROUND.search(pattern):
        yield f"{at}: regex lookaround is not supported"


def _limits(schema: dict[str, Any]) -> Iterator[str]:
    names, properties, values = 0, 0, 0
    for node, at in _nodes(schema):
        keys = node.get("properties")
        if isinstance(keys, dict):
            properties += len(keys)
            names += sum(map(len, keys))
        definitions = node.get("$defs")
        if isinstance(definitions, dict):
            names += sum(map(len, definitions))
        if "const" in node:
            names += len(str(node["const"]))
        if isinstance(node.get("enum"), list):
            size = sum(len(str(value)) for value in node["enum"])
            names += size
            values += len(node["enum"])
            if len(node["enum"]) > MANY_ENUM_VALUES and size > MAX_ENUM_CHARACTERS:
                yield f"{at}: {size} characters in one enum; at most {MAX_ENUM_CHARACTERS}"
    for count, limit, what in (
        (properties, MAX_PROPERTIES, "properties"),
        (values, MAX_ENUM_VALUES, "enum values"),
        (names, MAX_NAME_CHARACTERS, "characters in names and values"),
        (_levels(schema, schema, frozenset()), MAX_LEVELS, "levels of nesting"),
    ):
        if count > limit:
            yield f"#: {count} {what}; at most {limit}"


def _children(node: dict[str, Any], at: str) -> Iterator[tuple[Any, str]]:
    for word in ("properties", "$defs"):
        inner = node.get(word)
        if isinstance(inner, dict):
            yield from ((each, f"{at}/{word}/{key}") for key, each in inner.items())
    if "items" in node:
        yield node["items"], f"{at}/items"
    if isinstance(node.get("anyOf"), list):
        yield from ((each, f"{at}/anyOf/{number}") for number, each in enumerate(node["anyOf"]))


def _nodes(schema: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    waiting: list[tuple[Any, str]] = [(schema, "#")]
    while waiting:
        node, at = waiting.pop()
        if isinstance(node, dict):
            yield node, at
            waiting += _children(node, at)


def _levels(node: Any, root: dict[str, Any], inside: frozenset[str]) -> int:
    """Steps down to the deepest schema: into a key, an item, a branch of anyOf. References are followed, into what
    they lead back to only once."""
    if not isinstance(node, dict):
        return 0
    if "$ref" in node:
        name = node["$ref"]
        if name in inside or name == "#" or not isinstance(name, str):
            return 0
        return _levels(root.get("$defs", {}).get(name.removeprefix("#/$defs/")), root, inside | {name})
    below = [each for each, at in _children(node, "") if not at.startswith("/$defs")]
    return max((1 + _levels(each, root, inside) for each in below), default=0)
