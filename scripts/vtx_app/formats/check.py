"""A file on disk → a checked model, or messages that name file, line, key, value and what was expected."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from vtx_app.errors import SpecError
from vtx_app.files import display_path
from vtx_app.formats.yaml_reader import Keys, read_yaml, value_lines

__all__ = ["did_you_mean", "fault_messages", "fault_text", "is_unicode", "load_format", "location", "unknown_name"]

ModelT = TypeVar("ModelT", bound=BaseModel)


def load_format(path: Path, model: type[ModelT], read: Callable[[Path], Any] = read_yaml) -> ModelT:
    """The file at ``path`` as a ``model``; ``read`` reads its data. Raises :class:`SpecError` with a line per fault."""
    try:
        data = read(path)
    except FileNotFoundError:
        raise SpecError([f"{display_path(path)}: the file is missing"]) from None
    except OSError as error:
        raise SpecError([f"{display_path(path)}: can't be read: {error.strerror}"]) from None
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise SpecError([f"{display_path(path)}:1: expected keys and values, found {_value_text(data)}"])
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise SpecError(fault_messages(error, model, display_path(path), _lines(path))) from None


def location(path: Path, *keys: str | int) -> str:
    """``file:line: key.key`` of a value; the nearest enclosing line if the value itself is not written."""
    return _location(display_path(path), keys, _lines(path))


def _lines(path: Path) -> dict[Keys, int]:
    return {(): 1} | value_lines(path)  # an empty file has no values, and its faults are on line 1


def _location(name: str, keys: Keys, lines: Mapping[Keys, int]) -> str:
    line = next((lines[keys[:size]] for size in range(len(keys), -1, -1) if keys[:size] in lines), None)
    at = f"{name}:{line}" if line else name
    key = ".".join(map(_key_text, keys))
    return f"{at}: {key}" if key else at


def _key_text(part: str | int) -> str:
    """A key or an index, safe for any terminal."""
    text = str(part)
    return text if text.isprintable() and 0 < len(text) <= 60 else _value_text(text)


def is_unicode(text: str) -> bool:
    """Whether ``text`` can be encoded: bytes typed in another encoding than the terminal's can't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``, did you mean 'x'?`` for the nearest of ``known``, or nothing."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f", did you mean '{found[0]}'?" if found else ""


def unknown_name(kind: str, word: str, known: Iterable[str], file: str) -> str:
    """``unknown character 'kepper': not in prompts/characters.yaml, did you mean 'keeper'?``"""
    return f"unknown {kind} {word!r}: not in {file}{did_you_mean(word, known)}"


def fault_messages(error: ValidationError, model: type[BaseModel], name: str, lines: Mapping[Keys, int]) -> list[str]:
    """A message for every fault that ``model`` found in data whose values are on ``lines`` of the file ``name``."""
    return [f"{_location(name, _place(each['loc']), lines)}: {_message(each, model)}" for each in error.errors()]


_OF_KEY = "[key]"
"""What pydantic appends to the place of a fault in a mapping's key."""


def _place(keys: Keys) -> Keys:
    return keys[:-1] if keys[-1:] == (_OF_KEY,) else keys


def _message(fault: Any, model: type[BaseModel]) -> str:
    keys: Keys = tuple(fault["loc"])
    if keys[-1:] == (_OF_KEY,) and (expected := _key_description(model, keys[:-2])):
        return f"{_value_text(fault['input'])}: expected {expected}"
    fields = dict(_fields(model, keys[:-1]))
    about = (fields[keys[-1]].description or "") if keys and keys[-1] in fields else ""
    if fault["type"] == "extra_forbidden":
        return f"unknown key{did_you_mean(str(keys[-1]), map(str, fields))}"
    if fault["type"] == "missing":
        return f"missing{f'; {about}' if about else ''}"
    if fault["type"] == "string_pattern_mismatch" and about:
        return f"{_value_text(fault['input'])}: expected {about}"
    text = fault_text(fault)
    if fault["type"] == "model_type":
        text += f" with {_listed([str(name) for name, _ in _fields(model, keys)])}"
    return text if fault["type"] in ("value_error", "literal_error") or not about else f"{text} ({about})"


def _listed(names: list[str]) -> str:
    """``head and tail``; of more than three, the first."""
    if len(names) > 3:
        return f"{', '.join(names[:3])}, …"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def fault_text(fault: Any, written: str | None = None) -> str:
    """The value and what was expected of it; ``written`` is how the file has the value."""
    kind, value, context = fault["type"], fault["input"], fault.get("ctx", {})
    text = _value_text(value if written is None else written)
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        options = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
        one_of = "one of " if len(options) > 1 else ""
        hint = did_you_mean(value, options) if isinstance(value, str) else ""
        return f"{text} is not {one_of}{', '.join(options)}{hint}"
    if kind == "string_type" and isinstance(value, bool | int | float):
        return f"{text}: expected text; put it in quotes"
    if kind == "bool_type":
        return f"{text}: expected true or false"
    if kind in ("model_type", "dict_type"):
        return f"{text}: expected a mapping"
    message = fault["msg"].replace("Input should be", "expected").replace("String should", "expected it to")
    return f"{text}: {message[0].lower()}{message[1:]}"


def _value_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _fields(model: type[BaseModel], keys: Keys) -> Iterator[tuple[str | int, Any]]:
    """The fields of the models under ``keys`` of a ``model``, by the name that a file has for them."""
    models = [model]
    for key in keys:
        inner = [
            found
            for outer in models
            for name, field in outer.model_fields.items()
            if key in (name, field.alias)
            for found in _models(field.annotation)
        ]
        models = inner or models
    for each in models:
        for name, field in each.model_fields.items():
            yield field.alias or name, field


def _key_description(model: type[BaseModel], keys: Keys) -> str:
    """What the keys of the mapping under ``keys`` are, as its format describes them."""
    field = dict(_fields(model, keys[:-1])).get(keys[-1])
    key, *_ = typing.get_args(field.annotation) if field else ("",)
    return next((each.description for each in getattr(key, "__metadata__", ()) if getattr(each, "description", "")), "")


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The models that an annotation can hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if typing.get_origin(annotation) in (types.UnionType, typing.Union, list, dict, typing.Annotated):
        return [model for part in typing.get_args(annotation) for model in _models(part)]
    return []
