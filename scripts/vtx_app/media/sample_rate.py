"""How sound is counted: one sample rate for every film."""

from __future__ import annotations

from fractions import Fraction

__all__ = ["SAMPLE_RATE", "samples_for"]

SAMPLE_RATE = 48_000
"""Hertz, for all sound of every film (SMPTE ST 429-2 and broadcast practice)."""


def samples_for(frames: int, rate: Fraction) -> int:
    """Samples per channel at 48 kHz that last as long as ``frames`` frames at ``rate`` frames per second."""
    return round(frames * SAMPLE_RATE / rate)
