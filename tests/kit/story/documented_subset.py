"""What the guide on Structured Outputs allows in a schema, written down apart from the code under test.

https://developers.openai.com/api/docs/guides/structured-outputs#supported-schemas, as a JSON Schema for schemas and
a count of what is limited.
"""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

_FORMATS = ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]
_WHOLE = {"type": "integer", "minimum": 0}
_SCHEMA = {"$ref": "#/$defs/schema"}


def _closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    known = {"description": {"type": "string"}, **properties}
    return {"properties": known, "required": [*required], "additionalProperties": False}


def _typed(kinds: list[str], properties: dict[str, Any], *required: str) -> dict[str, Any]:
    """A schema of one of ``kinds``, or of that and null."""
    types = [each for kind in kinds for each in (kind, [kind, "null"], ["null", kind])]
    return _closed({"type": {"enum": types}, **properties}, "type", *required)


def _valued(kinds: list[str], value: str, properties: dict[str, Any]) -> dict[str, Any]:
    enum = {"type": "array", "minItems": 1, "items": {"type": [value, "null"]}}
    return _typed(kinds, {"enum": enum, "const": {"type": value}, **properties})


_BOUNDS = ("multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_DEFS: dict[str, Any] = {
    "object": _typed(
        ["object"],
        {
            "properties": {"type": "object", "minProperties": 1, "additionalProperties": _SCHEMA},
            "required": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
            "additionalProperties": {"const": False},
        },
        "properties",
        "required",
        "additionalProperties",
    ),
    "schema": {
        "type": "object",
        "oneOf": [
            {"properties": {"$ref": {"type": "string"}}, "required": ["$ref"], "maxProperties": 1},
            _closed({"anyOf": {"type": "array", "minItems": 1, "items": _SCHEMA}}, "anyOf"),
            {"$ref": "#/$defs/object"},
            _typed(["array"], {"items": _SCHEMA, "minItems": _WHOLE, "maxItems": _WHOLE}, "items"),
            _valued(
                ["string"],
                "string",
                {"pattern": {"type": "string", "not": {"pattern": r"\(\?<?[=!]"}}, "format": {"enum": _FORMATS}},
            ),
            _valued(["number", "integer"], "number", {bound: {"type": "number"} for bound in _BOUNDS}),
            _valued(["boolean"], "boolean", {}),
            _closed({"type": {"const": "null"}}, "type"),
        ],
    },
}
_DEFINITIONS = Draft202012Validator({"type": "object", "additionalProperties": _SCHEMA, "$defs": _DEFS})
_ROOT = Draft202012Validator({"$ref": "#/$defs/object", "properties": {"type": {"const": "object"}}, "$defs": _DEFS})
_LIMITS = {"properties": 5000, "values": 1000, "characters": 120_000, "levels": 10}


def documented_faults(schema: dict[str, Any]) -> list[str]:
    """What of ``schema`` is not allowed, a line each. Levels are counted within the root and each definition."""
    root = {key: value for key, value in schema.items() if key != "$defs"}
    definitions = schema.get("$defs", {})
    faults = [error.message[:200] for error in (*_ROOT.iter_errors(root), *_DEFINITIONS.iter_errors(definitions))]
    if faults:
        return faults
    count = dict.fromkeys(_LIMITS, 0)
    count["characters"] += sum(len(name) for name in definitions)

    def walk(node: dict[str, Any], level: int) -> None:
        count["levels"] = max(count["levels"], level)
        if "$ref" in node and node["$ref"] not in ("#", *(f"#/$defs/{name}" for name in definitions)):
            faults.append(f"{node['$ref']} is not defined at the top level of the schema")
        keys = node.get("properties", {})
        if sorted(node.get("required", [])) != sorted(keys):
            faults.append(f"'required' is required to be an array including every key in {[*keys]}")
        values = [str(value) for value in node.get("enum", [])]
        if len(values) > 250 and sum(len(value) for value in values) > 15_000:
            faults.append("an enum of more than 250 values has more than 15,000 characters")
        count["properties"] += len(keys)
        count["values"] += len(values)
        count["characters"] += sum(len(text) for text in (*keys, *values, str(node.get("const", ""))))
        for inner in (*keys.values(), *node.get("anyOf", []), *([node["items"]] if "items" in node else [])):
            walk(inner, level + 1)

    walk(root, 0)
    for definition in definitions.values():
        walk(definition, 1)
    faults += [
        f"{count[what]} {what} exceed the limit of {most}" for what, most in _LIMITS.items() if count[what] > most
    ]
    return faults
