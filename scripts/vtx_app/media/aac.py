"""The AAC track of a film file: exactly as long as its samples, from time 0.

An AAC decoder needs one block to start, so the encoder puts 1,024 samples before the first. The file's edit list leaves
them out, and ends with the last sample, not with its block.
"""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from av.container import OutputContainer
from numpy.typing import NDArray

from vtx_app.media.codec import AAC_BLOCK, SAMPLE_RATE, add_aac

__all__ = ["AacTrack"]


class AacTrack:
    """The AAC-LC track of an MP4 file being written. Add it after the picture track, before any packet."""

    def __init__(self, container: OutputContainer, *, language: str = "") -> None:
        self._container = container
        self._stream = add_aac(container)
        if language:
            self._stream.metadata["language"] = language
        self._pending = np.empty((2, 0), np.float32)
        self.samples = 0

    def write(self, samples: NDArray[np.int16] | NDArray[np.float32]) -> None:
        """Append stereo samples at 48 kHz, shape (n, 2): int16, or float32 where 1 is full scale.

        Raises :class:`ValueError` for another shape or type, :class:`OSError`.
        """
        if samples.ndim != 2 or samples.shape[1] != 2 or samples.dtype not in (np.int16, np.float32):
            raise ValueError(f"{samples.dtype} of shape {samples.shape}: sound is int16 or float32 of shape (n, 2)")
        scale = np.float32(1 / 32_768) if samples.dtype == np.int16 else np.float32(1)
        pending = np.concatenate([self._pending, samples.T * scale], axis=1)
        whole = pending.shape[1] // AAC_BLOCK * AAC_BLOCK
        for start in range(0, whole, AAC_BLOCK):
            self._encode(pending[:, start : start + AAC_BLOCK])
        self._pending = pending[:, whole:]

    def finish(self) -> None:
        """Write the last, shorter block. Nothing may be written after it."""
        if self._pending.shape[1]:
            self._encode(self._pending)
        self._container.mux(self._stream.encode(None))

    def _encode(self, block: NDArray[np.float32]) -> None:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout="stereo")
        frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), self.samples
        self.samples += frame.samples
        self._container.mux(self._stream.encode(frame))
