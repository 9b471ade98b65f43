"""A file on disk → a checked model, or messages that name file, line, key, value and what was expected."""

from __future__ import annotations

import difflib
import types
import typing
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from vtx_app.errors import SpecError
from vtx_app.formats.yaml_reader import Path_, read_yaml, value_lines

__all__ = ["is_unicode", "load_format", "messages", "near", "place", "problem", "unknown"]

ModelT = TypeVar("ModelT", bound=BaseModel)


def load_format(path: Path, model: type[ModelT], name: str) -> ModelT:
    """The file at ``path`` as a ``model``; messages call the file ``name``.

    Raises :class:`SpecError` with one line per fault.
    """
    try:
        data = read_yaml(path, name)
    except FileNotFoundError:
        raise SpecError([f"{name}: the file is missing"]) from None
    except OSError as error:
        raise SpecError([f"{name}: can't be read: {error.strerror}"]) from None
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise SpecError([f"{name}:1: expected keys and values, found {_shown(data)}"])
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise SpecError(messages(error, model, name, _lines(path))) from None


def is_unicode(text: str) -> bool:
    """Whether all of ``text`` can be written down: bytes typed in another encoding than the terminal's are no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def near(word: str, known: typing.Iterable[str]) -> str:
    """``, did you mean 'x'?`` for the nearest of ``known``, or nothing."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f", did you mean '{found[0]}'?" if found else ""


def unknown(kind: str, word: str, known: typing.Iterable[str], file: str) -> str:
    """``unknown character 'kepper' (not in prompts/characters.yaml), did you mean 'keeper'?``"""
    return f"unknown {kind} {word!r}: not in {file}{near(word, known)}"


def place(path: Path, name: str, *keys: str | int) -> str:
    """``file:line: key.key`` of a value; the nearest enclosing line where the value itself is not written."""
    return _at(name, keys, _lines(path))


def _lines(path: Path) -> dict[Path_, int]:
    return {(): 1} | value_lines(path)  # an empty file has no value, and its faults stand on line 1


def _at(name: str, loc: Path_, lines: dict[Path_, int]) -> str:
    line = next((lines[loc[:size]] for size in range(len(loc), -1, -1) if loc[:size] in lines), None)
    at = f"{name}:{line}" if line else name
    key = ".".join(_key(part) for part in loc)
    return f"{at}: {key}" if key else at


def _key(part: str | int) -> str:
    """A key or an index as messages show it: a file may hold keys that no terminal should be sent."""
    text = str(part)
    return text if text.isprintable() and 0 < len(text) <= 60 else _shown(text)


def messages(error: ValidationError, model: type[BaseModel], name: str, lines: dict[Path_, int]) -> list[str]:
    """A message for every fault that ``model`` found in data whose values stand on ``lines`` of the file ``name``."""
    return [f"{_at(name, each['loc'], lines)}: {_said(each, model)}" for each in error.errors()]


def _said(fault: Any, model: type[BaseModel]) -> str:
    loc: Path_ = tuple(fault["loc"])
    about = _expected(model, loc)
    if fault["type"] == "extra_forbidden":
        return f"unknown key{near(str(loc[-1]), _keys(model, loc[:-1]))}"
    if fault["type"] == "missing":
        return f"missing{f'; {about}' if about else ''}"
    if fault["type"] == "string_pattern_mismatch" and about:
        return f"{_shown(fault['input'])}: expected {about}"
    said = problem(fault)
    return said if fault["type"] in ("value_error", "literal_error") or not about else f"{said} ({about})"


def problem(fault: Any, written: str | None = None) -> str:
    """The value and what was expected of it, in a person's words; ``written`` is how the file has the value."""
    kind, value, context = fault["type"], fault["input"], fault.get("ctx", {})
    shown = _shown(value if written is None else written)
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        options = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
        one_of = "one of " if len(options) > 1 else ""
        return f"{shown} is not {one_of}{', '.join(options)}{near(value, options) if isinstance(value, str) else ''}"
    if kind == "string_type" and isinstance(value, bool | int | float):
        return f"{shown}: expected text; put it in quotes"
    if kind == "bool_type":
        return f"{shown}: expected true or false"
    said = fault["msg"].replace("Input should be", "expected").replace("String should", "expected it to")
    return f"{shown}: {said[0].lower()}{said[1:]}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return text if len(text) <= 60 else f"{text[:57]}…"


def _fields(annotation: Any) -> list[type[BaseModel]]:
    """The models that an annotation can hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if typing.get_origin(annotation) in (types.UnionType, typing.Union, list, dict, typing.Annotated):
        return [model for part in typing.get_args(annotation) for model in _fields(part)]
    return []


def _inside(model: type[BaseModel], loc: Path_) -> list[type[BaseModel]]:
    models = [model]
    for part in loc:
        inner = [
            found
            for outer in models
            for key, field in outer.model_fields.items()
            if part in (key, field.alias)
            for found in _fields(field.annotation)
        ]
        models = inner or models
    return models


def _keys(model: type[BaseModel], loc: Path_) -> list[str]:
    return [field.alias or key for outer in _inside(model, loc) for key, field in outer.model_fields.items()]


def _expected(model: type[BaseModel], loc: Path_) -> str:
    for outer in _inside(model, loc[:-1]):
        for key, field in outer.model_fields.items():
            if loc[-1:] in ((key,), (field.alias,)):
                return field.description or ""
    return ""
