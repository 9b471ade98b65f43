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

__all__ = ["load_format", "near", "place", "unknown"]

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
        lines = value_lines(path)
        raise SpecError([_message(problem, model, name, lines) for problem in error.errors()]) from None


def near(word: str, known: typing.Iterable[str]) -> str:
    """``, did you mean 'x'?`` for the nearest of ``known``, or nothing."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f", did you mean '{found[0]}'?" if found else ""


def unknown(kind: str, word: str, known: typing.Iterable[str], file: str) -> str:
    """``unknown character 'kepper' (not in prompts/characters.yaml), did you mean 'keeper'?``"""
    return f"unknown {kind} {word!r}: not in {file}{near(word, known)}"


def place(path: Path, name: str, *keys: str | int) -> str:
    """``file:line: key.key`` of a value; the nearest enclosing line where the value itself is not written."""
    return _at(name, keys, value_lines(path))


def _at(name: str, loc: Path_, lines: dict[Path_, int]) -> str:
    line = next((lines[loc[:size]] for size in range(len(loc), -1, -1) if loc[:size] in lines), 1)
    key = ".".join(str(part) for part in loc)
    return f"{name}:{line}: {key}" if key else f"{name}:{line}"


def _message(problem: Any, model: type[BaseModel], name: str, lines: dict[Path_, int]) -> str:
    loc: Path_ = tuple(problem["loc"])
    kind, value, context = problem["type"], problem["input"], problem.get("ctx", {})
    if kind == "extra_forbidden":
        return f"{_at(name, loc, lines)}: unknown key{near(str(loc[-1]), _keys(model, loc[:-1]))}"
    if kind == "missing":
        return f"{_at(name, loc, lines)}: missing; {_expected(model, loc)}"
    if kind == "value_error":
        return f"{_at(name, loc, lines)}: {context['error']}"
    if kind == "literal_error":
        options = context["expected"].replace(" or ", ", ").replace("'", "")
        return (
            f"{_at(name, loc, lines)}: {_shown(value)} is not one of {options}{near(str(value), options.split(', '))}"
        )
    said = problem["msg"].replace("Input should be", "expected").replace("String should", "expected it to")
    about = _expected(model, loc)
    return f"{_at(name, loc, lines)}: {_shown(value)}: {said[0].lower()}{said[1:]}{f' ({about})' if about else ''}"


def _shown(value: Any) -> str:
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
