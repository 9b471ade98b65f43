"""Films joined from pieces."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vtx_app.cut.join import Piece, join
from vtx_app.media.codec import samples_for
from vtx_app.media.labels import Labels

RATES = [Fraction(16), Fraction(24000, 1001), Fraction(30000, 1001)]
SILENT = Labels()


def cycle(pieces: list[Piece], count: int) -> list[Piece]:
    return list(itertools.islice(itertools.cycle(pieces), count))


def length(pieces: list[Piece]) -> int:
    return sum(piece.frames for piece in pieces)


def starts_of(pieces: list[Piece]) -> list[int]:
    """The film's frame at which each piece starts."""
    return list(itertools.accumulate((piece.frames for piece in pieces[:-1]), initial=0))


def sound_of(pieces: list[Piece], rate: Fraction, block: int = 5_000) -> Iterator[NDArray[np.float32]]:
    """A click at the first frame of each piece, in blocks; 3 ms long, its middle at the frame's time."""
    samples = samples_for(length(pieces), rate)
    middles = [samples_for(start, rate) for start in starts_of(pieces)]
    shape = np.cos(np.linspace(-np.pi / 2, np.pi / 2, 145)) ** 2 * 0.6
    for first in range(0, samples, block):
        sound = np.zeros((min(block, samples - first), 2), np.float32)
        for start in [middle - 72 - first for middle in middles if -73 < middle - first < block + 72]:
            heard = slice(max(start, 0), min(start + len(shape), len(sound)))
            sound[heard] = shape[heard.start - start : heard.stop - start, np.newaxis]
        yield sound


def silence(pieces: list[Piece], rate: Fraction) -> list[NDArray[np.float32]]:
    return [np.zeros((samples_for(length(pieces), rate), 2), np.float32)]


def film_of(out: Path, pieces: list[Piece], rate: Fraction, labels: Labels = SILENT) -> Path:
    join(pieces, out, rate=rate, sound=silence(pieces, rate), labels=labels)
    return out
