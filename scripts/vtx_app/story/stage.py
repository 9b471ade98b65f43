"""A stage of the story as data: its parts, what decides each of them, and the files that they make up."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vtx_app.story.calls.request import Request

if TYPE_CHECKING:
    from vtx_app.story.story_files import StoryFiles

__all__ = ["STAGES", "Part", "Stage", "part_digest"]

STAGES = ("outline", "treatment", "bibles", "screenplay", "shotlist", "clips")
"""The stages in order: each is made from earlier ones."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is made in one go: a scene, the shots of a scene, one spec.

    ``inputs`` is everything that decides it, as plain data. ``request`` is the model call that makes it, None if a rule
    does. ``check`` turns the answer (None for a rule) into a draft, or raises :class:`ValueError` with a message for
    the model. ``finish`` turns the draft, and what was made before, into what is kept.
    """

    key: str
    path: str
    inputs: Any
    check: Callable[[Any], Any]
    request: Request | None = None
    finish: Callable[[Any, Any], Any] = lambda draft, before: draft

    @property
    def by(self) -> str:
        """What makes it: ``openai`` or ``rule``."""
        return "rule" if self.request is None else "openai"


class Stage(ABC):
    """One stage by one writer.

    ``needs``: the stages whose files it reads. ``additive``: it only ever adds to its files.
    """

    name: str
    needs: tuple[str, ...] = ()
    additive = False

    @abstractmethod
    def parts(self, files: StoryFiles) -> Sequence[Part]:
        """The stage's parts in order. Raises :class:`vtx_app.errors.SpecError` for faults of the film's files."""

    @abstractmethod
    def text(self, files: StoryFiles, path: str, made: Mapping[str, Any]) -> str:
        """The text of the file ``path`` (relative to the film's folder), from what was made for it, by key."""


def part_digest(stage: str, part: Part) -> str:
    """SHA-256 of everything that decides a part: the stage, its inputs, and the model that writes it.

    VTX's own instructions to the model are not included: a newer VTX doesn't rewrite a story.
    """
    model = part.request.model if part.request else None
    content = [stage, part.by, model, part.inputs]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()
