"""Strict schemas obey every documented rule, and answers that fit the schema fit the model."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ConfigDict, Field, create_model

from kit.story.documented_subset import documented_faults
from kit.story.strict_rules import strict_faults
from vtx_app.formats.bibles import Character, Profile
from vtx_app.formats.clip_spec import ClipSpec
from vtx_app.formats.outline import ActDraft, Outline, OutlineDraft, SceneDraft
from vtx_app.formats.shot_list import ShotDraft, ShotList
from vtx_app.story.calls.strict_schema import strict_schema, without_nulls


def faults(schema: dict[str, Any]) -> list[str]:
    return [*strict_faults(schema), *documented_faults(schema)]


@pytest.mark.parametrize(
    "model",
    [OutlineDraft, ActDraft, SceneDraft, Outline, ShotDraft, ShotList, ClipSpec, Profile],
    ids=lambda m: m.__name__,
)
def test_schemas_of_formats(model: type[BaseModel]) -> None:
    schema = strict_schema(model)
    assert not faults(schema)
    Draft202012Validator.check_schema(schema)


CLOSED = ConfigDict(extra="forbid")


def closed(name: str, **fields: Any) -> type[BaseModel]:
    """A model without other keys, as all formats are."""
    made: type[BaseModel] = create_model(name, __config__=CLOSED, **fields)
    return made


class Prop(BaseModel):
    """A thing."""

    model_config = CLOSED
    name: Annotated[str, Field(min_length=1, max_length=40)]
    weight: Annotated[float | None, Field(gt=0, description="in kilograms")] = None


class Everything(BaseModel):
    """All that formats have used so far."""

    model_config = CLOSED
    plain: str
    told: Annotated[str, Field(description="the words", min_length=3, max_length=200, title="T", examples=["a"])]
    coded: Annotated[str, Field(pattern=r"^A\d{2}$")]
    shaped: Annotated[str, Field(pattern=r"\S")]
    whole: Annotated[int, Field(ge=1, le=9, multiple_of=2)]
    real: float
    one: Literal[1]
    word: Literal["a", "b"]
    prop: Annotated[Prop, Field(description="what they hold")]
    props: list[Prop]
    either: int | Prop
    maybe: str | None
    left: str = ""
    counted: int = 3
    way: Literal["cut", "on"] = "cut"
    kept: Prop | None = None
    several: Annotated[list[str], Field(description="some")] = []


def test_every_kind_of_key() -> None:
    schema = strict_schema(Everything)
    assert not faults(schema)
    assert schema["required"] == list(Everything.model_fields) == list(schema["properties"])
    assert schema["additionalProperties"] is False
    null = {"type": "null"}
    assert schema["properties"] == {
        "plain": {"type": "string"},
        "told": {"type": "string", "description": "the words; at least 3 characters; at most 200 characters"},
        "coded": {"type": "string", "pattern": r"^A\d{2}$"},
        "shaped": {"type": "string", "description": r"matches \S"},
        "whole": {"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 2},
        "real": {"type": "number"},
        "one": {"type": "integer", "const": 1},
        "word": {"type": "string", "enum": ["a", "b"]},
        "prop": {**schema["$defs"]["Prop"], "description": "what they hold"},
        "props": {"type": "array", "items": {"$ref": "#/$defs/Prop"}},
        "either": {"anyOf": [{"type": "integer"}, {"$ref": "#/$defs/Prop"}]},
        "maybe": {"type": ["string", "null"]},
        "left": {"type": ["string", "null"]},
        "counted": {"type": ["integer", "null"], "description": "null means 3"},
        "way": {"anyOf": [{"type": "string", "enum": ["cut", "on"]}, null], "description": 'null means "cut"'},
        "kept": {"anyOf": [{"$ref": "#/$defs/Prop"}, null]},
        "several": {"anyOf": [{"type": "array", "items": {"type": "string"}}, null], "description": "some"},
    }
    assert schema["$defs"]["Prop"]["properties"] == {
        "name": {"type": "string", "description": "not empty; at most 40 characters"},
        "weight": {"type": ["number", "null"], "exclusiveMinimum": 0, "description": "in kilograms"},
    }


def test_unused_definitions_are_left_out() -> None:
    class Outer(BaseModel):
        model_config = CLOSED
        held: Annotated[Profile, Field(description="copied under its own words")]
        prop: Prop

    assert strict_schema(Outer)["$defs"].keys() == {"Prop"}


def test_keys_with_the_names_of_keywords() -> None:
    names = ["title", "default", "description", "type", "properties", "required", "items", "enum", "const", "anyOf"]
    model = closed("Odd", **dict.fromkeys(names, (str, ...)))
    assert strict_schema(model)["required"] == names
    assert not faults(strict_schema(model))


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    name: str


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (dict[str, str], "free keys"),
        (dict[str, Any], "free keys"),
        (list[dict[str, int]], "free keys"),
        (dict[Annotated[str, Field(pattern="^a$")], int], "free keys"),
        (Open, "free keys"),
        (Any, "no format needed any other kind"),
        (tuple[int, str], "no format needed any other kind"),
        (Character, "free keys"),
    ],
    ids=str,
)
def test_types_that_strict_mode_cannot_express(kind: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        strict_schema(closed("Outer", inner=(kind, ...)))


def test_union_at_the_root_is_a_fault() -> None:
    assert "#: the root must not be anyOf" in strict_faults({"anyOf": [{"type": "string"}]})


def wide(count: int, length: int) -> type[BaseModel]:
    return closed("Wide", **{f"{number:0{length}}": (str, ...) for number in range(count)})


def deep(levels: int) -> Any:
    kind: Any = str
    for level in range(levels):
        kind = closed(f"Level{level}", inner=(kind, ...))
    return kind


def choice(count: int, length: int) -> type[BaseModel]:
    words = tuple(f"{number:0{length}}" for number in range(count))
    kind: Any = Literal[words]
    return closed("Choice", word=(kind, ...))


@pytest.mark.parametrize(
    ("inside", "beyond", "what"),
    [
        (wide(5000, 4), wide(5001, 4), "5001 properties; at most 5000"),
        (wide(1000, 120), wide(1000, 121), "121000 characters in names and values; at most 120000"),
        (deep(10), deep(11), "11 levels of nesting; at most 10"),
        (choice(1000, 4), choice(1001, 4), "1001 enum values; at most 1000"),
        (choice(251, 59), choice(251, 60), "15060 characters in one enum; at most 15000"),
        (choice(250, 60), choice(250, 481), "characters in names and values"),
    ],
    ids=["properties", "names", "levels", "values", "long enum", "few long values"],
)
def test_limits(inside: type[BaseModel], beyond: type[BaseModel], what: str) -> None:
    assert not faults(strict_schema(inside))
    assert any(what in fault for fault in strict_faults(strict_schema(beyond)))


OBJECT: dict[str, Any] = {
    "type": "object",
    "properties": {"a": {"type": "string"}},
    "required": ["a"],
    "additionalProperties": False,
}


def inner(node: Any) -> dict[str, Any]:
    return {**OBJECT, "properties": {"a": node}}


@pytest.mark.parametrize(
    "schema",
    [
        {**OBJECT, "additionalProperties": True},
        {**OBJECT, "required": []},
        {**OBJECT, "required": ["a", "a"]},
        {**OBJECT, "required": ["a", "b"]},
        {**OBJECT, "type": "array"},
        {**OBJECT, "type": ["object", "null"]},
        {**OBJECT, "title": "T"},
        {**OBJECT, "minProperties": 1},
        {**OBJECT, "patternProperties": {}},
        {**OBJECT, "$defs": {"b": {"type": "text"}}},
        {**OBJECT, "anyOf": [{"type": "string"}]},
        {"type": "object", "additionalProperties": False},
        {"type": "object", "properties": {}, "required": [], "additionalProperties": False},
        inner({}),
        inner(True),
        inner({"type": "any"}),
        inner({"type": ["string", "number"]}),
        inner({"type": ["string", "null", "number"]}),
        inner({"type": "string", "minLength": 1}),
        inner({"type": "string", "default": ""}),
        inner({"type": "string", "format": "uri"}),
        inner({"type": "string", "pattern": "^(?!a)b$"}),
        inner({"type": "string", "pattern": "^(?<=a)b$"}),
        inner({"type": "string", "enum": []}),
        inner({"type": "string", "enum": [1]}),
        inner({"type": "string", "const": 1}),
        inner({"type": "integer", "enum": [True]}),
        inner({"type": "number", "minimum": "1"}),
        inner({"type": "array"}),
        inner({"type": "array", "items": {"type": "string"}, "uniqueItems": True}),
        inner({"type": "array", "items": {"type": "string"}, "minItems": -1}),
        inner({"oneOf": [{"type": "string"}]}),
        inner({"allOf": [{"type": "string"}]}),
        inner({"not": {"type": "string"}}),
        inner({"type": "string", "not": {"const": ""}}),
        inner({"anyOf": []}),
        inner({"anyOf": [{"type": "string"}], "type": "string"}),
        inner({"$ref": "#/$defs/missing"}),
        inner({"$ref": "#", "description": "the same again"}),
        inner({"$ref": "#/properties/a"}),
        inner({"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"]}),
    ],
    ids=lambda schema: json.dumps(schema)[:90],
)
def test_both_checkers_find_a_breach_of_the_rules(schema: dict[str, Any]) -> None:
    assert strict_faults(schema)
    assert documented_faults(schema)


@pytest.mark.parametrize("schema", [None, [], "object", {}, {"type": "object", "$defs": [], "properties": 5}])
def test_data_that_is_no_schema(schema: Any) -> None:
    assert strict_faults(schema)


def test_without_nulls() -> None:
    answer = {"a": None, "b": {"c": None, "d": [{"e": None}, None, 0, ""]}, "f": False}
    assert without_nulls(answer) == {"b": {"d": [{}, None, 0, ""]}, "f": False}


# Models of any shape, each with the values that fit it.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
leaves: st.SearchStrategy[tuple[Any, st.SearchStrategy[Any]]] = st.sampled_from(
    [
        (str, texts),
        (int, st.integers(-9, 9)),
        (float, st.floats(-9, 9)),
        (Annotated[int, Field(ge=0, lt=5, description="small")], st.integers(0, 4)),
        (Annotated[str, Field(pattern=r"^[a-c]{2}$")], st.text("abc", min_size=2, max_size=2)),
        (Literal["yes", "no"], st.sampled_from(["yes", "no"])),
    ]
)


@st.composite
def kinds(draw: st.DrawFn, below: int) -> tuple[Any, st.SearchStrategy[Any]]:
    """A type and its values."""
    shape = draw(st.sampled_from(["leaf", "leaf", "list", "model", "maybe"] if below else ["leaf"]))
    if shape == "leaf":
        return draw(leaves)
    if shape == "model":
        return draw(models(below - 1))
    kind, values = draw(kinds(below - 1))
    if shape == "list":
        return list[kind], st.lists(values, max_size=3)  # type: ignore[valid-type]
    return kind | None, st.none() | values


@st.composite
def models(draw: st.DrawFn, below: int) -> tuple[type[BaseModel], st.SearchStrategy[dict[str, Any]]]:
    """A model and the answers that fit it, nulls for what is left out."""
    fields: dict[str, Any] = {}
    values: dict[str, st.SearchStrategy[Any]] = {}
    for number in range(draw(st.integers(1, 4))):
        kind, fitting = draw(kinds(below))
        optional = draw(st.booleans()) or type(None) in getattr(kind, "__args__", ())
        about = "told" if draw(st.booleans()) else None
        fields[f"k{number}"] = (kind, Field(None if optional else ..., description=about))
        values[f"k{number}"] = st.none() | fitting if optional else fitting
    model = closed(f"M{draw(st.integers(0, 10**9))}", **fields)
    return model, st.fixed_dictionaries(values)


@given(st.data())
def test_any_model_makes_a_schema_that_its_answers_fit(data: st.DataObject) -> None:
    model, values = data.draw(models(3))
    schema = strict_schema(model)
    assert not faults(schema)
    answer = data.draw(values)
    Draft202012Validator(schema).validate(answer)
    found = model.model_validate(without_nulls(answer))
    assert found.model_dump(mode="json", exclude_none=True) == without_nulls(answer)


def fitting(schema: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Anything that the schema allows."""
    if "$ref" in schema:
        return fitting(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    if "anyOf" in schema:
        return st.one_of(*[fitting(branch, root) for branch in schema["anyOf"]])
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    kind = schema["type"]
    if isinstance(kind, list):
        return st.none() | fitting({**schema, "type": kind[0]}, root)
    if kind == "object":
        return st.fixed_dictionaries({key: fitting(node, root) for key, node in schema["properties"].items()})
    if kind == "array":
        return st.lists(fitting(schema["items"], root), max_size=3)
    if kind == "string":
        return st.from_regex(schema["pattern"], fullmatch=True) if "pattern" in schema else texts
    if kind in ("integer", "number"):
        least = schema.get("minimum", -9)
        return st.integers(least, 4) if kind == "integer" else st.floats(least, 4)
    assert kind == "null"
    return st.none()


@given(st.data())
def test_answers_allowed_by_the_schema_fit_the_model(data: st.DataObject) -> None:
    model, _ = data.draw(models(3))
    schema = strict_schema(model)
    model.model_validate(without_nulls(data.draw(fitting(schema, schema))))
