"""Legal sizes and frame counts of LTX-2 that cover the wanted ones; the conform crops and trims the rest.

Measured on ltx-pipelines 1.0.0 and 1.2.0: two-stage pipelines take multiples of 64 pixels, one-stage
ones of 32, and frames come as 8k+1 (anything else is floored without a word).
"""

from __future__ import annotations

from vtx_app.formats.metadata import PIPELINES

__all__ = ["CANVAS_MULTIPLE", "canvas", "legal_frames"]

_ONE_STAGE = ("ti2vid_one_stage", "retake")

CANVAS_MULTIPLE: dict[str, int] = {name: 32 if name in _ONE_STAGE else 64 for name in PIPELINES}
"""Pixels that both sides of a pipeline's canvas are multiples of."""


def canvas(width: int, height: int, pipeline: str) -> tuple[int, int]:
    """The smallest legal (width, height) in pixels of ``pipeline`` that covers ``width`` × ``height``."""
    step = CANVAS_MULTIPLE[pipeline]
    return -(-width // step) * step, -(-height // step) * step


def legal_frames(frames: int) -> int:
    """The smallest 8k+1 that is at least ``frames``, k ≥ 1 (a single frame is no clip)."""
    return max(1, -(-(frames - 1) // 8)) * 8 + 1
