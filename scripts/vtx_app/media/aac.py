"""The AAC track of a film file: exactly as long as its samples, from time 0.

An AAC decoder needs one block to start, so the encoder puts 1,024 samples before the first. The file's edit list leaves
them out, and ends with the last sample, not with its block.
"""

from __future__ import annotations

import numpy as np
from av.container import OutputContainer
from numpy.typing import NDArray

from vtx_app.media.codec import AAC_BITS, AAC_BLOCK, add_aac
from vtx_app.media.sound_blocks import Block, float_frame

__all__ = ["AacTrack"]

_TOGETHER = 8 * AAC_BLOCK
"""Samples that are handed over at once, a sixth of a second: handing them over block by block costs a tenth more."""


class AacTrack:
    """The AAC-LC track of an MP4 file being written. Add it after the picture track, before any packet."""

    def __init__(self, container: OutputContainer, *, language: str = "", bits: int = AAC_BITS) -> None:
        self._container = container
        self._stream = add_aac(container, bits)
        if language:
            self._stream.metadata["language"] = language
        self._pending: list[Block] = []
        self._waiting = 0
        self.samples = 0

    def write(self, samples: NDArray[np.int16] | NDArray[np.float32]) -> None:
        """Append stereo samples at 48 kHz, shape (n, 2): int16, or float32 where 1 is full scale.

        Raises :class:`ValueError` for another shape or type, :class:`OSError`.
        """
        if samples.ndim != 2 or samples.shape[1] != 2 or samples.dtype not in (np.int16, np.float32):
            raise ValueError(f"{samples.dtype} of shape {samples.shape}: sound is int16 or float32 of shape (n, 2)")
        scale = np.float32(1 / 32_768) if samples.dtype == np.int16 else np.float32(1)
        self._pending.append(samples * scale)
        self._waiting += len(samples)
        if self._waiting >= _TOGETHER:
            self._encode()

    def finish(self) -> None:
        """Write the last, shorter block. Nothing may be written after it."""
        if self._waiting:
            self._encode()
        self._container.mux(self._stream.encode(None))

    def _encode(self) -> None:
        frame = float_frame(np.concatenate(self._pending), self.samples)
        self.samples += frame.samples
        self._pending, self._waiting = [], 0
        self._container.mux(self._stream.encode(frame))  # in blocks of its own
