"""The waveform of the film's mix: the highest sample of each stretch, kept beside the dailies by the mix's stamp."""

from __future__ import annotations

import base64
from pathlib import Path

from vtx_app.files import write_text

__all__ = ["PEAKS", "read_peaks", "write_peaks"]

PEAKS = 1200
"""Over the whole film."""


def read_peaks(path: Path) -> str:
    """The peaks as base64 of a byte each (255 is full scale); ``""`` if they are not there."""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def write_peaks(mix: Path, samples: int, out: Path) -> None:
    """Write the peaks of the sound file ``mix``, which has ``samples`` samples at 48 kHz, to ``out``.

    Raises :class:`vtx_app.errors.CutError` if it can't be decoded, and :class:`OSError`.
    """
    import numpy as np  # heavy, and planning imports this module

    from vtx_app.media.sound_blocks import sound_blocks

    peaks = np.zeros(PEAKS)
    at = 0
    for block in sound_blocks(mix):
        levels = np.abs(np.nan_to_num(block)).max(axis=1, initial=0)
        places = np.minimum((np.arange(at, at + len(levels)) * PEAKS) // max(samples, 1), PEAKS - 1)
        starts = np.flatnonzero(np.diff(places, prepend=-1))
        if len(levels):
            np.maximum.at(peaks, places[starts], np.maximum.reduceat(levels, starts))
        at += len(levels)
    data = np.round(np.clip(peaks, 0, 1) * 255).astype(np.uint8).tobytes()
    write_text(out, base64.b64encode(data).decode("ascii") + "\n")
