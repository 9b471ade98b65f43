"""Whether a delivered file is what the plan says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vtx_app.media.mp4 import read_stamp

if TYPE_CHECKING:
    from vtx_app.plan.film_plan import ActPlan, ClipPlan, FinalPlan

__all__ = ["is_current"]


def is_current(made: ClipPlan | ActPlan | FinalPlan) -> bool:
    """Whether the delivered file is there, and what belongs to it, and was made from just what the plan says."""
    manifest = getattr(made, "manifest", None)
    return read_stamp(made.path) == made.stamp and (manifest is None or _is_of(manifest, made.stamp))


def _is_of(manifest: Path, stamp: str) -> bool:
    """Whether the manifest is there and is that of the cut: a killed build may have left one of the next cut."""
    try:
        return f'"stamp": "{stamp}"'.encode() in manifest.read_bytes()
    except OSError:
        return False
