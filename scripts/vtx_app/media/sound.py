"""Sound into and out of a film file: FLAC blocks in, stereo samples at 48 kHz out."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from numpy.typing import NDArray

from vtx_app.media.codec import BLOCK, add_sound
from vtx_app.media.reading import film_open
from vtx_app.media.sample_rate import SAMPLE_RATE

__all__ = ["SoundTrack", "fit", "read_sound", "sound_frame"]

Samples = NDArray[np.int16]
"""Stereo sound: int16 of shape (n, 2)."""


def sound_frame(block: Samples, start: int) -> av.AudioFrame:
    """Stereo samples of shape (n, 2) as a frame that starts ``start`` samples into the track."""
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block).reshape(1, -1), format="s16", layout="stereo")
    frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), start
    return frame


class SoundTrack:
    """The FLAC track of a file that is being written. Add it after the picture's track, before any packet."""

    def __init__(self, container: OutputContainer) -> None:
        self._container = container
        self._stream = add_sound(container)
        self._pending = np.empty((0, 2), np.int16)
        self.samples = 0

    def write(self, samples: Samples) -> None:
        """Append int16 samples of shape (n, 2). Raises :class:`ValueError` for another shape, :class:`OSError`."""
        if samples.ndim != 2 or samples.shape[1] != 2 or samples.dtype != np.int16:
            raise ValueError(f"{samples.dtype} of shape {samples.shape}: sound is int16 of shape (n, 2)")
        waiting = np.concatenate([self._pending, samples])
        whole = len(waiting) - len(waiting) % BLOCK
        for start in range(0, whole, BLOCK):
            self._mux(waiting[start : start + BLOCK])
        self._pending = waiting[whole:]

    def finish(self) -> None:
        """Write the last, shorter block. Nothing may be written after it."""
        if len(self._pending):
            self._mux(self._pending)
        self._container.mux(self._stream.encode(None))

    def _mux(self, block: Samples) -> None:
        self._container.mux(self._stream.encode(sound_frame(block, self.samples)))
        self.samples += len(block)


def read_sound(path: Path, *, speed: Fraction = Fraction(1)) -> Samples | None:
    """The sound of the file at ``path`` as stereo at 48 kHz, from the presentation's start; None if it has none.

    It is played ``speed`` times as fast as the file says, and higher by as much, like a tape: what was heard
    at t seconds is heard at t / ``speed``. The speed is kept to half a hertz of the file's sample rate: near
    speed 1 that is, after 15 s, at most 0.16 ms at 48 kHz, 0.17 ms at 44.1 kHz and 0.9 ms at 8 kHz. At speed 1
    nothing is done to samples that are already stereo at 48 kHz and 16 bit.

    Any codec, rate and channel layout; shape (n, 2). Raises :class:`CutError` where it can't be decoded.
    """
    with film_open(path) as container:
        return _decode(container, speed) if container.streams.audio else None


def _decode(container: InputContainer, speed: Fraction) -> Samples:
    # One channel is put on both ears as it is; FFmpeg's own matrix would take 3 dB off it.
    layout = "mono" if container.streams.audio[0].codec_context.channels == 1 else "stereo"
    resampler = av.AudioResampler(format="s16", layout=layout, rate=SAMPLE_RATE)
    pieces: list[Samples] = [np.empty((0, 2), np.int16)]
    lead: int | None = None
    for frame in container.decode(audio=0):
        if lead is None:
            lead = round((frame.pts or 0) * frame.time_base * SAMPLE_RATE / speed)
        frame.pts = None  # blocks follow each other; only the first one's place counts
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
    """``sound`` cut or filled with silence at its end to exactly ``samples`` samples; None is silence."""
    if sound is None:
        return np.zeros((samples, 2), np.int16)
    return np.pad(sound[:samples], ((0, max(0, samples - len(sound))), (0, 0)))
