"""What all stages that a model writes share: how a request is put together, and how an answer is read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from vtx_app.formats.check import messages
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.strict_schema import strict_schema, without_nulls
from vtx_app.story.story_files import Sources

__all__ = ["call", "listed_twice", "names_at", "reader"]

ModelT = TypeVar("ModelT", bound=BaseModel)

_SHOWN_FAULTS = 12


@cache
def _instructions(name: str) -> str:
    folder = files("vtx_app.story.writers.openai") / "instructions"
    return "\n".join((folder / f"{part}.md").read_text(encoding="utf-8") for part in ("everywhere", name))


@cache
def _schema(model: type[BaseModel]) -> Mapping[str, Any]:
    return strict_schema(model)


def call(
    sources: Sources, stage: str, subject: str, model: type[BaseModel], inputs: Mapping[str, Any], about: str = ""
) -> Request:
    """The request for one answer in the shape of ``model``, with ``inputs`` as JSON.

    ``about`` names the instructions where a stage has more than one kind of call.
    """
    kind = about or stage
    text = json.dumps(inputs, ensure_ascii=False, indent=1)
    return Request(stage, subject, sources.model(stage), _instructions(kind), text, kind, _schema(model))


def reader(model: type[ModelT], sense: Callable[[ModelT], Iterable[str]]) -> Callable[[Any], dict[str, Any]]:
    """Checks an answer: it has the shape of ``model``, and ``sense`` finds no fault (a line each) in it.

    What it returns is plain data without what was left empty. It raises :class:`ValueError` with the faults.
    """

    def check(answer: Any) -> dict[str, Any]:
        try:
            found = model.model_validate(without_nulls(answer))
        except ValidationError as error:
            raise ValueError("\n".join(messages(error, model, "answer", {})[:_SHOWN_FAULTS])) from None
        if faults := list(sense(found)):
            more = len(faults) - _SHOWN_FAULTS
            raise ValueError("\n".join(faults[:_SHOWN_FAULTS] + ([f"and {more} more"] if more > 0 else [])))
        return found.model_dump(mode="json", by_alias=True, exclude_none=True)

    return check


def listed_twice(names: Iterable[str]) -> list[str]:
    """The names that stand more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


def names_at(kind: str, at: str, name: str | None, known: Iterable[str]) -> Iterable[str]:
    """A fault where ``name`` is given and not ``known``."""
    if name is not None and name not in (there := list(known)):
        yield f"{at}: unknown {kind} {name!r}; the {kind}s are: {', '.join(there) or 'none'}"
