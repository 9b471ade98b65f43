"""A stage of the story as data: its parts, what each is made from, and the files that they make up."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from vtx_app.story.calls.request import Request
from vtx_app.story.ledger import Ledger

if TYPE_CHECKING:
    from vtx_app.story.story_files import Sources

__all__ = ["STAGES", "Part", "Stage", "canonical", "part_digest"]

STAGES = ("outline", "treatment", "bibles", "screenplay", "shotlist", "clips")
"""The stages in the order in which each is made from those before it."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is made at one go: a scene, the shots of a scene, one spec.

    ``inputs`` is all that decides it, as plain data. ``request`` is the model call that makes it, None for a part
    made by rule. ``check`` turns the answer into plain data (raises :class:`ValueError` with a message for the
    model); ``settle`` turns that, and what was made before, into what is kept.
    """

    key: str
    path: str
    inputs: Any
    check: Callable[[Any], Any]
    request: Request | None = None
    settle: Callable[[Any, Any], Any] = lambda draft, _: draft

    @property
    def by(self) -> str:
        """What makes it: ``openai`` or ``rule``."""
        return "rule" if self.request is None else "openai"


class Stage(Protocol):
    """One stage by one writer.

    ``additive``: its files are only ever added to, never changed. ``needs``: the stages whose files it reads.
    """

    name: str
    additive: bool
    needs: tuple[str, ...]

    def parts(self, sources: Sources, ledger: Ledger) -> Sequence[Part]:
        """The stage's parts in order; with what is made of them, they are all of its files."""

    def text(self, sources: Sources, path: str, made: Mapping[str, Any]) -> str:
        """The text of the file ``path`` (relative to the film's folder), of all that was made for it, by key."""


def canonical(data: Any) -> str:
    """Plain data as one text, the same for what reads the same: keys sorted, Unicode composed (NFC)."""
    return unicodedata.normalize("NFC", json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def part_digest(stage: str, part: Part) -> str:
    """SHA-256 of all that decides a part: the stage, its inputs, and the model that writes it.

    What VTX itself tells the model is not in it: a newer VTX writes no story anew.
    """
    model = part.request.model if part.request else None
    return hashlib.sha256(canonical([stage, part.by, model, part.inputs]).encode()).hexdigest()
