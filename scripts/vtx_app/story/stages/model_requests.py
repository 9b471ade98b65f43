"""What the stages that a model writes share: requests, checks of answers, and the film's context for the model."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from vtx_app.formats.check import fault_messages
from vtx_app.formats.outline import Outline, OutlineScene
from vtx_app.story.calls.request import Request
from vtx_app.story.calls.strict_schema import strict_schema, without_nulls
from vtx_app.story.story_files import StoryFiles

__all__ = [
    "answer_check",
    "film_context",
    "make_request",
    "repeated",
    "scene_context",
    "scene_summary",
    "scene_treatment",
    "unknown_name",
    "word_faults",
]

ModelT = TypeVar("ModelT", bound=BaseModel)

_LISTED_FAULTS = 12
_MOST_TREATMENT = 6_000
"""Characters of the treatment in one call."""


@cache
def _instructions(name: str) -> str:
    folder = resources.files("vtx_app.story") / "instructions"
    return "\n".join((folder / f"{part}.md").read_text(encoding="utf-8") for part in ("everywhere", name))


@cache
def _schema(model: type[BaseModel]) -> Mapping[str, Any]:
    return strict_schema(model)


def make_request(
    files: StoryFiles, stage: str, subject: str, model: type[BaseModel], inputs: Mapping[str, Any], kind: str = ""
) -> Request:
    """The request for one answer in the form of ``model``, with ``inputs`` as JSON.

    ``kind`` names the instructions if a stage has more than one kind of call.
    """
    kind = kind or stage
    text = json.dumps(inputs, ensure_ascii=False, indent=1)
    return Request(stage, subject, files.model(stage), _instructions(kind), text, kind, _schema(model))


def answer_check(model: type[ModelT], faults: Callable[[ModelT], Iterable[str]]) -> Callable[[Any], dict[str, Any]]:
    """A check that an answer has the form of ``model`` and that ``faults`` finds none (one line each) in it.

    It returns plain data without empty keys, and raises :class:`ValueError` with the faults.
    """

    def check(answer: Any) -> dict[str, Any]:
        try:
            parsed = model.model_validate(without_nulls(answer))
        except ValidationError as error:
            raise ValueError("\n".join(fault_messages(error, model, "answer", {})[:_LISTED_FAULTS])) from None
        if found := list(faults(parsed)):
            more = len(found) - _LISTED_FAULTS
            raise ValueError("\n".join(found[:_LISTED_FAULTS] + ([f"and {more} more"] if more > 0 else [])))
        return parsed.model_dump(mode="json", by_alias=True, exclude_none=True)

    return check


def repeated(names: Iterable[str]) -> list[str]:
    """The names that occur more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


def unknown_name(kind: str, at: str, name: str | None, known: Iterable[str]) -> Iterable[str]:
    """A fault if ``name`` is given and not ``known``."""
    if name is not None and name not in (names := list(known)):
        yield f"{at}: unknown {kind} {name!r}; the {kind}s are: {', '.join(names) or 'none'}"


def word_faults(key: str, text: str, most: int, reason: str) -> Iterable[str]:
    """A fault if ``text`` is empty or has more than ``most`` words; ``reason`` says why."""
    size = len(text.split())
    if not size:
        yield f"{key} is empty"
    if size > most:
        yield f"{key} has {size} words; at most {most} {reason}"


def film_context(files: StoryFiles) -> dict[str, Any]:
    """The film in two sentences."""
    return {
        "title": files.outline.title or files.metadata.title,
        "logline": files.metadata.logline,
        "theme": files.outline.theme,
    }


def scene_context(outline: Outline, scene: OutlineScene) -> dict[str, Any]:
    """A scene of the outline with the names of characters and location, without its id."""
    places = {place.id: place for place in outline.locations}
    cast = {who.id: who for who in outline.characters}
    place = places.get(scene.location or "")
    return {
        "title": scene.title,
        "location": {"name": place.name, "about": place.about} if place else scene.location,
        "time": scene.time,
        "characters": [
            {"id": name, "name": cast[name].name, "role": cast[name].role} if name in cast else {"id": name}
            for name in scene.characters
        ],
        "purpose": scene.purpose,
        "beats": scene.beats,
        "seconds": scene.seconds,
    }


def scene_summary(scene: OutlineScene | None) -> str | None:
    """A neighbouring scene in a line or two."""
    return None if scene is None else f"{scene.title}: {scene.purpose} {' '.join(scene.beats)}".strip()


def scene_treatment(files: StoryFiles, scene_id: str) -> str:
    """The treatment of a scene: the text under its heading (``### A01_S02 …``), else that of its act.

    Of a longer treatment without such headings, the part around the scene's relative position.
    """
    text = files.treatment
    found = re.search(rf"^#+ {scene_id}\b[^\n]*\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    if found:
        return found[1].strip()[:_MOST_TREATMENT]
    act, _ = files.outlined[scene_id]
    ids = [scene.scene for scene in act.scenes]
    chapter = re.search(rf"^(#+) Act {act.act}\b[^\n]*\n(.*?)(?=^\1 |\Z)", text, re.MULTILINE | re.DOTALL)
    if chapter:
        text = chapter[2]
    else:
        ids = list(files.outlined)
    text = text.strip()
    if len(text) <= _MOST_TREATMENT:
        return text
    middle = round(len(text) * (ids.index(scene_id) + 0.5) / len(ids))
    start = min(max(0, middle - _MOST_TREATMENT // 2), len(text) - _MOST_TREATMENT)
    return text[start : start + _MOST_TREATMENT]
