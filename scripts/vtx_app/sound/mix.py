"""The mix of a film: its takes' sound, music and effects, to one loudness, in one file. Memory is flat in length."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vtx_app.sound.mix_plan import MixPlan, stretch
from vtx_app.sound.report import Measured, SoundReport

__all__ = ["Stem", "mix", "mix_stretch", "stem"]

Stem = Literal["dialogue", "music", "effects"]
Block = NDArray[np.float32]
"""Stereo samples at 48 kHz: float32 of shape (n, 2), full scale is 1."""


def mix(plan: MixPlan, out: Path, *, stamp: str = "") -> SoundReport:
    """Mix ``plan`` into the FLAC file ``out``: 24 bit, 48 kHz, stereo, ``samples_for(frames, rate)`` samples.

    ``stamp`` is kept in the file (:func:`vtx_app.media.flac_file.read_sound_stamp`). The same plan gives the same
    bytes. Raises :class:`vtx_app.errors.CutError` naming a file that can't be decoded, and :class:`OSError` if ``out``
    can't be written; it is then removed.
    """
    raise NotImplementedError


def mix_stretch(plan: MixPlan, start: int, end: int, out: Path) -> SoundReport:
    """Mix the film's frames ``start`` up to ``end`` (an act) by themselves, to the same target, into ``out``."""
    return mix(stretch(plan, start, end), out)


def stem(plan: MixPlan, name: Stem, gain_db: float) -> Iterator[Block]:
    """One part of the mix as blocks, as long as the film to the sample.

    ``gain_db`` is the film's gain, of its report. The stems add up to the mix before its limiter: to the mix itself,
    but for rounding to 24 bit, where the limiter had nothing to do. Samples may exceed 1.
    """
    raise NotImplementedError


def to_target(blocks: Iterator[Block], gain_db: float, peak: float) -> Iterator[Block]:
    """``blocks`` with one gain, and limited to a true ``peak`` in dBTP where that is needed."""
    raise NotImplementedError


def measure(blocks: Iterator[Block]) -> Measured:
    """Integrated loudness and true peak of ``blocks``."""
    raise NotImplementedError
