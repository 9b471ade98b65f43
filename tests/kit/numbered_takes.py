"""Films whose frames tell their numbers, in picture and sound."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kit.movie import video_frame
from vtx_app.media.codec import SAMPLE_RATE, samples_for
from vtx_app.media.sound import read_sound
from vtx_app.media.writer import write_film

__all__ = ["heard_numbers", "seen_numbers", "write_numbered"]

_BITS = 8
_LOUDNESS = 900
_TONE = 500
"""Hertz."""


def write_numbered(
    path: Path, size: tuple[int, int], frames: int, rate: int, pictures: Mapping[int, Path] | None = None
) -> None:
    """A film of ``size`` (width, height), each frame its number in black and white bars, or one of the ``pictures``.

    The sound is a tone, the louder the higher the number.
    """
    sound = np.zeros((samples_for(frames, Fraction(rate)), 2), np.int16)
    with write_film(path, *size, Fraction(rate)) as film:
        for number in range(frames):
            given = (pictures or {}).get(number)
            film.picture(video_frame(_bars(number, size) if given is None else _scaled(given, size)))
            start, end = (samples_for(each, Fraction(rate)) for each in (number, number + 1))
            tone = np.sin(2 * np.pi * _TONE / SAMPLE_RATE * np.arange(start, end))
            sound[start:end] = np.rint(_LOUDNESS * (number + 1) * tone)[:, None]
        film.sound(sound)


def _bars(number: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size
    bits = np.array([number >> bit & 1 for bit in range(_BITS)], np.uint8)
    row = bits[np.arange(width) * _BITS // width] * 255
    return np.ascontiguousarray(np.broadcast_to(row[None, :, None], (height, width, 3)))


def _scaled(picture: Path, size: tuple[int, int]) -> NDArray[np.uint8]:
    with Image.open(picture) as image:
        return np.asarray(image.convert("RGB").resize(size))


def seen_numbers(path: Path) -> list[int]:
    """The number that each frame of a film shows."""
    with av.open(str(path)) as film:
        return [_number(frame.to_ndarray(format="gray")) for frame in film.decode(video=0)]


def _number(luma: NDArray[np.uint8]) -> int:
    bars = np.array_split(luma.mean(axis=0), _BITS)
    return sum(1 << bit for bit, bar in enumerate(bars) if bar.mean() > 128)


def heard_numbers(path: Path, frames: int, rate: int) -> list[int]:
    """The number that is heard in the middle of each of ``frames``; within one of it, as clips have AAC."""
    sound = read_sound(path)
    assert sound is not None
    starts = [samples_for(frame, Fraction(rate)) for frame in range(frames + 1)]
    heard = []
    for start, end in pairwise(starts):
        middle = sound[start + (end - start) // 4 : end - (end - start) // 4, 0].astype(float)
        heard.append(round(float(np.sqrt(2 * np.mean(middle**2))) / _LOUDNESS) - 1)
    return heard
