"""Any sound file as a stream of float samples, and float samples as frames for an encoder."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from vtx_app.media.codec import SAMPLE_RATE
from vtx_app.media.reader import open_film

__all__ = ["Block", "float_frame", "sound_blocks"]

Block = NDArray[np.float32]
"""Stereo sound at 48 kHz: float32 of shape (n, 2), full scale is 1."""


def sound_blocks(path: Path, *, speed: Fraction = Fraction(1)) -> Iterator[Block]:
    """The sound of the file at ``path`` from the presentation's start, in blocks of any length; none without sound.

    It plays ``speed`` times as fast, like a tape; see :func:`vtx_app.media.sound.read_sound`. Any codec, rate and
    channel layout: mono goes to both sides unchanged, more than two channels are mixed down by ITU-R BS.775 without the
    low-frequency channel. Samples may exceed full scale; those of a damaged file may be NaN or infinite. Raises
    :class:`vtx_app.errors.CutError` if it can't be decoded.
    """
    with open_film(path) as container:
        if container.streams.audio:
            yield from _decode(container, speed)


def _decode(container: InputContainer, speed: Fraction) -> Iterator[Block]:
    # Mono goes to both sides unchanged; FFmpeg's own matrix would take 3 dB off it.
    layout = "mono" if container.streams.audio[0].codec_context.channels == 1 else "stereo"
    resampler: av.AudioResampler | None = None
    together = _Together()
    early = 0
    started = False
    for frame in container.decode(audio=0):
        if not started:
            late = round((frame.pts or 0) * frame.time_base * SAMPLE_RATE / speed)
            if late > 0:
                yield np.zeros((late, 2), np.float32)
            started, early = True, max(0, -late)
        if speed != 1:
            frame.sample_rate = round(frame.sample_rate * speed)
        if resampler is None and _needs_no_change(frame):
            pieces = [frame]
        else:
            resampler = resampler or av.AudioResampler(format="flt", layout=layout, rate=SAMPLE_RATE)
            frame.pts = None  # blocks are contiguous; only the start of the first one counts
            pieces = resampler.resample(frame)
        for piece in pieces:
            for block in together.add(piece):
                yield block[early:]
                early = max(0, early - len(block))
    for piece in resampler.resample(None) if resampler is not None else ():
        for block in together.add(piece):
            yield block[early:]
            early = max(0, early - len(block))
    if (last := together.flush()) is not None:
        yield last[early:]


def _needs_no_change(frame: av.AudioFrame) -> bool:
    return frame.sample_rate == SAMPLE_RATE and frame.layout.name in ("mono", "stereo") and frame.format.name in _KINDS


_KINDS: dict[str, tuple[type[np.int16 | np.int32 | np.float32], int]] = {
    "s16": (np.int16, 2**15),
    "s16p": (np.int16, 2**15),
    "s32": (np.int32, 2**31),
    "s32p": (np.int32, 2**31),
    "flt": (np.float32, 1),
    "fltp": (np.float32, 1),
}
"""The sample formats that are read without a resampler, with their full scale."""

_MOST = 32_768
"""Samples that become floats together: numpy takes longer over many small blocks."""


class _Together:
    """Decoded frames of one or two channels, made floats many at a time."""

    def __init__(self) -> None:
        self._form: tuple[str, int] = "", 0
        self._data: list[list[bytes]] = []
        self._count = 0

    def add(self, frame: av.AudioFrame) -> Iterator[Block]:
        """Take ``frame``, and give out what is complete."""
        form = frame.format.name, frame.layout.nb_channels
        if form != self._form:
            if (block := self.flush()) is not None:
                yield block
            self._form, self._data = form, [[] for _ in frame.planes]
        size = frame.samples * np.dtype(_KINDS[form[0]][0]).itemsize * (1 if frame.format.is_planar else form[1])
        # PyAV's to_ndarray copies more, and takes as long as decoding FLAC.
        for plane, data in zip(frame.planes, self._data, strict=True):
            data.append(bytes(memoryview(plane)[:size]))  # FFmpeg pads a plane
        self._count += frame.samples
        if self._count >= _MOST and (block := self.flush()) is not None:
            yield block

    def flush(self) -> Block | None:
        """What was taken and not given out, as float32 of shape (n, 2)."""
        if not self._count:
            return None
        kind, full = _KINDS[self._form[0]]
        planes = [np.frombuffer(b"".join(data), kind) for data in self._data]
        sound = np.empty((self._count, 2), np.float32)
        scale = np.float32(1 / full)
        if len(planes) == 1 and self._form[1] == 2:  # at once: numpy is slow where values are not next to each other
            np.multiply(planes[0], scale, out=sound.reshape(-1), casting="same_kind")
        else:
            for side in range(2):
                np.multiply(planes[side % len(planes)], scale, out=sound[:, side], casting="same_kind")
        for data in self._data:
            data.clear()
        self._count = 0
        return sound


def float_frame(block: Block, start: int) -> av.AudioFrame:
    """``block`` as a frame of interleaved floats that starts ``start`` samples into its track."""
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block).reshape(1, -1), format="flt", layout="stereo")
    frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), start
    return frame
