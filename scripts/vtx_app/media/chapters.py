"""Chapters of a film."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av.container import OutputContainer

__all__ = ["Chapter", "write_chapters"]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter from frame ``start`` up to, not including, frame ``end`` of the film."""

    title: str
    start: int
    end: int


def write_chapters(container: OutputContainer, chapters: Iterable[Chapter], rate: Fraction) -> None:
    """Give the file being written these chapters; frames count at ``rate`` frames per second."""
    written: list[Any] = [
        {"id": number, "start": each.start, "end": each.end, "time_base": 1 / rate, "metadata": {"title": each.title}}
        for number, each in enumerate(chapters)
    ]
    container.set_chapters(written)
