"""What comes of a merge."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Merged"]


@dataclass(frozen=True, slots=True)
class Merged:
    """``text``: the merged file, None where there are conflicts; ``conflicts``: what both changed, a place each."""

    text: str | None
    conflicts: tuple[str, ...]
