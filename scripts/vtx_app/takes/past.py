"""What a take that was rendered tells of those to come: its kind, and what it took."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Kind", "Past"]

Kind = tuple[str, str, int, int]
"""Renderer, pipeline, width and height: takes of one kind differ in their length alone."""


@dataclass(frozen=True, slots=True)
class Past:
    """A take that was rendered: its ``frames``, ``seconds`` of wall time and ``size`` in bytes (None: not known);
    the name of its ``gpu`` and when it was ``rendered_at`` (ISO 8601), each ``""`` where that is not known."""

    kind: Kind
    frames: int
    seconds: float
    size: int | None
    gpu: str = ""
    rendered_at: str = ""
