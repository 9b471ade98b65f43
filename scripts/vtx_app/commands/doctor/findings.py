"""What the doctor finds, and what it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from vtx_app.errors import VtxError

if TYPE_CHECKING:
    from vtx_app.project.film import Film

__all__ = ["SHOWN", "Case", "Found", "State", "problems"]

State = Literal["ok", "note", "problem"]
SHOWN = 5
"""Faults of one kind that are told; more would hide the rest."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing: what it is ``about``, its ``state``, what it is, and what to do.

    A ``problem`` stops the film's build, or VTX altogether; a ``note`` does not.
    """

    about: str
    state: State
    what: str
    advice: str = ""


@dataclass(slots=True)
class Case:
    """What is looked at: one film, or the machine alone.

    ``models``: takes are missing that a model renders; ``slots`` are its variables. ``writes``: a model has to write
    the story first. ``found``: what the film's own files say.
    """

    film: Film | None = None
    models: bool = False
    slots: set[str] = field(default_factory=set)
    writes: bool = False
    found: list[Found] = field(default_factory=list)

    @property
    def if_rendered(self) -> State:
        """The state of what only rendering with a model needs, where it is missing."""
        return "problem" if self.models else "note"


def problems(about: str, error: VtxError) -> Iterator[Found]:
    """The first lines of a message, a problem each."""
    for line in list(dict.fromkeys(str(error).splitlines()))[:SHOWN]:
        yield Found(about, "problem", line)
