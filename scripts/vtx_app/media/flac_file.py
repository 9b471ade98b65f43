"""Write a FLAC file of 24 bit, 48 kHz, stereo: the mix of a film."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from numpy.typing import NDArray

from vtx_app.media.codec import AUDIO_CODEC, SAMPLE_RATE, open_output
from vtx_app.media.flac_stamp import stamp_room
from vtx_app.media.sound_blocks import Block

__all__ = ["FlacFile", "write_flac"]

_FULL_SCALE = 2**23
_SEED = 1
_EFFORT = {"compression_level": "3"}
"""An eighth faster than FFmpeg's 5, and a two-thousandth larger."""


@contextlib.contextmanager
def write_flac(path: Path) -> Iterator[FlacFile]:
    """Write the FLAC file ``path``, with room for a stamp; remove it if anything raises.

    Raises :class:`OSError` (disk full, no such folder).
    """
    with open_output(path, "flac", {"fflags": "+bitexact"}) as container:
        container.metadata.update(stamp_room())
        stream = container.add_stream(AUDIO_CODEC, rate=SAMPLE_RATE, options=dict(_EFFORT))
        stream.codec_context.layout, stream.codec_context.format = "stereo", "s32"
        stream.codec_context.time_base = stream.time_base = Fraction(1, SAMPLE_RATE)
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        file = FlacFile(container, stream)
        yield file
        file.finish()


class FlacFile:
    """An open FLAC file. Samples are rounded to 24 bit once, with triangular dither of one step to either side.

    Digital silence stays silent. The same samples in other blocks give the same bytes.
    """

    def __init__(self, container: OutputContainer, stream: AudioStream) -> None:
        self._container, self._stream = container, stream
        self._random = np.random.Generator(np.random.SFC64(_SEED))
        self.samples = 0

    def write(self, block: Block) -> None:
        """Append ``block``; what exceeds full scale is clipped. Raises :class:`OSError`."""
        if not len(block):
            return
        rounded = self._rounded(block)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(rounded).reshape(1, -1), format="s32", layout="stereo")
        frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), self.samples
        self._container.mux(self._stream.encode(frame))  # in blocks of its own
        self.samples += len(block)

    def finish(self) -> None:
        """Write the last, shorter block. Nothing may be written after it."""
        self._container.mux(self._stream.encode(None))

    def _rounded(self, block: Block) -> NDArray[np.int32]:
        # One draw of 64 bits for the four dice of a sample, so that it doesn't matter how they are divided into blocks.
        drawn = self._random.integers(0, 2**64, len(block), np.uint64).astype("<u8", copy=False)
        dice = drawn.view("<i4")  # two dice, the upper of which rolls from -2^15 on
        dither = np.subtract(dice >> 16, dice & 0xFFFF).astype(np.float32).reshape(-1, 2)
        dither += np.float32(2**15)
        dither *= np.float32(2**-16)
        if not block.all():
            dither[block == 0] = 0
        steps = block * np.float32(_FULL_SCALE)
        steps += dither
        np.clip(np.rint(steps, out=steps), -_FULL_SCALE, _FULL_SCALE - 1, out=steps)
        rounded = steps.astype(np.int32)
        rounded <<= 8
        return rounded
