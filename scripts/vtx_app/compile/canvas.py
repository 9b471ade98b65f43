"""The size of a clip's picture, and the legal canvas of LTX-2 that covers it; conforming crops the rest.

Measured on ltx-pipelines 1.0.0 and 1.2.0: two-stage pipelines take multiples of 64 pixels, one-stage ones of 32.
"""

from __future__ import annotations

from vtx_app.formats.pipelines import PIPELINES
from vtx_app.project.film import Clip, Film

__all__ = ["canvas", "clip_picture", "draft_size"]


def canvas(width: int, height: int, pipeline: str, upscalings: int = 1) -> tuple[int, int]:
    """The smallest legal (width, height) in pixels of ``pipeline`` that covers ``width`` × ``height``.

    Every one of the ``upscalings`` in space beyond the first doubles the multiple (docs/pipelines.md of 1.4).
    """
    step = PIPELINES[pipeline].multiple * 2 ** (upscalings - 1)
    return -(-width // step) * step, -(-height // step) * step


def clip_picture(clip: Clip, film: Film, *, draft: bool = False) -> tuple[int, int]:
    """The (width, height) in pixels of a clip's own picture; in a draft, half of it."""
    render = clip.spec.render
    size = film.settings.of_clip("width", render.width), film.settings.of_clip("height", render.height)
    return draft_size(*size) if draft else size


def draft_size(width: int, height: int) -> tuple[int, int]:
    """Half of ``width`` × ``height`` pixels, each side even and at least 64."""
    return max(64, width // 4 * 2), max(64, height // 4 * 2)
