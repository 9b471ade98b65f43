"""Opening a film file for reading, with messages that a person can act on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer

from vtx_app.errors import CutError

__all__ = ["film_open", "picture_rate"]

_STAMP_ERROR = Fraction(1, 1000)
"""Seconds that a time stamp may be off by rounding: Matroska counts in milliseconds, MP4 much finer."""


@contextlib.contextmanager
def film_open(path: Path) -> Iterator[InputContainer]:
    """The film file at ``path``, open for reading.

    Raises :class:`CutError` with the path where it can't be opened, and where what is in it turns out to
    be damaged, or of a codec nobody here knows, while it is open.
    """
    try:
        container = av.open(str(path), "r")
    except OSError as error:
        raise CutError(f"{path}: can't be read: {error.strerror}") from error
    except av.error.FFmpegError as error:
        raise CutError(f"{path}: not a whole film file ({error.strerror}); make it again") from error
    with container:
        try:
            yield container
        except (av.error.InvalidDataError, av.error.LookupError) as error:
            raise CutError(f"{path}: can't be decoded ({error.strerror}); make it again") from error


def picture_rate(path: Path) -> Fraction | None:
    """Frames per second at which the file at ``path`` shows its picture; None for fewer than two frames.

    The last frame's stamp is then within a millisecond of where this rate puts it. Raises :class:`CutError`.
    """
    # No field of the stream will do by itself. FFmpeg's average rate counts how long the last frame lasts: in a
    # take of 25 frames whose last one lasts twice as long it says 23.08 for 24. Its base and guessed rates are
    # exact where all frames last as long, but may be those of a clock (100 for stamps in hundredths of a second).
    # So the stamps decide, and the guess gives the exact fraction where they were only rounded from it.
    with film_open(path) as container:
        if not container.streams.video:
            return None
        stream = container.streams.video[0]
        guess = 1 * stream.guessed_rate if stream.guessed_rate else None
        stamps = [packet.pts for packet in container.demux(stream) if packet.size and packet.pts is not None]
        span = (max(stamps) - min(stamps)) * stream.time_base if stamps else Fraction(0)
    if not span:
        return None
    steps = len(stamps) - 1
    return guess if guess and abs(steps / guess - span) <= _STAMP_ERROR else steps / span
