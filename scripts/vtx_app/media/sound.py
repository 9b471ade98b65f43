"""The sound of a film file: write FLAC blocks, read any sound as stereo samples at 48 kHz."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from numpy.typing import NDArray

from vtx_app.media.codec import BLOCK, SAMPLE_RATE, add_flac
from vtx_app.media.reader import open_film

__all__ = ["SoundTrack", "fit", "read_sound", "sound_frame"]

Samples = NDArray[np.int16]
"""Stereo sound: int16 of shape (n, 2)."""


def sound_frame(block: Samples, start: int) -> av.AudioFrame:
    """Stereo samples of shape (n, 2) as a frame that starts ``start`` samples into the track."""
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block).reshape(1, -1), format="s16", layout="stereo")
    frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), start
    return frame


class SoundTrack:
    """The FLAC track of an MP4 file being written. Add it after the picture track, before any packet."""

    def __init__(self, container: OutputContainer) -> None:
        self._container = container
        self._stream = add_flac(container)
        self._pending = np.empty((0, 2), np.int16)
        self.samples = 0

    def write(self, samples: Samples) -> None:
        """Append int16 samples of shape (n, 2). Raises :class:`ValueError` for another shape, :class:`OSError`."""
        if samples.ndim != 2 or samples.shape[1] != 2 or samples.dtype != np.int16:
            raise ValueError(f"{samples.dtype} of shape {samples.shape}: sound is int16 of shape (n, 2)")
        pending = np.concatenate([self._pending, samples])
        whole = len(pending) - len(pending) % BLOCK
        for start in range(0, whole, BLOCK):
            self._mux(pending[start : start + BLOCK])
        self._pending = pending[whole:]

    def finish(self) -> None:
        """Write the last, shorter block. Nothing may be written after it."""
        if len(self._pending):
            self._mux(self._pending)
        self._container.mux(self._stream.encode(None))

    def _mux(self, block: Samples) -> None:
        self._container.mux(self._stream.encode(sound_frame(block, self.samples)))
        self.samples += len(block)


def read_sound(path: Path, *, speed: Fraction = Fraction(1)) -> Samples | None:
    """The sound of the file at ``path`` as stereo at 48 kHz, shape (n, 2), from the presentation's start, or None.

    It plays ``speed`` times as fast, and higher in pitch by as much, like a tape: what was heard at t seconds is heard
    at t / ``speed``. The speed is rounded to half a hertz of the file's sample rate; near speed 1, after 15 s, that is
    at most 0.16 ms at 48 kHz, 0.17 ms at 44.1 kHz and 0.9 ms at 8 kHz. At speed 1, 16-bit stereo at 48 kHz is
    returned unchanged. Any codec, rate and channel layout. Raises :class:`CutError` if it can't be decoded.
    """
    with open_film(path) as container:
        return _decode(container, speed) if container.streams.audio else None


def _decode(container: InputContainer, speed: Fraction) -> Samples:
    # Mono goes to both ears unchanged; FFmpeg's own matrix would take 3 dB off it.
    layout = "mono" if container.streams.audio[0].codec_context.channels == 1 else "stereo"
    resampler = av.AudioResampler(format="s16", layout=layout, rate=SAMPLE_RATE)
    pieces: list[Samples] = [np.empty((0, 2), np.int16)]
    lead: int | None = None
    for frame in container.decode(audio=0):
        if lead is None:
            lead = round((frame.pts or 0) * frame.time_base * SAMPLE_RATE / speed)
        frame.pts = None  # blocks are contiguous; only the start of the first one counts
        frame.sample_rate = round(frame.sample_rate * speed)
        pieces += [_stereo(piece) for piece in resampler.resample(frame)]
    if lead is None:
        return pieces[0]
    pieces += [_stereo(piece) for piece in resampler.resample(None)]
    sound = np.concatenate(pieces)
    return np.concatenate([np.zeros((lead, 2), np.int16), sound]) if lead > 0 else sound[-lead:]


def _stereo(frame: av.AudioFrame) -> Samples:
    """A frame of one or two channels as samples of shape (n, 2)."""
    samples = np.asarray(frame.to_ndarray(), np.int16).reshape(frame.samples, -1)
    return np.broadcast_to(samples, (frame.samples, 2))


def fit(sound: Samples | None, samples: int) -> Samples:
    """``sound`` cut, or padded with silence, to exactly ``samples`` samples; None is silence."""
    if sound is None:
        return np.zeros((samples, 2), np.int16)
    return np.pad(sound[:samples], ((0, max(0, samples - len(sound))), (0, 0)))
