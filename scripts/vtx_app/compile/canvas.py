"""Legal sizes and frame counts of LTX-2 that cover the wanted ones; the conform crops and trims the rest.

Measured on ltx-pipelines 1.0.0 and 1.2.0: two-stage pipelines take multiples of 64 pixels, one-stage
ones of 32, and frames come as 8k+1 (anything else is floored without a word).
"""

from __future__ import annotations

from fractions import Fraction

from vtx_app.formats.pipelines import PIPELINES

__all__ = ["canvas", "legal_frames", "legal_rate"]


def canvas(width: int, height: int, pipeline: str) -> tuple[int, int]:
    """The smallest legal (width, height) in pixels of ``pipeline`` that covers ``width`` × ``height``."""
    step = PIPELINES[pipeline].multiple
    return -(-width // step) * step, -(-height // step) * step


def legal_frames(frames: int) -> int:
    """The smallest 8k+1 that is at least ``frames``, k ≥ 1 (a single frame is no clip)."""
    return max(1, -(-(frames - 1) // 8)) * 8 + 1


def legal_rate(rate: Fraction) -> int:
    """The whole frames per second that a take of a film at ``rate`` is rendered at (24000/1001 → 24).

    LTX writes ``int(fps)`` into its files whatever it is asked for; the conform gives the frames their true times.
    """
    return max(1, round(rate))
