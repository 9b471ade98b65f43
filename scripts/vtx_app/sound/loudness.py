"""Loudness and true peak, by ITU-R BS.1770-4 and EBU R128."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import log10

import av
import numpy as np
from av.filter import Graph
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from vtx_app.media.codec import SAMPLE_RATE
from vtx_app.media.sound_blocks import Block, float_frame
from vtx_app.sound.report import Measured

__all__ = [
    "STEP",
    "TENTH",
    "LoudnessMeter",
    "PeakMeter",
    "decibels",
    "gated_loudness",
    "heights",
    "loudness_of",
    "oversampled",
    "steps_of",
]

STEP = 480
"""Samples, 10 ms: the finest stretch whose energy is kept."""

TENTH = 10 * STEP
"""Samples, 100 ms, by which gating blocks move on."""

_BLOCK = 4
"""Tenths in a gating block of 400 ms."""

_SILENCE = -70.0
"""LUFS: the absolute gate."""

_BELOW = 10 ** (-10 / 10)
"""-10 LU: the relative gate."""

_SHELF = "b0=1.53512485958697:b1=-2.69169618940638:b2=1.19839281085285:a0=1:a1=-1.69065929318241:a2=0.73248077421585"
_LOW_CUT = "b0=1:b1=-2:b2=1:a0=1:a1=-1.99004745483398:a2=0.99007225036621"
"""K-weighting at 48 kHz: BS.1770-4, annex 1, tables 1 and 2."""

_INTERPOLATION = np.array(
    [
        [0.0017089843750, -0.0291748046875, -0.0189208984375, -0.0083007812500],
        [0.0109863281250, 0.0292968750000, 0.0330810546875, 0.0148925781250],
        [-0.0196533203125, -0.0517578125000, -0.0582275390625, -0.0266113281250],
        [0.0332031250000, 0.0891113281250, 0.1015625000000, 0.0476074218750],
        [-0.0594482421875, -0.1665039062500, -0.2003173828125, -0.1022949218750],
        [0.1373291015625, 0.4650878906250, 0.7797851562500, 0.9721679687500],
        [0.9721679687500, 0.7797851562500, 0.4650878906250, 0.1373291015625],
        [-0.1022949218750, -0.2003173828125, -0.1665039062500, -0.0594482421875],
        [0.0476074218750, 0.1015625000000, 0.0891113281250, 0.0332031250000],
        [-0.0266113281250, -0.0582275390625, -0.0517578125000, -0.0196533203125],
        [0.0148925781250, 0.0330810546875, 0.0292968750000, 0.0109863281250],
        [-0.0083007812500, -0.0189208984375, -0.0291748046875, 0.0017089843750],
    ],
    np.float32,
)
"""Four samples for each: BS.1770-4, annex 2; a column a phase, the same forwards and backwards as a whole."""

TAPS = len(_INTERPOLATION)

MOST_OVERSHOOT = float(np.abs(_INTERPOLATION).sum(axis=0).max())
"""How many times as high as the highest sample a true peak can be, by that filter."""


def decibels(amplitude: float) -> float | None:
    """An amplitude in decibels; None for 0."""
    return 20 * log10(amplitude) if amplitude > 0 else None


_Sides = tuple[NDArray[np.float64], ...]
"""Weighted sound: an array for each side."""


class _Weighting:
    """K-weighted sound, block by block."""

    def __init__(self) -> None:
        graph = Graph()
        graph.threads = 1
        source = graph.add_abuffer(
            sample_rate=SAMPLE_RATE, format="flt", layout="stereo", time_base=Fraction(1, SAMPLE_RATE)
        )
        nodes = [source, *(graph.add("biquad", f"{text}:precision=f64") for text in (_SHELF, _LOW_CUT))]
        graph.link_nodes(*nodes, graph.add("abuffersink")).configure()
        self._graph, self._at = graph, 0

    def weigh(self, block: Block) -> Iterator[_Sides]:
        """``block`` weighted."""
        self._graph.push(float_frame(block, self._at))
        self._at += len(block)
        while True:
            try:
                frame = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            assert isinstance(frame, av.AudioFrame)  # noqa: S101
            assert frame.format.name == "dblp"  # noqa: S101
            yield tuple(np.frombuffer(plane, np.float64)[: frame.samples] for plane in frame.planes)


class LoudnessMeter:
    """Measures the loudness of the blocks that are pushed into it. It keeps 80 bytes for each second."""

    def __init__(self) -> None:
        self._weighting = _Weighting()
        self._left_over: _Sides = (np.empty(0), np.empty(0))
        self._tenths: list[float] = []

    def push(self, block: Block) -> None:
        """Measure ``block`` of shape (n, 2)."""
        if not len(block):
            return
        for sides in self._weighting.weigh(block):
            # Only the tenth that began in the block before is put together: all else is measured where it lies.
            missing = -len(self._left_over[0]) % TENTH
            first = tuple(np.concatenate(pair) for pair in zip(self._left_over, _part(sides, 0, missing), strict=True))
            if len(first[0]) % TENTH:
                self._left_over = first
                continue
            whole = missing + (len(sides[0]) - missing) // TENTH * TENTH
            self._tenths += [*_energies(first, TENTH), *_energies(_part(sides, missing, whole), TENTH)]
            self._left_over = tuple(side[whole:].copy() for side in sides)

    def tenths(self) -> NDArray[np.float64]:
        """The K-weighted energy of each whole tenth of a second that was pushed; of less than one, that of it all."""
        if not self._tenths:
            return _energies(self._left_over, max(1, len(self._left_over[0])))
        return np.array(self._tenths)

    def loudness(self) -> float | None:
        """Integrated loudness in LUFS of all that was pushed; None if it is below -70 throughout."""
        return gated_loudness(self.tenths())


def _part(sides: _Sides, first: int, end: int) -> _Sides:
    return tuple(side[first:end] for side in sides)


def _energies(sides: _Sides, length: int) -> NDArray[np.float64]:
    """The mean square of both sides together in each ``length`` samples of weighted sound."""
    count = len(sides[0]) // length
    parts = [side[: count * length].reshape(count, length) for side in sides]
    return np.asarray(sum(np.einsum("ij,ij->i", part, part) for part in parts) / length)


def steps_of(sound: Block) -> NDArray[np.float64]:
    """The K-weighted energy (mean square of both sides together) of every 10 ms of ``sound``."""
    if not len(sound):
        return np.empty(0)
    return np.concatenate([_energies(weighted, STEP) for weighted in _Weighting().weigh(sound)])


def loudness_of(energy: float) -> float:
    """A K-weighted energy in LUFS; that of nothing is -inf."""
    return -0.691 + 10 * log10(energy) if energy > 0 else float("-inf")


def gated_loudness(tenths: NDArray[np.float64]) -> float | None:
    """The integrated loudness in LUFS of the K-weighted energies of consecutive tenths of a second.

    Blocks of 400 ms count that are above -70 LUFS, and not more than 10 LU below the mean of those. What is shorter
    than 400 ms is one block. None if none counts.
    """
    blocks = _blocks(tenths)
    if not len(blocks):
        return None
    return loudness_of(float(blocks[blocks > blocks.mean() * _BELOW].mean()))


def dialogue_level(tenths: NDArray[np.float64]) -> float | None:
    """The loudness in LUFS of what is in the foreground of the K-weighted energies of consecutive tenths of a second.

    Tenths count that are not more than 10 LU below the loudest tenth of them. So a single word in a long quiet shot is
    measured, and not the room around it, which the blocks and gates of BS.1770-4 would let in. None for silence.
    """
    loud = np.sort(tenths[tenths > _energy(_SILENCE)])
    if not len(loud):
        return None
    loudest = loud[-max(1, len(loud) // 10) :].mean()
    return loudness_of(float(loud[loud > loudest * _BELOW].mean()))


def _blocks(tenths: NDArray[np.float64]) -> NDArray[np.float64]:
    """The energies of blocks of 400 ms, every 100 ms, that are above the absolute gate."""
    if not len(tenths):
        return tenths
    sums = np.concatenate([[0.0], np.cumsum(tenths)])
    blocks = (sums[_BLOCK:] - sums[:-_BLOCK]) / _BLOCK if len(tenths) >= _BLOCK else tenths.mean(keepdims=True)
    return np.asarray(blocks[blocks > _energy(_SILENCE)])


def _energy(loudness: float) -> float:
    return float(10 ** ((loudness + 0.691) / 10))


def heights(sound: Block) -> NDArray[np.float32]:
    """The higher of both sides of each sample of ``sound``, shape (n,)."""
    return np.asarray(np.maximum(np.abs(sound[:, 0]), np.abs(sound[:, 1])))


def oversampled(sound: Block, found: NDArray[np.float32], above: float) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The places between samples where a true peak may be higher than ``above``, and the highest there of either side.

    Place i lies between samples i + 5 and i + 6 of ``sound``, of shape (n, 2), and there are n - 11; ``found`` are its
    :func:`heights`. Elsewhere the twelve samples round a place are too low for more.
    """
    near = found * np.float32(MOST_OVERSHOOT) > above
    for step in (1, 2, 4, 4):  # any of 2, 4, 8 and 12
        near = near[:-step] | near[step:]
    places = np.flatnonzero(near)
    if not len(places):
        return places, np.empty(0, np.float32)
    windows = sliding_window_view(np.ascontiguousarray(sound.T), TAPS, axis=1)[:, places]
    return places, np.abs(windows @ _INTERPOLATION).max(axis=(0, 2))


class PeakMeter:
    """The highest true peak of the blocks that are pushed into it, as an amplitude."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._before = np.zeros((TAPS - 1, 2), np.float32)

    def push(self, block: Block) -> None:
        """Measure ``block`` of shape (n, 2)."""
        if not len(block):
            return
        sound = np.concatenate([self._before, block])
        self._before = sound[-(TAPS - 1) :]
        found = heights(sound)
        highest = float(np.max(found))
        if highest * MOST_OVERSHOOT > self.peak:
            self.peak = max(self.peak, highest)
            self.peak = max(self.peak, float(np.max(oversampled(sound, found, self.peak)[1], initial=0)))

    def finish(self) -> None:
        """Let the filter ring out after the last block."""
        self.push(np.zeros((TAPS - 1, 2), np.float32))


def measure(blocks: Iterable[Block]) -> Measured:
    """Integrated loudness and true peak of ``blocks``."""
    loudness, peak = LoudnessMeter(), PeakMeter()
    for block in blocks:
        loudness.push(block)
        peak.push(block)
    peak.finish()
    return Measured(loudness.loudness(), decibels(peak.peak))
