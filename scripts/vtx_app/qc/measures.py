"""What was measured of one take: ``renders/qc/<clip_id>/<digest>.json``. Pure.

Frames are those of the take, from 0; ends are exclusive. Luma and chroma are 8 bit at video levels (black is 16), of
the whole picture.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

__all__ = [
    "BLACK_LUMA",
    "MEASURE_VERSION",
    "Colour",
    "Hum",
    "Jump",
    "Measures",
    "SoundMeasures",
    "measures_path",
    "read_measures",
]

MEASURE_VERSION = 2
"""Raised when the same take would be measured otherwise."""

BLACK_LUMA = 16 + 0.03 * 219
"""Mean luma of a black picture at most, so that a dark night is none."""

Span = tuple[int, int]
"""Frames, first and end."""


@dataclass(frozen=True, slots=True)
class Jump:
    """Frame ``frame`` differs from the one before by ``levels`` (mean absolute difference of luma), ``ratio`` times as
    much as frames around it do. ``back``: after so many frames the picture is as it was before; 0 if it is not."""

    frame: int
    levels: float
    ratio: float
    back: int


@dataclass(frozen=True, slots=True)
class Colour:
    """Means of luma ``y`` and chroma ``u``, ``v``, and the ``spread`` (standard deviation) of luma."""

    y: float
    u: float
    v: float
    spread: float


@dataclass(frozen=True, slots=True)
class Hum:
    """A steady tone at ``hertz`` (50 or 60) with its overtones: its ``level`` in dBFS, and how far in decibels it
    stands out (``above``) of what is next to it."""

    hertz: int
    level: float
    above: float


@dataclass(frozen=True, slots=True)
class SoundMeasures:
    """``seconds`` of sound. ``loudness`` in LUFS, ``peak`` in dBTP; None for silence. ``clipped``: how often the wave
    is cut off flat at full scale. ``speech``: seconds in which something stands out as speech does. ``broken``: samples
    that are not numbers."""

    seconds: float
    loudness: float | None
    peak: float | None
    clipped: int
    speech: float
    hum: Hum | None
    broken: int


@dataclass(frozen=True, slots=True)
class Measures:
    """One take of ``frames`` pictures of ``width`` × ``height`` pixels at ``rate`` frames per second.

    ``black``, ``plain`` (one colour all over) and ``frozen`` (nothing moves): frames. ``motion``: the median difference
    from frame to frame, in levels of luma. ``colours``: of each ``step`` frames. ``sound``: None without a track.
    """

    clip_id: str
    digest: str
    frames: int
    width: int
    height: int
    rate: Fraction
    black: tuple[Span, ...]
    plain: tuple[Span, ...]
    frozen: tuple[Span, ...]
    jumps: tuple[Jump, ...]
    motion: float
    step: int
    colours: tuple[Colour, ...]
    sound: SoundMeasures | None

    def colours_of(self, first: int, end: int) -> tuple[Colour, ...]:
        """The colours of the frames ``first`` up to ``end``, at least one."""
        last = len(self.colours) - 1
        low, high = (max(0, min(last, frame // self.step)) for frame in (first, end - 1))
        return self.colours[low : max(low, high) + 1]

    def text(self) -> str:
        """The text of the take's file: the same take gives the same text."""
        data = asdict(self) | {"rate": str(self.rate)}
        data["jumps"] = [list(each.values()) for each in data["jumps"]]
        data["colours"] = [list(each.values()) for each in data["colours"]]
        return json.dumps({"version": MEASURE_VERSION} | data, ensure_ascii=False) + "\n"


def measures_path(folder: Path, clip_id: str, digest: str) -> Path:
    """The file of one take's measurements in the film's ``folder``."""
    return folder / f"renders/qc/{clip_id}/{digest}.json"


def read_measures(folder: Path, clip_id: str, digest: str) -> Measures | None:
    """What was measured of a take; None if it was not yet, by this version, or the file can't be read."""
    path = measures_path(folder, clip_id, digest)
    try:
        data = json.loads(path.read_bytes())
        if data.pop("version") != MEASURE_VERSION or (data["clip_id"], data["digest"]) != (clip_id, digest):
            return None
        return _measures(data)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, ZeroDivisionError, RecursionError):
        return None


def _measures(data: Mapping[str, Any]) -> Measures:
    sound = data["sound"]
    if sound is not None:
        hum = sound["hum"]
        sound = SoundMeasures(**sound | {"hum": Hum(**hum) if hum is not None else None})
    spans = {key: tuple((int(first), int(end)) for first, end in data[key]) for key in ("black", "plain", "frozen")}
    return Measures(
        **{
            **data,
            **spans,
            "rate": Fraction(data["rate"]),
            "jumps": tuple(Jump(*each) for each in data["jumps"]),
            "colours": tuple(Colour(*each) for each in data["colours"]),
            "sound": sound,
        }
    )
